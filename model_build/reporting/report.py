"""report.html: all that is known of one build in one self-contained file that fetches nothing.

    python -m model_build report build/small --data fer2013.tar.gz

With the data set the report also shows the most confident errors as images.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from PIL import Image

from face_emotion.arrays import Bytes
from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from face_emotion.files import write_text
from model_build.data.dataset import Dataset
from model_build.data.votes import majority
from model_build.evaluation.artifacts import CALIBRATED
from model_build.evaluation.finished_build import ArtifactRow, FinishedBuild, artifact_rows, read_build
from model_build.reporting import texts
from model_build.reporting.certainty import certainty_rows
from model_build.reporting.heads import head_rows, head_sets, head_title
from model_build.reporting.plots import coverage_curves, interval_mark, reliability_diagram, training_curves
from model_build.reporting.robustness_plots import draw_svg

TEMPLATES = Path(__file__).with_name("templates")
CROP_CALIBRATION = "crop_calibration.png"
PHASES = {"float": "Float training", "qat": "Quantisation-aware fine-tuning"}
NOT_KEPT = f"Fine-tuning of which no epoch was kept: the network is {CALIBRATED}"


def write_report(folder: str | Path, dataset: Dataset | None = None) -> Path:
    """Writes FOLDER/report.html from the files in FOLDER and returns its path.

    Needs evaluation.json; config.json, float/history.json, qat/history.json, benchmark.json, manifest.json,
    robustness.json, crop_calibration.png and audit/ each add their section. dataset: what evaluation.json was
    made on, for the grid of errors.
    Raises InputError if evaluation.json is missing, a file is damaged, or the data set is another one.
    """
    build = read_build(folder)
    if dataset is not None and dataset.digest != build.evaluation["dataset"]["digest"]:
        raise InputError(
            f"{folder}: evaluated on another data set than this {dataset.name}; give the same --data and "
            "--votes, or run evaluate with these first"
        )
    path = build.folder / "report.html"
    write_text(path, render(build, dataset))
    return path


def render(build: FinishedBuild, dataset: Dataset | None = None) -> str:
    """Returns the report's HTML; see `write_report`."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {"percent": texts.percent, "interval": texts.interval_text}
    environment.filters |= {"points": texts.points, "points_interval": texts.points_interval}
    return environment.get_template("report.html.j2").render(_values(build, dataset))


def _values(build: FinishedBuild, dataset: Dataset | None) -> dict[str, Any]:
    rows = artifact_rows(build)
    scale = _scale(rows)
    sets = texts.shown_sets(build)
    sources = {"Configuration": build.config, "Manifest": build.manifest}
    return {
        "style": Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),
        "build": build,
        "data": build.evaluation["dataset"],
        "score": build.headline,
        "scores": build.evaluation["artifacts"],
        "sets": sets,
        "groups": _groups(build, sets),
        "rows": rows,
        "chosen": next(row for row in rows if row.name == build.artifact),
        "timed": any(row.median_ms is not None for row in rows),
        "machine": build.benchmark.get("machine"),
        "held_out": _held_out(build),
        "title": build.title,
        "calibrated": CALIBRATED,
        "head_sets": head_sets(build),
        "head_rows": head_rows(build),
        "head_title": head_title,
        "set_name": lambda name: texts.shown_name(build, name),
        "mark": lambda row: Markup(interval_mark(row.interval[0], row.accuracy, row.interval[1], scale)),
        "protocol_note": texts.protocol_sentence(build),
        "curves": {
            NOT_KEPT if name == "qat" and not build.fine_tuned else PHASES[name]: Markup(
                training_curves(history, PHASES[name].lower())
            )
            for name, history in build.histories.items()
        },
        "matrix": _matrix(build.headline["confusion"]),
        "reliability": Markup(reliability_diagram(build.headline["reliability"])),
        "temperature": build.evaluation["temperature"].get(build.artifact),
        "sentences": [texts.comparison_sentence(build, entry) for entry in build.evaluation["comparisons"]],
        "audit_rows": list(_audit_rows(build.audit)),
        "audit_plots": _audit_plots(build.folder / "audit"),
        "certainty": certainty_rows(build),
        "coverage": Markup(coverage_curves([(row.name, row.found) for row in certainty_rows(build)])),
        "robustness": Markup(draw_svg(build.robustness)) if build.robustness else None,
        "crop_calibration": _picture(build.folder / CROP_CALIBRATION),
        "errors": _errors(build, dataset) if dataset else [],
        "errors_note": _errors_note(build),
        "errors_warning": not build.is_synthetic,
        "command": build.config.get("command"),
        "tables": {name: list(texts.flat(value)) for name, value in sources.items() if value},
    }


