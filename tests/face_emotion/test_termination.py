"""SIGTERM waits for a running write; Ctrl-C and SIGTERM for a call into TensorFlow: one status, one line."""

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


LIBRARY = """
import os, sys
from face_emotion.errors import run_command
from face_emotion.termination import end_gently

number, times = int(sys.argv[1]), int(sys.argv[2])
library = {"__name__": "tensorflow.python.eager", "os": os}
exec(
    "def step(ours, number, times):\\n"
    "    for _ in range(times):\\n"
    "        ours(number)\\n"
    "    print('step finished', flush=True)\\n"
    "def again(number):\\n"
    "    os.kill(os.getpid(), number)\\n",
    library,
)

def called_back(number):
    library["again"](number)
    print("called back", flush=True)

def work():
    try:
        library["step"](called_back, number, times)
        print("next line", flush=True)
    finally:
        print("unwound", flush=True)

end_gently()
sys.exit(run_command(work))
"""


def in_a_library(number: int, times: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LIBRARY, str(int(number)), str(times)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        # Whoever runs the tests in the background ignores it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


@pytest.mark.parametrize(
    ("number", "status", "line"),
    [
        (signal.SIGINT, 130, "interrupted: run the same command again to go on where it stopped\n"),
        (signal.SIGTERM, 143, LINE),
    ],
    ids=["Ctrl-C", "SIGTERM"],
)
def test_a_call_into_tensorflow_returns_before_anything_is_raised(
    number: int, status: int, line: str
) -> None:
    """Raised within, KeyboardInterrupt breaks the heap: status 134 in place of 130, now and then."""
    ended = in_a_library(number, 1)
    assert (ended.returncode, ended.stderr) == (status, line)
    assert ended.stdout == "called back\nstep finished\nunwound\n"


def test_a_second_ctrl_c_ends_at_once() -> None:
    ended = in_a_library(signal.SIGINT, 2)
    assert ended.returncode == 130 and ended.stdout == "called back\n"
    assert ended.stderr == "interrupted: run the same command again to go on where it stopped\n"
