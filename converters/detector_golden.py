"""Golden vectors of the face detector: what every runtime's decoder and search must make of given numbers and pictures.

    python -m model_build face-detector     # writes them to models/face_detector/golden.json

 - cases: rows of the near network's output that differ from a background (all 0 but class and objectness, which are
   `background`), and the faces that decoding and suppression must find, in pixels of the square, in order.
 - parts: where pictures of given sizes lie in the squares of the search (scale, left, top, samples of each).
 - frames: drawn pictures (grey bytes or RGB in base64) and the faces that "near" and "far" find in them.
 - video: one of these pictures, by its name, turned by quarters (to the left) or left out (flat grey, 128), then
   shifted (to the right and down, what leaves it coming in at the other side), with times, and the faces that the
   detector's live search finds in each frame.
 - motions: of a face that is followed (follower_golden.py).

A runtime passes if it finds as many faces, with boxes, key points and scores within `tolerance`: for frames in pixels
of the picture, since sums are rounded in another way on another processor.
"""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from converters.follower_golden import motions
from face_emotion.arrays import Bytes, Doubles, Floats
from face_emotion.contract import FAR, NEAR
from face_emotion.detection import Detection
from face_emotion.detector import YuNet
from face_emotion.parts import parts
from face_emotion.suppression import Candidates, intersection_over_union, weighted_suppression
from face_emotion.yunet import YuNetSettings, cells, decode

BACKGROUND = -8.0
TOLERANCE = {
    "square_pixels": 1e-6,
    "score": 1e-9,
    "frame_pixels": 0.75,
    "frame_score": 0.02,
    "frame_degrees": 1,
    "motion": 1e-6,
}
SEED = 160
CLEAR = 1e-3  # how far scores and overlaps stay from their thresholds, so that no rounding decides a case
MARKS = np.array([[-0.2, -0.16], [0.18, -0.17], [0.0, 0.04], [-0.15, 0.2], [0.16, 0.21]])
SIZES = (
    (640, 480),
    (350, 350),
    (400, 401),
    (1280, 720),
    (4032, 3024),
    (3000, 4000),
    (8000, 6000),
    (30_000, 40),
    (8, 8),
)

VIDEO_PICTURE = "a near and a far face"
# Seconds, quarter turns (None: a flat frame), shift in pixels, faces.
VIDEO = (
    (0.0, 0, (0, 0), 2),
    (0.04, 0, (1, 0), 2),
    (0.08, 0, (2, -1), 2),
    (0.12, 0, (2, -2), 2),
    (0.3, 2, (0, 0), 0),  # upside down from one frame to the next
    (0.34, 2, (1, 1), 0),
    (0.5, None, (0, 0), 0),
    (0.6, None, (0, 0), 0),
    (1.7, 1, (0, 0), 1),  # a whole glance, since the frame before is so long ago
    (1.74, 1, (-1, 2), 1),
    (2.3, 1, (-1, 2), 1),  # time for another look
    (2.34, None, (0, 0), 0),
    (2.38, 1, (0, 0), 0),  # a glance step by step
    (2.42, 1, (0, 0), 0),
    (2.46, 1, (0, 0), 0),
    (2.5, 1, (0, 0), 0),
    (2.54, 1, (0, 0), 1),
    (2.58, 1, (1, 1), 1),
    (2.66, 0, (0, 0), 1),
    (3.9, 0, (0, 0), 1),
    (4.35, 0, (0, 1), 1),
    (4.41, 0, (0, 0), 1),  # a glance while a face is followed
    (4.45, 0, (0, 0), 1),
    (4.49, 0, (1, 0), 1),
    (4.53, 0, (1, 1), 1),
    (4.57, 0, (1, 1), 1),
    (4.61, 0, (1, 2), 2),
    (4.65, 0, (2, 2), 2),
    (0.1, 0, (0, 0), 2),  # wound back
)


@dataclass(frozen=True)
class Frame:
    """A picture for the detector: its name, uint8 [H,W,3] RGB or [H,W] grey, and how many faces near and far find."""

    name: str
    picture: Bytes
    near: int
    far: int


