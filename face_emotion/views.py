"""Squares of a picture, turned, that the detector looks at, and the way back from them: for far.py."""

from __future__ import annotations

import math

import numpy as np

from face_emotion.arrays import Bytes, Doubles, Floats
from face_emotion.geometry import Transform, sample_grey
from face_emotion.letterbox import Letterbox

LUMA = (0.299, 0.587, 0.114)
CONFIRM_SAMPLES = 4


def whole_view(width: int, height: int, side: float, turn: int) -> Transform:
    """Returns the square of `side` source pixels around a picture's centre, turned back by `turn` degrees."""
    return Transform(width / 2, height / 2, float(side), math.radians(turn))


def view_of(place: Letterbox, size: int) -> Transform:
    """Returns the square of a place, `size` pixels a side, in source pixels."""
    side = size / place.scale
    return Transform(side / 2 - place.left / place.scale, side / 2 - place.top / place.scale, side, 0.0)


def shown(image: Bytes, view: Transform, size: int) -> Floats:
    """Returns a square of an image as the network sees it, in grey: float32 [S,S,3], 0..255."""
    grey = sample_grey(image, view, size, LUMA, CONFIRM_SAMPLES)
    return np.repeat(grey[:, :, None], 3, axis=2).astype(np.float32)


def placed(points: Doubles, view: Transform, size: int) -> Doubles:
    """Returns points of a square, float64 [n,2] in its pixels, in source pixels."""
    x, y = ((points - size / 2) * (view.side / size)).T
    cosine, sine = math.cos(view.angle), math.sin(view.angle)
    return np.stack([view.center_x + x * cosine - y * sine, view.center_y + x * sine + y * cosine], axis=1)
