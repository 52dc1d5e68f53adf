"""Small complete builds, and the command lines that make them: for the tests of all that follows the training.

`build_tiny` runs the pipeline in this process on synthetic faces; `build_by_command` runs `python -m model_build`
on a folder of a user's own classes, interrupts it once, and lets it finish. conftest.py keeps one of each a session.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from model_build.data.dataset import Dataset
from model_build.network.architecture import Architecture, Stage
from model_build.settings import QuantizeSettings, TrainSettings
from model_build.synthetic.faces import draw_faces
from tests.support.paths import ROOT
from tests.support.training import UNCHANGED

BUILD_NETWORK = Architecture(((8, 2),), (Stage(8, 2, 2, 1), Stage(16, 2, 2, 2)), 32, dropout=0.0)
FACES = {"angry": 0, "happy": 3, "surprise": 5, "neutral": 6}  # which four of FER2013's seven are drawn
# Three of the drawn expressions under names that Markdown, HTML, tables and ASCII stumble over, and out of order.
OWN_CLASSES = {"überrascht": 5, "Glad & | well": 3, "<b>traurig": 4}
EPOCHS = 8
FLAGS = ("--epochs", str(EPOCHS), "--batch-size", "16", "--qat-epochs", "1", "--qat-calibration", "4")


def faces_dataset(train: int = 600, select: int = 120, test: int = 120) -> Dataset:
    """Returns drawn faces of FACES, that many in each split and nobody in two."""
    counts = (train, select, test)
    parts = [
        draw_faces(count, (0, split), classes=list(FACES.values())) for split, count in enumerate(counts)
    ]
    return Dataset(
        images=np.concatenate([images for images, _ in parts]),
        labels=np.searchsorted(list(FACES.values()), np.concatenate([labels for _, labels in parts])),
        split=np.repeat(np.arange(3, dtype=np.uint8), counts),
        class_names=tuple(FACES),
        name="drawn",
    )


def tiny_plan(dataset: Dataset | None = None, **changes: Any) -> Any:
    """Returns a pipeline.BuildPlan of a network far below `nano`; `changes` replace fields of its TrainSettings."""
    from model_build.network.engine import load_engine
    from model_build.pipeline import BuildPlan

    settings = {"epochs": 8, "batch_size": 16, "ema": 0.9, "label_smoothing": 0.0} | changes
    return BuildPlan(
        name="tiny",
        dataset=dataset or faces_dataset(),
        architecture=BUILD_NETWORK,
        heads=("labels",),
        train=TrainSettings(**settings),
        augment=UNCHANGED,
        quantize=QuantizeSettings(qat_epochs=1, qat_calibration=4),
        engine=load_engine(),
        command="python -m model_build build --variant tiny",
    )


def build_tiny(folder: Path) -> Path:
    """Runs the whole pipeline into `folder` and returns it; fails unless it verifies."""
    from model_build import pipeline

    problems = pipeline.build(tiny_plan(), folder)
    assert problems == []
    return folder


class Remembered:
    """A classifier that answers each array of images once."""

    def __init__(self, classifier: Any) -> None:
        self._classifier, self._answers = classifier, {}

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        key = images.tobytes()
        if key not in self._answers:
            self._answers[key] = self._classifier.probabilities(images)
        return self._answers[key]


def write_own_classes(root: Path, train: int = 40, test: int = 8) -> Path:
    """Writes train/ and test/ with that many drawn faces of each of OWN_CLASSES, grey and colour, 64×64."""
    for part, count, seed in (("train", train, 1), ("test", test, 2)):
        for name, label in OWN_CLASSES.items():
            faces, _ = draw_faces(count, (seed, label), size=64, classes=[label])
            folder = root / part / name
            folder.mkdir(parents=True)
            for number, face in enumerate(faces):
                pixels = face if number % 2 else np.stack([face] * 3, axis=-1)
                Image.fromarray(pixels).save(folder / f"{number:03d}.png")
    return root


@dataclass(frozen=True)
class CommandBuild:
    """What `build_by_command` did: folder (of the build), data (the class folders), flags (of both runs),
    first_rows (of the float history when the first run was interrupted), interrupted and finished (both runs)."""

    folder: Path
    data: Path
    flags: tuple[str, ...]
    first_rows: list[dict[str, Any]]
    interrupted: subprocess.CompletedProcess
    finished: subprocess.CompletedProcess


def build_by_command(scratch: Path) -> CommandBuild:
    """Builds OWN_CLASSES by command in `scratch`: stopped by Ctrl-C once training has begun, then run again."""
    data = write_own_classes(scratch / "own faces")
    flags = ("build", "--data", data.name, "--variant", "nano-own", *FLAGS)
    folder = scratch / "build" / "nano-own"
    process = start("model_build", *flags, cwd=scratch)
    # The state is written last: an epoch that is interrupted before it is trained (and timed) again.
    state = folder / "float" / "state.npz"
    while process.poll() is None and not state.exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=300)
    interrupted = subprocess.CompletedProcess(process.args, process.returncode, output, errors)
    with np.load(state) as stored:
        first_rows = json.loads(str(stored["__state__"]))["facts"]["history"]
    return CommandBuild(
        folder, data, flags, first_rows, interrupted, finished=run("model_build", *flags, cwd=scratch)
    )


def start(program: str, *words: str | Path, cwd: Path, before: Any = None) -> subprocess.Popen:
    """Starts `python -m PROGRAM WORDS` in the folder `cwd`; `before` is called in the new process first."""

    def prepare() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever runs the tests in the background ignores it
        if before is not None:
            before()

    return subprocess.Popen(
        [sys.executable, "-m", program, *map(str, words)],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=prepare,
    )


def run(program: str, *words: str | Path, cwd: Path, before: Any = None) -> subprocess.CompletedProcess:
    """Runs `python -m PROGRAM WORDS` to its end; see `start`."""
    process = start(program, *words, cwd=cwd, before=before)
    output, errors = process.communicate(timeout=900)
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def error_line(ended: subprocess.CompletedProcess) -> str:
    """Returns the one line on a command's stderr, LiteRT's greeting apart; fails if there are more or none."""
    lines = [
        line for line in ended.stderr.splitlines() if not line.startswith("INFO: Created TensorFlow Lite")
    ]
    assert len(lines) == 1, ended.stderr
    return lines[0]


def nothing_half_written(folder: Path) -> None:
    """Asserts that no file of a temporary name is left anywhere in a folder."""
    assert not [path for path in folder.rglob("*") if "partial" in path.name]
