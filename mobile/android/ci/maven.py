"""One run of Maven, with its output in a file and its first error in one line.

Used by mobile/android/ci/package.py and by the tests; flags for every run stand in mobile/android/ci/.mvn/.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from face_emotion.errors import InputError
from face_emotion.files import make_folder

LAST_LINES = 3  # of the output, quoted where Maven gave no reason


def run_maven(command: list[str], log: Path) -> None:
    """Runs Maven with its output in the file `log`, and a second time if its JVM dies the first time.

    A build that fails says so in a line that begins with [ERROR]. Without one the JVM was killed, or crashed, which
    says nothing about the sources. Raises InputError with the first error, or with how the second JVM ended.
    """
    make_folder(log.parent)
    status, lines = _run(command, log)
    if status and not _errors(lines):
        print(f"mvn {_ending(status, lines)}; once more …", file=sys.stderr)
        status, lines = _run(command, log)
    if status:
        reason = f"failed: {_errors(lines)[0]}" if _errors(lines) else _ending(status, lines)
        raise InputError(f"mvn {reason}; all of it stands in {log}")


def _run(command: list[str], log: Path) -> tuple[int, list[str]]:
    with open(log, "w", encoding="utf-8") as stream:
        done = subprocess.run(command, stdout=stream, stderr=subprocess.STDOUT, check=False)
    return done.returncode, log.read_text(encoding="utf-8", errors="replace").splitlines()


def _errors(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("[ERROR]")]


def _ending(status: int, lines: list[str]) -> str:
    """How a JVM without an [ERROR] ended, and what it printed last."""
    how = f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
    said = " | ".join([line.strip() for line in lines if line.strip()][-LAST_LINES:])
    return f"{how} without an error of its own, after: {said or 'no output'}"
