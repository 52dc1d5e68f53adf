"""What chooses the epoch: the selection split without leaked images, by labels or by the crowd."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from helpers_training import HAPPY, SURPRISE, tiny_dataset

from face_emotion.errors import InputError
from model_build.data import SELECTION
from model_build.selection import selection_set


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


def test_the_votes_head_is_chosen_by_the_crowds_labels():
    dataset = tiny_dataset()
    votes = np.zeros_like(dataset.votes)
    chosen = np.flatnonzero(dataset.split == SELECTION)
    votes[chosen[:10], 1] = 10  # happiness, whatever the label says; no other row has votes
    selection = selection_set(dataclasses.replace(dataset, votes=votes, digest=""), "votes")
    assert np.array_equal(selection.images, dataset.images[chosen[:10]])
    assert selection.labels.tolist() == [HAPPY] * 10
    assert {HAPPY, SURPRISE} == set(dataset.labels[chosen[:10]])
