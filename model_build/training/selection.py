"""What epochs are chosen by: the selection split without the images that also stand in the training split.

A network is meant for a camera, not for FER2013 alone: each image is judged twice, as it is and spoilt in one of the
ways of SPOILING, and the mean of both log losses decides.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from face_emotion.arrays import Bytes, Doubles, Floats, Integers
from face_emotion.contract import AS_IT_IS, VOTES_HEAD, Normalization
from face_emotion.errors import InputError
from model_build.data import damage
from model_build.data.dataset import SELECTION, Dataset
from model_build.data.stored import Images, StoredImages, taken
from model_build.data.votes import ferplus_rule
from model_build.network.keras_protocol import KerasModel
from model_build.training.augment import network_input
from model_build.training.calibration import fit_temperature, log_loss

# Every one about as bad as what a webcam in a dim room gives; a change of them is another way to choose (VERSION).
SPOILING: tuple[tuple[damage.Damaging, float], ...] = (
    (damage.darkness, 0.35),
    (damage.contrast, 0.35),
    (damage.blur, 1.5),
    (damage.noise, 0.1),
    (damage.jpeg, 20),
    (damage.rotation, 15),
    (damage.small, 24),
    (damage.scale, 1.2),
    (damage.shift, 0.1),
)
SPOILING_SEED = 48
VERSION = 2  # of the way to choose: a training that was chosen in another way is not gone on with


@dataclass(frozen=True)
class Judgement:
    """accuracy: share (0..1) of the images whose largest logit is the label's. log_loss: mean negative log
    likelihood (nats) at the temperature at which it is lowest; it tells epochs apart that accuracy, a count
    of few images, cannot, and confidence that the temperature corrects anyway does not count in it.
    spoilt_log_loss: that of the spoilt images at the same temperature; not a number where there are none."""

    accuracy: float
    log_loss: float
    spoilt_log_loss: float = math.nan

    @property
    def score(self) -> float:
        """What the lowest of wins: the mean of both log losses, or the one that there is."""
        return (
            self.log_loss if math.isnan(self.spoilt_log_loss) else (self.log_loss + self.spoilt_log_loss) / 2
        )


@dataclass(frozen=True)
class SelectionSet:
    """images: uint8 [N, 48, 48]; labels: int64 [N], what the judged head should answer; output: that head's
    place among a model's outputs; normalization: of the images before the model sees them."""

    images: Bytes
    labels: Integers
    output: int = 0
    normalization: Normalization = AS_IT_IS

    def judge(self, model: KerasModel) -> Judgement:
        """Judges one head of `model`; the log loss is infinite if a logit is not finite."""
        return self.judge_logits(predict(model, self.images, self.normalization)[self.output])

    def judge_logits(self, logits: Floats | Doubles) -> Judgement:
        """Judges answers to `images`, float [N, classes]: logits, or logarithms of probabilities."""
        accuracy = float(np.mean(logits.argmax(axis=1) == self.labels))
        if not np.isfinite(logits).all():
            return Judgement(accuracy, math.inf)
        return Judgement(accuracy, log_loss(logits, self.labels, fit_temperature(logits, self.labels)))


@dataclass(frozen=True)
class JudgedHead:
    """One head among those that are judged. output: its place among a model's outputs; rows: int64 [n], which of the
    images its labels, int64 [n], belong to."""

    output: int
    rows: Integers
    labels: Integers


@dataclass(frozen=True)
class Jury:
    """Judges an epoch by all heads that it trains. images, spoilt: uint8 [N, 48, 48]; of stored ones neither is held in
    memory. heads: the first one's accuracy
    is told; log losses are means over the heads. normalization: of the images before the model sees them."""

    images: Images
    spoilt: Images | Spoilt
    heads: tuple[JudgedHead, ...]
    normalization: Normalization = AS_IT_IS

    def judge(self, model: KerasModel) -> Judgement:
        """Judges the heads of `model`; a log loss is infinite if a logit is not finite."""
        clean, spoilt = (predict(model, images, self.normalization) for images in (self.images, self.spoilt))
        found = [self._judge_head(head, clean[head.output], spoilt[head.output]) for head in self.heads]
        return Judgement(
            found[0].accuracy,
            float(np.mean([judgement.log_loss for judgement in found])),
            float(np.mean([judgement.spoilt_log_loss for judgement in found])),
        )

    def _judge_head(self, head: JudgedHead, clean: Floats, spoilt: Floats) -> Judgement:
        clean, spoilt = clean[head.rows], spoilt[head.rows]
        accuracy = float(np.mean(clean.argmax(axis=1) == head.labels))
        if not (np.isfinite(clean).all() and np.isfinite(spoilt).all()):
            return Judgement(accuracy, math.inf, math.inf)
        temperature = fit_temperature(clean, head.labels)
        return Judgement(
            accuracy, log_loss(clean, head.labels, temperature), log_loss(spoilt, head.labels, temperature)
        )


