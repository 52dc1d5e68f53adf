"""What epochs are chosen by: the selection split without the images that also stand in the training split."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from face_emotion.arrays import Bytes, Doubles, Floats, Integers
from face_emotion.errors import InputError
from model_build.data.dataset import SELECTION, Dataset
from model_build.data.votes import ferplus_rule
from model_build.network.architecture import VOTES_HEAD
from model_build.network.keras_protocol import KerasModel
from model_build.training.augment import normalise
from model_build.training.calibration import fit_temperature, log_loss


@dataclass(frozen=True)
class Judgement:
    """accuracy: share (0..1) of the images whose largest logit is the label's. log_loss: mean negative log
    likelihood (nats) at the temperature at which it is lowest; it tells epochs apart that accuracy, a count
    of few images, cannot, and confidence that the temperature corrects anyway does not count in it."""

    accuracy: float
    log_loss: float


@dataclass(frozen=True)
class SelectionSet:
    """images: uint8 [N, 48, 48]; labels: int64 [N], what the judged head should answer; output: that head's
    place among a model's outputs."""

    images: Bytes
    labels: Integers
    output: int = 0

    def judge(self, model: KerasModel) -> Judgement:
        """Judges one head of `model`; the log loss is infinite if a logit is not finite."""
        return self.judge_logits(predict(model, self.images)[self.output])

    def judge_logits(self, logits: Floats | Doubles) -> Judgement:
        """Judges answers to `images`, float [N, classes]: logits, or logarithms of probabilities."""
        accuracy = float(np.mean(logits.argmax(axis=1) == self.labels))
        if not np.isfinite(logits).all():
            return Judgement(accuracy, math.inf)
        return Judgement(accuracy, log_loss(logits, self.labels, fit_temperature(logits, self.labels)))


def selection_set(dataset: Dataset, head: str, heads: Sequence[str] = ()) -> SelectionSet:
    """Returns the images and labels that choose the epoch of a network by its head `head`.

    heads: the network's heads in the order of its outputs, by default this one alone. For the votes head the
    labels are those of FER+'s own rule, where it gives one. Raises InputError if nothing is left.
    """
    rows, labels = selection_rows(dataset, head)
    if not len(rows):
        raise InputError(f"{dataset.name}: no image is left in the {dataset.split_names[SELECTION]} split")
    return SelectionSet(dataset.images[rows], labels, list(heads or [head]).index(head))


def selection_rows(dataset: Dataset, head: str) -> tuple[Integers, Integers]:
    """Returns the indices of a selection set's images in the data set, and its labels, both int64 [n]."""
    chosen = (dataset.split == SELECTION) & ~dataset.leaked()
    labels = dataset.labels
    if head == VOTES_HEAD:
        labels = ferplus_rule(dataset.given_votes())
        chosen &= labels >= 0
    rows = np.flatnonzero(chosen)
    return rows, labels[rows]


def chosen_by(head: str, heads: Sequence[str]) -> dict[str, str]:
    """Returns what a plan's description says of the head that chooses epochs: nothing where it is the first, so
    that what was trained before there was a choice can be resumed."""
    return {} if head == heads[0] else {"chosen_by": head}


def predict(model: KerasModel, images: Bytes, batch_size: int = 256) -> list[Floats]:
    """Returns the logits of each head, float32 [N, classes], for uint8 [N, 48, 48]."""
    parts = []
    for start in range(0, len(images), batch_size):
        answer = model.predict_on_batch(normalise(images[start : start + batch_size]))
        parts.append([answer] if not isinstance(answer, list | tuple) else list(answer))
    return [np.concatenate([np.asarray(part[head]) for part in parts]) for head in range(len(parts[0]))]
