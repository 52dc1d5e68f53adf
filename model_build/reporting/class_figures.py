"""Each class's figures as the report draws them: how many of its images are found, and what they are taken for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from model_build.evaluation.metrics import wilson_interval
from model_build.reporting.charts.bars import interval_bar
from model_build.reporting.charts.colours import shade_of
from model_build.reporting.texts import interval_text, percent


@dataclass(frozen=True)
class ClassRow:
    """One class: name, images of it, recall (0..1, None without images) with its 95 % interval, and its bar."""

    name: str
    support: int
    recall: float | None
    interval: list[float] | None
    bar: Markup


@dataclass(frozen=True)
class Cell:
    """One cell of the confusion matrix: its images, and their share (0..1) of the true class."""

    count: int
    share: float


def class_rows(score: Mapping[str, Any]) -> list[ClassRow]:
    """Returns a row for each class of what metrics.score returned, in the model's order."""
    rows = []
    for index, entry in enumerate(score["per_class"]):
        right, support = score["confusion"][index][index], entry["support"]
        interval = wilson_interval(right, support) if support else None
        words = f"{entry['name']}: {percent(entry['recall'])} found"
        words += f", 95 % interval {interval_text(interval)}" if interval else ""
        bar = interval_bar(entry["recall"] or 0.0, interval, shade_of(index), words)
        rows.append(ClassRow(entry["name"], support, entry["recall"], interval, bar))
    return rows


def matrix(score: Mapping[str, Any]) -> list[list[Cell]]:
    """Returns the confusion matrix of what metrics.score returned: rows true, columns answered."""
    return [[Cell(count, round(count / max(1, sum(row)), 4)) for count in row] for row in score["confusion"]]
