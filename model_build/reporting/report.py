"""report.html: all that is known of one build in one self-contained file that fetches nothing.

    python -m model_build report build/small --data fer2013.tar.gz

With the data set the report also shows the most confident errors as images.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from markupsafe import Markup

from face_emotion.errors import InputError
from face_emotion.files import write_text
from model_build.data.dataset import Dataset
from model_build.evaluation.artifacts import CALIBRATED
from model_build.evaluation.evaluate import WITHOUT_LEAKED
from model_build.evaluation.finished_build import ArtifactRow, FinishedBuild, artifact_rows, read_build
from model_build.evaluation.stock_tfjs import read_stock
from model_build.reporting import stock_table, texts
from model_build.reporting.audit_rows import audit_rows, balance
from model_build.reporting.certainty import certainty_rows
from model_build.reporting.charts.bars import interval_mark, share_bar
from model_build.reporting.charts.colours import series_of
from model_build.reporting.charts.coverage import coverage_curves, legend
from model_build.reporting.charts.damages import damage_panel
from model_build.reporting.charts.lines import training_curves
from model_build.reporting.charts.reliability import reliability_diagram
from model_build.reporting.class_figures import class_rows, matrix
from model_build.reporting.error_pictures import error_pictures, errors_note, picture_source
from model_build.reporting.heads import head_rows, head_sets, head_title
from model_build.reporting.in_short import in_short
from model_build.reporting.page import html_environment
from model_build.reporting.source_rows import source_rows

NAME = "report.html"
CROP_CALIBRATION = "crop_calibration.png"
PHASES = {"float": "Float training", "qat": "Quantisation-aware fine-tuning"}
NOT_KEPT = f"Fine-tuning of which no epoch was kept: the network is {CALIBRATED}"


def write_report(folder: str | Path, dataset: Dataset | None = None) -> Path:
    """Writes FOLDER/report.html from the files in FOLDER and returns its path.

    Needs evaluation.json; config.json, float/history.json, qat/history.json, benchmark.json, manifest.json,
    robustness.json, stock_tfjs.json, crop_calibration.png and audit/audit.json each add their section. dataset: what
    evaluation.json was made on, for the grid of errors.
    Raises InputError if evaluation.json is missing, a file is damaged, or the data set is another one.
    """
    build = read_build(folder)
    if dataset is not None and dataset.digest != build.evaluation["dataset"]["digest"]:
        raise InputError(
            f"{folder}: evaluated on another data set than this {dataset.name}; give the same --data and "
            "--votes, or run evaluate with these first"
        )
    path = build.folder / NAME
    write_text(path, render(build, dataset))
    return path


def render(build: FinishedBuild, dataset: Dataset | None = None) -> str:
    """Returns the report's HTML; see `write_report`."""
    environment = html_environment()
    environment.filters |= {"points": texts.points, "points_interval": texts.points_interval}
    return environment.get_template("report.html.j2").render(
        _first(build) | _figures(build) | _details(build, dataset)
    )


def _first(build: FinishedBuild) -> dict[str, Any]:
    """What the whole page speaks of, and its head."""
    return {
        "build": build,
        "data": build.evaluation["dataset"],
        "score": build.headline,
        "scores": build.evaluation["artifacts"],
        "faces": texts.faces(build),
        "title": build.title,
        "set_name": lambda name: texts.shown_name(build, name),
        "in_short": in_short(build),
        "protocol_note": texts.protocol_sentence(build),
        "selected_on": texts.shown_name(build, build.evaluation["protocol"]["selected_on"]),
    }


def _figures(build: FinishedBuild) -> dict[str, Any]:
    """What it gets right and wrong, and how sure it is."""
    certainty = certainty_rows(build)
    sources = source_rows(build)
    damages = build.robustness.get("damages", [])
    return {
        "source_rows": sources,
        "sources_leaked": any(row.leaked for row in sources),
        "class_rows": class_rows(build.headline),
        "matrix": matrix(build.headline),
        "reliability": reliability_diagram(build.headline["reliability"]),
        "temperature": build.evaluation["temperature"].get(build.artifact),
        "certainty": certainty,
        "coverage": coverage_curves([(row.name, row.found) for row in certainty]),
        "coverage_legend": legend([row.name for row in certainty]),
        "damages": [
            (damage, damage_panel(damage, build.robustness["clean"]["accuracy"])) for damage in damages
        ],
        "head_sets": head_sets(build),
        "head_rows": head_rows(build),
        "head_title": head_title,
    }


def _details(build: FinishedBuild, dataset: Dataset | None) -> dict[str, Any]:
    """How it was made, out of what, and what its files are."""
    rows = artifact_rows(build)
    scale = _scale(rows)
    sets = texts.shown_sets(build)
    sources = {"Configuration": build.config, "Manifest": build.manifest}
    counts = build.evaluation["dataset"]["counts"]
    stock = read_stock(build.folder)
    return {
        "sets": sets,
        "leaked": any(name.endswith(WITHOUT_LEAKED) for name in sets),
        "groups": _groups(build, sets),
        "rows": rows,
        "chosen": next(row for row in rows if row.name == build.artifact),
        "timed": any(row.median_ms is not None for row in rows),
        "machine": build.benchmark.get("machine"),
        "held_out": sum(sum(by_class.values()) for by_class in list(counts.values())[1:]),
        "calibrated": CALIBRATED,
        "mark": lambda row: interval_mark(row.interval[0], row.accuracy, row.interval[1], scale),
        "trainings": [_training(build, name, history) for name, history in build.histories.items()],
        "stock": stock,
        "stock_titles": stock_table.TITLES,
        "stock_sentences": stock_table.sentences(stock) if stock else [],
        "sentences": [texts.comparison_sentence(build, entry) for entry in build.evaluation["comparisons"]],
        "audit_rows": list(audit_rows(build.audit)),
        "balance": balance(counts),
        "splits": list(counts),
        "split_bar": lambda share, index: share_bar(share, series_of(index)[0]),
        "crop_calibration": picture_source(build.folder / CROP_CALIBRATION),
        "errors": error_pictures(build, dataset) if dataset else [],
        "errors_note": errors_note(build),
        "errors_warning": not build.is_synthetic,
        "command": build.config.get("command"),
        "tables": {name: list(texts.flat(value)) for name, value in sources.items() if value},
    }


def _training(build: FinishedBuild, name: str, history: list[dict[str, Any]]) -> dict[str, Any]:
    """Returns {title, rows, curves}: no curves of a single epoch, which would be a dot."""
    title = NOT_KEPT if name == "qat" and not build.fine_tuned else PHASES[name]
    curves: Markup | None = training_curves(history, PHASES[name].lower()) if len(history) > 1 else None
    return {"title": title, "rows": history, "curves": curves}


def _scale(rows: list[ArtifactRow]) -> tuple[float, float]:
    ends = [end for row in rows if row.interval for end in row.interval]
    return min(ends), max(ends)


def _groups(build: FinishedBuild, sets: list[str]) -> dict[str, list[tuple[str, str]]]:
    """Returns each split's sets as (name, what is said of it under the split's name)."""
    splits = list(build.evaluation["dataset"]["counts"])[1:]
    groups = {
        split: [
            (name, name.removeprefix(split).strip(", ") or "all") for name in sets if name.startswith(split)
        ]
        for split in splits
    }
    return {split: members for split, members in groups.items() if members}
