"""Named arrays in one .npz file, written whole or not at all."""

from __future__ import annotations

import io
import struct
import tokenize
import zipfile
import zlib
from pathlib import Path

import numpy as np

from face_emotion.arrays import Array
from face_emotion.files import atomic_path


def write_arrays(path: str | Path, arrays: dict[str, Array]) -> None:
    """Writes arrays through a temporary name; OSError names `path` where the disk refuses.

    The archive is made in memory first: one that fails half-way on a full disk complains once more, on
    stderr, when Python throws it away.
    """
    content = io.BytesIO()
    np.savez(content, **arrays)
    with atomic_path(path) as partial:
        partial.write_bytes(content.getbuffer())


# What NumPy and zipfile raise of a file that was damaged, or made to harm.
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, tokenize.TokenError, EOFError, OSError, MemoryError),
    *(ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, SyntaxError, RuntimeError),
)


def read_arrays(path: Path) -> dict[str, Array]:
    """Returns the arrays of an .npz file by name; raises ValueError, in a few words, if it is none.

    Arrays of objects are refused: reading them may run anything.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            names: list[str] = stored.files
    except _DAMAGE:
        raise ValueError("no .npz file, or a damaged one") from None
    arrays = {}
    with np.load(path, allow_pickle=False) as stored:
        for name in names:
            try:
                value = stored[name]
            except _DAMAGE:
                raise ValueError(f"array {name[:60]!r} is damaged, or none of numbers or text") from None
            if not isinstance(value, np.ndarray):
                raise ValueError(f"{name[:60]!r} is no array")
            arrays[name] = value
    return arrays


def text_of(arrays: dict[str, Array], name: str) -> str:
    """Returns the text that an array holds; raises ValueError if there is none of that name, or none that is text."""
    value = arrays.get(name)
    if value is None or value.dtype.kind != "U" or value.ndim:
        raise ValueError(f"it has no text {name!r}")
    return str(value)
