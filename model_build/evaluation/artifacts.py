"""Every runnable form of a trained network in a build folder or models folder, behind one call.

for name, classifier in open_artifacts(Path("build/small")).items():
    classifier.probabilities(images)      # uint8 [N,48,48] -> float32 [N,K]
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Protocol

import numpy as np

from converters.manifest import read_contract
from converters.saved_model import load_saved_model
from converters.tfjs_runtime import TfjsModel
from face_emotion.arrays import Bytes, Floats
from face_emotion.classifier import INPUT_SIZE, TfliteClassifier
from face_emotion.contract import BOTH_HEADS, Contract
from face_emotion.errors import InputError
from face_emotion.normalization import normalized
from face_emotion.softmax import float_probabilities


class Classifier(Protocol):
    """What every artifact offers: uint8 grey images [N,48,48] in, float32 [N,K] in 0..1 out."""

    def probabilities(self, images: Bytes) -> Floats: ...


class SavedModelClassifier:
    """The network's SavedModel, run by TensorFlow through its signature "serving_default" (batch 1)."""

    def __init__(self, folder: Path, contract: Contract, head: str = BOTH_HEADS) -> None:
        """Loads a SavedModel folder; contract, head: as TfliteClassifier takes them.

        Raises InputError if it is damaged or of another input shape.
        """
        self._model = load_saved_model(folder)
        self._signature = self._model.signatures.get("serving_default")
        if self._signature is None:
            raise InputError(f"{folder}: a SavedModel, but none of this kit: no signature serving_default")
        inputs = self._signature.structured_input_signature[1]
        shapes = [tensor.shape.as_list() for tensor in inputs.values()]
        if shapes != [[1, INPUT_SIZE, INPUT_SIZE, 1]]:
            raise InputError(f"{folder}: takes {shapes} where [1, {INPUT_SIZE}, {INPUT_SIZE}, 1] is expected")
        self._input = next(iter(inputs))
        self._normalization, self._weights = contract.normalization, contract.weights(head)

    def probabilities(self, images: Bytes) -> Floats:
        """Returns float32 [N,K] probabilities for uint8 grey images [N,48,48]."""
        import tensorflow as tf

        seen = normalized(images, self._normalization)
        tensors = (seen.astype(np.float32) / np.float32(255))[:, None, :, :, None]
        answers = [self._signature(**{self._input: tf.constant(t)})["logits"] for t in tensors]
        return float_probabilities(np.concatenate([np.asarray(answer) for answer in answers]), self._weights)


class TfjsClassifier:
    """The TF.js model, run by node."""

    def __init__(self, folder: Path, contract: Contract, head: str = BOTH_HEADS) -> None:
        """Checks that the model's files are there; raises InputError if not."""
        self._model = TfjsModel(folder, contract, head)

    def probabilities(self, images: Bytes) -> Floats:
        """Returns float32 [N,K] for uint8 [N,48,48]; raises InputError if node cannot run the model."""
        return self._model.probabilities(images)


# Name of an artifact -> its place in the folder, what a user reads about it, how it is opened.
ARTIFACTS: dict[str, tuple[str, str, Callable[..., Classifier]]] = {
    "float": ("float/saved_model", "float checkpoint", SavedModelClassifier),
    "qat": ("qat/saved_model", "QAT checkpoint", SavedModelClassifier),
    "float32": ("float32.tflite", "float32.tflite", TfliteClassifier),
    "float16": ("float16.tflite", "float16.tflite", TfliteClassifier),
    "int8": ("int8.tflite", "int8.tflite (QAT)", TfliteClassifier),
    "int8_ptq": ("int8_ptq.tflite", "int8_ptq.tflite (PTQ)", TfliteClassifier),
    "tfjs": ("tfjs", "TF.js model", TfjsClassifier),
}
QUANTIZED = ("int8", "int8_ptq")
CALIBRATED = "calibrated, not fine-tuned"
# What is called QAT of a network that was fine-tuned, where its calibrated start was kept instead.
_CALIBRATED_TITLES = {"qat": f"quantised checkpoint ({CALIBRATED})", "int8": f"int8.tflite ({CALIBRATED})"}


def title_of(name: str, fine_tuned: bool = True) -> str:
    """Returns what a reader sees for an artifact's name.

    fine_tuned: whether the quantised network is one of the fine-tuning's epochs, and not the calibrated start of it.
    """
    if not fine_tuned and name in _CALIBRATED_TITLES:
        return _CALIBRATED_TITLES[name]
    return ARTIFACTS[name][1] if name in ARTIFACTS else name


def open_artifact(folder: Path, name: str, head: str = BOTH_HEADS) -> Classifier:
    """Opens one artifact in `folder`, which answers for a head; raises InputError if it or the contract is damaged."""
    place, _, opener = ARTIFACTS[name]
    return opener(folder / place, read_contract(folder), head)


def open_artifacts(folder: Path, without: Collection[str] = ()) -> dict[str, Classifier]:
    """Opens every artifact in `folder` except those in `without`.

    Raises InputError if one of them or the contract is damaged.
    """
    there = {
        name: (folder / place, opener)
        for name, (place, _, opener) in ARTIFACTS.items()
        if name not in without and (folder / place).exists()
    }
    if not there:  # then there need be no contract either
        return {}
    contract = read_contract(folder)
    return {name: opener(place, contract) for name, (place, opener) in there.items()}
