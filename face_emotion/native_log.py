"""Keeps the log lines of native code (LiteRT's greeting, TensorFlow's start and converter) off the terminal.

stderr belongs to the whole process: blocks of several threads take turns, and nested ones are one.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator

from face_emotion.turns import PROCESS, Turn

_LOCK = Turn(PROCESS, nested=True)
STDERR = 2


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Sends stderr to nowhere on the C level while the block runs; Python's exceptions still come through."""
    with open(os.devnull, "wb") as sink, _redirected(sink.fileno()):
        yield


@contextlib.contextmanager
def without_lines(part: bytes) -> Iterator[None]:
    """Leaves the lines that hold `part` out of what the block writes to stderr on the C level; the rest follows it."""
    with tempfile.TemporaryFile() as kept:
        try:
            with _redirected(kept.fileno()):
                yield
        finally:
            kept.seek(0)
            rest = b"".join(line for line in kept if part not in line)
            if rest:
                with contextlib.suppress(OSError):
                    os.write(STDERR, rest)


@contextlib.contextmanager
def _redirected(sink: int) -> Iterator[None]:
    with _LOCK:
        if sys.stderr is not None:
            sys.stderr.flush()
        try:
            saved = os.dup(STDERR)
        except OSError:  # a process without stderr has nothing to keep clean
            yield
            return
        try:
            os.dup2(sink, STDERR)
            yield
        finally:
            os.dup2(saved, STDERR)
            os.close(saved)