def _scale(rows: list[ArtifactRow]) -> tuple[float, float]:
    ends = [end for row in rows if row.interval for end in row.interval]
    return min(ends), max(ends)


def _groups(build: FinishedBuild, sets: list[str]) -> dict[str, list[tuple[str, str]]]:
    """Returns each split's sets as (name, what is said of it under the split's name)."""
    splits = list(build.evaluation["dataset"]["counts"])[1:]
    groups = {
        split: [(name, name.removeprefix(split).strip() or "all") for name in sets if name.startswith(split)]
        for split in splits
    }
    return {split: members for split, members in groups.items() if members}


def _held_out(build: FinishedBuild) -> int:
    names = list(build.evaluation["dataset"]["counts"])[1:]
    return sum(sum(build.evaluation["dataset"]["counts"][name].values()) for name in names)


def _matrix(confusion: list[list[int]]) -> list[list[dict[str, float]]]:
    return [
        [{"count": count, "share": round(count / max(1, sum(row)), 4)} for count in row] for row in confusion
    ]


def _audit_rows(audit: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if not audit:
        return
    splits = {name: sum(counts.values()) for name, counts in audit["class_balance"].items()}
    listed = ", ".join(f"{count:,} {name}" for name, count in splits.items())
    yield "Images", f"{audit['images']:,} ({listed}); {audit['distinct_images']:,} distinct"
    yield "Images of one flat grey", f"{audit['flat_images']['count']:,}"
    for name, found in audit["duplicates_within"].items():
        if found["groups"]:
            text = (
                f"{found['groups']:,} groups, {found['conflicting_groups']:,} of them with conflicting labels"
            )
            yield f"Duplicates within {name}", text
    for found in audit["duplicates_across"]:
        text = f"{found['images']:,} images ({texts.percent(found['share'])})"
        yield f"{found['images_of']} also in {found['also_in']}", text
    for name, found in ((audit["ferplus"] or {}).get("majority") or {}).items():
        text = f"{texts.percent(found['agreement'])} of {found['images']:,} images"
        yield f"Label agrees with the FER+ majority, {name}", text
    if audit["bad_rows"]:
        yield "Rows left out", f"{len(audit['bad_rows']):,}"


def _audit_plots(folder: Path) -> dict[str, str]:
    return {
        path.stem.replace("_", " ").capitalize(): _png_source(path.read_bytes())
        for path in sorted(folder.glob("*.png"))
    }


def _picture(path: Path) -> str | None:
    return _png_source(path.read_bytes()) if path.is_file() else None


def _errors(build: FinishedBuild, dataset: Dataset) -> list[dict[str, Any]]:
    names = dataset.class_names
    crowd = None if dataset.votes is None else majority(dataset.votes)
    return [
        {
            "row": entry["row"],
            "label": names[entry["label"]],
            "answer": names[entry["answer"]],
            "probability": entry["probability"],
            "crowd": None if crowd is None else _crowd_name(int(crowd[entry["row"]])),
            "source": _png_source(_png(dataset.images[entry["row"]])),
        }
        for entry in build.evaluation["confident_errors"]
    ]


def _crowd_name(label: int) -> str:
    return FER2013_LABELS[label] if label >= 0 else "undecided"


def _errors_note(build: FinishedBuild) -> str:
    what = "The answers that the network is surest of and that differ from the label."
    if build.is_synthetic:
        return f"{what} The faces are drawn."
    if build.is_fer2013:
        return (
            f"{what} These are images of FER2013, which may not be redistributed: this file is for your own "
            "eyes. Do not share, publish or commit it; without --data the report leaves this section out."
        )
    return f"{what} These are images of your data: share this file only if you may share them."


def _png(image: Bytes) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, format="PNG", optimize=True)
    return stream.getvalue()


def _png_source(content: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(content).decode('ascii')}"
