"""The file that `crossfit` writes and --label-targets takes: a distribution over the classes for each training image.

It holds no image and no label, only float16 probabilities in the order of a data set's training rows, and what tells
that data set from others.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from face_emotion.arrays import Floats
from face_emotion.errors import InputError
from face_emotion.files import require_file, sha256_of
from face_emotion.strict_json import parse_json
from model_build.arrays import read_arrays, text_of, write_arrays
from model_build.data.dataset import TRAINING, Dataset

NAME = "label_targets.npz"
FLAG = "--label-targets"
FORMAT = 1
HEADER = "__label_targets__"
PROBABILITIES = "probabilities"
ROUNDING = 0.01  # rows of float16 sum to 1 within this


def save(path: Path, targets: Floats, dataset: Dataset) -> None:
    """Writes float [N, classes] targets of the N training rows of `dataset` through a temporary name."""
    fitted = dataset.part(TRAINING)
    header = {"format": FORMAT, "training": fitted.digest, "labels": dataset.class_names}
    write_arrays(path, {HEADER: np.array(json.dumps(header)), PROBABILITIES: np.asarray(targets, np.float16)})


def load(path: Path, fitted: Dataset) -> Floats:
    """Returns the targets, float32 [N, classes], each row summing to 1, of a training part's N rows.

    Raises InputError for a file that is missing, damaged, not one of ours, or of other images, labels or votes.
    """
    path = require_file(path, "label targets")
    try:
        arrays = read_arrays(path)
        header = parse_json(text_of(arrays, HEADER))
        if not isinstance(header, dict) or header["format"] != FORMAT:
            raise ValueError("its header is another one")
        found = arrays[PROBABILITIES].astype(np.float32)
        rows = (len(fitted), len(fitted.class_names))
        if header["training"] == fitted.digest and not _are_shares(found, rows):
            raise ValueError("its rows are no probabilities")
    except KeyError as error:
        raise InputError(f"{FLAG} {path}: not what crossfit writes ({error} is missing)") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{FLAG} {path}: not what crossfit writes, or damaged ({error})") from None
    if header["training"] != fitted.digest:
        raise InputError(
            f"{FLAG} {path}: made of another data set than {fitted.name}; run crossfit on this one"
        )
    targets: Floats = found / found.sum(axis=1, keepdims=True)
    return targets


def told(path: Path | None) -> dict[str, str]:
    """Returns what a run's description says of its label targets: nothing where it has none."""
    return {"label_targets": sha256_of(path)} if path else {}


def _are_shares(found: Floats, shape: tuple[int, int]) -> bool:
    return (
        found.shape == shape
        and bool(np.isfinite(found).all())
        and bool((found >= 0).all())
        and bool((abs(found.sum(axis=1) - 1) < ROUNDING).all())
    )
