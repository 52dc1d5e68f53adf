"""model_build.training.train --from: what a new training takes over of trained weights."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from face_emotion.errors import InputError
from face_emotion.files import read_json
from model_build.data.dataset import TRAINING
from model_build.network import checkpoint
from model_build.network.engine import load_engine
from model_build.settings import AugmentSettings
from model_build.training import train as train_module
from model_build.training.fitting import Best
from model_build.training.selection import Judgement
from model_build.training.train import TrainPlan, train
from tests.support.training import (
    BOTH,
    LABELS,
    TINY,
    TRAIN,
    UNCHANGED,
    Trained,
    tiny_dataset,
    untrained_checkpoint,
)

ONE_EPOCH = dataclasses.replace(TRAIN, epochs=1)


@pytest.mark.parametrize("views, mirror", [(0, 0), (2, 0), (2, 1)])
def test_a_teacher_is_believed_and_a_checkpoint_fine_tuned(
    trained_float: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, views: int, mirror: int
):
    monkeypatch.chdir(tmp_path)  # views are kept in build/.cache
    dataset = tiny_dataset()
    labels = np.where(dataset.split == TRAINING, 0, dataset.labels)  # training labels are all wrong
    wrong = dataclasses.replace(dataset, labels=labels, digest="")
    path = trained_float.folder / "checkpoint.npz"
    settings = dataclasses.replace(
        ONE_EPOCH, distill=1.0, learning_rate=0.01, views=views, teacher_mirror=mirror
    )
    augmentation = AugmentSettings(mixup=0.2)
    plan = TrainPlan(wrong, TINY, LABELS, settings, augmentation, (path.resolve(),), path.resolve())
    taught = train(plan, tmp_path / "taught", load_engine())
    # Without the teacher every image would be learnt as class 0, and a fresh network answers by chance.
    assert taught.details["selection_accuracy"] > 0.75
    assert len(list(tmp_path.glob("build/.cache/view-*.cache"))) == min(views, ONE_EPOCH.epochs) * (
        1 + mirror
    )


@pytest.mark.parametrize(("keep", "epoch"), [("best", 1), ("last", 3)])
def test_the_epoch_that_was_asked_for_is_kept(
    trained_float: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: str, epoch: int
):
    monkeypatch.chdir(tmp_path)
    dataset = tiny_dataset()
    labels = np.where(
        dataset.split == TRAINING, 0, dataset.labels
    )  # wrong ones, so that each epoch does worse
    wrong = dataclasses.replace(dataset, labels=labels, digest="")
    settings = dataclasses.replace(TRAIN, epochs=3, learning_rate=0.02, ema=0.5, keep=keep)
    path = (trained_float.folder / "checkpoint.npz").resolve()
    found = train(
        TrainPlan(wrong, TINY, LABELS, settings, AugmentSettings(), (), path), tmp_path / "new", load_engine()
    )
    losses = [row["selection_log_loss"] for row in read_json(tmp_path / "new/history.json")]
    assert losses[0] < losses[1] < losses[2]
    assert found.details["epoch"] == epoch
    assert found.details["selection_log_loss"] == pytest.approx(losses[epoch - 1])


@pytest.fixture
def untrained_result(monkeypatch: pytest.MonkeyPatch):
    """Has `train` return the weights that it would have started from."""
    monkeypatch.setattr(
        train_module,
        "fit",
        lambda job, folder, start_at_zero: (Best(Judgement(0.0, 9.9), 0, job.model.get_weights()), []),
    )


@pytest.mark.parametrize("labels", ["abc", "abcdefg"])  # another number of classes; as many of other names
def test_fine_tuning_for_other_classes_keeps_the_body(untrained_result, tmp_path: Path, labels: str):
    stored = untrained_checkpoint(labels=tuple(labels), heads=BOTH)
    checkpoint.save(tmp_path / "initial.npz", stored)
    plan = TrainPlan(tiny_dataset(), TINY, BOTH, TRAIN, UNCHANGED, initial=tmp_path / "initial.npz")
    started = train(plan, tmp_path / "float", load_engine()).weights
    fresh = train(dataclasses.replace(plan, initial=None), tmp_path / "fresh", load_engine()).weights
    for name, value in started.items():
        source = fresh if name.startswith("classifier_") else stored.weights
        assert np.array_equal(value, source[name]), name
    assert not np.array_equal(fresh["stem0_conv/0"], stored.weights["stem0_conv/0"])


def test_fine_tuning_takes_the_classifiers_that_are_there(untrained_result, tmp_path: Path):
    stored = untrained_checkpoint()
    checkpoint.save(tmp_path / "initial.npz", stored)
    plan = TrainPlan(tiny_dataset(), TINY, BOTH, TRAIN, UNCHANGED, initial=tmp_path / "initial.npz")
    started = train(plan, tmp_path / "float", load_engine()).weights
    for name, value in stored.weights.items():
        assert np.array_equal(started[name], value), name
    assert "classifier_votes/0" in started


def test_fine_tuning_another_architecture_is_refused(tmp_path: Path):
    checkpoint.save(tmp_path / "other.npz", untrained_checkpoint(dataclasses.replace(TINY, head=40)))
    plan = TrainPlan(tiny_dataset(), TINY, LABELS, TRAIN, UNCHANGED, initial=tmp_path / "other.npz")
    with pytest.raises(InputError, match=r"^--from .*other\.npz: .*another architecture"):
        train(plan, tmp_path / "float", load_engine())
    assert not (tmp_path / "float").exists()


def test_no_epochs_keep_the_weights_of_another_network(trained_float: Trained, tmp_path: Path):
    start = trained_float.folder / "checkpoint.npz"
    none = dataclasses.replace(TRAIN, epochs=0, normalization="none")
    plan = TrainPlan(tiny_dataset(), TINY, BOTH, none, UNCHANGED, initial=start)
    kept = train(plan, tmp_path / "float", load_engine())
    for name, value in checkpoint.load(start).weights.items():
        np.testing.assert_array_equal(kept.weights[name], value, err_msg=name)
    assert (kept.details["epoch"], kept.normalization.kind) == (0, "none")
    assert 0 < kept.details["selection_log_loss"] < 1
    assert (tmp_path / "float" / "history.json").read_text().strip() == "[]"


def test_no_epochs_want_weights_to_keep(tmp_path: Path):
    plan = TrainPlan(tiny_dataset(), TINY, BOTH, dataclasses.replace(TRAIN, epochs=0), UNCHANGED)
    with pytest.raises(InputError, match=r"^--epochs 0: keeps the weights of another network; give --from$"):
        train(plan, tmp_path / "float", load_engine())
    assert not (tmp_path / "float").exists()
