"""Accuracy against coverage: what the surest answers are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from model_build.reporting.charts.colours import series_of
from model_build.reporting.charts.elements import chart, element, joined, line, text
from model_build.reporting.charts.frame import Frame, percent_ticks

WIDTH, LEFT = 340.0, 46.0


def coverage_curves(found: Sequence[tuple[str, Mapping[str, Any]]]) -> Markup:
    """Returns an SVG of accuracy among the surest answers, against the share of the images that they are.

    found: (name of the pictures, what evaluation.coverage.coverage_figures returned), in the styles of `legend`; a
    ring stands where answers are certain.
    """
    lowest = min(entry["accuracy"] for _, row in found for entry in row["curve"])
    frame = Frame(LEFT, 24, WIDTH - LEFT - 12, 188, (0, 1), (min(0.9, 0.1 * int(10 * lowest)), 1))
    parts = [
        text(LEFT, 14, "right among these", fill="var(--ink)"),
        frame.axes(percent_ticks(0, 1), percent_ticks(*frame.y)),
    ]
    for index, (_, row) in enumerate(found):
        colour, dash = series_of(index)
        shares, right = ([entry[key] for entry in row["curve"]] for key in ("coverage", "accuracy"))
        parts.append(frame.polyline(shares, right, colour, stroke_dasharray=dash))
        if row["accuracy"] is not None:
            x, y = frame.at_x(row["coverage"]), frame.at_y(max(frame.y[0], row["accuracy"]))
            style = {"fill": "var(--surface)", "stroke": colour, "stroke_width": 2.5}
            parts.append(element("circle", cx=x, cy=y, r=5, **style))
    parts.append(text(WIDTH - 12, 250, "share of the answers, the surest first", "end"))
    return chart(WIDTH, 254, f"Accuracy against coverage: {_words(found)}", joined(parts))


def legend(names: Sequence[str]) -> Markup:
    """Returns an HTML list of lines' names, each behind a piece of its line, in the order of drawing."""
    entries = []
    for index, name in enumerate(names):
        colour, dash = series_of(index)
        stroke = line(0, 6, 28, 6, colour, stroke_width=2.5, stroke_dasharray=dash)
        swatch = element("svg", stroke, viewBox="0 0 28 12", aria_hidden="true")
        entries.append(element("li", swatch, name))
    return element("ul", *entries, class_="legend")


def _words(found: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    return "; ".join(
        f"{name}: surest half {100 * row['curve'][len(row['curve']) // 2 - 1]['accuracy']:.0f} % right, "
        f"all {100 * row['curve'][-1]['accuracy']:.0f} %"
        for name, row in found
    )
