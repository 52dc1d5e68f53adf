"""The cache behind `model_build.data.loading.load`: one file a source, checked against the source's files.

Teachers' kept logits (training/views.py) are entries too.

An entry is used when the resolved paths and the contents (BLAKE2b) of all source files and the version of the readers
are those it was written with: sizes and times would not tell a file that was changed in place. FER2013's csv takes half
a second; a damaged or outdated entry is no error, it is read afresh.
An entry is a line with a CRC-32, a line of JSON and the arrays' bytes.
"""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from face_emotion.arrays import Array
from face_emotion.files import atomic_path

READER_VERSION = 2  # raise it whenever the readers would return something else for the same files


def entry_of(sources: Sequence[str | Path], folder: Path, said: Sequence[Any] = ()) -> tuple[Path, str]:
    """Returns the cache file of these source files or folders, and the key of their present state.

    said: what else decides how they are read, plain values; each has an entry of its own.
    """
    paths = [Path(source).resolve() for source in sources]
    name = hashlib.sha256(
        "\n".join(map(str, [*paths, *said])).encode("utf-8", "surrogateescape")
    ).hexdigest()[:16]
    state: list[Any] = [READER_VERSION, *said]
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        state += [(str(file), _content(file)) for file in files]
    return folder / f"data-{name}.cache", hashlib.sha256(json.dumps(state).encode()).hexdigest()


def _content(file: Path) -> str:
    """Returns what tells a file's content from others: its BLAKE2b; a word for what is none or cannot be read."""
    if not file.is_file():
        return "folder" if file.is_dir() else "none"
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError as error:  # whoever reads it says so
        return f"unreadable {error.errno}"


def read_entry(path: Path, key: str) -> dict[str, Any] | None:
    """Returns the arrays and plain values that `write_entry` stored, or None without a sound entry."""
    try:
        with path.open("rb") as stream:
            checksum = int(stream.readline(), 16)
            header = stream.readline()
            about = json.loads(header)
            if about["key"] != key:
                return None
            arrays = {
                name: np.fromfile(stream, dtype, math.prod(shape)).reshape(shape)
                for name, dtype, shape in about["arrays"]
            }
        sound = _checksum(header, arrays) == checksum
        return about["values"] | arrays if sound else None
    except Exception:  # damage raises almost anything; whatever it is, the source is read afresh
        return None


def write_entry(path: Path, key: str, values: dict[str, Any]) -> None:
    """Stores arrays and plain (JSON) values under `key`; raises OSError where the disk refuses."""
    arrays = {name: np.ascontiguousarray(v) for name, v in values.items() if isinstance(v, np.ndarray)}
    about = {
        "key": key,
        "values": {name: value for name, value in values.items() if name not in arrays},
        "arrays": [(name, array.dtype.str, array.shape) for name, array in arrays.items()],
    }
    header = json.dumps(about).encode() + b"\n"
    with atomic_path(path, durable=False) as partial, partial.open("wb") as stream:
        stream.write(b"%08x\n" % _checksum(header, arrays) + header)
        for array in arrays.values():
            stream.write(array.data)


def _checksum(header: bytes, arrays: dict[str, Array]) -> int:
    checksum = zlib.crc32(header)
    for array in arrays.values():
        checksum = zlib.crc32(array.data, checksum)
    return checksum
