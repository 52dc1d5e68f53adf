"""locks/: every pin with its hashes, and a line for each way in which a lock is not that of its requirements."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.paths import ROOT

_spec = importlib.util.spec_from_file_location("locks_command", ROOT / ".ci" / "locks.py")
locks = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(locks)

NAMES = [
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-onnx.txt",
    "requirements-package.txt",
    "requirements-ray.txt",
    "requirements-runtime.txt",
    "requirements-web.txt",
]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the requirements and their locks."""
    for path in [*ROOT.glob("requirements*.txt"), ROOT / "constraints.txt", *ROOT.glob("locks/*.txt")]:
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, target)
    return tmp_path


def test_every_file_of_requirements_has_a_lock_that_is_not_stale():
    assert sorted(path.name for path in ROOT.glob("requirements*.txt")) == sorted(NAMES)
    assert sorted(path.name for path in (ROOT / "locks").iterdir()) == sorted(NAMES)
    done = subprocess.run([sys.executable, ROOT / ".ci/locks.py", "--check"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", NAMES)
def test_every_line_is_a_pin_with_hashes_and_no_address(name):
    text = (ROOT / "locks" / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    pinned = [line for line in lines if re.match(r"[a-z0-9-]+(\[[a-z, -]+\])?==[^ ]+( ; .+)? \\$", line)]
    hashed = [line for line in lines if re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line)]
    assert len(pinned) + len(hashed) == len(lines)
    assert len(pinned) == len(locks.pins(text)) >= 8
    assert "://" not in text
    # Of "every environment of the lock" a reader needs no word.
    assert not re.search(rf"; python_full_version < '{locks.LOCKS[name]}'( \\)?$", text, re.MULTILINE)


def test_a_changed_pin_is_named(checkout):
    path = checkout / "requirements-runtime.txt"
    path.write_text(path.read_text().replace("numpy==2.1.3", "numpy==2.1.2"))
    assert locks.stale(checkout, "requirements-runtime.txt") == [
        "locks/requirements-runtime.txt: made of other requirements or another constraints.txt",
        "locks/requirements-runtime.txt: has numpy 2.1.3, requirements-runtime.txt 2.1.2",
    ]
    assert len(locks.stale(checkout, "requirements-dev.txt")) == 2  # it asks for the same file
    assert locks.stale(checkout, "requirements-web.txt") == []


def test_a_new_requirement_is_missed(checkout):
    with open(checkout / "requirements-web.txt", "a") as file:
        file.write("gunicorn==27.0.1\n")
    assert "locks/requirements-web.txt: lacks gunicorn, which requirements-web.txt names" in locks.stale(
        checkout, "requirements-web.txt"
    )


def test_another_constraint_is_seen_and_another_comment_is_not(checkout):
    with open(checkout / "constraints.txt", "a") as file:
        file.write("\n# said of nothing\n")
    assert locks.stale(checkout, "requirements-web.txt") == []
    path = checkout / "constraints.txt"
    path.write_text(path.read_text().replace("Werkzeug==3.1.9", "Werkzeug==3.1.8"))
    assert "locks/requirements-web.txt: has werkzeug 3.1.9, constraints.txt 3.1.8" in locks.stale(
        checkout, "requirements-web.txt"
    )
    assert locks.stale(checkout, "requirements-package.txt") == []


def test_a_pin_without_a_hash_an_address_and_a_missing_lock_are_named(checkout):
    path = checkout / "locks" / "requirements-web.txt"
    text = path.read_text()
    start = text.index("waitress==3.0.2")
    path.write_text(text[:start] + "waitress==3.0.2\n--index-url https://example.invalid/simple\n")
    faults = locks.stale(checkout, "requirements-web.txt")
    assert "locks/requirements-web.txt: waitress has no hash" in faults
    assert "locks/requirements-web.txt: has an address in it" in faults
    path.unlink()
    assert locks.stale(checkout, "requirements-web.txt") == ["locks/requirements-web.txt: missing"]


def test_pip_takes_the_locks_hashes_and_refuses_others(checkout, tmp_path):
    """pip itself, without a registry: a wheel of the lock's name and version, with and without the lock's hash."""
    wheel = _wheel(tmp_path / "wheels", "waitress", "3.0.2")
    lock = checkout / "locks" / "requirements-web.txt"
    (block,) = re.findall(r"^waitress==.*(?:\n    .*)+", lock.read_text(), re.MULTILINE)
    told = tmp_path / "told.txt"
    told.write_text(block)
    done = _pip(told, wheel.parent, tmp_path / "refused")
    assert done.returncode == 1 and "DO NOT MATCH THE HASHES" in done.stderr
    (first, *_) = locks.hashes(block)["waitress"]
    told.write_text(block.replace(first, _digest(wheel)))
    done = _pip(told, wheel.parent, tmp_path / "taken")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "taken" / "waitress.py").read_text() == "made = True\n"


def _pip(told: Path, wheels: Path, target: Path) -> subprocess.CompletedProcess:
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-deps",
        "--no-index",
        "--find-links",
        wheels,
    ]
    command += ["--target", target, "--disable-pip-version-check", "-r", told]
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=120)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _wheel(folder: Path, name: str, version: str) -> Path:
    folder.mkdir()
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", "made = True\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path
