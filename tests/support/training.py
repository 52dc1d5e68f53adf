"""A tiny network on few drawn faces: what the tests of training, quantisation and export share.

Two expressions only, so that seconds of training suffice; the labels are FER2013's seven all the same.
conftest.py keeps `trained_float` and `trained_qat`, made by the functions below, for the whole session.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from unittest.mock import patch

import numpy as np

from face_emotion.contract import FER2013_LABELS, LABELS_HEAD, VOTES_HEAD, Normalization
from model_build.data.dataset import SELECTION, TEST, TRAINING, Dataset
from model_build.data.votes import VOTE_COLUMNS
from model_build.network import checkpoint
from model_build.network.architecture import Architecture, Stage
from model_build.settings import AugmentSettings, QuantizeSettings, TrainSettings
from model_build.synthetic.faces import draw_faces

TINY = Architecture(stem=((8, 2),), stages=(Stage(8, 2, 1, 1), Stage(16, 2, 2, 2)), head=24, dropout=0.2)
SMALLEST = replace(TINY, stages=TINY.stages[:1])  # for what need not learn: tfmot and tracing take their time
LABELS, BOTH = (LABELS_HEAD,), (LABELS_HEAD, VOTES_HEAD)
HAPPY, SURPRISE = FER2013_LABELS.index("happy"), FER2013_LABELS.index("surprise")
COUNTS = {TRAINING: 416, SELECTION: 64, TEST: 64}
UNCHANGED = AugmentSettings(
    flip=0, rotate=0, scale=0, shift=0, brightness=0, contrast=0, gradient=0, noise=0, erase=0, mixup=0
)
TRAIN = TrainSettings(epochs=10, batch_size=16, learning_rate=0.1, ema=0.9, label_smoothing=0.0, seed=3)
QUANTIZE = QuantizeSettings(qat_epochs=2, qat_learning_rate=0.001, qat_calibration=4)


@dataclass(frozen=True)
class Trained:
    """A finished run: its plan, its folder and the checkpoint that it returned.

    The folder also holds the state after each epoch as epoch1.npz and so on.
    """

    plan: object
    folder: Path
    checkpoint: checkpoint.Checkpoint

    def copy_state(self, epoch: int, folder: Path) -> Path:
        """Makes `folder` look as if the run had been stopped after `epoch`; returns its state's path."""
        folder.mkdir(parents=True)
        return Path(shutil.copy(self.folder / f"epoch{epoch}.npz", folder / "state.npz"))


@contextlib.contextmanager
def states_kept() -> Iterator[None]:
    """Keeps a copy of the state after each epoch that is trained in the block."""
    from model_build.training import state

    original = state.save

    def save(folder: Path, plan: dict, value: state.State) -> None:
        original(folder, plan, value)
        shutil.copy(folder / state.FILE, folder / f"epoch{len(value.facts['history'])}.npz")

    with patch.object(state, "save", save):
        yield


@cache
def tiny_dataset() -> Dataset:
    """Returns 544 happy and surprised faces with votes: seven of ten are for the label, some rows have none."""
    count = sum(COUNTS.values())
    images, labels = draw_faces(count, seed=11, classes=(HAPPY, SURPRISE))
    random = np.random.default_rng(5)
    votes = random.multinomial(3, np.full(10, 0.1), count)
    columns = {HAPPY: VOTE_COLUMNS.index("happiness"), SURPRISE: VOTE_COLUMNS.index("surprise")}
    votes[np.arange(count), [columns[label] for label in labels]] += 7
    votes[::10] = 0
    return Dataset(
        images=images,
        labels=labels,
        split=np.repeat(list(COUNTS), list(COUNTS.values())).astype(np.uint8),
        class_names=FER2013_LABELS,
        votes=votes.astype(np.uint8),
        name="tiny",
    )


def train_tiny(folder: Path) -> Trained:
    """Trains TINY with both heads into `folder`; about 90 % of the selection split come out right."""
    from model_build.network.engine import load_engine
    from model_build.training.train import TrainPlan, train

    plan = TrainPlan(tiny_dataset(), TINY, BOTH, TRAIN, UNCHANGED)
    with states_kept():
        return Trained(plan, folder, train(plan, folder, load_engine()))


def quantize_tiny(source: checkpoint.Checkpoint, folder: Path) -> Trained:
    """Fine-tunes `source` with fake quantisation into `folder`."""
    from model_build.quantization.quantize import QuantizePlan, quantize

    plan = QuantizePlan(tiny_dataset(), source, TRAIN, QUANTIZE, UNCHANGED)
    with states_kept():
        return Trained(plan, folder, quantize(plan, folder))


def untrained(
    architecture: Architecture = TINY, classes: int = 7, heads: tuple[str, ...] = LABELS, seed: int = 0
):
    """Returns an untrained tf_keras network of seeded weights."""
    from model_build.network.architecture import build
    from model_build.network.engine import load_engine

    keras = load_engine().keras
    keras.utils.set_random_seed(seed)
    return build(keras, architecture, classes, heads)


def untrained_checkpoint(
    architecture: Architecture = TINY,
    labels: tuple[str, ...] = FER2013_LABELS,
    heads: tuple[str, ...] = LABELS,
    seed: int = 0,
) -> checkpoint.Checkpoint:
    """Returns a float checkpoint of seeded weights; batch norms are shifted, so that none is the identity."""
    weights = checkpoint.weights_of(untrained(architecture, len(labels), heads, seed))
    random = np.random.default_rng(seed)
    for name, value in weights.items():
        if value.ndim == 1:
            weights[name] = (value + random.uniform(0.05, 0.2, value.shape)).astype(np.float32)
    return checkpoint.Checkpoint(architecture, heads, labels, weights, {"kind": "float", "seed": seed})


@contextlib.contextmanager
def interrupted(epoch: int, step: int) -> Iterator[None]:
    """Has Ctrl-C pressed in the middle of an epoch (both from 1) of what is trained in the block."""
    from model_build.training import fitting

    original = fitting.epoch_batches

    def batches(*arguments, **options):
        (_, index) = arguments[5]
        for count, batch in enumerate(original(*arguments, **options), start=1):
            if (index + 1, count) == (epoch, step):
                raise KeyboardInterrupt
            yield batch

    with patch.object(fitting, "epoch_batches", batches):
        yield


def assert_same_state(first: Path, second: Path) -> None:
    """Compares two state.npz bit for bit, all but the seconds."""
    with np.load(first) as a, np.load(second) as b:
        assert a.files == b.files
        for name in a.files:
            if name == "__state__":
                continue
            assert np.array_equal(a[name], b[name]), name
        facts = [json.loads(str(stored["__state__"]))["facts"] for stored in (a, b)]
    for stored in facts:
        for row in stored["history"]:
            del row["seconds"]
    assert facts[0] == facts[1]


def softmax(logits: np.ndarray) -> np.ndarray:
    """Returns softmax in float64."""
    powers = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def always(batch: np.ndarray) -> Callable[[Normalization], np.ndarray]:
    """Returns what gives teachers the same batch whatever their normalisation is."""
    return lambda normalization: batch
