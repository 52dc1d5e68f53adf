"""The robustness figures as a table in the terminal."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from face_emotion.console import Console
from model_build.evaluation.artifacts import title_of
from model_build.reporting.texts import percent


def print_robustness(result: dict[str, Any]) -> None:
    """Prints accuracy at each degree of each damage; result: what robustness.write_robustness returned."""
    degrees = max(len(damage["levels"]) for damage in result["damages"])
    clean = percent(result["clean"]["accuracy"])
    table = Table(
        title=f"{title_of(result['artifact'])} on {result['set']}, {result['images']:,} images: {clean} as they are"
    )
    for index, head in enumerate(("damage", *(str(degree) for degree in range(1, degrees + 1)), "unit")):
        table.add_column(head, justify="right" if 0 < index <= degrees else "left")
    for damage in result["damages"]:
        cells = [f"{percent(level['accuracy'])} [dim]{level['amount']:g}[/]" for level in damage["levels"]]
        table.add_row(damage["name"], *cells, damage["unit"])
    Console(width=130).print(table)
