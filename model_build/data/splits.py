"""Who stands in which split: the words that data sets have for them, and splits drawn where none are given.

A drawn split depends on the pictures (or on who they show) and on a seed, not on their order or place: each picture,
or person, has a hash of the seed and of itself, and the smallest of a class go into the held-out splits. Pictures
that are alike stay together, so that none is trained on and measured.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from face_emotion.arrays import Bytes, Integers
from face_emotion.errors import InputError
from model_build.data.dataset import FOLDER_SPLITS, SELECTION, TEST, TRAINING
from model_build.data.stored import Images

USAGES = ("Training", "PublicTest", "PrivateTest")
SEED = 2013
DEFAULT = (80, 10, 10)
WORDS = {
    "train": TRAINING, "training": TRAINING, "train_set": TRAINING, "train_class": TRAINING,
    "valid": SELECTION, "validation": SELECTION, "val": SELECTION, "val_set": SELECTION, "val_class": SELECTION,
    "valid_set": SELECTION, "test": TEST, "testing": TEST, "test_set": TEST,
}  # fmt: skip


def parse_split(flag: str) -> tuple[int, int, int] | None:
    """Returns the percentages of --split, or None for ""; raises InputError for anything but three that make 100."""
    if not flag:
        return None
    parts = [part.strip() for part in flag.split("/")]
    if len(parts) == 3 and all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
        train, selection, test = map(int, parts)
        if min(train, selection, test) > 0 and train + selection + test == 100:
            return train, selection, test
    raise InputError(
        f"--split {flag}: three percentages that make 100 are expected, for training, validation and test, "
        "such as 80/10/10"
    )


def shares_of(percentages: tuple[int, int, int]) -> dict[int, float]:
    """Returns the shares of the two held-out splits."""
    return {SELECTION: percentages[1] / 100, TEST: percentages[2] / 100}


def complete(given: Collection[int]) -> tuple[dict[int, int], dict[int, float], str]:
    """Says how a data set gets the splits that it lacks.

    given: the splits that it has, TRAINING among them. Returns what each of them is used as, the share of TRAINING to
    be drawn for each that is still missing, and what is done, in words ("" where nothing is).
    """
    used = {part: part for part in given}
    if SELECTION in used and TEST in used:
        return used, {}, ""
    if SELECTION in used:
        used[SELECTION] = TEST
        return (
            used,
            {SELECTION: 0.1},
            "no test part: its validation part is test, a tenth of train is validation",
        )
    if TEST in used:
        return used, {SELECTION: 0.1}, "no validation part: a tenth of train is validation"
    return used, shares_of(DEFAULT), "no split given: --split " + "/".join(map(str, DEFAULT))


def draw(
    split: Bytes, labels: Integers, keys: Sequence[str], shares: Mapping[int, float], seed: int = SEED
) -> Bytes:
    """Returns uint8 [N]: the split with a part of TRAINING drawn for each held-out split in `shares`.

    split: uint8 [N]; labels: int64 [N]; keys: N strings, rows of one key stay together (a person, a picture's
    digest); shares: of the TRAINING rows of each class, at least one row. A split never gets more than its share of
    a class, but where it would be left with none.
    """
    result = split.copy()
    rows = np.flatnonzero(split == TRAINING)
    groups: dict[str, list[int]] = {}
    for row in rows.tolist():
        groups.setdefault(keys[row], []).append(row)
    order = sorted(
        groups,
        key=lambda key: (hashlib.sha256(f"{seed}:{key}".encode("utf-8", "surrogateescape")).digest(), key),
    )
    totals = np.bincount(labels[rows])
    counts = {key: np.bincount(labels[groups[key]], minlength=len(totals)) for key in order}
    left = totals.copy()
    for part, share in sorted(shares.items()):
        room = np.where(totals > 0, np.maximum(1, np.rint(share * totals)), 0).astype(np.int64)
        taken = [key for key in order if _take(counts[key], room, left)]
        for label in np.flatnonzero((totals > 0) & (room >= np.maximum(1, np.rint(share * totals)))):
            gone = set(taken)
            spare = [key for key in order if key not in gone and counts[key][label]]
            if len(spare) > 1:  # a single one stays in TRAINING
                left -= counts[spare[0]]
                taken.append(spare[0])
        for key in taken:
            result[groups[key]] = part
        gone = set(taken)
        order = [key for key in order if key not in gone]
    return result


def digests(images: Images) -> list[str]:
    """Returns a key for each of uint8 [N,H,W]: alike only where all pixels are."""
    return [hashlib.sha256(image.tobytes()).hexdigest() for image in images]


def check_complete(
    name: str, split: Bytes, labels: Integers, class_names: Sequence[str], by_person: bool = False
) -> None:
    """Raises InputError where a drawn split lacks a class. by_person: people are kept together in it."""
    for part, part_name in enumerate(FOLDER_SPLITS):
        counts = np.bincount(labels[split == part], minlength=len(class_names))
        if not counts.all():
            missing = class_names[int(np.argmin(counts))]
            raise InputError(
                f"{name}: too few {'people' if by_person else 'different pictures'} of class {missing!r} for the split "
                f"{part_name}; add some, "
                + ("split by picture (--people none), " if by_person else "")
                + f"or leave the class out (--labels ={missing})"
            )


def _take(counts: Integers, room: Integers, left: Integers) -> bool:
    """Takes a group out of what is left if it fits into the room that a split still has."""
    fits = bool((counts <= room).all()) and bool((left - counts > 0)[counts > 0].all())
    if fits:
        room -= counts
        left -= counts
    return fits
