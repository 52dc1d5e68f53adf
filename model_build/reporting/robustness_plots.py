"""Accuracy against severity, one small panel for each kind of damage, as the PNG that the model card shows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from face_emotion.files import atomic_path

PICTURE = "robustness.png"
COLUMNS = 3
COLOUR, MUTED = "#1f66c1", "#5c6573"


def draw_png(result: Mapping[str, Any], path: Path) -> None:
    """Draws what robustness.measure returned into a PNG file."""
    figure = Figure(figsize=_size(result), layout="constrained")
    _draw(figure, result, COLOUR, MUTED)
    with atomic_path(path) as partial:
        figure.savefig(partial, format="png", dpi=90)


def _size(result: Mapping[str, Any]) -> tuple[float, float]:
    return 9.0, 2.1 * math.ceil(len(result["damages"]) / COLUMNS)


def _draw(figure: Figure, result: Mapping[str, Any], colour: str, muted: str) -> None:
    rows = math.ceil(len(result["damages"]) / COLUMNS)
    panels = figure.subplots(rows, COLUMNS, sharey=True, squeeze=False).ravel()
    for panel, damage in zip(panels, result["damages"], strict=False):
        levels = damage["levels"]
        places = range(1, len(levels) + 1)
        low, high = zip(*(entry["interval"] for entry in levels), strict=True)
        panel.fill_between(places, low, high, color=colour, alpha=0.2, linewidth=0)
        panel.plot(places, [entry["accuracy"] for entry in levels], color=colour, marker="o", markersize=4)
        panel.axhline(result["clean"]["accuracy"], color=muted, linestyle="--", linewidth=1)
        panel.set_title(damage["name"], fontsize=10)
        panel.set_xlabel(damage["unit"], fontsize=8)
        panel.set_xticks(list(places), [f"{entry['amount']:g}" for entry in levels], fontsize=8)
        panel.set_ylim(0, 1)
        panel.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    for panel in panels[len(result["damages"]) :]:
        panel.set_axis_off()
