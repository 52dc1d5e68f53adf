"""Keeps what Pillow and its libtiff say of odd files off the terminal.

with pillow_quiet:
    picture = Image.open(stream)
"""

from __future__ import annotations

import contextlib
import ctypes
import warnings
from collections.abc import Callable

from face_emotion.turns import PROCESS, Turn


class PillowQuiet:
    """Keeps Pillow's warnings and libtiff's lines on stderr away while one or more threads are inside.

    Nothing is redirected, so other threads go on to print: libtiff has its handlers taken away, and Python's warnings
    are filtered for Pillow's modules only.
    """

    def __init__(self) -> None:
        self._lock = Turn(PROCESS)
        self._inside = 0
        self._restore = contextlib.ExitStack()

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._restore.enter_context(warnings.catch_warnings())
                warnings.filterwarnings("ignore", module=r"PIL\.")
                for name in ("TIFFSetErrorHandler", "TIFFSetWarningHandler"):
                    self._restore.callback(_taken(name))

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._restore.close()


def _taken(name: str) -> Callable[[], object]:
    """Sets one of libtiff's handlers to none; returns what sets it again."""
    from PIL import _imaging

    try:
        # A library that Pillow's own was linked to is found through it, wherever it lies.
        setter = ctypes.CDLL(_imaging.__file__)[name]
    except (AttributeError, OSError, TypeError):  # a Pillow without libtiff, or with one that hides its names
        return lambda: None
    setter.restype, setter.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    before = setter(None)
    return lambda: setter(before)


pillow_quiet = PillowQuiet()
