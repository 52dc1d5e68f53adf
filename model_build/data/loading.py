"""One Dataset out of every source: tables of pixels (FER2013), folders of pictures, synthetic faces.

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
from model_build.data.broken import left_out
from model_build.data.cache import entry_of, read_entry, write_entry
from model_build.data.dataset import FOLDER_SPLITS, TEST, TRAINING, Dataset
from model_build.data.folders import BadImage, read_folder
from model_build.data.form import Form
from model_build.data.readers import BadRow, Rows, read_table
from model_build.data.shards import is_shards, read_shards
from model_build.data.splits import USAGES, check_complete, complete, digests, draw, parse_split, shares_of
from model_build.data.stored import Keep, in_memory
from model_build.data.synthetic import synthetic_dataset
from model_build.data.table_file import is_table, table_in
from model_build.data.votes import read_votes
from model_build.progress import tell

FER2013_MD5 = "f8428a1edbd21e88f42c73edd2a14f95"
DEFAULT_CACHE = Path("build/.cache")
SYNTHETIC = "synthetic"
FER2013 = "FER2013"
TABLE, FOLDER, SHARDS = "table", "folder", "shards"
OF_FOLDERS, OF_TABLES = ("layout", "people"), ("columns",)


class VotesMisfit(InputError):
    """The votes belong to other rows than those of the data set that was read."""


def warn_on_stderr(message: str) -> None:
    """Prints one warning line."""
    print(f"warning: {message}", file=sys.stderr)


def say(message: str) -> None:
    """Prints one line of what was taken for what."""
    tell(f"data: {message}")


def load(
    source: str | Path,
    votes: str | Path | None = None,
    cache: str | Path | None = DEFAULT_CACHE,
    warn: Callable[[str], None] = warn_on_stderr,
    note: Callable[[str], None] = say,
    form: Form | None = None,
) -> Dataset:
    """Loads a data set, from the cache where the source's files are unchanged.

    source: "synthetic", a table of pixels (fer2013.csv, .tar.gz, .tgz, icml_face_data.csv and their likes), a
    folder of pictures or with a table, or one of shards, whose images stay on the disk; votes: FER+'s fer2013new.csv;
    cache: a folder, or None for none; warn: takes one line for each oddity that is no error; note: one for what was
    taken for what; form: what the user says of the source's form. Raises InputError naming file and row or image for
    whatever cannot be used.
    """
    form = form or Form()
    if cache is None or kind_of(source) in (SYNTHETIC, SHARDS):
        return read(source, votes, warn=warn, note=note, form=form)[0]
    sources = [entry for entry in (source, votes, *form.files()) if entry is not None]
    path, key = entry_of(sources, Path(cache), dataclasses.astuple(form))
    stored = read_entry(path, key)
    if stored is None:
        warnings: list[str] = []
        notes: list[str] = []
        dataset, _ = read(source, votes, warn=warnings.append, note=notes.append, form=form)
        values = {
            field.name: getattr(dataset, field.name)
            for field in dataclasses.fields(Dataset)
            if field.name
            not in ("source", "sources", "origins")  # those of several sets, which are read one by one
        }
        try:
            write_entry(path, key, values | {"warnings": warnings, "notes": notes})
        except OSError as error:
            warn(
                f"{path}: the cache cannot be written ({error.strerror or error}); the next run reads afresh"
            )
    else:
        warnings, notes = stored.pop("warnings"), stored.pop("notes")
        names: dict[str, Any] = {field: tuple(stored.pop(field)) for field in ("class_names", "split_names")}
        dataset = Dataset(**stored, **names)
    for message in warnings:
        warn(message)
    for message in notes:
        note(message)
    return dataset


def kind_of(source: str | Path) -> str:
    """Returns what a source is read as: SYNTHETIC, TABLE, FOLDER or SHARDS; raises InputError for several tables."""
    path = Path(source)
    if str(source) == SYNTHETIC:
        return SYNTHETIC
    if is_shards(path):
        return SHARDS
    table = table_in(path) is not None if path.is_dir() else is_table(path)
    return TABLE if table else FOLDER


def read(
    source: str | Path,
    votes: str | Path | None = None,
    keep_going: bool = False,
    warn: Callable[[str], None] = warn_on_stderr,
    note: Callable[[str], None] = say,
    form: Form | None = None,
    keep: Keep = in_memory,
) -> tuple[Dataset, tuple[BadRow | BadImage, ...]]:
    """Reads a data set without a cache; with `keep_going` bad rows or images are left out and listed.

    keep: takes the images as they are read and returns what Dataset.images is: an array, or stored ones.
    Returns the data set and (row number from 1 or image path, reason) of each row left out.
    Raises InputError as `load` does.
    """
    form, path = form or Form(), Path(source)
    if kind_of(source) == SHARDS:
        return _read_shards(path, votes, form), ()
    table = table_in(path) if path.is_dir() else path if is_table(path) else None
    if votes is not None and table is None:
        raise VotesMisfit(f"--votes {votes}: FER+ votes go with FER2013's rows only, not with {source}")
    if str(source) == SYNTHETIC:
        if flag := form.given():
            raise InputError(f"{flag}: drawn faces have a form of their own; give --data PATH too")
        drawn = synthetic_dataset()
        return drawn if keep is in_memory else dataclasses.replace(drawn, images=keep(drawn.images)), ()
    if not path.exists():
        raise InputError(f"{source}: no such file or folder")
    if table is not None:
        return _read_table(path, table, votes, keep_going, warn, note, form, keep)
    if not path.is_dir():
        raise InputError(
            f"{source}: neither .csv, .tar.gz or .tgz nor a folder of class folders (unpack a .zip first)"
        )
    if flag := form.given(*OF_TABLES):
        raise InputError(
            f"{flag}: {source} holds pictures; it goes with a table of pixels, such as fer2013.csv"
        )
    return read_folder(path.resolve(), keep_going, warn, note, form, keep)


def _read_shards(folder: Path, votes: str | Path | None, form: Form) -> Dataset:
    if votes is not None:
        raise VotesMisfit(
            f"--votes {votes}: {folder} is a folder of shards, which hold the votes that they were written with; "
            "leave --votes out"
        )
    if flag := form.given():
        raise InputError(
            f"{flag}: {folder} is a folder of shards, of a form of their own; give it to model_build shard"
        )
    return read_shards(folder)


def _read_table(
    source: Path,
    table: Path,
    votes: str | Path | None,
    keep_going: bool,
    warn: Callable[[str], None],
    note: Callable[[str], None],
    form: Form,
    keep: Keep,
) -> tuple[Dataset, tuple[BadRow, ...]]:
    if flag := form.given(*OF_FOLDERS):
        raise InputError(f"{flag}: {source} is a table; it goes with a folder of pictures")
    rows = read_table(table, keep_going or form.skip_broken, form, keep)
    if rows.bad and not keep_going:
        warn(left_out(rows.name, rows.bad, rows.total))
    whole = parse_split(form.split) is None and rows.split is not None
    published = rows.published and whole
    if published and rows.md5 != FER2013_MD5:
        warn(
            f"{rows.name}: not the published FER2013 (md5 {rows.md5} where {FER2013_MD5} is known); "
            "figures will not compare with others'"
        )
    words = list(rows.notes)
    if source != table:
        words.insert(0, f"read from {table.name}")
    split, split_names = _split_of(rows, form, keep_going, words)
    if votes is not None and not (rows.class_names == FER2013_LABELS and split_names == USAGES):
        raise VotesMisfit(
            f"--votes {votes}: FER+ votes go with FER2013's rows, classes and Usage only; leave --votes out"
        )
    if words:
        note(f"{rows.name}: {'; '.join(words)}")
    dataset = Dataset(
        images=rows.images,
        labels=rows.labels,
        split=split,
        class_names=rows.class_names,
        split_names=split_names,
        votes=None if votes is None else _votes_of(rows, split, Path(votes)),
        name=FER2013 if published else table.name.split(".")[0],
    )
    if not keep_going:
        _check_complete(rows.name, dataset)
    return dataset, rows.bad


def _split_of(
    rows: Rows, form: Form, keep_going: bool, words: list[str]
) -> tuple[Bytes, tuple[str, str, str]]:
    """Returns the split of a table's rows and its names: as the table has it, or drawn; says which in `words`."""
    percentages = parse_split(form.split)
    split, split_names = rows.split, rows.split_names
    if percentages is not None or split is None:
        split = np.zeros(len(rows.labels), np.uint8)
        if percentages is None:
            _, shares, said = complete({TRAINING})
        else:
            shares, said = shares_of(percentages), f"--split {form.split}"
        words.append(said)
        split_names = FOLDER_SPLITS
    elif split_names == USAGES:
        return split, split_names
    else:
        present = set(np.unique(split).tolist())
        missing = TRAINING if TRAINING not in present else TEST if present == {TRAINING} else None
        if missing is not None:
            raise InputError(
                f"{rows.name}: no row of {FOLDER_SPLITS[missing]}; add some, or draw all splits from what is there: "
                "--split 80/10/10"
            )
        used, shares, said = complete(present)
        split = np.array([used.get(part, 0) for part in range(3)], np.uint8)[split]
        if said:
            words.append(said)
    if shares:
        words.append("drawn by class")
        split = draw(split, rows.labels, digests(rows.images), shares, form.split_seed)
        if not keep_going:
            check_complete(rows.name, split, rows.labels, rows.class_names)
    return split, split_names


