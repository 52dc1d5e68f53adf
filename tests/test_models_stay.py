"""Nothing in models/ changes when any command runs, but a release and the commands that docs/TRAINING.md names.

The commands run in a copy of the tree, whose models/ are compared by content. tests/conftest.py compares this tree's
models/ before and after every run of the tests.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.models import changes, fingerprint
from tests.support.paths import ROOT

ROOMS = ("benchmarks", "converters", "examples", "face_emotion", "model_build", "models", "tests", "web")
PAPERS = ("docs", "assets", "notebooks")
COMMANDS = {
    "released": "-m model_build released small --print",
    "compare": "-m model_build report models/nano models/small --rounds 3",
    "artifacts": "-m benchmarks artifacts models/nano --rounds 3",
    "recognizer": "-m benchmarks recognizer models/nano --rounds 3",
    "refresh": "-m benchmarks refresh --list",
    "tables": "-m benchmarks tables",
    "onnx": "-m converters onnx models/nano",
    "tfjs": "-m converters tfjs models/nano/int8.tflite build/graph",
    "export": "-m web export build/site",
    "npm": "-m web.npm build/npm",
    "compress": "-m web compress",
    "picture": "-m face_emotion web/static/samples/portrait.jpg",
    "folder": "-m face_emotion --format csv --save build/faces web/static/samples",
    "example": "examples/batch_to_csv.py web/static/samples build/faces.csv",
    # Listed, and yet no byte may change: they make what is there already.
    "sequence": "-m converters sequence",
    "baseline": "-m converters baseline",
}
REFUSED = {
    "quantize": (
        "-m model_build quantize models/nano",
        "models/nano: a released model, no build folder; copy it",
    ),
    "convert": (
        "-m model_build convert models/nano",
        "models/nano: a released model, no build folder; copy it",
    ),
}
WRITERS = (
    "python -m model_build release build/NAME",
    "python -m model_build baseline models/NAME --data …",
    "python -m model_build evaluate models/NAME --data …",
    "python -m model_build robustness models/NAME --data …",
    "python -m model_build report models/NAME",
    "python -m model_build golden models/NAME",
    "python -m model_build crop-calibration --model models/NAME --plot",
    "python -m model_build seeds … --out models/SEEDS.json",
    "python -m model_build face-detector",
    "python -m converters kernels models/NAME",
    "python -m converters sequence / baseline / decoding",
    "python -m benchmarks peers --data …",
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository without what is built, Kotlin and git."""
    folder = tmp_path_factory.mktemp("tree")
    left = shutil.ignore_patterns("__pycache__", "node_modules", "dist", "*.partial")
    for name in (*ROOMS, *PAPERS):
        shutil.copytree(ROOT / name, folder / name, ignore=left)
    for name in ("LICENSE", "pyproject.toml"):
        shutil.copyfile(ROOT / name, folder / name)
    (folder / "build").mkdir()
    return folder


@pytest.fixture(scope="module")
def before(tree: Path) -> dict[str, str]:
    """What its models/ held at first."""
    return fingerprint(tree / "models")


def run(tree: Path, words: str) -> subprocess.CompletedProcess:
    """Runs Python with these words at the root of the copy."""
    paths = os.pathsep.join([str(tree), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV_")}
    return subprocess.run(
        [sys.executable, *words.split()],
        cwd=tree,
        env=environment | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_leaves_models_as_they_are(name: str, tree: Path, before: dict[str, str]):
    done = run(tree, COMMANDS[name])
    assert done.returncode == 0, done.stderr
    assert changes(before, fingerprint(tree / "models")) == []


@pytest.mark.parametrize("name", REFUSED)
def test_a_command_of_a_build_refuses_a_released_model_and_writes_nothing(
    name: str, tree: Path, before: dict[str, str]
):
    words, line = REFUSED[name]
    done = run(tree, words)
    assert (done.returncode, done.stderr.startswith(f"error: {line}")) == (2, True), done.stderr
    assert changes(before, fingerprint(tree / "models")) == []


def test_the_documentation_names_the_commands_that_write_there():
    text = (ROOT / "docs" / "TRAINING.md").read_text(encoding="utf-8")
    section = text.partition("## What writes into models/\n")[2].partition("\n## ")[0]
    assert tuple(re.findall(r"(?m)^\| `([^`]+)` \|", section)) == WRITERS


@pytest.mark.parametrize("workers", ["", "-n 1"], ids=["alone", "xdist"])
def test_a_test_that_changes_models_fails_the_run(workers: str, tree: Path):
    """tests/conftest.py, in the copy: the test itself passes."""
    bad = tree / "tests" / "test_bad.py"
    bad.write_text(
        "from tests.support.models import MODELS\n\n\n"
        "def test_writes():\n    (MODELS / 'nano' / 'left.txt').write_text('oops')\n"
    )
    try:
        done = run(tree, f"-m pytest -q -p no:cacheprovider {workers} tests/test_bad.py")
        assert "1 passed" in done.stdout, done.stdout + done.stderr
        assert "the tests changed models/, which only a release does: new: nano/left.txt" in done.stdout
        assert done.returncode == 1
    finally:
        bad.unlink()
        (tree / "models" / "nano" / "left.txt").unlink(missing_ok=True)


def test_every_kind_of_change_is_found(tmp_path: Path):
    (tmp_path / "deep").mkdir()
    for name in ("deep/a", "b"):
        (tmp_path / name).write_text("one")
    noted = fingerprint(tmp_path)
    assert changes(noted, fingerprint(tmp_path)) == []
    times = (tmp_path / "b").stat()
    (tmp_path / "b").write_text("two")  # as long, and as old
    os.utime(tmp_path / "b", ns=(times.st_atime_ns, times.st_mtime_ns))
    (tmp_path / "deep/a").unlink()
    (tmp_path / "deep/c").touch()
    assert changes(noted, fingerprint(tmp_path)) == ["changed: b", "gone: deep/a", "new: deep/c"]
