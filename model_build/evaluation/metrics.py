"""Figures of a classifier, computed from its probabilities: pure functions, no files, no network.

`model_build.evaluation.evaluate` calls them for every artifact and every set of images; accuracy figures are
fractions 0..1 throughout.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import numpy as np
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from face_emotion.arrays import Array, Doubles, Flags, Floats, Integers
from face_emotion.consistency import FEWEST_SURE, FLOORS, SURE
from model_build.training.calibration import checked_labels

CALIBRATION_BINS = 15
# Half a step of the int8 files' output scale (1/256). An int8 file gives 0 for anything below it, so every
# artifact's likelihood is floored there: otherwise one rounded zero would make its mean infinite.
PROBABILITY_FLOOR = 1 / 512


class PairedTest(TypedDict):
    """What `mcnemar` finds."""

    only_a: int
    only_b: int
    p_value: float


def score(probabilities: Floats | Doubles, labels: Integers, class_names: Sequence[str]) -> dict[str, Any]:
    """Returns every figure of one set of predictions.

    probabilities: [N,K] in 0..1, N >= 1; labels: integers [N] in 0..K-1. The answer is the first class with
    the highest probability. Keys of the result:
    images (N); accuracy; interval [low, high], 95 % Wilson; top2; macro_f1 and balanced_accuracy, means over
    the classes that occur in `labels`; negative_log_likelihood (nats, probabilities floored at 1/512);
    per_class [{name, precision, recall, f1, support}], where recall and f1 are None for a class without
    images; worst_class {name, recall}; confusion, K rows (true) of K counts (answered); ece, the expected
    calibration error over 15 equal-width bins of the top probability (Guo et al. 2017, "On Calibration of
    Modern Neural Networks", equation 3); reliability [{confidence, accuracy, count}], the bins with images.
    Raises ValueError for mismatched shapes, no rows, labels out of range or values that are no probabilities.
    """
    probabilities, labels = _checked(probabilities, labels, len(class_names))
    answers = probabilities.argmax(axis=1)
    correct = answers == labels
    classes = np.arange(len(class_names))
    precision, recall, f1, support = precision_recall_fscore_support(
        labels, answers, labels=classes, zero_division=0
    )
    present = support > 0
    worst = int(np.where(present, recall, np.inf).argmin())
    reliability = calibration_bins(probabilities.max(axis=1), correct)
    return {
        "images": len(labels),
        "accuracy": float(correct.mean()),
        "interval": wilson_interval(int(correct.sum()), len(labels)),
        "top2": top_share(probabilities, labels, 2),
        "macro_f1": float(f1[present].mean()),
        "balanced_accuracy": float(recall[present].mean()),
        "negative_log_likelihood": negative_log_likelihood(probabilities, labels),
        "per_class": [
            {
                "name": name,
                "precision": float(precision[index]),
                "recall": float(recall[index]) if present[index] else None,
                "f1": float(f1[index]) if present[index] else None,
                "support": int(support[index]),
            }
            for index, name in enumerate(class_names)
        ],
        "worst_class": {"name": class_names[worst], "recall": float(recall[worst])},
        "confusion": confusion_matrix(labels, answers, labels=classes).tolist(),
        "ece": calibration_error(reliability),
        "reliability": reliability,
    }


def wilson_interval(correct: int, count: int) -> list[float]:
    """Returns the 95 % Wilson interval [low, high] of a fraction of `correct` out of `count` (>= 1)."""
    interval = binomtest(correct, count).proportion_ci(0.95, method="wilson")
    return [float(interval.low), float(interval.high)]


def top_share(probabilities: Floats | Doubles, labels: Integers, count: int) -> float:
    """Returns the share of rows whose label is among the `count` most probable (first ones on ties)."""
    ranked = np.argsort(-probabilities, axis=1, kind="stable")[:, :count]
    return float((ranked == labels[:, None]).any(axis=1).mean())


def negative_log_likelihood(probabilities: Floats | Doubles, labels: Integers) -> float:
    """Returns the mean of -ln of the label's probability [N,K], floored at 1/512 (see PROBABILITY_FLOOR)."""
    own = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(own, PROBABILITY_FLOOR)).mean())


