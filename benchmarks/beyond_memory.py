"""`python -m benchmarks beyond-memory`: what training from shards takes of memory, however many pictures there are.

    python -m benchmarks beyond-memory --images 1000000 --steps 300     # 2.4 GB on the disk, some minutes

The pictures are drawn faces, each repeated with a few other pixels, so that no two are alike. The training is a process
of its own, whose peak is what the kernel counted of it (ru_maxrss): an epoch of `train` that is cut short after some
steps, then the judgement of all selection images, state and checkpoint, as ever.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from face_emotion.arguments import MOST_ROUNDS, whole
from face_emotion.arrays import Bytes
from face_emotion.contract import FER2013_LABELS, LABELS_HEAD
from face_emotion.errors import InputError
from model_build.data.dataset import SELECTION, TEST, TRAINING, Dataset
from model_build.data.loading import load
from model_build.data.shards import is_shards, spool_for, write_shards
from model_build.network.architecture import architecture
from model_build.network.engine import load_engine
from model_build.platform_check import check_platform
from model_build.settings import AugmentSettings, TrainSettings
from model_build.synthetic.faces import draw_faces

DRAWN = 2000  # faces that are repeated
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Peak:
    """A training's peak memory in bytes, its seconds and what it said."""

    bytes: int
    seconds: float
    said: str


def add_arguments(verb: argparse.ArgumentParser) -> None:
    """Adds the command's flags."""
    verb.add_argument("--images", type=whole(0), default=1_000_000, help="pictures (default 1,000,000)")
    verb.add_argument(
        "--steps", type=whole(0, MOST_ROUNDS), default=300, help="steps of 128 pictures (default 300)"
    )
    verb.add_argument(
        "--out",
        type=Path,
        default=Path("build/beyond-memory"),
        help="folder that keeps the shards for the next run",
    )
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Writes the shards where they are not there yet, trains, prints the peak; returns 0."""
    check_platform()
    if arguments.images < 10 * DRAWN:
        raise InputError(f"--images {arguments.images}: must be at least {10 * DRAWN}")
    if arguments.steps < 1:
        raise InputError(f"--steps {arguments.steps}: must be at least 1")
    folder = arguments.out / f"{arguments.images}"
    if not is_shards(folder):
        write(folder, arguments.images)
    size = sum(path.stat().st_size for path in folder.iterdir())
    peak = train(folder, arguments.steps)
    print(peak.said)
    print(
        f"{arguments.images:,} pictures, {size / MEGABYTE:,.0f} MB of shards, {arguments.steps} steps: "
        f"peak memory {peak.bytes / MEGABYTE:,.0f} MB, {peak.seconds:.0f} s"
    )
    return 0


def write(folder: Path, count: int) -> None:
    """Writes a folder of shards with `count` different drawn faces, eight tenths of them to train on."""
    faces, labels = draw_faces(DRAWN, seed=23)
    numbers = np.arange(count)
    with spool_for(folder) as spool:
        dataset = Dataset(
            images=spool(_repeated(faces, count)),
            labels=labels[numbers % DRAWN].astype(np.int64),
            split=np.array([TRAINING] * 8 + [SELECTION, TEST], np.uint8)[numbers // DRAWN % 10],
            class_names=FER2013_LABELS,
            name="drawn",
        )
        write_shards(dataset, folder)


def train(folder: Path, steps: int) -> Peak:
    """Trains `nano` from shards in a process of its own; raises InputError with its last line where it fails."""
    started = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.beyond_memory", folder, str(steps)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert child.stdout is not None
    said = child.stdout.read().strip()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise InputError(f"training ended with {child.returncode}: {said.splitlines()[-1] if said else ''}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Peak(usage.ru_maxrss * unit, time.perf_counter() - started, said)


def _cut_short(folder: Path, steps: int) -> None:
    """An epoch of `steps` steps."""
    from model_build.training import batches, fitting
    from model_build.training import train as training

    for module in (batches, fitting, training):
        module.steps_per_epoch = lambda count, size: steps  # type: ignore[attr-defined]
    plan = training.TrainPlan(
        load(folder), architecture("nano"), (LABELS_HEAD,), TrainSettings(epochs=1), AugmentSettings()
    )
    with tempfile.TemporaryDirectory() as out:
        training.train(plan, Path(out), load_engine())


def _repeated(faces: Bytes, count: int) -> Iterator[Bytes]:
    for number in range(count):
        face = faces[number % DRAWN].copy()
        face[0, :4] = np.frombuffer(number.to_bytes(4, "little"), np.uint8)
        yield face


if __name__ == "__main__":
    _cut_short(Path(sys.argv[1]), int(sys.argv[2]))
