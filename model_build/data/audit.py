"""What is wrong with a data set: balance, flat images, duplicates, conflicting labels, agreement with FER+.

    python -m model_build audit --data fer2013.tar.gz [--votes fer2013new.csv] [--near-copies] [--out DIR]

Two images are duplicates when all their pixels are equal; near copies (near_copies.py) only look alike. Rows are
numbered from 1: in a table as they stand below the header, in a folder in the order of split, class and file name.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from face_emotion.arrays import Bytes, Flags, Integers
from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import EXIT_SOME_SKIPPED
from face_emotion.files import make_folder, write_json, write_text
from model_build.data.audit_plots import write_plots
from model_build.data.audit_text import format_text
from model_build.data.dataset import Dataset
from model_build.data.form import Form
from model_build.data.loading import DEFAULT_CACHE, load, read
from model_build.data.near_copies import near_copies
from model_build.data.stored import Keys, blocks
from model_build.data.votes import ferplus_rule, majority
from model_build.origin import require_own_record

BadRows = Sequence[tuple[int | str, str]]


def audit(dataset: Dataset, bad: BadRows = (), near: bool = False) -> dict[str, Any]:
    """Returns everything that the audit finds, as plain JSON values.

    bad: the (row number or image path, reason) that reading left out, as `data.read` returns them. near: near copies
    too, for which each image of the other splits is compared with all of Training.
    """
    identity = identities(dataset.keys)
    numbers = _row_numbers(len(dataset), bad)
    flat = np.concatenate(
        [images.min(axis=(1, 2)) == images.max(axis=(1, 2)) for images in blocks(dataset.images)]
    )
    return {
        "name": dataset.name,
        "digest": dataset.digest,
        "images": len(dataset),
        "class_names": list(dataset.class_names),
        "split_names": list(dataset.split_names),
        "class_balance": {name: _class_counts(dataset, rows) for name, rows in _splits(dataset)},
        "flat_images": {"count": int(flat.sum()), "rows": numbers[flat].tolist()},
        "distinct_images": int(identity.max(initial=-1)) + 1,
        "duplicates_within": {
            name: _duplicates_within(identity[rows], dataset.labels[rows], numbers[rows])
            for name, rows in _splits(dataset)
        },
        "duplicates_across": [
            _duplicates_across(dataset, identity, first, second)
            for first, second in combinations(range(len(dataset.split_names)), 2)
        ],
        "near_copies": near_copies(dataset) if near else None,
        "ferplus": None if dataset.votes is None else _ferplus(dataset, dataset.votes),
        "bad_rows": [{"row": row, "reason": reason} for row, reason in bad],
        "sources": _of_sources(dataset, identity),
    }


def identities(keys: Keys) -> Integers:
    """Returns int64 [N]: equal numbers for equal keys, uint64 [N], counted from 0 by first appearance."""
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    number = np.empty(len(first), np.int64)
    number[np.argsort(first)] = np.arange(len(first))
    return number[inverse]


def write_audit(
    dataset: Dataset, folder: str | Path, bad: BadRows = (), near: bool = False
) -> dict[str, Any]:
    """Writes audit.json, audit.txt and the plots into `folder`; returns what `audit` returns."""
    folder = make_folder(folder)
    findings = audit(dataset, bad, near)
    write_json(folder / "audit.json", findings)
    write_text(folder / "audit.txt", format_text(findings))
    write_plots(findings, folder)
    return findings


def run(
    data: str | Path,
    votes: str | Path | None = None,
    out: str | Path | None = None,
    keep_going: bool = False,
    cache: str | Path | None = DEFAULT_CACHE,
    form: Form | None = None,
    replace: bool = False,
    near: bool = False,
) -> int:
    """Prints the audit of a data set, and writes it with its plots to the folder `out` if one is given.

    form: what the user says of its form. replace: the audit of another data set that stands in `out`, too. near: near
    copies too.
    Returns the exit status: 1 if `keep_going` left rows out, else 0. Raises InputError as `load` does, and for such an
    audit without `replace`.
    """
    if keep_going:
        dataset, bad = read(data, votes, keep_going=True, form=form)
    else:
        dataset, bad = load(data, votes, cache, form=form), ()
    return show(dataset, bad, out, replace, near)


def show(
    dataset: Dataset,
    bad: BadRows = (),
    out: str | Path | None = None,
    replace: bool = False,
    near: bool = False,
) -> int:
    """Prints the audit of a data set that was read, and writes it to `out` as `run` does; returns the exit status."""
    if out is not None:
        require_own_record(Path(out) / "audit.json", dataset.name, replace)
    findings = audit(dataset, bad, near) if out is None else write_audit(dataset, out, bad, near)
    print(format_text(findings), end="")
    if out is not None:
        print(f"\nwritten to {out}: audit.json, audit.txt and plots")
    return EXIT_SOME_SKIPPED if bad else 0


def _of_sources(dataset: Dataset, identity: Integers) -> list[dict[str, Any]]:
    """Describes each of the data sets that are mixed; "also_in": its images by split that stand in another one too."""
    found = []
    for place, name in enumerate(dataset.sources if dataset.source is not None else ()):
        own = dataset.source == place
        shared = own & np.isin(identity, identity[~own])
        found.append(
            {
                "name": name,
                "images": {title: int((own & rows).sum()) for title, rows in _splits(dataset)},
                "also_in_others": {title: int((shared & rows).sum()) for title, rows in _splits(dataset)},
            }
        )
    return found


def _splits(dataset: Dataset) -> list[tuple[str, Flags]]:
    return [(name, dataset.split == split) for split, name in enumerate(dataset.split_names)]


def _row_numbers(count: int, bad: BadRows) -> Integers:
    """Returns int64 [count]: each kept row's number in the source, where `bad` numbers those left out."""
    left_out = {row for row, _ in bad if isinstance(row, int)}
    numbers = np.arange(1, count + len(left_out) + 1)
    return numbers[~np.isin(numbers, list(left_out))]


