"""Another platform's answers to the golden vectors, stage by stage, against what they must be.

    python -m converters answers models/small answers.json                  # those of the Python runtime, as an example
    python -m converters conformance models/small --answers answers.json

docs/CONFORMANCE.md says what a platform computes, from which file, and how it writes it down. A stage passes if it is
answered in full and nothing is further off than its file's tolerance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from converters.conformance_detector import DETECTOR_STAGES, Check
from converters.conformance_values import Off, bytes_of, count_of, entries, farthest, numbers
from converters.golden import heads_of
from converters.golden_decoding import NAME as DECODING
from converters.manifest import read_contract
from face_emotion.arrays import Bytes, Floats
from face_emotion.contract import Contract
from face_emotion.errors import InputError
from face_emotion.files import read_json
from face_emotion.softmax import probabilities_of, scores

FORMAT = 1
MODELS = Path(__file__).parents[1] / "models"
OPTIONAL = ("pictures",)  # of runtimes that read files; the others are given pixels


@dataclass(frozen=True)
class Golden:
    """The golden vectors of a model and of what stands beside it, as their files hold them."""

    contract: Contract
    model: dict[str, Any]
    detector: dict[str, Any]
    sequence: dict[str, Any]
    baseline: dict[str, Any]
    decoding: dict[str, Any]

    @classmethod
    def read(cls, folder: Path) -> Golden:
        """Reads a model's folder and what is beside it or, if it is not there, the released one of this checkout.

        Raises InputError if a file is missing or cannot be read.
        """

        def beside(place: str) -> dict[str, Any]:
            own = folder.parent / place
            value: dict[str, Any] = read_json(own if own.exists() else MODELS / place)
            return value

        return cls(
            read_contract(folder),
            read_json(folder / "golden.json"),
            beside("face_detector/golden.json"),
            beside("golden_sequence.json"),
            beside("golden_baseline.json"),
            beside(f"golden_decoding/{DECODING}"),
        )


Stage = Callable[[Golden, Mapping[str, Any]], str]


@dataclass(frozen=True)
class Result:
    """What has come of a stage: whether it passes, and how far off it is or why it fails."""

    stage: str
    passed: bool
    text: str


def compare(
    golden: Golden, answers: Any, only: Sequence[str] | None = None, steps: int | None = None
) -> list[Result]:
    """Compares answers with the golden vectors; returns a result for each stage, in their order.

    answers: what a platform wrote. only: the stages that it must have answered (default: all but `OPTIONAL`). steps:
    allowed of the int8 logits, where another kernel than XNNPACK runs (default: the file's tolerance).
    Raises InputError if it is not in the form of docs/CONFORMANCE.md, or for a stage that there is not.
    """
    check_form(answers)
    unknown = [stage for stage in only or () if stage not in STAGES]
    if unknown:
        raise InputError(f"--only {unknown[0]}: the stages are {', '.join(STAGES)}")
    if steps is not None:
        model = golden.model | {"tolerance": golden.model["tolerance"] | {"int8_steps": steps}}
        golden = Golden(**{**vars(golden), "model": model})
    wanted = only or [stage for stage in STAGES if stage not in OPTIONAL or stage in answers]
    return [_result(stage, golden, answers) for stage in STAGES if stage in wanted]


def check_form(answers: Any) -> None:
    """Raises InputError unless a value is a set of answers: format, runtime, and stages that there are."""
    if not isinstance(answers, dict) or answers.get("format") != FORMAT:
        raise InputError(f'answers: an object with "format": {FORMAT} is expected; see docs/CONFORMANCE.md')
    unknown = sorted(answers.keys() - {"format", "runtime", *STAGES})
    if unknown:
        raise InputError(f"answers: {unknown[0]} is no stage; the stages are {', '.join(STAGES)}")


def _result(stage: str, golden: Golden, answers: Mapping[str, Any]) -> Result:
    if stage not in answers:
        return Result(stage, False, "not answered")
    try:
        return Result(stage, True, STAGES[stage](golden, answers))
    except Off as off:
        return Result(stage, False, str(off))


def _crops(golden: Golden, answers: Mapping[str, Any]) -> str:
    stated = [entry["grey"] for entry in golden.model["crops"]]
    return _greys(answers["crops"], stated, "crop", golden.model["tolerance"]["crop_grey_levels"])


def _normalized(golden: Golden, answers: Mapping[str, Any]) -> str:
    tolerance = golden.model["tolerance"]["normalized_grey_levels"]
    return _greys(answers["normalized"], golden.model["normalized"], "face", tolerance)


def _greys(given: Any, stated: list[str], what: str, tolerance: int) -> str:
    pairs = [
        (bytes_of(one, f"{what} {place}"), bytes_of(other, what))
        for place, (one, other) in enumerate(zip(entries(given, len(stated), what), stated, strict=True))
    ]
    return farthest(pairs, what, tolerance, "grey levels")


def _logits(golden: Golden, answers: Mapping[str, Any]) -> str:
    int8 = golden.model["int8"]
    given = numbers(answers["logits"], np.shape(int8["logits"]), "logits")
    pairs = list(zip(given, np.array(int8["logits"], float), strict=True))
    return farthest(pairs, "face", golden.model["tolerance"]["int8_steps"], "steps")


def _answers(golden: Golden, answers: Mapping[str, Any]) -> str:
    """Of its own logits, so that a platform with other kernels is not told twice."""
    int8, contract = golden.model["int8"], golden.contract
    own = answers.get("logits", int8["logits"])
    logits = numbers(own, np.shape(int8["logits"]), "logits")
    if not ((logits >= 0) & (logits <= 255) & (logits == np.floor(logits))).all():
        raise Off("the logits are no bytes")
    heads = heads_of(contract)
    if not isinstance(answers["answers"], dict) or set(answers["answers"]) != set(heads):
        raise Off(f"an entry for each of {', '.join(heads)} is expected")
    for head in heads:
        found = scores(logits.astype(np.uint8), int8["scale"], int8["zero_point"], contract.weights(head))
        wanted = probabilities_of(found)
        _same_floats(answers["answers"][head], wanted, f"answers of {head}: face")
    return f"{len(logits)} faces of {count_of(len(heads), 'head')}, equal"


def _softmax(golden: Golden, answers: Mapping[str, Any]) -> str:
    table = golden.model["softmax"]
    _same_floats(answers["softmax"], np.array(table["probabilities"], np.float32), "row")
    return f"{count_of(len(table['scores']), 'row')}, equal"


def _same_floats(given: Any, wanted: Floats, what: str) -> None:
    """Raises Off unless given numbers are, as float32, the wanted ones."""
    own = numbers(given, wanted.shape, what).astype(np.float32)
    wrong = np.flatnonzero((own != wanted).any(axis=1))
    if len(wrong):
        place = int(wrong[0])
        raise Off(f"{what} {place}: {own[place].tolist()} where {wanted[place].tolist()} is expected")


def _sequence(golden: Golden, answers: Mapping[str, Any]) -> str:
    frames, tolerance = golden.sequence["frames"], golden.sequence["tolerance"]["probability"]
    most = 0.0
    for place, (given, frame) in enumerate(
        zip(entries(answers["sequence"], len(frames), "frame"), frames, strict=True)
    ):
        for key in ("tracks", "labels"):
            if not isinstance(given, dict) or given.get(key) != frame[key]:
                shown = given.get(key) if isinstance(given, dict) else given
                raise Off(f"frame {place}: {key} {shown} where {frame[key]} is expected")
        shape = np.shape(frame["smoothed"])
        own = numbers(given.get("smoothed"), shape, f"frame {place}: smoothed")
        drift = float(np.abs(own - np.array(frame["smoothed"], float).reshape(shape)).max(initial=0))
        if not drift <= tolerance:
            raise Off(f"frame {place}: smoothed is {drift:.3g} off ({tolerance:g} allowed)")
        most = max(most, drift)
    return f"{len(frames)} frames: tracks and labels equal, smoothed at most {most:.2g} off ({tolerance:g} allowed)"


def _baselines(golden: Golden, answers: Mapping[str, Any]) -> str:
    cases = golden.baseline["cases"]
    for place, (given, case) in enumerate(
        zip(entries(answers["baselines"], len(cases), "case"), cases, strict=True)
    ):
        if not isinstance(given, dict):
            raise Off(f"case {place}: values, offsets, scores and probabilities are expected")
        for key in ("values", "offsets", "scores"):
            if given.get(key) != case[key]:
                raise Off(f"case {place}: {key} {given.get(key)} where {case[key]} is expected")
        wanted = np.array(case["probabilities"], np.float32)
        _same_floats(given.get("probabilities"), wanted, f"case {place}: answer")
    return f"{len(cases)} cases, equal"


def _pictures(golden: Golden, answers: Mapping[str, Any]) -> str:
    given, files = answers["pictures"], golden.decoding["files"]
    if not isinstance(given, dict):
        raise Off("an entry for each file is expected")
    read = 0
    for file in files:
        one, name = given.get(file["file"]), file["file"]
        if one == "refused":
            if all(file[runtime] == "pixels" for runtime in ("python", "page", "android")):
                raise Off(f"{name} ({file['about']}): refused, which all our runtimes read")
            continue
        if file["picture"] is None:
            raise Off(f"{name} ({file['about']}): is to be refused")
        wanted = _rows(golden.decoding["pictures"][file["picture"]], name)
        own = _rows(one, name)
        if own.shape != wanted.shape:
            raise Off(f"{name}: {_size(own)} pixels where {_size(wanted)} are expected")
        drift = int(np.abs(own.astype(int) - wanted).max())
        if drift > file["tolerance"]:
            raise Off(f"{name} ({file['about']}): {drift} grey levels off ({file['tolerance']} allowed)")
        read += 1
    return f"{read} of {len(files)} files read, the others refused"


def _rows(picture: Any, name: str) -> Bytes:
    """The pixels of an entry, uint8 [H,W,3]."""
    try:
        rows = [bytes.fromhex(row) for row in picture["rows"]]
        values = np.frombuffer(b"".join(rows), np.uint8)
        values = values.reshape(picture["height"], picture["width"], picture["channels"])
        return np.broadcast_to(values, (*values.shape[:2], 3))
    except (KeyError, TypeError, ValueError):
        raise Off(f'{name}: width, height, channels (1 or 3) and rows, or "refused", are expected') from None


def _size(pixels: Bytes) -> str:
    return f"{pixels.shape[1]} × {pixels.shape[0]}"


def _of_detector(check: Check) -> Stage:
    return lambda golden, answers: check(golden.detector, answers)


STAGES: dict[str, Stage] = {
    "crops": _crops,
    "normalized": _normalized,
    "logits": _logits,
    "answers": _answers,
    "softmax": _softmax,
    **{stage: _of_detector(check) for stage, check in DETECTOR_STAGES.items()},
    "sequence": _sequence,
    "baselines": _baselines,
    "pictures": _pictures,
}
