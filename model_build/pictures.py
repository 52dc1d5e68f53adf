"""One picture file of any size and colour → the 48×48 grey face that the network takes.

`model_build.folders` reads class folders with it.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

from face_emotion.contract import Contract

SMALLEST_SIDE = 8
_ROWS_A_BLOCK = 256  # bounds the memory that a picture of many megapixels takes as floating point


def read_face(path: Path) -> np.ndarray:
    """Returns uint8 [48, 48]: the picture's centre square, grey by the contract's luma, area-averaged.

    Honours EXIF orientation; takes 1- to 16-bit grey, palette, RGB, CMYK and the first frame of an animation;
    transparent pixels count as black, as a browser's canvas gives them. Raises ValueError with the reason
    for an empty or unreadable file and a picture smaller than 8 pixels a side.
    """
    if path.stat().st_size == 0:
        raise ValueError("the file is empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on odd metadata say nothing about the pixels
            with Image.open(path) as picture:
                grey = grey_levels(ImageOps.exif_transpose(picture))
    except Image.UnidentifiedImageError:
        raise ValueError("not an image that can be read") from None
    except ValueError:
        raise
    except Exception as error:  # Pillow's decoders raise almost anything on a damaged file
        raise ValueError(f"not an image that can be read ({' '.join(str(error).split())[:80]})") from None
    return face_of(grey)


def grey_levels(picture: Image.Image) -> np.ndarray:
    """Returns uint8 [height, width]: a picture's grey levels, colour weighted by the contract's luma."""
    if picture.mode in ("L", "1"):
        return np.asarray(picture.convert("L"))
    if picture.mode.startswith("I"):  # 16 bits a pixel, which Pillow also hands out in 32
        wide = np.asarray(picture).astype(np.int64)
        if wide.min() < 0 or wide.max() > 65535:
            raise ValueError("more than 16 bits a grey level")
        return ((wide + 128) // 257).astype(np.uint8)
    if picture.mode == "F":
        raise ValueError("floating-point grey levels, of unknown range; save it with 8 or 16 bits")
    colour = np.asarray(picture.convert("RGBA"))
    blocks = [_luma(colour[top : top + _ROWS_A_BLOCK]) for top in range(0, len(colour), _ROWS_A_BLOCK)]
    return np.concatenate(blocks)


def _luma(colour: np.ndarray) -> np.ndarray:
    """Returns uint8 [height, width] of uint8 [height, width, 4], over black where it is transparent."""
    levels = colour[..., :3] @ np.array(Contract().luma) * (colour[..., 3] / 255)
    return np.floor(levels + 0.5).astype(np.uint8)


def face_of(grey: np.ndarray) -> np.ndarray:
    """Returns uint8 [48, 48]: the centre square of uint8 [height, width], averaged over areas."""
    side = min(grey.shape)
    if side < SMALLEST_SIDE:
        height, width = grey.shape
        raise ValueError(f"{width}×{height} pixels where at least {SMALLEST_SIDE} a side are needed")
    top, left = ((length - side) // 2 for length in grey.shape)
    square = np.ascontiguousarray(grey[top : top + side, left : left + side])
    size = Contract().input_size
    return square if side == size else cv2.resize(square, (size, size), interpolation=cv2.INTER_AREA)
