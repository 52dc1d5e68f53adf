"""A stand-in for the networks of the far search, which answers what a test tells it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from face_emotion.detection import Detection
from face_emotion.suppression import Candidates

MARKS = ((-0.2, -0.2), (0.2, -0.2), (0, 0), (-0.15, 0.2), (0.15, 0.2))


@dataclass(frozen=True)
class Seen:
    """A face in pixels of a square: its middle, the side of its box, its score, its eye line's slope in degrees."""

    x: float
    y: float
    side: float
    score: float
    slant: float = 0.0

    def points(self) -> list[tuple[float, float]]:
        """Corners of the box and five key points; the nose is the middle."""
        half, angle = self.side / 2, math.radians(self.slant)
        cosine, sine = math.cos(angle), math.sin(angle)
        marks = [(dx * cosine - dy * sine, dx * sine + dy * cosine) for dx, dy in MARKS]
        return [
            (self.x - half, self.y - half),
            (self.x + half, self.y + half),
            *((self.x + dx * self.side, self.y + dy * self.side) for dx, dy in marks),
        ]


class Pass:
    """What far.YuNetPass does, by what it is told; `squares` and `thresholds` are what it was asked.

    answers: the faces of look 0, 1, …, those that are missing have none; or a function from the number. whole: what
    the first look at the whole picture finds, which has no number.
    """

    def __init__(
        self,
        size: int,
        answers: Mapping[int, list[Seen]] | Callable[[int], list[Seen]] | None = None,
        whole: list[Detection] | None = None,
    ) -> None:
        self.size, self.whole = size, whole or []
        self._answers = answers if callable(answers) else lambda number: (answers or {}).get(number, [])
        self.squares: list[np.ndarray] = []
        self.thresholds: list[float] = []

    def look(self, square: np.ndarray, threshold: float) -> Candidates:
        """Answers with the faces of at least `threshold`, surest first."""
        seen = sorted(self._answers(len(self.squares)), key=lambda face: -face.score)
        seen = [face for face in seen if face.score >= threshold]
        self.squares.append(square)
        self.thresholds.append(threshold)
        points = np.reshape([face.points() for face in seen], (-1, 7, 2))
        return Candidates(points, np.array([face.score for face in seen]))

    def detect(self, image: np.ndarray, threshold: float) -> list[Detection]:
        """Answers with those of `whole` that reach `threshold`."""
        return [face for face in self.whole if face.score >= threshold]


def upright(x: float, y: float, side: float, score: float) -> Detection:
    """Returns a face of the first look, in source pixels."""
    eyes = {"right_eye": (x - side / 5, y - side / 5), "left_eye": (x + side / 5, y - side / 5)}
    return Detection((x - side / 2, y - side / 2, x + side / 2, y + side / 2), score, eyes)
