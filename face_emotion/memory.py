"""A limit of addresses (`ulimit -v`, a batch system's) under which native libraries end the process without a word.

    require_addresses(RUNTIME)

Where Python's own memory runs out, MemoryError says so, and a command ends with one line (errors.py). OpenBLAS, OpenCV
and TensorFlow start threads and load libraries of hundreds of megabytes, and end the process where that fails: so a
limit that is too low for them is refused before they are loaded.
"""

from __future__ import annotations

from face_emotion.errors import InputError

RUNTIME, TENSORFLOW = 1024, 6144  # MiB of addresses; a good deal less of them is ever used


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
