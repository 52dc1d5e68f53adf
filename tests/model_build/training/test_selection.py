"""What chooses the epoch: the selection split without leaked images, by labels or by the crowd."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from face_emotion.errors import InputError
from model_build.data.dataset import SELECTION
from model_build.training.selection import SelectionSet, chosen_by, selection_set
from tests.support.training import HAPPY, SURPRISE, tiny_dataset


def test_leaked_images_do_not_choose_the_epoch():
    dataset = tiny_dataset()
    chosen = np.flatnonzero(dataset.split == SELECTION)
    images = dataset.images.copy()
    images[chosen[:40]] = images[:40]  # these selection images stand in the training split too
    leaky = dataclasses.replace(dataset, images=images, digest="")
    selection = selection_set(leaky, "labels")
    assert np.array_equal(selection.images, images[chosen[40:]])
    assert np.array_equal(selection.labels, dataset.labels[chosen[40:]])
    with pytest.raises(InputError, match="no image is left in the validation split"):
        selection_set(
            dataclasses.replace(leaky, images=np.resize(images[:9], images.shape), digest=""), "labels"
        )


class Answering:
    """A model whose answer to any images is `logits`, an array a head."""

    def __init__(self, *logits: np.ndarray) -> None:
        self._logits = [np.asarray(head, np.float32) for head in logits]

    def predict_on_batch(self, images: np.ndarray) -> np.ndarray | list[np.ndarray]:
        return self._logits if len(self._logits) > 1 else self._logits[0]


def test_the_log_loss_is_that_at_the_best_temperature():
    selection = SelectionSet(np.zeros((4, 48, 48), np.uint8), np.array([0, 0, 0, 1]))
    # Three of four are right at the same distance: the best temperature makes each 75 % sure.
    for scale in (0.1, 1.0, 10.0):
        judged = selection.judge(Answering(scale * np.array([[1, 0]] * 4)))
        assert judged.accuracy == 0.75
        assert judged.log_loss == pytest.approx(-0.75 * np.log(0.75) - 0.25 * np.log(0.25), rel=1e-3)


def test_logits_that_are_not_finite_lose():
    selection = SelectionSet(np.zeros((2, 48, 48), np.uint8), np.array([0, 1]))
    assert selection.judge(Answering([[1, np.nan], [0, 1]])).log_loss == np.inf


def test_the_votes_head_is_chosen_by_the_crowds_labels():
    dataset = tiny_dataset()
    votes = np.zeros_like(dataset.votes)
    chosen = np.flatnonzero(dataset.split == SELECTION)
    votes[chosen[:10], 1] = 10  # happiness, whatever the label says; no other row has votes
    selection = selection_set(dataclasses.replace(dataset, votes=votes, digest=""), "votes")
    assert np.array_equal(selection.images, dataset.images[chosen[:10]])
    assert selection.labels.tolist() == [HAPPY] * 10
    assert {HAPPY, SURPRISE} == set(dataset.labels[chosen[:10]])


def test_the_votes_head_wants_votes():
    without = dataclasses.replace(tiny_dataset(), votes=None, name="faces")
    with pytest.raises(InputError, match=r"faces: there are no votes; give --votes"):
        selection_set(without, "votes")


def test_the_head_that_is_exported_is_judged():
    dataset = tiny_dataset()
    chosen = np.flatnonzero((dataset.split == SELECTION) & ~dataset.leaked())
    votes = np.zeros_like(dataset.votes)
    votes[chosen[:10], 1] = 10  # happiness
    crowd = dataclasses.replace(dataset, votes=votes, digest="")
    by_labels = np.eye(7)[np.full(10, HAPPY - 1)]
    by_votes = np.eye(7)[np.full(10, HAPPY)]
    selection = selection_set(crowd, "votes", ("labels", "votes"))
    assert selection.judge(Answering(by_labels, by_votes)).accuracy == 1
    assert selection.judge(Answering(by_votes, by_labels)).accuracy == 0


def test_only_a_head_that_is_not_the_first_enters_the_description():
    assert chosen_by("labels", ("labels", "votes")) == chosen_by("votes", ("votes",)) == {}
    assert chosen_by("votes", ("labels", "votes")) == {"chosen_by": "votes"}