def _class_counts(dataset: Dataset, rows: Flags) -> dict[str, int]:
    counts = np.bincount(dataset.labels[rows], minlength=len(dataset.class_names))
    return dict(zip(dataset.class_names, counts.tolist(), strict=True))


def _duplicates_within(identity: Integers, labels: Integers, numbers: Integers) -> dict[str, Any]:
    """Describes the groups of two and more pixel-identical images among these rows."""
    counts = np.bincount(identity, minlength=1)
    order = np.argsort(identity, kind="stable")
    order = order[counts[identity[order]] > 1]
    starts = np.flatnonzero(np.diff(identity[order], prepend=-1))
    groups = np.split(order, starts[1:]) if len(order) else []
    conflicting = [group for group in groups if len(set(labels[group].tolist())) > 1]
    return {
        "groups": len(groups),
        "extra_copies": int(sum(len(group) - 1 for group in groups)),
        "conflicting_groups": len(conflicting),
        "conflicting_rows": sorted(numbers[group].tolist() for group in conflicting),
    }


def _duplicates_across(dataset: Dataset, identity: Integers, first: int, second: int) -> dict[str, Any]:
    """Describes the images of split `second` that are pixel-identical to one of split `first`."""
    names = dataset.split_names
    in_first, in_second = (dataset.split == split for split in (first, second))
    shared = np.isin(identity[in_second], identity[in_first])
    labels_of: dict[int, set[int]] = {}
    for number, label in zip(identity[in_first].tolist(), dataset.labels[in_first].tolist(), strict=True):
        labels_of.setdefault(number, set()).add(label)
    pairs = zip(identity[in_second][shared].tolist(), dataset.labels[in_second][shared].tolist(), strict=True)
    return {
        "images_of": names[second],
        "also_in": names[first],
        "images": int(shared.sum()),
        "share": float(shared.mean()) if len(shared) else 0.0,
        "with_a_label_not_found_there": sum(label not in labels_of[number] for number, label in pairs),
    }


def _with_votes(dataset: Dataset, votes: Bytes) -> Flags:
    """Returns bool [N]: rows of sets that came with votes, all where there is one set."""
    if dataset.source is None:
        return np.ones(len(dataset), bool)
    voted = [place for place in range(len(dataset.sources)) if votes[dataset.source == place].any()]
    return np.isin(dataset.source, voted)


def _ferplus(dataset: Dataset, votes: Bytes) -> dict[str, Any]:
    """Compares the labels with the crowd's majority, split by split; `matrix` is label by majority."""
    rules = {"majority": majority(votes), "ferplus_rule": ferplus_rule(votes)}
    given = _with_votes(dataset, votes)
    findings: dict[str, Any] = {"images_without_votes": int((given & (votes[:, :9].sum(axis=1) == 0)).sum())}
    for rule, crowd in rules.items():
        findings[rule] = {}
        for name, rows in _splits(dataset):
            usable = rows & (crowd >= 0)
            size = len(FER2013_LABELS)
            matrix = np.zeros((size, size), np.int64)
            np.add.at(matrix, (dataset.labels[usable], crowd[usable]), 1)
            findings[rule][name] = {
                "images": int(usable.sum()),
                "agreement": float(matrix.trace() / max(1, usable.sum())),
                "classes": dict(zip(FER2013_LABELS, matrix.sum(axis=0).tolist(), strict=True)),
                "matrix": matrix.tolist(),
            }
    return findings
