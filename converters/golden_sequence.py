"""The golden sequence of tracker and smoother: frames with boxes and probabilities, and what must come of them.

    python -m converters sequence        # writes models/golden_sequence.json

It holds everything that identities and smoothing are about: two and more faces in changing order, uneven frame times,
a short and a long absence, a jump in which the nearest box is the wrong one, a face that doubles in size, a repeated
time and one that goes back. A runtime passes if its tracks and labels are equal and its probabilities within tolerance.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from face_emotion.contract import Smoothing
from face_emotion.files import write_json
from face_emotion.smoother import Smoother
from face_emotion.tracker import Tracker

PATH = Path(__file__).parents[1] / "models" / "golden_sequence.json"
TOLERANCE = 1e-9
SEED = 30
STEPS = (0.033, 0.034, 0.1, 0.016, 0.25)  # seconds between frames, in turn
CLEAR = 1e-4

Frame = dict[str, Any]


def golden_sequence(smoothing: Smoothing) -> dict[str, Any]:
    """Returns the golden sequence for these constants."""
    frames = _frames(np.random.default_rng(SEED))
    expected = replay(frames, smoothing)
    _check_clear(frames, smoothing, expected)
    return {
        "format": 1,
        "tolerance": {"probability": TOLERANCE},
        "smoothing": dataclasses.asdict(smoothing),
        "frames": [frame | answer for frame, answer in zip(frames, expected, strict=True)],
    }


def replay(frames: list[Frame], smoothing: Smoothing) -> list[Frame]:
    """Returns what tracker and smoother make of frames: {"tracks", "smoothed", "labels"} for each.

    frames: {"time": seconds, "boxes": [[x_min, y_min, x_max, y_max]], "probabilities": [[K]]}.
    """
    tracker, smoother = Tracker(smoothing.reset_after), Smoother(smoothing)
    answers = []
    for frame in frames:
        tracks = tracker.update(frame["boxes"], frame["time"])
        shown = [
            smoother.update(track, observed, frame["time"])
            for track, observed in zip(tracks, frame["probabilities"], strict=True)
        ]
        smoothed = [values.tolist() for values, _ in shown]
        answers.append({"tracks": tracks, "smoothed": smoothed, "labels": [label for _, label in shown]})
    return answers


def _frames(random: np.random.Generator) -> list[Frame]:
    frames: list[Frame] = []
    time = 0.0

    def add(faces: list[tuple[float, float, float, int]], pause: float | None = None) -> None:
        """Appends a frame of faces (centre x, y, side, expression), their order shuffled."""
        nonlocal time
        time = round(time + (STEPS[len(frames) % len(STEPS)] if pause is None else pause), 3)
        order = random.permutation(len(faces))
        frames.append(
            {
                "time": time,
                "boxes": [_box(random, *faces[index][:3]) for index in order],
                "probabilities": [_observed(random, faces[index][3]) for index in order],
            }
        )

    for step in range(8):  # two faces that move together; one changes its expression
        add([(100 + 6 * step, 120, 80, 0), (300 + 6 * step, 130, 90, 1 if step < 3 else 2)])
    for step in range(2):  # the first is away for less than a second
        add([(350 + 4 * step, 130, 90, 2)])
    add([(160, 120, 80, 1), (360, 130, 90, 2)])
    add([(60, 120, 80, 1), (160, 120, 80, 0), (360, 130, 90, 2)])  # a third comes
    add([(110, 120, 80, 1), (210, 120, 80, 0), (360, 130, 90, 2)])  # both shift by half the way to the other
    add([(110, 120, 80, 1), (210, 120, 80, 0), (360, 130, 90, 2)], pause=0.0)
    add([])
    add([(110, 120, 80, 0), (210, 120, 170, 0)])  # one is suddenly twice as large: somebody else
    add([(112, 121, 80, 0), (212, 121, 170, 0)])
    add([(112, 121, 80, 1)], pause=1.4)  # no frame for a while: the face of the last one is the same
    add([(300, 121, 80, 1)])
    add(
        [(112, 121, 80, 1), (300, 121, 80, 1)], pause=1.2
    )  # one was away for longer than that, the other was not seen
    add([(112, 121, 80, 1)], pause=3.2)  # after a long absence
    for step in range(6):
        add([(112 + 30 * step, 121, 80, step % 2), (420 - 30 * step, 160, 80, 2)])  # two that come nearer
    add([(262, 121, 80, 0)], pause=-2.0)  # the video is wound back
    add([(264, 121, 80, 1)])
    return frames


def _box(random: np.random.Generator, x: float, y: float, side: float) -> list[float]:
    dx, dy, width, height = random.uniform(-2, 2, 4)
    low = [x + dx - (side + width) / 2, y + dy - (side + height) / 2]
    return [round(value, 3) for value in (*low, low[0] + side + width, low[1] + side + height)]


def _observed(random: np.random.Generator, expression: int) -> list[float]:
    values = random.uniform(0.05, 0.5, 3)
    values[expression] += 0.5
    return [round(float(value), 4) for value in values / values.sum()]


def _check_clear(frames: list[Frame], smoothing: Smoothing, expected: list[Frame]) -> None:
    """Asserts that no identity and no label of the sequence hangs on the last digits."""
    for factor in (1 - CLEAR, 1 + CLEAR):
        nudged = dataclasses.replace(smoothing, switch_margin=smoothing.switch_margin * factor)
        moved = [
            frame | {"boxes": [[x0, y0, x1 * factor, y1] for x0, y0, x1, y1 in frame["boxes"]]}
            for frame in frames
        ]
        for answer, other in zip(expected, replay(moved, nudged), strict=True):
            assert (answer["tracks"], answer["labels"]) == (other["tracks"], other["labels"]), (
                "too near a threshold"
            )


def write(path: Path = PATH) -> Path:
    """Writes the golden sequence of the contract's default constants and returns its path."""
    write_json(path, golden_sequence(Smoothing()))
    return path
