"""A bad input of a command, and how the command ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

CLEAR, ACCEPTED, UNCLEAR, TRACEBACK, KILLED, TIMED_OUT = OUTCOMES = (
    "clear",
    "accepted",
    "UNCLEAR",
    "TRACEBACK",
    "KILLED",
    "TIMED OUT",
)
SECONDS = 100.0  # for one case, on a busy machine


@dataclass(frozen=True)
class Case:
    """One bad input.

    command: as one types it without its flags; module: what `python -m` starts; words: what follows it. kind: of the
    damage, a column of the table; what: the damage in words. prepare: makes the files that the words name in an empty
    folder. below: the working folder within that one, for which bytes that are no UTF-8 stand as surrogates. said:
    texts of which the message must have one, none of them: no matter which. fresh: run in a process of its own, not a
    forked one. stdin, stdout: paths, "closed", or "gone" (of a pipe whose reader has gone). interrupt: seconds after
    the command has taken its signals in hand at which Ctrl-C comes. seconds: for the whole; a server that still serves
    then has accepted what it was given.
    """

    command: str
    module: str
    words: tuple[str, ...]
    kind: str
    what: str
    prepare: Callable[[Path], None] = field(compare=False)
    below: str = ""
    said: tuple[str, ...] = ()
    limits: dict[str, int] = field(default_factory=dict, compare=False)
    environment: dict[str, str] = field(default_factory=dict, compare=False)
    fresh: bool = False
    stdin: str = "/dev/null"
    stdout: str = ""
    interrupt: float | None = None
    seconds: float = SECONDS

    @property
    def name(self) -> str:
        """What --case takes: command and damage, in ASCII."""
        return ascii(f"{self.command}: {self.kind}: {self.what}")[1:-1]


@dataclass(frozen=True)
class Ended:
    """How a command ended: its status (negative: the signal), what it printed, and files of temporary names."""

    status: int
    output: str
    errors: str
    timed_out: bool = False
    left: tuple[str, ...] = ()
