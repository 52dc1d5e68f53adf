"""Stable identities: which face of this frame is which face of the frames before.

    tracker = Tracker(contract.smoothing.reset_after)
    tracks = tracker.update([face.box for face in faces], time)      # time in seconds, from the caller's clock

Python, JavaScript and Kotlin follow this definition, all arithmetic in float64 (models/golden_sequence.json):

 1. A time before the last one (a video was wound back) forgets every track. Then each track not seen for more than
    reset_after seconds is forgotten; one that was in the last frame, after which there was none to see it in,
    is kept for STALL times as long.
 2. The gap of a track's last box and a new box is the distance of their centres divided by the mean of their four
    sides. They may match if the gap is below 1 (less than a face's width apart) and the longer of their mean sides
    is less than twice the shorter. The cost of a match is gap + 1 - IoU, of no match NO_MATCH.
 3. Of all assignments the one of least total cost is taken (`assign`; tracks in the order of their numbers, boxes in
    the order given). NO_MATCH is so large that as many as possible are matched.
 4. A matched box continues its track; any other begins a new one. Tracks are numbered 1, 2, 3 … in the order of the
    boxes, and no number is used twice.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real

from face_emotion.errors import InputError

NO_MATCH = 1000.0
STALL = 3
Box = Sequence[float]


@dataclass
class _Track:
    box: tuple[float, float, float, float]
    seen: float


class Tracker:
    """Gives each face a number that stays the same from frame to frame."""

    def __init__(self, reset_after: float) -> None:
        """reset_after: seconds without a face after which its track is forgotten, > 0."""
        self._reset_after = reset_after
        self._tracks: dict[int, _Track] = {}  # in the order of the numbers: new ones are appended
        self._count = 0
        self._time = -math.inf

    def update(self, boxes: Sequence[Box], time: float) -> list[int]:
        """Returns the number of each box's track.

        boxes: (x_min, y_min, x_max, y_max) in pixels, not empty; time: of the frame in seconds.
        Raises InputError if the time or a box is unusable; then nothing has changed.
        """
        time = check_time(time)
        checked = [_checked(box) for box in boxes]
        if time < self._time:
            self._tracks.clear()
        last, self._time = self._time, time
        self._tracks = {
            number: track
            for number, track in self._tracks.items()
            if time - track.seen <= self._reset_after * (STALL if track.seen == last else 1)
        }
        known = list(self._tracks)
        costs = [[match_cost(self._tracks[number].box, box) for box in checked] for number in known]
        matched = {
            column: known[row]
            for row, column in enumerate(assign(costs))
            if column is not None and costs[row][column] < NO_MATCH
        }
        numbers = []
        for column, box in enumerate(checked):
            number = matched.get(column)
            if number is None:
                number = self._count = self._count + 1
            self._tracks[number] = _Track(box, time)
            numbers.append(number)
        return numbers


def check_time(time: float) -> float:
    """Returns a time as a Python number; raises InputError unless it is a finite number of seconds."""
    if isinstance(time, bool) or not isinstance(time, Real) or not math.isfinite(time):
        raise InputError(f"time {time!r}: a finite number of seconds is expected")
    return float(time)


def match_cost(old: Box, new: Box) -> float:
    """Returns what it costs to take two boxes for one face (step 2), from 0 for equal boxes to NO_MATCH."""
    width, height = old[2] - old[0], old[3] - old[1]
    new_width, new_height = new[2] - new[0], new[3] - new[1]
    side, new_side = (width + height) / 2, (new_width + new_height) / 2
    across = (new[0] + new[2]) / 2 - (old[0] + old[2]) / 2
    down = (new[1] + new[3]) / 2 - (old[1] + old[3]) / 2
    gap = math.sqrt(across * across + down * down) / ((side + new_side) / 2)
    if gap >= 1 or max(side, new_side) >= 2 * min(side, new_side):
        return NO_MATCH
    shared_width = max(0.0, min(old[2], new[2]) - max(old[0], new[0]))
    shared_height = max(0.0, min(old[3], new[3]) - max(old[1], new[1]))
    shared = shared_width * shared_height
    return gap + 1 - shared / (width * height + new_width * new_height - shared)


def assign(costs: Sequence[Sequence[float]]) -> list[int | None]:
    """Returns the column assigned to each row so that the total cost is least; None where columns run out.

    costs: rows of equal length. The Hungarian method with potentials, in O(rows² · columns): rows are added one by
    one, each along a shortest augmenting path; of equal steps the lowest column is taken. Where there are more rows
    than columns, rows and columns change places.
    """
    if not costs or not costs[0]:
        return [None] * len(costs)
    rows, columns = len(costs), len(costs[0])
    if rows > columns:
        turned = assign([[costs[row][column] for row in range(rows)] for column in range(columns)])
        of_row = {row: column for column, row in enumerate(turned)}
        return [of_row.get(row) for row in range(rows)]
    row_potential, column_potential = [0.0] * rows, [0.0] * columns
    row_of: list[int | None] = [None] * columns
    for start in range(rows):
        slack, done = [math.inf] * columns, [False] * columns
        before: list[int | None] = [None] * columns
        row = start
        column: int | None = None
        while True:
            for other in range(columns):
                if not done[other]:
                    reduced = costs[row][other] - row_potential[row] - column_potential[other]
                    if reduced < slack[other]:
                        slack[other], before[other] = reduced, column
            column = min(
                (other for other in range(columns) if not done[other]), key=lambda other: slack[other]
            )
            step = slack[column]
            row_potential[start] += step
            for other, owner in enumerate(row_of):
                # What is done has a row: at a column without one the search has ended.
                if done[other] and owner is not None:
                    row_potential[owner] += step
                    column_potential[other] -= step
                else:
                    slack[other] -= step
            done[column] = True
            owner = row_of[column]
            if owner is None:
                break
            row = owner
        while column is not None:
            previous = before[column]
            row_of[column] = start if previous is None else row_of[previous]
            column = previous
    assigned: list[int | None] = [None] * rows
    for column, owner in enumerate(row_of):
        if owner is not None:
            assigned[owner] = column
    return assigned


def _checked(box: Box) -> tuple[float, float, float, float]:
    x_min, y_min, x_max, y_max = map(float, box)
    if not (all(map(math.isfinite, (x_min, y_min, x_max, y_max))) and x_max > x_min and y_max > y_min):
        raise InputError(
            f"box {tuple(box)}: finite numbers with x_min < x_max and y_min < y_max are expected"
        )
    return x_min, y_min, x_max, y_max
