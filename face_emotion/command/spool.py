"""What comes through stdin or a pipe, kept in a temporary file while it is read: OpenCV wants a file of each video.

with Spool() as spool:
    path = spool.stdin()
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO


class Spool:
    """A temporary folder, made when it is first needed and removed with the block."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._count = 0

    def stdin(self) -> Path:
        """Returns a file with all that comes through stdin: nothing if that is closed."""
        return self._kept(io.BytesIO() if sys.stdin is None else sys.stdin.buffer)

    def pipe(self, path: Path) -> Path:
        """Returns a file with all that comes through a named pipe."""
        with open(path, "rb") as stream:
            return self._kept(stream)

    def _kept(self, stream: BinaryIO) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="face-emotion-")
        self._count += 1
        path = Path(self._folder.name) / str(self._count)
        with open(path, "wb") as kept:
            shutil.copyfileobj(stream, kept)
        return path

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            self._folder.cleanup()
