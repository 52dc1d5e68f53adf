"""`make package`: one version in all files, and packages that twine and npm take."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from face_emotion.files import sha256_of
from tests.support.paths import ROOT

PACKED = (
    "face_emotion_kit-2.0.0-py3-none-any.whl",
    "face_emotion_kit-2.0.0.tar.gz",
    "face-emotion-kit-2.0.0.tgz",
)

_spec = importlib.util.spec_from_file_location("package_command", ROOT / ".ci" / "package.py")
package = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(package)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the files that state the version."""
    for path, _ in package.files(ROOT):
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return tmp_path


def test_every_file_states_one_version():
    assert package.disagreements(ROOT) == []
    names = {path.relative_to(ROOT).as_posix() for path, _ in package.files(ROOT)}
    assert names >= {
        "face_emotion/__init__.py",
        "web/package/package.json",
        "mobile/android/gradle/libs.versions.toml",
        "mobile/android/ci/pom.xml",
        "mobile/android/ci/core/pom.xml",
        "CHANGELOG.md",
    }


def test_a_new_version_is_written_everywhere_but_into_the_changelog(checkout):
    package.set_version(checkout, "7.8.9")
    assert '__version__ = "7.8.9"' in (checkout / "face_emotion/__init__.py").read_text()
    assert '"version": "7.8.9"' in (checkout / "web/package/package.json").read_text()
    assert "<version>7.8.9</version>" in (checkout / "mobile/android/ci/emotion/pom.xml").read_text()
    (line,) = package.disagreements(checkout)
    assert line.startswith("CHANGELOG.md has ") and line.endswith(", face_emotion/__init__.py 7.8.9")


@pytest.mark.parametrize("version", ["2", "2.1", "v2.1.0", "2.1.0 "])
def test_what_is_no_version_is_refused_and_changes_nothing(checkout, version):
    with pytest.raises(RuntimeError, match=r"use a version such as 2\.1\.0"):
        package.set_version(checkout, version)
    assert package.disagreements(checkout) == []


def test_a_file_without_a_version_is_named_and_no_other_changed(checkout):
    (checkout / "web/package/package.json").write_text("{}")
    with pytest.raises(RuntimeError, match=r"^web/package/package\.json: "):
        package.set_version(checkout, "7.8.9")
    assert '__version__ = "7.8.9"' not in (checkout / "face_emotion/__init__.py").read_text()


def test_the_packages_are_built_and_pass_the_checks_of_twine_and_npm(tmp_path):
    if not package.TOOLS.exists():
        pytest.skip("make .venv-package/ready builds what this test needs")
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "package.py"], capture_output=True, text=True, timeout=600, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("PASSED") == 2
    assert "face-emotion-kit@2.0.0" in done.stdout + done.stderr
    assert done.stdout.endswith("checked; to publish: make publish\n")
    made = {path.name for path in package.OUT.iterdir()}
    assert made == {*PACKED, "npm"}


def test_another_checkout_on_another_day_makes_the_same_bytes(tmp_path):
    """Other times, other modes, another folder and umask: what is packed says nothing of them."""
    if not package.TOOLS.exists():
        pytest.skip("make .venv-package/ready builds what this test needs")
    checkout = tmp_path / "elsewhere" / "checkout"
    for name in ("face_emotion", "models", "web"):
        left_out = shutil.ignore_patterns("__pycache__", "teachers", "compressed")
        shutil.copytree(ROOT / name, checkout / name, ignore=left_out, copy_function=shutil.copyfile)
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copyfile(ROOT / name, checkout / name)
    for number, path in enumerate(sorted(checkout.rglob("*"), reverse=True)):
        path.chmod(0o700 if path.is_dir() else 0o600)
        os.utime(path, (1_700_000_000 + number, 1_700_000_000 + number))
    before = os.umask(0o077)
    try:
        package.make(tmp_path / "second", checkout)
    finally:
        os.umask(before)
    package.make(tmp_path / "first")
    sums = [{name: sha256_of(tmp_path / run / name) for name in PACKED} for run in ("first", "second")]
    assert sums[0] == sums[1]
    with tarfile.open(tmp_path / "first" / "face-emotion-kit-2.0.0.tgz") as archive:
        assert {oct(entry.mode) for entry in archive} == {"0o644"}
    with zipfile.ZipFile(tmp_path / "first" / "face_emotion_kit-2.0.0-py3-none-any.whl") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2020, 1, 1, 0, 0, 0)}
