"""Named arrays in one .npz file, written whole or not at all."""

from __future__ import annotations

import io
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
