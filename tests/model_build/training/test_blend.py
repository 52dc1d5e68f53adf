"""The blend of two heads: the weights at which the mean of the questions' log losses is lowest."""

from __future__ import annotations

import numpy as np
import pytest

from model_build.training.calibration import fit_blend
from tests.support.training import softmax

BEST = (2.0, 0.5)


def question(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Logits of two heads [N,2,3] and labels [N] that occur exactly as often as BEST gives them probability.

    A context's first head has log(a) / 2 and its second log(b) / 0.5, so that the blend has log(a b); its class k
    is the label a_k b_k times.
    """
    random = np.random.default_rng(seed)
    first, second = random.integers(1, 6, (2, 8, 3))
    logits = np.stack([np.log(first) / BEST[0], np.log(second) / BEST[1]], axis=1)
    counts = first * second
    return np.repeat(logits, counts.sum(axis=1), axis=0), np.concatenate(
        [np.repeat(np.arange(3), row) for row in counts]
    )


def loss(weights, questions) -> float:
    """The mean of the questions' mean negative log likelihoods, nats."""
    found = []
    for logits, labels in questions:
        blended = weights[0] * logits[:, 0] + weights[1] * logits[:, 1]
        found.append(-np.log(softmax(blended)[np.arange(len(labels)), labels]).mean())
    return float(np.mean(found))


@pytest.mark.parametrize("seeds", [(0,), (0, 1)])
def test_a_known_optimum_is_found(seeds: tuple[int, ...]):
    assert fit_blend([question(seed) for seed in seeds]) == pytest.approx(BEST, abs=2e-3)


def test_no_other_weights_have_a_lower_loss():
    random = np.random.default_rng(3)
    labels = random.integers(0, 7, (2, 400))
    questions = []
    for own in labels:
        logits = random.normal(0, 1, (400, 2, 7))
        logits[np.arange(400), :, own] += random.uniform(0, 3, (400, 2))
        questions.append((logits, own))
    found = fit_blend(questions)
    assert min(found) > 0
    others = random.uniform(0, 5, (50, 2))
    assert all(loss(found, questions) < loss(weights, questions) for weights in others)


def test_both_questions_count_alike_whatever_their_numbers_are():
    (logits, labels), (other, theirs) = question(0), question(1)
    twice = [(np.concatenate([logits] * 2), np.concatenate([labels] * 2)), (other, theirs[::-1].copy())]
    once = [(logits, labels), (other, theirs[::-1].copy())]
    assert fit_blend(twice) == pytest.approx(fit_blend(once), abs=2e-3)


def test_a_head_that_is_wrong_weighs_nothing():
    logits, labels = question(0)
    first, second = fit_blend([(np.stack([logits[:, 0], -3 * logits[:, 0]], axis=1), labels)])
    assert first > 0.5 and second == pytest.approx(0, abs=1e-6)


def test_one_head_gets_the_inverse_of_its_best_temperature():
    logits, labels = question(0)
    blended = (BEST[0] * logits[:, 0] + BEST[1] * logits[:, 1])[:, None]
    assert fit_blend([(4 * blended, labels)]) == pytest.approx((0.25,), abs=1e-3)


LOGITS = np.zeros((4, 2, 3))
LABELS = np.array([0, 1, 2, 0])


@pytest.mark.parametrize(
    ("questions", "message"),
    [
        ([(LOGITS, np.array([0, 1, 2, 3]))], r"labels outside 0\.\.2"),
        ([(LOGITS, np.array([0, 1, 2, -1]))], r"labels outside 0\.\.2"),
        ([(LOGITS, np.array([0.0, 1.0, 2.0, 0.0]))], r"labels outside 0\.\.2"),
        ([(LOGITS, LABELS[:3])], r"labels of shape \(3,\) for values of shape \(4, 3\)"),
        ([(LOGITS[:0], LABELS[:0])], "labels of shape"),
        ([(LOGITS[:, 0], LABELS)], r"logits of shape \(4, 3\) where \[N,heads,K\] is expected"),
        ([(LOGITS + np.inf, LABELS)], "not all finite"),
        ([(LOGITS, LABELS), (LOGITS[:, :1], LABELS)], "2 questions: .* of the same heads"),
        ([], "0 questions"),
    ],
)
def test_what_cannot_be_fitted_is_refused(questions, message: str):
    with pytest.raises(ValueError, match=message):
        fit_blend(questions)
