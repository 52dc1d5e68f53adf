"""Pictures of several synthetic faces: a labelled contact sheet, and frames as a webcam would give them.

python -m model_build.synthetic --out assets/synthetic_faces.png
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from face_emotion.arrays import Bytes, Floats
from face_emotion.contract import FER2013_LABELS, Crop
from face_emotion.errors import InputError
from model_build.synthetic.drawing import render
from model_build.synthetic.faces import generator, sample_faces, to_bytes

_VIEW = 1.9  # how far around a face a scene shows it, in halves of the crop's side: hair, neck, shoulders


def draw_frame(
    width: int,
    height: int,
    boxes: Sequence[tuple[float, float, float, float]],
    labels: Sequence[int],
    seed: int | Sequence[int],
) -> Bytes:
    """Draws faces at known places before one background.

    width, height: of the frame in pixels, >= 1; boxes: a face's (x_min, y_min, x_max, y_max) in pixels, as a
    detector would give it: the contract's crop of that box shows the face as `draw_faces` does. A box may
    reach outside the frame; later faces lie over earlier ones. labels: index into FER2013_LABELS of each.
    Returns grey levels uint8 [height,width]. Raises InputError for an empty box or an unknown label.
    """
    shown = np.asarray(labels, np.int64)
    if len(boxes) != len(shown) or not ((shown >= 0) & (shown < len(FER2013_LABELS))).all():
        raise InputError(f"draw_frame: {len(boxes)} boxes with the labels {shown.tolist()}")
    scene = generator(seed, 3)
    frame = _room(width, height, scene)
    faces = sample_faces(shown, np.arange(len(shown)), seed)
    for index, (x_min, y_min, x_max, y_max) in enumerate(boxes):
        if not (x_max > x_min and y_max > y_min):
            raise InputError(f"draw_frame: box {index} {boxes[index]} is empty")
        face = {name: value[index : index + 1] for name, value in faces.items()}
        _paste(frame, face, (x_min + x_max) / 2, (y_min + y_max) / 2, (x_max - x_min) / Crop.box_width)
    frame += 0.01 * scene.standard_normal(frame.shape, np.float32)
    return to_bytes(frame)


def _room(width: int, height: int, scene: np.random.Generator) -> Floats:
    """A background without faces: a wall with a soft light on it, float32 [height,width]."""
    level, waves, phase = scene.uniform((0.3, 0.05, 0), (0.75, 0.15, 6), 3)
    x = np.linspace(-1, 1, width, dtype=np.float32)
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    room: Floats = (level + waves * np.sin(2 * x + phase) * np.cos(1.5 * y - phase)).astype(np.float32)
    return room


def _paste(frame: Floats, face: dict[str, Floats], x: float, y: float, side: float) -> None:
    """Draws one face whose detector box is centred at (x, y) and whose crop is `side` pixels wide."""
    pixels = int(np.ceil(_VIEW * side))
    across, down = (Crop.box_center[axis] - 0.5 for axis in (0, 1))
    cosine, sine = float(np.cos(face["roll"][0])), float(np.sin(face["roll"][0]))
    left = x - side * (across * cosine - down * sine) - pixels / 2
    top = y - side * (across * sine + down * cosine) - pixels / 2
    column, row = int(np.floor(left)), int(np.floor(top))
    pose = {"shift_x": 2 * (left - column) / side, "shift_y": 2 * (top - row) / side, "scale": 1}
    face = face | {name: np.full(1, value, np.float32) for name, value in pose.items()}
    grey, coverage = render(face, pixels, pixels / side)
    # Below the patch the body goes on to the frame's lower edge.
    missing = ((0, max(len(frame) - row - pixels, 0)), (0, 0))
    grey, coverage = (np.pad(layer[0], missing, mode="edge") for layer in (grey, coverage))
    part = frame[max(row, 0) : max(row + len(grey), 0), max(column, 0) : max(column + pixels, 0)]
    cut = np.s_[max(-row, 0) :, max(-column, 0) :]
    grey, coverage = (layer[cut][: part.shape[0], : part.shape[1]] for layer in (grey, coverage))
    part += coverage * (grey - part)
