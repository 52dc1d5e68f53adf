"""SIGTERM, by which schedulers and `docker stop` end a process, as an exception that waits for a running write.

end_gently()                        # once, at a command's start
with unbroken():                    # files.atomic_path does so
    ...                             # is finished before Terminated is raised
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


class Terminated(BaseException):
    """The process was asked to end, by SIGTERM; as KeyboardInterrupt, no `except Exception` takes it."""


class _Writes:
    """What runs that is to be finished, and whether the process was asked to end meanwhile."""

    def __init__(self) -> None:
        self.running, self.asked = 0, False


_writes = _Writes()
_lock = threading.RLock()  # of the main thread's handler, which may come while it is held


def end_gently() -> None:
    """Has SIGTERM raise Terminated in the main thread, after the writes that run; nothing in any other thread."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _asked)


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


def _asked(number: int, frame: FrameType | None) -> None:
    _writes.asked = True
    if not _writes.running:
        raise Terminated
