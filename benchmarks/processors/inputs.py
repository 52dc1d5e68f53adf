"""A thousand grey faces, and what is none, that follow from a seed: no data set is needed."""

from __future__ import annotations

import numpy as np

from face_emotion.arrays import Bytes
from model_build.data.damage import darkness, noise
from model_build.synthetic.faces import draw_faces

SEED = 22
COUNT = 1000
SHARES = (0.7, 0.2, 0.05)  # drawn; drawn, darkened and noisy; noise. The rest is flat.


def faces_and_others(count: int = COUNT) -> Bytes:
    """Returns uint8 [count,48,48]: drawn faces, darkened and noisy ones, noise, and images of one grey level."""
    random = np.random.default_rng(SEED)
    drawn, spoilt, noisy = (int(count * share) for share in SHARES)
    flat = count - drawn - spoilt - noisy
    faces = draw_faces(drawn + spoilt, SEED)[0]
    dark = [
        noise(darkness(face, random.uniform(0.1, 0.6), random), random.uniform(0, 0.1), random)
        for face in faces[drawn:]
    ]
    levels = np.linspace(0, 255, flat).astype(np.uint8)[:, None, None]
    parts = (
        faces[:drawn],
        np.reshape(dark, (spoilt, 48, 48)),
        random.integers(0, 256, (noisy, 48, 48)),
        np.broadcast_to(levels, (flat, 48, 48)),
    )
    images: Bytes = np.concatenate(parts).astype(np.uint8)
    return images
