"""Identities: assignment against brute force, the rules of the definition, and the golden sequence."""

from __future__ import annotations

import itertools
import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from converters import golden_sequence
from face_emotion.contract import Smoothing
from face_emotion.errors import InputError
from face_emotion.files import read_json
from face_emotion.tracker import NO_MATCH, Tracker, assign, match_cost

GOLDEN = read_json(golden_sequence.PATH)


def box(x: float, y: float = 100, side: float = 80) -> tuple[float, float, float, float]:
    """A square box around (x, y)."""
    return (x - side / 2, y - side / 2, x + side / 2, y + side / 2)


def total(costs, columns) -> float:
    """The cost of an assignment."""
    return sum(costs[row][column] for row, column in enumerate(columns) if column is not None)


def least(costs) -> float:
    """The least total cost over all assignments of as many as possible."""
    rows, columns = len(costs), len(costs[0])
    if rows <= columns:
        return min(
            sum(costs[row][column] for row, column in enumerate(pick))
            for pick in itertools.permutations(range(columns), rows)
        )
    return least([[costs[row][column] for row in range(rows)] for column in range(columns)])


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 5), st.integers(1, 5), st.booleans(), st.integers(0, 2**32 - 1))
def test_assignments_are_optimal(rows, columns, ties, seed):
    random = np.random.default_rng(seed)
    values = random.random((rows, columns)) * 2
    if ties:
        values = np.round(values * 2) / 2
    costs = np.where(random.random((rows, columns)) < 0.2, NO_MATCH, values).tolist()
    chosen = assign(costs)
    used = [column for column in chosen if column is not None]
    assert len(chosen) == rows
    assert len(set(used)) == len(used) == min(rows, columns)
    assert total(costs, chosen) == pytest.approx(least(costs))


def test_of_assignments_that_cost_the_same_the_lowest_column_is_taken():
    assert assign([[0, 1], [0, 1]]) == [0, 1]
    assert assign([[0, 2, 2, 0], [0, 2, 1, 0]]) == [0, 3]
    assert assign([[1, 1, 1, 0], [2, 2, 2, 2], [1, 1, 2, 0]]) == [3, 0, 1]


def test_assignments_of_nothing():
    assert assign([]) == []
    assert assign([[], []]) == [None, None]


def test_what_a_match_costs():
    assert match_cost(box(100), box(100)) == 0
    half = match_cost(box(100), box(140))  # half a width away: gap 1/2, a third of the joint area shared
    assert half == pytest.approx(0.5 + 1 - 1 / 3)
    assert match_cost(box(100), box(140, 160)) == pytest.approx(math.hypot(0.5, 0.75) + 1 - 800 / 12_000)
    assert match_cost(box(100), box(179.9)) < NO_MATCH
    assert match_cost(box(100), box(180)) == NO_MATCH
    assert match_cost(box(100), box(100, side=159)) < NO_MATCH
    assert match_cost(box(100), box(100, side=160)) == match_cost(box(100, side=160), box(100)) == NO_MATCH


def test_numbers_follow_the_faces_whatever_their_order():
    tracker = Tracker(1.0)
    assert tracker.update([box(100), box(300)], 0.0) == [1, 2]
    assert tracker.update([box(305), box(110)], 0.1) == [2, 1]
    assert tracker.update([box(315), box(500), box(120)], 0.2) == [2, 3, 1]


def test_the_nearest_box_is_not_always_the_right_one():
    tracker = Tracker(1.0)
    tracker.update([box(100), box(200)], 0.0)
    assert tracker.update([box(155), box(255)], 0.1) == [1, 2]  # 155 is nearer to 200 than to 100


def test_a_short_absence_is_bridged_and_a_long_one_not():
    tracker = Tracker(1.0)
    tracker.update([box(100), box(300)], 0.0)
    tracker.update([box(300)], 0.5)
    assert tracker.update([box(100), box(300)], 1.0) == [1, 2]
    tracker.update([box(300)], 1.9)
    assert tracker.update([box(100), box(300)], 2.1) == [3, 2]


