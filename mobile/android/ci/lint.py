"""Looks through every Kotlin file of the repository with ktlint; .editorconfig states the style.

    python -m mobile.android.ci.lint                  names file, line and rule of what is not as it should be
    python -m mobile.android.ci.lint --fix            rewrites the files first, and names what is left
    python -m mobile.android.ci.lint [--fix] FILE …   these files only

Needs Java, and for the first run Maven: it fetches ktlint (70 MB), in the version that pom.xml pins, into
build/android/. New files count before they are added to git; ignored ones do not.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from face_emotion.arguments import file_path
from face_emotion.errors import CommandParser, InputError, run_command
from face_emotion.files import atomic_path, require_file
from mobile.android.ci.maven import run_maven
from mobile.android.ci.tools import require_tools, run_tool
from mobile.android.ci.versions import REACTOR, reactor_entry

ROOT = Path(__file__).resolve().parents[3]
FINDING = re.compile(
    r".+?:\d+:\d+: .+ \([a-z0-9:-]*\)"
)  # a file that is no Kotlin has an empty pair of brackets


def fetch_ktlint(folder: Path = ROOT / "build" / "android") -> Path:
    """Returns ktlint's jar below `folder`, fetched unless it is there; raises InputError if Maven fails."""
    target = folder / f"ktlint-{reactor_entry('ktlint.version')}"
    if not target.is_dir():
        require_tools("mvn")
        print("fetching ktlint (mvn) …", file=sys.stderr)
        with atomic_path(target) as partial:
            command = [
                "mvn",
                "-f",
                str(REACTOR),
                "-N",
                "dependency:copy@ktlint",
                f"-Dktlint.folder={partial}",
            ]
            run_maven(command, folder / "ktlint.log")
    return require_file(target / "ktlint-cli-all.jar")


def kotlin_files(root: Path) -> list[Path]:
    """Returns the .kt and .kts files of a git checkout, those too that are not added yet."""
    listed = run_tool(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.kt", "*.kts"], root
    )
    paths = {root / name for name in listed.split("\0") if name}
    return sorted(path for path in paths if path.is_file())  # without those that were deleted, not committed


def findings(jar: Path, files: Sequence[Path], fix: bool = False) -> list[str]:
    """Returns a line for each thing that ktlint finds in the files: path:line:column: what (rule).

    fix: rewrite the files where ktlint can; the lines are what is left then. Raises InputError if ktlint
    does not run.
    """
    if not files:
        return []  # without a name ktlint would take every file below
    require_tools("java")
    options = ["--relative", "--log-level=error", *(["--format"] if fix else [])]
    done = subprocess.run(
        [
            "java",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-jar",
            str(jar),
            *options,
            *map(_named, files),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    found = [line for line in done.stdout.splitlines() if FINDING.fullmatch(line)]
    if done.returncode and not found:
        complaint = (
            done.stderr.strip() or done.stdout.strip() or f"exit status {done.returncode}"
        ).splitlines()
        raise InputError(f"ktlint failed: {'; '.join(complaint[:5])}")
    return list(dict.fromkeys(found))  # once each: with --format ktlint says some of them twice


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = CommandParser(prog="python -m mobile.android.ci.lint", description=__doc__)
    parser.add_argument("--fix", action="store_true", help="rewrite the files where ktlint can")
    parser.add_argument(
        "files", nargs="*", type=file_path, metavar="FILE", help="default: all of the repository"
    )
    options = parser.parse_args(arguments)

    def command() -> int:
        for path in options.files:
            if require_file(path).suffix not in (".kt", ".kts"):
                raise InputError(f"{path}: no Kotlin: name .kt and .kts files")
        files = [path.resolve() for path in options.files] or kotlin_files(ROOT)
        found = findings(fetch_ktlint(), files, options.fix)
        for line in found:
            print(f"error: {line}", file=sys.stderr)
        print(f"findings: {len(found)}; files: {len(files)}")
        return 2 if found else 0

    return run_command(command)


if __name__ == "__main__":
    sys.exit(main())
