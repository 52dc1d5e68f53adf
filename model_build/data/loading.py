"""One Dataset out of every source: FER2013 (csv, Kaggle's archive), class folders of images, synthetic faces.

    from model_build.data import load
    dataset = load("fer2013.tar.gz", votes="fer2013new.csv")

`python -m model_build audit --data PATH [--votes PATH]` describes what was loaded.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from face_emotion.contract import FER2013_LABELS, check_labels
from face_emotion.errors import InputError
from model_build.data.cache import entry_of, read_entry, write_entry
from model_build.data.readers import ARCHIVE_SUFFIXES, USAGES, BadRow, Rows, read_fer2013
from model_build.data.votes import read_votes

TRAINING, SELECTION, TEST = 0, 1, 2
FOLDER_SPLITS = ("train", "validation", "test")
FER2013_MD5 = "f8428a1edbd21e88f42c73edd2a14f95"
DEFAULT_CACHE = Path("build/.cache")
SYNTHETIC = "synthetic"


@dataclass(frozen=True)
class Dataset:
    """Grey faces with labels, each row in one split.

    images: uint8 [N, 48, 48], 0 black, 255 white; labels: int64 [N], index into class_names;
    split: uint8 [N], TRAINING, SELECTION or TEST; class_names: 2 to 50 names; split_names: what the source
    calls the three splits; votes: uint8 [N, 10] raw FER+ votes in the order of votes.VOTE_COLUMNS, or None;
    name: of the data set; digest: sha256 over all of the former but the name, computed where not given.
    Raises ValueError if the arrays do not fit each other, InputError for unusable class names.
    """

    images: np.ndarray
    labels: np.ndarray
    split: np.ndarray
    class_names: tuple[str, ...]
    split_names: tuple[str, str, str] = FOLDER_SPLITS
    votes: np.ndarray | None = None
    name: str = ""
    digest: str = ""

    def __post_init__(self) -> None:
        check_labels(self.class_names)
        count = len(self.images)
        wanted = {"images": (count, 48, 48), "labels": (count,), "split": (count,), "votes": (count, 10)}
        kinds = {"images": np.uint8, "labels": np.int64, "split": np.uint8, "votes": np.uint8}
        for key, shape in wanted.items():
            array = getattr(self, key)
            if array is None and key == "votes":
                continue
            if array.shape != shape or array.dtype != kinds[key]:
                raise ValueError(
                    f"{key}: {array.dtype} {array.shape} where {kinds[key].__name__} {shape} is expected"
                )
        if count and not (self.labels.min() >= 0 and self.labels.max() < len(self.class_names)):
            raise ValueError(f"labels outside 0..{len(self.class_names) - 1}")
        if not self.digest:
            object.__setattr__(self, "digest", _digest(self))

    def __len__(self) -> int:
        return len(self.images)

    def rows(self, chosen: np.ndarray) -> Dataset:
        """Returns the rows that a mask bool [N] or an index array chooses, in that order."""
        return dataclasses.replace(
            self,
            images=self.images[chosen],
            labels=self.labels[chosen],
            split=self.split[chosen],
            votes=None if self.votes is None else self.votes[chosen],
            digest="",
        )

    def part(self, split: int) -> Dataset:
        """Returns only the rows of one split (TRAINING, SELECTION or TEST)."""
        return self.rows(self.split == split)

    def leaked(self) -> np.ndarray:
        """Returns bool [N]: the row is not in TRAINING, but its image is pixel-identical to one that is.

        To be asked of the whole data set: a part without TRAINING rows has nothing to compare with.
        """
        seen = {image.tobytes() for image in self.images[self.split == TRAINING]}
        outside = np.flatnonzero(self.split != TRAINING)
        leaked = np.zeros(len(self), bool)
        leaked[outside] = [self.images[row].tobytes() in seen for row in outside]
        return leaked


def warn_on_stderr(message: str) -> None:
    """Prints one warning line."""
    print(f"warning: {message}", file=sys.stderr)


def load(
    source: str | Path,
    votes: str | Path | None = None,
    cache: str | Path | None = DEFAULT_CACHE,
    warn: Callable[[str], None] = warn_on_stderr,
) -> Dataset:
    """Loads a data set, from the cache where the source's files are unchanged.

    source: "synthetic", a fer2013.csv, .tar.gz, .tgz or icml_face_data.csv, or a folder of class folders;
    votes: FER+'s fer2013new.csv; cache: a folder, or None for none; warn: takes one line for each oddity that
    is no error. Raises InputError naming file and row or image for whatever cannot be used.
    """
    if cache is None or str(source) == SYNTHETIC:
        return read(source, votes, warn=warn)[0]
    path, key = entry_of([entry for entry in (source, votes) if entry is not None], Path(cache))
    stored = read_entry(path, key)
    if stored is None:
        warnings: list[str] = []
        dataset, _ = read(source, votes, warn=warnings.append)
        values = {field.name: getattr(dataset, field.name) for field in dataclasses.fields(Dataset)}
        try:
            write_entry(path, key, values | {"warnings": warnings})
        except OSError as error:
            warn(
                f"{path}: the cache cannot be written ({error.strerror or error}); the next run reads afresh"
            )
    else:
        warnings = stored.pop("warnings")
        names = {field: tuple(stored.pop(field)) for field in ("class_names", "split_names")}
        dataset = Dataset(**stored, **names)
    for message in warnings:
        warn(message)
    return dataset


def read(
    source: str | Path,
    votes: str | Path | None = None,
    keep_going: bool = False,
    warn: Callable[[str], None] = warn_on_stderr,
) -> tuple[Dataset, tuple[BadRow, ...]]:
    """Reads a data set without a cache; with `keep_going` bad rows or images are left out and listed.

    Returns the data set and (row number from 1 or image path, reason) of each row left out.
    Raises InputError as `load` does.
    """
    path = Path(source)
    is_table = path.name.lower().endswith((".csv", *ARCHIVE_SUFFIXES)) and not path.is_dir()
    if votes is not None and not is_table:
        raise InputError(f"--votes {votes}: FER+ votes go with FER2013's rows only, not with {source}")
    if str(source) == SYNTHETIC:
        from model_build.data.synthetic import synthetic_dataset

        return synthetic_dataset(), ()
    if path.is_dir():
        from model_build.data.folders import read_folder

        return read_folder(path.resolve(), keep_going, warn)
    if not path.exists():
        raise InputError(f"{source}: no such file or folder")
    if not is_table:
        raise InputError(
            f"{source}: neither .csv, .tar.gz or .tgz nor a folder of class folders (unpack a .zip first)"
        )
    rows = read_fer2013(path, keep_going)
    if rows.md5 != FER2013_MD5:
        warn(
            f"{rows.name}: not the published FER2013 (md5 {rows.md5} where {FER2013_MD5} is known); "
            "figures will not compare with others'"
        )
    dataset = Dataset(
        images=rows.images,
        labels=rows.labels,
        split=rows.split,
        class_names=FER2013_LABELS,
        split_names=USAGES,
        votes=None if votes is None else _votes_of(rows, Path(votes)),
        name="FER2013",
    )
    if not keep_going:
        _check_complete(rows.name, dataset)
    return dataset, rows.bad


def _check_complete(name: str, dataset: Dataset) -> None:
    """Raises InputError if a split has no row, or TRAINING none of some class: no training could use it."""
    for split, split_name in enumerate(dataset.split_names):
        if not (dataset.split == split).any():
            raise InputError(f"{name}: no {split_name} row; {', '.join(dataset.split_names)} are all needed")
    counts = np.bincount(dataset.labels[dataset.split == TRAINING], minlength=len(dataset.class_names))
    if not counts.all():
        missing = int(np.argmin(counts))
        training = dataset.split_names[TRAINING]
        raise InputError(f"{name}: no {training} row of class {missing} ({dataset.class_names[missing]})")


def _votes_of(rows: Rows, path: Path) -> np.ndarray:
    counts, usages = read_votes(path)
    if len(counts) != rows.total:
        raise InputError(f"{path.name}: {len(counts):,} rows where {rows.name} has {rows.total:,}")
    for position, split in zip(rows.kept, rows.split, strict=True):
        if usages[position] != USAGES[split]:
            raise InputError(
                f"{path.name} row {position + 1}: Usage {usages[position][:20]!r} where {rows.name} says "
                f"{USAGES[split]!r}; the rows of the two files must stand in the same order"
            )
    return counts[rows.kept]


def _digest(dataset: Dataset) -> str:
    digest = hashlib.sha256(json.dumps([dataset.class_names, dataset.split_names]).encode())
    for array in (dataset.images, dataset.labels, dataset.split, dataset.votes):
        if array is not None:
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
