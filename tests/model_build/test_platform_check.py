"""What is said where the kit cannot run: another platform, no packages, a TensorFlow that cannot be imported."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from face_emotion.errors import InputError
from model_build import platform_check
from model_build.reporting import tables
from tests.support.build import error_line
from tests.support.paths import ROOT

Version = namedtuple("Version", "major minor micro")


@pytest.mark.parametrize("program", ["model_build", "converters", "benchmarks"])
def test_an_environment_without_the_packages_is_told_so_in_one_line(program):
    """-S leaves out site-packages: an interpreter in which nothing is installed."""
    ended = subprocess.run(
        [sys.executable, "-S", "-m", program, "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 2
    assert "lacks the package numpy" in error_line(ended) and "make build" in error_line(ended)


@pytest.mark.parametrize(
    ("words", "package", "file"),
    [
        (("notebooks/execute.py", "--check"), "nbformat", "requirements-dev.txt"),
        (("-m", "model_build.synthetic", "--benchmark"), "cv2", "requirements.txt"),
    ],
)
def test_other_commands_without_their_packages_say_so_in_one_line(words, package, file):
    ended = subprocess.run(
        [sys.executable, "-S", *words], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert error_line(ended) == (
        f"error: {sys.executable} lacks the package {package}; run `make build` and use .venv/bin/python, or "
        f"`pip install -r {file}` in a virtual environment"
    )


def test_the_command_without_its_packages_says_so_in_one_line():
    ended = subprocess.run(
        [sys.executable, "-S", "-m", "face_emotion", "a.jpg"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 2
    assert "lacks the package numpy; run `pip install .`" in error_line(ended)


def test_the_commands_that_follow_a_build_name_a_python_that_has_the_packages(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / ".venv/bin/python"))
    tables.print_next(Path("build/mine"))
    heading, *lines = capsys.readouterr().out.splitlines()
    assert (heading, lines[1]) == (
        "next:",
        "  .venv/bin/python -m face_emotion --model build/mine photo.jpg  a picture of yours",
    )
    assert (
        len({line.index(what) for line, what in zip(lines, ("the page", "a pict", "into m"), strict=True)})
        == 1
    )
    assert "in place of" not in lines[2]
    (tmp_path / "models/mine").mkdir(parents=True)
    tables.print_next(Path("build/mine"))
    assert capsys.readouterr().out.endswith(", in place of the models/mine that is there\n")
    monkeypatch.setattr(sys, "executable", "/elsewhere/python")
    assert tables.python_word(tmp_path) == "/elsewhere/python"
    monkeypatch.setattr(shutil, "which", lambda name: "/elsewhere/python")
    assert tables.python_word(tmp_path) == "python"


@pytest.mark.parametrize(
    "version, system, machine, missing, said",
    [
        ((3, 11), "Linux", "x86_64", None, None),
        ((3, 12), "Linux", "x86_64", None, None),
        ((3, 13), "Linux", "x86_64", None, None),
        ((3, 12), "Darwin", "arm64", None, None),
        ((3, 12), "Linux", "x86_64", "tensorflow", "lacks the package tensorflow"),
        ((3, 13), "Linux", "x86_64", "tensorflow", "Python 3.13 on Linux x86_64 is not supported"),
        ((3, 11), "Windows", "AMD64", "tensorflow", "Python 3.11 on Windows AMD64 is not supported"),
        ((3, 12), "Linux", "aarch64", "tf_keras", "Python 3.12 on Linux aarch64 is not supported"),
        ((3, 10), "Linux", "x86_64", None, "Python 3.10 on Linux x86_64 is not supported"),
    ],
)
def test_what_is_supported_is_said(monkeypatch, version, system, machine, missing, said):
    monkeypatch.setattr(platform_check.sys, "version_info", Version(*version, 0))
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == missing else real(name))
    if said is None:
        platform_check.check_platform()
        return
    with pytest.raises(InputError) as error:
        platform_check.check_platform()
    assert said in str(error.value)
    assert ("3.11 or 3.12 on Linux x86-64" in str(error.value)) == ("not supported" in said)


def test_a_tensorflow_that_cannot_be_imported_is_named(monkeypatch):
    from model_build.network import engine

    monkeypatch.setitem(sys.modules, "tf_keras", None)  # makes its import fail
    with pytest.raises(InputError, match=r"TensorFlow cannot be imported on Python .*3\.11 or 3\.12"):
        engine._tensorflow.__wrapped__()