def calibration_bins(confidence: Floats | Doubles, correct: Flags) -> list[dict[str, float | int]]:
    """Returns mean confidence, accuracy and count of each of 15 equal-width bins (low, high] that has images.

    confidence: top probabilities [N] in 0..1; correct: bool [N].
    """
    index = np.clip(np.ceil(confidence * CALIBRATION_BINS).astype(int) - 1, 0, CALIBRATION_BINS - 1)
    return [
        {
            "confidence": float(confidence[index == bin_].mean()),
            "accuracy": float(correct[index == bin_].mean()),
            "count": int((index == bin_).sum()),
        }
        for bin_ in np.unique(index)
    ]


def calibration_error(bins: Sequence[dict[str, float | int]]) -> float:
    """Returns the count-weighted mean of |accuracy - confidence| over `calibration_bins`' answer, 0..1."""
    total = sum(entry["count"] for entry in bins)
    return float(sum(entry["count"] * abs(entry["accuracy"] - entry["confidence"]) for entry in bins) / total)


def mcnemar(correct_a: Flags, correct_b: Flags) -> PairedTest:
    """Compares two classifiers on the same images by McNemar's exact (binomial) test.

    correct_a, correct_b: bool [N], whether each is right. Returns only_a and only_b (images that only one
    gets right) and the two-sided p_value of so uneven a division if both were equally good.
    Raises ValueError for mismatched shapes.
    """
    correct_a, correct_b = np.asarray(correct_a, bool), np.asarray(correct_b, bool)
    if correct_a.shape != correct_b.shape:
        raise ValueError(f"{correct_a.shape} and {correct_b.shape} answers do not belong together")
    only_a, only_b = int((correct_a & ~correct_b).sum()), int((correct_b & ~correct_a).sum())
    p_value = float(binomtest(only_a, only_a + only_b).pvalue) if only_a + only_b else 1.0
    return {"only_a": only_a, "only_b": only_b, "p_value": p_value}


def agreement(first: Array, second: Array) -> float:
    """Returns the share of rows in which two arrays of probabilities [N,K] have the same first maximum."""
    if np.shape(first) != np.shape(second):
        raise ValueError(
            f"probabilities of shapes {np.shape(first)} and {np.shape(second)} do not belong together"
        )
    return float((np.argmax(first, axis=1) == np.argmax(second, axis=1)).mean())


def agreement_when_sure(predictions: Mapping[str, Array]) -> dict[str, dict[str, Any]]:
    """Returns for each file that consistency.FLOORS names how often it answers as its checkpoint, where this is sure.

    predictions: probabilities [N,K] by artifact's name. Entries: "with" (the checkpoint), "images" (how many are
    compared), "sure" (whether they are those of which the checkpoint is sure, or all, because those are too few), and
    "agree" (on how many both have the same first maximum).
    """
    found = {}
    for name, (reference, _) in FLOORS.items():
        if name in predictions and reference in predictions:
            own, theirs = predictions[name], predictions[reference]
            sure = np.max(theirs, axis=1) >= SURE
            enough = int(sure.sum()) >= FEWEST_SURE
            chosen = sure if enough else np.ones_like(sure)
            same = np.argmax(own, axis=1)[chosen] == np.argmax(theirs, axis=1)[chosen]
            found[name] = {"with": reference, "images": len(same), "sure": enough, "agree": int(same.sum())}
    return found


def step_spread(first: Array, second: Array) -> dict[str, float]:
    """Compares two kernel families' raw uint8 logits [N,n] of the same file.

    Returns max_step and mean_step, the differences in steps of the output's scale.
    """
    difference = np.abs(first.astype(np.int64) - second.astype(np.int64))
    return {
        "max_step": int(difference.max()),
        "mean_step": float(difference.mean()),
    }


def _checked(probabilities: Floats | Doubles, labels: Integers, classes: int) -> tuple[Doubles, Integers]:
    probabilities = np.asarray(probabilities, np.float64)
    labels = checked_labels(probabilities, labels)
    if probabilities.shape[1] != classes:
        raise ValueError(f"{probabilities.shape[1]} probabilities a row where {classes} classes are named")
    # Quantised rows sum to 1 only within half a step a class; more than that is no softmax.
    slack = 1e-3 + classes / 512
    if not (probabilities.min() >= 0 and np.abs(probabilities.sum(axis=1) - 1).max() <= slack):
        raise ValueError("rows that are no probabilities (negative, not finite, or not summing to 1)")
    return probabilities, labels
