"""The decoder of BlazeFace short range, the detector of manifests of format 1.

Every constant comes from the folder's manifest.json ("detector"). All arithmetic after the network is in float64:

 1. Input: `letterbox.sample_letterbox`, float32 [1,S,S,3] RGB in [-1,1], S = input_size.
 2. Anchors (`anchors`): for each entry of `anchors` (a stride and a count) in turn, a grid of ceil(S / stride)
    cells a side, row by row; `count` anchors in each cell, at its centre: ((column + 0.5) / cells, (row + 0.5) /
    cells), fractions of the square's side.
 3. Outputs, told apart by shape: [1,N,4+2K] and [1,N,1], N anchors and K key points. Score = 1 / (1 + exp(-raw)),
    raw held to -score_clip .. score_clip. A row counts if its score is at least score_threshold, its numbers are
    finite and its width and height are above 0 (`decode`). The numbers of a row are box centre x, y, width, height,
    then x, y of each key point, in pixels of the square; x and y count from the anchor. Divided by S all are
    fractions of the square's side.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from face_emotion.arrays import Doubles, Floats
from face_emotion.errors import InputError, why
from face_emotion.suppression import Candidates

EYES = {"right_eye", "left_eye"}


@dataclass(frozen=True)
class BlazeFaceSettings:
    """What the manifest's "detector" says; the module's docstring says what each is for.

    input_size: side of the square in pixels; anchors: (stride, count) pairs; keypoints: names, right_eye and
    left_eye (the person's own) among them; score_threshold and iou_threshold: 0..1; score_clip: > 0.
    """

    input_size: int
    anchors: tuple[tuple[int, int], ...]
    keypoints: tuple[str, ...]
    score_threshold: float
    score_clip: float
    iou_threshold: float

    @classmethod
    def from_dict(cls, value: dict[str, Any], where: str) -> BlazeFaceSettings:
        """Reads the manifest's entry; raises InputError, beginning with `where`, if one is missing or unusable."""
        try:
            settings = cls(
                input_size=int(value["input_size"]),
                anchors=tuple((int(grid["stride"]), int(grid["count"])) for grid in value["anchors"]),
                keypoints=tuple(str(name) for name in value["keypoints"]),
                **{name: float(value[name]) for name in ("score_threshold", "score_clip", "iou_threshold")},
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"{where}: detector: unusable or missing entry ({why(error)})") from None
        numbers = [settings.input_size, settings.score_clip, *np.ravel(settings.anchors)]
        shares = (settings.score_threshold, settings.iou_threshold)
        usable = all(number > 0 for number in numbers) and all(0 <= share <= 1 for share in shares)
        if not (settings.anchors and usable):
            raise InputError(f"{where}: detector: there are no anchors, or a number is out of its range")
        if not set(settings.keypoints) >= EYES:
            raise InputError(f"{where}: detector.keypoints: right_eye and left_eye are expected among them")
        return settings

    def to_dict(self) -> dict[str, Any]:
        """Returns what `from_dict` reads."""
        value = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        grids = [{"stride": stride, "count": count} for stride, count in self.anchors]
        return value | {"anchors": grids, "keypoints": list(self.keypoints)}


def anchors(settings: BlazeFaceSettings) -> Doubles:
    """Returns the anchors' centres, float64 [N,2] (x, y) as fractions of the square's side (step 2)."""
    grids = []
    for stride, count in settings.anchors:
        cells = -(-settings.input_size // stride)
        y, x = np.mgrid[:cells, :cells].reshape(2, -1)
        grids.append(np.repeat((np.stack([x, y], axis=1) + 0.5) / cells, count, axis=0))
    return np.concatenate(grids)


def decode(
    raw_boxes: Floats, raw_scores: Floats, centers: Doubles, settings: BlazeFaceSettings
) -> Candidates:
    """Returns the rows that count (step 3), in the order of the anchors, as fractions of the square's side.

    raw_boxes: [N,4+2K]; raw_scores: [N]; centers: what `anchors` returns.
    """
    clipped = np.clip(np.asarray(raw_scores, np.float64), -settings.score_clip, settings.score_clip)
    scores = 1 / (1 + np.exp(-clipped))
    rows = np.flatnonzero(scores >= settings.score_threshold)
    values = np.asarray(raw_boxes, np.float64)[rows] / settings.input_size
    usable = np.isfinite(values).all(axis=1) & (values[:, 2:4] > 0).all(axis=1)
    rows, values = rows[usable], values[usable]
    points = values.reshape(len(rows), 2 + len(settings.keypoints), 2)
    half = points[:, 1] / 2
    points[:, 1] = points[:, 0] + half
    points[:, 0] -= half
    return Candidates(points + centers[rows][:, None], scores[rows])
