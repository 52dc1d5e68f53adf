"""The face detector: BlazeFace short range (models/face_detector), decoded as Python, JavaScript and Kotlin do.

    detector = Detector.load("models/face_detector")
    for face in detector.detect(image):              # uint8 [H,W,3] RGB or [H,W] grey
        print(face.box, face.score, face.eyes)       # source pixels

Every constant comes from the folder's manifest.json ("detector"). All arithmetic after the network is in float64:

 1. Input: `letterbox.sample_letterbox`, float32 [1,S,S,3] in [-1,1], S = input_size.
 2. Anchors (`anchors`): for each entry of `anchors` (a stride and a count) in turn, a grid of ceil(S / stride)
    cells a side, row by row; `count` anchors in each cell, at its centre: ((column + 0.5) / cells, (row + 0.5) /
    cells), fractions of the square's side.
 3. Outputs, told apart by shape: [1,N,4+2K] and [1,N,1], N anchors and K key points. Score = 1 / (1 + exp(-raw)),
    raw held to -score_clip .. score_clip. A row counts if its score is at least score_threshold, its numbers are
    finite and its width and height are above 0 (`decode`). The numbers of a row are box centre x, y, width, height,
    then x, y of each key point, in pixels of the square; x and y count from the anchor. Divided by S all are
    fractions of the square's side.
 4. `weighted_suppression`: sort by score, highest first, equal ones by index. Take the first row and all rows left
    whose intersection over union with it is above iou_threshold, itself included; their mean of box corners and key
    points, weighted by the scores, is a face, with the first row's score. Repeat with the other rows.
 5. `letterbox.unletterbox` maps corners and key points to source pixels. Boxes may reach outside the image.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from face_emotion.arrays import Bytes, Doubles, Floats
from face_emotion.errors import InputError
from face_emotion.face import Point, eyes_of
from face_emotion.letterbox import letterbox, sample_letterbox, unletterbox
from face_emotion.litert import LiteRtInterpreter, interpreter
from face_emotion.model_files import MANIFEST, ModelFolder

ARTIFACT = "tflite"


@dataclass(frozen=True)
class Detection:
    """A face: box (x_min, y_min, x_max, y_max) and named key points (x, y) in source pixels, score in 0..1."""

    box: tuple[float, float, float, float]
    score: float
    keypoints: dict[str, Point]

    @property
    def eyes(self) -> tuple[Point, Point]:
        """The centres of the eye on the image's left and of the one on its right, as `crop_transform` takes them."""
        return eyes_of(self.keypoints)


@dataclass(frozen=True)
class DetectorSettings:
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
    def from_dict(cls, value: dict[str, Any], where: str) -> DetectorSettings:
        """Reads the manifest's entry; raises InputError, beginning with `where`, if one is missing or unusable."""
        try:
            settings = cls(
                input_size=int(value["input_size"]),
                anchors=tuple((int(grid["stride"]), int(grid["count"])) for grid in value["anchors"]),
                keypoints=tuple(str(name) for name in value["keypoints"]),
                **{name: float(value[name]) for name in ("score_threshold", "score_clip", "iou_threshold")},
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"{where}: detector: unusable or missing entry ({error!r})") from None
        numbers = [settings.input_size, settings.score_clip, *np.ravel(settings.anchors)]
        shares = (settings.score_threshold, settings.iou_threshold)
        usable = all(number > 0 for number in numbers) and all(0 <= share <= 1 for share in shares)
        if not (settings.anchors and usable):
            raise InputError(f"{where}: detector: there are no anchors, or a number is out of its range")
        if not {"right_eye", "left_eye"} <= set(settings.keypoints):
            raise InputError(f"{where}: detector.keypoints: right_eye and left_eye are expected among them")
        return settings

    def to_dict(self) -> dict[str, Any]:
        """Returns what `from_dict` reads."""
        value = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        grids = [{"stride": stride, "count": count} for stride, count in self.anchors]
        return value | {"anchors": grids, "keypoints": list(self.keypoints)}


@dataclass(frozen=True)
class Candidates:
    """Decoded rows as fractions of the square's side.

    points: float64 [n,2+K,2], the (x, y) of the box's upper left and lower right corner and of each key point;
    scores: float64 [n].
    """

    points: Doubles
    scores: Doubles

    @property
    def boxes(self) -> Doubles:
        """The boxes (x_min, y_min, x_max, y_max), float64 [n,4]."""
        return self.points[:, :2].reshape(len(self.points), 4)


