"""Whether XNNPACK's int8 kernels run a model: twenty inputs that other kernels answer otherwise.

    check = KernelCheck.of(folder)                 # None where the folder has no kernels.json
    check.passes(classifier)                       # a few milliseconds; where it fails, seldom more than one input

Without XNNPACK the same file's answers differ by some steps, and it may take tens of times as long, without a word.
kernels.json (`python -m converters kernels`) has the numbers of the inputs and the logits that XNNPACK gives; it
names the int8 file that it is about by its sha256. An input is a mosaic of 6 x 6 squares, whose grey levels are the
upper bytes of a linear congruential generator, state * 1664525 + 1013904223 modulo 2 ** 32, that starts at its number;
each runtime makes them itself (Kotlin: KernelCheck.kt) and normalises them as any crop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from face_emotion.arrays import Bytes
from face_emotion.classifier import INPUT_SIZE, TfliteClassifier
from face_emotion.errors import InputError
from face_emotion.files import read_json
from face_emotion.model_files import ModelFolder

NAME = "kernels.json"
FORMAT = 1
SQUARES = 6
FACTOR, SUMMAND, MODULUS = 1664525, 1013904223, 1 << 32
UNACCELERATED = (
    "LiteRT runs this model without XNNPACK's int8 kernels: answers differ a little from those of other devices, and "
    "may take many times as long"
)


def mosaic(number: int, size: int = INPUT_SIZE) -> Bytes:
    """Returns uint8 [size,size], 6 x 6 squares; number: 0 to 2 ** 32 - 1; size: a multiple of 6."""
    state, levels = number, []
    for _ in range(SQUARES * SQUARES):
        state = (state * FACTOR + SUMMAND) % MODULUS
        levels.append(state >> 24)
    squares = np.array(levels, np.uint8).reshape(SQUARES, SQUARES)
    side = size // SQUARES
    return squares.repeat(side, axis=0).repeat(side, axis=1)


@dataclass(frozen=True)
class KernelCheck:
    """The inputs' numbers, and of each the bytes that XNNPACK gives in the output that answers are made from."""

    inputs: tuple[int, ...]
    logits: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, folder: ModelFolder) -> KernelCheck | None:
        """Reads the check of a model folder; None if it has none, or one without inputs: all kernels give one answer.

        Raises InputError if the file is damaged, or is about another int8 file than the manifest's.
        """
        path = folder.path / NAME
        if not path.is_file():
            return None
        value = read_json(path)
        if not _well_formed(value):
            raise InputError(
                f"{path}: damaged; make it again with `python -m converters kernels {folder.path}`"
            )
        if value["model"] != folder.identity:
            raise InputError(
                f"{path}: is about another int8 file than manifest.json; "
                f"make it again with `python -m converters kernels {folder.path}`"
            )
        entries = value["inputs"]
        check = cls(
            tuple(entry["number"] for entry in entries), tuple(tuple(entry["logits"]) for entry in entries)
        )
        return check if entries else None

    def to_dict(self, model: str) -> dict[str, Any]:
        """Returns what kernels.json holds; model: sha256 of the int8 file."""
        return {
            "format": FORMAT,
            "model": model,
            "inputs": [
                {"number": number, "logits": list(row)}
                for number, row in zip(self.inputs, self.logits, strict=True)
            ],
        }

    def passes(self, classifier: TfliteClassifier) -> bool:
        """Returns whether an int8 classifier answers every input as XNNPACK does; ends at the first that differs."""
        return all(
            classifier.raw(mosaic(number)[None])[0].tolist() == list(expected)
            for number, expected in zip(self.inputs, self.logits, strict=True)
        )


def _well_formed(value: Any) -> bool:
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        return False
    entries = value.get("inputs")
    return isinstance(entries, list) and all(
        isinstance(entry, dict)
        and _whole(entry.get("number"), MODULUS)
        and isinstance(entry.get("logits"), list)
        and all(_whole(step, 256) for step in entry["logits"])
        for entry in entries
    )


def _whole(value: Any, limit: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < limit
