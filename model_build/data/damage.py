"""Ways in which a camera's face crop is worse than a data set's: pure functions of one image.

Each takes uint8 [48,48], an amount and a generator, and returns uint8 [48,48]. `evaluation/robustness_damage.py` has
the degrees in which robustness is measured, `training/selection.py` those under which an epoch is judged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import cv2
import numpy as np

from face_emotion.arrays import Bytes, Doubles

# OpenCV makes bytes of bytes, which its types do not say: hence the casts.
Damaging = Callable[[Bytes, float, np.random.Generator], Bytes]


def brightness(image: Bytes, amount: float, generator: np.random.Generator) -> Bytes:
    """Adds or takes `amount` of the whole range of grey."""
    return _bytes(image + _sign(generator) * amount * 255.0)


def darkness(image: Bytes, amount: float, generator: np.random.Generator) -> Bytes:
    """Leaves the share `amount` of the light."""
    return _bytes(image * amount)


def contrast(image: Bytes, amount: float, generator: np.random.Generator) -> Bytes:
    """Keeps the share `amount` of every difference from the image's mean."""
    mean = image.mean()
    return _bytes(mean + (image - mean) * amount)


def blur(image: Bytes, amount: float, generator: np.random.Generator) -> Bytes:
    """Blurs with a Gaussian of standard deviation `amount` pixels."""
    return cast(Bytes, cv2.GaussianBlur(image, (0, 0), amount, borderType=cv2.BORDER_REPLICATE))


def noise(image: Bytes, amount: float, generator: np.random.Generator) -> Bytes:
    """Adds Gaussian noise whose standard deviation is `amount` of the whole range."""
    return _bytes(image + generator.normal(0, amount * 255, image.shape))


def jpeg(image: Bytes, amount: float, generator: np.random.Generator) -> Bytes:
    """Compresses as JPEG of quality `amount` (0..100)."""
    _, content = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(amount)])
    return cast(Bytes, cv2.imdecode(content, cv2.IMREAD_GRAYSCALE))


def occlusion(image: Bytes, amount: float, generator: np.random.Generator) -> Bytes:
    """Covers a square of the share `amount` of the area, anywhere, with one random grey level."""
    side = len(image)
    width = round(side * amount**0.5)
    left, top = generator.integers(0, side - width + 1, 2)
    covered = image.copy()
    covered[top : top + width, left : left + width] = generator.integers(0, 256)
    return covered


def rotation(image: Bytes, amount: float, generator: np.random.Generator) -> Bytes:
    """Turns by `amount` degrees to either side; what was outside repeats the edge."""
    return _warped(image, _sign(generator) * amount, 1.0)


def scale(image: Bytes, amount: float, generator: np.random.Generator) -> Bytes:
    """Makes the face `amount` times as large or as small in its crop: a detector's box too tight or too wide."""
    return _warped(image, 0.0, amount ** _sign(generator))


def shift(image: Bytes, amount: float, generator: np.random.Generator) -> Bytes:
    """Moves the face by `amount` of the side in some direction; what was outside repeats the edge."""
    angle = generator.uniform(0, 2 * np.pi)
    across, down = amount * len(image) * np.cos(angle), amount * len(image) * np.sin(angle)
    return _transformed(image, np.array([[1.0, 0.0, across], [0.0, 1.0, down]]))


def small(image: Bytes, amount: float, generator: np.random.Generator) -> Bytes:
    """Shows a face that was only `amount` pixels wide and has been enlarged."""
    shrunk = cv2.resize(image, (int(amount), int(amount)), interpolation=cv2.INTER_AREA)
    return cast(Bytes, cv2.resize(shrunk, image.shape[::-1], interpolation=cv2.INTER_LINEAR))


def _sign(generator: np.random.Generator) -> int:
    return 1 if generator.random() < 0.5 else -1


def _bytes(values: Doubles) -> Bytes:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _warped(image: Bytes, degrees: float, zoom: float) -> Bytes:
    center = (len(image) - 1) / 2
    return _transformed(image, cast(Doubles, cv2.getRotationMatrix2D((center, center), degrees, zoom)))


def _transformed(image: Bytes, matrix: Doubles) -> Bytes:
    size = image.shape[::-1]
    moved = cv2.warpAffine(image, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return cast(Bytes, moved)
