"""What the system says, and is told, of this process's memory.

    require_addresses(RUNTIME)      # before native libraries are loaded
    give_back_large_blocks()        # before threads read large pictures

A limit of addresses (`ulimit -v`, a batch system's) may end the process without a word. Where Python's own memory runs
out, MemoryError says so, and a command ends with one line (errors.py). OpenBLAS, OpenCV and TensorFlow start threads
and load libraries of hundreds of megabytes, and end the process where that fails: so a limit that is too low for them
is refused before they are loaded.
"""

from __future__ import annotations

import contextlib
import ctypes

from face_emotion.errors import InputError

RUNTIME, TENSORFLOW = 1024, 6144  # MiB of addresses; a good deal less of them is ever used
_M_MMAP_THRESHOLD = -3  # of glibc's malloc.h


def require_addresses(least: int) -> None:
    """Raises InputError if this process may have fewer than `least` MiB of addresses; nothing where there is no such
    limit."""
    try:
        import resource
    except ImportError:  # Windows
        return
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    if most != resource.RLIM_INFINITY and most < least << 20:
        raise InputError(
            f"the limit of addresses (ulimit -v) is {most >> 10:,} kB; raise it to {least << 10:,} or more, "
            "of which most is never used"
        )


def give_back_large_blocks() -> None:
    """Has every block of 8 MB or more go back to the system as soon as it is freed, where the C library is glibc.

    Left alone, glibc keeps blocks of up to 32 MB for the thread that freed one of that size before, so a second large
    picture takes up to half as much again as the first. For a process of our own: it holds for the whole of it.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library, or none to load
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 8 << 20)
