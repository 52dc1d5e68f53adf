"""How often a model answers, and how often rightly, if it may say that it is unsure: pure functions.

An answer is certain if its largest probability reaches a threshold; coverage is the share of images with such an
answer, and accuracy that of these alone (selective classification, Geifman and El-Yaniv 2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from face_emotion.arrays import Array, Flags

STEPS = 10  # of the curve
WANTED = 0.80  # of the certain answers are to be right
LEAST_COVERAGE = 0.5  # a model that is unsure of most faces helps nobody


def coverage_figures(confidence: Array, right: Flags, threshold: float) -> dict[str, Any]:
    """Returns what is certain at a threshold, and the whole curve.

    confidence: [N], the largest probability of each image (0..1; below 0 where there is no answer at all, as of a face
    that was not found); right: bool [N], N >= 1. Keys: threshold; coverage; accuracy, None where nothing is certain;
    curve [{coverage, threshold, accuracy}], the surest tenth of the images, two tenths … all. Of images that are
    equally sure and do not all fit into a share, each counts for a part: the images' order says nothing.
    """
    confidence, right = np.asarray(confidence), np.asarray(right, bool)
    certain = confidence >= threshold
    curve = []
    for step in range(1, STEPS + 1):
        count = max(1, round(len(confidence) * step / STEPS))
        least = np.sort(confidence)[-count]
        above, equal = right[confidence > least], right[confidence == least]
        share = (above.sum() + (count - len(above)) * equal.mean()) / count
        curve.append({"coverage": step / STEPS, "threshold": float(least), "accuracy": float(share)})
    return {
        "threshold": threshold,
        "coverage": float(certain.mean()),
        "accuracy": float(right[certain].mean()) if certain.any() else None,
        "curve": curve,
    }


def fit_threshold(questions: Sequence[tuple[Array, Flags]]) -> float:
    """Returns the lowest threshold, in hundredths, from which at least WANTED of the certain answers are right.

    questions: for each, confidence [N] in 0..1 and right, bool [N]; what counts is the mean of their shares, as a blend
    of two heads answers two questions. Never a threshold at which fewer than LEAST_COVERAGE are certain: of a model
    that is not good enough, the highest at which that many are. 0 if all answers together are right often enough.
    """
    asked = [(np.asarray(confidence), np.asarray(right, bool)) for confidence, right in questions]
    allowed = 0.0
    for step in range(100):
        threshold = step / 100
        if np.mean([(confidence >= threshold).mean() for confidence, _ in asked]) < LEAST_COVERAGE:
            break
        allowed = threshold
        if np.mean([right[confidence >= threshold].mean() for confidence, right in asked]) >= WANTED:
            break
    return allowed
