"""Stacked targets: near the distribution that labels were drawn from, and never told an image's own label."""

from __future__ import annotations

import numpy as np
import pytest

from face_emotion.errors import InputError
from model_build.training.stacking import features_of, stacked

COUNT, CLASSES = 10_000, 3


@pytest.fixture(scope="module")
def drawn():
    """Distributions, labels that were drawn from them, and features that tell the distribution but not the label."""
    random = np.random.default_rng(1)
    logits = random.normal(0, 1.5, (COUNT, CLASSES))
    truth = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = np.array([random.choice(CLASSES, p=row) for row in truth])
    return truth, labels, np.hstack([logits, random.normal(0, 1, (COUNT, 2))]), np.arange(COUNT) % 5


def test_targets_are_near_what_the_labels_were_drawn_from(drawn):
    truth, labels, features, part = drawn
    targets = stacked(features, labels, part, CLASSES)
    np.testing.assert_allclose(targets.sum(axis=1), 1, atol=1e-5)
    assert np.abs(targets - truth).mean() < 0.01
    assert np.abs(np.eye(CLASSES)[labels] - truth).mean() > 0.2  # what a label alone says


def test_an_images_own_label_does_not_reach_its_target(drawn):
    _, labels, features, part = drawn
    changed = labels.copy()
    changed[part == 2] = (changed[part == 2] + 1) % CLASSES
    before, after = (stacked(features, given, part, CLASSES) for given in (labels, changed))
    np.testing.assert_array_equal(before[part == 2], after[part == 2])
    assert np.abs(before[part != 2] - after[part != 2]).mean() > 0.05


def test_a_class_that_the_other_parts_lack_gets_nothing():
    labels = np.array([0, 1, 0, 1, 0, 3])
    targets = stacked(np.arange(12.0).reshape(6, 2), labels, np.array([0, 0, 1, 1, 1, 1]), 4)
    assert (targets[:, 2] == 0).all()
    assert (targets[2:, 3] == 0).all() and (targets[:2, 3] > 0).all()


def test_one_class_alone_is_refused():
    with pytest.raises(InputError, match="--data: too few training images have another class"):
        stacked(np.zeros((4, 1)), np.array([0, 0, 1, 1]), np.array([0, 0, 1, 1]), 2)


def test_votes_are_features_where_there_are_some():
    answers = [np.array([[0.25, 0.75]], np.float32), np.array([[1.0, 0.0]], np.float32)]
    np.testing.assert_allclose(features_of(answers, None), [[np.log(0.25), np.log(0.75), 0, np.log(1e-12)]])
    votes = np.array([[0, 3, 0, 0, 7, 0, 0, 0, 0, 0]], np.uint8)
    with_votes = features_of(answers, votes)
    assert with_votes.shape == (1, 24)
    assert with_votes[0, 4:14].tolist() == votes[0].tolist()
    assert with_votes[0, 15] == pytest.approx(np.log(3.5)) and with_votes[0, 14] == pytest.approx(np.log(0.5))
