"""The moving average of weights against its formula."""

from __future__ import annotations

import numpy as np
import pytest

from model_build.training.averaging import WeightAverage


def follow(average: WeightAverage, series: list[float]) -> None:
    """Feeds one weight's values, one a training step."""
    for value in series:
        if average.due():
            average.update([np.full(2, value, np.float32)])


def test_decay_0_keeps_the_latest():
    average = WeightAverage([np.zeros(2)], decay=0.0, every=1)
    follow(average, [3.0, 7.0])
    np.testing.assert_array_equal(average.weights[0], [7, 7])


def test_formula_with_warm_up():
    average = WeightAverage([np.zeros(2)], decay=0.5, every=1)
    expected = 0.0
    for step, value in enumerate(np.linspace(1, 2, 20), start=1):
        follow(average, [value])
        decay = min(0.5, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * value
        np.testing.assert_allclose(average.weights[0], expected, rtol=1e-5)


def test_fewer_updates_decay_by_as_many_steps():
    average = WeightAverage([np.ones(2)], decay=0.9, every=4)
    average.steps = 1000  # the warm-up is over
    follow(average, [0.0] * 8)
    np.testing.assert_allclose(average.weights[0], 0.9**8, rtol=1e-5)


@pytest.mark.parametrize("every", [1, 3])
def test_due_once_every_so_many_steps(every: int):
    average = WeightAverage([np.zeros(2)], decay=0.5, every=every)
    assert [step for step in range(1, 10) if average.due()] == list(range(every, 10, every))


def test_the_first_weights_are_copied():
    weights = np.zeros(2, np.float32)
    average = WeightAverage([weights], decay=0.5, every=1)
    follow(average, [1.0])
    assert weights.max() == 0
