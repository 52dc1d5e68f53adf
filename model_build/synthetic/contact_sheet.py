"""A labelled contact sheet of drawn faces: a row for each expression, a column for each person.

python -m model_build.synthetic --out assets/synthetic_faces.png
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from face_emotion.arrays import Bytes
from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from face_emotion.files import atomic_path
from model_build.synthetic.faces import draw_faces

_LABEL_WIDTH = 84  # pixels of the left column


def contact_sheet(people: int = 10, size: int = 96, seed: int = 0) -> Bytes:
    """Returns a row for each expression and a column for each person, named on the left: uint8 [7*size,W].

    people: columns, >= 1; size: side of a face in pixels, >= 16 (InputError).
    """
    if people < 1:
        raise InputError(f"--people {people}: at least 1 is expected")
    classes = len(FER2013_LABELS)
    images, _ = draw_faces(people * classes, seed, size)
    faces = images.reshape(people, classes, size, size).transpose(1, 2, 0, 3)
    names = np.full((classes * size, _LABEL_WIDTH), 255, np.uint8)
    for row, label in enumerate(FER2013_LABELS):
        place = (6, row * size + size // 2 + 5)
        cv2.putText(names, label, place, cv2.FONT_HERSHEY_SIMPLEX, 0.5, 0, 1, cv2.LINE_AA)
    return np.hstack([names, faces.reshape(classes * size, people * size)])


def write_contact_sheet(path: Path, people: int = 10, size: int = 96, seed: int = 0) -> None:
    """Writes the contact sheet as a PNG file; raises InputError for another suffix."""
    if path.suffix.lower() != ".png":
        raise InputError(f"--out {path}: a name that ends in .png is expected")
    png = cv2.imencode(".png", contact_sheet(people, size, seed))[1]
    with atomic_path(path) as partial:
        partial.write_bytes(png.tobytes())
