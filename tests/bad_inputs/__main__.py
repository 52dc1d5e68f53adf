"""Gives every command of the kit bad input and prints how it ends: a table, and each end that is not clear.

    python -m tests.bad_inputs                                 all 7,000: hours on two cores
    python -m tests.bad_inputs --only "converters tflite"      of a command, a module or a kind (flag, content, …)
    python -m tests.bad_inputs --sample 150 [--seed TEXT]      so many; seed: of damages and sample, default: the date
    python -m tests.bad_inputs --sample 2400 --seed table --page docs/BAD_INPUTS.md    an hour; the table of the docs
    python -m tests.bad_inputs --case NAME --seed TEXT         one, with all that it prints
    python -m tests.bad_inputs --list                          names them, and runs nothing

SECURITY.md says what is clear. Exit status 1 if an end is unclear, a traceback, a kill or none.
"""

from __future__ import annotations

import concurrent.futures
import datetime
import random
import shlex
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from face_emotion.arguments import file_path, whole
from face_emotion.errors import CommandParser, InputError, run_command
from face_emotion.files import write_text
from tests.bad_inputs.case import ACCEPTED, CLEAR, OUTCOMES, UNCLEAR, Case
from tests.bad_inputs.commands import COMMANDS, INTERRUPTED
from tests.bad_inputs.flags import flags_of
from tests.bad_inputs.generate import cases_of, interrupted_cases, memory_cases
from tests.bad_inputs.launcher import Launcher
from tests.bad_inputs.material import make_material
from tests.bad_inputs.table import markdown, text
from tests.bad_inputs.verdict import judge
from tests.mutants.bench import copied
from tests.support.paths import ROOT

