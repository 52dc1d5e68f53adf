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

LAST_LINES = 12  # of the output, quoted where Maven gave no reason: as many as a JVM says of its crash
BROKEN_OFF = "Could not transfer artifact"  # what was fetched before is kept


def run_maven(command: list[str], log: Path, limit: float | None = None) -> None:
    """Runs Maven with its output in the file `log`, once more if the first run ends for nothing in the sources.

    That is a download that breaks off, or a JVM that is killed or crashes: a build that fails says so in a line with
    [ERROR]. limit: seconds that a run may take. Raises InputError with the first error, with how the JVM ended, or at
    the limit.
    """
    make_folder(log.parent)
    status, lines = _run(command, log, limit)
    if status and (not _errors(lines) or BROKEN_OFF in _errors(lines)[0]):
        print(f"mvn {_reason(status, lines)}; once more …", file=sys.stderr)
        status, lines = _run(command, log, limit)
    if status:
        raise InputError(f"mvn {_reason(status, lines)}; all of it stands in {log}")


def _run(command: list[str], log: Path, limit: float | None) -> tuple[int, list[str]]:
    with open(log, "w", encoding="utf-8") as stream:
        try:
            done = subprocess.run(
                command, stdout=stream, stderr=subprocess.STDOUT, timeout=limit, check=False
            )
        except subprocess.TimeoutExpired:
            raise InputError(f"mvn was stopped after {limit:g} s; what it printed stands in {log}") from None
    return done.returncode, log.read_text(encoding="utf-8", errors="replace").splitlines()


def _errors(lines: list[str]) -> list[str]:
    # Not at the start only: what sets the terminal's colours back may stand in front, even in a file.
    return [line[line.index("[ERROR]") :] for line in lines if "[ERROR]" in line]


def _reason(status: int, lines: list[str]) -> str:
    """Maven's first error; without one, how the JVM ended and what it printed last."""
    if errors := _errors(lines):
        return f"failed: {errors[0]}"
    how = f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
    words = [line.strip("# ") for line in lines]  # a JVM that crashes says so behind number signs
    said = " | ".join([line for line in words if line][-LAST_LINES:])
    return f"{how} without an error of its own, after: {said or 'no output'}"
