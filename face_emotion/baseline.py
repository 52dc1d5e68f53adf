"""A person's own neutral: what a network says of a face at rest, taken off its later answers for the same face.

    baseline = recognizer.learn_neutral("me_at_rest.jpg")
    recognizer.recognize("me.jpg", baseline=baseline)
    baseline.save("me.json")                       # Baseline.load("me.json")

Many people look sad or angry to a network when they look neutral to everyone who knows them. Python, JavaScript
(baseline.js) and Kotlin (Baseline.kt) follow this definition in whole numbers (models/golden_baseline.json). Scores
are softmax.py's: of each class, in 1 / 256 of the natural logarithm; K classes, n the one called "neutral".

 1. Of each frame, log ratios: score(k) - score(n).
 2. Their median over the frames, class by class; of an even number the two in the middle, (a + b) / 2 rounded down.
 3. Minus those of an ideal neutral answer, 0.8 neutral and the rest equal: (k != n)
    floor(256 ln(0.2 / (0.8 (K - 1))) + 0.5). These are the baseline's values; that of n is 0.
 4. An answer: score(k) - floor(strength * value(k) + 0.5), strength the contract's, then the softmax. So the log
    probabilities lose `strength` of the baseline; a constant that all of them share drops out of the softmax.

A baseline belongs to the model and head that gave it: another refuses it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from face_emotion.arrays import Integers
from face_emotion.errors import InputError
from face_emotion.files import read_json, write_json
from face_emotion.softmax import STEPS

NEUTRAL = "neutral"
IDEAL_NEUTRAL = 0.8  # its share of the answer that a face at rest should get
FORMAT = 1
LARGEST = 1 << 20  # of a value's size: 4096 units of the natural logarithm


@dataclass(frozen=True)
class Baseline:
    """What a model says of one person's neutral face, beside what it should.

    model: sha256 of the model's int8 file; head: whose answer it is of, "labels", "votes" or "both"; labels: the
    class names; values: whole numbers in 1 / 256 of the natural logarithm, in the order of the labels, 0 for neutral.
    """

    model: str
    head: str
    labels: tuple[str, ...]
    values: tuple[int, ...]

    def to_dict(self) -> dict[str, Any]:
        """Returns what `from_dict` reads, and browser and phone read too."""
        values = dict(zip(self.labels, self.values, strict=True))
        return {"format": FORMAT, "model": self.model, "head": self.head, "values": values}

    @classmethod
    def from_dict(cls, value: Any, where: str = "baseline") -> Baseline:
        """Reads what `to_dict` returned; raises InputError, beginning with `where`, for anything else."""
        if not isinstance(value, dict) or value.get("format") != FORMAT:
            raise InputError(f"{where}: not a baseline of format {FORMAT}; learn the neutral face again")
        model, head, values = (value.get(name) for name in ("model", "head", "values"))
        if not (isinstance(model, str) and isinstance(head, str) and isinstance(values, dict)):
            raise InputError(f"{where}: model, head and values are expected; learn the neutral face again")
        if not all(type(number) is int and abs(number) <= LARGEST for number in values.values()):
            raise InputError(f"{where}: values: whole numbers are expected; learn the neutral face again")
        return cls(model, head, tuple(values), tuple(values.values()))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the baseline as JSON, through a temporary name."""
        write_json(path, self.to_dict())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Baseline:
        """Reads a file that `save` wrote; raises InputError naming it if it is missing or none."""
        return cls.from_dict(read_json(path), str(path))


def learnt(scores: Integers, labels: Sequence[str]) -> tuple[int, ...]:
    """Returns the values of the baseline of a face at rest (steps 1 to 3), in the order of the labels.

    scores: int64 [F,K] of F >= 1 frames, in 1 / 256. Raises InputError if no class is called "neutral".
    """
    if NEUTRAL not in labels:
        raise InputError(f"this model has no class {NEUTRAL!r}, from which a baseline is taken")
    rest = list(labels).index(NEUTRAL)
    ratios = np.sort(scores - scores[:, rest : rest + 1], axis=0)
    middle = (ratios[(len(ratios) - 1) // 2] + ratios[len(ratios) // 2]) // 2
    ideal = int(np.floor(STEPS * np.log((1 - IDEAL_NEUTRAL) / (IDEAL_NEUTRAL * (len(labels) - 1))) + 0.5))
    return tuple(int(value) - ideal if place != rest else 0 for place, value in enumerate(middle))


def offsets(values: Sequence[int], strength: float) -> Integers:
    """Returns what is taken off each class's score (step 4): int64 [K], in 1 / 256. strength: 0..1."""
    taken: Integers = np.floor(strength * np.asarray(values, np.float64) + 0.5).astype(np.int64)
    return taken
