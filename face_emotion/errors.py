"""The error that a user can mend, and the exit statuses that every command of the kit shares."""

from __future__ import annotations

import argparse
import difflib
import errno
import itertools
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from face_emotion.streams import EXIT_BROKEN_PIPE, flushed, muted, printable
from face_emotion.termination import EXIT_INTERRUPTED, EXIT_TERMINATED, LINES, Terminated, ended

EXIT_SOME_SKIPPED = 1
EXIT_BAD_INPUT = 2
MOST_CHOICES = 110  # characters of choices that a message lists
NO_NAME = 256  # characters without a slash: more than any file's name has
LONGEST = 180  # characters of a message, paths and the words around it not counted
MEMORY = (
    "the memory does not suffice; close other programs, raise its limit (ulimit -v), or give less at a time"
)


class InputError(ValueError):
    """Something the user gave cannot be used: one line that names the file, row or flag and what to do."""


class CommandParser(argparse.ArgumentParser):
    """An argument parser whose errors are one line too, without the usage of a command that has forty flags."""

    def error(self, message: str) -> NoReturn:
        """Prints one line on stderr and ends the process with exit status 2."""
        self.exit(EXIT_BAD_INPUT, f"error: {one_line(message)}; see {self.prog} --help\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        known = [str(choice) for choice in action.choices]
        likely = difflib.get_close_matches(str(value), known, 1)
        listed = ", ".join(known)
        hint = f"did you mean {likely[0]}?" if likely else f"use one of {listed}"
        if not likely and len(listed) > MOST_CHOICES:
            hint = f"there are {len(known)}"
        raise argparse.ArgumentError(action, f"invalid choice: {shortened(str(value))!r} ({hint})")

    def _print_message(self, message: str, file: Any = None) -> None:
        if message and file is sys.stdout:
            printable()
        try:
            super()._print_message(message, file)
            flushed(file)
        except BrokenPipeError:  # of `--help | head -1`
            muted()


def refuse_moved(words: Sequence[str], moved: Mapping[str, str]) -> None:
    """Raises InputError with the new spelling if a command line begins with a command that has moved.

    words: the command line, without the program. moved: by old first word, the whole new command.
    """
    if words and words[0] in moved:
        raise InputError(f"{words[0]} has moved: use {moved[words[0]]}")


def refuse_moved_module(moved: Mapping[str, str]) -> None:
    """Ends the process with status 2 and the new spelling if it was started as a module that has moved.

    A package calls it when it is imported, which Python does before it looks for the module. moved: by the old
    module's name, as in `python -m NAME`, the whole new command.
    """
    name = _started_module()
    if name in moved:
        print(f"error: python -m {name} has moved: use {moved[name]}", file=sys.stderr)
        raise SystemExit(EXIT_BAD_INPUT)


def _started_module() -> str:
    """Returns NAME if this process was started as `python [options] -m NAME`, else ""."""
    words = iter(sys.orig_argv[1:])
    for word in words:
        if word == "-m":
            return next(words, "")
        if word in ("-X", "-W"):
            next(words, "")
        elif word == "-c" or not word.startswith("-"):
            break
    return ""


def shortened(text: str) -> str:
    """Returns a text without the middle of words that are longer than the name of any file."""
    return re.sub(rf"[^\s/]{{{NO_NAME},}}", lambda word: f"{word[0][:40]}…{word[0][-20:]}", text)


def one_line(text: str) -> str:
    """Returns a message on one line, without what is too long to be read: of more than LONGEST characters, paths not
    counted, words in its middle are left out; what is named comes first, what to do last."""
    words = shortened(" ".join(text.split())).split(" ")
    sizes = [0 if "/" in word else len(word) + 1 for word in words]
    if sum(sizes) <= LONGEST:
        return " ".join(words)
    first, last = _fitting(sizes, 2 * LONGEST // 3), _fitting(sizes[::-1], LONGEST // 3)
    return " ".join([*words[:first], "…", *words[len(words) - last :]])


def _fitting(sizes: Sequence[int], room: int) -> int:
    """Returns how many of the first sizes have room together."""
    return sum(total <= room for total in itertools.accumulate(sizes))


def why(error: Exception) -> str:
    """Returns in a few words, and none of Python's, why entries that were read could not be used."""
    if isinstance(error, KeyError):
        return f"{str(error)[:60]} is missing"
    if isinstance(error, TypeError | AttributeError | IndexError):
        return "an entry is of another kind"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return one_line(str(error))[:120]


def run_command(command: Callable[[], int | None]) -> int:
    """Runs a command line's body and turns its errors into one line on stderr and an exit status.

    Returns 0 (or what `command` returns) on success, 2 for an InputError, a failing disk or too little memory,
    130 when interrupted, 143 when terminated (termination.py), 141 when who reads its output has gone. Any other
    exception is a defect of ours and keeps its traceback. What the command printed is out when this returns.
    """
    printable()
    try:
        status = command() or 0
        flushed(sys.stdout)
        return status
    except InputError as error:
        _say(f"error: {one_line(str(error))}")
        return EXIT_BAD_INPUT
    except MemoryError:
        _say(f"error: {MEMORY}")
        return EXIT_BAD_INPUT
    except BrokenPipeError as error:
        if error.filename is not None:  # a pipe that the user named, not his terminal's
            _say(f"error: {error.filename}: nobody reads this pipe")
            return EXIT_BAD_INPUT
        muted()
        return EXIT_BROKEN_PIPE
    except KeyboardInterrupt:
        print(LINES[EXIT_INTERRUPTED], file=sys.stderr)
        return EXIT_INTERRUPTED
    except Terminated:
        print(LINES[EXIT_TERMINATED], file=sys.stderr)
        return EXIT_TERMINATED
    except OSError as error:
        return _failed(error)
    finally:
        _unheard()
        ended()


def _failed(error: OSError) -> int:
    """Says what the system refused; returns the exit status."""
    named = error.filename if isinstance(error.filename, str) else None
    hints: dict[int | None, str] = {
        errno.ENOSPC: "; free some space and run the command again",
        errno.EFBIG: "; raise the file size limit (ulimit -f) and run the command again",
        errno.EMFILE: "; raise the limit of open files (ulimit -n) and run the command again",
        errno.ENOMEM: f"; {MEMORY}",
        errno.ELOOP: "; links lead in a circle, name what they should lead to",
        errno.ENAMETOOLONG: "; choose a shorter one",
        errno.EACCES: "; choose another, or ask for the permission",
        errno.EROFS: "; choose another place",
    }
    if _unheard():
        named = named or "what is printed (stdout)"
    name = f" {one_line(named)}:" if named else ""
    _say(f"error:{name} {error.strerror or one_line(str(error))}{hints.get(error.errno, '')}")
    return EXIT_BAD_INPUT


def _unheard() -> bool:
    """Writes out what was printed; returns whether that fails, and leads stdout nowhere then."""
    try:
        flushed(sys.stdout)
    except OSError:
        muted()
        return True
    return False


def _say(line: str) -> None:
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:  # nobody hears it: the status alone tells
        muted(2)
