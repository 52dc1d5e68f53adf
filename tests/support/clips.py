"""What OpenCV does not write into a video: shape of the pixels, rotation, a codec that it cannot decode."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

PARENTS = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
VISUAL_ENTRY = 86  # bytes of an MP4's sample entry before its boxes


def with_pixel_shape(path: Path, across: int, down: int) -> Path:
    """Gives an MP4 file's pixels a shape: a box `pasp` of across : down in place of the one that is there."""
    content = path.read_bytes()
    return _rewritten(path, _boxes(content, struct.pack(">I4sII", 16, b"pasp", across, down)))


def with_rotation(path: Path, degrees: int) -> Path:
    """Makes players turn an MP4 file's frames clockwise by 0, 90, 180 or 270 degrees: the matrix of its `tkhd`."""
    cosine, sine = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[degrees]
    matrix = struct.pack(
        ">9i", *(65536 * value for value in (cosine, sine, 0, -sine, cosine, 0, 0, 0)), 1 << 30
    )
    content = bytearray(path.read_bytes())
    place = content.index(b"tkhd") + 4 + 40
    content[place : place + 36] = matrix
    return _rewritten(path, bytes(content))


def write_av1(path: Path, frames: Sequence[np.ndarray], rate: int = 10) -> Path:
    """Writes RGB frames as AV1 in an IVF container, whatever the suffix: FFmpeg goes by the content."""
    height, width = frames[0].shape[:2]
    content = b"DKIF" + struct.pack("<HH4sHHIIII", 0, 32, b"AV01", width, height, rate, 1, len(frames), 0)
    for number, frame in enumerate(frames):
        stream = io.BytesIO()
        Image.fromarray(frame).save(stream, "AVIF", quality=60, subsampling="4:2:0", speed=10)
        packed = stream.getvalue()
        place = packed.index(b"mdat")
        (size,) = struct.unpack(">I", packed[place - 4 : place])
        unit = (
            b"\x12\x00" + packed[place + 4 : place - 4 + size]
        )  # a temporal delimiter, then AVIF's own units
        content += struct.pack("<IQ", len(unit), number) + unit
    path.write_bytes(content)
    return path


def _boxes(content: bytes, added: bytes) -> bytes:
    """Returns a run of MP4 boxes with `added` at the end of the video's sample entry."""
    found, place = b"", 0
    while place < len(content):
        size, name = struct.unpack(">I4s", content[place : place + 8])
        size = size or len(content) - place
        body = content[place + 8 : place + size]
        if name == b"stsd":
            entry = body[8:]
            (length,) = struct.unpack(">I", entry[:4])
            inner = _without(entry[VISUAL_ENTRY:length], b"pasp") + added
            entry = struct.pack(">I", VISUAL_ENTRY + len(inner)) + entry[4:VISUAL_ENTRY] + inner
            body = body[:8] + entry
        elif name in PARENTS:
            body = _boxes(body, added)
        found += struct.pack(">I4s", 8 + len(body), name) + body
        place += size
    return found


def _without(content: bytes, unwanted: bytes) -> bytes:
    found, place = b"", 0
    while place + 8 <= len(content):
        size, name = struct.unpack(">I4s", content[place : place + 8])
        if name != unwanted:
            found += content[place : place + size]
        place += size
    return found


def _rewritten(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
