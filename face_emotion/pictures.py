"""Picture files of any kind → the pixels that the runtime works on.

    pixels = read_pixels("photo.jpg")       # uint8 [H,W,3] RGB, or [H,W] of a grey picture

Orientation from EXIF is honoured; 1- to 16-bit grey, palette, RGB, CMYK and the first frame of an animation are taken;
transparent pixels lie over black, as a browser's canvas gives them.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from face_emotion.arrays import Bytes

SMALLEST_SIDE = 8
_ROWS_A_BLOCK = 256  # bounds the memory that a picture of many megapixels takes as floating point


def read_pixels(path: str | os.PathLike[str]) -> Bytes:
    """Returns the pixels of a picture file: uint8 [H,W] if it is grey, else [H,W,3] RGB.

    Raises ValueError with the reason for an empty or unreadable file and a picture smaller than 8 pixels a side,
    OSError if the file cannot be opened.
    """
    path = Path(path)
    if path.stat().st_size == 0:
        raise ValueError("the file is empty")
    with open(path, "rb") as stream:
        return decode_pixels(stream)


def decode_pixels(stream: BinaryIO) -> Bytes:
    """Returns the pixels of a picture file that is open for reading; shape and ValueError as `read_pixels`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on odd metadata say nothing about the pixels
            with Image.open(stream) as picture:
                return pixels_of(picture)
    except UnidentifiedImageError:
        raise ValueError("not an image that can be read") from None
    except ValueError:
        raise
    except Exception as error:  # Pillow's decoders raise almost anything on a damaged file
        reason = " ".join(str(error).split())[:80]
        raise ValueError(f"not an image that can be read ({reason})") from None


def pixels_of(picture: Image.Image) -> Bytes:
    """Returns the pixels of a Pillow picture, upright: uint8 [H,W] if it is grey, else [H,W,3] RGB.

    Raises ValueError for floating-point or 32-bit grey and a picture smaller than 8 pixels a side.
    """
    picture = ImageOps.exif_transpose(picture)
    check_sides(picture.width, picture.height)
    if picture.mode.startswith("I"):  # 16 bits a pixel, which Pillow also hands out in 32
        wide = np.asarray(picture).astype(np.int64)
        if wide.min() < 0 or wide.max() > 65535:
            raise ValueError("more than 16 bits a grey level")
        return ((wide + 128) // 257).astype(np.uint8)
    if picture.mode == "F":
        raise ValueError("floating-point grey levels, of unknown range; save it with 8 or 16 bits")
    grey = picture.mode in ("1", "L", "LA")
    if not picture.has_transparency_data:
        return np.asarray(picture.convert("L" if grey else "RGB"))
    flat = _over_black(np.asarray(picture.convert("LA" if grey else "RGBA")))
    return flat[..., 0] if grey else flat


def check_sides(width: int, height: int) -> None:
    """Raises ValueError for a picture smaller than 8 pixels a side."""
    if min(width, height) < SMALLEST_SIDE:
        raise ValueError(f"{width}×{height} pixels where at least {SMALLEST_SIDE} a side are needed")


def _over_black(values: Bytes) -> Bytes:
    """Returns uint8 [H,W,C-1] of uint8 [H,W,C], whose last channel is the opacity."""
    flat = np.empty((*values.shape[:2], values.shape[2] - 1), np.uint8)
    for top in range(0, len(values), _ROWS_A_BLOCK):
        block = values[top : top + _ROWS_A_BLOCK].astype(np.uint16)
        flat[top : top + _ROWS_A_BLOCK] = (block[..., :-1] * block[..., -1:] + 127) // 255
    return flat
