"""The data sets of one training side by side: how many images of each, and how the network does on its test part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rich.table import Table

from face_emotion.console import Console
from model_build.evaluation.evaluate import WITHOUT_LEAKED, source_set
from model_build.evaluation.finished_build import FinishedBuild
from model_build.reporting.texts import interval_text, percent


@dataclass(frozen=True)
class SourceRow:
    """One data set: its name in figures, its images by split, its figures (metrics.score) on the headline's split, and
    those without the images that stand in any set's training part. leaked: how many these are."""

    name: str
    images: dict[str, int]
    score: dict[str, Any]
    without_leaked: dict[str, Any] | None
    leaked: int


def source_rows(build: FinishedBuild) -> list[SourceRow]:
    """Returns one row a data set; none for a build of one data set."""
    scores = build.evaluation["artifacts"][build.artifact]
    split = list(build.evaluation["dataset"]["counts"])[-1]
    rows = []
    for entry in build.sources:
        name = source_set(split, entry["name"])
        score, rest = scores.get(name), scores.get(f"{name} {WITHOUT_LEAKED}")
        if score is not None:
            leaked = score["images"] - (rest["images"] if rest else 0)
            rows.append(SourceRow(entry["name"], entry["images"], score, rest, leaked))
    return rows


def print_sources(build: FinishedBuild) -> None:
    """Prints one row a data set, and nothing for a build of one data set."""
    rows = source_rows(build)
    if not rows:
        return
    split = list(rows[0].images)[-1]
    table = Table(title=f"each data set: {split}, {build.title(build.artifact)}, one crop")
    for index, head in enumerate(("data set", "images", "accuracy (95 %)", "macro F1", "without leaked")):
        table.add_column(head, justify="right" if index else "left")
    for row in rows:
        rest = row.without_leaked["accuracy"] if row.without_leaked else None
        table.add_row(
            row.name,
            f"{row.score['images']:,}",
            f"{percent(row.score['accuracy'])} ({interval_text(row.score['interval'])})",
            f"{row.score['macro_f1']:.3f}",
            "the same" if not row.leaked else f"{percent(rest)} ({row.leaked:,} left out)",
        )
    Console(width=120).print(table)
