"""Mutants of Python files: pytest, in a process of its own, stops at the first test that fails."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from face_emotion.errors import InputError
from tests.mutants.bench import BROKEN, KILLED, LIMIT, SURVIVED, Outcome, applied
from tests.mutants.catalogue import Mutant

PASSED, FAILED = 0, 1  # pytest's statuses; all others say that the tests did not run


class PythonRunner:
    """Tests are pytest's node ids; those with fixtures of a conftest.py cannot be named."""

    def __init__(self, copy: Path) -> None:
        self._copy = copy

    def prepare(self, mutants: list[Mutant]) -> None:
        status, said = self._pytest(
            list(dict.fromkeys(test for mutant in mutants for test in mutant.tests)), 600
        )
        if status != PASSED:
            raise InputError(f"the tests fail where nothing is changed: {said[-600:]}")

    def run(self, mutant: Mutant) -> Outcome:
        with applied(self._copy, mutant):
            try:
                status, said = self._pytest(mutant.tests, LIMIT)
            except subprocess.TimeoutExpired:
                return Outcome(KILLED)
        return Outcome({PASSED: SURVIVED, FAILED: KILLED}.get(status, BROKEN), said)

    def _pytest(self, tests: Sequence[str], limit: float) -> tuple[int, str]:
        # Bytecode of a file that has changed within a second and has kept its length would be taken for its own.
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "--noconftest", "-p", "no:cacheprovider", *tests],
            cwd=self._copy,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=limit,
            check=False,
        )
        return done.returncode, done.stdout
