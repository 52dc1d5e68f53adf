"""The audit's plots: class balance, duplicates and agreement with FER+ as PNG files. They show no image."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from face_emotion.files import atomic_path


def write_plots(findings: dict[str, Any], folder: Path) -> list[Path]:
    """Writes class_balance.png, duplicates.png and, with votes, ferplus_agreement.png; returns the paths."""
    plots = {"class_balance.png": _class_balance, "duplicates.png": _duplicates}
    if findings["ferplus"]:
        plots["ferplus_agreement.png"] = _ferplus_agreement
    paths = []
    for name, draw in plots.items():
        figure = Figure(figsize=(8, 4.5), layout="constrained")
        FigureCanvasAgg(figure)
        # A class name may hold a "$", which is no formula.
        with rc_context({"text.parse_math": False}), atomic_path(folder / name) as partial:
            draw(figure.subplots(), findings)
            figure.savefig(partial, format="png", dpi=120)
        paths.append(folder / name)
    return paths


def _class_balance(axes: Axes, findings: dict[str, Any]) -> None:
    classes, splits = findings["class_names"], findings["split_names"]
    places, width = np.arange(len(classes)), 0.8 / len(splits)
    for index, split in enumerate(splits):
        counts = np.array([findings["class_balance"][split][name] for name in classes])
        shares = 100 * counts / max(1, counts.sum())
        offset = (index - (len(splits) - 1) / 2) * width
        axes.bar(places + offset, shares, width, label=f"{split} ({counts.sum():,})")
    axes.set_xticks(places, classes, rotation=0 if len(classes) <= 10 else 90)
    axes.set_ylabel("share of the split, %")
    axes.set_title(f"{findings['name']}: class balance")
    axes.legend()


def _duplicates(axes: Axes, findings: dict[str, Any]) -> None:
    within = [
        (f"{split}: extra copies", found["extra_copies"])
        for split, found in findings["duplicates_within"].items()
    ]
    across = [
        (f"{found['images_of']}: also in {found['also_in']}", found["images"])
        for found in findings["duplicates_across"]
    ]
    names, counts = zip(*(within + across), strict=True)
    colours = ["tab:blue"] * len(within) + ["tab:orange"] * len(across)
    axes.bar_label(axes.barh(names, counts, color=colours), fmt="{:,.0f}", padding=3)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set_xlabel("images")
    axes.set_title(f"{findings['name']}: pixel-identical images")


def _ferplus_agreement(axes: Axes, findings: dict[str, Any]) -> None:
    split = findings["split_names"][-1]
    found = findings["ferplus"]["majority"][split]
    matrix = np.array(found["matrix"])
    shares = 100 * matrix / np.maximum(1, matrix.sum(axis=1, keepdims=True))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=100, aspect="auto")
    names = list(found["classes"])
    axes.set_xticks(range(len(names)), names)
    axes.set_yticks(range(len(names)), names)
    for (row, column), share in np.ndenumerate(shares):
        colour = "white" if share > 60 else "black"
        axes.text(column, row, f"{share:.0f}", ha="center", va="center", color=colour)
    axes.set_xlabel("majority of the FER+ votes")
    axes.set_ylabel("label")
    axes.set_title(
        f"{split}: the same label on {found['agreement']:.1%} of {found['images']:,} images (rows in %)"
    )
