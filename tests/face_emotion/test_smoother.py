"""Smoothing over time: the formula, independence of the frame rate, hysteresis and forgetting."""

from __future__ import annotations

import math

import numpy as np
import pytest

from face_emotion.contract import Smoothing
from face_emotion.errors import InputError
from face_emotion.smoother import Smoother

SMOOTHING = Smoothing(time_constant=0.5, switch_margin=0.1, reset_after=1.0)


def test_the_first_observation_is_taken_as_it_is():
    values, label = Smoother(SMOOTHING).update(1, [0.2, 0.5, 0.3], 10.0)
    assert values.tolist() == [0.2, 0.5, 0.3]
    assert label == 1


def test_the_formula():
    smoother = Smoother(SMOOTHING)
    smoother.update(1, [1.0, 0.0], 0.0)
    values, _ = smoother.update(1, [0.0, 1.0], 0.5)
    assert values == pytest.approx([math.exp(-1), 1 - math.exp(-1)])  # one time constant: 63 % of the weight
    values, _ = smoother.update(1, [0.0, 1.0], 0.5)
    assert values == pytest.approx([math.exp(-1), 1 - math.exp(-1)])  # no time has passed


@pytest.mark.parametrize("frames", [2, 5, 30, 120])
def test_a_second_is_a_second_at_any_frame_rate(frames):
    smoother = Smoother(SMOOTHING)
    smoother.update(1, [1.0, 0.0], 0.0)
    for frame in range(1, frames + 1):
        values, _ = smoother.update(1, [0.0, 1.0], frame / frames)
    assert values == pytest.approx([math.exp(-2), 1 - math.exp(-2)])


def test_uneven_frames_give_the_same_as_even_ones():
    smoother = Smoother(SMOOTHING)
    smoother.update(1, [1.0, 0.0], 0.0)
    for time in (0.01, 0.4, 0.41, 0.9, 1.0):
        values, _ = smoother.update(1, [0.0, 1.0], time)
    assert values[0] == pytest.approx(math.exp(-2))


def test_a_label_changes_only_with_a_margin():
    smoother = Smoother(Smoothing(time_constant=1e-9, switch_margin=0.1, reset_after=1.0))
    shown = [
        smoother.update(1, [low, 1 - low], 0.01 * frame)[1]
        for frame, low in enumerate([0.6, 0.48, 0.46, 0.44, 0.48, 0.54, 0.56])
    ]
    assert shown == [0, 0, 0, 1, 1, 1, 0]


def test_of_equal_classes_the_first_counts_and_a_tie_changes_nothing():
    smoother = Smoother(Smoothing(time_constant=1e-9, switch_margin=0.0, reset_after=1.0))
    assert smoother.update(1, [0.3, 0.3, 0.4], 0.0)[1] == 2
    assert smoother.update(1, [0.4, 0.2, 0.4], 0.1)[1] == 2
    assert smoother.update(2, [0.4, 0.2, 0.4], 0.1)[1] == 0


def test_flicker_around_the_border_shows_one_label():
    smoother, random = Smoother(Smoothing()), np.random.default_rng(0)
    raw, shown = [], []
    for frame in range(200):
        values = np.array([0.5, 0.5]) + random.normal(0, 0.1) * np.array([1, -1])
        raw.append(int(values.argmax()))
        shown.append(smoother.update(1, values, frame / 30)[1])
    changes = [int(np.count_nonzero(np.diff(labels))) for labels in (raw, shown)]
    assert changes[0] > 50
    assert changes[1] <= 3


def test_probabilities_stay_a_distribution():
    smoother, random = Smoother(SMOOTHING), np.random.default_rng(1)
    for frame in range(100):
        values, _ = smoother.update(1, random.dirichlet(np.ones(7)), frame * 0.04)
        assert values.sum() == pytest.approx(1)
        assert (values >= 0).all()


def test_tracks_do_not_mix():
    smoother = Smoother(SMOOTHING)
    smoother.update(1, [1.0, 0.0], 0.0)
    smoother.update(2, [0.0, 1.0], 0.0)
    assert smoother.update(1, [1.0, 0.0], 0.1)[0].tolist() == [1.0, 0.0]
    assert smoother.update(2, [0.0, 1.0], 0.1)[0].tolist() == [0.0, 1.0]


@pytest.mark.parametrize("time, anew", [(1.0, False), (1.01, True), (-0.01, True)])
def test_a_long_absence_or_a_step_back_starts_anew(time, anew):
    smoother = Smoother(SMOOTHING)
    smoother.update(1, [1.0, 0.0], 0.0)
    values, label = smoother.update(1, [0.0, 1.0], time)
    assert (values.tolist() == [0.0, 1.0]) == anew
    assert label == 1


def test_memory_does_not_grow_with_the_number_of_tracks():
    smoother = Smoother(SMOOTHING)
    for track in range(500):
        smoother.update(track, [0.5, 0.5], track * 0.3)
    assert len(smoother._states) <= 4


def test_answers_are_copies():
    smoother = Smoother(SMOOTHING)
    values, _ = smoother.update(1, [1.0, 0.0], 0.0)
    values[:] = 0.5
    assert smoother.update(1, [1.0, 0.0], 0.1)[0].tolist() == [1.0, 0.0]


def test_unusable_observations_are_refused():
    smoother = Smoother(SMOOTHING)
    smoother.update(1, [1.0, 0.0], 0.0)
    with pytest.raises(InputError, match="time"):
        smoother.update(1, [1.0, 0.0], math.nan)
    with pytest.raises(InputError, match="track 1"):
        smoother.update(1, [1.0, 0.0, 0.0], 0.1)
