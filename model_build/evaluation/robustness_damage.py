"""Ways in which a camera's face crop is worse than a data set's, each in five degrees: pure functions of one image.

Each takes uint8 [48,48], the degree's amount (units: `Damage.unit`) and a generator, and returns uint8 [48,48].
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from face_emotion.arrays import Bytes, Doubles

# OpenCV makes bytes of bytes, which its types do not say: hence the casts.
Damaging = Callable[[Bytes, float, np.random.Generator], Bytes]


@dataclass(frozen=True)
class Damage:
    """One kind of damage. amounts: five degrees, the mildest first. unit: what they mean, for axes and tables."""

    name: str
    unit: str
    amounts: tuple[float, ...]
    apply: Damaging


def brightness(image: Bytes, amount: float, generator: np.random.Generator) -> Bytes:
    """Adds or takes `amount` of the whole range of grey."""
    return _bytes(image + _sign(generator) * amount * 255.0)


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


def small(image: Bytes, amount: float, generator: np.random.Generator) -> Bytes:
    """Shows a face that was only `amount` pixels wide and has been enlarged."""
    shrunk = cv2.resize(image, (int(amount), int(amount)), interpolation=cv2.INTER_AREA)
    return cast(Bytes, cv2.resize(shrunk, image.shape[::-1], interpolation=cv2.INTER_LINEAR))


DAMAGES = (
    Damage("brightness", "± share of the range", (0.1, 0.2, 0.3, 0.4, 0.5), brightness),
    Damage("contrast", "share that is left", (0.7, 0.5, 0.35, 0.2, 0.1), contrast),
    Damage("blur", "standard deviation, pixels", (0.5, 1.0, 1.5, 2.0, 3.0), blur),
    Damage("noise", "standard deviation, share of the range", (0.02, 0.05, 0.1, 0.15, 0.2), noise),
    Damage("JPEG", "quality", (60, 40, 20, 10, 5), jpeg),
    Damage("occlusion", "share of the area", (0.05, 0.1, 0.2, 0.3, 0.4), occlusion),
    Damage("rotation", "± degrees", (10, 20, 30, 45, 60), rotation),
    Damage("scale", "times larger or smaller", (1.1, 1.2, 1.35, 1.5, 1.75), scale),
    Damage("small face", "pixels across the crop", (36, 24, 18, 12, 8), small),
)


def _sign(generator: np.random.Generator) -> int:
    return 1 if generator.random() < 0.5 else -1


def _bytes(values: Doubles) -> Bytes:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _warped(image: Bytes, degrees: float, zoom: float) -> Bytes:
    center = (len(image) - 1) / 2
    matrix = cv2.getRotationMatrix2D((center, center), degrees, zoom)
    return cast(
        Bytes,
        cv2.warpAffine(
            image, matrix, image.shape[::-1], flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        ),
    )
