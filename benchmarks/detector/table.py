"""What a detector's findings are worth: shares of faces found by kind and size, and pictures with a false face."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.detector.finders import Found
from benchmarks.detector.scenes import Scene

BANDS = ((0.0, 0.06), (0.06, 0.10), (0.10, 1.0))  # of the longer side
NEARNESS = 0.5  # of the face's width, between the centres
RATIO = 2.5  # between the widths, either way


def hits(scene: Scene, found: Sequence[Found]) -> list[bool]:
    """Returns whether each face of a scene was found: a box about its place, and about its size."""
    return [
        any(
            max(abs(x - a), abs(y - b)) <= NEARNESS * width and width / RATIO <= size <= width * RATIO
            for a, b, size in found
        )
        for x, y, width in scene.faces
    ]


def band(scene: Scene, width: float) -> int:
    """Returns which of BANDS a face of `width` pixels falls into."""
    share = width / max(scene.pixels.shape[:2])
    return next(index for index, (_, high) in enumerate(BANDS) if share <= high)


def markdown(rows: dict[str, dict[str, tuple[int, int]]]) -> str:
    """Returns the table: a line a detector, a column a kind. rows: detector -> kind -> (found, of)."""
    kinds = list(dict.fromkeys(kind for row in rows.values() for kind in row))
    lines = ["| detector | " + " | ".join(kinds) + " |", "| --- |" + " ---: |" * len(kinds)]
    for name, row in rows.items():
        shown = (
            "–" if kind not in row else f"{100 * row[kind][0] / row[kind][1]:.0f} % of {row[kind][1]}"
            for kind in kinds
        )
        lines.append(f"| {name} | " + " | ".join(shown) + " |")
    return "\n".join(lines)
