"""The decoder of YuNet, the detector of manifests of format 2 (Wu et al. 2023, doi 10.1007/s11633-023-1423-y).

Every constant comes from the folder's manifest.json ("detector"). All arithmetic after the network is in float64:

 1. Input: float32 [1,S,S,3] RGB, 0..255, S a multiple of the largest stride.
 2. Output: float32 [1,N,6+2K]. For each stride in turn a grid of S / stride cells a side, row by row; a row holds class
    c and objectness o, then b0, b1, b2, b3, then x, y of each of K key points.
 3. Score = sqrt(1 / (1 + exp(-c)) * 1 / (1 + exp(-o))), c and o held to -100 .. 100. A row counts if its score is at
    least the threshold that is asked for and its numbers are finite.
 4. In pixels of the square, of the cell (column, row): box centre = (column + b0, row + b1) * stride; width and height
    = (exp(b2), exp(b3)) * stride, b2 and b3 held to at most 20; key point = (column + x, row + y) * stride.

`decode` does steps 2 to 4; suppression.py makes faces of its rows.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from face_emotion.arrays import Doubles, Floats
from face_emotion.errors import InputError, why
from face_emotion.suppression import Candidates

KIND = "yunet"
CLIP, LARGEST_EXPONENT = 100.0, 20.0


@dataclass(frozen=True)
class FarSettings:
    """How pictures are searched for small and turned faces; far.py says what each is for.

    proposal_threshold, confirm_threshold, sure_score: scores, 0..1; zoom: > 1; fine_side: longer side up to which
    small pictures are enlarged (at most twice), in pixels; overlap: of two parts, in pixels of the parts, less than
    their side; most_parts, most_proposals, most_turned: how many parts are looked at, how many proposals, and how
    many of these at every angle, >= 1.
    """

    proposal_threshold: float
    confirm_threshold: float
    sure_score: float
    zoom: float
    fine_side: int
    overlap: int
    most_parts: int
    most_proposals: int
    most_turned: int


@dataclass(frozen=True)
class YuNetSettings:
    """What the manifest's "detector" says.

    near_size, far_size: sides of the two networks' squares in pixels, multiples of the largest stride; strides: of the
    grids, in the order of the output's rows; keypoints: names, right_eye and left_eye (the person's own) among them;
    score_threshold: of a face that one pass alone finds, 0..1; iou_threshold: of the suppression, 0..1; far: see there.
    """

    near_size: int
    far_size: int
    strides: tuple[int, ...]
    keypoints: tuple[str, ...]
    score_threshold: float
    iou_threshold: float
    far: FarSettings

    @classmethod
    def from_dict(cls, value: dict[str, Any], where: str) -> YuNetSettings:
        """Reads the manifest's entry; raises InputError, beginning with `where`, if one is missing or unusable."""
        try:
            far = value["far"]
            settings = cls(
                near_size=_count(value["near_size"]),
                far_size=_count(value["far_size"]),
                strides=tuple(_count(stride) for stride in value["strides"]),
                keypoints=tuple(str(name) for name in value["keypoints"]),
                score_threshold=_share(value["score_threshold"]),
                iou_threshold=_share(value["iou_threshold"]),
                far=FarSettings(
                    proposal_threshold=_share(far["proposal_threshold"]),
                    confirm_threshold=_share(far["confirm_threshold"]),
                    sure_score=_share(far["sure_score"]),
                    zoom=float(far["zoom"]),
                    fine_side=_count(far["fine_side"]),
                    overlap=_count(far["overlap"]),
                    most_parts=_count(far["most_parts"]),
                    most_proposals=_count(far["most_proposals"]),
                    most_turned=_count(far["most_turned"]),
                ),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"{where}: detector: unusable or missing entry ({why(error)})") from None
        sizes = (settings.near_size, settings.far_size)
        if not settings.strides or any(size % stride for size in sizes for stride in settings.strides):
            raise InputError(f"{where}: detector: near_size and far_size must be multiples of each stride")
        if not (1 < settings.far.zoom < math.inf and settings.far.overlap < settings.far_size):
            raise InputError(f"{where}: detector.far: zoom above 1 and overlap below far_size are expected")
        if not {"right_eye", "left_eye"} <= set(settings.keypoints):
            raise InputError(f"{where}: detector.keypoints: right_eye and left_eye are expected among them")
        return settings

    def to_dict(self) -> dict[str, Any]:
        """Returns what `from_dict` reads."""
        value = asdict(self)
        return {"kind": KIND} | value | {"strides": list(self.strides), "keypoints": list(self.keypoints)}

    def rows(self, size: int) -> int:
        """Returns how many rows the network of `size` pixels has."""
        return sum((size // stride) ** 2 for stride in self.strides)


def cells(strides: tuple[int, ...], size: int) -> Doubles:
    """Returns column, row and stride of each row of the output for `size` pixels: float64 [N,3] (step 2)."""
    grids = []
    for stride in strides:
        side = size // stride
        row, column = np.mgrid[:side, :side].reshape(2, -1)
        grids.append(np.stack([column, row, np.full(side * side, stride)], axis=1))
    places: Doubles = np.concatenate(grids).astype(np.float64)
    return places


def decode(raw: Floats, places: Doubles, threshold: float) -> Candidates:
    """Returns the rows that count, in their order, in pixels of the square (steps 3 and 4).

    raw: [N,6+2K]; places: what `cells` returns; threshold: 0..1.
    """
    logits = np.clip(raw[:, :2].astype(np.float64), -CLIP, CLIP)
    chances = 1 / (1 + np.exp(-logits))
    scores = np.sqrt(chances[:, 0] * chances[:, 1])
    rows = np.flatnonzero(scores >= threshold)
    rows = rows[np.isfinite(raw[rows]).all(axis=1)]
    values = raw[rows].astype(np.float64)
    corner, stride = places[rows, :2], places[rows, 2:]
    center = (corner + values[:, 2:4]) * stride
    half = np.exp(np.minimum(values[:, 4:6], LARGEST_EXPONENT)) * stride / 2
    marks = (values[:, 6:].reshape(len(rows), (raw.shape[1] - 6) // 2, 2) + corner[:, None]) * stride[:, None]
    points = np.concatenate([(center - half)[:, None], (center + half)[:, None], marks], axis=1)
    return Candidates(points, scores[rows])


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{value!r} is no whole number above 0")
    return value


def _share(value: Any) -> float:
    if not 0 <= float(value) <= 1:
        raise ValueError(f"{value!r} is not from 0 to 1")
    return float(value)
