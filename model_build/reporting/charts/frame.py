"""Where values lie on a chart: a rectangle with two scales, and its axes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from model_build.reporting.charts.elements import element, joined, line, text

Tick = tuple[float, str]


@dataclass(frozen=True)
class Frame:
    """A plotting area in units of the SVG, and the values at the ends of its two scales (each from < to)."""

    left: float
    top: float
    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]

    def at_x(self, value: float) -> float:
        """Returns where a value of the horizontal scale lies."""
        return self.left + self.width * (value - self.x[0]) / (self.x[1] - self.x[0])

    def at_y(self, value: float) -> float:
        """Returns where a value of the vertical scale lies."""
        return self.top + self.height * (self.y[1] - value) / (self.y[1] - self.y[0])

    def polyline(self, xs: Iterable[float], ys: Iterable[float], stroke: str, **more: object) -> Markup:
        """Returns a line through points."""
        places = self.places(xs, ys)
        style = {"fill": "none", "stroke": stroke, "stroke_width": 2, "stroke_linejoin": "round"}
        return element("polyline", points=places, **style | more)

    def places(self, xs: Iterable[float], ys: Iterable[float]) -> str:
        """Returns points as SVG lists them: "x,y x,y"."""
        return " ".join(f"{self.at_x(x):.1f},{self.at_y(y):.1f}" for x, y in zip(xs, ys, strict=True))

    def axes(self, x_ticks: Sequence[Tick], y_ticks: Sequence[Tick], grid: bool = True) -> Markup:
        """Returns a line and a word for every tick (value, word)."""
        bottom, right = self.top + self.height, self.left + self.width
        parts = []
        for value, word in y_ticks:
            place = self.at_y(value)
            if grid:
                parts.append(line(self.left, place, right, place))
            parts.append(text(self.left - 6, place + 4, word, "end"))
        parts.append(line(self.left, bottom, right, bottom, "var(--muted)"))
        for value, word in x_ticks:
            parts.append(text(self.at_x(value), bottom + 16, word, "middle"))
        return joined(parts)


def ticks(low: float, high: float, count: int = 4) -> list[float]:
    """Returns about `count` round values from low to high (low < high): steps of 1, 2 or 5 times a power of ten."""
    rough = (high - low) / max(1, count)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(index * step, 10) for index in range(first, last + 1)]


def widened(values: Sequence[float], share: float = 0.08) -> tuple[float, float]:
    """Returns a scale a little wider than the values (at least one), and never of no width."""
    low, high = min(values), max(values)
    margin = (high - low) * share or abs(high) * share or share
    return low - margin, high + margin


def percent_ticks(low: float, high: float, count: int = 4) -> list[Tick]:
    """Returns ticks of a scale of fractions, in per cent."""
    values = ticks(low, high, count)
    fine = len(values) > 1 and values[1] - values[0] < 0.0099
    return [(value, f"{100 * value:.{1 if fine else 0}f} %") for value in values]
