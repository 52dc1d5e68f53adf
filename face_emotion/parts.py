"""Where the squares lie that show a big picture at its full size, for the search for small faces: far.py."""

from __future__ import annotations

import math

from face_emotion.letterbox import Letterbox, part_place
from face_emotion.yunet import YuNetSettings

SHRINK = 0.9  # of the picture, until its parts are few enough
ENLARGE = 1.25  # times far_size: below that the parts show no more than the look at the whole


def parts(width: int, height: int, settings: YuNetSettings) -> list[Letterbox]:
    """Returns where a picture of width x height pixels lies in each of the squares that show it at full size.

    Its longer side has max(width, height) pixels there; less than fine_side are enlarged up to it, at most twice. Where
    more than most_parts squares would be needed it is shrunk by a tenth until they are enough. Row by row; none where
    the longer side is less than 1.25 of far_size.
    """
    rules, size = settings.far, settings.far_size
    side = max(width, height)
    longer = max(side, min(2 * side, rules.fine_side))
    while True:
        rows, columns = (_starts(length, side, longer, settings) for length in (height, width))
        if len(rows) * len(columns) <= rules.most_parts or longer <= size:
            break
        longer = math.floor(longer * SHRINK)
    if longer < ENLARGE * size:
        return []
    return [part_place(width, height, longer, left, top) for top in rows for left in columns]


def _starts(length: int, side: int, longer: int, settings: YuNetSettings) -> list[int]:
    """Where the squares begin along one side: evenly, overlapping by at least `overlap` pixels."""
    size = settings.far_size
    beyond = math.floor(length * longer / side + 0.5) - size
    if beyond <= 0:
        return [0]
    steps = math.ceil(beyond / (size - settings.far.overlap))
    return [math.floor(step * beyond / steps + 0.5) for step in range(steps + 1)]
