"""Which .tflite files are released: the list by which a runtime knows them (face_emotion/trial.py).

python -m converters released models
"""

from __future__ import annotations

from pathlib import Path

from face_emotion.errors import InputError
from face_emotion.files import sha256_of, write_json
from face_emotion.trial import RELEASED


def released_files(models: Path) -> dict[str, str]:
    """Returns the .tflite files of a models folder: their places in it by sha256, in the order of the places.

    Raises InputError if there is none.
    """
    paths = sorted(models.glob("*/*.tflite"))
    if not paths:
        raise InputError(f"{models}: holds no .tflite file of a released model")
    return {sha256_of(path): path.relative_to(models).as_posix() for path in paths}


def write_released(models: Path, target: Path = RELEASED) -> int:
    """Writes the list of `released_files` and returns how many there are."""
    found = released_files(models)
    write_json(target, found)
    return len(found)


def is_released_folder(models: Path) -> bool:
    """Returns whether a models folder is the one that the package beside it is released with."""
    return models.resolve() == RELEASED.parents[1] / "models"
