"""One Dataset out of every source: FER2013 (csv, Kaggle's archive), class folders of images, synthetic faces.

    from model_build.data.loading import load
    dataset = load("fer2013.tar.gz", votes="fer2013new.csv")

`python -m model_build audit --data PATH [--votes PATH]` describes what was loaded.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from face_emotion.arrays import Bytes
from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from model_build.data.cache import entry_of, read_entry, write_entry
from model_build.data.dataset import TRAINING, Dataset
from model_build.data.folders import BadImage, read_folder
from model_build.data.readers import ARCHIVE_SUFFIXES, USAGES, BadRow, Rows, read_fer2013
from model_build.data.synthetic import synthetic_dataset
from model_build.data.votes import read_votes

FER2013_MD5 = "f8428a1edbd21e88f42c73edd2a14f95"
DEFAULT_CACHE = Path("build/.cache")
SYNTHETIC = "synthetic"


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
        names: dict[str, Any] = {field: tuple(stored.pop(field)) for field in ("class_names", "split_names")}
        dataset = Dataset(**stored, **names)
    for message in warnings:
        warn(message)
    return dataset


def read(
    source: str | Path,
    votes: str | Path | None = None,
    keep_going: bool = False,
    warn: Callable[[str], None] = warn_on_stderr,
) -> tuple[Dataset, tuple[BadRow | BadImage, ...]]:
    """Reads a data set without a cache; with `keep_going` bad rows or images are left out and listed.

    Returns the data set and (row number from 1 or image path, reason) of each row left out.
    Raises InputError as `load` does.
    """
    path = Path(source)
    is_table = path.name.lower().endswith((".csv", *ARCHIVE_SUFFIXES)) and not path.is_dir()
    if votes is not None and not is_table:
        raise InputError(f"--votes {votes}: FER+ votes go with FER2013's rows only, not with {source}")
    if str(source) == SYNTHETIC:
        return synthetic_dataset(), ()
    if path.is_dir():
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


def _votes_of(rows: Rows, path: Path) -> Bytes:
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
