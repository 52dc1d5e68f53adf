"""The contracts of imports in pyproject.toml hold, and one that is broken on purpose is noticed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PACKAGES = ("face_emotion", "converters", "model_build", "web", "benchmarks", "mobile")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs import-linter in a folder that holds pyproject.toml and the packages."""
    script = (
        "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as run; run()"
    )
    return subprocess.run(
        [sys.executable, "-c", script, "--no-cache"], cwd=folder, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python files of every package, and pyproject.toml."""
    folder = tmp_path_factory.mktemp("tree")
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *(f"{package}/*.py" for package in PACKAGES)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in tracked.stdout.splitlines():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    return folder


def test_the_contracts_hold(copied: Path):
    done = lint(copied)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("converters/latency.py", "from model_build.progress import progress_bar", "rooms:"),
        ("converters/golden.py", "import tf_keras", "converters know no Keras"),
        ("face_emotion/geometry.py", "import converters.manifest", "rooms:"),
        ("web/site.py", "from converters.manifest import NAME as OTHER", "web needs no converter"),
        ("model_build/settings.py", "from model_build.training import augment", "wings of model_build"),
        ("model_build/synthetic/faces.py", "from model_build.data.dataset import Dataset", "wings"),
        ("model_build/training/losses.py", "import tf_keras", "only network.engine picks a Keras"),
        ("model_build/data/votes.py", "from model_build.data import loading", "no circle"),
        ("mobile/android/ci/assets.py", "import model_build.stages", "mobile's scripts"),
    ],
)
@pytest.mark.parametrize("where", ["top", pytest.param("inside a function", marks=pytest.mark.exhaustive)])
def test_a_broken_contract_is_named(copied: Path, module: str, line: str, contract: str, where: str):
    path = copied / module
    text = path.read_text(encoding="utf-8")
    planted = f"\n\n{line}\n" if where == "top" else f"\n\ndef _planted():\n    {line}\n"
    path.write_text(text + planted, encoding="utf-8")
    try:
        done = lint(copied)
    finally:
        path.write_text(text, encoding="utf-8")
    assert done.returncode == 1
    broken = [entry for entry in done.stdout.splitlines() if entry.rstrip().endswith("BROKEN")]
    # A long name is wrapped before its verdict: look for it in the list of broken contracts too.
    assert (
        any(contract in entry for entry in broken)
        or f"\n{contract}" in done.stdout.partition("Broken contracts")[2]
    )


def test_an_import_inside_a_function_counts(copied: Path):
    test_a_broken_contract_is_named(
        copied,
        "converters/latency.py",
        "from model_build.progress import progress_bar",
        "rooms:",
        "inside a function",
    )
