"""AffectNet as it is published: train_set/ and val_set/, each images/NUMBER.jpg and annotations/NUMBER_exp.npy."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np

from face_emotion.errors import InputError
from model_build.data.elsewhere import PICTURES

NO_EMOTION = {"8": "none", "9": "uncertain", "10": "no face"}  # AffectNet's numbers beyond its eight emotions
_ANNOTATION = "_exp.npy"
_LONGEST = 4096


def is_annotated(part: Path) -> bool:
    """Whether a folder is a part of AffectNet with its annotations."""
    return (part / "images").is_dir() and (part / "annotations").is_dir()


def annotated_pictures(root: Path, part: Path) -> dict[str, list[Path]]:
    """Returns the pictures of a part by the number of their expression, "0" to "10".

    Raises InputError naming the picture without an annotation, or the annotation that is none.
    """
    found: dict[str, list[Path]] = defaultdict(list)
    for image in sorted((part / "images").iterdir(), key=lambda path: path.name):
        if image.suffix.lower() not in PICTURES or image.name.startswith("."):
            continue
        file = part / "annotations" / f"{image.stem}{_ANNOTATION}"
        if not file.is_file():
            raise InputError(
                f"{image.relative_to(root.parent).as_posix()}: no annotations/{file.name}; add it, or --layout folders "
                "for class folders"
            )
        found[_expression(root, file)].append(image)
    if not found:
        raise InputError(
            f"{part.relative_to(root.parent).as_posix()}/images: no picture; unpack AffectNet's images there"
        )
    return dict(found)


def _expression(root: Path, file: Path) -> str:
    name = file.relative_to(root.parent).as_posix()
    try:
        if file.stat().st_size > _LONGEST:
            raise ValueError("too long")
        value = np.load(file, allow_pickle=False)
        if value.size != 1:
            raise ValueError("not one value")
        number = int(str(value.reshape(-1)[0]))
    except Exception as error:  # a damaged .npy file raises almost anything
        raise InputError(
            f"{name}: not an expression of AffectNet ({error or type(error).__name__})"
        ) from None
    if not 0 <= number <= 10:
        raise InputError(f"{name}: an expression of {number} where 0 to 10 is expected")
    return str(number)
