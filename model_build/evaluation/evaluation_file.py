"""evaluation.json: written by `model_build.evaluation.evaluate`, read by the report and the model card."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from face_emotion.arrays import Flags
from face_emotion.errors import InputError, why
from face_emotion.files import read_json, write_text

NAME = "evaluation.json"
PARTS = (
    "artifacts",
    "agreement",
    "heads",
    "temperature",
    "comparisons",
    "flip",
    "kernel_spread",
    "certainty",
    "confident_errors",
)
_INNERMOST = re.compile(r"[\[{][^\[\]{}]*[\]}]")


def beside(name: str, dataset: str) -> str:
    """Returns the file name of figures on another data set than a model's own: evaluation.DATASET.json for NAME.

    name: "evaluation.json" or another file name; dataset: a data set's name, of which letters and digits stay.
    """
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{re.sub(r'[^A-Za-z0-9]+', '-', dataset).strip('-') or 'other'}.{suffix}"


def file_for(folder: Path, name: str, dataset: str, digest: str) -> str:
    """Returns the file of a folder that figures on a data set go to: `name` itself if the folder was built from it,
    else the one beside it that is named after the data set, so that no figure of its own is overwritten.

    dataset, digest: name and digest of the data set. A folder that names none is taken to be of this one.
    """
    for place, path in ((folder / "config.json", ()), (folder / "manifest.json", ("provenance",))):
        if place.is_file():
            found = read_json(place)
            for key in (*path, "dataset", "digest"):
                found = found.get(key) if isinstance(found, dict) else None
            if found is not None:
                return name if found == digest else beside(name, dataset)
    return name


def write_evaluation(folder: str | Path, report: dict[str, Any], name: str = NAME) -> dict[str, Any]:
    """Writes FOLDER/NAME with six significant digits a figure; returns what was written."""
    return write_figures(Path(folder) / name, report)


def write_figures(path: Path, report: dict[str, Any]) -> dict[str, Any]:
    """Writes a JSON file with six significant digits a figure; returns what was written."""
    report = rounded(report)
    text = json.dumps(report, indent=2, allow_nan=False)
    # A row of a confusion matrix or a class's figures on one line: a tenth of the lines, and readable.
    text = _INNERMOST.sub(lambda found: re.sub(r"\n *", " ", found.group()), text)
    write_text(path, text + "\n")
    return report


def read_evaluation(folder: str | Path, name: str = NAME) -> dict[str, Any]:
    """Reads FOLDER/NAME; raises InputError if it is missing, damaged or lacks a part."""
    path = Path(folder) / name
    if not path.exists():
        raise InputError(f"{path}: no such file; run `python -m model_build evaluate {folder}` first")
    report: dict[str, Any] = read_json(path)
    try:
        for part in PARTS:
            report[part]
        headline = report["protocol"]["headline"]
        report["artifacts"][headline["artifact"]][headline["set"]]["per_class"][0]["name"]
        report["dataset"]["name"], report["protocol"]["calibrated_on"]
    except (KeyError, TypeError, IndexError) as error:
        raise InputError(
            f"{path}: not an evaluation of this kit ({why(error)}); run evaluate again"
        ) from None
    return report


def rounded(value: Any) -> Any:
    """Returns nested dicts and lists with every float rounded to six significant digits."""
    if isinstance(value, dict):
        return {key: rounded(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(entry) for entry in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def pack_bits(right: Flags) -> str:
    """Returns bool [N] as base64 text, eight rows a byte, the first in the highest bit."""
    return base64.b64encode(np.packbits(np.asarray(right, bool)).tobytes()).decode("ascii")


def unpack_bits(text: str, count: int) -> Flags:
    """Returns the bool [count] that `pack_bits` wrote; raises ValueError if it is not that many rows."""
    content = np.frombuffer(base64.b64decode(text, validate=True), np.uint8)
    if len(content) != (count + 7) // 8:
        raise ValueError(f"{len(content)} bytes where {count} rows need {(count + 7) // 8}")
    return np.unpackbits(content, count=count).astype(bool)
