"""Certain answers: the threshold that is chosen, and the curve of accuracy against coverage."""

from __future__ import annotations

import numpy as np
import pytest

from model_build.evaluation.coverage import coverage_figures, fit_threshold


def test_figures_of_ten_answers_by_hand():
    confidence = np.array([0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.45, 0.4, 0.3], np.float32)
    right = np.array([1, 1, 1, 0, 1, 1, 0, 0, 1, 0], bool)
    found = coverage_figures(confidence, right, 0.5)
    assert (found["threshold"], found["coverage"]) == (0.5, pytest.approx(0.7))
    assert found["accuracy"] == pytest.approx(5 / 7)
    assert [entry["coverage"] for entry in found["curve"]] == [k / 10 for k in range(1, 11)]
    assert [round(entry["accuracy"], 3) for entry in found["curve"]] == [
        1.0,
        1.0,
        1.0,
        0.75,
        0.8,
        0.833,
        0.714,
        0.625,
        0.667,
        0.6,
    ]
    assert found["curve"][3]["threshold"] == pytest.approx(0.8)


def test_the_order_of_equally_sure_answers_says_nothing():
    # A network that learnt nothing is as sure of each: without this, the class whose folder is read first is all right.
    right = np.array([1] * 5 + [0] * 15, bool)
    for order in (right, right[::-1]):
        curve = coverage_figures(np.full(20, 0.25), order, 0.5)["curve"]
        assert [entry["accuracy"] for entry in curve] == [0.25] * 10
    # One surer answer, which is right, and half of three others, one of which is.
    curve = coverage_figures(np.array([0.5, 0.9, 0.5, 0.5]), np.array([1, 1, 0, 0], bool), 0.5)["curve"]
    assert curve[4] == {"coverage": 0.5, "threshold": 0.5, "accuracy": pytest.approx(2 / 3)}


def test_a_face_that_was_not_found_is_never_certain():
    found = coverage_figures(np.array([-1.0, 0.9]), np.array([False, True]), 0.0)
    assert (found["coverage"], found["accuracy"]) == (0.5, 1.0)
    assert coverage_figures(np.array([0.2, 0.3]), np.array([True, True]), 0.9)["accuracy"] is None


def test_the_threshold_is_the_lowest_from_which_four_fifths_are_right():
    # 60 answers at 0.7, all right; 20 at 0.55, half of them right; 20 at 0.35, none: 70 / 80 are right from 0.36 on.
    confidence = np.repeat([0.7, 0.55, 0.35], [60, 20, 20])
    right = np.concatenate([np.ones(60), np.arange(20) % 2, np.zeros(20)]).astype(bool)
    assert fit_threshold([(confidence, right)]) == 0.36
    assert fit_threshold([(confidence[:60], right[:60])]) == 0.0  # all together are right often enough


def test_a_poor_model_stays_certain_of_half_of_the_faces():
    confidence = np.linspace(0.2, 0.9, 100)
    assert fit_threshold([(confidence, np.zeros(100, bool))]) == 0.55
    assert (confidence >= 0.55).mean() == 0.5


def test_two_questions_count_alike():
    confidence = np.repeat([0.7, 0.35], [60, 40])
    label = np.arange(100) < 54  # 54 % of all are right, 90 % of the surest 60
    crowd = np.arange(100) < 45  # 45 %, and 75 %
    assert fit_threshold([(confidence, label), (confidence, crowd)]) == 0.36
    assert fit_threshold([(confidence, crowd)]) == 0.7
