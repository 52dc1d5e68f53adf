"""From the logits of a network's heads to probabilities, the same to the bit on every processor and in every language.

    found = scores(logits, scale, zero_point, blend)     # uint8 [N,heads*K] from an int8 network
    probabilities_of(found)                              # float32 [N,K]

A kernel's own softmax rounds differently on x86-64 and ARM64; the int8 logits in front of it do not. So the answer is
made of them here (browser: softmax.js, phone: Softmax.kt): whole numbers, one table, one division.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from face_emotion.arrays import Array, Bytes, Doubles, Floats, Integers

STEPS = 256  # of a score, a unit of the natural logarithm
ONE = 1 << 24  # what the table has for the largest score
TABLE_SIZE = 4096  # scores further below the largest count as nothing: exp(-16) of it
FRACTION = 1 << 16  # of a score, while the heads are summed


def exponentials() -> Integers:
    """Returns the table, int64 [4096]: entry k is exp(-k / 256) * 2 ** 24, rounded to the nearest whole number."""
    table: Integers = np.floor(np.exp(-np.arange(TABLE_SIZE) / STEPS) * ONE + 0.5).astype(np.int64)
    return table


_TABLE = exponentials()


def multipliers(scale: float, blend: Sequence[float]) -> list[int]:
    """Returns what a step of each head's quantised logits weighs, in 1 / 65536 of a score.

    scale: of the logits tensor, real value a step, > 0. blend: weight of each head's logits.
    """
    return [int(np.floor(scale * weight * (STEPS * FRACTION) + 0.5)) for weight in blend]


def scores(logits: Bytes, scale: float, zero_point: int, blend: Sequence[float]) -> Integers:
    """Returns the blended logits, int64 [N,K], in 1 / 256.

    logits: uint8 [N,heads*K], head after head; a byte q stands for scale * (q - zero_point). blend: as `multipliers`.
    """
    steps = _by_head(logits.astype(np.int64), len(blend)) - zero_point
    weights = np.array(multipliers(scale, blend), np.int64)[None, :, None]
    blended: Integers = ((steps * weights).sum(axis=1) + FRACTION // 2) // FRACTION
    return blended


def probabilities_of(found: Integers) -> Floats:
    """Returns float32 [N,K], rows summing to 1, for whole scores [N,K] in 1 / 256: their softmax by the table."""
    below = found.max(axis=1, keepdims=True) - found
    powers = np.where(below < TABLE_SIZE, _TABLE[np.minimum(below, TABLE_SIZE - 1)], 0)
    probabilities: Floats = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    return probabilities


def float_probabilities(
    logits: Floats | Doubles, blend: Sequence[float], offsets: Integers | None = None
) -> Floats:
    """Returns float32 [N,K], rows summing to 1, for real logits [N,heads*K] of a float network, blended alike.

    offsets: int64 [K], taken off the blended logits, in 1 / 256.
    """
    natural = _blended(logits, blend)
    if offsets is not None:
        natural = natural - offsets / STEPS
    powers = np.exp(natural - natural.max(axis=1, keepdims=True))
    probabilities: Floats = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    return probabilities


def float_scores(logits: Floats | Doubles, blend: Sequence[float]) -> Integers:
    """Returns the blended real logits [N,heads*K] of a float network as scores do: int64 [N,K], in 1 / 256."""
    whole: Integers = np.floor(STEPS * _blended(logits, blend) + 0.5).astype(np.int64)
    return whole


def _blended(logits: Floats | Doubles, blend: Sequence[float]) -> Doubles:
    real = _by_head(np.asarray(logits, np.float64), len(blend))
    total: Doubles = (real * np.asarray(blend, np.float64)[None, :, None]).sum(axis=1)
    return total


def _by_head(logits: Array, heads: int) -> Array:
    """Returns [N,heads,K], also of no rows."""
    return logits.reshape(len(logits), heads, logits.shape[1] // heads)
