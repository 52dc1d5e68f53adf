"""Whether another runtime's answers are those of the golden vectors, stage by stage: docs/CONFORMANCE.md.

    python -m converters conformance models/small --answers answers.json

The answers are what a runtime made of a model's golden.json, of face_detector/golden.json beside it, and of
golden_sequence.json and golden_baseline.json above them. Each stage is compared within the tolerance that its file
states.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from face_emotion.errors import InputError
from face_emotion.files import read_json

FORMAT = 1
DETECTOR = "face_detector"
SHARES = 1e-6  # of a probability: what float32 numbers lose in text


@dataclass(frozen=True)
class Stage:
    """One stage's verdict. compared: how many entries; wrong: a line for each that is off, None if not answered."""

    name: str
    compared: int
    wrong: list[str] | None


def conformance(folder: Path, answers: Mapping[str, Any]) -> list[Stage]:
    """Compares a runtime's answers with the golden vectors of a released model's folder.

    answers: {"format": 1, "runtime": its name, STAGE: …} as docs/CONFORMANCE.md has them; a stage that is left out is
    not answered. Raises InputError for another format, or a golden file that is missing or damaged.
    """
    if answers.get("format") != FORMAT:
        raise InputError(f"answers: format {answers.get('format')!r} where {FORMAT} is expected")
    model, detector = read_json(folder / "golden.json"), read_json(folder.parent / DETECTOR / "golden.json")
    sequence = read_json(folder.parent / "golden_sequence.json")
    baseline = read_json(folder.parent / "golden_baseline.json")
    allowed = detector["tolerance"]
    expected: dict[str, tuple[Sequence[Any], Callable[[Any, Any], str | None]]] = {
        "crops": ([entry["grey"] for entry in model["crops"]], _grey(model["tolerance"]["crop_grey_levels"])),
        "normalized": (model["normalized"], _grey(model["tolerance"]["normalized_grey_levels"])),
        "logits": (model["int8"]["logits"], _numbers(model["tolerance"]["int8_steps"])),
        "softmax": (model["softmax"]["probabilities"], _numbers(SHARES)),
        "decoding": ([case["faces"] for case in detector["cases"]], _decoded(allowed)),
        "parts": ([entry["parts"] for entry in detector["parts"]], _numbers(0)),
        "near": ([frame["near"] for frame in detector["frames"]], _faces(allowed)),
        "far": ([frame["far"] for frame in detector["frames"]], _faces(allowed)),
        "video": ([frame["faces"] for frame in detector["video"]["frames"]], _faces(allowed)),
        "motions": ([entry["motion"] for entry in detector["motions"]], _motion(allowed["motion"])),
        "sequence": (sequence["frames"], _sequence(sequence["tolerance"]["probability"])),
        "baselines": (baseline["cases"], _baseline),
    }
    return [_stage(name, right, answers.get(name), compare) for name, (right, compare) in expected.items()]


def _stage(name: str, right: Sequence[Any], given: Any, compare: Callable[[Any, Any], str | None]) -> Stage:
    if given is None:
        return Stage(name, 0, None)
    if not isinstance(given, list) or len(given) != len(right):
        found = f"{len(given)} entries" if isinstance(given, list) else type(given).__name__
        return Stage(name, 0, [f"{found} where a list of {len(right)} is expected"])
    wrong = []
    for place, (one, other) in enumerate(zip(right, given, strict=True)):
        try:
            reason = compare(one, other)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            reason = f"not as docs/CONFORMANCE.md has it ({type(error).__name__}: {error})"
        if reason:
            wrong.append(f"entry {place}: {reason}")
    return Stage(name, len(right), wrong)


def _grey(most: int) -> Callable[[Any, Any], str | None]:
    def compare(right: str, given: str) -> str | None:
        one, other = (np.frombuffer(base64.b64decode(text), np.uint8).astype(int) for text in (right, given))
        if one.shape != other.shape:
            return f"{len(other)} bytes where {len(one)} are expected"
        return _beyond(float(np.abs(one - other).max()), most, "grey levels")

    return compare


def _numbers(most: float) -> Callable[[Any, Any], str | None]:
    def compare(right: Any, given: Any) -> str | None:
        return _far_apart(right, given, most, "numbers")

    return compare


def _far_apart(right: Any, given: Any, most: float, what: str) -> str | None:
    one, other = np.asarray(right, float), np.asarray(given, float)
    if one.shape != other.shape:
        return f"{what} of shape {other.shape} where {one.shape} is expected"
    return _beyond(float(np.abs(one - other).max(initial=0)), most, what)


def _beyond(difference: float, most: float, what: str) -> str | None:
    return f"{what} {difference:g} apart, {most:g} allowed" if not difference <= most else None


def _decoded(allowed: Mapping[str, float]) -> Callable[[Any, Any], str | None]:
    def compare(right: Any, given: Any) -> str | None:
        if len(right) != len(given):
            return f"{len(given)} faces where {len(right)} are expected"
        for one, other in zip(right, given, strict=True):
            reason = _far_apart(one["points"], other["points"], allowed["square_pixels"], "points")
            reason = reason or _far_apart(one["score"], other["score"], allowed["score"], "score")
            if reason:
                return reason
        return None

    return compare


def _faces(allowed: Mapping[str, float]) -> Callable[[Any, Any], str | None]:
    def compare(right: Any, given: Any) -> str | None:
        if len(right) != len(given):
            return f"{len(given)} faces where {len(right)} are expected"
        for one, other in zip(right, given, strict=True):
            for key, most in (
                ("box", allowed["frame_pixels"]),
                ("upright_box", allowed["frame_pixels"]),
                ("score", allowed["frame_score"]),
                ("turn", allowed["frame_degrees"]),
            ):
                if key in one and (reason := _far_apart(one[key], other[key], most, key)):
                    return reason
        return None

    return compare


def _motion(most: float) -> Callable[[Any, Any], str | None]:
    def compare(right: Any, given: Any) -> str | None:
        if right is None or given is None:
            return None if right is given else "a motion where none is, or none where one is"
        keys = [key for key in right if key in ("alpha", "tau")]
        reasons = (_far_apart(right[key], given[key], most, key) for key in keys)
        return next((reason for reason in reasons if reason), None)

    return compare


def _sequence(most: float) -> Callable[[Any, Any], str | None]:
    def compare(right: Any, given: Any) -> str | None:
        for key in ("tracks", "labels"):
            if list(right[key]) != list(given[key]):
                return f"{key} {given[key]} where {right[key]} are expected"
        for one, other in zip(right["smoothed"], given["smoothed"], strict=True):
            if reason := _far_apart(one, other, most, "probabilities"):
                return reason
        return None

    return compare


def _baseline(right: Any, given: Any) -> str | None:
    for key, most in (("values", 0), ("offsets", 0), ("scores", 0), ("probabilities", SHARES)):
        if reason := _far_apart(right[key], given[key], most, key):
            return reason
    return None
