"""Normalisation of a grey crop: its contrast is stretched to the range of a well-lit face before the network sees it.

    normalized(crops, Normalization(kind="stretch"))      # uint8 [N,48,48] in, uint8 [N,48,48] out

Integer arithmetic only, so that browser (normalization.js) and phone (Normalization.kt) give the same bytes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from face_emotion.arrays import Bytes
from face_emotion.contract import NONE, Normalization


def normalized(images: Bytes, normalization: Normalization) -> Bytes:
    """Returns uint8 [N,H,W]: grey crops [N,H,W] as the network is to see them.

    A level g of a crop whose two levels are d = darkest and b = brightest becomes
    floor((2 (g - d) (high - low) + 2 low (b - d) + (b - d)) / (2 (b - d))), cut off at 0 and 255.
    """
    if normalization.kind == NONE or not len(images):
        return images
    darkest, brightest = (
        levels.astype(np.int64)[:, None] for levels in range_of(images, normalization.tail_permille)
    )
    spread = brightest - darkest
    flat = spread < normalization.smallest_range
    spread = np.maximum(spread, 1)
    target = normalization.high - normalization.low
    grey = np.arange(256)[None, :]
    stretched = (2 * (grey - darkest) * target + (2 * normalization.low + 1) * spread) // (2 * spread)
    table = np.where(flat, grey, np.clip(stretched, 0, 255)).astype(np.uint8)
    result: Bytes = np.take_along_axis(table, images.reshape(len(images), -1).astype(np.intp), axis=1)
    return result.reshape(images.shape)


def range_of(images: Any, tail_permille: int, xp: Any = np) -> tuple[Any, Any]:
    """Returns the two levels of each crop [N,H,W] that a stretch starts from, [N] each, in the type of `images`.

    xp: numpy, or another namespace of array functions that the images are arrays of.
    """
    flat = images.reshape(len(images), -1)
    rank = flat.shape[1] * tail_permille // 1000
    ranked = (
        xp.partition(flat, (rank, flat.shape[1] - 1 - rank), axis=1) if xp is np else xp.sort(flat, axis=1)
    )
    return ranked[:, rank], ranked[:, flat.shape[1] - 1 - rank]
