"""Reader of folders of pictures: a folder for each class, with or without folders for the splits, and other layouts.

    root/train/happy/1.png    root/test/happy/2.png    [root/validation/happy/3.png]
    root/happy/1.png          (split 80/10/10 by class, seeded)

`model_build.data.loading.load` calls it; `python -m model_build audit --data FOLDER` shows what it reads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from face_emotion.arrays import Bytes
from face_emotion.contract import check_labels
from face_emotion.errors import InputError
from model_build.data.broken import left_out, told
from model_build.data.dataset import FOLDER_SPLITS, TEST, TRAINING, Dataset
from model_build.data.form import Form
from model_build.data.labels import class_order, meaning, parse_labels, renamed
from model_build.data.layouts import ByClass, Found, find, shown
from model_build.data.many_pictures import read_faces
from model_build.data.people import people_of
from model_build.data.splits import check_complete, complete, digests, draw, parse_split, shares_of
from model_build.data.stored import Keep, in_memory
from model_build.progress import progress_bar

Item = tuple[Path, int, int]  # image, class, split
BadImage = tuple[str, str]  # path below the root, reason


def read_folder(
    root: Path,
    keep_going: bool,
    warn: Callable[[str], None],
    note: Callable[[str], None],
    form: Form,
    keep: Keep = in_memory,
) -> tuple[Dataset, tuple[BadImage, ...]]:
    """Reads a folder of pictures into a Dataset.

    Returns it and (path below root, reason) of the images left out, which only `keep_going` and --skip-broken allow;
    `warn` takes one line about folders that are not read, and about such images with the latter, `note` one about what
    was taken for what; form: what the user says of the folder; keep: takes the images as they are read and returns what
    Dataset.images is. Raises InputError naming the folder that is wrong, or the images that are.
    """
    given = parse_labels(form.labels)
    found = find(root, form.layout, given is not None and given.closed, warn)
    words = list(found.taken)
    pictures, shares = _splits(root, found, form, words)
    class_names, items = _label(root, found, pictures, form, words)
    _check_counts(root, class_names, items, shares)
    good: list[Item] = []
    bad: list[BadImage] = []

    def images() -> Iterator[Bytes]:
        with progress_bar(f"reading {root.name}", len(items)) as advance:
            faces = read_faces([path for path, _, _ in items])
            for position, (item, face) in enumerate(zip(items, faces, strict=True)):
                advance(position)
                if not isinstance(face, str):
                    good.append(item)
                    yield face
                    continue
                bad.append((item[0].relative_to(root).as_posix(), face))

    faces = keep(images())
    if bad and not (keep_going or form.skip_broken):
        raise InputError(told(root.name, bad, len(items)))
    if bad and not keep_going:
        warn(left_out(root.name, bad, len(items)))
    _check_counts(root, class_names, good, shares)
    labels = np.array([label for _, label, _ in good], np.int64)
    split = np.array([split for _, _, split in good], np.uint8)
    if shares:
        people = people_of([path.stem for path, _, _ in good], labels, form.people)
        words.append(_said_of(people))
        keys = digests(faces) if people is None else people
        split = draw(split, labels, keys, shares, form.split_seed)
        check_complete(root.name, split, labels, class_names, people is not None)
    if words:
        note(f"{root.name}: {'; '.join(words)}")
    dataset = Dataset(
        images=faces,
        labels=labels,
        split=split,
        class_names=class_names,
        split_names=FOLDER_SPLITS,
        name=root.name,
    )
    return dataset, tuple(bad)


def _splits(
    root: Path, found: Found, form: Form, words: list[str]
) -> tuple[dict[int, ByClass], dict[int, float]]:
    """Returns the pictures by the split that they are used in, and the shares of TRAINING to be drawn."""
    percentages = parse_split(form.split)
    if percentages is not None:
        words.append(f"--split {form.split}" + (" of all parts together" if len(found.pictures) > 1 else ""))
        return {TRAINING: _together(found.pictures)}, shares_of(percentages)
    if found.divided:
        parts = set(found.pictures)
        missing = TRAINING if TRAINING not in parts else TEST if parts == {TRAINING} else None
        if missing is not None:
            present = found.where[min(parts)].name
            raise InputError(
                f"{root.name}: has {present} but no {FOLDER_SPLITS[missing]} folder; add one, or draw all splits from "
                "what is there: --split 80/10/10"
            )
    used, shares, said = complete(set(found.pictures))
    if said:
        words.append(said)
    return {used[part]: classes for part, classes in found.pictures.items()}, shares


def _together(pictures: Mapping[int, ByClass]) -> ByClass:
    classes: ByClass = {}
    for _, found in sorted(pictures.items()):
        for name, paths in found.items():
            classes.setdefault(name, []).extend(paths)
    return classes


def _label(
    root: Path, found: Found, pictures: Mapping[int, ByClass], form: Form, words: list[str]
) -> tuple[tuple[str, ...], list[Item]]:
    """Returns the class names in order and every image, sorted by split, class and name."""
    given = parse_labels(form.labels)
    by_label: dict[int, ByClass] = {part: {} for part in sorted(pictures)}
    omitted: Counter[str] = Counter()
    for part, classes in sorted(pictures.items()):
        for value, paths in sorted(classes.items()):
            try:
                label = meaning(value, given, found.base)
            except ValueError as error:
                raise InputError(f"{root.name}: {error}") from None
            if label is None:
                omitted[value] += len(paths)
            else:
                by_label[part].setdefault(label, []).extend(paths)
    if given is not None:
        words.append(f"labels by --labels {form.labels}")
    if omitted:
        words.append("left out: " + ", ".join(f"{value} ({n:,})" for value, n in sorted(omitted.items())))
    names = {name for classes in by_label.values() for name in classes}
    try:
        check_labels(tuple(sorted(names)))
    except InputError as error:
        raise InputError(
            f"{root.name}: {error}; --labels LABEL=FOLDER renames one, =FOLDER leaves one out"
        ) from None
    for part, classes in by_label.items():
        for name in sorted(names - set(classes)):
            where = shown(root, found.where.get(part, root))
            raise InputError(
                f"{where}: no class folder {name!r}, which another split has; add it, leave the class out "
                f"(--labels ={name}) or draw the splits anew (--split 80/10/10)"
            )
    class_names, class_of = class_order(names)
    if found.base is not None:
        words.append(
            "labels: "
            + ", ".join(f"{value}={label}" for value, label in sorted(found.base.label_of.items()) if label)
        )
    elif said := renamed(class_of):
        words.append(said)
    order = {class_of[name]: name for name in names}
    items = [
        (image, label, part)
        for part, classes in by_label.items()
        for label, name in enumerate(class_names)
        for image in classes[order[name]]
    ]
    return class_names, items


def _check_counts(
    root: Path, class_names: tuple[str, ...], items: list[Item], shares: Mapping[int, float]
) -> None:
    """Raises InputError where a class has too few images to stand in every split. shares: that are still drawn."""
    least = {part: 1 for part in range(3) if part not in shares} | {TRAINING: 1 + len(shares)}
    if not shares:
        least[TRAINING] = 2
    counts = Counter((split, label) for _, label, split in items)
    for label, name in enumerate(class_names):
        for part, needed in sorted(least.items()):
            count = counts[part, label]
            if count < needed:
                said = "" if len(shares) == 2 else f" in {FOLDER_SPLITS[part]}"
                raise InputError(
                    f"{root.name}: class {name!r} has {count} usable image{'' if count == 1 else 's'}{said} "
                    f"where at least {needed} are needed; add some, or leave the class out (--labels ={name})"
                )


def _said_of(people: list[str] | None) -> str:
    if people is None:
        return "drawn by class"
    return f"drawn by class and person ({len(set(people)):,} of them by file names; --people none for none)"
