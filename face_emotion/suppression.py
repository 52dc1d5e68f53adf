"""One face out of the many rows in which a detector's network says that it sees it.

    faces = weighted_suppression(candidates, iou_threshold=0.3)

Sort by score, highest first, equal ones by index. Take the first row and all rows left whose intersection over union
with it is above iou_threshold, itself included; their mean of box corners and key points, weighted by the scores, is a
face, with the first row's score. Repeat with the other rows (the blending of MediaPipe's BlazeFace graph).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from face_emotion.arrays import Doubles


@dataclass(frozen=True)
class Candidates:
    """Decoded rows.

    points: float64 [n,2+K,2], the (x, y) of the box's upper left and lower right corner and of each key point;
    scores: float64 [n].
    """

    points: Doubles
    scores: Doubles

    @property
    def boxes(self) -> Doubles:
        """The boxes (x_min, y_min, x_max, y_max), float64 [n,4]."""
        return self.points[:, :2].reshape(len(self.points), 4)


def weighted_suppression(candidates: Candidates, iou_threshold: float) -> Candidates:
    """Returns one weighted mean for each group of overlapping rows, highest score first."""
    boxes, left = candidates.boxes, np.argsort(-candidates.scores, kind="stable")
    faces, scores = [], []
    while len(left):
        same = intersection_over_union(boxes[left[0]], boxes[left]) > iou_threshold
        same[0] = True
        weights = candidates.scores[left[same]]
        faces.append(np.tensordot(weights / weights.sum(), candidates.points[left[same]], axes=1))
        scores.append(candidates.scores[left[0]])
        left = left[~same]
    return Candidates(np.reshape(faces, (-1, *candidates.points.shape[1:])), np.array(scores))


def intersection_over_union(box: Doubles, boxes: Doubles) -> Doubles:
    """Returns the shared area of a box [4] and each of boxes [n,4] over their joint area: float64 [n], 0..1."""
    low, high = np.maximum(box[:2], boxes[:, :2]), np.minimum(box[2:], boxes[:, 2:])
    shared: Doubles = np.maximum(high - low, 0).prod(axis=1)
    joint: Doubles = (box[2:] - box[:2]).prod() + (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) - shared
    return shared / joint
