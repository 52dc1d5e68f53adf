"""Golden vectors of the follower: what every runtime must make of a face's template and a window of the next frame.

They are the "motions" of models/face_detector/golden.json: template and window as grey bytes in base64, SIZE x SIZE and
WINDOW x WINDOW of them, and the motion's alpha and tau as [real, imaginary], or null where the face is lost.
"""

from __future__ import annotations

import base64
import dataclasses
import math
from typing import Any

import numpy as np

from face_emotion.arrays import Bytes
from face_emotion.detection import Detection
from face_emotion.follower import LUMA, SAMPLES, SIZE, WINDOW, Template, place_of
from face_emotion.geometry import sample_grey

SEED = 24


def motions(picture: Bytes, face: Detection) -> list[dict[str, Any]]:
    """Returns the cases of a face in a picture."""
    place = place_of(face)
    template = sample_grey(picture, place, SIZE, LUMA, SAMPLES)

    def window(x: float = 0, y: float = 0, zoom: float = 1, turn: float = 0) -> Bytes:
        """What is seen where the face has moved by x and y of its widths, grown by `zoom`, turned by degrees."""
        seen = dataclasses.replace(
            place,
            center_x=place.center_x - x * place.side,
            center_y=place.center_y - y * place.side,
            side=place.side * WINDOW / SIZE / zoom,
            angle=place.angle - math.radians(turn),
        )
        return sample_grey(picture, seen, WINDOW, LUMA, SAMPLES)

    noise = np.random.default_rng(SEED).integers(0, 256, (WINDOW, WINDOW), dtype=np.uint8)
    half = window()
    half[:, WINDOW // 2 :] = 128
    flat = np.full((SIZE, SIZE), 90, np.uint8)
    cases = (
        ("as it was", template, window(), True),
        ("a little to the side", template, window(0.05, -0.03), True),
        ("far to the side", template, window(-0.2, 0.15), True),
        ("nearer and turned", template, window(0.02, 0.04, 1.12, 7), True),
        ("farther and turned", template, window(-0.05, 0.02, 0.9, -9), True),
        ("darker", template, (window(0.03, 0.01) * 0.4 + 10).astype(np.uint8), True),
        ("half covered", template, half, False),
        ("gone: noise", template, noise, False),
        ("gone: one level", template, np.full_like(noise, 70), False),
        ("turned upside down", template, window(turn=180), False),
        ("too flat to follow", flat, window(), False),
    )
    return [_case(*case) for case in cases]


def levels(text: str) -> Bytes:
    """Returns the square that a base64 text of golden.json stands for: uint8 [S,S]."""
    values = np.frombuffer(base64.b64decode(text), np.uint8)
    side = math.isqrt(len(values))
    return values.reshape(side, side)


def _case(name: str, template: Bytes, window: Bytes, is_seen: bool) -> dict[str, Any]:
    seen = Template.of(template.astype(np.float64))
    motion = None if seen is None else seen.motion(window.astype(np.float64))
    assert (motion is not None) == is_seen, f"golden motion {name!r}: {motion}"
    return {
        "name": name,
        "template": _text(template),
        "window": _text(window),
        "motion": motion and {"alpha": _pair(motion[0]), "tau": _pair(motion[1])},
    }


def _pair(value: complex) -> list[float]:
    return [value.real, value.imag]


def _text(values: Bytes) -> str:
    return base64.b64encode(values.tobytes()).decode("ascii")
