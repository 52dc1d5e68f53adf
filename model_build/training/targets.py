"""What each training image is asked for: label targets, FER+ vote targets, and the weights between classes."""

from __future__ import annotations

import numpy as np

from face_emotion.arrays import Floats, Integers
from face_emotion.contract import LABELS_HEAD, VOTES_HEAD
from face_emotion.errors import InputError
from model_build.data.dataset import Dataset
from model_build.data.votes import vote_targets

TARGETS = {
    "labels": (LABELS_HEAD,),
    "votes": (VOTES_HEAD,),
    "both": (LABELS_HEAD, VOTES_HEAD),
}


def heads_for(targets: str, dataset: Dataset) -> tuple[str, ...]:
    """Returns the heads that a choice of --targets trains ("auto" is "both" where there are votes).

    Raises InputError for an unknown choice, or where votes are wanted and the data set has none.
    """
    if targets == "auto":
        targets = "labels" if dataset.votes is None else "both"
    if targets not in TARGETS:
        raise InputError(f"--targets {targets}: use one of auto, {', '.join(TARGETS)}")
    if VOTES_HEAD in TARGETS[targets] and dataset.votes is None:
        raise InputError(f"--targets {targets}: there are no votes; give --votes fer2013new.csv")
    return TARGETS[targets]


def label_rows(labels: Integers, classes: int, smoothing: float = 0.0, class_weight: float = 0.0) -> Floats:
    """Returns float32 [N, classes] target rows for integer labels [N].

    smoothing: share of the mass spread evenly over all classes, 0..1.
    class_weight: each row is scaled by (mean class count / count of its class) ** class_weight, so 0 weighs all
    images alike and 1 all classes; the rows' mean sum stays 1.
    """
    rows = np.full((len(labels), classes), smoothing / classes, np.float32)
    rows[np.arange(len(labels)), labels] += 1 - smoothing
    counts = np.maximum(np.bincount(labels, minlength=classes), 1)
    weights = (counts.mean() / counts) ** class_weight
    weights = weights[labels] / weights[labels].mean()
    weighted: Floats = rows * weights[:, None].astype(np.float32)
    return weighted


def target_rows(
    dataset: Dataset, heads: tuple[str, ...], smoothing: float, class_weight: float
) -> list[Floats]:
    """Returns one float32 [N, classes] array a head for every row of `dataset`."""
    classes = len(dataset.class_names)
    return [
        vote_targets(dataset.given_votes())
        if head == VOTES_HEAD
        else label_rows(dataset.labels, classes, smoothing, class_weight)
        for head in heads
    ]
