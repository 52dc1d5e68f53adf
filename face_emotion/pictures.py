"""Picture files of any kind → the pixels that the runtime works on.

    pixels = read_pixels("photo.jpg")       # uint8 [H,W,3] RGB, or [H,W] of a grey picture
    pixels = decode_pixels(content)         # of bytes, or of a file that is open for reading

Decoding. Python, the page and Android follow this definition, which is what a browser's canvas gives wherever that is
of use, and agree within the tolerances of `models/golden_decoding/golden_decoding.json`; its files have all of it.

| What         | JPEG, PNG, WebP, GIF, AVIF                         | TIFF, HEIC and others: Python only           |
|--------------|----------------------------------------------------|----------------------------------------------|
| orientation  | EXIF of JPEG and WebP, chunk eXIf of PNG; irot and | tag Orientation                              |
|              | imir of AVIF, whose EXIF is ignored; never XMP     | irot and imir of HEIC, whose EXIF is ignored |
| profile      | ICC to sRGB, perceptual, what it has not clipped.  | ICC, the same                                |
|              | Grey takes a profile of grey or of colours. A      |                                              |
|              | damaged one or one for other channels is ignored.  |                                              |
|              | PNG without: chunk sRGB, else gAMA with cHRM or    |                                              |
|              | with sRGB's primaries                              |                                              |
| opacity      | over black, after the profile:                     | the same                                     |
|              | round(level × opacity / 255)                       |                                              |
| CMYK         | without a profile (255 - C)(255 - K) / 255 …       | the same                                     |
| 16 bits      | round(255 × level / white), white being 65535; but | the same; MaxSampleValue, SMaxSampleValue or |
|              | 255, 1023 or 4095 where no level is above it: 8,   | BitsPerSample of 9 to 15 bits tell white too |
|              | 10 or 12 bits that nobody scaled, black otherwise. |                                              |
|              | sBIT says nothing on it. Page and Android are      |                                              |
|              | handed 8 bits and may refuse those                 |                                              |
| 32 bits      | –                                                  | integers as 16 bits, others are refused;     |
|              |                                                    | floats 0..1 times 255, or 0..255, or up to   |
|              |                                                    | MaxSampleValue; others are refused           |
| frames       | an animation's first; of APNG the default image    | the first page; HEIC's primary picture       |
| aspect ratio | pixels are square, whatever the file says          | the same                                     |
| grey         | stays grey, which counts as R = G = B              | the same                                     |
| size         | 8 pixels a side to 64,000,000 in all (Python: of   | the same; 20,000,000 of 32 bits, and of 16   |
|              | 16-bit colours 20,000,000), so that a picture      | bits in colours                              |
|              | takes less than 1 GB of memory. A JPEG of up to    |                                              |
|              | 178,956,970 (progressive 100,000,000) is decoded   |                                              |
|              | at half its size (`decode`), by the page where the |                                              |
|              | browser has ImageDecoder                           |                                              |
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, UnidentifiedImageError

from face_emotion.arrays import Bytes
from face_emotion.colours import to_srgb
from face_emotion.file_kind import HEAD, is_heic, kind_of
from face_emotion.heic import opened as opened_heic
from face_emotion.pillow_log import pillow_quiet

SMALLEST_SIDE = 8
WHITES = (255, 1023, 4095, 65535)  # the highest level of 8, 10, 12 and 16 bits
# What keeps a picture below 1 GB (tests/face_emotion/test_memory.py): some 10 bytes a pixel, three times that of levels
# that are wider than a byte. A progressive JPEG is held whole, as coefficients, at whatever size it is decoded.
MOST_PIXELS, MOST_OF_WIDE = 64_000_000, 20_000_000
MOST_OF_JPEG, MOST_OF_PROGRESSIVE = 178_956_970, 100_000_000  # the first: as many as Pillow opens
_UNREAD = ("JPEG XL", "OpenEXR", "raw")  # known by their first bytes, and of no Pillow
_ROWS_A_BLOCK = 256  # bounds the memory that a picture of many megapixels takes as wider numbers
_ORIENTATION, _BITS, _PHOTOMETRIC, _MAX_SAMPLE, _S_MAX_SAMPLE = 274, 258, 262, 281, 341
# By EXIF's number, upright from how it is stored: views of pixels [H,W] or [H,W,3].
_TURNED: dict[int, Callable[[Bytes], Bytes]] = {
    2: lambda pixels: pixels[:, ::-1],
    3: lambda pixels: pixels[::-1, ::-1],
    4: lambda pixels: pixels[::-1],
    5: lambda pixels: pixels.swapaxes(0, 1),
    6: lambda pixels: pixels.swapaxes(0, 1)[:, ::-1],
    7: lambda pixels: pixels[::-1, ::-1].swapaxes(0, 1),
    8: lambda pixels: pixels.swapaxes(0, 1)[::-1],
}
_ON_THEIR_SIDE = (5, 6, 7, 8)
# Pillow keeps the high byte of 16-bit colours. Read as if of the other byte order it keeps the low one.
_NATIVE, _FOREIGN = ("16L", "16B") if sys.byteorder == "little" else ("16B", "16L")
_OTHER_BYTE = {"16B": "16L", "16L": "16B", "16N": _FOREIGN}


def read_pixels(path: str | os.PathLike[str]) -> Bytes:
    """Returns the pixels of a picture file: uint8 [H,W] if it is grey, else [H,W,3] RGB.

    Raises ValueError with the reason for an empty or unreadable file and a picture smaller than 8 pixels a side,
    OSError if the file cannot be opened.
    """
    return read_picture(path).pixels


def read_picture(path: str | os.PathLike[str]) -> Decoded:
    """Returns what `decode` does of a picture file; raises what `read_pixels` raises."""
    with open(Path(path), "rb") as stream:
        return decode(stream)


@dataclass(frozen=True)
class Decoded:
    """A picture's pixels, and how large it is: width, height (upright, in the picture's own pixels).

    pixels: uint8 [H,W] or [H,W,3]; of a very large JPEG at half its size, or less.
    """

    pixels: Bytes
    width: int
    height: int

    @property
    def scale(self) -> tuple[float, float]:
        """How many of the picture's pixels one of `pixels` is, across and down."""
        return self.width / self.pixels.shape[1], self.height / self.pixels.shape[0]


