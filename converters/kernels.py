"""The golden inputs by which a runtime sees whether XNNPACK's kernels run a model (face_emotion/kernel_check.py).

    python -m converters kernels models/small      # writes models/small/kernels.json

Of the first 400 mosaics those twenty are taken that LiteRT's reference kernels answer most differently; of a network
that they answer alike in nearly all, those that differ. The reference kernels end the process for a network whose
logits are within some millionths of each other (their softmax takes no scale below 2⁻²⁶): it has no such inputs.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import Contract
from face_emotion.errors import InputError
from face_emotion.files import read_json, sha256_of, write_json
from face_emotion.kernel_check import NAME, KernelCheck, mosaic

TRIED, KEPT = 400, 20
INT8 = "int8.tflite"
REFUSED = (
    "LiteRT's reference kernels cannot run it: it answers all faces alike, to a millionth; train it longer "
    "(more --epochs, a smaller --batch-size, or --from models/nano) before it goes to a phone"
)


def kernel_check(model: Path, contract: Contract) -> KernelCheck:
    """Returns the check of an int8 file, made with the kernels of this machine.

    It has fewer inputs than twenty if only so many differ. Raises InputError if the file is missing or damaged.
    """
    numbers = np.arange(1, TRIED + 1)
    mosaics = np.stack([mosaic(int(number)) for number in numbers])
    xnnpack = TfliteClassifier(model, contract).raw(mosaics).astype(int)
    plain = reference_classifier(model, contract)
    if plain is None:
        return KernelCheck((), ())
    reference = plain.raw(mosaics).astype(int)
    steps = np.abs(xnnpack - reference)
    largest, total = steps.max(axis=1), steps.sum(axis=1)
    ranked = np.lexsort((numbers, -total, -largest))[:KEPT]
    chosen = np.sort(ranked[largest[ranked] > 0])
    return KernelCheck(tuple(numbers[chosen].tolist()), tuple(tuple(row) for row in xnnpack[chosen].tolist()))


def reference_classifier(model: Path, contract: Contract) -> TfliteClassifier | None:
    """Returns an int8 file under LiteRT's reference kernels, None if those cannot run what XNNPACK's can.

    Raises InputError if the file is missing or damaged.
    """
    try:
        return TfliteClassifier(model, contract, reference_kernels=True)
    except InputError:
        TfliteClassifier(model, contract)
        return None


def write_kernels(folder: Path, contract: Contract) -> Path:
    """Writes FOLDER/kernels.json for its int8.tflite and returns its path; InputError as `kernel_check`."""
    check = kernel_check(folder / INT8, contract)
    write_json(folder / NAME, check.to_dict(sha256_of(folder / INT8)))
    return folder / NAME


def check_kernels(folder: Path, contract: Contract) -> list[str]:
    """Returns one line if a folder's kernels.json is not what `write_kernels` would write; none without the file."""
    if not (folder / NAME).is_file():
        return []
    expected = kernel_check(folder / INT8, contract).to_dict(sha256_of(folder / INT8))
    if read_json(folder / NAME) == expected:
        return []
    return [f"{NAME}: not what the int8 file gives; run `python -m converters kernels {folder}`"]
