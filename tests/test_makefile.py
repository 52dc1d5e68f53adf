"""Which Python `make` takes: the first that fits, and a line that helps where none does."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.paths import ROOT

FITS_THE_PAGE_ONLY = 'case "$2" in *"< (3, 13)"*) exit 1;; esac'  # such as a Python 3.13
FITS_NOTHING = "exit 1"
FITS_ALL = 'if [ "$2" = venv ]; then mkdir -p "$3/bin" && ln -s "$0" "$3/bin/python"; fi'


@pytest.fixture
def make(tmp_path: Path):
    """Shows what make would run for a target, in a folder whose PATH has these Pythons alone."""

    def run(
        target: str, *words: str, machine: str = "Linux x86_64", **pythons: str
    ) -> subprocess.CompletedProcess:
        tools = tmp_path / "bin"
        tools.mkdir()
        for name, script in {**pythons, "uname": f"echo {machine}"}.items():
            (tools / name).write_text(f"#!/bin/sh\n{script}\n")
            (tools / name).chmod(0o755)
        for name in ("make", "sh", "test", "touch", "rm", "echo", "mkdir", "ln"):
            (tools / name).symlink_to(next(path for path in _places(name) if path.is_file()))
        for name in (
            "Makefile",
            "locks/requirements.txt",
            "locks/requirements-dev.txt",
            "locks/requirements-package.txt",
            "locks/requirements-ray.txt",
            "locks/requirements-web.txt",
        ):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes((ROOT / name).read_bytes())
        environment = {"PATH": str(tools), "HOME": str(tmp_path)}
        return subprocess.run(
            ["make", *words, target],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


def _places(name: str) -> list[Path]:
    return [Path(folder, name) for folder in os.environ["PATH"].split(":")]


def test_a_python_that_the_build_cannot_use_is_passed_over(make):
    done = make(".venv/build-ready", "-n", python3=FITS_THE_PAGE_ONLY, **{"python3.12": FITS_ALL})
    assert done.returncode == 0, done.stderr
    assert "python3.12 -m venv .venv\n" in done.stdout


def test_the_page_takes_it(make):
    done = make(".venv-web/ready", "-n", python3=FITS_THE_PAGE_ONLY, **{"python3.12": FITS_ALL})
    assert "python3 -m venv --without-pip .venv-web\n" in done.stdout


def test_pyenv_is_looked_into(make, tmp_path):
    python = tmp_path / ".pyenv/versions/3.11.9/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\nexit 0\n")
    python.chmod(0o755)
    done = make(".venv/build-ready", "-n", python3=FITS_NOTHING)
    assert f"{python} -m venv .venv\n" in done.stdout


def test_without_one_that_fits_it_says_so_in_one_line(make):
    done = make(".venv/build-ready", python3=FITS_THE_PAGE_ONLY)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == (
        "error: no Python 3.11 or 3.12 found, which TensorFlow needs here: install one, or name it: "
        "make PYTHON=/path/to/python3.11 build"
    )


def test_a_named_one_that_does_not_fit_is_refused(make):
    done = make(".venv/build-ready", "PYTHON=python3", python3=FITS_NOTHING, **{"python3.12": FITS_ALL})
    assert done.returncode == 2 and "no Python 3.11 or 3.12" in done.stderr


@pytest.mark.parametrize("machine", ["Linux x86_64", "Linux aarch64", "Darwin arm64"])
def test_machines_that_tensorflow_has_packages_for_are_not_refused(make, machine):
    done = make(".venv/build-ready", machine=machine, python3=FITS_ALL)
    assert (done.returncode, done.stderr) == (0, "")


def test_other_machines_are_named(make):
    done = make(".venv/build-ready", machine="Darwin x86_64", python3=FITS_ALL)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0].startswith("error: TensorFlow has no package for Darwin x86_64;")


@pytest.mark.parametrize(
    ("target", "lock"),
    [
        (".venv/build-ready", "requirements.txt"),
        (".venv/test-ready", "requirements-dev.txt"),
        (".venv-web/ready", "requirements-web.txt"),
    ],
)
def test_all_that_is_installed_is_compared_with_its_hash(make, target, lock):
    done = make(target, "-n", python3=FITS_ALL)
    assert done.returncode == 0, done.stderr
    assert f"--require-hashes -r locks/{lock}\n" in done.stdout


def test_ray_gets_an_environment_of_its_own_whose_files_are_compared_too(make):
    done = make(".venv-ray/ready", "-n", python3=FITS_ALL)
    assert done.returncode == 0, done.stderr
    assert (
        ".venv-package/bin/uv pip sync --quiet --require-hashes --python .venv-ray/bin/python "
        "locks/requirements-ray.txt\n"
    ) in done.stdout
