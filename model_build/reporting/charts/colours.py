"""The report's colours: series as CSS variables of report.css, classes as the page has them (page/palette.js)."""

from __future__ import annotations

SERIES = ("var(--first)", "var(--second)", "var(--third)")
SERIES_DASHES = (None, "7 4", "2 3")
# web/static/page/palette.js: the same, and what it does for more classes.
SHADES = ("#d0493c", "#6f8f24", "#8d66c4", "#c98500", "#3a86c8", "#129183", "#7d8590")


def shade_of(index: int) -> str:
    """Returns the CSS colour of the class with this index."""
    if index < len(SHADES):
        return SHADES[index]
    return f"hsl({round(index * 137.508 % 360)} 52% 48%)"


def series_of(index: int) -> tuple[str, str | None]:
    """Returns colour and dash pattern of a line: nine differ, also without colour in threes."""
    return SERIES[index % 3], SERIES_DASHES[(index % 3 + index // 3) % 3]
