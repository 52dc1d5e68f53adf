"""`python -m model_build train … --hosts`: two processes of this machine, one of which is killed; what is refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from model_build.__main__ import main
from model_build.data.dataset import SELECTION, TRAINING, Dataset
from model_build.data.splits import USAGES
from model_build.host_commands import require_even
from model_build.hosts.cluster import Cluster
from model_build.network import checkpoint
from model_build.network.checkpoint import Checkpoint
from model_build.synthetic.faces import draw_faces
from tests.support.data import csv_text
from tests.support.hosts import addresses, start
from tests.support.training import LABELS, TINY, untrained

AGAIN = "run the same command again on every host: it goes on after the last whole epoch"
PATIENCE = 900  # seconds: only a hang takes longer, however busy the machine is


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fer2013.csv of drawn faces: 48 Training, 14 and 14."""
    images, labels = draw_faces(76, seed=4)
    usages = [USAGES[0]] * 48 + [USAGES[1]] * 14 + [USAGES[2]] * 14
    path = tmp_path_factory.mktemp("data") / "faces.csv"
    path.write_text(csv_text(images, labels, usages))
    return path


def words(faces: Path, out: Path, *flags: str) -> list[str]:
    """Returns the command line of a short training."""
    plan = ["--data", str(faces), "--out", str(out), "--variant", "nano", "--ema", "0.5"]
    return [
        "model_build",
        "train",
        *plan,
        *(flags if "--batch-size" in flags else ("--batch-size", "16", *flags)),
    ]


def pair(
    command: list[str], *, second: tuple[str, ...] = ()
) -> tuple[list[str], list[subprocess.Popen[str]]]:
    """Starts a command as two processes; returns their names in messages, and them. second: flags of host 1 alone."""
    hosts = addresses(2)
    flags = [(), second]
    names = [f"host {rank} ({address})" for rank, address in enumerate(hosts.split(","))]
    return names, [
        start([*command, "--hosts", hosts, "--host", str(rank), "--hosts-wait", str(PATIENCE), *flags[rank]])
        for rank in range(2)
    ]


def ended(process: subprocess.Popen[str]) -> tuple[int, list[str]]:
    """Waits for a process; returns its status and what it said on stderr but for the data's warning."""
    try:
        _, said = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    return process.returncode, [
        line for line in said.splitlines() if not line.startswith("warning: faces.csv")
    ]


def history(out: Path) -> list[dict]:
    """Returns history.json."""
    return json.loads((out / "float" / "history.json").read_text())


def until_an_epoch_is_kept(out: Path, processes: list[subprocess.Popen[str]], epoch: int = 1) -> None:
    """Waits until `epoch` epochs stand in state.npz."""
    state = out / "float" / "state.npz"
    end = time.monotonic() + PATIENCE
    while not (state.exists() and len(history(out)) >= epoch):
        assert all(process.poll() is None for process in processes), [ended(process) for process in processes]
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_killed_host_is_one_line_and_the_training_goes_on_afterwards(faces: Path, tmp_path: Path):
    out = tmp_path / "out"
    command = words(faces, out, "--epochs", "300")
    names, processes = pair(command)
    until_an_epoch_is_kept(out, processes)
    os.kill(processes[1].pid, signal.SIGKILL)
    killed = time.monotonic()
    assert ended(processes[0]) == (2, [f"error: {names[1]} no longer answers; {AGAIN}"])
    assert time.monotonic() - killed < 60
    assert ended(processes[1])[0] == -signal.SIGKILL
    rows = history(out)

    names, processes = pair(command)  # on other ports: they do not belong to the state
    until_an_epoch_is_kept(out, processes, len(rows) + 2)
    os.kill(processes[1].pid, signal.SIGINT)
    assert ended(processes[1]) == (130, ["interrupted: run the same command again to go on where it stopped"])
    assert ended(processes[0]) == (2, [f"error: {names[1]} has ended: interrupted; {AGAIN}"])
    assert history(out)[: len(rows)] == rows
    assert [row["epoch"] for row in history(out)] == list(range(1, len(history(out)) + 1))
    assert not list(out.rglob(".*.partial"))


def test_two_processes_train_what_one_trains_and_only_host_0_writes(faces: Path, tmp_path: Path):
    command = words(faces, Path("out"), "--epochs", "2", "--learning-rate", "0.01")
    hosts = addresses(2)
    folders = [tmp_path / name for name in ("first", "second", "alone")]
    for folder in folders:
        folder.mkdir()
    variable = {"cluster": {"worker": hosts.split(",")}}
    environments = [
        {"TF_CONFIG": json.dumps(variable | {"task": {"type": "worker", "index": rank}})} for rank in range(2)
    ]
    processes = [
        start(command, environment, cwd=cwd)
        for environment, cwd in zip(environments, folders[:2], strict=True)
    ]
    processes.append(start(command, cwd=folders[2]))
    assert [ended(process) for process in processes] == [(0, [])] * 3
    assert not (folders[1] / "out").exists()  # build/.cache, of the data, is each host's own
    together, alone = history(folders[0] / "out"), history(folders[2] / "out")
    assert len(together) == len(alone) == 2
    for ours, theirs in zip(together, alone, strict=True):
        assert ours["loss"] == pytest.approx(theirs["loss"], rel=0.02)
        assert ours["learning_rate"] == pytest.approx(theirs["learning_rate"], rel=1e-6)
        assert ours["selection_log_loss"] == pytest.approx(theirs["selection_log_loss"], rel=0.02)
    with (
        np.load(folders[0] / "out/float/checkpoint.npz") as ours,
        np.load(folders[2] / "out/float/checkpoint.npz") as theirs,
    ):
        assert ours.files == theirs.files


