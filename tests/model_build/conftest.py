"""Fixtures of the tests of model_build's commands."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

import model_build.__main__ as build_main
from tests.support.build import tiny_plan
from tests.support.training import Trained, tiny_dataset


@pytest.fixture(scope="session")
def two_headed(
    trained_float: Trained, trained_qat: Trained, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A build of the tiny two-headed network as far as `convert`, made once a session: never write into it."""
    from model_build import pipeline

    folder = tmp_path_factory.mktemp("two-headed") / "tiny"
    for kind, trained in (("float", trained_float), ("qat", trained_qat)):
        (folder / kind).mkdir(parents=True)
        shutil.copy(trained.folder / "checkpoint.npz", folder / kind)
    pipeline.convert_stage(tiny_plan(tiny_dataset()), folder)
    return folder


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
