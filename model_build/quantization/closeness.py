"""How close a quantised network stays to the float one: whether fine-tuning made another network of it.

`quantize` asks after the last epoch: on few pictures fine-tuning may move the network off the float one by more than
`verify` and `release` allow (face_emotion.consistency.FLOORS), where the calibrated start does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from face_emotion.arrays import Array, Bytes, Doubles
from face_emotion.consistency import FEWEST_SURE, FLOORS, SURE
from face_emotion.contract import Normalization
from model_build.data.stored import Images, taken
from model_build.network.keras_protocol import KerasModel
from model_build.synthetic.faces import draw_faces
from model_build.training.calibration import fit_temperature
from model_build.training.selection import Jury, predict

FLOOR = FLOORS["int8"][1]
DRAWN, DRAWN_SEED = 350, 7  # the faces that `verify` compares on
SAMPLE = 1000  # of the training images


@dataclass(frozen=True)
class Closeness:
    """On how many images a network answers as the float one: `agree` of `images`, where they are fewest."""

    agree: int
    images: int

    @property
    def share(self) -> float:
        """As a fraction."""
        return self.agree / self.images

    @property
    def enough(self) -> bool:
        """Whether the floor is kept; one image may always differ."""
        return self.images - self.agree <= max(1.0, (1 - FLOOR) * self.images)


@dataclass(frozen=True)
class FloatAnswers:
    """What the float network answers: by the name of the images, uint8 [N,48,48], its probabilities [N,K].

    temperatures: of its heads, by which logits become probabilities.
    """

    images: Mapping[str, Bytes]
    answers: Mapping[str, Doubles]
    temperatures: tuple[float, ...]
    normalization: Normalization

    def closeness(self, model: KerasModel) -> Closeness:
        """Compares a network's answers with those of which the float one is sure, where they differ most."""
        found = []
        for name, answers in self.answers.items():
            own = _probabilities(predict(model, self.images[name], self.normalization), self.temperatures)
            found.append(_compared(own, answers))
        return min(found, key=lambda one: (one.enough, one.share))


def float_answers(model: KerasModel, jury: Jury, training: Images) -> FloatAnswers:
    """Asks the float network about the images that choose epochs and drawn faces, where it is sure of enough of these.

    Where few images choose, which one of them decides little: then also about some that it was trained on.

    training: uint8 [N,48,48], the training images, in memory or in shards.
    """
    images = {"selection": taken(jury.images, slice(None))[:]}
    images["drawn"] = draw_faces(DRAWN, DRAWN_SEED)[0]
    if len(jury.images) < SAMPLE:
        rows = np.linspace(0, len(training) - 1, min(SAMPLE, len(training))).astype(np.int64)
        images["training"] = taken(training, np.unique(rows))[:]
    logits = {name: predict(model, found, jury.normalization) for name, found in images.items()}
    temperatures = tuple(
        fit_temperature(logits["selection"][head.output][head.rows], head.labels) for head in jury.heads
    )
    answers = {name: _probabilities(found, temperatures) for name, found in logits.items()}
    if np.sum(answers["drawn"].max(axis=1) >= SURE) < FEWEST_SURE:  # as for evaluation.verification
        del answers["drawn"]
    return FloatAnswers(images, answers, temperatures, jury.normalization)


def _probabilities(logits: Sequence[Array], temperatures: Sequence[float]) -> Doubles:
    """Returns float64 [N,K]: the softmax of the mean of all heads' logits, each at its temperature."""
    scaled = [np.asarray(one, np.float64) / warm for one, warm in zip(logits, temperatures, strict=True)]
    mean = np.mean(scaled, axis=0)
    powers = np.exp(mean - mean.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _compared(own: Doubles, theirs: Doubles) -> Closeness:
    """Compares as evaluation.metrics.agreement_when_sure does: all images where the float one is sure of few."""
    sure = theirs.max(axis=1) >= SURE
    chosen = sure if int(sure.sum()) >= FEWEST_SURE else np.ones_like(sure)
    same = own.argmax(axis=1)[chosen] == theirs.argmax(axis=1)[chosen]
    return Closeness(int(same.sum()), len(same))
