"""`python -m benchmarks refresh`: makes what hangs on a release anew, as far as it is stale.

python -m benchmarks refresh --list                        # every part: fresh or not, its command, how long it takes
python -m benchmarks refresh --check                       # exit status 1 if a model changed since a part was made
python -m benchmarks refresh --data fer2013.tar.gz --votes fer2013new.csv
python -m benchmarks refresh --only compressed screenshots
"""

from __future__ import annotations

import argparse
import datetime
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.refresh.parts import DATA, ELSEWHERE, PARTS, VOTES, WANTED, Part
from benchmarks.refresh.record import CHANGED, FRESH, ROOT, State, note, read_record, state
from face_emotion.arguments import file_path
from face_emotion.errors import EXIT_SOME_SKIPPED, InputError
from model_build.progress import duration

SHOWN = 3  # files that are named of those that changed


def add_arguments(verb: argparse.ArgumentParser) -> None:
    """Adds the command's flags."""
    task = verb.add_mutually_exclusive_group()
    task.add_argument("--list", action="store_true", help="show every part and its state, run nothing")
    task.add_argument(
        "--check", action="store_true", help="show what is stale, run nothing; exit status 1 if anything is"
    )
    task.add_argument(
        "--made",
        metavar="HOW",
        help="with --only: run nothing, record that they were made of today's files, and how",
    )
    verb.add_argument("--only", nargs="+", metavar="NAME", help="these parts, stale or not (see --list)")
    verb.add_argument("--data", type=file_path, metavar="PATH", help="FER2013, which two parts need")
    verb.add_argument("--votes", type=file_path, metavar="CSV", help="FER+'s fer2013new.csv")
    verb.add_argument(
        "--elsewhere", type=file_path, metavar="PATH", help="class folders or .tar of other people's faces"
    )
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Lists, checks, records or makes parts; returns 1 if something is stale, or was left out, and 2 if one failed."""
    parts = _chosen(arguments.only)
    if arguments.made:
        if not arguments.only:
            raise InputError("--made: name the parts with --only")
        for part in parts:
            note(part, f"{_today()}: {' '.join(arguments.made.split())}", ROOT)
            print(f"{part.name}: recorded")
        return 0
    if arguments.list or arguments.check:
        return _show(parts, only_stale=arguments.check)
    given = {
        DATA: arguments.data,
        VOTES: arguments.votes,
        ELSEWHERE: arguments.elsewhere,
    }
    for blank, path in given.items():
        if path is not None and not path.exists():
            raise InputError(f"--{blank.strip('{}')} {path}: no such file or folder")
    made = [
        _make(part, given)
        for part in parts  # one after another: what is made may be what the next is made of
        if arguments.only or state(part, ROOT, read_record()).kind != FRESH
    ]
    if not made:
        print("nothing is stale")
    return 0 if all(made) else EXIT_SOME_SKIPPED


def _chosen(names: list[str] | None) -> list[Part]:
    known = {part.name: part for part in PARTS}
    for name in names or ():
        if name not in known:
            raise InputError(f"--only {name}: no such part (there are: {', '.join(known)})")
    return [part for part in PARTS if not names or part.name in names]


def _show(parts: Iterable[Part], only_stale: bool) -> int:
    stale, record = 0, read_record()
    for part in parts:
        found = state(part, ROOT, record)
        bad = found.kind not in (FRESH, CHANGED)
        stale += bad
        if only_stale and not bad:
            continue
        print(f"{part.name}: {sentence(found)}")
        print(f"    {command_text(part)}    # {part.what}; {_about(part)}")
        if not only_stale and part.name in record:
            print(f"    made: {record[part.name]['how']}")
    print(f"{stale} stale" if stale else "nothing is stale")
    return EXIT_SOME_SKIPPED if stale else 0


def sentence(found: State) -> str:
    """Returns a state in words, with the first files that it comes from."""
    files = ", ".join(found.files[:SHOWN])
    more = f" and {len(found.files) - SHOWN} more" if len(found.files) > SHOWN else ""
    return f"{found.kind} ({files}{more})" if files else found.kind


def command_text(part: Part) -> str:
    """Returns a part's command as one types it, blanks in capitals."""
    return "python " + " ".join(word.strip("{}").upper() if word in WANTED else word for word in part.command)


def _about(part: Part) -> str:
    needs = [*(WANTED[blank] for blank in part.wants()), *([part.needs] if part.needs else [])]
    return f"about {part.minutes:g} min" + (f"; needs {'; '.join(needs)}" if needs else "")


def _make(part: Part, given: dict[str, Path | None]) -> bool:
    """Runs a part's command and records it; returns whether it ran. Raises InputError if it failed."""
    missing = [WANTED[blank] for blank in part.wants() if given[blank] is None]
    if missing:
        print(f"{part.name}: left out, give {' and '.join(missing)}", flush=True)
        return False
    words = [str(given[word].resolve()) if word in WANTED else word for word in part.command]  # type: ignore[union-attr]
    print(f"{part.name}: {part.what}, {_about(part)}\n    python {shlex.join(words)}", flush=True)
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False
    )
    if done.returncode:
        raise InputError(
            f"{part.name}: its command ended with {done.returncode}; what came before is recorded, run this again"
        )
    note(part, f"{_today()}: run by refresh in {duration(time.perf_counter() - started)}", ROOT)
    if part.by_hand:
        print(f"    by hand: {part.by_hand}", flush=True)
    return True


def _today() -> str:
    return datetime.datetime.now(datetime.UTC).date().isoformat()
