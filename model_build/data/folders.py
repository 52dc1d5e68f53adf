"""Reader of class folders: a folder of images for each class, with or without folders for the splits.

    root/train/happy/1.png    root/test/happy/2.png    [root/validation/happy/3.png]
    root/happy/1.png          (split 80/10/10 by class, seeded)

`model_build.data.loading.load` calls it; `python -m model_build audit --data FOLDER` shows what it reads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np

from face_emotion.arrays import Bytes, Integers
from face_emotion.contract import FER2013_LABELS, check_labels
from face_emotion.errors import InputError
from model_build.data.dataset import FOLDER_SPLITS, SELECTION, TEST, TRAINING, Dataset
from model_build.data.pictures import read_face
from model_build.progress import progress_bar

SPLIT_FOLDERS = {
    "train": TRAINING, "training": TRAINING,
    "valid": SELECTION, "validation": SELECTION, "val": SELECTION,
    "test": TEST, "testing": TEST,
}  # fmt: skip
NOT_DATA = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
HELD_OUT_SHARE = 0.1
_SEED = 2013

Item = tuple[Path, int, int]  # image, class, split
BadImage = tuple[str, str]  # path below the root, reason


def read_folder(
    root: Path, keep_going: bool, warn: Callable[[str], None]
) -> tuple[Dataset, tuple[BadImage, ...]]:
    """Reads a folder of class folders into a Dataset.

    Returns it and (path below root, reason) of the images left out, which only `keep_going` allows; `warn`
    takes one line about folders that are ignored. Raises InputError naming the folder or image that is wrong.
    """
    parts = _split_folders(root, warn)
    class_names, items = _find_images(root, parts)
    _check_counts(root, class_names, items, set(parts))
    images, good, bad = [], [], []
    with progress_bar(f"reading {root.name}", len(items)) as advance:
        for position, item in enumerate(items):
            advance(position)
            try:
                images.append(read_face(item[0]))
                good.append(item)
            except ValueError as error:
                name = item[0].relative_to(root).as_posix()
                if not keep_going:
                    raise InputError(f"{root.name}/{name}: {error}") from None
                bad.append((name, str(error)))
    _check_counts(root, class_names, good, set(parts))
    labels = np.array([label for _, label, _ in good], np.int64)
    split = np.array([split for _, _, split in good], np.uint8)
    dataset = Dataset(
        images=np.stack(images),
        labels=labels,
        split=_with_held_out_rows(labels, split, set(parts)),
        class_names=class_names,
        split_names=FOLDER_SPLITS,
        name=root.name,
    )
    return dataset, tuple(bad)


def _find_images(root: Path, parts: dict[int, Path]) -> tuple[tuple[str, ...], list[Item]]:
    """Returns the class names in label order and every image, sorted by split, class and name."""
    found = {split: _by_class(root, folder) for split, folder in sorted(parts.items())}
    names = set(found[TRAINING])
    try:
        check_labels(tuple(sorted(set().union(*found.values()))))
    except InputError as error:
        raise InputError(f"{root.name}: {error}") from None
    for split, classes in found.items():
        for name in sorted(names ^ set(classes)):
            where = parts[split if name in names else TRAINING]
            raise InputError(f"{_shown(root, where)}: no class folder {name!r}, which another split has")
    # FER2013's seven names in any case are FER2013's classes, in its order; others are sorted.
    if {name.lower() for name in names} == set(FER2013_LABELS):
        folders = sorted(names, key=lambda name: FER2013_LABELS.index(name.lower()))
        class_names: tuple[str, ...] = FER2013_LABELS
    else:
        folders = sorted(names)
        class_names = tuple(folders)
    items = [
        (image, label, split)
        for split, classes in found.items()
        for label, name in enumerate(folders)
        for image in classes[name]
    ]
    return class_names, items


def _split_folders(root: Path, warn: Callable[[str], None]) -> dict[int, Path]:
    """Returns the folder of each split; a root without split folders is all TRAINING, to be split later."""
    parts: dict[int, Path] = {}
    others = []
    for folder in _entries(root):
        if not folder.is_dir():
            continue
        split = SPLIT_FOLDERS.get(folder.name.casefold())
        if split is None:
            others.append(folder.name)
        elif split in parts:
            raise InputError(f"{root.name}: both {parts[split].name} and {folder.name}; keep one of them")
        else:
            parts[split] = folder
    if not parts:
        return {TRAINING: root}
    for split in (TRAINING, TEST):
        if split not in parts:
            present = next(iter(parts.values())).name
            raise InputError(
                f"{root.name}: has {present} but no {FOLDER_SPLITS[split]} folder; add one, or give a folder "
                "that holds the class folders directly"
            )
    if others:
        warn(f"{root.name}: ignored beside train and test: {', '.join(others)}")
    return parts


def _by_class(root: Path, folder: Path) -> dict[str, list[Path]]:
    """Returns the sorted images of each class folder; raises InputError where there are no usable classes."""
    folders = [entry for entry in _entries(folder) if entry.is_dir()]
    if not folders:
        raise InputError(
            f"{_shown(root, folder)}: no class folders; one folder of images for each class is expected"
        )
    classes = {}
    for entry in folders:
        images = _entries(entry)
        if not images:
            raise InputError(f"{_shown(root, entry)}: no image in this class folder")
        for image in images:
            if image.is_dir():
                raise InputError(f"{_shown(root, image)}: is a folder where an image is expected")
        classes[entry.name] = images
    return classes


def _check_counts(root: Path, class_names: tuple[str, ...], items: list[Item], given: set[int]) -> None:
    """Raises InputError where a class has too few images to stand in every split."""
    least = {TRAINING: 3 if given == {TRAINING} else 2} | dict.fromkeys(given - {TRAINING}, 1)
    counts = Counter((split, label) for _, label, split in items)
    for split, needed in least.items():
        for label, name in enumerate(class_names):
            count = counts[split, label]
            if count < needed:
                part = "" if given == {TRAINING} else f" in {FOLDER_SPLITS[split]}"
                raise InputError(
                    f"{root.name}: class {name!r} has {count} usable image{'' if count == 1 else 's'}{part} "
                    f"where at least {needed} are needed"
                )


def _with_held_out_rows(labels: Integers, split: Bytes, given: set[int]) -> Bytes:
    """Moves a seeded, stratified tenth of the images into each split that the folder does not give."""
    result = split.copy()
    for missing in sorted({SELECTION, TEST} - given):
        for label in np.unique(labels):
            total = int(((labels == label) & (split == TRAINING)).sum())
            rows = np.flatnonzero((labels == label) & (result == TRAINING))
            generator = np.random.default_rng((_SEED, missing, int(label)))
            result[generator.permutation(rows)[: max(1, round(HELD_OUT_SHARE * total))]] = missing
    return result


def _entries(folder: Path) -> list[Path]:
    """Returns a folder's entries sorted by name, without hidden files and those that systems leave behind."""
    return sorted(
        (e for e in folder.iterdir() if not e.name.startswith(".") and e.name.casefold() not in NOT_DATA),
        key=lambda entry: entry.name,
    )


def _shown(root: Path, path: Path) -> str:
    return path.relative_to(root.parent).as_posix()
