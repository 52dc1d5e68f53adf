"""Probabilities and shown label of each track over time: calm, but as quick at 5 frames a second as at 60.

    smoother = Smoother(contract.smoothing)
    smoothed, label = smoother.update(track, probabilities, time)      # time in seconds, from the caller's clock

Python, JavaScript and Kotlin follow this definition, all arithmetic in float64 (models/golden_sequence.json). For one
track, observed as x(1), x(2) … at the times t(1) <= t(2) <= …:

 1. Smoothed probabilities: p(1) = x(1); p(n) = p(n-1) + w (x(n) - p(n-1)), w = 1 - exp(-(t(n) - t(n-1)) /
    time_constant). This is the exact answer of a first-order low-pass to an input that holds x(n) since t(n-1): what
    it does in a second does not depend on the number of frames.
 2. Shown label (hysteresis): at first the class with the largest p(1); afterwards the class with the largest p(n)
    replaces the shown one only if it leads it by more than switch_margin. Of equal classes the first counts.
 3. A track not observed for more than reset_after seconds, or observed at a time before its last one, starts anew.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from face_emotion.arrays import Doubles, Floats
from face_emotion.contract import Smoothing
from face_emotion.errors import InputError
from face_emotion.tracker import check_time


@dataclass
class _State:
    probabilities: Doubles
    label: int
    time: float


class Smoother:
    """Holds the smoothed probabilities and the shown label of every track."""

    def __init__(self, smoothing: Smoothing) -> None:
        """smoothing: the contract's constants."""
        self._smoothing = smoothing
        self._states: dict[int, _State] = {}

    def update(self, track: int, probabilities: Sequence[float] | Floats, time: float) -> tuple[Doubles, int]:
        """Takes one observation of a track and returns its smoothed probabilities and shown label.

        probabilities: [K], as the network gave them; time: seconds. Returns float64 [K] and the label's index.
        Raises InputError if the time is not finite or K is not that of the track's first observation.
        """
        time = check_time(time)
        observed = np.array(probabilities, np.float64)
        old = self._states.get(track)
        if old is not None and old.probabilities.shape != observed.shape:
            raise InputError(
                f"{observed.shape} probabilities where track {track} began with {old.probabilities.shape}"
            )
        if old is None or not 0 <= time - old.time <= self._smoothing.reset_after:
            state = _State(observed, int(observed.argmax()), time)
        else:
            weight = 1 - math.exp(-(time - old.time) / self._smoothing.time_constant)
            smoothed = old.probabilities + weight * (observed - old.probabilities)
            state = _State(smoothed, self._label(smoothed, old.label), time)
        self._states[track] = state
        self._forget(time)
        return state.probabilities.copy(), state.label

    def _label(self, probabilities: Doubles, shown: int) -> int:
        best = int(probabilities.argmax())
        leads = probabilities[best] - probabilities[shown] > self._smoothing.switch_margin
        return best if leads else shown

    def _forget(self, time: float) -> None:
        """Drops states that could only start anew, so that a long video does not fill the memory."""
        self._states = {
            track: state
            for track, state in self._states.items()
            if 0 <= time - state.time <= self._smoothing.reset_after
        }
