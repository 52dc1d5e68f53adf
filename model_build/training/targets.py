"""What each training image is asked for: its label or a distribution in its place, FER+ votes, weights of classes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from face_emotion.arrays import Floats, Integers
from face_emotion.contract import LABELS_HEAD, VOTES_HEAD
from face_emotion.errors import InputError
from model_build.data.dataset import Dataset
from model_build.data.votes import vote_targets
from model_build.training.label_targets import load as load_label_targets

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
    return weighted(rows, labels, class_weight)


def weighted(rows: Floats, labels: Integers, class_weight: float) -> Floats:
    """Returns float32 [N, classes] target rows, each weighed by its label's class as `label_rows` says."""
    counts = np.maximum(np.bincount(labels, minlength=rows.shape[1]), 1)
    weights = (counts.mean() / counts) ** class_weight
    weights = weights[labels] / weights[labels].mean()
    result: Floats = rows * weights[:, None].astype(np.float32)
    return result


def target_rows(
    dataset: Dataset,
    heads: tuple[str, ...],
    smoothing: float,
    class_weight: float,
    label_targets: Path | None = None,
) -> list[Floats]:
    """Returns one float32 [N, classes] array a head for every row of `dataset`, a training part.

    label_targets: file of distributions that stand in for the labels, which are not smoothed then. Raises InputError
    where it cannot be used, or the label head is not trained.
    """
    classes = len(dataset.class_names)
    if label_targets is not None and LABELS_HEAD not in heads:
        raise InputError(f"--label-targets {label_targets}: the label head is not trained; leave one out")

    def rows(head: str) -> Floats:
        if head == VOTES_HEAD:
            return vote_targets(dataset.given_votes())
        if label_targets is not None:
            return weighted(load_label_targets(label_targets, dataset), dataset.labels, class_weight)
        return label_rows(dataset.labels, classes, smoothing, class_weight)

    return [rows(head) for head in heads]
