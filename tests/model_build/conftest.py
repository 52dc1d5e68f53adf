"""Fixtures of the tests of model_build's commands."""

from __future__ import annotations

import sys

import pytest

import model_build.__main__ as build_main


@pytest.fixture
def here(own_build, monkeypatch, capfd):
    """The folder in which `own_build` was made, and a function that runs a command line there in this process."""
    monkeypatch.chdir(own_build.data.parent)

    def command(*words) -> tuple[int, str, list[str]]:
        words = [str(word) for word in words]
        monkeypatch.setattr(sys, "argv", ["model_build", *words])
        try:
            status = build_main.main(words)
        except SystemExit as exit_:
            status = exit_.code
        output, errors = capfd.readouterr()
        lines = [line for line in errors.splitlines() if not line.startswith("INFO: Created TensorFlow")]
        return status, output, lines

    return command
