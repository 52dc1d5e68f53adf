"""Calibration of logits by one temperature (Guo et al. 2017), the blend of two heads, and the log loss that both lower:
pure functions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import logsumexp

from face_emotion.arrays import Doubles, Floats, Integers

TEMPERATURES = (0.05, 20.0)
WEIGHTS = (0.0, 20.0)


def fit_temperature(logits: Floats | Doubles, labels: Integers) -> float:
    """Returns the T > 0 for which softmax(logits / T) has the lowest mean negative log likelihood.

    logits: [N,K], or log probabilities (a softmax undoes their shift); labels: integers [N]. Searched over
    ln T with T in 0.05..20 (temperature scaling, Guo et al. 2017, section 4.2).
    Raises ValueError for mismatched shapes, no rows, labels out of range or values that are not finite.
    """
    logits = np.asarray(logits, np.float64)
    labels = checked_labels(logits, labels)
    if not np.isfinite(logits).all():
        raise ValueError("logits: not all finite")

    def mean_loss(log_temperature: float) -> float:
        return log_loss(logits, labels, np.exp(log_temperature))

    found = minimize_scalar(mean_loss, bounds=np.log(TEMPERATURES), method="bounded", options={"xatol": 1e-5})
    return float(np.exp(found.x))


def fit_blend(questions: Sequence[tuple[Floats | Doubles, Integers]]) -> tuple[float, ...]:
    """Returns the weights, one a head, whose weighted sum of logits has the lowest mean of the questions' log losses.

    questions: for each, logits float [N,heads,K] and the labels [N] that answer it. A sum of logits is a product of
    powers of probabilities (a logarithmic opinion pool, Genest and Zidek 1986); the loss is convex in the weights, so
    that where the search starts does not matter. Raises ValueError as `fit_temperature` does, and for no questions or
    questions of other heads.
    """
    asked = [_checked_question(logits, labels) for logits, labels in questions]
    if len({logits.shape[1] for logits, _ in asked}) != 1:
        raise ValueError(
            f"{len(asked)} questions: at least one is expected, all with logits of the same heads"
        )

    def mean_loss(weights: Doubles) -> float:
        return float(
            np.mean([log_loss(np.einsum("h,nhk->nk", weights, logits), labels) for logits, labels in asked])
        )

    heads = asked[0][0].shape[1]
    start = np.full(heads, 1 / heads)
    found = minimize(mean_loss, start, method="L-BFGS-B", bounds=[WEIGHTS] * heads)
    return tuple(float(weight) for weight in found.x)


def _checked_question(logits: Floats | Doubles, labels: Integers) -> tuple[Doubles, Integers]:
    logits = np.asarray(logits, np.float64)
    if logits.ndim != 3 or not logits.shape[1]:
        raise ValueError(f"logits of shape {logits.shape} where [N,heads,K] is expected")
    labels = checked_labels(logits[:, 0], labels)
    if not np.isfinite(logits).all():
        raise ValueError("logits: not all finite")
    return logits, labels


def log_loss(logits: Floats | Doubles, labels: Integers, temperature: float = 1.0) -> float:
    """Returns the mean negative log likelihood (nats) of labels [N] under softmax(logits [N,K] / temperature)."""
    scaled = np.asarray(logits, np.float64) / temperature
    return float((logsumexp(scaled, axis=1) - scaled[np.arange(len(labels)), labels]).mean())


def checked_labels(values: Floats | Doubles, labels: Integers) -> Integers:
    """Returns labels [N] as an array; raises ValueError unless they are integers in 0..K-1 for values [N,K], N >= 1."""
    labels = np.asarray(labels)
    if values.ndim != 2 or labels.shape != (len(values),) or not len(labels):
        raise ValueError(f"labels of shape {labels.shape} for values of shape {values.shape}")
    if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= values.shape[1]:
        raise ValueError(f"labels outside 0..{values.shape[1] - 1}")
    return labels
