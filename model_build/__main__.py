"""Starts the command line of the build: `python -m model_build --help`."""

from __future__ import annotations

import sys

from face_emotion.errors import run_command
from model_build.platform_check import check_platform


def main(argv: list[str] | None = None) -> int:
    """Runs one command line and returns its exit status."""
    return run_command(lambda: _run(argv))


def _run(argv: list[str] | None) -> int:
    check_platform()
    from model_build.command_line import parser

    arguments = parser().parse_args(argv)
    return arguments.run(arguments)


if __name__ == "__main__":
    sys.exit(main())