WORKERS = 2
SLOW = 15  # seconds
OF_MEMORY = ("face-emotion", "model_build train", "model_build verify", "converters tflite", "web export")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit status."""
    parser = CommandParser(prog="python -m tests.bad_inputs", description=__doc__.splitlines()[0])
    parser.add_argument("--only", metavar="WHAT", help="of this command, module or kind alone")
    parser.add_argument("--sample", metavar="N", type=whole(), help="so many of all, of every command some")
    parser.add_argument("--seed", default=datetime.date.today().isoformat(), help="default: the date")
    parser.add_argument(
        "--case", metavar="NAME", help="one, as --list or a fault names it, with what it prints"
    )
    parser.add_argument("--list", action="store_true", help="name the cases and end")
    parser.add_argument("--page", type=file_path, metavar="FILE", help="write the table there, as Markdown")
    options = parser.parse_args(arguments)
    return run_command(
        lambda: _command(options.only, options.sample, options.seed, options.case, options.list, options.page)
    )


def _command(
    only: str | None, sample: int | None, seed: str, one: str | None, is_list: bool, page: Path | None
) -> int:
    with copied(ROOT) as copy, tempfile.TemporaryDirectory(prefix="bad-inputs-") as scratch:
        material = make_material(copy, Path(scratch) / "material")
        cases = all_cases(copy, material, seed)
        if one:
            return _show([case for case in cases if case.name == one], one, copy, Path(scratch))
        if only:
            cases = [case for case in cases if only in (case.command, case.module, case.kind)]
            if not cases:
                raise InputError(f"--only {only}: no case is of that command, module or kind; see --list")
        if sample is not None:
            cases = sampled(cases, sample, seed)
        if is_list:
            print("\n".join(case.name for case in cases))
            return 0
        return try_all(cases, copy, Path(scratch), seed, page)


def all_cases(root: Path, material: Path, seed: str) -> list[Case]:
    """Returns every case of every command. root: the checkout whose commands they are."""
    parsers = {}
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        modules = sorted(
            {command.module for command in COMMANDS if command.flags and "examples" not in command.module}
        )
        environment = Launcher(root, material.parent).environment
        found = pool.map(lambda module: flags_of(module, root, environment), modules)
        parsers = dict(zip(modules, found, strict=True))
    cases: list[Case] = []
    for command in COMMANDS:
        cases += cases_of(command, parsers.get(command.module, {}).get(command.verb, []), material, seed)
        if command.name in OF_MEMORY:
            cases += memory_cases(command, material)
    for command in INTERRUPTED:
        cases += interrupted_cases(command, material)
    return list({case.name: case for case in cases}.values())


def sampled(cases: Sequence[Case], count: int, seed: str) -> list[Case]:
    """Returns that many of the cases: of every command and kind in turn, drawn by the seed."""
    chance = random.Random(seed)
    groups: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        groups.setdefault((case.command, case.kind), []).append(case)
    waiting = list(groups.values())
    chance.shuffle(waiting)
    for group in waiting:
        chance.shuffle(group)
    found: list[Case] = []
    while len(found) < count and any(waiting):
        found += [group.pop() for group in waiting if group]
    return found[:count]


def _show(cases: Sequence[Case], name: str, root: Path, scratch: Path) -> int:
    if not cases:
        raise InputError(f"--case {name}: there is none of that name by this seed; see --list")
    (case,) = cases
    with Launcher(root, scratch) as launcher:
        ended, folder = launcher.run(case)
    outcome, why = judge(case, ended, folder)
    print(f"python -m {case.module} {' '.join(map(ascii, case.words))}\n{ended.output}\n{ended.errors}")
    print(f"status {ended.status}: {outcome} {why}".encode("utf-8", "backslashreplace").decode())
    return 0 if outcome in (CLEAR, ACCEPTED) else 1


def try_all(cases: Sequence[Case], root: Path, scratch: Path, seed: str, page: Path | None = None) -> int:
    """Runs the cases, two at a time, and prints the faults and the table; returns 0 if there is no fault.

    page: where the table goes as Markdown.
    """
    start, faults, local = time.monotonic(), 0, threading.local()
    ended: list[tuple[Case, str]] = []
    launchers: list[Launcher] = []

    def run(case: Case) -> tuple[Case, str, str, float]:
        if not hasattr(local, "launcher"):
            local.launcher = Launcher(root, scratch)
            launchers.append(local.launcher)
        begun = time.monotonic()
        try:
            outcome, why = judge(case, *local.launcher.run(case))
        except Exception as error:  # the other cases are tried all the same
            outcome, why = UNCLEAR, f"the case itself failed: {error!r}"
        return case, outcome, why, time.monotonic() - begun

    slow: list[tuple[float, str]] = []
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        for case, outcome, why, seconds in pool.map(run, cases):
            ended.append((case, outcome))
            slow.append((seconds, case.name))
            if seconds > SLOW:
                print(f"{seconds:.0f} s {outcome}: {case.name}", flush=True)
            if outcome not in (CLEAR, ACCEPTED):
                faults += 1
                said = f"{outcome}: {why}".encode("utf-8", "backslashreplace").decode()
                print(
                    f'{said}\n    python -m tests.bad_inputs --seed {seed} --case "{case.name}"', flush=True
                )
            if len(slow) % 100 == 0:
                print(f"{len(slow)} of {len(cases)}, {time.monotonic() - start:.0f} s", flush=True)
    for launcher in launchers:
        launcher.close()
    print(text(ended))
    print("slowest: " + "; ".join(f"{seconds:.0f} s {name}" for seconds, name in sorted(slow)[-3:]))
    totals = {outcome: sum(found == outcome for _, found in ended) for outcome in OUTCOMES}
    shown = ", ".join(f"{count} {outcome.lower()}" for outcome, count in totals.items())
    print(f"{len(cases)} bad inputs: {shown}; {time.monotonic() - start:.0f} s, seed {seed}")
    if page:
        write_text(page, markdown(ended, shlex.join(["python", "-m", "tests.bad_inputs", *sys.argv[1:]])))
        print(page)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
