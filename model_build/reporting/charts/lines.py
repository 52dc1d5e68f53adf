"""Curves of a training: a panel each for the loss and for what the selection images say, one under the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from model_build.reporting.charts.colours import SERIES, SERIES_DASHES
from model_build.reporting.charts.elements import chart, element, joined, text
from model_build.reporting.charts.frame import Frame, Tick, percent_ticks, ticks, widened

WIDTH, PANEL, LEFT = 340.0, 118.0, 46.0
ACCURACY = "selection_accuracy"
# Key of history.json's rows -> what the panel is called; the last two share one.
LOSSES = ("selection_log_loss", "selection_spoilt_log_loss")


def training_curves(history: Sequence[Mapping[str, Any]], what: str) -> Markup:
    """Returns an SVG of one training, epoch by epoch: its loss, and accuracy and log loss on the selection images.

    history: at least two rows {"epoch", "loss", …} as history.json holds them; panels are left out whose figures they
    do not have. The last epoch that says "kept", whose weights are the checkpoint's, is marked. what: names the
    training for screen readers.
    """
    panels = _panels(history)
    epochs = [row["epoch"] for row in history]
    best = next((row for row in reversed(history) if row.get("kept")), None)
    parts: list[Markup] = []
    for index, (title, keys, in_percent) in enumerate(panels):
        values = [row[key] for key in keys for row in history]
        frame = Frame(
            LEFT,
            index * PANEL + 24,
            WIDTH - LEFT - 12,
            PANEL - 48,
            (min(epochs), max(epochs)),
            widened(values),
        )
        y_ticks = percent_ticks(*frame.y, 3) if in_percent else _plain_ticks(frame.y)
        last = index == len(panels) - 1
        parts.append(text(LEFT, index * PANEL + 14, title, fill="var(--ink)"))
        parts.append(frame.axes(_epoch_ticks(epochs) if last else [], y_ticks))
        for key, colour, dash in zip(keys, SERIES, SERIES_DASHES, strict=False):
            curve = [row[key] for row in history]
            parts.append(frame.polyline(epochs, curve, colour, stroke_dasharray=dash))
        if best is not None and keys[0] != "loss":
            place = (frame.at_x(best["epoch"]), frame.at_y(best[keys[0]]))
            parts.append(element("circle", cx=place[0], cy=place[1], r=4.5, fill="var(--ink)"))
    height = len(panels) * PANEL
    if best is not None and best.get(ACCURACY) is not None:
        kept = f"● kept: epoch {best['epoch']}, {100 * best[ACCURACY]:.1f} %"
        parts.append(text(LEFT, height + 8, kept, fill="var(--ink)"))
    parts.append(text(WIDTH - 12, height + 8, "epoch", "end"))
    return chart(WIDTH, height + 14, _words(history, best, what), joined(parts))


def _panels(history: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[str], bool]]:
    known = [key for key in ("loss", ACCURACY, *LOSSES) if all(row.get(key) is not None for row in history)]
    losses = [key for key in LOSSES if key in known]
    panels = [("training loss", ["loss"], False), ("selection images right", [ACCURACY], True)]
    title = "log loss of the selection images" + (" (dashes: spoilt)" if len(losses) == 2 else "")
    panels = [panel for panel in panels if panel[1][0] in known]
    return [*panels, (title, losses, False)] if losses else panels


def _plain_ticks(scale: tuple[float, float]) -> list[Tick]:
    return [(value, f"{value:g}") for value in ticks(*scale, 3)]


def _epoch_ticks(epochs: Sequence[int]) -> list[Tick]:
    values = [value for value in ticks(min(epochs), max(epochs), 5) if value == int(value)]
    return [(value, f"{value:g}") for value in values]


def _words(history: Sequence[Mapping[str, Any]], best: Mapping[str, Any] | None, what: str) -> str:
    first, last = history[0], history[-1]
    words = f"Curves of {what}, {len(history)} epochs: loss from {first['loss']:.2f} to {last['loss']:.2f}"
    if first.get(ACCURACY) is not None and last.get(ACCURACY) is not None:
        words += f", right on the selection images from {100 * first[ACCURACY]:.1f} % to {100 * last[ACCURACY]:.1f} %"
    return f"{words}; weights of epoch {best['epoch']} are kept" if best is not None else words
