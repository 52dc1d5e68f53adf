"""From logits to probabilities by whole numbers: the table, the blend, the same answer in any order."""

from __future__ import annotations

import hashlib
from fractions import Fraction

import numpy as np
import pytest

from face_emotion.softmax import (
    exponentials,
    float_probabilities,
    multipliers,
    probabilities_of,
    scores,
)


def test_the_table_is_the_one_that_all_runtimes_have():
    table = exponentials()
    assert (len(table), table[0], table[256], table[4095]) == (4096, 16777216, 6171993, 2)
    text = ",".join(map(str, table.tolist()))
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert digest == "0b021cc694a9e42bfcee0982cf4972cc5a756ebec80fe92c13239aa83e740267"


def test_no_entry_of_the_table_lies_where_another_exponential_would_round_it_differently():
    exact = np.exp(-np.arange(4096) / 256) * 2**24
    assert np.abs(exact - np.floor(exact) - 0.5).min() > 1e-5  # doubles err by 1e-9 at most


def test_a_multiplier_is_a_rounded_whole_number():
    assert multipliers(0.0344538614153862, (0.6348, 0.4729)) == [366940, 273355]
    assert multipliers(1.0, (0.0, 1.0)) == [0, 2**24]


def test_scores_are_what_fractions_give():
    random = np.random.default_rng(0)
    logits = random.integers(0, 256, (40, 14), dtype=np.uint8)
    scale, zero_point, blend = 0.0344538614153862, 90, (0.6348, 0.4729)
    weights = [Fraction(366940, 65536), Fraction(273355, 65536)]
    found = scores(logits, scale, zero_point, blend)
    assert found.shape == (40, 7)
    for row, result in zip(logits.tolist(), found.tolist(), strict=True):
        for label in range(7):
            sum_ = weights[0] * (row[label] - 90) + weights[1] * (row[7 + label] - 90)
            assert result[label] == (sum_ + Fraction(1, 2)).__floor__()


def test_probabilities_are_the_softmax():
    found = np.random.default_rng(1).integers(-1500, 1500, (200, 7))
    powers = np.exp(found / 256)
    expected = powers / powers.sum(axis=1, keepdims=True)
    probabilities = probabilities_of(found)
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities, expected, atol=1e-6)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)


def test_the_ends_of_the_table():
    assert probabilities_of(np.array([[0, -4096, -5000]])).tolist() == [[1.0, 0.0, 0.0]]
    certain, last = probabilities_of(np.array([[10, 10 - 4095]]))[0].tolist()
    assert certain < 1 and last == float(np.float32(2 / 16777218))
    assert probabilities_of(np.zeros((1, 3), int)).tolist() == [[float(np.float32(1 / 3))] * 3]
    shifted = probabilities_of(np.array([[10**6, 10**6 - 300, 10**6 - 7]]))
    np.testing.assert_array_equal(shifted, probabilities_of(np.array([[0, -300, -7]])))


def test_no_faces_have_no_answers():
    nobody = np.empty((0, 14), np.uint8)
    assert probabilities_of(scores(nobody, 0.03, 90, (0.7, 0.4))).shape == (0, 7)
    assert float_probabilities(nobody.astype(np.float32), (0.7, 0.4)).shape == (0, 7)


def test_real_logits_are_blended_alike():
    random = np.random.default_rng(2)
    logits = random.integers(0, 256, (50, 14), dtype=np.uint8)
    real = (logits.astype(float) - 90) * 0.03
    whole = probabilities_of(scores(logits, 0.03, 90, (0.7, 0.4)))
    np.testing.assert_allclose(float_probabilities(real, (0.7, 0.4)), whole, atol=3e-3)


@pytest.mark.parametrize(("blend", "half"), [((1.0, 0.0), slice(0, 7)), ((0.0, 1.0), slice(7, 14))])
def test_a_head_alone_is_that_head(blend: tuple[float, float], half: slice):
    logits = np.random.default_rng(3).integers(0, 256, (50, 14), dtype=np.uint8)
    alone = scores(np.ascontiguousarray(logits[:, half]), 0.05, 100, (1.0,))
    np.testing.assert_array_equal(scores(logits, 0.05, 100, blend), alone)
