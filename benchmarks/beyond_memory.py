"""`python -m benchmarks beyond-memory`: what training from shards takes of memory, however many pictures there are.

    python -m benchmarks beyond-memory --images 1000000 --steps 300     # 2.4 GB on the disk, some minutes

The pictures are drawn faces, each repeated with a few other pixels, so that no two are alike. The training is a process
of its own, `python -m benchmarks training`, whose peak is what the kernel counted of it (ru_maxrss).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from face_emotion.arrays import Bytes
from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from model_build.data.dataset import SELECTION, TEST, TRAINING, Dataset
from model_build.data.shards import is_shards, spool_for, write_shards
from model_build.platform_check import check_platform
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
    verb.add_argument("--images", type=int, default=1_000_000, help="pictures (default 1,000,000)")
    verb.add_argument("--steps", type=int, default=300, help="steps of 128 pictures (default 300)")
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
    if arguments.images < DRAWN:
        raise InputError(f"--images {arguments.images}: must be at least {DRAWN}")
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
    words = ["training", "--data", str(folder), "--variant", "nano", "--steps", str(steps)]
    started = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks", *words],
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


def _repeated(faces: Bytes, count: int) -> Iterator[Bytes]:
    for number in range(count):
        face = faces[number % DRAWN].copy()
        face[0, :4] = np.frombuffer(number.to_bytes(4, "little"), np.uint8)
        yield face