def test_shards_and_kept_answers_are_shared_too(faces: Path, tmp_path: Path):
    shards, teacher = tmp_path / "shards", tmp_path / "teacher.npz"
    assert main(["shard", "--data", str(faces), "--out", str(shards), "--records", "20"]) == 0
    network = untrained(seed=5)
    checkpoint.save(teacher, Checkpoint(TINY, LABELS, FER2013_LABELS, checkpoint.weights_of(network), {}))
    flags = ("--epochs", "3", "--learning-rate", "0.01", "--teacher", str(teacher), "--views", "2")
    command, hosts = words(shards, Path("out"), *flags), addresses(2)
    folders = [tmp_path / name for name in ("first", "second", "alone")]
    for folder in folders:
        folder.mkdir()
    together = [[*command, "--hosts", hosts, "--host", str(rank)] for rank in range(2)]
    processes = [
        start([*line, "--hosts-wait", str(PATIENCE)] if "--hosts" in line else line, cwd=cwd)
        for line, cwd in zip([*together, command], folders, strict=True)
    ]
    assert [ended(process) for process in processes] == [(0, [])] * 3
    answers = [{path.name: path.read_bytes() for path in folder.rglob("view-*.cache")} for folder in folders]
    assert len(answers[0]) == 2 and answers[0] == answers[2]  # byte for byte one process's
    assert not (folders[1] / "out").exists() and not answers[1]
    ours, theirs = history(folders[0] / "out"), history(folders[2] / "out")
    assert len(ours) == len(theirs) == 3
    for one, other in zip(ours, theirs, strict=True):
        assert one["loss"] == pytest.approx(other["loss"], rel=0.02)
        assert one["selection_log_loss"] == pytest.approx(other["selection_log_loss"], rel=0.02)


def test_hosts_that_differ_are_refused_on_both(faces: Path, tmp_path: Path):
    names, processes = pair(words(faces, tmp_path / "out"), second=("--seed", "4"))
    line = f"error: --hosts: all hosts train one thing; seed is 0 on {names[0]} and 4 on {names[1]}"
    assert [ended(process) for process in processes] == [(2, [line])] * 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("flags", "line"),
    [
        (["--hosts", "a:1,b:2"], "error: --hosts: give --host as well"),
        (["--host", "0"], "error: --host 0: says which of --hosts this is"),
        (["--hosts", "a:1,b:2", "--host", "2"], "error: --host 2: --hosts names 2; give 0 to 1"),
        (
            ["--hosts", "a:1,b:2", "--host", "0", "--engine", "jax"],
            "error: --engine jax: trains in one process",
        ),
        (
            ["--hosts", "a:1,b:2", "--host", "0", "--batch-size", "15"],
            "error: --batch-size 15: 2 hosts take equal shares of it; give a multiple of 2",
        ),
        (
            ["--hosts", "a:1,b:2", "--host", "0", "--hosts-wait", "0"],
            "error: --hosts-wait 0: must lie between 1",
        ),
    ],
)
def test_flags_that_are_refused(
    flags: list[str], line: str, faces: Path, tmp_path: Path, capsys: pytest.CaptureFixture
):
    assert main([*words(faces, tmp_path / "out", *flags)[1:]]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1 and said[0].startswith(line)
    assert not (tmp_path / "out").exists()


def test_images_that_are_one_batch_are_shared_evenly_or_refused():
    images = np.zeros((51, 48, 48), np.uint8)
    split = np.repeat(np.array([TRAINING, SELECTION], np.uint8), [49, 2])
    dataset = Dataset(images, np.zeros(51, np.int64), split, ("calm", "cross"))
    settings = SimpleNamespace(batch_size=64)
    cluster = Cluster(("a:1", "b:2"), 0)
    with pytest.raises(
        InputError, match=r"^--batch-size 64: the 49 training images are one batch, which 2 hosts"
    ):
        require_even(SimpleNamespace(dataset=dataset, train=settings), cluster)
    require_even(SimpleNamespace(dataset=dataset.rows(np.arange(1, 51)), train=settings), cluster)
    settings.batch_size = 48
    require_even(SimpleNamespace(dataset=dataset, train=settings), cluster)
