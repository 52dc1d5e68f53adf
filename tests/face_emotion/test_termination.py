"""SIGTERM: a running write is finished, then the process ends with status 143 and one line."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from face_emotion import files
from face_emotion.files import atomic_path, write_text
from tests.support.paths import ROOT

CHILD = """
import sys, time
from pathlib import Path
from face_emotion.errors import run_command
from face_emotion.files import atomic_path
from face_emotion.termination import end_gently

def work():
    with atomic_path(sys.argv[1]) as outer:
        outer.mkdir()
        with atomic_path(outer / "file.txt") as partial:
            print("writing", flush=True)
            time.sleep(1.5)
            partial.write_text("whole")
    print("after", flush=True)
    time.sleep(60)

def wait():
    print("writing", flush=True)
    time.sleep(60)

end_gently()
sys.exit(run_command(work if sys.argv[2] == "write" else wait))
"""
LINE = "terminated: run the same command again to go on where it stopped\n"


@pytest.mark.parametrize("mode", ["write", "wait"])
def test_a_write_is_finished_and_the_status_is_143(tmp_path: Path, mode: str) -> None:
    target = tmp_path / "target"
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, target, mode],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "writing\n"
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=30)
    assert (process.returncode, output, errors) == (143, "", LINE)
    found = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*"))
    assert found == (["target", "target/file.txt"] if mode == "write" else [])
    if mode == "write":
        assert (target / "file.txt").read_text() == "whole"


def test_what_was_written_is_on_the_disk_before_it_replaces_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, replace = files.os.fsync, Path.replace

    def synced(number: int) -> None:
        done.append(Path(f"/proc/self/fd/{number}").resolve().name.split(".")[-1])
        sync(number)

    def replaced(self: Path, target: Path) -> Path:
        done.append("replaced")
        return replace(self, target)

    monkeypatch.setattr(files.os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    write_text(tmp_path / "file", "new")
    assert done == ["partial", "replaced", tmp_path.name]
    done.clear()
    with atomic_path(tmp_path / "folder") as partial:
        partial.mkdir()
        (partial / "a.one").touch()
    assert done == ["one", "partial", "replaced", tmp_path.name]
    done.clear()
    with atomic_path(tmp_path / "picture", durable=False) as partial:
        partial.touch()
    assert done == ["replaced"]
