"""What answers to golden vectors are made of, read and compared: lists, numbers, bytes."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

import numpy as np

from face_emotion.arrays import Doubles


class Off(ValueError):
    """Why a stage fails, in one line."""


def entries(value: Any, count: int, what: str) -> list[Any]:
    """Returns a list of `count` entries; raises Off for anything else."""
    if not isinstance(value, list) or len(value) != count:
        seen = len(value) if isinstance(value, list) else type(value).__name__
        raise Off(f"{seen} where a list of {count_of(count, what)} is expected")
    return value


def numbers(value: Any, shape: tuple[int, ...], what: str) -> Doubles:
    """Returns numbers of a shape as float64; raises Off for anything else, and for what is not finite."""
    try:
        found = np.asarray(value, np.float64)
    except (TypeError, ValueError):
        raise Off(f"{what}: no list of numbers") from None
    if found.shape != shape:
        raise Off(f"{what}: {list(found.shape)} numbers where {list(shape)} are expected")
    if not np.isfinite(found).all():
        raise Off(f"{what}: a number is not finite")
    return found


def bytes_of(value: Any, what: str) -> Doubles:
    """Returns bytes, given in base64 or as a list of whole numbers, as float64 [N]; raises Off for anything else."""
    if isinstance(value, str):
        try:
            return np.frombuffer(base64.b64decode(value, validate=True), np.uint8).astype(np.float64)
        except binascii.Error:
            raise Off(f"{what}: no base64") from None
    if not isinstance(value, list):
        raise Off(f"{what}: bytes are expected, in base64 or as a list")
    found = numbers(value, (len(value),), what)
    if not ((found >= 0) & (found <= 255) & (found == np.floor(found))).all():
        raise Off(f"{what}: a number is no byte")
    return found


def farthest(pairs: Sequence[tuple[Doubles, Doubles]], what: str, tolerance: float, unit: str) -> str:
    """Says how far pairs of given and expected numbers are apart at most; raises Off where that is too far."""
    drifts = []
    for place, (given, wanted) in enumerate(pairs):
        if given.shape != wanted.shape:
            raise Off(f"{what} {place}: {given.size} numbers where {wanted.size} are expected")
        drifts.append(float(np.abs(given - wanted).max(initial=0)))
    worst = int(np.argmax(drifts))
    if drifts[worst] > tolerance:
        wrong = sum(drift > tolerance for drift in drifts)
        raise Off(
            f"{what} {worst} is {drifts[worst]:g} {unit} off ({tolerance:g} allowed), "
            f"{wrong} of {len(pairs)} are too far"
        )
    return f"{count_of(len(pairs), what)}, at most {drifts[worst]:g} {unit} off ({tolerance:g} allowed)"


def count_of(count: int, what: str) -> str:
    """Returns "1 face", "2 faces"."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
