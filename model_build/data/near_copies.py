"""Images of a split that look like one of Training without being its copy: another crop, another frame of a video.

    python -m model_build audit --data fer2013.tar.gz --near-copies

Pixel-identical copies are left out of figures ("without leaked"); these are not, and a network that has learnt Training
by heart is right on more of them. Two images are near copies if they, or one and the other's mirror image, correlate at
0.93 or more, halved to 24×24 grey levels. Of PublicTest's images and their nearest in Training 86 % have one label from
0.93 on, 69 % from 0.90 on, which is what a network gets right, and 29 % below 0.80.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from face_emotion.arrays import Bytes, Floats, Integers
from model_build.data.dataset import TRAINING, Dataset
from model_build.data.stored import SIDE, Images, blocks, taken
from model_build.progress import progress_bar

SAME = 0.93
AT_ONCE = 1024  # images that are compared with a block of Training: 16 MB of correlations
_HALF = SIDE // 2


def signatures(images: Bytes) -> Floats:
    """Returns float32 [N, 576]: halved, mean 0, length 1, so that products are correlations; 0 for a flat image.

    images: uint8 [N, 48, 48].
    """
    halved = images.reshape(-1, _HALF, 2, _HALF, 2).mean(axis=(2, 4), dtype=np.float32)
    rows = halved.reshape(len(images), -1)
    rows = rows - rows.mean(axis=1, keepdims=True)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    made: Floats = np.divide(rows, length, out=np.zeros_like(rows), where=length > 1e-3)
    return made


def nearest(images: Images, among: Images) -> tuple[Floats, Integers]:
    """Returns each image's highest correlation [N] with one of `among` or its mirror image, and which one [N] it is.

    images, among: uint8 [N, 48, 48] and [M, 48, 48]. -1 and 0 where `among` is empty.
    """
    own = np.concatenate([signatures(block) for block in blocks(images)] or [np.zeros((0, 576), np.float32)])
    best, place = np.full(len(own), -1, np.float32), np.zeros(len(own), np.int64)
    start = 0
    with progress_bar("near copies", len(among)) as advance:
        for block in blocks(among):
            for seen in (signatures(block), signatures(block[:, :, ::-1])):
                for first in range(0, len(own), AT_ONCE):
                    rows = slice(first, first + AT_ONCE)
                    correlations = own[rows] @ seen.T
                    found = correlations.argmax(axis=1)
                    value = correlations[np.arange(len(found)), found]
                    nearer = value > best[rows]
                    best[rows] = np.where(nearer, value, best[rows])
                    place[rows] = np.where(nearer, start + found, place[rows])
            start += len(block)
            advance(start)
    return best, place


def near_copies(dataset: Dataset) -> list[dict[str, Any]]:
    """Returns, of each split but Training, how many of its images are near copies of one in Training and no copies.

    "same_label": how many of those have the label of the image of Training that is nearest.
    """
    training = np.flatnonzero(dataset.split == TRAINING)
    labels, leaked = dataset.labels[training], dataset.leaked()
    found = []
    for split, name in enumerate(dataset.split_names):
        if split == TRAINING:
            continue
        rows = np.flatnonzero((dataset.split == split) & ~leaked)
        best, place = nearest(taken(dataset.images, rows), taken(dataset.images, training))
        near = best >= SAME
        same = labels[place[near]] == dataset.labels[rows][near] if near.any() else near[:0]
        found.append(
            {
                "images_of": name,
                "images_without_copies": len(rows),
                "near_copies": int(near.sum()),
                "same_label": int(same.sum()),
            }
        )
    return found
