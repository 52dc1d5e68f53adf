"""Golden vectors of the face detector: what every runtime's decoder must make of given network outputs.

    python -m model_build face-detector --offline     # writes them to models/face_detector/golden.json

A case lists the rows of the network's two outputs that differ from a background (all boxes 0, all scores
`background_score`), the size of the image that was letterboxed, and the faces to be found, in order. A frame is a
drawn picture (RGB bytes in base64) and the faces that the network finds in it. A runtime passes if it finds as many,
with boxes, key points and scores within `tolerance`: for frames in pixels of the detector's square, since sums are
rounded in another way on another processor.
"""

from __future__ import annotations

import base64
import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from face_emotion.arrays import Bytes, Doubles, Floats
from face_emotion.detector import (
    Candidates,
    Detector,
    DetectorSettings,
    anchors,
    decode,
    intersection_over_union,
    to_detections,
    weighted_suppression,
)

BACKGROUND_SCORE = -8.0
TOLERANCE = {"source_pixels": 1e-6, "score": 1e-9, "frame_square_pixels": 0.5, "frame_score": 0.02}
SEED = 128
CLEAR = 1e-3  # how far scores and overlaps stay from their thresholds, so that no rounding decides a case
MARKS = np.array([[-0.2, -0.16], [0.18, -0.17], [0.0, 0.04], [0.0, 0.2], [-0.42, -0.1], [0.41, -0.12]])


@dataclass(frozen=True)
class Frame:
    """A picture for the detector: its name, uint8 [H,W,3] RGB, and how many faces it must find."""

    name: str
    picture: Bytes
    faces: int


def golden(detector: Detector, frames: Sequence[Frame]) -> dict[str, Any]:
    """Returns the golden vectors of a detector with six key points."""
    settings = detector.settings
    centers = anchors(settings)
    cases = [
        _case(settings, name, width, height, rows) for name, width, height, rows in _cases(settings, centers)
    ]
    picked = sorted({0, 1, 2, 511, 512, 517, 518, len(centers) - 1})
    return {
        "format": 1,
        "tolerance": TOLERANCE,
        "settings": settings.to_dict(),
        "anchor_count": len(centers),
        "anchors": [{"index": index, "center": centers[index].tolist()} for index in picked],
        "background_score": BACKGROUND_SCORE,
        "cases": cases,
        "frames": [_frame(detector, frame) for frame in frames],
    }


def outputs(case: dict[str, Any], count: int, columns: int, background: float) -> tuple[Floats, Floats]:
    """Returns the two network outputs that a case stands for: float32 [count,columns] and [count]."""
    boxes, scores = np.zeros((count, columns), np.float32), np.full(count, background, np.float32)
    for row in case["rows"]:
        boxes[row["index"]], scores[row["index"]] = row["box"], row["score"]
    return boxes, scores


def pixels(frame: dict[str, Any]) -> Bytes:
    """Returns the picture of a frame of golden.json: uint8 [H,W,3] RGB."""
    values = np.frombuffer(base64.b64decode(frame["rgb"]), np.uint8)
    return values.reshape(frame["height"], frame["width"], 3)


def _frame(detector: Detector, frame: Frame) -> dict[str, Any]:
    found = detector.detect(frame.picture)
    assert len(found) == frame.faces, f"golden frame {frame.name!r}: {len(found)} faces found"
    height, width = frame.picture.shape[:2]
    return {
        "name": frame.name,
        "width": width,
        "height": height,
        "rgb": base64.b64encode(frame.picture.tobytes()).decode("ascii"),
        "faces": [dataclasses.asdict(face) for face in found],
    }


def _case(
    settings: DetectorSettings, name: str, width: int, height: int, rows: list[dict[str, Any]]
) -> dict[str, Any]:
    case = {"name": name, "width": width, "height": height, "rows": rows}
    centers = anchors(settings)
    raw = outputs(case, len(centers), 4 + 2 * len(settings.keypoints), BACKGROUND_SCORE)
    candidates = decode(*raw, centers, settings)
    _check_clear(raw[1], candidates, settings)
    faces = weighted_suppression(candidates, settings.iou_threshold)
    found = to_detections(faces, width, height, settings)
    return case | {"faces": [dataclasses.asdict(face) for face in found]}


