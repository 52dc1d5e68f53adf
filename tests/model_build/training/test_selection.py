"""What chooses the epoch: the selection split without leaked images, by labels or by the crowd."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from face_emotion.contract import Normalization
from face_emotion.errors import InputError
from model_build.data.dataset import SELECTION
from model_build.synthetic.faces import draw_faces
from model_build.training.selection import (
    SPOILING,
    JudgedHead,
    Judgement,
    Jury,
    SelectionSet,
    jury_of,
    selection_set,
    spoil,
)
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


def test_each_image_is_spoilt_in_one_way_the_same_each_time():
    images = draw_faces(2 * len(SPOILING), seed=4)[0]
    spoilt = spoil(images)
    assert len(SPOILING) == 9 and spoilt.dtype == np.uint8 and spoilt.shape == images.shape
    np.testing.assert_array_equal(spoilt, spoil(images))
    changes = np.abs(spoilt.astype(int) - images).mean(axis=(1, 2))
    assert (changes > 0.5).all()
    np.testing.assert_array_equal(spoilt[0], np.rint(images[0] * 0.35))  # the light goes out first
    np.testing.assert_array_equal(spoilt[9], np.rint(images[9] * 0.35))
    assert spoilt[1].std() == pytest.approx(0.35 * images[1].std(), rel=0.02)  # then contrast
    assert abs(int(spoilt[8].mean()) - int(images[8].mean())) < 12  # the last is a shift: no light is lost


class Light:
    """Two heads that are sure of class 0 for bright images and of class 1 for dark ones."""

    def predict_on_batch(self, images: np.ndarray) -> list[np.ndarray]:
        bright = images.mean(axis=(1, 2, 3)) > 0.5
        logits = np.where(bright[:, None], [[2.0, 0.0]], [[0.0, 2.0]]).astype(np.float32)
        return [logits, logits[:, ::-1]]


def test_a_jury_judges_every_head_on_images_as_they_are_and_spoilt():
    images = np.stack([np.full((48, 48), 200, np.uint8)] * 4)
    dark = images.copy()
    dark[0] = 20
    heads = (
        JudgedHead(0, np.arange(4), np.zeros(4, np.int64)),
        JudgedHead(1, np.array([1, 2]), np.array([1, 1])),
    )
    found = Jury(images, dark, heads).judge(Light())
    assert found.accuracy == 1.0 and found.log_loss < 1e-6
    # One of four spoilt images is answered wrongly by the first head, as surely as it was right before; the second
    # head is asked about images that stay bright.
    assert found.spoilt_log_loss > 1 and found.score == (found.log_loss + found.spoilt_log_loss) / 2
    alone = Jury(images, dark, heads[1:]).judge(Light())
    assert alone.spoilt_log_loss < 1e-6
    assert Judgement(0.5, 0.25).score == 0.25


def test_all_heads_are_judged():
    dataset = tiny_dataset()
    chosen = np.flatnonzero((dataset.split == SELECTION) & ~dataset.leaked())
    both = jury_of(dataset, ("labels", "votes"))
    np.testing.assert_array_equal(both.images, dataset.images[chosen])
    assert [head.output for head in both.heads] == [0, 1]
    np.testing.assert_array_equal(both.heads[0].labels, dataset.labels[chosen])
    votes = selection_set(dataset, "votes", ("labels", "votes"))
    np.testing.assert_array_equal(both.images[both.heads[1].rows], votes.images)
    np.testing.assert_array_equal(both.heads[1].labels, votes.labels)
    alone = jury_of(dataset, ("votes",))
    assert [head.output for head in alone.heads] == [0]
    np.testing.assert_array_equal(alone.images, votes.images)
    without = dataclasses.replace(dataset, split=np.zeros_like(dataset.split), digest="")
    with pytest.raises(InputError, match="no image is left in the validation split"):
        jury_of(without, ("labels",))


def test_a_jury_shows_normalised_images():
    dark = np.full((4, 48, 48), 20, np.uint8)
    dark[:, :, 20:] = 60  # stretched, most of it is bright
    heads = (JudgedHead(0, np.arange(4), np.zeros(4, np.int64)),)
    assert Jury(dark, dark, heads).judge(Light()).accuracy == 0.0
    assert Jury(dark, dark, heads, Normalization("stretch")).judge(Light()).accuracy == 1.0
    chosen = SelectionSet(dark, np.zeros(4, np.int64), 0, Normalization("stretch"))
    assert chosen.judge(Light()).accuracy == 1.0
    assert jury_of(tiny_dataset(), ("labels",), Normalization("stretch")).normalization.kind == "stretch"


def test_logits_that_are_not_finite_lose_before_a_jury_too():
    class Broken:
        def predict_on_batch(self, images: np.ndarray) -> np.ndarray:
            return np.full((len(images), 2), np.nan, np.float32)

    image = np.zeros((1, 48, 48), np.uint8)
    jury = Jury(image, image, (JudgedHead(0, np.array([0]), np.array([1])),))
    assert jury.judge(Broken()).score == np.inf
