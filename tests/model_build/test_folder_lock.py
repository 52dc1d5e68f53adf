"""model_build.folder_lock: two builds never write into one folder, and a dead one's leavings are swept."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from face_emotion.errors import InputError
from face_emotion.files import atomic_path
from model_build.folder_lock import locked
from tests.support.paths import ROOT

HOLD = """
import sys
from pathlib import Path
from model_build.folder_lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()  # until who started it ends: a command on a busy machine takes a minute to ask
"""


@pytest.fixture
def holder(tmp_path: Path):
    """A process that holds the lock of tmp_path/build."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "build")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_another_process_is_named_with_its_host(holder: subprocess.Popen, tmp_path: Path):
    message = (
        f"build: process {holder.pid} on {socket.gethostname()} is building here; wait until it has ended"
    )
    with pytest.raises(InputError, match=message), locked(tmp_path / "build"):
        pytest.fail("the block must not begin")


def test_a_lock_ends_with_its_holder_however_that_ends(holder: subprocess.Popen, tmp_path: Path):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with locked(tmp_path / "build") as folder:
        assert (folder / ".lock").read_text() == f"process {os.getpid()} on {socket.gethostname()}\n"
    with locked(tmp_path / "build"):
        pass


def test_what_a_killed_process_left_half_written_is_swept(tmp_path: Path):
    (tmp_path / "float").mkdir()
    for name in (".manifest.json.4711.partial", "float/.state.npz.4711.partial"):
        (tmp_path / name).write_text("half")
    (tmp_path / ".tfjs.4711.partial").mkdir()
    (tmp_path / ".tfjs.4711.partial/model.json").write_text("half")
    (tmp_path / "partial.txt").write_text("a user's own")
    with locked(tmp_path) as folder:
        assert sorted(path.name for path in folder.rglob("*")) == [".lock", "float", "partial.txt"]
        with atomic_path(folder / "new.txt") as partial:
            partial.write_text("whole")
    assert (tmp_path / "new.txt").read_text() == "whole"


@pytest.mark.parametrize(
    "words",
    [
        ("build", "--out"),
        ("quantize",),
        pytest.param(("train", "--out"), marks=pytest.mark.exhaustive),
        pytest.param(("convert",), marks=pytest.mark.exhaustive),
        pytest.param(("experiment", "--out"), marks=pytest.mark.exhaustive),
    ],
)
def test_every_command_that_writes_into_a_folder_is_refused_while_another_does(
    holder: subprocess.Popen, tmp_path: Path, words: tuple[str, ...]
):
    (tmp_path / "build" / "config.json").write_text("{}")
    before = sorted(path.name for path in (tmp_path / "build").iterdir())
    done = subprocess.run(
        [sys.executable, "-m", "model_build", *words, str(tmp_path / "build")],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert f"process {holder.pid} on " in done.stderr and done.stderr.count("\n") == 1
    assert sorted(path.name for path in (tmp_path / "build").iterdir()) == before
