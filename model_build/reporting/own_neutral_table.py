"""What a person's own neutral picture brings, as a table in the terminal and as the sentence of docs/PYTHON.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from face_emotion.console import Console
from model_build.reporting.texts import percent, points, points_interval


def print_own_neutral(found: Mapping[str, Any], data: str) -> None:
    """Prints figures before and after. found: what evaluation.own_neutral.measure returned; data: the set's name."""
    before, after, gain = found["before"], found["after"], found["gain"]
    table = Table(
        title=f"a person's own neutral picture: {data}, {found['pictures']:,} other pictures of {found['people']:,} "
        "people; strength chosen on nine tenths of the people, figures of the others"
    )
    for index, head in enumerate(
        ("", "accuracy", f"mean recall of {len(found['classes'])}", *found["classes"])
    ):
        table.add_column(head, justify="right" if index else "left")
    for name, row in (("without", before), ("with", after)):
        recalls = (percent(value, 0) for value in row["recall"].values())
        table.add_row(name, percent(row["accuracy"]), percent(row["mean_recall"]), *recalls)
    table.add_section()
    table.add_row(
        "gained (95 % interval)",
        f"{points(gain['accuracy'])} ({points_interval(gain['accuracy_interval'])})",
        f"{points(gain['mean_recall'])} ({points_interval(gain['mean_recall_interval'])})",
        *[""] * len(found["classes"]),
    )
    console = Console(width=150)
    console.print(table)
    folds = ", ".join(f"{strength:g}" for strength in found["folds"])
    console.print(
        f"strength {found['strength']:g} (best on all people; of the ten folds: {folds}); in the contract now"
    )


def gain_sentence(name: str, found: Mapping[str, Any]) -> str:
    """Returns what docs/PYTHON.md says of it. name: the model's; found: as `print_own_neutral` takes it."""
    before, after, gain = found["before"], found["after"], found["gain"]
    return (
        f"With one neutral picture each, {found['pictures']:,} other news photographs of {found['people']:,} people go "
        f"from {percent(before['accuracy'])} to {percent(after['accuracy'])} ({name}, both heads; "
        f"{points(gain['accuracy'])}, 95 % interval {points_interval(gain['accuracy_interval'])}; mean recall "
        f"{points(gain['mean_recall'])}, {points_interval(gain['mean_recall_interval'])}; neutral faces "
        f"{percent(before['recall']['neutral'], 0)} to {percent(after['recall']['neutral'], 0)})."
    )
