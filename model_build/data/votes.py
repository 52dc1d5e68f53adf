"""FER+ crowd votes: from ten raw vote columns to soft targets and hard labels of FER2013's seven classes.

FER+ (Barsoum et al., "Training Deep Networks for Facial Expression Recognition with Crowd-Sourced Label
Distribution", 2016) gives ten votes to each FER2013 image. `read_votes` reads its file fer2013new.csv;
`python -m model_build audit --data PATH --votes PATH` uses all of it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from face_emotion.arrays import Bytes, Floats, Integers
from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from face_emotion.files import require_file

VOTE_COLUMNS = (
    "neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF",
)  # fmt: skip
VOTES_HEADER = ("Usage", "Image name", *VOTE_COLUMNS)
_COLUMN_OF_LABEL = {
    "angry": "anger", "disgust": "disgust", "fear": "fear", "happy": "happiness",
    "sad": "sadness", "surprise": "surprise", "neutral": "neutral",
}  # fmt: skip
_SHARED = np.array([VOTE_COLUMNS.index(_COLUMN_OF_LABEL[label]) for label in FER2013_LABELS])
_LABEL_OF_COLUMN = np.array([*np.argsort(_SHARED), -1, -1, -1])


def vote_targets(votes: Bytes) -> Floats:
    """Returns each image's vote shares in FER2013 label order.

    votes: uint8 [N, 10], raw counts in the order of VOTE_COLUMNS. Returns float32 [N, 7] in 0..1; a row sums
    to the share of its votes that fell on the seven shared classes (0 where a row has no votes at all).
    """
    counts = _checked(votes)
    total = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    shares: Floats = (counts[:, _SHARED] / total).astype(np.float32)
    return shares


def majority(votes: Bytes) -> Integers:
    """Returns the label that the crowd agrees on, -1 where there is none.

    A row has one when exactly one of the ten columns holds the maximum and it is one of the seven classes.
    votes: uint8 [N, 10]. Returns int64 [N], -1 or an index into FER2013_LABELS.
    """
    counts = _checked(votes)
    top = counts.max(axis=1, keepdims=True)
    unique = (counts == top).sum(axis=1) == 1
    return np.where(unique, _LABEL_OF_COLUMN[counts.argmax(axis=1)], -1)


def ferplus_rule(votes: Bytes) -> Integers:
    """Returns the label by FER+'s own majority rule, -1 where it gives none or one outside the seven classes.

    Columns with fewer than two votes are dropped; the top column must then hold more than half of what
    remains (function _process_data of github.com/microsoft/FERPlus, src/ferplus.py, mode "majority").
    votes: uint8 [N, 10]. Returns int64 [N], -1 or an index into FER2013_LABELS.
    """
    counts = _checked(votes)
    counts = np.where(counts < 2, 0, counts)
    clear = 2 * counts.max(axis=1) > counts.sum(axis=1)
    return np.where(clear, _LABEL_OF_COLUMN[counts.argmax(axis=1)], -1)


def read_votes(path: str | Path) -> tuple[Bytes, list[str]]:
    """Reads fer2013new.csv.

    Returns votes uint8 [N, 10] and the N values of the column Usage; row i belongs to row i of fer2013.csv.
    Raises InputError for a missing or empty file, another header, and any row that is not ten counts 0..255.
    """
    path = require_file(path, "votes file")
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise InputError(f"{path.name}: not a text file; the FER+ file fer2013new.csv is expected") from None
    header = tuple(name.strip() for name in lines[0].split(",")) if lines else ()
    if header != VOTES_HEADER:
        raise InputError(
            f"{path.name}: the header is {','.join(header)[:60]!r} where fer2013new.csv has "
            f"{','.join(VOTES_HEADER)!r}"
        )
    rows = [line for line in lines[1:] if line.strip()]
    if not rows:
        raise InputError(f"{path.name}: no rows below the header")
    counts, usages = [], []
    for number, line in enumerate(rows, start=1):
        fields = [field.strip() for field in line.split(",")]
        if len(fields) != len(VOTES_HEADER):
            raise InputError(
                f"{path.name} row {number}: {len(fields)} columns where {len(VOTES_HEADER)} are expected"
            )
        counts.append([_count(path, number, field) for field in fields[2:]])
        usages.append(fields[0])
    return np.array(counts, np.uint8), usages


def _count(path: Path, number: int, field: str) -> int:
    if not (field.isascii() and field.isdigit() and len(field) < 9 and int(field) <= 255):
        raise InputError(f"{path.name} row {number}: a vote of {field[:20]!r} where 0 to 255 is expected")
    return int(field)


def _checked(votes: Bytes) -> Integers:
    votes = np.asarray(votes)
    if votes.ndim != 2 or votes.shape[1] != len(VOTE_COLUMNS):
        raise ValueError(f"votes of shape {votes.shape} where [N, {len(VOTE_COLUMNS)}] is expected")
    return votes.astype(np.int64)
