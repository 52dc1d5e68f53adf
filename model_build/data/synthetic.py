"""The embedded data set: drawn faces (model_build.synthetic) in three splits, for builds that need no download."""

from __future__ import annotations

import numpy as np

from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from model_build.data.dataset import SELECTION, TEST, TRAINING, Dataset
from model_build.synthetic.faces import draw_faces


def synthetic_dataset(seed: int = 0, train: int = 6000, select: int = 1000, test: int = 1000) -> Dataset:
    """Returns a Dataset named "synthetic" of 48x48 faces; no person stands in two splits.

    train, select, test: faces in each split, the classes in equal shares, >= 7 each (InputError).
    """
    counts = {TRAINING: train, SELECTION: select, TEST: test}
    if min(counts.values()) < len(FER2013_LABELS):
        raise InputError(f"synthetic faces: {tuple(counts.values())} a split where at least 7 are needed")
    # draw_faces(n, seed) is (seed, 0): a fourth set of persons.
    parts = [draw_faces(count, (seed, split + 1)) for split, count in counts.items()]
    return Dataset(
        images=np.concatenate([images for images, _ in parts]),
        labels=np.concatenate([labels for _, labels in parts]),
        split=np.repeat(np.array(list(counts), np.uint8), list(counts.values())),
        class_names=FER2013_LABELS,
        name="synthetic",
    )