def jury_of(dataset: Dataset, heads: Sequence[str], normalization: Normalization = AS_IT_IS) -> Jury:
    """Returns what judges the epochs of a network with these heads, in the order of its outputs.

    normalization: of the images that it sees. Raises InputError if no image is left.
    """
    found = {name: selection_rows(dataset, name) for name in heads}
    rows = np.unique(np.concatenate([chosen for chosen, _ in found.values()]))
    if not all(len(chosen) for chosen, _ in found.values()):
        raise InputError(f"{dataset.name}: no image is left in the {dataset.split_names[SELECTION]} split")
    images = taken(dataset.images, rows)
    return Jury(
        images,
        Spoilt(images) if isinstance(images, StoredImages) else spoil(images),
        tuple(
            JudgedHead(list(heads).index(name), np.searchsorted(rows, chosen), labels)
            for name, (chosen, labels) in found.items()
        ),
        normalization,
    )


@dataclass(frozen=True)
class Spoilt:
    """What `spoil` makes of stored images, made when a slice of it is asked for: a tenth of the time of judging it."""

    images: StoredImages

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, rows: slice) -> Bytes:
        return spoil(self.images[rows], rows.start)


def spoil(images: Bytes, first: int = 0) -> Bytes:
    """Returns uint8 [N, 48, 48]: each image spoilt in one way, the ways of SPOILING taking turns; always the same.

    first: the number of the first one, where these are some of all.
    """
    spoilt = np.empty_like(images)
    for index, image in enumerate(images, first):
        spoiled, amount = SPOILING[index % len(SPOILING)]
        spoilt[index - first] = spoiled(image, amount, np.random.default_rng((SPOILING_SEED, index)))
    return spoilt


def selection_set(
    dataset: Dataset, head: str, heads: Sequence[str] = (), normalization: Normalization = AS_IT_IS
) -> SelectionSet:
    """Returns the images and labels that choose the epoch of a network by its head `head`.

    heads: the network's heads in the order of its outputs, by default this one alone. For the votes head the
    labels are those of FER+'s own rule, where it gives one. Raises InputError if nothing is left.
    """
    rows, labels = selection_rows(dataset, head)
    if not len(rows):
        raise InputError(f"{dataset.name}: no image is left in the {dataset.split_names[SELECTION]} split")
    return SelectionSet(dataset.images[rows], labels, list(heads or [head]).index(head), normalization)


def selection_rows(dataset: Dataset, head: str) -> tuple[Integers, Integers]:
    """Returns the indices of a selection set's images in the data set, and its labels, both int64 [n]."""
    chosen = (dataset.split == SELECTION) & ~dataset.leaked()
    labels = dataset.labels
    if head == VOTES_HEAD:
        labels = ferplus_rule(dataset.given_votes())
        chosen &= labels >= 0
    rows = np.flatnonzero(chosen)
    return rows, labels[rows]


def predict(
    model: KerasModel, images: Images | Spoilt, normalization: Normalization = AS_IT_IS, batch_size: int = 256
) -> list[Floats]:
    """Returns the logits of each head, float32 [N, classes], for uint8 [N, 48, 48] that are normalised first."""
    parts = []
    for start in range(0, len(images), batch_size):
        answer = model.predict_on_batch(network_input(images[start : start + batch_size], normalization))
        parts.append([answer] if not isinstance(answer, list | tuple) else list(answer))
    return [np.concatenate([np.asarray(part[head]) for part in parts]) for head in range(len(parts[0]))]
