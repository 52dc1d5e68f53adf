"""The file of label targets: what it keeps, whose it is, and what a training does with it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from face_emotion.errors import InputError
from model_build.arrays import write_arrays
from model_build.data.dataset import TRAINING
from model_build.training import label_targets
from model_build.training.targets import target_rows
from model_build.training.train import TrainPlan
from tests.support.training import BOTH, SMALLEST, TRAIN, UNCHANGED, tiny_dataset


@pytest.fixture
def fitted():
    return tiny_dataset().part(TRAINING)


@pytest.fixture
def targets(fitted):
    rows = np.random.default_rng(0).uniform(0, 1, (len(fitted), 7))
    return (rows / rows.sum(axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def path(targets, tmp_path):
    label_targets.save(tmp_path / "t.npz", targets, tiny_dataset())
    return tmp_path / "t.npz"


def test_they_come_back_as_they_were_but_for_rounding(path, targets, fitted):
    found = label_targets.load(path, fitted)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, targets, atol=1e-3)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-6)


def test_those_of_another_data_set_are_refused(path, fitted):
    other = dataclasses.replace(fitted, labels=fitted.labels[::-1].copy(), digest="")
    fewer = fitted.rows(np.arange(10))
    for dataset in (other, fewer):
        with pytest.raises(InputError, match=r"--label-targets .*t\.npz: made of another data set than tiny"):
            label_targets.load(path, dataset)


@pytest.mark.parametrize(
    "damage, message",
    [
        (lambda rows: rows * 2, "its rows are no probabilities"),
        (lambda rows: rows - 0.3, "its rows are no probabilities"),
        (lambda rows: rows * np.nan, "its rows are no probabilities"),
        (lambda rows: rows[:-1], "its rows are no probabilities"),
        (None, "probabilities' is missing"),
    ],
)
def test_a_damaged_file_is_refused(path, targets, fitted, damage, message, tmp_path):
    from model_build.arrays import read_arrays

    arrays = read_arrays(path)
    header = {label_targets.HEADER: arrays[label_targets.HEADER]}
    rows = {} if damage is None else {"probabilities": damage(targets).astype(np.float16)}
    write_arrays(tmp_path / "bad.npz", header | rows)
    with pytest.raises(InputError, match=message):
        label_targets.load(tmp_path / "bad.npz", fitted)


def test_a_file_of_another_kind_or_none_is_refused(fitted, tmp_path):
    (tmp_path / "text.npz").write_text("no arrays")
    with pytest.raises(InputError, match=r"text\.npz: not what crossfit writes, or damaged"):
        label_targets.load(tmp_path / "text.npz", fitted)
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    with pytest.raises(InputError, match=r"other\.npz: not what crossfit writes"):
        label_targets.load(tmp_path / "other.npz", fitted)
    with pytest.raises(InputError, match="no such label targets"):
        label_targets.load(tmp_path / "none.npz", fitted)


def test_they_stand_in_for_the_labels_alone(path, targets, fitted):
    labels, votes = target_rows(fitted, BOTH, 0.05, 0.0, path)
    np.testing.assert_allclose(labels, targets, atol=1e-3)
    np.testing.assert_array_equal(votes, target_rows(fitted, BOTH, 0.05, 0.0)[1])


def test_classes_are_weighed_as_labels_are(path, targets, fitted):
    rare = (
        fitted.labels == np.unique(fitted.labels)[np.argmin(np.unique(fitted.labels, return_counts=True)[1])]
    )
    weighed = target_rows(fitted, BOTH, 0.0, 1.0, path)[0]
    given = target_rows(fitted, BOTH, 0.0, 1.0)[0]
    np.testing.assert_allclose(weighed.sum(axis=1), given.sum(axis=1), rtol=1e-5)
    assert rare.any()


def test_without_the_label_head_they_are_refused(path, fitted):
    with pytest.raises(InputError, match=r"--label-targets .*: the label head is not trained"):
        target_rows(fitted, ("votes",), 0.0, 0.0, path)


def test_a_run_is_described_by_them(path, tmp_path, targets):
    plan = TrainPlan(tiny_dataset(), SMALLEST, BOTH, TRAIN, UNCHANGED)
    assert "label_targets" not in plan.describe()
    with_them = dataclasses.replace(plan, label_targets=path)
    label_targets.save(tmp_path / "other.npz", targets[::-1], tiny_dataset())
    other = dataclasses.replace(plan, label_targets=tmp_path / "other.npz")
    assert len({one.describe()["label_targets"] for one in (with_them, other)}) == 2
