"""A copy of the repository in which mutants are tried; the checkout itself is never touched."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from face_emotion.errors import InputError
from tests.mutants.catalogue import Mutant

KILLED, SURVIVED, BROKEN = "killed", "SURVIVED", "BROKEN"
LIMIT = (
    180.0  # seconds for the tests of one mutant, which then count as failed: a change can make a loop endless
)


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant. said: what the tests or the compiler printed, where it is of use."""

    what: str
    said: str = ""


class Runner(Protocol):
    """Tries the mutants of one language. Each first proves that the tests pass where nothing is changed."""

    def prepare(self, mutants: list[Mutant]) -> None:
        """Makes ready for these mutants; raises InputError if their tests fail without any of them."""

    def run(self, mutant: Mutant) -> Outcome:
        """Runs a mutant's tests on it."""


@contextlib.contextmanager
def copied(root: Path) -> Iterator[Path]:
    """A temporary copy of a checkout: its files as they are now, new ones that git does not ignore included."""
    done = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-coz", "--exclude-standard"], capture_output=True, check=False
    )
    if done.returncode:
        raise InputError(f"{root}: no checkout of git; mutants are tried in a clone")
    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        copy = Path(scratch).resolve() / "tree"
        for name in filter(None, done.stdout.decode("utf-8", "surrogateescape").split("\0")):
            if (root / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(root / name, copy / name)
        yield copy


@contextlib.contextmanager
def applied(copy: Path, mutant: Mutant) -> Iterator[Path]:
    """The mutant's file in the copy with its change, which is taken back after."""
    path = copy / mutant.path
    text = path.read_text(encoding="utf-8")
    path.write_text(mutant.applied(text), encoding="utf-8")
    try:
        yield path
    finally:
        path.write_text(text, encoding="utf-8")
