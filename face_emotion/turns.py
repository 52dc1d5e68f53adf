"""Locks by which threads take turns, and which a forked process finds open.

    self._turn = Turn(NETWORK)
    with self._turn:
        self._interpreter.invoke()

A process that is forked (multiprocessing's way on Linux before Python 3.14, a server's workers) has only the thread
that forked it. A lock that another one held would stay shut there for ever, and what it guards be half done. So a fork
waits until nobody is inside: a frame at most. Locks may be taken within one another by rising rank only.
"""

from __future__ import annotations

import os
import threading
import weakref

VIDEO, DETECTOR, NETWORK, PROCESS = RANKS = range(4)  # the later may be taken within the earlier


class Turn:
    """A lock, for one thread at a time (`with turn:`). Attributes: rank (one of the above)."""

    def __init__(self, rank: int, nested: bool = False) -> None:
        """nested: the thread that is inside may come in again."""
        self.rank, self._nested = rank, nested
        self._lock = threading.Lock()
        self._owner: int | None = None
        self._depth = 0
        _turns.add(weakref.ref(self, _turns.discard))

    def __enter__(self) -> None:
        if not (self._nested and self.own):
            self._lock.acquire()
            self._owner = threading.get_ident()
        self._depth += 1

    def __exit__(self, *_: object) -> None:
        self._depth -= 1
        if not self._depth:
            self._owner = None
            self._lock.release()

    @property
    def own(self) -> bool:
        """Whether the thread that asks is inside."""
        return self._owner == threading.get_ident()


_forking = threading.RLock()
_turns: set[weakref.ref[Turn]] = set()
_held: list[Turn] = []  # while a process is forked


def _before_fork() -> None:
    """Waits until no other thread is inside of any."""
    _forking.acquire()
    for rank in RANKS:  # what stands in one rank's may have made a lock of a later rank
        for reference in _turns.copy():
            turn = reference()
            # A signal's handler may fork while its own thread is inside: that one goes on in both processes.
            if turn is not None and turn.rank == rank and not turn.own:
                turn.__enter__()
                _held.append(turn)


def _after_fork() -> None:
    """Lets everybody in again, in either process."""
    while _held:
        _held.pop().__exit__()
    _forking.release()


if hasattr(os, "register_at_fork"):  # not on Windows, which forks nothing
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork)
