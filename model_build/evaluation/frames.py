"""The figures of builds as one pandas table, a row for each artifact and set, for spreadsheets and notebooks.

python -m model_build figures build/small models/base --csv figures.csv
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from model_build.evaluation.finished_build import read_build

COLUMNS = ("build", "artifact", "set", "images", "accuracy", "low", "high")
FIGURES = ("macro_f1", "balanced_accuracy", "worst_recall", "negative_log_likelihood", "ece")


def figures_frame(folders: Sequence[str | Path]) -> pd.DataFrame:
    """Returns a row for each build, artifact and set of their evaluation.json, with COLUMNS and FIGURES.

    accuracy, recalls, F1, ECE: fractions; low, high: the accuracy's 95 % interval; log loss in nats. A build is called
    by its folder's name. Raises InputError if an evaluation.json is missing or damaged.
    """
    builds = [read_build(folder) for folder in folders]
    rows = [
        _row(build.folder.resolve().name, artifact, name, score)
        for build in builds
        for artifact, scores in build.evaluation["artifacts"].items()
        for name, score in scores.items()
    ]
    return pd.DataFrame(rows, columns=[*COLUMNS, *FIGURES])


def csv_text(frame: pd.DataFrame) -> str:
    """Returns a frame as comma-separated values, a line a row, nothing for what is not known."""
    return str(frame.to_csv(index=False, lineterminator="\n"))


def _row(build: str, artifact: str, name: str, score: dict[str, Any]) -> dict[str, Any]:
    low, high = score["interval"]
    known_figures = score | {"worst_recall": score["worst_class"]["recall"]}
    known = {"build": build, "artifact": artifact, "set": name, "images": score["images"]}
    return (
        known
        | {"accuracy": score["accuracy"], "low": low, "high": high}
        | {key: known_figures[key] for key in FIGURES}
    )