def golden(detector: YuNet, frames: Sequence[Frame]) -> dict[str, Any]:
    """Returns the golden vectors of a detector with five key points."""
    settings = detector.settings
    places = cells(settings.strides, settings.near_size)
    (shown,) = (frame for frame in frames if frame.name == VIDEO_PICTURE)
    return {
        "format": 2,
        "tolerance": TOLERANCE,
        "settings": settings.to_dict(),
        "rows": len(places),
        "background": BACKGROUND,
        "cases": [_case(settings, places, *case) for case in _cases(settings, places)],
        "parts": [
            {
                "width": width,
                "height": height,
                "parts": [dataclasses.astuple(place) for place in parts(width, height, settings)],
            }
            for width, height in SIZES
        ],
        "frames": [_frame(detector, frame) for frame in frames],
        "video": _video(detector, shown),
        "motions": motions(shown.picture, detector.detect(shown.picture, NEAR)[0]),
    }


def output(case: dict[str, Any], rows: int, columns: int, background: float) -> Floats:
    """Returns the network's output that a case stands for: float32 [rows,columns]."""
    raw = np.zeros((rows, columns), np.float32)
    raw[:, :2] = background
    for row in case["rows"]:
        raw[row["index"]] = row["values"]
    return raw


def pixels(frame: dict[str, Any]) -> Bytes:
    """Returns the picture of a frame of golden.json: uint8 [H,W,3] RGB or [H,W] grey."""
    values = np.frombuffer(base64.b64decode(frame["bytes"]), np.uint8)
    shape = (frame["height"], frame["width"], 3)
    return values.reshape(shape if frame["channels"] == 3 else shape[:2])


def _frame(detector: YuNet, frame: Frame) -> dict[str, Any]:
    height, width = frame.picture.shape[:2]
    found = {reach: detector.detect(frame.picture, reach) for reach in (NEAR, FAR)}
    counts = {reach: len(faces) for reach, faces in found.items()}
    assert counts == {NEAR: frame.near, FAR: frame.far}, f"golden frame {frame.name!r}: found {counts}"
    return {
        "name": frame.name,
        "width": width,
        "height": height,
        "channels": 3 if frame.picture.ndim == 3 else 1,
        "bytes": base64.b64encode(frame.picture.tobytes()).decode("ascii"),
    } | {reach: [_face(face) for face in faces] for reach, faces in found.items()}


def video_frame(picture: Bytes, quarters: int | None, shift: Sequence[int]) -> Bytes:
    """Returns a frame of the golden video: a picture turned to the left by quarters, or a flat one (None).

    shift: by how many pixels it is pushed to the right and down then; what leaves it comes in at the other side.
    """
    if quarters is None:
        return np.full_like(picture, 128)
    return np.ascontiguousarray(np.roll(np.rot90(picture, quarters), tuple(shift)[::-1], (0, 1)))


def _video(detector: YuNet, frame: Frame) -> dict[str, Any]:
    live, frames = detector.live(), []
    for time, quarters, shift, count in VIDEO:
        found = live.faces(video_frame(frame.picture, quarters, shift), time)
        assert len(found) == count, f"golden video at {time} s: {len(found)} faces"
        faces = [_face(face) for face in found]
        frames.append({"time": time, "quarters": quarters, "shift": shift, "faces": faces})
    return {"picture": frame.name, "frames": frames}


def _face(face: Detection) -> dict[str, Any]:
    return {
        "box": face.box,
        "upright_box": face.upright_box,
        "score": face.score,
        "turn": face.turn,
        "keypoints": face.keypoints,
        "eyes": face.eyes,
    }


def _case(
    settings: YuNetSettings, places: Doubles, name: str, threshold: float, rows: list[dict[str, Any]]
) -> dict[str, Any]:
    case: dict[str, Any] = {"name": name, "threshold": threshold, "rows": rows}
    raw = output(case, len(places), 6 + 2 * len(settings.keypoints), BACKGROUND)
    candidates = decode(raw, places, threshold)
    _check_clear(decode(raw, places, 0.0), candidates, threshold, settings)
    faces = weighted_suppression(candidates, settings.iou_threshold)
    found = zip(faces.points.tolist(), faces.scores.tolist(), strict=True)
    return case | {"faces": [{"points": points, "score": score} for points, score in found]}


