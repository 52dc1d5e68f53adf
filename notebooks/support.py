"""What the three notebooks share: the way to the packages, the data, the report's colours and pictures.

    import support          # the first lines of each notebook
    support.prepare()

FER2013 and FERPLUS in the environment name fer2013.tar.gz (or .csv) and fer2013new.csv; without FER2013 the notebooks
draw their own faces. NOTEBOOK_SHORT=1 makes them short for tests, with figures that mean nothing.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import cv2
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import SVG, Markdown
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from face_emotion.errors import InputError  # noqa: E402
from model_build.data.dataset import Dataset  # noqa: E402
from model_build.data.loading import SYNTHETIC, load  # noqa: E402
from model_build.data.synthetic import synthetic_dataset  # noqa: E402

SHORT = bool(os.environ.get("NOTEBOOK_SHORT"))
DRAWN = (140, 70, 70) if SHORT else (2100, 350, 350)  # drawn faces in each split
_REPORT_STYLE = ROOT / "model_build" / "reporting" / "templates" / "report.css"
_NAMESPACE = 'xmlns="http://www.w3.org/2000/svg" style="background:white; font-family:sans-serif" width="480"'


def report_colours() -> dict[str, str]:
    """Returns the report's light colours by name: ink, muted, grid, first, second and third, each "#rrggbb"."""
    light = _REPORT_STYLE.read_text(encoding="utf-8").partition("}")[0]
    known = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    return {name: known[name] for name in ("ink", "muted", "grid", "first", "second", "third")}


COLOURS = report_colours()
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "face-emotion-kit",
    "text.parse_math": False,
    "font.size": 10,
    "text.color": COLOURS["ink"],
    "axes.edgecolor": COLOURS["muted"],
    "axes.labelcolor": COLOURS["muted"],
    "axes.titlecolor": COLOURS["ink"],
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": COLOURS["grid"],
    "xtick.color": COLOURS["muted"],
    "ytick.color": COLOURS["muted"],
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "legend.labelcolor": COLOURS["ink"],
}


def prepare() -> None:
    """Makes the repository the working folder, gives plots the report's look, and user errors one line."""
    os.chdir(ROOT)
    plt.rcParams.update(STYLE)
    series = [COLOURS[name] for name in ("first", "second", "third", "muted")]
    plt.rcParams.update(
        {"axes.prop_cycle": plt.cycler(color=series), "figure.dpi": 90, "figure.constrained_layout.use": True}
    )
    # IPython asks an exception for its traceback: what a user can mend needs none.
    InputError._render_traceback_ = lambda error: [f"error: {error}"]


def load_dataset() -> Dataset:
    """Returns FER2013, with votes where FERPLUS names them, or drawn faces (`DRAWN` says how many).

    Raises InputError if a named file cannot be used.
    """
    if "FER2013" not in os.environ:
        return synthetic_dataset(0, *DRAWN)
    return load(os.environ["FER2013"], os.environ.get("FERPLUS"))


def is_drawn(dataset: Dataset) -> bool:
    """Whether the faces are drawn, so that they may be shown."""
    return dataset.name == SYNTHETIC


def sample(dataset: Dataset, counts: Sequence[int]) -> Dataset:
    """Returns at most counts[s] rows of each split s, evenly spaced over the split."""
    chosen = []
    for split, count in enumerate(counts):
        rows = np.flatnonzero(dataset.split == split)
        chosen.append(rows[np.arange(min(count, len(rows))) * len(rows) // min(count, len(rows))])
    return dataset.rows(np.concatenate(chosen))


def picture(svg: str) -> SVG:
    """Returns one of `model_build.reporting.charts`' inline SVGs as a picture in the report's light colours."""
    svg = str(svg)  # Markup would escape what is put into it
    for name, colour in COLOURS.items():
        svg = svg.replace(f"var(--{name})", colour)
    return SVG(svg.replace("<svg", f"<svg {_NAMESPACE}", 1))


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Markdown:
    """Returns a table; the first column is text, the others are aligned to the right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return Markdown("\n".join(f"| {' | '.join(map(str, line))} |" for line in lines))


def sheet(images: np.ndarray, names: Sequence[str]) -> Image.Image:
    """Returns drawn faces uint8 [rows, columns, 48, 48] as a picture of twice their size, a name beside each row."""
    grey = images.transpose(0, 2, 1, 3).reshape(images.shape[0] * 48, -1).repeat(2, axis=0).repeat(2, axis=1)
    left = np.full((len(grey), 160), 255, np.uint8)
    for row, name in enumerate(names):
        cv2.putText(left, name, (4, row * 96 + 52), cv2.FONT_HERSHEY_SIMPLEX, 0.45, 0, 1, cv2.LINE_AA)
    return Image.fromarray(np.hstack([left, grey]))


def heat_map(axes: Any, shares: np.ndarray, names: Sequence[str], across: str, down: str) -> None:
    """Draws a square matrix of fractions 0..1 with its values in percent; `down` names the rows."""
    shades = plt.matplotlib.colors.LinearSegmentedColormap.from_list("report", ["white", COLOURS["first"]])
    axes.imshow(shares, cmap=shades, vmin=0, vmax=1)
    axes.grid(False)
    axes.set(xlabel=across, ylabel=down)
    axes.set_xticks(range(len(names)), names, rotation=45, ha="right")
    axes.set_yticks(range(len(names)), names)
    for (row, column), share in np.ndenumerate(shares):
        colour = "white" if share > 0.6 else COLOURS["ink"]
        axes.text(column, row, f"{100 * share:.0f}", ha="center", va="center", color=colour, fontsize=8)


def row_shares(counts: Sequence[Sequence[int]]) -> np.ndarray:
    """Returns each row of counts divided by its sum, float64; a row without counts stays 0."""
    counts = np.asarray(counts, np.float64)
    return counts / np.maximum(1, counts.sum(axis=1, keepdims=True))


def section_of(path: Path, heading: str) -> Markdown:
    """Returns one "## heading" section of a Markdown file; raises InputError if it has none of that name."""
    _, found, rest = path.read_text(encoding="utf-8").partition(f"\n## {heading}\n")
    if not found:
        raise InputError(f"{path}: there is no section {heading!r}")
    return Markdown(rest.partition("\n## ")[0].strip())