def decode_pixels(source: BinaryIO | bytes) -> Bytes:
    """Returns the pixels of a picture file's content, or of one open for reading, which is read from its start.

    Shape and ValueError as `read_pixels`. OSError only from a `source` that cannot be read.
    """
    return decode(source).pixels


def decode(source: BinaryIO | bytes) -> Decoded:
    """Returns what `decode_pixels` does, with the size of the picture."""
    stream = io.BytesIO(source) if isinstance(source, bytes | bytearray | memoryview) else source
    if not stream.seekable():
        stream = io.BytesIO(stream.read())
    stream.seek(0)
    start = stream.read(HEAD)
    if isinstance(start, str):
        raise ValueError('a file opened as text; open it with mode "rb"')
    if not start:
        raise ValueError("the file is empty")
    try:
        stream.seek(0)
        with pillow_quiet, opened_heic(stream) if is_heic(start) else Image.open(stream) as picture:
            width, height = picture.size
            _limit(picture)
            levels = _colours_of_16_bits(picture, stream)
            pixels = pixels_of(picture) if levels is None else _finished(picture, _image_of(picture, levels))
            if _orientation(picture) in _ON_THEIR_SIDE:
                width, height = height, width
            return Decoded(pixels, width, height)
    except UnidentifiedImageError:
        raise ValueError(_why_unknown(start)) from None
    except Image.DecompressionBombError:
        raise ValueError(_too_many(MOST_OF_JPEG)) from None
    except ValueError:
        raise
    except MemoryError:
        raise ValueError("there is not enough memory for it; shrink it first") from None
    except Exception as error:  # Pillow's decoders raise almost anything on a damaged file
        reason = " ".join(str(error).split())[:80]
        raise ValueError(f"not an image that can be read ({reason})") from None


