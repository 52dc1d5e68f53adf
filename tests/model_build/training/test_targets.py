"""Training targets: smoothing, class weights, votes' rows, and which heads a choice of --targets trains."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from face_emotion.contract import LABELS_HEAD, VOTES_HEAD
from face_emotion.errors import InputError
from model_build.data.votes import vote_targets
from model_build.training.targets import heads_for, label_rows, target_rows
from tests.support.training import tiny_dataset

LABELS = np.array([0, 0, 0, 0, 0, 0, 1, 1, 2])


def test_plain_labels_are_one_hot():
    np.testing.assert_array_equal(label_rows(LABELS, 4), np.eye(4, dtype=np.float32)[LABELS])


def test_smoothing_spreads_its_share_over_all_classes():
    rows = label_rows(LABELS, 4, smoothing=0.2)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(rows[0], [0.85, 0.05, 0.05, 0.05], atol=1e-6)
    np.testing.assert_allclose(rows[8], [0.05, 0.05, 0.85, 0.05], atol=1e-6)


def test_class_weight_0_weighs_images_alike():
    np.testing.assert_allclose(label_rows(LABELS, 3, 0.1, 0.0).sum(axis=1), 1, atol=1e-6)


def test_class_weight_1_weighs_classes_alike():
    sums = label_rows(LABELS, 3, 0.1, 1.0).sum(axis=1)
    of_class = np.bincount(LABELS, weights=sums)
    np.testing.assert_allclose(of_class, of_class.mean(), rtol=1e-5)
    assert sums.mean() == pytest.approx(1, abs=1e-6)


def test_class_weight_between_is_a_power():
    sums = label_rows(LABELS, 3, 0.0, 0.5).sum(axis=1)
    assert sums[8] / sums[0] == pytest.approx(np.sqrt(6 / 1), rel=1e-5)
    assert sums[8] / sums[6] == pytest.approx(np.sqrt(2 / 1), rel=1e-5)
    assert sums.mean() == pytest.approx(1, abs=1e-6)


def test_a_class_without_images_does_no_harm():
    assert np.isfinite(label_rows(LABELS, 7, 0.1, 1.0)).all()


def test_votes_rows_weigh_as_much_as_their_shared_votes():
    votes = np.zeros((3, 10), np.uint8)
    votes[0, 1] = 10  # all for happiness
    votes[1, [1, 7]] = 4, 6  # six for contempt, which FER2013 does not know
    dataset = dataclasses.replace(tiny_dataset().rows(np.arange(3)), votes=votes, digest="")
    (rows,) = target_rows(dataset, (VOTES_HEAD,), 0.0, 0.0)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(rows.sum(axis=1), [1, 0.4, 0], atol=1e-6)
    np.testing.assert_allclose(rows[:, 3], [1, 0.4, 0], atol=1e-6)


def test_target_rows_follow_the_heads_order():
    dataset = tiny_dataset()
    labels, votes = target_rows(dataset, (LABELS_HEAD, VOTES_HEAD), 0.1, 0.0)
    np.testing.assert_array_equal(labels, label_rows(dataset.labels, 7, 0.1))
    np.testing.assert_array_equal(votes, vote_targets(dataset.votes))
    (alone,) = target_rows(dataset, (VOTES_HEAD,), 0.1, 0.0)
    np.testing.assert_array_equal(alone, votes)


def test_heads_of_each_choice():
    with_votes = tiny_dataset()
    without = dataclasses.replace(with_votes, votes=None, digest="")
    assert heads_for("auto", with_votes) == heads_for("both", with_votes) == (LABELS_HEAD, VOTES_HEAD)
    assert heads_for("auto", without) == heads_for("labels", without) == (LABELS_HEAD,)
    assert heads_for("votes", with_votes) == (VOTES_HEAD,)


@pytest.mark.parametrize("choice", ["votes", "both"])
def test_votes_that_are_not_there_are_refused(choice: str):
    without = dataclasses.replace(tiny_dataset(), votes=None, digest="")
    with pytest.raises(InputError, match=f"--targets {choice}: .*--votes"):
        heads_for(choice, without)


def test_unknown_choice_is_refused():
    with pytest.raises(InputError, match="--targets halves: use one of auto, labels, votes, both"):
        heads_for("halves", tiny_dataset())
