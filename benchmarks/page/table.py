"""Tables of text for a terminal."""

from __future__ import annotations


def aligned(rows: list[list[str]]) -> list[str]:
    """Returns a line for each row: the first column to the left, all others to the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
