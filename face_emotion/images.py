"""Everything that `recognize` takes as an image → the pixels that the runtime works on.

pixels = pixels_from("photo.jpg")        # or bytes, an open file, a Pillow picture, an array: uint8 [H,W(,3 or 4)]
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from functools import partial
from typing import BinaryIO, TypeAlias

import numpy as np
from numpy.ma import MaskedArray
from PIL import Image

from face_emotion.arrays import Array, Bytes
from face_emotion.errors import InputError
from face_emotion.pictures import Decoded, check_sides, decode, over_black, pixels_of, read_picture

# numpy.ma is imported above because NumPy does it at the first use of `np.ma` otherwise: a process that is forked
# while another thread does would wait for that import for ever.
ImageLike: TypeAlias = (
    "Bytes | Image.Image | str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO"
)


def pixels_from(image: ImageLike) -> Bytes:
    """Returns the pixels of `picture_from`, which raises the same."""
    return picture_from(image).pixels


def picture_from(image: ImageLike) -> Decoded:
    """Returns an image's pixels, and how large it is.

    The pixels are uint8 [H,W] grey, [H,W,3] RGB or, of an array alone and opaque, [H,W,4] RGBA; H and W >= 8. What is
    transparent in an array lies over black, as in a picture file (pictures.py).

    image: an array of these kinds; a Pillow picture; the path of a picture file, its content as bytes, or the file
    open for reading (which stays open). EXIF orientation is honoured. Raises InputError, in one line, for anything else
    and for what cannot be read.
    """
    name, read = _reader(image)
    try:
        return read()
    except InputError:
        raise
    except OSError as error:
        raise InputError(f"{name}: {error.strerror or error}") from None
    except ValueError as error:
        raise InputError(f"{name}: {error}") from None


def _reader(image: ImageLike) -> tuple[str, Callable[[], Decoded]]:
    """How an image is called in messages, and what reads it."""
    if isinstance(image, str | os.PathLike):
        name = os.fsdecode(image)
        if not name:
            raise InputError("image '': an empty path; name a picture file")
        return name, partial(read_picture, image)
    if isinstance(image, bytes | bytearray | memoryview):
        return "bytes", partial(_decoded, bytes(image))
    if isinstance(image, Image.Image):
        return "picture", lambda: _as_it_is(pixels_of(image))
    if isinstance(image, np.ndarray):
        return "image", lambda: _as_it_is(_checked(image))
    if callable(getattr(image, "read", None)):
        return str(getattr(image, "name", "open file")), lambda: _decoded(image.read())
    raise InputError(
        f"image of type {type(image).__name__}: an array, a Pillow picture, a path, bytes or an open file is expected"
    )


def _as_it_is(pixels: Bytes) -> Decoded:
    return Decoded(pixels, pixels.shape[1], pixels.shape[0])


def _decoded(content: object) -> Decoded:
    if not isinstance(content, bytes):
        raise ValueError("the file is open for text; open it for bytes: open(path, 'rb')")
    if not content:
        raise ValueError("there are no bytes in it")
    return decode(io.BytesIO(content))


def _checked(image: Array) -> Bytes:
    if isinstance(image, MaskedArray) and np.any(image.mask):
        raise ValueError("a masked array, some of whose pixels are hidden; fill them first: image.filled(0)")
    plain = np.asarray(image)  # a np.matrix would stay two-dimensional whatever is cut out of it
    if plain.ndim not in (2, 3):
        hint = "; one picture at a time: images[0]" if plain.ndim == 4 else ""
        raise ValueError(f"array of shape {list(plain.shape)}: [H,W] grey or [H,W,3] RGB is expected{hint}")
    if plain.dtype != np.uint8:
        raise ValueError(f"array of type {plain.dtype}: uint8, grey levels 0..255, is expected")
    if plain.ndim == 3 and plain.shape[2] not in (3, 4):
        hint = ""
        if plain.shape[0] in (1, 3, 4):
            hint = "; these come first here ([C,H,W]): image.transpose(1, 2, 0)"
        said = "3 (RGB) or 4 (RGBA) channels are expected"
        raise ValueError(f"array of shape {list(plain.shape)}: {said}{hint}")
    check_sides(plain.shape[1], plain.shape[0])
    is_clear = plain.ndim == 3 and plain.shape[2] == 4 and plain[..., 3].min() < 255
    return over_black(plain) if is_clear else plain
