"""What a model is worth on other people's pictures, as a row in the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from face_emotion.console import Console
from model_build.reporting.texts import interval_text, percent


def print_off_data(rows: Mapping[str, Mapping[str, Any]], data: str) -> None:
    """Prints a row for each network: accuracy, mean recall and the recall of each class.

    rows: by name, what evaluation.off_data.score_off_data returned, all of the same pictures. data: the set's name.
    """
    first = next(iter(rows.values()))
    table = Table(
        title=f"off FER2013: {data}, {first['pictures']:,} pictures of {first['people']:,} people, "
        f"{first['not_found']:,} not found (counted as wrong); 95 % intervals over people"
    )
    heads = [
        "network",
        "accuracy",
        "of those found",
        f"mean recall of {len(first['classes'])}",
        *first["recall"],
        "ECE",
    ]
    for index, head in enumerate(heads):
        table.add_column(head, justify="right" if index else "left")
    for name, row in rows.items():
        table.add_row(
            name,
            f"{percent(row['accuracy'])} ({interval_text(row['accuracy_interval'])})",
            percent(row["accuracy_found"]),
            f"{percent(row['mean_recall'])} ({interval_text(row['mean_recall_interval'])})",
            *(percent(entry["recall"], 0) for entry in row["recall"].values()),
            percent(row["ece"]),
        )
    table.add_section()
    table.add_row(
        "pictures", "", "", "", *(f"{entry['pictures']:,}" for entry in first["recall"].values()), ""
    )
    Console(width=150).print(table)
