"""What a command prints, whatever the locale, the names of files, and who reads it."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import IO

EXIT_BROKEN_PIPE = 141  # what a shell reports of a program whose reader has gone: 128 + SIGPIPE


def printable() -> None:
    """Has stdout and stderr take any text: labels and file names are printed whatever the locale says, as UTF-8, and
    names that are no text come out as the bytes that they are.

    A process that was started without one of the three (`>&-`) gets one that leads nowhere: a file that it opens would
    take that place, and native code's lines would stand in it.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):  # in the order of their numbers
        if getattr(sys, name) is None:
            with contextlib.suppress(OSError):
                setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            with contextlib.suppress(
                OSError
            ):  # what it holds goes out first, and that may fail: so will the rest
                stream.reconfigure(encoding="utf-8", errors="surrogateescape")


def printed(text: str) -> str:
    """Returns a text as a file of UTF-8 can hold it: bytes of a name that are no text as \\udcff and the like."""
    return text.encode("utf-8", "backslashreplace").decode()


def flushed(stream: IO[str] | None) -> None:
    """Writes out what a stream holds; raises OSError where that fails, while a command can still say so."""
    if stream is not None and not stream.closed:
        stream.flush()


def muted(number: int = 1) -> None:
    """Leads stdout (or stderr, 2) nowhere: what it still holds cannot be written, and nobody is to hear of it twice."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, number)
        os.close(nowhere)
