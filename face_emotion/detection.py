"""A face that a detector found: what every kind of detector gives."""

from __future__ import annotations

import math
from dataclasses import dataclass

from face_emotion.face import Point

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Detection:
    """A face: box (x_min, y_min, x_max, y_max) and named key points (x, y) in source pixels, score in 0..1.

    turn: by how many degrees (0 to 359, clockwise on the screen) the face was turned back before the network saw
    it; own_box: the box as it stood then, turned back about its centre. They are 0 and `box` where nothing was turned.
    """

    box: Box
    score: float
    keypoints: dict[str, Point]
    turn: int = 0
    own_box: Box | None = None

    @property
    def upright_box(self) -> Box:
        """The box of the face turned upright about the box's centre, as `crop_transform` takes it."""
        return self.box if self.own_box is None else self.own_box

    @property
    def eyes(self) -> tuple[Point, Point]:
        """The eye on the left as the network saw the face, and the other one, as `crop_transform` takes them."""
        angle = math.radians(self.turn)
        across = math.cos(angle), math.sin(angle)
        first, second = sorted(
            (self.keypoints["right_eye"], self.keypoints["left_eye"]),
            key=lambda eye: eye[0] * across[0] + eye[1] * across[1],
        )
        return first, second


def turned_box(center: Point, width: float, height: float, turn: int) -> Box:
    """Returns the smallest upright rectangle around a box of width x height pixels turned by `turn` degrees."""
    angle = math.radians(turn)
    cosine, sine = abs(math.cos(angle)), abs(math.sin(angle))
    across, down = (width * cosine + height * sine) / 2, (width * sine + height * cosine) / 2
    return center[0] - across, center[1] - down, center[0] + across, center[1] + down
