"""One picture file of any size and colour → the 48×48 grey face that the network takes.

`model_build.data.folders` reads class folders with it.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

import cv2
import numpy as np

from face_emotion.arrays import Bytes
from face_emotion.contract import Contract
from face_emotion.pictures import read_pixels

_ROWS_A_BLOCK = 256  # bounds the memory that a picture of many megapixels takes as floating point


def read_face(path: Path) -> Bytes:
    """Returns uint8 [48, 48]: the picture's centre square, grey by the contract's luma, area-averaged.

    Takes what `face_emotion.pictures.read_pixels` takes and raises ValueError with the reason as it does.
    """
    return face_of(grey_levels(read_pixels(path)))


def grey_levels(pixels: Bytes) -> Bytes:
    """Returns uint8 [H,W]: the grey levels of uint8 [H,W,3], weighted by the contract's luma, or [H,W] as it is."""
    if pixels.ndim == 2:
        return pixels
    luma = np.array(Contract().luma)
    grey = np.empty(pixels.shape[:2], np.uint8)
    for top in range(0, len(pixels), _ROWS_A_BLOCK):
        rows = slice(top, top + _ROWS_A_BLOCK)
        grey[rows] = np.floor(pixels[rows] @ luma + 0.5)
    return grey


def face_of(grey: Bytes) -> Bytes:
    """Returns uint8 [48, 48]: the centre square of uint8 [height, width], averaged over areas."""
    side = min(grey.shape)
    top, left = ((length - side) // 2 for length in grey.shape)
    square = np.ascontiguousarray(grey[top : top + side, left : left + side])
    size = Contract().input_size
    if side == size:
        return square
    return cast(Bytes, cv2.resize(square, (size, size), interpolation=cv2.INTER_AREA))
