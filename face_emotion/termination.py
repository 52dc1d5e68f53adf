"""Ctrl-C and SIGTERM, by which schedulers and `docker stop` end a process, as exceptions that wait for what may not
be broken off: a running write (SIGTERM), and TensorFlow's or Keras's own calls (both).

end_gently()                        # once, at a command's start
with unbroken():                    # files.atomic_path does so
    ...                             # is finished before Terminated is raised

TensorFlow calls Python back from C++ and does not stand an exception there that it has not foreseen: raised in the
middle of a training step, KeyboardInterrupt corrupts the heap once in some hundred times ("free(): invalid next
size", status 134). So an exception is raised in the frame that called the library, as soon as the call returns.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

EXIT_INTERRUPTED = 130  # what a shell reports of a program that Ctrl-C ended: 128 + SIGINT
EXIT_TERMINATED = 143  # what a shell reports of a program that SIGTERM ended: 128 + SIGTERM
LINES = {
    EXIT_INTERRUPTED: "interrupted: run the same command again to go on where it stopped",
    EXIT_TERMINATED: "terminated: run the same command again to go on where it stopped",
}
# Libraries whose C++ calls Python back.
LIBRARIES = frozenset({"tensorflow", "tf_keras", "keras", "tensorflow_model_optimization", "jax"})


class Terminated(BaseException):
    """The process was asked to end, by SIGTERM; as KeyboardInterrupt, no `except Exception` takes it."""


class _Writes:
    """What runs that is to be finished, and whether the process was asked to end meanwhile."""

    def __init__(self) -> None:
        self.running, self.asked = 0, False


_writes = _Writes()
_lock = threading.RLock()  # of the main thread's handler, which may come while it is held


def end_gently() -> None:
    """Has SIGTERM raise Terminated and Ctrl-C KeyboardInterrupt in the main thread, each as soon as that breaks
    nothing; a second Ctrl-C meanwhile ends the process at once, with the same line and status. Nothing in any other
    thread; a process that was started to ignore Ctrl-C (`nohup … &`) still does."""
    if threading.current_thread() is not threading.main_thread():
        return
    signal.signal(signal.SIGTERM, _asked)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _interrupted)


def ended() -> None:
    """After the command's last word: where `end_gently` was called, Ctrl-C ends the process at once, without a
    traceback from the interpreter's shutdown."""
    if signal.getsignal(signal.SIGINT) is _interrupted:
        signal.signal(signal.SIGINT, _at_once)


@contextlib.contextmanager
def unbroken() -> Iterator[None]:
    """Finishes a block before Terminated is raised: at the end of the outermost one, in whatever thread that is."""
    with _lock:
        _writes.running += 1
    try:
        yield
    finally:
        with _lock:
            _writes.running -= 1
    if _writes.asked and not _writes.running:
        raise Terminated


def caller_of(libraries: frozenset[str], frame: FrameType | None) -> FrameType | None:
    """Returns the frame that called into one of some top-level packages, the outermost such call's; None if `frame`
    and its callers are in none of them."""
    caller = None
    while frame is not None:
        if str(frame.f_globals.get("__name__", "")).split(".")[0] in libraries:
            caller = frame.f_back
        frame = frame.f_back
    return caller


def _asked(number: int, frame: FrameType | None) -> None:
    _writes.asked = True
    if not _writes.running:
        _raise_outside(Terminated, frame)


def _interrupted(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, _at_once)
    _raise_outside(KeyboardInterrupt, frame)


def _at_once(number: int, frame: FrameType | None) -> None:
    # By the file descriptor: whatever this interrupts may hold the lock of sys.stderr.
    os.write(2, f"{LINES[EXIT_INTERRUPTED]}\n".encode())
    os._exit(EXIT_INTERRUPTED)


def _raise_outside(error: type[BaseException], frame: FrameType | None) -> None:
    """Raises `error`, or has it raised where a library's call returns to (a debugger keeps its trace function)."""
    caller = caller_of(LIBRARIES, frame)
    if caller is None or sys.gettrace() is not None:
        raise error

    def returned(frame: FrameType, event: str, argument: Any) -> None:
        sys.settrace(None)
        raise error

    caller.f_trace = returned
    sys.settrace(lambda frame, event, argument: None)
