"""A tiny network on few synthetic faces: what the tests of training, quantisation and export share.

The runs below take seconds; conftest.py keeps each for the whole session.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from face_emotion.contract import FER2013_LABELS
from model_build.augment import AugmentSettings
from model_build.data import SELECTION, TEST, TRAINING, Dataset
from model_build.network import LABELS_HEAD, VOTES_HEAD, Architecture, Stage
from model_build.settings import QuantizeSettings, TrainSettings
from model_build.synthetic import draw_faces
from model_build.votes import VOTE_COLUMNS

TINY = Architecture(stem=((8, 2),), stages=(Stage(8, 2, 1, 1), Stage(16, 2, 2, 2)), head=24, dropout=0.2)
BOTH = (LABELS_HEAD, VOTES_HEAD)
COUNTS = {TRAINING: 420, SELECTION: 70, TEST: 70}
UNCHANGED = AugmentSettings(
    flip=0, rotate=0, scale=0, shift=0, brightness=0, contrast=0, gradient=0, erase=0, mixup=0
)
TRAIN = TrainSettings(epochs=4, batch_size=32, learning_rate=0.1, ema=0.9, seed=3)
QUANTIZE = QuantizeSettings(qat_epochs=2, qat_learning_rate=0.01, qat_calibration=4)


@cache
def tiny_dataset() -> Dataset:
    """Returns 560 drawn faces with votes: two of three votes are the label's, the rest random, some rows have none."""
    count = sum(COUNTS.values())
    images, labels = draw_faces(count, seed=11)
    return Dataset(
        images=images,
        labels=labels,
        split=np.repeat(list(COUNTS), list(COUNTS.values())).astype(np.uint8),
        class_names=FER2013_LABELS,
        votes=_votes(labels),
        name="tiny",
    )


def _votes(labels: np.ndarray) -> np.ndarray:
    # FER2013 order (angry, disgust, fear, happy, sad, surprise, neutral) to the columns of FER+.
    columns = [VOTE_COLUMNS.index(name) for name in ("anger", "disgust", "fear", "happiness", "sadness")]
    columns += [VOTE_COLUMNS.index(name) for name in ("surprise", "neutral")]
    random = np.random.default_rng(5)
    votes = random.multinomial(3, np.full(10, 0.1), len(labels))
    votes[np.arange(len(labels)), np.array(columns)[labels]] += 7
    votes[::10] = 0
    return votes.astype(np.uint8)
