"""What a camera's frame costs on the JVM of this machine, as the table of mobile/android/README.md.

    python -m mobile.android.ci.pace            prints the rows
    python -m mobile.android.ci.pace --write    puts them into the README

Needs Java 17 and Maven; about two minutes. Milliseconds of one processor core, medians of rounds that take turns: what
a phone takes is another number, which only a phone tells.
"""

from __future__ import annotations

import datetime
import platform
import sys
from pathlib import Path

from face_emotion.arguments import MOST_ROUNDS, whole
from face_emotion.errors import CommandParser, InputError, run_command
from face_emotion.files import require_file, write_text
from mobile.android.ci.maven import run_maven
from mobile.android.ci.tools import require_tools
from mobile.android.ci.versions import REACTOR

ROOT = Path(__file__).resolve().parents[3]
README = REACTOR.parent.parent / "README.md"
BEGIN, END = "<!-- python -m mobile.android.ci.pace --write -->\n", "<!-- pace ends -->\n"
HEAD = "| on the JVM, 640 × 480 pixels, one face | ms of one core |\n| --- | --- |\n"


def maven_command(build: Path, file: Path, rounds: int) -> list[str]:
    """Returns the call of Maven that compiles into `build`, and writes the rows into `file`."""
    return [
        *("mvn", "-f", str(REACTOR), "-pl", "emotion", "-am", "test", f"-Dbuild.folder={build}"),
        *("-Dtest=PaceTable", "-Dsurefire.failIfNoSpecifiedTests=false", "-Djvm.flags=-XX:+UseSerialGC"),
        *(f"-Dpace.file={file}", f"-Dpace.rounds={rounds}"),
    ]


def processor(info: Path = Path("/proc/cpuinfo")) -> str:
    """Returns the processor's name as Linux gives it, else its architecture."""
    if info.is_file():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def table(rows: str, name: str, day: str) -> str:
    """Returns the table of rows as markdown, with the sentence that says where it is from."""
    return f"{HEAD}{rows}\n{name}, {day}; medians, one thread.\n"


def with_table(text: str, new: str) -> str:
    """Returns the README with another table; raises InputError if it has no place for one."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise InputError(
            f"{README}: the lines {BEGIN.strip()} and {END.strip()} are expected around the table"
        )
    return f"{before}{BEGIN}{new}{END}{after}"


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = CommandParser(prog="python -m mobile.android.ci.pace", description=__doc__)
    parser.add_argument(
        "--rounds", type=whole(1, MOST_ROUNDS), default=400, help="of each work (default: 400)"
    )
    parser.add_argument("--write", action="store_true", help="put the table into mobile/android/README.md")
    options = parser.parse_args(arguments)

    def command() -> None:
        if options.rounds < 8:
            raise InputError(f"--rounds {options.rounds}: 8 or more are expected")
        require_tools("java", "mvn")
        build = ROOT / "build" / "android" / "pace"
        rows = build / "rows.md"
        run_maven(maven_command(build, rows, options.rounds), build / "maven.log")
        made = table(require_file(rows).read_text(encoding="utf-8"), processor(), str(datetime.date.today()))
        print(made, end="")
        if options.write:
            write_text(README, with_table(README.read_text(encoding="utf-8"), made))

    return run_command(command)


if __name__ == "__main__":
    sys.exit(main())
