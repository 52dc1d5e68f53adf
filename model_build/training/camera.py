"""What a camera and its software do to a face, as array code over an injected namespace `xp`: blur, enlargement, JPEG.

All three are products with small matrices, so that an accelerator and NumPy do them as fast as anything: a blur or an
enlargement acts along rows and columns alike (L X L'), and JPEG rounds the coefficients of a cosine transform of 8x8.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from face_emotion.arrays import Doubles, Floats

SIDE = 48
BLURS = tuple(np.linspace(0.5, 1.75, 6))  # standard deviations in pixels
SIZES = tuple(range(18, 42, 4))  # sides that an image was enlarged from
SOFTENERS = len(BLURS) + len(SIZES)
QUALITIES = (12, 80)  # of JPEG, lowest and highest
BLOCK = 8
# The luminance table of ITU-T T.81, annex K.1, which libjpeg scales by the quality.
_LUMINANCE = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)


def soften(pixels: Any, kinds: Any, xp: Any) -> Any:
    """Returns float32 [N,48,48] blurred, or shrunk and enlarged again.

    pixels: float32 [N,48,48]; kinds: int [N], 0 for as it is, from 1 on a row of the table: BLURS, then SIZES.
    """
    operators = xp.take(xp.asarray(_operators()), kinds, axis=0)
    return xp.matmul(xp.matmul(operators, pixels), xp.swapaxes(operators, 1, 2))


def compress(pixels: Any, qualities: Any, xp: Any) -> Any:
    """Returns float32 [N,48,48] as JPEG of a quality gives them back, not cut off at 0 and 255.

    pixels: float32 [N,48,48] in 0..255; qualities: float32 [N] in 1..100, 0 for as it is.
    """
    transform = xp.asarray(_cosines())
    steps = _scales(qualities, xp)[:, None, None] * xp.asarray(_table())[None]
    steps = xp.clip(xp.floor((steps + 50) / 100), 1, 255)
    coefficients = xp.matmul(xp.matmul(transform, pixels - xp.float32(128)), transform.T)
    coefficients = xp.round(coefficients / steps) * steps
    decoded = xp.matmul(xp.matmul(transform.T, coefficients), transform) + xp.float32(128)
    return xp.where((qualities > 0)[:, None, None], decoded, pixels)


def _scales(qualities: Any, xp: Any) -> Any:
    """libjpeg's percentage of the table for a quality."""
    safe = xp.maximum(qualities, xp.float32(1))
    return xp.where(safe < 50, xp.float32(5000) / safe, xp.float32(200) - 2 * safe)


@functools.cache
def _operators() -> Floats:
    kinds = [np.eye(SIDE), *(_blur(sigma) for sigma in BLURS), *(_enlarged(size) for size in SIZES)]
    operators: Floats = np.stack(kinds).astype(np.float32)
    return operators


def _blur(sigma: float) -> Doubles:
    """A Gaussian; the edge's pixel repeats outside."""
    reach = int(np.ceil(4 * sigma))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    operator = np.zeros((SIDE, SIDE))
    for row in range(SIDE):
        sources = np.clip(np.arange(row - reach, row + reach + 1), 0, SIDE - 1)
        np.add.at(operator[row], sources, weights / weights.sum())
    return operator


def _enlarged(size: int) -> Doubles:
    """Means over areas down to `size` pixels, then linear interpolation between their centres."""
    edges = np.linspace(0, SIDE, size + 1)
    overlap = np.minimum(edges[1:, None], np.arange(1, SIDE + 1)) - np.maximum(
        edges[:-1, None], np.arange(SIDE)
    )
    down = np.maximum(overlap, 0) * size / SIDE
    position = np.clip((np.arange(SIDE) + 0.5) * size / SIDE - 0.5, 0, size - 1)
    left = np.minimum(position.astype(int), size - 2)
    up = np.zeros((SIDE, size))
    up[np.arange(SIDE), left] = 1 - (position - left)
    up[np.arange(SIDE), left + 1] = position - left
    enlarged: Doubles = up @ down
    return enlarged


@functools.cache
def _cosines() -> Floats:
    """The orthonormal cosine transform of each 8 pixels in a row of 48."""
    frequency, position = np.arange(BLOCK)[:, None], np.arange(BLOCK)[None, :]
    block = np.sqrt(2 / BLOCK) * np.cos((2 * position + 1) * frequency * np.pi / (2 * BLOCK))
    block[0] /= np.sqrt(2)
    return np.kron(np.eye(SIDE // BLOCK), block).astype(np.float32)


@functools.cache
def _table() -> Floats:
    return np.tile(np.array(_LUMINANCE, np.float32), (SIDE // BLOCK, SIDE // BLOCK))
