"""The error that a user can mend, and the exit statuses that every command of the kit shares."""

from __future__ import annotations

import argparse
import errno
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

from face_emotion.termination import EXIT_INTERRUPTED, EXIT_TERMINATED, LINES, Terminated, ended

EXIT_SOME_SKIPPED = 1
EXIT_BAD_INPUT = 2


class InputError(ValueError):
    """Something the user gave cannot be used: one line that names the file, row or flag and what to do."""


class CommandParser(argparse.ArgumentParser):
    """An argument parser whose errors are one line too, without the usage of a command that has forty flags."""

    def error(self, message: str) -> NoReturn:
        """Prints one line on stderr and ends the process with exit status 2."""
        self.exit(EXIT_BAD_INPUT, f"error: {message}; see {self.prog} --help\n")


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


def run_command(command: Callable[[], int | None]) -> int:
    """Runs a command line's body and turns its errors into one line on stderr and an exit status.

    Returns 0 (or what `command` returns) on success, 2 for an InputError or a failing disk,
    130 when interrupted, 143 when terminated (termination.py). Any other exception is a defect of ours and keeps
    its traceback.
    """
    try:
        return command() or 0
    except InputError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return EXIT_BAD_INPUT
    except KeyboardInterrupt:
        print(LINES[EXIT_INTERRUPTED], file=sys.stderr)
        return EXIT_INTERRUPTED
    except Terminated:
        print(LINES[EXIT_TERMINATED], file=sys.stderr)
        return EXIT_TERMINATED
    except OSError as error:
        name = f" {error.filename}" if error.filename else ""
        hints: dict[int | None, str] = {
            errno.ENOSPC: "; free some space and run the command again",
            errno.EFBIG: "; raise the file size limit (ulimit -f) and run the command again",
        }
        hint = hints.get(error.errno, "")
        print(f"error:{name} {error.strerror or error}{hint}", file=sys.stderr)
        return EXIT_BAD_INPUT
    finally:
        ended()
