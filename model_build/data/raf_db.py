"""RAF-DB as it is published: EmoLabel/list_patition_label.txt (so spelt) and Image/aligned/….jpg."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from face_emotion.errors import InputError
from model_build.data.dataset import TEST, TRAINING

LIST = "list_patition_label.txt"
OWN_NAME = re.compile(r"(train|test)_\d{4,6}(_aligned)?")  # of RAF-DB's pictures, without suffix
_LINE = re.compile(r"((train|test)_\d+)\.\w+\s+([1-7])")
_PLACES = ("Image/aligned", "Image/aligned/aligned", "aligned", "aligned/aligned", "Image", ".")


def list_in(folder: Path) -> Path | None:
    """Returns RAF-DB's list file in a folder or in its EmoLabel, or None."""
    found = (folder / LIST, folder / "EmoLabel" / LIST)
    return next((path for path in found if path.is_file()), None)


def listed_pictures(root: Path, folder: Path, file: Path) -> dict[int, dict[str, list[Path]]]:
    """Returns the pictures that the list names, by split and number, "1" to "7".

    Raises InputError naming the line that is none, and the picture that is missing.
    """
    found: dict[int, dict[str, list[Path]]] = {}
    where: Path | None = None
    seen = set()
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise InputError(f"{root.name}: {LIST} is not a text file; get it again") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise InputError(
                f"{root.name}: {LIST} line {number}: {line.strip()[:40]!r} where 'train_00001.jpg 5' is expected"
            )
        stem, part, value = match[1], match[2], match[3]
        if stem in seen:
            raise InputError(f"{root.name}: {LIST} line {number}: {stem} is there twice")
        seen.add(stem)
        where = where or _place_of(root, folder, stem)
        picture = where / f"{stem}_aligned.jpg"
        if not picture.is_file():
            raise InputError(
                f"{picture.relative_to(root.parent).as_posix()}: no such picture, which {LIST} names"
            )
        split = TRAINING if part == "train" else TEST
        found.setdefault(split, defaultdict(list))[value].append(picture)
    if not found:
        raise InputError(
            f"{root.name}: {LIST} names no picture; get it again, or --layout folders for class folders"
        )
    return {split: dict(classes) for split, classes in found.items()}


def _place_of(root: Path, folder: Path, stem: str) -> Path:
    places = [folder / place for place in _PLACES]
    for place in places:
        if (place / f"{stem}_aligned.jpg").is_file():
            return place
    raise InputError(
        f"{root.name}: {LIST} names {stem}, but there is no Image/aligned/{stem}_aligned.jpg; unpack RAF-DB's "
        "aligned.zip there, or --layout folders for class folders"
    )