def _cases(settings: DetectorSettings, centers: Doubles) -> list[tuple[str, int, int, list[dict[str, Any]]]]:
    random = np.random.default_rng(SEED)

    def group(
        x: float, y: float, side: float, scores: list[float], jitter: float = 0.02
    ) -> list[dict[str, Any]]:
        """Rows of the anchors nearest to (x, y) that see one face, each a little elsewhere; all in square sides."""
        near = np.argsort(np.hypot(*(centers - (x, y)).T), kind="stable")[: len(scores)]
        rows = []
        for index, score in zip(near.tolist(), scores, strict=True):
            shift = random.uniform(-jitter, jitter, 2) * side
            center = np.array([x, y]) + shift - centers[index]
            extent = side * random.uniform(1 - jitter, 1 + jitter, 2)
            points = np.concatenate([center[None], extent[None], center + MARKS * side])
            box = np.round(points * settings.input_size, 3)
            rows.append({"index": index, "box": box.ravel().tolist(), "score": score})
        return rows

    threshold = math.log(settings.score_threshold / (1 - settings.score_threshold))
    below, above = round(threshold - 0.01, 4), round(threshold + 0.01, 4)
    flat = group(0.3, 0.3, 0.2, [3.0])
    flat[0]["box"][2] = 0.0
    turned = group(0.7, 0.3, 0.2, [3.0])
    turned[0]["box"][3] = -12.5
    rolled = group(0.5, 0.5, 0.3, [2.0, 1.0])
    for row in rolled:  # upside down: the person's right eye is on the image's right
        x, y = row["box"][:2]
        row["box"][4:] = [
            round(2 * (x, y)[place % 2] - value, 3) for place, value in enumerate(row["box"][4:])
        ]
    return [
        ("nothing", 640, 480, []),
        ("one row", 640, 480, group(0.45, 0.52, 0.31, [1.75])),
        ("one face, several rows", 640, 480, group(0.45, 0.52, 0.31, [2.5, 0.7, 1.9, 3.1, 0.9, 1.3])),
        (
            "two faces and noise below the threshold",
            1280,
            720,
            group(0.3, 0.5, 0.2, [2.2, 1.4, 0.8])
            + group(0.68, 0.45, 0.15, [3.2, 2.9])
            + group(0.5, 0.2, 0.1, [0.25]),
        ),
        (
            "overlapping faces that stay two",
            480,
            640,
            group(0.4, 0.5, 0.3, [2.0, 1.0]) + group(0.6, 0.5, 0.3, [1.5]),
        ),
        ("equal scores", 500, 500, group(0.35, 0.4, 0.25, [1.25, 1.25, 1.25]) + group(0.7, 0.7, 0.2, [1.25])),
        (
            "a large and a small box of one face",
            333,
            1000,
            group(0.5, 0.5, 0.4, [2.0]) + group(0.5, 0.5, 0.3, [1.9]),
        ),
        ("cut off by the image's corner", 320, 240, group(0.02, 0.17, 0.3, [2.0, 1.0])),
        ("scores at the threshold", 128, 128, group(0.2, 0.5, 0.2, [below]) + group(0.8, 0.5, 0.2, [above])),
        (
            "scores beyond the clip",
            128,
            128,
            group(0.2, 0.5, 0.2, [1e6, 150.0]) + group(0.8, 0.5, 0.2, [-1e6]),
        ),
        ("boxes without extent", 640, 480, flat + turned + group(0.5, 0.75, 0.2, [1.0])),
        ("upside down", 640, 480, rolled),
        ("an image of one pixel", 1, 1, group(0.5, 0.5, 0.5, [2.0, 1.0])),
    ]


def _check_clear(raw_scores: Floats, candidates: Candidates, settings: DetectorSettings) -> None:
    """Asserts that no score or overlap of a case is so near its threshold that rounding would decide."""
    raw = np.clip(raw_scores.astype(np.float64), -settings.score_clip, settings.score_clip)
    margins = [np.abs(1 / (1 + np.exp(-raw)) - settings.score_threshold).min()]
    for box in candidates.boxes:
        overlaps = intersection_over_union(box, candidates.boxes)
        margins.append(np.abs(overlaps - settings.iou_threshold).min())
    assert min(margins) > CLEAR, "a golden case lies on a threshold; move it"
