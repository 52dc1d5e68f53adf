"""evaluation.json: written by `model_build.evaluation.evaluate`, read by the report and the model card."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from face_emotion.arrays import Flags
from face_emotion.errors import InputError
from face_emotion.files import read_json, write_text

NAME = "evaluation.json"
PARTS = ("artifacts", "agreement", "temperature", "comparisons", "flip", "kernel_spread", "confident_errors")
_INNERMOST = re.compile(r"[\[{][^\[\]{}]*[\]}]")


def write_evaluation(folder: str | Path, report: dict[str, Any]) -> dict[str, Any]:
    """Writes FOLDER/evaluation.json with six significant digits a figure; returns what was written."""
    return write_figures(Path(folder) / NAME, report)


def write_figures(path: Path, report: dict[str, Any]) -> dict[str, Any]:
    """Writes a JSON file with six significant digits a figure; returns what was written."""
    report = rounded(report)
    text = json.dumps(report, indent=2, allow_nan=False)
    # A row of a confusion matrix or a class's figures on one line: a tenth of the lines, and readable.
    text = _INNERMOST.sub(lambda found: re.sub(r"\n *", " ", found.group()), text)
    write_text(path, text + "\n")
    return report


def read_evaluation(folder: str | Path) -> dict[str, Any]:
    """Reads FOLDER/evaluation.json; raises InputError if it is missing, damaged or lacks a part."""
    path = Path(folder) / NAME
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
        raise InputError(f"{path}: not an evaluation of this kit ({error!r}); run evaluate again") from None
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
