"""One face out of many rows: weighted means, their order, overlaps at the threshold, random rows against a loop."""

from __future__ import annotations

import numpy as np
import pytest

from face_emotion.suppression import Candidates, intersection_over_union, weighted_suppression
from tests.support.detection import suppressed_by_loops


def candidates(*boxes: tuple[float, ...], scores: tuple[float, ...]) -> Candidates:
    """Boxes (x_min, y_min, x_max, y_max), each with its centre as the one key point."""
    values = np.array(boxes, float).reshape(-1, 2, 2)
    return Candidates(np.concatenate([values, values.mean(axis=1, keepdims=True)], axis=1), np.array(scores))


def test_overlapping_rows_are_one_face_at_their_weighted_mean():
    found = weighted_suppression(candidates((0, 0, 10, 10), (4, 0, 14, 10), scores=(0.2, 0.6)), 0.3)
    assert found.boxes == pytest.approx(np.array([[3, 0, 13, 10]]))  # three quarters of the way
    assert found.points[0, 2] == pytest.approx([8, 5])
    assert found.scores.tolist() == [0.6]


def test_faces_come_surest_first_and_equal_ones_in_their_order():
    boxes = [(100 * place, 0, 100 * place + 10, 10) for place in range(4)]
    found = weighted_suppression(candidates(*boxes, scores=(0.5, 0.7, 0.5, 0.9)), 0.3)
    assert found.scores.tolist() == [0.9, 0.7, 0.5, 0.5]
    assert found.boxes[:, 0].tolist() == [300, 100, 0, 200]


def test_a_row_joins_the_surest_face_only():
    # The middle one overlaps with both; the last does not overlap with the first.
    found = weighted_suppression(
        candidates((0, 0, 10, 10), (5, 0, 15, 10), (10, 0, 20, 10), scores=(0.9, 0.6, 0.8)), 0.3
    )
    assert found.boxes[:, 0] == pytest.approx([2, 10])
    assert found.scores.tolist() == [0.9, 0.8]


def test_an_overlap_at_the_threshold_stays_a_face_of_its_own():
    rows = candidates((0, 0, 1, 1), (0, 0, 0.3, 1), scores=(0.7, 0.9))  # intersection over union: 0.3
    assert weighted_suppression(rows, 0.3).scores.tolist() == [0.9, 0.7]
    assert weighted_suppression(rows, 0.29).scores.tolist() == [0.9]


def test_no_rows_are_no_faces():
    found = weighted_suppression(Candidates(np.zeros((0, 7, 2)), np.zeros(0)), 0.3)
    assert (found.points.shape, found.boxes.shape, found.scores.shape) == ((0, 7, 2), (0, 4), (0,))


def test_intersection_over_union():
    boxes = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [10, 0, 20, 10], [2, 2, 4, 4], [-90, 0, -80, 9]], float)
    assert intersection_over_union(boxes[0], boxes).tolist() == pytest.approx([1, 1 / 3, 0, 0.04, 0])


@pytest.mark.parametrize("seed", range(4))
def test_random_rows_equal_the_loop(seed):
    random = np.random.default_rng(seed)
    low = random.uniform(0, 60, (120, 1, 2))
    points = np.concatenate(
        [low, low + random.uniform(5, 40, (120, 1, 2)), low + random.normal(0, 9, (120, 5, 2))], 1
    )
    scores = random.choice([0.6, 0.7, 0.8, 0.9], 120)  # many equal ones
    found = weighted_suppression(Candidates(points, scores), 0.3)
    plain = suppressed_by_loops(
        list(zip(scores.tolist(), points.reshape(120, -1).tolist(), strict=True)), 0.3
    )
    assert len(found.scores) == len(plain) > 5
    assert found.scores.tolist() == [score for score, _ in plain]
    np.testing.assert_allclose(found.points.reshape(len(plain), -1), [flat for _, flat in plain], atol=1e-9)
