"""Applies each mutant of the lists to a copy of this checkout, runs the tests that should see it and prints the score.

    python -m tests.mutants                                    all
    python -m tests.mutants --only smoothing                   of an area, a language or a file
    python -m tests.mutants --sample 6 6 1 [--seed TEXT]       so many of Python, JavaScript and Kotlin; seed: the date
    python -m tests.mutants --list                             names them, and runs nothing

Exit status 1 if one survives or does not compile, 2 if a text no longer stands in its file once or the tests fail
without any change. Kotlin's need Java 17 and Maven.
"""

from __future__ import annotations

import datetime
import sys
import time
from collections import Counter
from collections.abc import Sequence

from face_emotion.arguments import whole
from face_emotion.errors import CommandParser, InputError, run_command
from tests.mutants.bench import BROKEN, KILLED, SURVIVED, Runner, copied
from tests.mutants.catalogue import JAVASCRIPT, KOTLIN, LANGUAGES, PYTHON, Mutant, read_mutants, sampled
from tests.mutants.javascript_runner import JavaScriptRunner
from tests.mutants.kotlin_runner import KotlinRunner
from tests.mutants.python_runner import PythonRunner
from tests.support.paths import ROOT

RUNNERS = {PYTHON: PythonRunner, JAVASCRIPT: JavaScriptRunner, KOTLIN: KotlinRunner}
LAST = 700  # characters of what a broken mutant's compiler or tests said


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit status."""
    parser = CommandParser(prog="python -m tests.mutants", description=__doc__.splitlines()[0])
    parser.add_argument("--only", metavar="WHAT", help="mutants of this area, language or file alone")
    parser.add_argument(
        "--sample", metavar=("P", "J", "K"), nargs=3, type=whole(), help="so many of each language"
    )
    parser.add_argument(
        "--seed", default=datetime.date.today().isoformat(), help="of the sample; default: the date"
    )
    parser.add_argument("--list", action="store_true", help="name the mutants and end")
    options = parser.parse_args(arguments)
    return run_command(lambda: _command(options.only, options.sample, options.seed, options.list))


def _command(only: str | None, sample: Sequence[int] | None, seed: str, is_list: bool) -> int:
    mutants = read_mutants()
    for mutant in mutants:
        mutant.applied((ROOT / mutant.path).read_text(encoding="utf-8"))
    if only:
        mutants = [mutant for mutant in mutants if only in (mutant.area, mutant.language, mutant.path)]
        if not mutants:
            raise InputError(f"--only {only}: no mutant is of that area, language or file; see --list")
    if sample:
        print(f"a sample by the seed {seed}")
        mutants = sampled(mutants, sample, seed)
    if is_list:
        for mutant in mutants:
            print(f"{mutant.area:13} {mutant}  ({mutant.why})")
        return 0
    return try_all(mutants)


def try_all(mutants: Sequence[Mutant]) -> int:
    """Tries the mutants in a copy of this checkout and prints what became of each; returns 0 if all are killed."""
    start, outcomes = time.monotonic(), {}
    with copied(ROOT) as copy:
        for language in LANGUAGES:
            own = [mutant for mutant in mutants if mutant.language == language]
            if not own:
                continue
            begun = time.monotonic()
            runner: Runner = RUNNERS[language](copy)
            runner.prepare(own)
            print(
                f"{language}: the tests pass without a change, {time.monotonic() - begun:.0f} s", flush=True
            )
            for mutant in own:
                begun = time.monotonic()
                outcome = runner.run(mutant)
                outcomes[mutant] = outcome.what
                print(f"{outcome.what:8} {time.monotonic() - begun:5.1f} s  {mutant}", flush=True)
                if outcome.what == BROKEN:
                    print(outcome.said[-LAST:])
    for mutant, what in outcomes.items():
        if what != KILLED:
            print(f"{what}: {mutant}  ({mutant.why}); tests: {', '.join(mutant.tests)}")
    counts = Counter((mutant.language, what) for mutant, what in outcomes.items())
    of_each = [
        f"{language} {counts[language, KILLED]} of {sum(counts[language, what] for what in (KILLED, SURVIVED, BROKEN))}"
        for language in LANGUAGES
    ]
    killed = sum(what == KILLED for what in outcomes.values())
    print(
        f"{killed} of {len(outcomes)} mutants killed ({', '.join(of_each)}) in {time.monotonic() - start:.0f} s"
    )
    return 0 if killed == len(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