def _cases(settings: YuNetSettings, places: Doubles) -> list[tuple[str, float, list[dict[str, Any]]]]:
    random = np.random.default_rng(SEED)
    size = settings.near_size
    middles = (places[:, :2] + 0.5) * places[:, 2:] / size

    def group(
        x: float, y: float, side: float, logits: list[float], stride: int, jitter: float = 0.02
    ) -> list[dict[str, Any]]:
        """Rows of the cells of a stride nearest to (x, y) that see one face, each a bit elsewhere; in square sides."""
        distance = np.hypot(*(middles - (x, y)).T) + 10 * (places[:, 2] != stride)
        rows = []
        for index, logit in zip(np.argsort(distance, kind="stable").tolist(), logits, strict=False):
            shift = random.uniform(-jitter, jitter, 2) * side
            center = (np.array([x, y]) + shift) * size / stride - places[index, :2]
            extent = np.log(side * random.uniform(1 - jitter, 1 + jitter, 2) * size / stride)
            marks = center + MARKS * side * size / stride
            values = np.concatenate([[logit, logit + 0.5], center, extent, marks.ravel()])
            rows.append({"index": index, "values": np.round(values, 4).tolist()})
        return rows

    damaged = group(0.4, 0.5, 0.3, [2.0, 1.0], 16)
    large = group(0.5, 0.5, 0.3, [2.0], 16)
    large[0]["values"][4] = 90.0
    clipped = group(0.3, 0.4, 0.2, [1e6], 8) + group(0.7, 0.4, 0.2, [-1e6], 8)
    return [
        ("nothing", 0.6, []),
        ("one row", 0.6, group(0.45, 0.52, 0.31, [2.5], 16)),
        (
            "one face, rows of three strides",
            0.6,
            group(0.45, 0.52, 0.31, [2.5, 0.7, 1.9], 16)
            + group(0.45, 0.52, 0.31, [3.1, 0.9], 32)
            + group(0.45, 0.52, 0.31, [1.3], 8),
        ),
        (
            "two faces and noise below the threshold",
            0.6,
            group(0.3, 0.5, 0.2, [2.2, 1.4, 0.8], 16)
            + group(0.68, 0.45, 0.15, [3.2, 2.9], 8)
            + group(0.5, 0.2, 0.1, [-0.4], 8),
        ),
        (
            "the same at the threshold of proposals",
            0.3,
            group(0.3, 0.5, 0.2, [2.2, 1.4, 0.8], 16)
            + group(0.68, 0.45, 0.15, [3.2, 2.9], 8)
            + group(0.5, 0.2, 0.1, [-0.4], 8),
        ),
        (
            "overlapping faces that stay two",
            0.6,
            group(0.4, 0.5, 0.3, [2.0, 1.0], 16) + group(0.6, 0.5, 0.3, [1.5], 16),
        ),
        (
            "equal scores",
            0.6,
            group(0.35, 0.4, 0.25, [1.25, 1.25, 1.25], 16) + group(0.7, 0.7, 0.2, [1.25], 8),
        ),
        ("a large and a small box of one face", 0.6, group(0.5, 0.5, 0.4, [2.0], 32) + damaged[:1]),
        ("cut off by the corner", 0.6, group(0.02, 0.05, 0.3, [2.0, 1.0], 16)),
        ("logits beyond the clip", 0.6, clipped),
        ("a size beyond all bounds", 0.6, large),
    ]


def _check_clear(
    all_rows: Candidates, candidates: Candidates, threshold: float, settings: YuNetSettings
) -> None:
    """Asserts that no score or overlap of a case is so near its threshold that rounding would decide."""
    margins = [np.abs(all_rows.scores - threshold).min()]
    for box in candidates.boxes:
        overlaps = intersection_over_union(box, candidates.boxes)
        margins.append(np.abs(overlaps - settings.iou_threshold).min())
    assert min(margins) > CLEAR, "a golden case lies on a threshold; move it"
