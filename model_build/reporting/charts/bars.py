"""Bars without text, as wide as the page lets them be: HTML beside them has the names and numbers."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from model_build.reporting.charts.elements import element, line


def interval_bar(share: float, interval: Sequence[float] | None, colour: str, label: str) -> Markup:
    """Returns an SVG of a bar from 0 to `share` (0..1) with its interval as a whisker; label: read aloud."""
    parts = [
        element("rect", x=0, y=0, width=100, height=16, fill="var(--sunken)"),
        element("rect", x=0, y=0, width=100 * share, height=16, fill=colour),
    ]
    if interval is not None:
        low, high = (100 * end for end in interval)
        parts.append(_still(low, 8, high, 8, 1.5))
        parts += [_still(end, 4, end, 12, 1.5) for end in (low, high)]
    return _bar("bar", label, parts)


def share_bar(share: float, colour: str) -> Markup:
    """Returns an SVG of a thin bar from 0 to `share` (0..1), which is not read aloud: its number stands beside it."""
    parts = [
        element("rect", x=0, y=0, width=100, height=16, fill="var(--sunken)"),
        element("rect", x=0, y=0, width=100 * share, height=16, fill=colour),
    ]
    return _bar("bar thin", None, parts)


def interval_mark(
    low: float,
    value: float,
    high: float,
    scale: tuple[float, float],
    zero: bool = False,
    label: str | None = None,
) -> Markup:
    """Returns a small SVG of an interval and its point on a scale (all fractions; scale = its two ends).

    zero: also marks where 0 lies. label: read aloud; without, the numbers stand beside it.
    """
    first, last = scale
    places = [100 * (place - first) / max(last - first, 1e-9) for place in (low, value, high, 0.0)]
    parts = [_still(places[0], 8, places[2], 8, 2, "var(--first)")]
    if zero:
        parts.insert(0, _still(places[3], 0, places[3], 16, 1, "var(--muted)"))
    parts.append(_still(places[1], 2, places[1], 14, 4, "var(--first)"))
    return _bar("mark", label, parts)


def difference_bar(difference: float, reach: float, colour: str) -> Markup:
    """Returns an SVG of a bar from the middle to `difference` (-reach..reach); its number stands beside it."""
    width = 50 * min(1.0, abs(difference) / max(reach, 1e-9))
    start = 50.0 if difference > 0 else 50 - width
    parts = [
        element("rect", x=start, y=0, width=width, height=16, fill=colour),
        _still(50, 0, 50, 16, 1, "var(--muted)"),
    ]
    return _bar("bar thin", None, parts)


def _bar(kind: str, label: str | None, parts: list[Markup]) -> Markup:
    heard = {"aria_hidden": "true"} if label is None else {"role": "img", "aria_label": label}
    shape = {"viewBox": "0 0 100 16", "preserveAspectRatio": "none"}
    return element("svg", *parts, class_=kind, **shape, **heard)


def _still(x1: float, y1: float, x2: float, y2: float, width: float, stroke: str = "var(--ink)") -> Markup:
    """A line that keeps its width however wide the bar is drawn."""
    return line(x1, y1, x2, y2, stroke, stroke_width=width, vector_effect="non-scaling-stroke")
