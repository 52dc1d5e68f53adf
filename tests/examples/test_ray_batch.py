"""examples/ray_batch.py by Ray itself, in .venv-ray: killed in the middle and started again, every picture once."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
from pathlib import Path

import psutil
import pytest
from PIL import Image
from skimage.data import astronaut

from face_emotion import EmotionRecognizer
from tests.support.paths import ROOT

PYTHON = ROOT / ".venv-ray" / "bin" / "python"
PICTURES, A_SHARD = 14, 2
PATIENCE = 300  # seconds for Ray to start on a busy machine

if not PYTHON.exists():
    pytest.skip("make .venv-ray/ready sets up Ray's environment", allow_module_level=True)


def start(photos: Path, faces: Path, log: Path) -> subprocess.Popen:
    """Starts the example."""
    about = {"PYTHONPATH": str(ROOT), "HOME": str(log.parent), "RAY_ADDRESS": "local"}
    words = [PYTHON, ROOT / "examples" / "ray_batch.py", photos, faces, str(A_SHARD)]
    with log.open("w") as stream:
        return subprocess.Popen(words, env=os.environ | about, stdout=stream, stderr=subprocess.STDOUT)


def kill(run: subprocess.Popen) -> None:
    """Kills the example with all that Ray started for it, whose workers would go on for a moment, and waits for it."""
    processes = psutil.Process(run.pid).children(recursive=True)
    for process in (run, *processes):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    run.wait()
    psutil.wait_procs(processes, timeout=60)


def rows_in(faces: Path) -> list[dict]:
    """Returns the rows of all files that are whole."""
    lines = [line for path in sorted(faces.glob("*.jsonl")) for line in path.read_text().splitlines()]
    return [json.loads(line) for line in lines]


def test_a_killed_run_goes_on_and_every_picture_stands_there_once(tmp_path: Path):
    photos, faces = tmp_path / "photos", tmp_path / "faces"
    (photos / "deeper").mkdir(parents=True)
    portrait = Image.fromarray(astronaut()[:300, :400])
    names = [f"{number:02d}.png" for number in range(PICTURES - 2)]
    for number, name in enumerate(names):
        portrait.crop((number, 0, 380 + number, 300)).save(photos / name)
    (photos / "deeper" / "broken.jpg").write_bytes(b"no picture")
    # Nobody writes into it: whoever reads this picture waits, and the run with him.
    os.mkfifo(photos / "wait.png")

    run = start(photos, faces, tmp_path / "first.log")
    try:
        deadline = time.monotonic() + PATIENCE
        while not rows_in(faces) and run.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        assert run.poll() is None and rows_in(faces), (tmp_path / "first.log").read_text()[-2000:]
    finally:
        kill(run)
    before = {path.name: path.stat().st_mtime_ns for path in faces.glob("*.jsonl")}
    assert 0 < len(before) < PICTURES / A_SHARD  # the shard that waits is not there
    assert "wait.png" not in [row["picture"] for row in rows_in(faces)]

    (photos / "wait.png").unlink()
    portrait.save(photos / "wait.png")
    (photos / "later.png").write_bytes((photos / "00.png").read_bytes())  # no part of the job that was begun
    again = start(photos, faces, tmp_path / "again.log")
    try:
        assert again.wait(PATIENCE) == 0, (tmp_path / "again.log").read_text()[-2000:]
    finally:
        if again.poll() is None:
            kill(again)

    rows = rows_in(faces)
    assert sorted(row["picture"] for row in rows) == sorted([*names, "deeper/broken.jpg", "wait.png"])
    done = PICTURES - sum(len((faces / name).read_text().splitlines()) for name in before)
    said = (tmp_path / "again.log").read_text()
    assert f"{done} pictures in this run; all are in {faces}" in said
    assert before == {name: (faces / name).stat().st_mtime_ns for name in before}  # no shard was made twice
    (wanted,) = EmotionRecognizer.load().recognize(portrait)
    found = {row["picture"]: row for row in rows}
    (face,) = found["wait.png"]["faces"]
    assert (face["label"], face["certain"]) == (wanted.label, wanted.certain) == ("happy", True)
    assert face["probabilities"] == pytest.approx(wanted.probabilities, abs=0.02)
    assert found["deeper/broken.jpg"]["error"].endswith("not an image that can be read")
