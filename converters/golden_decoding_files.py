"""Encoders of the golden pictures: PNG by chunks, ICC profiles, EXIF, what Pillow writes; for golden_decoding.py."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from converters.golden_decoding_pattern import (
    colours,
    ink,
)
from face_emotion.arrays import Doubles

SRGB_CURVE = (
    b"para"
    + struct.pack(">IHH", 0, 3, 0)
    + struct.pack(
        ">5i", *(round(65536 * value) for value in (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))
    )
)


def png(
    pixels: NDArray[Any], chunks: dict[bytes, bytes] | None = None, kind: int | None = None, depth: int = 0
) -> bytes:
    """Returns a PNG file, not filtered, of uint8 or uint16 [H,W] or [H,W,2..4].

    chunks: stand before the pixels; kind: PNG's colour type, 3 for a palette; depth: bits a sample, 1 for packed ones.
    """
    height, width = pixels.shape[:2]
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    if kind is None:
        kind = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    if depth == 1:
        width *= 8
    header = struct.pack(">IIBBBBB", width, height, depth or 8 * pixels.itemsize, kind, 0, 0, 0)
    rows = pixels.astype(pixels.dtype.newbyteorder(">")).reshape(height, -1)
    body = zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows), 9)
    parts = [(b"IHDR", header), *(chunks or {}).items(), (b"IDAT", body), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in parts
    )


def gamma_curve(gamma: float) -> bytes:
    return b"curv" + struct.pack(">IIH", 0, 1, round(256 * gamma)) + b"\0\0"


def profile(curve: bytes, to_xyz: Doubles | None) -> bytes:
    """Returns an ICC profile (version 4) of one curve: a display's with its primaries [3,3], or grey without."""

    def text(content: str) -> bytes:
        return (
            b"mluc"
            + struct.pack(">III2s2sII", 0, 1, 12, b"en", b"US", 2 * len(content), 28)
            + content.encode("utf-16-be")
        )

    def point(values: Any) -> bytes:
        return b"XYZ " + struct.pack(">I3i", 0, *(round(65536 * float(value)) for value in values))

    tags = [(b"desc", text("golden")), (b"cprt", text("none")), (b"wtpt", point((0.9642, 1.0, 0.8249)))]
    if to_xyz is None:
        tags.append((b"kTRC", curve))
    else:
        tags += [
            (name, point(column)) for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), to_xyz.T, strict=True)
        ]
        tags += [(name, curve) for name in (b"rTRC", b"gTRC", b"bTRC")]
    place, table, body = 132 + 12 * len(tags), b"", b""
    for name, content in tags:
        padded = content + b"\0" * (-len(content) % 4)
        table += struct.pack(">4sII", name, place + len(body), len(content))
        body += padded
    space = b"GRAY" if to_xyz is None else b"RGB "
    header = struct.pack(">I4xI4s4s4s", place + len(body), 0x04000000, b"mntr", space, b"XYZ ")
    header += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + bytes(28)
    header += struct.pack(">3i", 63190, 65536, 54061) + bytes(48)
    return header + struct.pack(">I", len(tags)) + table + body


def ink_jpeg() -> bytes:
    stream = io.BytesIO()
    Image.fromarray(ink(colours()), "CMYK").save(stream, "JPEG", quality=95, subsampling=0)
    return stream.getvalue()


def exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[274] = orientation
    return exif.tobytes()


def saved(pixels: NDArray[Any], form: str, tiffinfo: dict[int, int] | None = None, **options: Any) -> bytes:
    stream = io.BytesIO()
    if tiffinfo:
        options["tiffinfo"] = TiffImagePlugin.ImageFileDirectory_v2()
        for tag, value in tiffinfo.items():
            options["tiffinfo"][tag] = value
    Image.fromarray(pixels).save(stream, form, **options)
    return stream.getvalue()