def _limit(picture: ImageFile.ImageFile) -> None:
    """Has a JPEG of too many pixels decoded at half its size, or less; ValueError for any other picture of them."""
    pixels = picture.width * picture.height
    most = MOST_OF_WIDE if is_wide(picture) else MOST_PIXELS
    if pixels <= most:
        return
    if picture.format not in ("JPEG", "MPO"):
        raise ValueError(_too_many(most))
    most_here = MOST_OF_PROGRESSIVE if "progressive" in picture.info else MOST_OF_JPEG
    if pixels > most_here:
        raise ValueError(_too_many(most_here))
    picture.draft(None, (picture.width // 2, picture.height // 2))


def _too_many(most: int) -> str:
    return f"more than {most:,} pixels, which are not read; shrink it first"


def is_wide(picture: ImageFile.ImageFile) -> bool:
    """Whether a picture's levels are held as more than a byte each, or are so in the file."""
    if picture.mode in ("I", "F"):
        return True
    words = [tile[3] for tile in picture.tile]
    return picture.mode in ("RGB", "RGBA") and any("16" in str(word) for word in words)


def _why_unknown(head: bytes) -> str:
    kind = kind_of(head)
    if kind is not None and kind.is_video:
        return f"a video ({kind.name}), no picture"
    if kind is not None and kind.name in _UNREAD:
        return f"{kind.name} pictures are not read; save it as JPEG or PNG"
    return "not an image that can be read"


def pixels_of(picture: Image.Image) -> Bytes:
    """Returns the pixels of a Pillow picture, upright: uint8 [H,W] if it is grey, else [H,W,3] RGB.

    16-bit colours, of which Pillow holds half, are cut off. Raises ValueError for levels of unknown range and a picture
    smaller than 8 pixels a side.
    """
    with pillow_quiet:
        check_sides(picture.width, picture.height)
        picture.load()
        if picture.mode.startswith(("I", "F")):
            return _finished(picture, _image_of(picture, np.asarray(picture)))
        return _finished(picture, _of_8_bits(picture))


def check_sides(width: int, height: int) -> None:
    """Raises ValueError for a picture smaller than 8 pixels a side."""
    if min(width, height) < SMALLEST_SIDE:
        raise ValueError(f"{width}×{height} pixels where at least {SMALLEST_SIDE} a side are needed")


def _finished(source: Image.Image, picture: Image.Image) -> Bytes:
    """Returns the pixels of a picture of mode L, LA, RGB, RGBA or CMYK; source: what was read beside them.

    It is gone through in strips: each step on the whole picture would be one more copy of it.
    """
    shape = (
        (picture.height, picture.width) if picture.mode in ("L", "LA") else (picture.height, picture.width, 3)
    )
    pixels = np.empty(shape, np.uint8)
    for top in range(0, picture.height, _ROWS_A_BLOCK):
        bottom = min(top + _ROWS_A_BLOCK, picture.height)
        strip = to_srgb(picture.crop((0, top, picture.width, bottom)), source.info)
        levels = np.asarray(strip)
        if strip.mode in ("LA", "RGBA"):
            levels = over_black(levels)
        if levels.ndim > len(shape):
            if levels.shape[2] == 1:
                levels = levels[..., 0]
            elif top == 0:  # a grey picture with a profile of colours
                pixels = np.empty((*shape, 3), np.uint8)
        pixels[top:bottom] = levels
    turned = _TURNED.get(_orientation(source))
    return pixels if turned is None else np.ascontiguousarray(turned(pixels))


def _orientation(picture: Image.Image) -> int:
    """Returns the orientation that EXIF, or a TIFF's tag, gives: not XMP's or a text's, where Pillow looks too."""
    info = picture.info
    if picture.format == "HEIF":
        return 1  # irot and imir have turned it
    try:
        if (tags := _tags(picture)) is not None:
            found = tags.get(_ORIENTATION, 1)  # Pillow turns a TIFF itself, and takes the tag away
        elif "xmp" in info or "XML:com.adobe.xmp" in info or "Raw profile type exif" in info:
            exif = Image.Exif()
            exif.load(info.get("exif", b""))
            found = exif.get(_ORIENTATION, 1)
        else:
            found = picture.getexif().get(_ORIENTATION, 1)
    except Exception:  # damaged metadata: browsers ignore it, too
        return 1
    return found if isinstance(found, int) else 1


def _tags(picture: Image.Image) -> Any:
    """Returns the tags of a TIFF, None of any other picture."""
    return getattr(picture, "tag_v2", None)


def _of_8_bits(picture: Image.Image) -> Image.Image:
    """Returns a picture as one of mode L, LA, RGB, RGBA or CMYK."""
    mode = picture.mode
    if mode == "CMYK":
        return picture
    grey = mode in ("1", "L", "LA", "La")
    clear = picture.has_transparency_data or mode == "PA"
    wanted = ("LA" if clear else "L") if grey else ("RGBA" if clear else "RGB")
    return picture if mode == wanted else picture.convert(wanted)


def _colours_of_16_bits(picture: ImageFile.ImageFile, stream: BinaryIO) -> NDArray[np.uint16] | None:
    """Returns the levels [H,W,3 or 4] of a file with 16-bit colours; None of any other."""
    if picture.mode not in ("RGB", "RGBA") or not picture.tile:
        return None
    others: list[Any] = []
    for decoder, extent, offset, words in picture.tile:
        raw, *rest = (words,) if isinstance(words, str) else words or ("",)
        kind, _, order = str(raw).partition(";")
        if kind != picture.mode or order not in _OTHER_BYTE:
            return None
        other = f"{kind};{_OTHER_BYTE[order]}"
        others.append((decoder, extent, offset, other if isinstance(words, str) else (other, *rest)))
    check_sides(picture.width, picture.height)
    picture.load()
    high = np.asarray(picture)
    stream.seek(0)
    with Image.open(stream) as again:
        again.tile = others
        low = np.asarray(again)
    levels: NDArray[np.uint16] = high.astype(np.uint16) << 8 | low
    return levels


def _image_of(picture: Image.Image, levels: NDArray[Any]) -> Image.Image:
    """Returns levels [H,W] or [H,W,3..4] of more than 8 bits with 8; picture: where they are from."""
    tags = _tags(picture)
    white = _declared(tags)
    grey = levels.ndim == 2
    bytes_ = _floats(levels, white) if levels.dtype.kind == "f" else _integers(levels, white)
    if grey and tags is not None and tags.get(_PHOTOMETRIC) == 0:  # Pillow inverts those of 8 bits only
        bytes_ = np.uint8(255) - bytes_
    clear = picture.info.get("transparency")
    if clear is not None and (grey or levels.shape[2] == 3):
        opaque = np.asarray(levels != np.asarray(clear))
        opacity = (opaque if grey else opaque.any(axis=2)).astype(np.uint8) * 255
        bytes_ = np.dstack([bytes_, opacity])
    return Image.fromarray(bytes_)


def _declared(tags: Any) -> int | None:
    """Returns the white that a TIFF declares: the highest level of 9 to 16 bits."""
    if tags is None:
        return None
    for tag in (_S_MAX_SAMPLE, _MAX_SAMPLE, _BITS):
        value = tags.get(tag)
        value = value[0] if isinstance(value, tuple) and value else value
        if tag == _BITS and isinstance(value, int):
            value = 2**value - 1
        if isinstance(value, int | float) and value in [2**bits - 1 for bits in range(9, 17)]:
            return int(value)
    return None


def _integers(levels: NDArray[Any], white: int | None) -> Bytes:
    """Returns the 8 bits of integers; of colours, a fourth channel is the opacity, whose white is 65535."""
    colours = levels[..., :3] if levels.ndim == 3 else levels
    lowest, highest = int(colours.min()), int(colours.max())
    if lowest < 0 or highest > WHITES[-1]:
        raise ValueError(
            f"grey levels {lowest}..{highest} where 16 bits have 0..65535; save it with 8 or 16 bits"
        )
    if white is None or white < highest or white == WHITES[-1]:
        white = next(white for white in WHITES if highest <= white)
    found: Bytes = _table(white)[colours]
    if levels.ndim == 3 and levels.shape[2] == 4:
        found = np.dstack([found, _table(WHITES[-1])[levels[..., 3]]])
    return found


def _table(white: int) -> Bytes:
    """Returns the 8 bits of every level of 16, of which `white` becomes 255."""
    levels = np.minimum(np.arange(65536), white)
    table: Bytes = ((levels * 255 + white // 2) // white).astype(np.uint8)
    return table


def _floats(levels: NDArray[Any], white: int | None) -> Bytes:
    lowest, highest = float(levels.min()), float(levels.max())
    if not (np.isfinite(lowest) and np.isfinite(highest)):
        raise ValueError("floating-point grey levels that are no numbers; save it with 8 or 16 bits")
    scale = 255.0 if highest <= 1 else 1.0 if highest <= 255 else 255 / (white or 1)
    if lowest < 0 or highest * scale > 255:
        raise ValueError(
            f"floating-point grey levels {lowest:g}..{highest:g}, of unknown range; save it with 8 or 16 bits"
        )
    found = np.empty(levels.shape, np.uint8)
    for top in range(0, len(levels), _ROWS_A_BLOCK):
        found[top : top + _ROWS_A_BLOCK] = np.floor(levels[top : top + _ROWS_A_BLOCK] * scale + 0.5)
    return found


def over_black(values: Bytes) -> Bytes:
    """Returns uint8 [H,W,C-1] of uint8 [H,W,C], whose last channel is the opacity."""
    flat = np.empty((*values.shape[:2], values.shape[2] - 1), np.uint8)
    for top in range(0, len(values), _ROWS_A_BLOCK):
        block = values[top : top + _ROWS_A_BLOCK].astype(np.uint16)
        flat[top : top + _ROWS_A_BLOCK] = (block[..., :-1] * block[..., -1:] + 127) // 255
    return flat
