"""The loss against formulas written out in NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from model_build.network.engine import load_engine
from model_build.training.losses import soft_cross_entropy
from tests.support.training import softmax

RANDOM = np.random.default_rng(0)
LOGITS = RANDOM.normal(0, 3, (6, 4)).astype(np.float32)
HARD = RANDOM.dirichlet(np.ones(4), 6).astype(np.float32)
TEACHER = RANDOM.dirichlet(np.ones(4), 6).astype(np.float32)


def loss(targets: np.ndarray, logits: np.ndarray = LOGITS, temperature: float = 1.0) -> np.ndarray:
    """Returns the loss of each row."""
    import tensorflow as tf

    function = soft_cross_entropy(load_engine(), 4, temperature)
    return np.asarray(function(tf.constant(targets), tf.constant(logits)))


def test_cross_entropy_of_soft_targets():
    expected = -(HARD * np.log(softmax(LOGITS))).sum(axis=1)
    np.testing.assert_allclose(loss(HARD), expected, rtol=1e-5)


def test_the_row_sum_is_the_weight_of_the_image():
    weights = np.float32([0, 0.5, 1, 2, 3, 4])
    np.testing.assert_allclose(loss(HARD * weights[:, None]), loss(HARD) * weights, rtol=1e-5)


@pytest.mark.parametrize("temperature", [1.0, 2.0, 4.0])
def test_distillation_is_hintons_formula(temperature: float):
    share = np.float32(0.7)
    targets = np.concatenate([(1 - share) * HARD, share * TEACHER], axis=1)
    hard = -(HARD * np.log(softmax(LOGITS))).sum(axis=1)
    soft = -(TEACHER * np.log(softmax(LOGITS / temperature))).sum(axis=1)
    expected = (1 - share) * hard + share * temperature**2 * soft
    np.testing.assert_allclose(loss(targets, temperature=temperature), expected, rtol=1e-5)


def test_the_temperature_leaves_hard_targets_alone():
    np.testing.assert_array_equal(loss(HARD, temperature=3.0), loss(HARD, temperature=1.0))


@pytest.mark.parametrize("width", [4, 8])
def test_masked_rows_cost_nothing(width: int):
    assert np.array_equal(loss(np.zeros((6, width), np.float32), temperature=2.0), np.zeros(6))


def test_huge_logits_stay_finite():
    assert np.isfinite(loss(HARD, LOGITS * 1e4)).all()
