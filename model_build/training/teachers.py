"""Teachers for distillation: one or several checkpoints whose averaged probabilities the student learns.

Each answers in the precision that it was trained in, to images that are normalised as those were that it learned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from face_emotion.arrays import Doubles, Floats
from face_emotion.contract import Normalization
from face_emotion.errors import InputError
from face_emotion.files import sha256_of
from model_build.network import checkpoint
from model_build.network.engine import Engine
from model_build.network.keras_protocol import KerasModel, Tensor


@dataclass(frozen=True)
class Teachers:
    """Teachers of one student: called with what makes an augmented batch by its normalisation, they answer with one
    array of averaged probabilities [batch, classes] a head.

    models: with outputs in the order of `heads`. digests: sha256 of their files. temperature: at which their logits
    become probabilities. normalizations: of the images that each model sees. mirror: average the answers to an image
    and to its mirror image. weights: of each model in the average, summing to 1; () for all alike.
    """

    models: tuple[KerasModel, ...]
    digests: tuple[str, ...]
    heads: tuple[str, ...]
    temperature: float
    normalizations: tuple[Normalization, ...]
    mirror: bool = False
    weights: tuple[float, ...] = ()

    def __call__(self, batch_of: Callable[[Normalization], Tensor]) -> list[Floats]:
        batches = {normalization: batch_of(normalization) for normalization in set(self.normalizations)}
        logits = []
        for number, normalization in enumerate(self.normalizations):
            batch = batches[normalization]
            sides = [batch, mirrored(batch)] if self.mirror else [batch]
            logits += [self.logits(number, side) for side in sides]
        return self.averaged(logits, self.temperature)

    def averaged(
        self, logits: Sequence[Iterable[NDArray[np.floating[Any]]]], temperature: float
    ) -> list[Floats]:
        """Averages every model's logits, and with `mirror` those of both sides one after the other, by the weights."""
        return averaged(logits, temperature, np.repeat(self.weights, len(logits) // len(self.models)))

    def logits(self, number: int, batch: Tensor) -> list[Floats]:
        """Returns one teacher's float32 logits [batch, classes], an array a head."""
        answer = self.models[number].predict_on_batch(batch)
        return [np.asarray(head, np.float32) for head in (answer if len(self.heads) > 1 else [answer])]


def load_teachers(
    engine: Engine,
    paths: Sequence[Path],
    heads: tuple[str, ...],
    labels: tuple[str, ...],
    temperature: float,
    mirror: bool = False,
    weights: tuple[float, ...] = (),
) -> Teachers | None:
    """Returns the teachers in these checkpoints, None for no path; temperature, mirror and weights as in Teachers.

    Raises InputError if a teacher lacks a head or knows other classes, or for another number of weights.
    """
    if weights and len(weights) != len(paths):
        raise InputError(f"--teacher-weights: {len(weights)} for {len(paths)} teachers; give one for each")
    if not paths:
        return None
    models, normalizations = [], []
    for path in paths:
        stored = checkpoint.load(path)
        if stored.labels != tuple(labels):
            raise InputError(f"--teacher {path}: knows other classes ({', '.join(stored.labels)})")
        try:
            precision = stored.details.get("settings", {}).get("precision", "float32")
            models.append(stored.model(engine.keras, heads, precision))
            normalizations.append(stored.normalization)
        except InputError as error:
            raise InputError(f"--teacher {path}: {error}") from None
    return Teachers(
        tuple(models),
        tuple(sha256_of(path) for path in paths),
        tuple(heads),
        temperature,
        tuple(normalizations),
        mirror,
        weights,
    )


def mirrored(batch: Tensor) -> Tensor:
    """Returns images [batch, height, width] or [batch, height, width, 1] with left and right exchanged."""
    return batch[:, :, ::-1]


def averaged(
    logits: Iterable[Iterable[NDArray[np.floating[Any]]]],
    temperature: float,
    weights: Doubles | None = None,
) -> list[Floats]:
    """Averages what several teachers' logits mean at a temperature.

    logits: [teacher][head], arrays [batch, classes] or one array of them. weights: float [teacher] that sum to 1; none,
    or an empty array: all alike. Returns float32 probabilities [batch, classes], one array a head.
    """
    given = None if weights is None or not len(weights) else weights
    return [
        np.average([_softmax(head, temperature) for head in heads], axis=0, weights=given).astype(np.float32)
        for heads in zip(*logits, strict=True)
    ]


def _softmax(logits: NDArray[np.floating[Any]], temperature: float) -> Floats:
    scaled = logits.astype(np.float32) / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    probabilities: Floats = powers / powers.sum(axis=1, keepdims=True)
    return probabilities
