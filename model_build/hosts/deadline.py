"""A block that ends the process, with one line and a status, where it lasts too long: even if Python cannot run.

    with deadline(50, "error: another host no longer answers", 2):
        ...

TensorFlow connects hosts in C++ and keeps Python's lock meanwhile; no thread or signal handler of Python then runs.
The C library's timers start threads of their own (timer_create with SIGEV_THREAD, POSIX.1-2001), which need no lock:
one has a shell print the line, a later one ends the process. Where the C library has no such timers (macOS),
faulthandler ends the process, with a trace and status 1.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import fcntl
import os
import shlex
from collections.abc import Iterator
from typing import Any

CLOCK_MONOTONIC, SIGEV_THREAD = 1, 2  # of <time.h> and <signal.h>, Linux
SAYING = 1  # seconds between the line and the end


class _Value(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("pointer", ctypes.c_void_p))


class _Event(ctypes.Structure):
    """`struct sigevent`, 64 bytes."""

    _fields_ = (
        ("value", _Value),
        ("signal", ctypes.c_int),
        ("notify", ctypes.c_int),
        ("function", ctypes.c_void_p),
        ("attributes", ctypes.c_void_p),
        ("rest", ctypes.c_char * 32),
    )


class _Times(ctypes.Structure):
    """`struct itimerspec`."""

    _fields_ = tuple(
        (name, ctypes.c_long) for name in ("again", "again_nanoseconds", "first", "first_nanoseconds")
    )


@contextlib.contextmanager
def deadline(seconds: int, line: str, status: int) -> Iterator[None]:
    """A block that has at most `seconds` (whole, from 1): then `line` stands on stderr and the process has ended.

    status: of the process, 0..255; what Python has still to write is lost.
    """
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "timer_create"):
        with _traced(seconds):
            yield
        return
    with _stderr() as terminal:
        said = ctypes.create_string_buffer(os.fsencode(f"printf '%s\\n' {shlex.quote(line)} {terminal}"))
        with (
            _timer(library, seconds, library.system, _Value(pointer=ctypes.addressof(said))),
            _timer(library, seconds + SAYING, library._exit, _Value(number=status)),
        ):
            yield


@contextlib.contextmanager
def _stderr() -> Iterator[str]:
    """A block in which a shell's redirection to what stderr is now holds, though the block may redirect it."""
    try:
        number = fcntl.fcntl(2, fcntl.F_DUPFD, 3)  # a child inherits it
    except OSError:  # closed
        yield ">/dev/null"
        return
    try:
        yield f">&{number}" if number < 10 else f">>/dev/fd/{number}"  # a shell need not know more digits
    finally:
        os.close(number)


@contextlib.contextmanager
def _timer(library: ctypes.CDLL, seconds: int, function: Any, value: _Value) -> Iterator[None]:
    """A block in which the C library calls `function`, of its own, with `value` after so many seconds."""
    address = ctypes.cast(function, ctypes.c_void_p)
    event = _Event(value=value, notify=SIGEV_THREAD, function=address)
    timer = ctypes.c_void_p()
    _checked(library.timer_create(CLOCK_MONOTONIC, ctypes.byref(event), ctypes.byref(timer)))
    try:
        times = _Times(first=seconds)
        _checked(library.timer_settime(timer, 0, ctypes.byref(times), None))
        yield
    finally:
        library.timer_delete(timer)


@contextlib.contextmanager
def _traced(seconds: int) -> Iterator[None]:
    with open(os.dup(2), "w", encoding="utf-8") as terminal:
        faulthandler.dump_traceback_later(seconds, exit=True, file=terminal)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def _checked(result: int) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
