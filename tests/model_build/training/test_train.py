"""Float training: exact resume, best epoch, logs, two heads, fine-tuning, teachers, and a loss that explodes."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from face_emotion.errors import InputError
from model_build.data.dataset import SELECTION, TRAINING, Dataset
from model_build.network import checkpoint
from model_build.network.engine import load_engine
from model_build.settings import AugmentSettings
from model_build.training import state
from model_build.training.schedule import cosine_schedule
from model_build.training.selection import jury_of, predict, selection_set
from model_build.training.train import TrainPlan, train
from tests.support.training import (
    BOTH,
    LABELS,
    TINY,
    TRAIN,
    UNCHANGED,
    Trained,
    assert_same_state,
    interrupted,
    tiny_dataset,
)

ONE_EPOCH = dataclasses.replace(TRAIN, epochs=1)


def rows(folder: Path) -> list[dict]:
    """Returns history.json."""
    return json.loads((folder / "history.json").read_text())


def test_the_tiny_network_learns(trained_float: Trained):
    assert trained_float.checkpoint.details["selection_accuracy"] > 0.8


def test_interrupted_and_resumed_ends_with_the_same_weights_bit_for_bit(
    trained_float: Trained, tmp_path: Path
):
    folder = tmp_path / "float"
    stored = trained_float.copy_state(8, folder)
    before = stored.read_bytes()
    with interrupted(epoch=9, step=13), pytest.raises(KeyboardInterrupt):
        train(trained_float.plan, folder, load_engine())
    assert stored.read_bytes() == before  # half an epoch leaves nothing behind
    assert not (folder / "checkpoint.npz").exists()

    resumed = train(trained_float.plan, folder, load_engine())
    assert_same_state(folder / "state.npz", trained_float.folder / "state.npz")
    ours, theirs = (path / "checkpoint.npz" for path in (folder, trained_float.folder))
    assert ours.read_bytes() == theirs.read_bytes()  # nothing in it says how long it took
    assert resumed.weights.keys() == trained_float.checkpoint.weights.keys()
    for name, value in trained_float.checkpoint.weights.items():
        assert np.array_equal(resumed.weights[name], value), name
    assert [row["epoch"] for row in rows(folder)] == list(range(1, TRAIN.epochs + 1))


def test_a_finished_run_is_not_trained_again(trained_float: Trained, tmp_path: Path):
    trained_float.copy_state(TRAIN.epochs, tmp_path / "float")
    with interrupted(epoch=TRAIN.epochs, step=1):
        again = train(trained_float.plan, tmp_path / "float", load_engine())
    assert all(
        np.array_equal(again.weights[name], value) for name, value in trained_float.checkpoint.weights.items()
    )
    assert again.details == trained_float.checkpoint.details


def test_a_changed_setting_starts_anew(trained_float: Trained, tmp_path: Path):
    trained_float.copy_state(8, tmp_path / "float")
    plan = dataclasses.replace(trained_float.plan, train=dataclasses.replace(TRAIN, weight_decay=1e-3))
    with interrupted(epoch=1, step=1), pytest.raises(KeyboardInterrupt):
        train(plan, tmp_path / "float", load_engine())


def test_what_a_changed_setting_or_a_lost_state_would_overwrite_is_kept_and_said(
    trained_float: Trained, tmp_path: Path, capsys: pytest.CaptureFixture
):
    folder = tmp_path / "float"
    trained_float.copy_state(8, folder)
    (folder / "checkpoint.npz").write_bytes(b"weights of a week")
    old = (folder / "state.npz").read_bytes()
    plan = dataclasses.replace(
        trained_float.plan, train=dataclasses.replace(ONE_EPOCH, weight_decay=1e-3, seed=9, ema=0.5)
    )
    train(plan, folder, load_engine())
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "train: starting anew, because epochs was 10 and is 1, weight_decay was 0.0003 and is 0.001, "
        f"ema was 0.9 and is 0.5, 1 more differ; the old run is kept in {folder / 'replaced' / '1'}"
    ]
    assert (folder / "replaced/1/state.npz").read_bytes() == old
    assert (folder / "replaced/1/checkpoint.npz").read_bytes() == b"weights of a week"
    assert len(rows(folder)) == 1
    (folder / "state.npz").unlink()
    train(plan, folder, load_engine())
    assert (
        f"because {folder / 'state.npz'} is not there; the old run is kept in {folder / 'replaced' / '2'}"
        in (capsys.readouterr().err)
    )
    train(plan, folder, load_engine())
    assert capsys.readouterr().err == "" and not (folder / "replaced/3").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"train": dataclasses.replace(TRAIN, seed=4)},
        {"augment": AugmentSettings()},
        {"heads": LABELS},
        {"architecture": dataclasses.replace(TINY, dropout=0.1)},
        {"dataset": tiny_dataset().rows(np.arange(500))},
        {"initial": "checkpoint.npz"},
        {"teachers": ("checkpoint.npz",)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_state_belongs_to_one_plan(trained_float: Trained, change: dict):
    folder = trained_float.folder
    if "initial" in change:
        change = {"initial": folder / "checkpoint.npz"}
    if "teachers" in change:
        change = {"teachers": (folder / "checkpoint.npz",)}
    assert state.load(folder, trained_float.plan.describe(), "tensorflow") is not None
    with pytest.raises(state.StateRefused, match=r" was .* and is "):
        state.load(folder, dataclasses.replace(trained_float.plan, **change).describe(), "tensorflow")
    with pytest.raises(state.StateRefused, match="trained with --engine tensorflow, this is jax"):
        state.load(folder, trained_float.plan.describe(), "jax")


def test_another_file_at_the_same_path_is_another_plan(tmp_path: Path):
    plan = TrainPlan(tiny_dataset(), TINY, LABELS, TRAIN, UNCHANGED, (tmp_path / "t",), tmp_path / "i")
    (tmp_path / "t").write_text("teacher")
    (tmp_path / "i").write_text("initial")
    first = plan.describe()
    (tmp_path / "t").write_text("another teacher")
    second = plan.describe()
    (tmp_path / "i").write_text("another initial")
    assert first != second != plan.describe()
    assert str(tmp_path) not in json.dumps(first)  # a checkpoint travels; paths of one machine do not


@pytest.mark.parametrize("damage", ["cut", "text", "flipped"])
def test_a_damaged_state_starts_anew(trained_float: Trained, tmp_path: Path, damage: str):
    path = trained_float.copy_state(8, tmp_path / "float")
    content = bytearray(path.read_bytes())
    content[5000] ^= 0xFF
    path.write_bytes({"cut": content[:-100], "text": b"no state", "flipped": content}[damage])
    with pytest.raises(state.StateRefused, match=f"{path} is damaged"):
        state.load(tmp_path / "float", trained_float.plan.describe(), "tensorflow")


def test_history_has_a_row_an_epoch(trained_float: Trained):
    history = rows(trained_float.folder)
    assert [row["epoch"] for row in history] == list(range(1, TRAIN.epochs + 1))
    for row in history:
        assert set(row) == {
            "epoch",
            "loss",
            "selection_accuracy",
            "selection_log_loss",
            "selection_spoilt_log_loss",
            "learning_rate",
            "seconds",
            "kept",
        }
    assert history[-1]["loss"] < history[0]["loss"]
    assert history[-1]["learning_rate"] < 0.01 * TRAIN.learning_rate


def test_tensorboard_reads_the_curves(trained_float: Trained):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(trained_float.folder / "logs")).Reload()
    for name in (
        "loss",
        "selection_accuracy",
        "selection_log_loss",
        "selection_spoilt_log_loss",
        "learning_rate",
    ):
        scalars = events.Scalars(name)
        assert [scalar.step for scalar in scalars] == list(range(1, TRAIN.epochs + 1))
        expected = [row[name] for row in rows(trained_float.folder)]
        assert [scalar.value for scalar in scalars] == pytest.approx(expected)


def test_the_checkpoint_is_the_best_epochs(trained_float: Trained):
    history = rows(trained_float.folder)
    scores = [(row["selection_log_loss"] + row["selection_spoilt_log_loss"]) / 2 for row in history]
    best = history[int(np.argmin(scores))]
    details = checkpoint.load(trained_float.folder / "checkpoint.npz").details
    assert details == trained_float.checkpoint.details
    assert details["kind"] == "float"
    assert details["epoch"] == best["epoch"] == [row["epoch"] for row in history if row["kept"]][-1]
    assert details["selection_accuracy"] == best["selection_accuracy"]
    model = trained_float.checkpoint.model(load_engine().keras)
    judgement = jury_of(tiny_dataset(), BOTH, trained_float.checkpoint.normalization).judge(model)
    assert judgement.accuracy == best["selection_accuracy"]
    assert judgement.score == pytest.approx(min(scores), rel=1e-4)
    by_head = [
        selection_set(tiny_dataset(), head, BOTH, trained_float.checkpoint.normalization)
        .judge(model)
        .log_loss
        for head in BOTH
    ]
    assert judgement.log_loss == pytest.approx(sum(by_head) / 2, rel=1e-4)
    assert details["selection_spoilt_log_loss"] == pytest.approx(judgement.spoilt_log_loss, rel=1e-4)


def test_both_heads_learn(trained_float: Trained):
    selection = selection_set(tiny_dataset(), "labels")
    logits = predict(trained_float.checkpoint.model(load_engine().keras), selection.images)
    assert len(logits) == 2
    for head in logits:
        assert np.mean(head.argmax(axis=1) == selection.labels) > 0.75
    assert not np.allclose(logits[0], logits[1], atol=0.1)


def test_a_loss_that_explodes_is_an_error_and_leaves_nothing(tmp_path: Path):
    settings = dataclasses.replace(ONE_EPOCH, learning_rate=100.0, weight_decay=1.0)
    plan = TrainPlan(tiny_dataset(), TINY, LABELS, settings, UNCHANGED)
    with pytest.raises(InputError, match=r"^--learning-rate: the loss is not finite any more"):
        train(plan, tmp_path / "float", load_engine())
    assert [path.name for path in (tmp_path / "float").iterdir()] == ["logs"]


def split_off(split: int) -> Dataset:
    """Returns the tiny data set without one split."""
    dataset = tiny_dataset()
    return dataset.rows(dataset.split != split)


@pytest.mark.parametrize(
    ("split", "message"),
    [(TRAINING, "no training images"), (SELECTION, "no image is left in the validation")],
)
def test_a_split_without_images_is_refused(split: int, message: str, tmp_path: Path):
    plan = TrainPlan(split_off(split), TINY, LABELS, TRAIN, UNCHANGED)
    with pytest.raises(InputError, match=f"^tiny: .*{message}"):
        train(plan, tmp_path / "float", load_engine())


def test_cosine_schedule_rises_and_falls():
    schedule = cosine_schedule(load_engine().keras, peak=0.1, steps=100, warmup=0.1)
    rates = [float(schedule(step)) for step in range(101)]
    assert rates[0] == pytest.approx(0.005)
    assert int(np.argmax(rates)) == 10
    assert rates[5] == pytest.approx((0.005 + 0.1) / 2)
    assert rates[10] == pytest.approx(0.1)
    assert rates[55] == pytest.approx(0.1 * (0.001 + 0.999 / 2), rel=1e-3)
    assert rates[100] == pytest.approx(0.0001)
    flat = cosine_schedule(load_engine().keras, peak=0.1, steps=100, warmup=0.0)
    assert float(flat(0)) == pytest.approx(0.1)
