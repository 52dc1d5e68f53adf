"""tests/bad_inputs: what it takes for clear, that every command is among its own, and that commands end clearly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bad_inputs.case import ACCEPTED, CLEAR, KILLED, TIMED_OUT, TRACEBACK, UNCLEAR, Case, Ended
from tests.bad_inputs.commands import COMMANDS
from tests.bad_inputs.verdict import judge
from tests.support.paths import ROOT

TRACE = "Traceback (most recent call last):\n  File …\nKeyError: 'far'\n"


@pytest.mark.parametrize(
    ("status", "errors", "outcome"),
    [
        (2, "error: faces.csv: row 7: no such label; see --help\n", CLEAR),
        (2, f"error: /a/{'long/' * 60}faces.csv: no such file\n", CLEAR),
        (0, "", ACCEPTED),
        (2, "", UNCLEAR),
        (2, f"error: faces.csv: {'word ' * 50}\n", UNCLEAR),
        (2, "error: faces.csv: one\nerror: faces.csv: two\nerror: faces.csv: three\n", UNCLEAR),
        (2, "error: faces.csv: KeyError('far')\n", UNCLEAR),
        (2, "error: something is wrong\n", UNCLEAR),
        (3, "error: faces.csv: no such file\n", UNCLEAR),
        (1, TRACE, TRACEBACK),
        (-6, "free(): invalid next size (fast)\n", KILLED),
    ],
    ids=[
        "clear",
        "a long path",
        "accepted",
        "silence",
        "long",
        "three lines",
        "Python's",
        "no name",
        "status",
        "trace",
        "abort",
    ],
)
def test_what_is_clear(tmp_path: Path, status: int, errors: str, outcome: str) -> None:
    case = Case(
        "audit", "model_build", ("audit",), "place", "faces.csv: gone", prepare=print, said=("faces.csv",)
    )
    assert judge(case, Ended(status, "", errors), tmp_path)[0] == outcome


def test_what_does_not_end_is_told(tmp_path: Path) -> None:
    case = Case("audit", "model_build", ("audit",), "place", "faces.csv: gone", prepare=print)
    assert judge(case, Ended(-9, "", "", timed_out=True), tmp_path)[0] == TIMED_OUT
    serving = "Face Emotion Kit: http://127.0.0.1:8000/  (Ctrl-C stops it)\n"
    assert judge(case, Ended(-9, serving, "", timed_out=True), tmp_path)[0] == ACCEPTED


def test_every_command_of_the_build_and_the_converters_is_given_bad_input() -> None:
    from converters.__main__ import parser as converters
    from model_build.command_line import parser as build

    for module, parser in (("model_build", build()), ("converters", converters())):
        (verbs,) = (action.choices for action in parser._actions if isinstance(action.choices, dict))
        assert set(verbs) == {command.verb for command in COMMANDS if command.module == module}


def test_commands_end_clearly() -> None:
    """Few of seven thousand; .ci/run tries more of them."""
    words = ["--sample", "30", "--seed", "test"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.bad_inputs", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1].startswith("30 bad inputs: ")
