"""The error that a user can mend, and the exit statuses that every command of the kit shares."""

from __future__ import annotations

import argparse
import errno
import sys
from collections.abc import Callable
from typing import NoReturn

EXIT_SOME_SKIPPED = 1
EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130


class InputError(ValueError):
    """Something the user gave cannot be used: one line that names the file, row or flag and what to do."""


class CommandParser(argparse.ArgumentParser):
    """An argument parser whose errors are one line too, without the usage of a command that has forty flags."""

    def error(self, message: str) -> NoReturn:
        """Prints one line on stderr and ends the process with exit status 2."""
        self.exit(EXIT_BAD_INPUT, f"error: {message}; see {self.prog} --help\n")


def run_command(command: Callable[[], int | None]) -> int:
    """Runs a command line's body and turns its errors into one line on stderr and an exit status.

    Returns 0 (or what `command` returns) on success, 2 for an InputError or a failing disk,
    130 when interrupted. Any other exception is a defect of ours and keeps its traceback.
    """
    try:
        return command() or 0
    except InputError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return EXIT_BAD_INPUT
    except KeyboardInterrupt:
        print("interrupted: run the same command again to go on where it stopped", file=sys.stderr)
        return EXIT_INTERRUPTED
    except OSError as error:
        name = f" {error.filename}" if error.filename else ""
        hint = {
            errno.ENOSPC: "; free some space and run the command again",
            errno.EFBIG: "; raise the file size limit (ulimit -f) and run the command again",
        }.get(error.errno, "")
        print(f"error:{name} {error.strerror or error}{hint}", file=sys.stderr)
        return EXIT_BAD_INPUT