def test_a_stall_of_up_to_three_times_as_long_keeps_the_faces_of_the_last_frame_only():
    tracker = Tracker(1.0)
    tracker.update([box(100), box(300)], 0.0)
    tracker.update([box(300)], 0.5)
    assert tracker.update([box(100), box(300)], 3.5) == [3, 2]
    assert tracker.update([box(100), box(300)], 6.6) == [4, 5]


def test_numbers_are_never_used_twice():
    tracker = Tracker(1.0)
    seen = []
    for step in range(20):
        seen += tracker.update([box(100)], 5.0 * step)
    assert seen == list(range(1, 21))


def test_going_back_in_time_is_another_scene():
    tracker = Tracker(1.0)
    tracker.update([box(100)], 7.0)
    assert tracker.update([box(100)], 7.0) == [1]
    assert tracker.update([box(100)], 6.9) == [2]
    assert tracker.update([box(100)], 7.0) == [2]


@pytest.mark.parametrize("time", [math.nan, math.inf, None, "1", True])
def test_a_time_must_be_a_finite_number(time):
    with pytest.raises(InputError, match="time"):
        Tracker(1.0).update([box(100)], time)


@pytest.mark.parametrize("bad", [(0, 0, 0, 5), (0, 5, 5, 0), (0, 0, math.nan, 5), (0, 0, math.inf, 5)])
def test_an_unusable_box_changes_nothing(bad):
    tracker = Tracker(1.0)
    tracker.update([box(100)], 0.0)
    with pytest.raises(InputError, match="box"):
        tracker.update([box(100), bad], 50.0)
    assert tracker.update([box(100)], 0.5) == [1]


def test_many_faces_are_matched_quickly():
    places = [box(60 * (k % 8) + 40, 60 * (k // 8) + 40, 50) for k in range(40)]
    tracker = Tracker(1.0)
    first = tracker.update(places, 0.0)
    moved = [(x0 + 9, y0 + 5, x1 + 9, y1 + 5) for x0, y0, x1, y1 in reversed(places)]
    assert tracker.update(moved, 0.1) == first[::-1]


def test_golden_sequence():
    smoothing = Smoothing(**GOLDEN["smoothing"])
    given = [{key: frame[key] for key in ("time", "boxes", "probabilities")} for frame in GOLDEN["frames"]]
    for index, (found, frame) in enumerate(
        zip(golden_sequence.replay(given, smoothing), GOLDEN["frames"], strict=True)
    ):
        assert found["tracks"] == frame["tracks"], index
        assert found["labels"] == frame["labels"], index
        for one, other in zip(found["smoothed"], frame["smoothed"], strict=True):
            assert np.allclose(one, other, atol=GOLDEN["tolerance"]["probability"], rtol=0), index


def test_golden_sequence_is_what_the_command_writes():
    written = golden_sequence.golden_sequence(Smoothing())
    assert [frame["boxes"] for frame in written["frames"]] == [frame["boxes"] for frame in GOLDEN["frames"]]
    assert written["smoothing"] == GOLDEN["smoothing"]


def test_golden_sequence_holds_what_it_is_for():
    frames = GOLDEN["frames"]
    tracks = [frame["tracks"] for frame in frames]
    times = np.diff([frame["time"] for frame in frames])
    assert max(map(max, filter(None, tracks))) == 9
    assert [] in tracks
    assert [2, 1] in tracks
    assert [1, 2] in tracks
    assert (times == 0).any()
    assert (times < 0).any()
    held = [
        frame["labels"][place] != int(np.argmax(values))
        for frame in frames
        for place, values in enumerate(frame["smoothed"])
    ]
    assert sum(held) >= 2  # the hysteresis held a label that was not the largest


def test_four_hundred_faces_keep_their_tracks_in_a_moment():
    random = np.random.default_rng(1)
    corners = np.stack(np.meshgrid(np.arange(20), np.arange(20)), axis=-1).reshape(-1, 2) * 40.0
    boxes = np.concatenate([corners, corners + 30], axis=1)
    tracker = Tracker(1.0)
    first = tracker.update(boxes.tolist(), 0.0)
    order = random.permutation(400)
    began = time.process_time()
    second = tracker.update((boxes + random.uniform(-3, 3, boxes.shape))[order].tolist(), 0.1)
    assert second == [first[place] for place in order]
    assert time.process_time() - began < 5
