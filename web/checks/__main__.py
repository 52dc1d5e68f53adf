"""Checks our JavaScript: types with TypeScript (strict), then ESLint.

    python -m web.checks        # after a change of JavaScript; needs the npm registry the first time

Prints a line for each fault. Exit status 0: none; 1: some; 2: the check itself could not run.
"""

from __future__ import annotations

import sys

from face_emotion.errors import CommandParser, run_command
from web.checks import check, sources


def main() -> int:
    """Runs the command line; returns its exit status."""
    CommandParser(prog="python -m web.checks", description=__doc__.split("\n", 1)[0]).parse_args()
    return run_command(_report)


def _report() -> int:
    faults = check()
    for fault in faults:
        print(fault)
    print(f"{len(sources())} files, {len(faults) or 'no'} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
