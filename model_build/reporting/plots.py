"""The report's plots as inline SVG that follows the page's colours, light or dark. They show no image."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from matplotlib import rc_context
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType

# Colours that stand for the page's CSS variables; `_inline` swaps them.
VARIABLES = {
    "#010203": "var(--ink)",
    "#010204": "var(--muted)",
    "#010205": "var(--grid)",
    "#010206": "var(--first)",
    "#010207": "var(--second)",
    "#010208": "var(--third)",
}
INK, MUTED, GRID, FIRST, SECOND, THIRD = VARIABLES
STYLE: dict[RcKeyType, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "face-emotion-kit",
    "text.parse_math": False,
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": MUTED,
    "axes.titlecolor": INK,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "legend.labelcolor": INK,
}


def training_curves(history: Sequence[Mapping[str, Any]], what: str) -> str:
    """Returns an SVG of one training: the loss beside every "…accuracy" of its rows, epoch by epoch.

    history: rows {"epoch", "loss", …} as history.json holds them. The last epoch that
    says "kept", whose weights are the checkpoint's, is marked. what: names the training for screen readers.
    """
    epochs = [row["epoch"] for row in history]
    accuracies = [key for key in history[0] if key.endswith("accuracy")]

    def draw(figure: Figure) -> None:
        panels = figure.subplots(1, 2 if accuracies else 1, squeeze=False)[0]
        marker = "o" if len(epochs) < 15 else None
        panels[0].plot(epochs, [row["loss"] for row in history], color=FIRST, marker=marker, markersize=4)
        panels[0].set_title("training loss")
        for key, colour in zip(accuracies, (SECOND, FIRST, THIRD), strict=False):
            values = [row[key] for row in history]
            label = key.removesuffix("_accuracy").replace("_", " ")
            panels[1].plot(epochs, values, color=colour, marker=marker, markersize=4, label=label)
        if accuracies:
            panels[1].set_title("accuracy")
            low, high = panels[1].get_ylim()
            percent_axes(panels[1].yaxis, decimals=0 if high - low > 0.05 else 1)
        best = next((row for row in reversed(history) if row.get("kept")), None)
        if best is not None and "selection_accuracy" in accuracies:
            kept = f"kept: epoch {best['epoch']}, {100 * best['selection_accuracy']:.1f} %"
            panels[1].plot(
                best["epoch"], best["selection_accuracy"], "D", color=INK, markersize=5, label=kept
            )
        if accuracies:
            panels[1].legend(loc="lower right")
        for panel in panels:
            panel.set_xlabel("epoch")
            panel.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))

    return svg(draw, (11.0, 3.2), f"Curves of {what}: loss and accuracy by epoch")


def reliability_diagram(bins: Sequence[Mapping[str, float]]) -> str:
    """Returns an SVG of accuracy against confidence (both 0..1), with the images of each bin below.

    bins: {"confidence", "accuracy", "count"} as metrics.calibration_bins gives them.
    """
    confidence = [entry["confidence"] for entry in bins]
    counts = [entry["count"] for entry in bins]

    def draw(figure: Figure) -> None:
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
        upper.plot([0, 1], [0, 1], color=MUTED, linestyle="--", linewidth=1)
        upper.plot(confidence, [entry["accuracy"] for entry in bins], color=FIRST, marker="o", markersize=5)
        upper.set_ylabel("accuracy")
        upper.set_ylim(0, 1.02)
        lower.bar(confidence, counts, width=0.045, color=FIRST)
        lower.set_xlabel("confidence (top probability)")
        lower.set_ylabel("images")
        lower.yaxis.set_major_locator(MaxNLocator(nbins=2, integer=True))
        lower.set_xlim(0, 1.02)
        percent_axes(upper.yaxis, lower.xaxis)

    return svg(draw, (4.4, 4.2), "Reliability diagram: accuracy by confidence")


def coverage_curves(found: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """Returns an SVG of accuracy among the surest answers, against the share of the images that they are.

    found: (name of the pictures, what evaluation.coverage.coverage_figures returned), drawn in three styles in turn; a
    mark stands where answers are certain.
    """

    def draw(figure: Figure) -> None:
        panel = figure.subplots()
        for index, (name, row) in enumerate(found):
            colour = (FIRST, SECOND, THIRD)[index % 3]
            shares = [entry["coverage"] for entry in row["curve"]]
            style = ("-", "--", ":")[index // 3 % 3]
            panel.plot(
                shares,
                [entry["accuracy"] for entry in row["curve"]],
                color=colour,
                linestyle=style,
                label=name,
            )
            if row["accuracy"] is not None:
                panel.plot(row["coverage"], row["accuracy"], "D", color=colour, markersize=6)
        panel.set_xlabel("share of the images that are answered, the surest first")
        panel.set_ylabel("accuracy of these")
        panel.legend(loc="lower left")
        panel.set_xlim(0, 1.02)
        panel.set_ylim(None, 1.01)
        percent_axes(panel.xaxis, panel.yaxis)

    return svg(draw, (6.4, 3.8), "Accuracy against coverage; marks stand where answers are certain")


def interval_mark(low: float, value: float, high: float, scale: tuple[float, float]) -> str:
    """Returns a small SVG of an interval and its point on a scale (all fractions; scale = its two ends)."""
    first, last = scale
    places = [round(100 * (place - first) / max(last - first, 1e-9), 2) for place in (low, value, high)]
    return (
        '<svg class="mark" viewBox="-4 0 108 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<line x1="{places[0]}" x2="{places[2]}" y1="5" y2="5"/>'
        f'<rect x="{places[1] - 1.2}" y="0" width="2.4" height="10"/></svg>'
    )


def percent_axes(*axes: Axis, decimals: int = 0) -> None:
    """Labels axes of fractions in per cent."""
    for axis in axes:
        axis.set_major_formatter(PercentFormatter(1, decimals=decimals))


def svg(draw: Callable[[Figure], None], size: tuple[float, float], description: str) -> str:
    """Draws a figure of `size` inches and returns it as an SVG element for inline use."""
    stream = io.StringIO()
    with rc_context(STYLE):
        figure = Figure(figsize=size, layout="constrained")
        draw(figure)
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(stream, format="svg", transparent=True, metadata=nothing)
    return _inline(stream.getvalue(), description)


def _inline(svg: str, description: str) -> str:
    """Makes a stand-alone SVG file fit for an HTML page: without style, name spaces and ids of its own."""
    box = re.findall(r'viewBox="[^"]*"', svg)[0]
    body = svg[svg.index(">", svg.index("<svg")) + 1 :]
    body = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", body, flags=re.DOTALL)
    body = re.sub(r'<g id="[^"]*"', "<g", body).replace("xlink:href", "href")
    body = re.sub(r" ?font-family: [^;]*;", "", body)
    for colour, variable in VARIABLES.items():
        body = body.replace(colour, variable)
    return f'<svg class="plot" {box} role="img" aria-label="{description}">{body}'