def _check_complete(name: str, dataset: Dataset) -> None:
    """Raises InputError if a split has no row, or TRAINING none of some class: no training could use it."""
    for split, split_name in enumerate(dataset.split_names):
        if not (dataset.split == split).any():
            raise InputError(
                f"{name}: no {split_name} row; {', '.join(dataset.split_names)} are all needed, or draw them anew: "
                "--split 80/10/10"
            )
    counts = np.bincount(dataset.labels[dataset.split == TRAINING], minlength=len(dataset.class_names))
    if not counts.all():
        missing = int(np.argmin(counts))
        training, label = dataset.split_names[TRAINING], dataset.class_names[missing]
        raise InputError(
            f"{name}: no {training} row of class {missing} ({label}); add some, or say --labels ={label} for data "
            "without it"
        )


def _votes_of(rows: Rows, split: Bytes, path: Path) -> Bytes:
    counts, usages = read_votes(path)
    if len(counts) != rows.total:
        raise VotesMisfit(f"{path.name}: {len(counts):,} rows where {rows.name} has {rows.total:,}")
    for position, part in zip(rows.kept, split, strict=True):
        if usages[position] != USAGES[part]:
            raise VotesMisfit(
                f"{path.name} row {position + 1}: Usage {usages[position][:20]!r} where {rows.name} says "
                f"{USAGES[part]!r}; the rows of the two files must stand in the same order"
            )
    return counts[rows.kept]
