"""Figures against scikit-learn and against numbers worked out by hand."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from scipy.special import softmax
from sklearn.metrics import (
    balanced_accuracy_score,
    f1_score,
    log_loss,
    precision_score,
    recall_score,
    top_k_accuracy_score,
)

from model_build.evaluation import metrics

NAMES = ("angry", "disgust", "fear", "happy")


@pytest.fixture
def predictions() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 4, 400)
    logits = generator.normal(0, 1, (400, 4))
    logits[np.arange(400), labels] += 1
    return softmax(logits, axis=1), labels


def test_score_equals_scikit_learn(predictions):
    probabilities, labels = predictions
    answers = probabilities.argmax(axis=1)
    result = metrics.score(probabilities, labels, NAMES)
    assert result["images"] == 400
    assert result["accuracy"] == pytest.approx((answers == labels).mean())
    assert result["top2"] == pytest.approx(top_k_accuracy_score(labels, probabilities, k=2))
    assert result["macro_f1"] == pytest.approx(f1_score(labels, answers, average="macro"))
    assert result["balanced_accuracy"] == pytest.approx(balanced_accuracy_score(labels, answers))
    assert probabilities[np.arange(400), labels].min() > metrics.PROBABILITY_FLOOR
    assert result["negative_log_likelihood"] == pytest.approx(log_loss(labels, probabilities))
    assert [entry["name"] for entry in result["per_class"]] == list(NAMES)
    recalls = recall_score(labels, answers, average=None)
    assert [entry["recall"] for entry in result["per_class"]] == pytest.approx(list(recalls))
    precisions = precision_score(labels, answers, average=None)
    assert [entry["precision"] for entry in result["per_class"]] == pytest.approx(list(precisions))
    worst = result["worst_class"]
    assert (worst["name"], worst["recall"]) == (NAMES[recalls.argmin()], pytest.approx(recalls.min()))


def test_confusion_has_the_true_class_in_rows():
    probabilities = np.eye(4)[[1, 1, 0, 2]]
    result = metrics.score(probabilities, np.array([0, 1, 0, 2]), NAMES)
    assert result["confusion"] == [[1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]


def test_a_class_without_images_is_left_out_of_the_means():
    probabilities = np.eye(4)[[0, 1, 1, 2]]
    result = metrics.score(probabilities, np.array([0, 1, 0, 2]), NAMES)
    absent = result["per_class"][3]
    assert (absent["recall"], absent["f1"], absent["support"]) == (None, None, 0)
    assert result["balanced_accuracy"] == pytest.approx((0.5 + 1 + 1) / 3)
    assert result["macro_f1"] == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)
    assert result["worst_class"] == {"name": "angry", "recall": 0.5}


@pytest.mark.parametrize(("correct", "count"), [(2422, 3589), (0, 10), (10, 10), (1, 2)])
def test_wilson_interval_is_the_textbook_formula(correct, count):
    share, z = correct / count, NormalDist().inv_cdf(0.975)
    middle = share + z**2 / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    expected = [(middle + sign * half) / (1 + z**2 / count) for sign in (-1, 1)]
    assert metrics.wilson_interval(correct, count) == pytest.approx(expected, abs=1e-9)


def test_calibration_by_hand():
    # Two bins: (14/15, 1] holds .95 and .97, one of them right; (7/15, 8/15] holds .5 and .52, both right.
    confidence = np.array([0.95, 0.97, 0.5, 0.52])
    bins = metrics.calibration_bins(confidence, np.array([True, False, True, True]))
    assert bins == [
        {"confidence": pytest.approx(0.51), "accuracy": 1.0, "count": 2},
        {"confidence": pytest.approx(0.96), "accuracy": 0.5, "count": 2},
    ]
    assert metrics.calibration_error(bins) == pytest.approx((0.49 + 0.46) / 2)


def test_a_bin_includes_its_upper_end():
    (entry,) = metrics.calibration_bins(np.array([3 / 15, 0.19]), np.array([True, False]))
    assert (entry["accuracy"], entry["count"]) == (0.5, 2)


def test_a_certain_and_right_network_is_calibrated():
    result = metrics.score(np.eye(4)[[0, 1, 2, 3]], np.arange(4), NAMES)
    assert result["ece"] == 0
    assert result["negative_log_likelihood"] == 0
    assert result["interval"][0] < result["accuracy"] == result["interval"][1] == 1


def test_an_int8_files_zero_does_not_make_the_likelihood_infinite():
    probabilities = np.array([[255, 0, 0, 0]]) / 256
    result = metrics.score(probabilities, np.array([1]), NAMES)
    assert result["negative_log_likelihood"] == pytest.approx(np.log(512))


def test_mcnemar_by_hand():
    a = np.array([True] * 8 + [False] * 2 + [True] * 5)
    b = np.array([False] * 8 + [True] * 2 + [True] * 5)
    # Two-sided binomial of 2 or fewer out of 10: 2 * (1 + 10 + 45) / 1024.
    expected = {"only_a": 8, "only_b": 2, "p_value": pytest.approx(0.109375)}
    assert metrics.mcnemar(a, b) == expected
    assert metrics.mcnemar(a, a) == {"only_a": 0, "only_b": 0, "p_value": 1.0}


def test_agreement_and_step_spread():
    first = np.array([[200, 56], [100, 156], [128, 128]], np.uint8)
    second = np.array([[190, 66], [140, 116], [128, 128]], np.uint8)
    assert metrics.agreement(first, second) == pytest.approx(2 / 3)
    spread = metrics.step_spread(first, second)
    assert spread == {"max_step": 40, "mean_step": pytest.approx(100 / 6)}


@pytest.mark.parametrize(
    ("probabilities", "labels"),
    [
        (np.full((2, 4), 0.25), np.array([0])),
        (np.full((2, 4), 0.25), np.array([0, 4])),
        (np.full((2, 4), 0.25), np.array([0, -1])),
        (np.full((2, 3), 1 / 3), np.array([0, 1])),
        (np.full((2, 4), np.nan), np.array([0, 1])),
        (np.array([[2.0, -1, 0, 0]]), np.array([0])),
        (np.array([[1.0, 1, 1, 1]]), np.array([0])),
        (np.zeros((0, 4)), np.zeros(0, int)),
    ],
)
def test_impossible_input_is_refused(probabilities, labels):
    with pytest.raises(ValueError):
        metrics.score(probabilities, labels, NAMES)
