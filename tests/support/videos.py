"""Video files that show pictures of the project one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from tests.support.paths import ROOT

SAMPLES = ROOT / "web/static/samples"
HAPPY, SURPRISE = "portrait.jpg", "surprise.jpg"  # what the small network reads of them, and is certain of


def write_video(
    path: Path,
    plan: Sequence[tuple[str | None, float]],
    size: tuple[int, int] = (640, 480),
    rate: int = 10,
) -> Path:
    """Writes a WebM file (VP8): each sample picture, or an empty wall for None, for so many seconds.

    A picture goes slowly to the right, so that no two frames are equal.
    """
    width, height = size
    side = min(size)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"VP80"), rate, size)
    for name, seconds in plan:
        picture = cv2.resize(cv2.imread(str(SAMPLES / name)), (side, side)) if name else None
        for number in range(round(seconds * rate)):
            frame = np.full((height, width, 3), 90, np.uint8)
            if picture is not None:
                left = min((width - side) // 2 + number % 20, width - side)
                top = (height - side) // 2
                frame[top : top + side, left : left + side] = picture
            writer.write(frame)
    writer.release()
    return path


def with_duration(content: bytes, milliseconds: float) -> bytes:
    """Returns a WebM file that says it is as long as that: a float64 in its element Duration."""
    import struct

    place = content.index(b"\x44\x89\x88")
    return content[: place + 3] + struct.pack(">d", milliseconds) + content[place + 11 :]


def write_numbered(path: Path, count: int, rate: int) -> Path:
    """Writes a WebM file (VP8) whose every frame carries its number.

    Eight blocks, white for a one, and their reverse below.
    """
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"VP80"), rate, (320, 240))
    for number in range(count):
        bits = [number >> place & 1 for place in range(8)]
        levels = np.array([bits, [1 - bit for bit in bits]], np.uint8) * 200 + 25
        writer.write(np.repeat(np.kron(levels, np.ones((120, 40), np.uint8))[..., None], 3, axis=2))
    writer.release()
    return path
