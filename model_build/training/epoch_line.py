"""The line that stands in a log for an epoch: what it brought, and how long the rest will take."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import Any

from model_build.progress import duration


def epoch_line(name: str, history: Sequence[dict[str, Any]], epochs: int, keep_last: bool = False) -> str:
    """Returns what is to be said after an epoch.

    name: of the training. history: its rows of history.json so far, at least one. epochs: that there will be.
    keep_last: the last one is kept, whatever it brings. The time left is that of the epochs to come at the median of
    the last five.
    """
    row = history[-1]
    figures = [
        f"loss {row['loss']:.3f}",
        f"right on {100 * row['selection_accuracy']:.1f} % of the selection images",
        f"log loss {row['selection_log_loss']:.3f}",
    ]
    spoilt = row["selection_spoilt_log_loss"]
    if not math.isnan(spoilt):
        figures.append(f"spoilt {spoilt:.3f}")
    best = "the best so far" if row["kept"] else f"the best is epoch {_best(history)}"
    if keep_last:
        best = "the last is kept"
    left = (epochs - row["epoch"]) * statistics.median(each["seconds"] for each in history[-5:])
    ending = f", about {duration(left)} left" if row["epoch"] < epochs else ""
    return f"{name} epoch {row['epoch']}/{epochs}: {', '.join(figures)}; {best}; {duration(row['seconds'])}{ending}"


def _best(history: Sequence[dict[str, Any]]) -> int:
    return max((row["epoch"] for row in history if row["kept"]), default=0)
