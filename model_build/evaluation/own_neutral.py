"""What a person's own neutral picture is worth: one neutral picture of each person, and that person's others.

    python -m model_build baseline models/small --data elsewhere.tar

The first picture of a person (by file name) that is labelled neutral, and whose face is found, is the baseline; the
person's other pictures are answered with and without it. The strength is the one with the lowest mean
log loss, as all else in this project is chosen: of a few hundred pictures recalls move for nothing. What it brings is
told on people by whom it was not chosen (ten folds over people), with 95 % intervals over people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from face_emotion.arrays import Doubles, Flags, Integers
from face_emotion.baseline import NEUTRAL, learnt, offsets
from face_emotion.errors import InputError
from model_build.evaluation.off_data import LEAST, Faces, bootstrap, read_beside

NAME = "baseline.json"
STEPS_A_NAT = 256  # what a score is counted in
FOLDS = 10
SEED = 0
STRENGTHS = tuple(step / 20 for step in range(21))
KEYS = {"people", "pictures", "classes", "strength", "folds", "curve"}
FEWEST = 20  # people, below whom ten folds say nothing


@dataclass(frozen=True)
class Others:
    """The pictures of people beside the neutral one.

    scores: int64 [N,K]; values: int64 [N,K], the baseline of whom each shows; labels, people: int64 [N], people from 0.
    """

    scores: Integers
    values: Integers
    labels: Integers
    people: Integers

    def left(self, strength: float) -> Integers:
        """Returns int64 [N,K]: the scores less a baseline of this strength."""
        return self.scores - np.stack([offsets(tuple(row), strength) for row in self.values.tolist()])

    def right(self, strength: float) -> Flags:
        """Returns bool [N]: which answers are right with a baseline of this strength."""
        found: Flags = self.left(strength).argmax(axis=1) == self.labels
        return found

    def losses(self, strength: float) -> Doubles:
        """Returns float64 [N]: the log loss of each answer with a baseline of this strength, in nats."""
        nats = self.left(strength) / STEPS_A_NAT
        nats = nats - nats.max(axis=1, keepdims=True)
        losses: Doubles = np.log(np.exp(nats).sum(axis=1)) - nats[np.arange(len(nats)), self.labels]
        return losses


def others_of(faces: Faces, scores: Integers, labels: Sequence[str]) -> Others:
    """Returns what people's neutral pictures are tried on. scores: int64 [N,K] of the faces; labels: the model's.

    Raises InputError if the model has no class "neutral", or fewer than 20 people have a neutral picture and another.
    """
    if NEUTRAL not in labels:
        raise InputError(f"this model has no class {NEUTRAL!r}, from which a baseline is taken")
    neutral = list(labels).index(NEUTRAL)
    named = np.array(faces.people)
    rows, values, people = [], [], 0
    owners = []
    for person in sorted(set(faces.people)):
        own = np.flatnonzero((named == person) & faces.found)
        resting = own[faces.labels[own] == neutral]
        rest = own[own != resting[0]] if len(resting) else own[:0]
        if not len(rest):
            continue
        baseline = learnt(scores[resting[:1]], labels)
        rows += rest.tolist()
        values += [baseline] * len(rest)
        owners += [people] * len(rest)
        people += 1
    if people < FEWEST:
        raise InputError(
            f"{people} people have a neutral picture and another where at least {FEWEST} are needed; "
            "file names are PERSON_NUMBER"
        )
    chosen = np.array(rows)
    return Others(scores[chosen], np.array(values), faces.labels[chosen], np.array(owners))


def measure(others: Others, labels: Sequence[str]) -> dict[str, Any]:
    """Returns the strength to take, and what it is worth on people by whom it was not chosen.

    Keys: people, pictures; classes, those of at least 20 pictures, whose recalls are averaged; strength,
    the best on all people; folds, the strength of each fold; before and after {accuracy, mean_recall, recall {class}};
    gain {accuracy, accuracy_interval, mean_recall, mean_recall_interval}, after minus before; curve [{strength,
    accuracy, mean_recall, log_loss}] over all people.
    """
    counts = np.bincount(others.labels, minlength=len(labels))
    large = np.flatnonzero(counts >= LEAST)
    if not len(large):
        raise InputError(f"no class has {LEAST} pictures beside the neutral ones; more pictures are needed")
    right = {strength: others.right(strength) for strength in STRENGTHS}
    losses = {strength: others.losses(strength) for strength in STRENGTHS}

    def recall(found: Flags, weights: Doubles) -> float:
        return float(np.mean([_share(found, weights * (others.labels == label)) for label in large]))

    def log_loss(strength: float, weights: Doubles) -> float:
        return float(np.average(losses[strength], weights=weights))

    def best(rows: Flags) -> float:
        weights = rows.astype(np.float64)
        return min(STRENGTHS, key=lambda strength: (log_loss(strength, weights), strength))

    fold_of = _folds(int(others.people.max()) + 1)[others.people]
    after, chosen = np.zeros(len(others.labels), bool), []
    for fold in range(FOLDS):
        chosen.append(best(fold_of != fold))
        after[fold_of == fold] = right[chosen[-1]][fold_of == fold]
    before, whole = right[0.0], np.ones(len(after))

    def gained(weights: Doubles) -> float:
        return recall(after, weights) - recall(before, weights)

    def more_right(weights: Doubles) -> float:
        return _share(after, weights) - _share(before, weights)

    return {
        "people": int(others.people.max()) + 1,
        "pictures": len(after),
        "classes": [labels[label] for label in large],
        "strength": best(whole > 0),
        "folds": chosen,
        **{
            name: {
                "accuracy": float(found.mean()),
                "mean_recall": recall(found, whole),
                "recall": {labels[label]: float(found[others.labels == label].mean()) for label in large},
            }
            for name, found in (("before", before), ("after", after))
        },
        "gain": {
            "accuracy": more_right(whole),
            "accuracy_interval": bootstrap(more_right, others.people),
            "mean_recall": gained(whole),
            "mean_recall_interval": bootstrap(gained, others.people),
        },
        "curve": [
            {
                "strength": strength,
                "accuracy": float(found.mean()),
                "mean_recall": recall(found, whole),
                "log_loss": log_loss(strength, whole),
            }
            for strength, found in right.items()
        ],
    }


def read_baselines(folder: Path) -> list[dict[str, Any]]:
    """Returns what `baseline` wrote into a folder, by file name; nothing if there is none, or it is of another model.

    Raises InputError if a file is damaged.
    """

    def complete(value: dict[str, Any]) -> bool:
        parts = [value[name] for name in ("before", "after", "gain")]
        return value.keys() >= KEYS and all("mean_recall" in part for part in parts)

    return read_beside(folder, NAME, complete, "baseline")


def _folds(people: int) -> Integers:
    """The fold of each person, int64 [people]: always the same, sizes differ by at most one."""
    folds: Integers = np.random.default_rng(SEED).permutation(people) % FOLDS
    return folds


def _share(right: Flags, weights: Doubles) -> float:
    total = weights.sum()
    return float((weights * right).sum() / total) if total else float("nan")
