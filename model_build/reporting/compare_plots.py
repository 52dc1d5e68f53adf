"""The plots of a comparison of two builds, as inline SVG that follows the page's colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from model_build.reporting.plots import FIRST, INK, MUTED, SECOND, percent_axes, svg


def set_differences(sets: Sequence[Mapping[str, Any]]) -> str:
    """Returns an SVG of accuracy B - accuracy A in points with its 95 % interval, one line a set.

    sets: as compare.compare gives them.
    """

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for place, entry in enumerate(sets):
            low, high = (100 * end for end in entry["interval"])
            axes.plot([low, high], [place, place], color=FIRST)
            axes.plot(100 * entry["difference"], place, "o", color=INK, markersize=5)
        axes.axvline(0, color=MUTED, linestyle="--", linewidth=1)
        axes.set_yticks(range(len(sets)), [entry["name"] for entry in sets])
        axes.invert_yaxis()
        axes.set_xlabel("points of accuracy, second less first (95 % interval)")

    return svg(
        draw, (7.5, 0.9 + 0.32 * len(sets)), "Difference in accuracy on every set with its 95 % interval"
    )


def class_differences(classes: Sequence[Mapping[str, Any]]) -> str:
    """Returns an SVG of the difference in recall and F1 of each class, in points; classes without images left out."""
    shown = [entry for entry in classes if entry["recall_a"] is not None and entry["recall_b"] is not None]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for offset, key, colour in ((-0.2, "recall", FIRST), (0.2, "f1", SECOND)):
            values = [100 * (entry[f"{key}_b"] - entry[f"{key}_a"]) for entry in shown]
            places = [place + offset for place in range(len(shown))]
            axes.bar(places, values, width=0.38, color=colour, label="F1" if key == "f1" else key)
        axes.axhline(0, color=MUTED, linewidth=1)
        axes.set_xticks(range(len(shown)), [entry["name"] for entry in shown])
        axes.tick_params(axis="x", rotation=30 if len(shown) > 8 else 0)
        axes.set_ylabel("points, second less first")
        axes.legend()

    return svg(draw, (8.0, 3.2), "Difference of each class in recall and F1")


def reliability_pair(bins: Sequence[Sequence[Mapping[str, float]]], names: Sequence[str]) -> str:
    """Returns an SVG of accuracy against confidence (both 0..1) of two networks."""

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], color=MUTED, linestyle="--", linewidth=1)
        for entries, name, colour in zip(bins, names, (FIRST, SECOND), strict=True):
            confidence, accuracy = ([entry[key] for entry in entries] for key in ("confidence", "accuracy"))
            axes.plot(confidence, accuracy, color=colour, marker="o", markersize=4, label=name)
        axes.set_xlabel("confidence (top probability)")
        axes.set_ylabel("accuracy")
        axes.set_xlim(0, 1.02)
        axes.set_ylim(0, 1.02)
        axes.legend(loc="upper left")
        percent_axes(axes.xaxis, axes.yaxis)

    return svg(draw, (4.6, 4.0), "Reliability diagrams of both: accuracy by confidence")
