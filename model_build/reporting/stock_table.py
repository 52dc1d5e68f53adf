"""The table of `python -m model_build stock`, and its rows in the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.table import Table

from face_emotion.console import Console

TITLES = {
    "stock": "float, stock converter (tensorflowjs)",
    "float": "float, our writer",
    "released": "from the int8 file, our writer (released)",
}


def print_stock(folder: Path, found: dict[str, Any]) -> None:
    """Prints bytes and time of the three TF.js forms, how far two agree, and what became of the quantised network."""
    table = Table(title=f"{folder}: TF.js forms, one node process, taking turns")
    for index, name in enumerate(("form", "bytes", "median ms", "time / stock")):
        table.add_column(name, justify="right" if index else "left")
    for name, form in found["forms"].items():
        table.add_row(TITLES[name], f"{form['bytes']:,}", f"{form['median_ms']:.2f}", f"{form['ratio']:.2f}")
    Console(width=120).print(table)
    for sentence in sentences(found):
        print(sentence)


def sentences(found: dict[str, Any]) -> list[str]:
    """Returns what the table cannot hold: the agreement of the two float forms, and of the quantised network."""
    quantised = found["quantised"]
    if quantised["refused"] is not None:
        fate = f"The stock converter refuses the quantised network: {quantised['refused']}."
    else:
        fate = (
            f"The stock converter's model of the quantised network has {quantised['bytes']:,} bytes and gives the "
            f"released form's label for {quantised['agreement']:.2%} of these pictures."
        )
    return [
        f"Our float model against the stock converter's, {found['pictures']:,} drawn faces: largest difference of a "
        f"probability {found['largest_difference']:.1e}, the same label for {found['agreement']:.2%}.",
        fate,
    ]
