"""The picture of an experiment: accuracy against bytes and against milliseconds, the Pareto front in colour.

python -m model_build experiment …      writes it as OUT/pareto.png
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from face_emotion.files import atomic_path

FRONT, BEHIND = "#1f66c1", "#9aa4b2"
# Where a name may stand beside its point, in the order of preference: offset in points, alignment.
PLACES = tuple(
    ((side * (7 + abs(height) // 2), height), "left" if side > 0 else "right")
    for height in (4, -10, 16, -24, 30, -36)
    for side in (1, -1)
)


def draw(result: Mapping[str, Any], path: Path) -> None:
    """Draws the rows of an experiment with their intervals into a PNG file."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4.6), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, 2, sharey=True)
    axes = (("bytes", 1e-3, "kB of the int8 file"), ("median_ms", 1, "ms (LiteRT, 1 thread)"))
    for panel, (key, unit, label) in zip(panels, axes, strict=True):
        for row in result["rows"]:
            value, (low, high) = 100 * row["accuracy"], row["interval"]
            panel.errorbar(
                unit * row[key],
                value,
                yerr=[[value - 100 * low], [100 * high - value]],
                fmt="o",
                markersize=5,
                color=FRONT if row["pareto"] else BEHIND,
                elinewidth=0.5,
            )
        panel.set(xlabel=label)
        panel.margins(x=0.16)
        panel.grid(alpha=0.3)
    panels[0].set_ylabel(f"% of {result['set']}")
    figure.suptitle(f"Pareto front in blue; {result['settings']['epochs']} epochs each", fontsize="medium")
    figure.draw_without_rendering()  # names are placed by where the points have come to stand
    for panel, (key, unit, _) in zip(panels, axes, strict=True):
        _name_points(
            panel, {row["variant"]: (unit * row[key], 100 * row["accuracy"]) for row in result["rows"]}
        )
    with atomic_path(path) as partial:
        figure.savefig(partial, format="png", dpi=110)


def _name_points(panel: Any, points: Mapping[str, tuple[float, float]]) -> None:
    """Writes each name beside its point, at the first place that no other name or point has taken."""
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

    centres = panel.transData.transform(list(points.values()))
    taken = [Bbox.from_extents(x - 4, y - 4, x + 4, y + 4) for x, y in centres]
    for name, point in points.items():
        for offset, side in PLACES:
            text = panel.annotate(
                name,
                point,
                offset,
                textcoords="offset points",
                ha=side,
                fontsize="small",
                in_layout=False,
                arrowprops={"arrowstyle": "-", "linewidth": 0.4, "color": BEHIND},
            )
            text.get_window_extent()  # brings the text to its place
            box = Text.get_window_extent(text)  # without the line to the point
            inside = all(panel.bbox.contains(*corner) for corner in box.corners())
            if inside and not any(box.overlaps(other) for other in taken):
                break
            if (offset, side) != PLACES[-1]:
                text.remove()
        taken.append(box)
