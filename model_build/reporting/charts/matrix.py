"""Trained on this, tested on that: a table of accuracies, darker where more is right."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from model_build.reporting.charts.elements import chart, element, joined, text

LEFT, TOP, WIDE, HIGH = 190.0, 62.0, 118.0, 54.0
LONGEST = 26  # letters of a name
Cell = tuple[float | None, str]


def matrix_chart(rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[Cell]]) -> Markup:
    """Returns an SVG of a square a cell; cells: by row and column, (accuracy 0..1 or None, words below it).

    The colour's strength goes from 0 % to 100 %, so that two matrices can be compared.
    """
    parts = [
        text(LEFT, 16, "tested on →", fill="var(--ink)"),
        text(LEFT - 12, TOP - 12, "trained on ↓", "end", "var(--ink)"),
    ]
    for place, name in enumerate(columns):
        parts.append(text(LEFT + (place + 0.5) * WIDE, TOP - 12, _short(name, 17), "middle", "var(--ink)"))
    for line, name in enumerate(rows):
        middle = TOP + (line + 0.5) * HIGH
        parts.append(text(LEFT - 12, middle + 4, _short(name, LONGEST), "end", "var(--ink)"))
        for place, (share, words) in enumerate(cells[line]):
            parts.append(_cell(LEFT + place * WIDE, TOP + line * HIGH, share, words))
    size = LEFT + len(columns) * WIDE + 12, TOP + len(rows) * HIGH + 12
    return chart(*size, f"Accuracy by training and test set: {_words(rows, columns, cells)}", joined(parts))


def _cell(x: float, y: float, share: float | None, words: str) -> Markup:
    said = "–" if share is None else f"{100 * share:.1f} %"
    return joined(
        [
            element("rect", x=x + 1, y=y + 1, width=WIDE - 2, height=HIGH - 2, rx=4, fill="var(--sunken)"),
            element(
                "rect",
                x=x + 1,
                y=y + 1,
                width=WIDE - 2,
                height=HIGH - 2,
                rx=4,
                fill="var(--first)",
                fill_opacity=round(0.5 * (share or 0), 3),  # at full strength nothing could be read on it
            ),
            text(x + WIDE / 2, y + HIGH / 2 + 1, said, "middle", "var(--ink)", font_size=15, font_weight=600),
            text(x + WIDE / 2, y + HIGH / 2 + 17, words, "middle", "var(--ink)", font_size=10),
        ]
    )


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _words(rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[Cell]]) -> str:
    return "; ".join(
        f"{row} on {column} {'–' if share is None else f'{100 * share:.0f} %'}"
        for row, found in zip(rows, cells, strict=True)
        for column, (share, _) in zip(columns, found, strict=True)
    )
