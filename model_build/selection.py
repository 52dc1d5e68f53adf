"""What epochs are chosen by: the selection split without the images that also stand in the training split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from face_emotion.errors import InputError
from model_build.augment import normalise
from model_build.data import SELECTION, Dataset
from model_build.network import VOTES_HEAD
from model_build.votes import ferplus_rule


@dataclass(frozen=True)
class SelectionSet:
    """images: uint8 [N, 48, 48]; labels: int64 [N], what the first head should answer."""

    images: np.ndarray
    labels: np.ndarray

    def accuracy(self, model: Any) -> float:
        """Returns the share (0..1) of images whose largest logit of the model's first head is the label's."""
        logits = predict(model, self.images)[0]
        return float(np.mean(logits.argmax(axis=1) == self.labels))


def selection_set(dataset: Dataset, head: str) -> SelectionSet:
    """Returns the images and labels that choose the epoch of a network whose first head is `head`.

    For the votes head the labels are those of FER+'s own rule, where it gives one.
    Raises InputError if nothing is left.
    """
    chosen = (dataset.split == SELECTION) & ~dataset.leaked()
    labels = dataset.labels
    if head == VOTES_HEAD:
        labels = ferplus_rule(dataset.votes)
        chosen &= labels >= 0
    if not chosen.any():
        raise InputError(f"{dataset.name}: no image is left in the {dataset.split_names[SELECTION]} split")
    return SelectionSet(dataset.images[chosen], labels[chosen])


def predict(model: Any, images: np.ndarray, batch_size: int = 256) -> list[np.ndarray]:
    """Returns the logits of each head, float32 [N, classes], for uint8 [N, 48, 48]."""
    parts = []
    for start in range(0, len(images), batch_size):
        answer = model.predict_on_batch(normalise(images[start : start + batch_size]))
        parts.append([answer] if not isinstance(answer, list | tuple) else list(answer))
    return [np.concatenate([np.asarray(part[head]) for part in parts]) for head in range(len(parts[0]))]
