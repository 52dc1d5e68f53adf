"""Sampling by plain loops, and pictures to sample: what the tests of geometry's two halves compare with."""

from __future__ import annotations

import math

import numpy as np


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    """Returns random bytes of a shape."""
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def bilinear_by_loops(image: np.ndarray, x: float, y: float) -> list[float]:
    """Returns the channels of an image [H,W,C] at a point in pixels, the edge repeated outside."""
    height, width = image.shape[:2]
    p, q = min(max(x - 0.5, 0), width - 1), min(max(y - 0.5, 0), height - 1)
    c, r = math.floor(p), math.floor(q)
    total = np.zeros(image.shape[2])
    for row, down in ((r, 1 - q + r), (min(r + 1, height - 1), q - r)):
        for column, across in ((c, 1 - p + c), (min(c + 1, width - 1), p - c)):
            total += down * across * image[row, column]
    return total
