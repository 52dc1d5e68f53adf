"""Room for the pictures that several threads read at a time: all of them together take no more memory than one may.

room = Room(MOST_PIXELS)
with room.taken(path):          # waits until there is room for the picture
    ...
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from face_emotion.pictures import MOST_OF_WIDE, MOST_PIXELS, is_wide
from face_emotion.pillow_log import pillow_quiet

WIDEST = MOST_PIXELS / MOST_OF_WIDE  # how many pixels of a byte one of wider levels counts as
SMALL = 1_000_000  # pixels of a picture that says nothing, or less


class Room:
    """So many pixels. Threads share one."""

    def __init__(self, pixels: int = MOST_PIXELS) -> None:
        """pixels: how many there is room for; a picture of more waits until it is alone."""
        self._most, self._taken = pixels, 0
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def taken(self, path: Path) -> Iterator[None]:
        """Holds the room that a picture file takes for the length of a block; waits for it first."""
        wanted = min(_pixels_of(path), self._most)
        with self._changed:
            self._changed.wait_for(lambda: self._taken + wanted <= self._most)
            self._taken += wanted
        try:
            yield
        finally:
            with self._changed:
                self._taken -= wanted
                self._changed.notify_all()


def _pixels_of(path: Path) -> int:
    """Returns how many pixels a picture counts as, by the beginning of its file."""
    try:
        with pillow_quiet, Image.open(path) as picture:
            pixels = picture.width * picture.height
            return max(SMALL, int(pixels * WIDEST) if is_wide(picture) else pixels)
    except Exception:  # whoever reads it says why it cannot be read
        return SMALL
