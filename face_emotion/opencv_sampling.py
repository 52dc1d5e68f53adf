"""Bilinear samples of a turned square by OpenCV, three to ten times as quick as NumPy, where its are exact.

    sample = opencv_sampler()                       # None without OpenCV, or with one that rounds coordinates
    means = sample(grey, matrix, size, samples)

OpenCV before version 5 rounds a sample's place to 1/32 of a pixel, which changes grey levels by up to 8. So not the
version is asked but a picture: what is not within a hundredth of a level of the definition is not used. geometry.py
asks it for means of several samples only. OpenCV is needed for videos and cameras alone; whoever reads pictures may do
without it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from face_emotion.arrays import Doubles, Floats

LARGEST = 32_767  # pixels a side that OpenCV can address
TOLERANCE = 0.01  # grey levels

Sampler = Callable[[Floats, Doubles, int, int], Floats]


@functools.cache
def opencv_sampler() -> Sampler | None:
    """Returns a function of (grey float32 [H,W], matrix [2,3], size, samples), or None where OpenCV's is not exact.

    It gives the means of samples x samples bilinear samples, float32 [size,size]; sample (k, l) lies at
    matrix · (k, l, 1), the centre of pixel (0, 0) being (0, 0), and the border's pixels go on outside.
    """
    try:
        import cv2
    except ImportError:
        return None

    def sample(grey: Floats, matrix: Doubles, size: int, samples: int) -> Floats:
        count = size * samples
        values: Any = cv2.warpAffine(
            grey,
            matrix,
            (count, count),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        means: Floats = (
            cv2.resize(values, (size, size), interpolation=cv2.INTER_AREA) if samples > 1 else values
        )
        return means

    return sample if _is_exact(sample) else None


def _is_exact(sample: Sampler) -> bool:
    """Whether a sampler agrees with the definition on a checkered picture, whose levels change from pixel to pixel."""
    row, column = np.indices((8, 8))
    grey = ((row + column) % 2 * 255).astype(np.float32)
    matrix = np.array([[0.61, -0.17, 1.53], [0.17, 0.61, 0.61]])
    across, down = (matrix @ np.stack([column.ravel(), row.ravel(), np.ones(64)])).reshape(2, 8, 8)
    left, top = np.floor(across).astype(int), np.floor(down).astype(int)
    right, low = across - left, down - top
    expected = (grey[top, left] * (1 - right) + grey[top, left + 1] * right) * (1 - low) + (
        grey[top + 1, left] * (1 - right) + grey[top + 1, left + 1] * right
    ) * low
    return bool(np.abs(sample(grey, matrix, 8, 1) - expected).max() < TOLERANCE)
