"""What an app can call of the Android library, compared with mobile/android/api/*.api.

    python -m mobile.android.ci.api            compiles, and names the lines that are gone or new
    python -m mobile.android.ci.api --renew    writes them: for a change that is meant, with a line in CHANGELOG.md

Needs Java 17 and Maven; about a minute. Works in build/android/api/. tests/mobile/test_android.py compares too.
"""

from __future__ import annotations

import sys
from pathlib import Path

from face_emotion.errors import CommandParser, run_command
from mobile.android.ci.maven import run_maven
from mobile.android.ci.tools import require_tools
from mobile.android.ci.versions import REACTOR

ROOT = Path(__file__).resolve().parents[3]


def maven_command(renew: bool, build: Path) -> list[str]:
    """Returns the call of Maven that compiles the modules into `build` and runs the comparison alone."""
    return [
        *("mvn", "-f", str(REACTOR), "-pl", "api", "-am", "clean", "test", f"-Dbuild.folder={build}"),
        *("-Dtest=ApiTest", "-Dsurefire.failIfNoSpecifiedTests=false", f"-Dapi.renew={str(renew).lower()}"),
    ]


def compare(renew: bool, build: Path) -> None:
    """Compares or renews the dumps; raises InputError if a tool is missing, or with the first difference."""
    require_tools("java", "mvn")
    run_maven(maven_command(renew, build), build.parent / "api.log")


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = CommandParser(prog="python -m mobile.android.ci.api", description=__doc__)
    parser.add_argument("--renew", action="store_true", help="write mobile/android/api/*.api")
    options = parser.parse_args(arguments)
    return run_command(lambda: compare(options.renew, ROOT / "build" / "android" / "api"))


if __name__ == "__main__":
    sys.exit(main())
