"""Starts the command line of the build: `python -m model_build --help`."""

from __future__ import annotations

import sys

from face_emotion.errors import refuse_moved, run_command
from face_emotion.memory import RUNTIME, require_addresses
from face_emotion.termination import end_gently
from model_build.platform_check import check_platform

MOVED = {"benchmark": "python -m benchmarks training"}


def main(words: list[str] | None = None) -> int:
    """Runs one command line and returns its exit status."""
    if words is None:  # a process of its own, whose signals are ours
        end_gently()
    return run_command(lambda: _run(sys.argv[1:] if words is None else words))


def _run(words: list[str]) -> int:
    refuse_moved(words, MOVED)
    check_platform()
    require_addresses(RUNTIME)
    from model_build.command_line import parser  # only now: its imports need what the check looks for

    arguments = parser().parse_args(words)
    return int(arguments.run(arguments))


if __name__ == "__main__":
    sys.exit(main())