class Detector:
    """BlazeFace behind one interface; threads may share it, and take turns. Attributes: settings."""

    def __init__(
        self, model: bytes, settings: DetectorSettings, threads: int = 1, name: str = "detector"
    ) -> None:
        """Prepares the network of a .tflite file's content; `name` stands in messages.

        threads: 1 to 256. Raises InputError if the content is damaged or its tensors do not fit the settings.
        """
        self.settings = settings
        self._lock = threading.Lock()
        self._anchors = anchors(settings)
        try:
            self._interpreter: LiteRtInterpreter = interpreter(model, threads)
        except (ValueError, RuntimeError) as error:
            reason = (str(error).strip() or "unreadable").splitlines()[0]
            raise InputError(f"{name}: damaged or not a .tflite model ({reason})") from None
        size, count = settings.input_size, len(self._anchors)
        given, answers = self._interpreter.get_input_details(), self._interpreter.get_output_details()
        found = {tuple(int(side) for side in detail["shape"]): detail["index"] for detail in answers}
        boxes, scores = (1, count, 4 + 2 * len(settings.keypoints)), (1, count, 1)
        shapes = [tuple(int(side) for side in detail["shape"]) for detail in given]
        if shapes != [(1, size, size, 3)] or set(found) != {boxes, scores}:
            raise InputError(
                f"{name}: tensors {shapes} and {sorted(found)} where the manifest's settings give "
                f"{[(1, size, size, 3)]} and {sorted((boxes, scores))}"
            )
        if any(detail["dtype"] != np.float32 for detail in (*given, *answers)):
            raise InputError(f"{name}: tensors of another type than float32")
        self._input, self._outputs = given[0]["index"], (found[boxes], found[scores])

    @classmethod
    def load(cls, folder: str | os.PathLike[str], threads: int = 1) -> Detector:
        """Reads a detector's folder (or its manifest.json) and checks the model file's sha256.

        threads: 1 to 256. Raises InputError if a file is missing, damaged or not the manifest's.
        """
        files = ModelFolder.open(folder)
        settings = DetectorSettings.from_dict(files.entry("detector"), str(files.path / MANIFEST))
        path: Path = files.artifact(ARTIFACT)
        return cls(path.read_bytes(), settings, threads, str(path))

    def detect(self, image: Bytes) -> list[Detection]:
        """Returns the faces of an image, highest score first.

        image: uint8 [H,W,3] RGB, [H,W,4] RGBA (alpha is ignored) or [H,W] grey, else InputError.
        """
        raw_boxes, raw_scores = self.raw(image)
        faces = weighted_suppression(
            decode(raw_boxes, raw_scores, self._anchors, self.settings), self.settings.iou_threshold
        )
        height, width = image.shape[:2]
        return to_detections(faces, width, height, self.settings)

    def raw(self, image: Bytes) -> tuple[Floats, Floats]:
        """Returns the network's two outputs for an image: float32 [N,4+2K] and [N]."""
        square = sample_letterbox(image, self.settings.input_size)
        with self._lock:
            self._interpreter.set_tensor(self._input, square[None])
            self._interpreter.invoke()
            boxes, scores = (self._interpreter.get_tensor(index)[0] for index in self._outputs)
        return boxes, scores[:, 0]


def anchors(settings: DetectorSettings) -> Doubles:
    """Returns the anchors' centres, float64 [N,2] (x, y) as fractions of the square's side (step 2)."""
    grids = []
    for stride, count in settings.anchors:
        cells = -(-settings.input_size // stride)
        y, x = np.mgrid[:cells, :cells].reshape(2, -1)
        grids.append(np.repeat((np.stack([x, y], axis=1) + 0.5) / cells, count, axis=0))
    return np.concatenate(grids)


def decode(raw_boxes: Floats, raw_scores: Floats, centers: Doubles, settings: DetectorSettings) -> Candidates:
    """Returns the rows that count (step 3), in the order of the anchors.

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


def weighted_suppression(candidates: Candidates, iou_threshold: float) -> Candidates:
    """Returns one weighted mean for each group of overlapping rows, highest score first (step 4)."""
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


def to_detections(faces: Candidates, width: int, height: int, settings: DetectorSettings) -> list[Detection]:
    """Returns faces of the square in pixels of the image, width x height, that was letterboxed into it (step 5)."""
    size = settings.input_size
    place = letterbox(width, height, size)
    found = zip(faces.scores.tolist(), unletterbox(faces.points, place, size).tolist(), strict=True)
    return [
        Detection((*low, *high), score, dict(zip(settings.keypoints, map(tuple, marks), strict=True)))
        for score, (low, high, *marks) in found
    ]
