"""Many picture files → faces, decoded on all cores.

Workers are processes (joblib's loky): most of decoding a small picture holds Python's lock, and a process that runs
TensorFlow must not be forked.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from face_emotion.arrays import Bytes
from model_build.data.pictures import read_face

FEW = 3000  # pictures that are decoded before workers would have started
CHUNK = 100  # pictures that a worker is handed at once


def read_faces(paths: Sequence[Path]) -> Iterator[Bytes | str]:
    """Yields `read_face` of each picture in order: uint8 [48, 48], or why it cannot be used.

    Raises OSError where a file cannot be opened. Holds some hundreds of pictures at a time.
    """
    cores = available_cores()
    if len(paths) <= FEW or cores == 1:
        yield from map(_face, paths)
        return
    from joblib import Parallel, delayed  # only now: few pictures, and who only runs models, need no workers

    chunks = [paths[start : start + CHUNK] for start in range(0, len(paths), CHUNK)]
    pool = Parallel(n_jobs=cores, return_as="generator", pre_dispatch=4 * cores, batch_size=1)
    for faces in pool(delayed(_faces)(chunk) for chunk in chunks):
        yield from faces


def available_cores() -> int:
    """Returns how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _faces(paths: Sequence[Path]) -> list[Bytes | str]:
    return [_face(path) for path in paths]


def _face(path: Path) -> Bytes | str:
    try:
        return read_face(path)
    except ValueError as error:
        return str(error)
