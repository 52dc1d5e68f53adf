"""Calibration: how often answers are right that are given with a certain confidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from model_build.reporting.charts.colours import series_of
from model_build.reporting.charts.elements import chart, element, joined, line, text
from model_build.reporting.charts.frame import Frame, percent_ticks

Bins = Sequence[Mapping[str, float]]
WIDTH, LEFT = 340.0, 46.0


def reliability_diagram(bins: Bins) -> Markup:
    """Returns an SVG of accuracy against confidence (both 0..1), with the images of each bin below.

    bins: {"confidence", "accuracy", "count"} as metrics.calibration_bins gives them.
    """
    lower = Frame(LEFT, 252, WIDTH - LEFT - 12, 44, (0, 1), (0, max(entry["count"] for entry in bins)))
    bars = [
        element(
            "rect",
            x=lower.at_x(entry["confidence"]) - 6,
            y=lower.at_y(entry["count"]),
            width=12,
            height=lower.top + lower.height - lower.at_y(entry["count"]),
            fill="var(--first)",
        )
        for entry in bins
    ]
    return chart(
        WIDTH,
        334,
        f"Reliability diagram: {_words(bins)}",
        _diagonal(),
        _curve(bins, 0),
        text(LEFT, 246, "images at each confidence"),
        lower.axes(percent_ticks(0, 1), [(lower.y[1], f"{lower.y[1]:,.0f}")], grid=False),
        joined(bars),
        text(WIDTH - 12, 330, "confidence: the largest probability", "end"),
    )


def reliability_pair(bins: Sequence[Bins], names: Sequence[str]) -> Markup:
    """Returns an SVG of accuracy against confidence (both 0..1) of two networks, in the styles of `legend`."""
    words = "; ".join(f"{name}: {_words(own)}" for own, name in zip(bins, names, strict=True))
    return chart(
        WIDTH,
        252,
        f"Reliability diagrams of both: {words}",
        _diagonal(),
        *(_curve(own, index) for index, own in enumerate(bins)),
        text(WIDTH - 12, 250, "confidence: the largest probability", "end"),
    )


def _frame() -> Frame:
    return Frame(LEFT, 24, WIDTH - LEFT - 12, 188, (0, 1), (0, 1))


def _diagonal() -> Markup:
    frame = _frame()
    return joined(
        [
            text(LEFT, 14, "right", fill="var(--ink)"),
            frame.axes(percent_ticks(0, 1), percent_ticks(0, 1)),
            line(
                frame.at_x(0),
                frame.at_y(0),
                frame.at_x(1),
                frame.at_y(1),
                "var(--muted)",
                stroke_dasharray="4 4",
            ),
        ]
    )


def _curve(bins: Bins, index: int) -> Markup:
    frame = _frame()
    colour, dash = series_of(index)
    confidence, accuracy = ([entry[key] for entry in bins] for key in ("confidence", "accuracy"))
    dots = [
        element("circle", cx=frame.at_x(x), cy=frame.at_y(y), r=3, fill=colour)
        for x, y in zip(confidence, accuracy, strict=True)
    ]
    return joined([frame.polyline(confidence, accuracy, colour, stroke_dasharray=dash), *dots])


def _words(bins: Bins) -> str:
    fullest = sorted(bins, key=lambda entry: -entry["count"])[:3]
    return ", ".join(
        f"at {100 * entry['confidence']:.0f} % confidence {100 * entry['accuracy']:.0f} % right"
        for entry in sorted(fullest, key=lambda entry: entry["confidence"])
    )
