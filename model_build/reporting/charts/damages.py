"""Accuracy against severity of one kind of damage: a small panel, of which the report shows many side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from model_build.reporting.charts.elements import chart, element, joined, line
from model_build.reporting.charts.frame import Frame, percent_ticks

WIDTH, HEIGHT, LEFT = 180.0, 132.0, 42.0


def damage_panel(damage: Mapping[str, Any], clean: float) -> Markup:
    """Returns an SVG of one entry of robustness.measure's "damages"; clean: accuracy (0..1) of the undamaged images."""
    levels = damage["levels"]
    places = range(1, len(levels) + 1)
    right = [entry["accuracy"] for entry in levels]
    frame = Frame(LEFT, 8, WIDTH - LEFT - 14, HEIGHT - 32, (1, max(2, len(levels))), (0, 1))
    low, high = zip(*(entry["interval"] for entry in levels), strict=True)
    band = f"{frame.places(places, high)} {frame.places([*places][::-1], low[::-1])}"
    dots = [
        element("circle", cx=frame.at_x(place), cy=frame.at_y(value), r=2.5, fill="var(--first)")
        for place, value in zip(places, right, strict=True)
    ]
    x_ticks = [(place, f"{entry['amount']:g}") for place, entry in zip(places, levels, strict=True)]
    words = (
        f"{damage['name']}: {100 * clean:.0f} % right undamaged, {100 * right[0]:.0f} % at {levels[0]['amount']:g}, "
        f"{100 * right[-1]:.0f} % at {levels[-1]['amount']:g} ({damage['unit']})"
    )
    return chart(
        WIDTH,
        HEIGHT,
        words,
        frame.axes(x_ticks if len(levels) < 7 else [x_ticks[0], x_ticks[-1]], percent_ticks(0, 1, 2)),
        element("polygon", points=band, fill="var(--first)", fill_opacity=0.2),
        line(LEFT, frame.at_y(clean), WIDTH - 14, frame.at_y(clean), "var(--muted)", stroke_dasharray="4 4"),
        frame.polyline(places, right, "var(--first)"),
        joined(dots),
    )
