"""How a folder of pictures is laid out, and what is found in it: class folders, AffectNet, RAF-DB.

`find` looks down through folders that hold nothing but one folder, and into images/ or Images/.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from face_emotion.errors import InputError
from model_build.data import affectnet, raf_db
from model_build.data.dataset import FOLDER_SPLITS, TEST, TRAINING
from model_build.data.elsewhere import PICTURES
from model_build.data.form import AFFECTNET, FOLDERS, RAF_DB
from model_build.data.labels import Naming, is_number, numbers
from model_build.data.people import AUTO
from model_build.data.splits import WORDS

NOT_DATA = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
_DEEPER = frozenset({"images"})

ByClass = dict[str, list[Path]]


@dataclass(frozen=True)
class Found:
    """What a folder holds.

    pictures: by split, and by the class's name or number in the data set, each list sorted; where: the folder of each
    split, for errors; base: what numbers mean, None if classes have names; taken: in words, what was guessed;
    divided: whether there are splits, if only one of them.
    """

    pictures: Mapping[int, ByClass]
    where: Mapping[int, Path]
    base: Naming | None
    taken: tuple[str, ...]
    divided: bool = True


def find(root: Path, layout: str, named: bool, warn: Callable[[str], None]) -> Found:
    """Finds the pictures of a folder; without split folders all are TRAINING.

    layout: of LAYOUTS; named: whether --labels says what numbers mean; warn: takes one line about folders that are
    not read. Raises InputError naming the folder that is wrong, and the flag that helps.
    """
    home, list_file = _home(root, layout)
    taken = [] if home == root else [f"read from {home.relative_to(root).as_posix()}/"]
    if list_file is not None:
        pictures = raf_db.listed_pictures(root, home, list_file)
        taken.append(f"layout {RAF_DB} ({raf_db.LIST})")
        return Found(pictures, dict.fromkeys(pictures, home), numbers(RAF_DB), tuple(taken))
    parts = _split_folders(root, home, warn)
    if any("_" in folder.name for folder in parts.values() if folder != home):
        taken.append(", ".join(f"{FOLDER_SPLITS[part]}={path.name}" for part, path in sorted(parts.items())))
    divided = set(parts.values()) != {home}
    annotated = [affectnet.is_annotated(part) for part in parts.values()]
    if layout != FOLDERS and layout != RAF_DB and any(annotated):
        pictures = {part: affectnet.annotated_pictures(root, folder) for part, folder in parts.items()}
        eight = numbers(AFFECTNET)
        others: dict[str, str | None] = dict.fromkeys(affectnet.NO_EMOTION)
        taken.append(f"layout {AFFECTNET} (annotations/NUMBER_exp.npy)")
        return Found(
            pictures, parts, Naming({**eight.label_of, **others}, True, "0 to 10"), tuple(taken), divided
        )
    pictures = {part: _by_class(root, folder) for part, folder in sorted(parts.items())}
    base, words = _numbered(root, layout, named, parts, pictures)
    return Found(pictures, parts, base, (*taken, *words), divided)


def entries(folder: Path) -> list[Path]:
    """Returns a folder's entries sorted by name, without hidden files and those that systems leave behind."""
    return sorted(
        (e for e in folder.iterdir() if not e.name.startswith(".") and e.name.casefold() not in NOT_DATA),
        key=lambda entry: entry.name,
    )


def _home(root: Path, layout: str) -> tuple[Path, Path | None]:
    """Returns the folder that holds splits or classes, and RAF-DB's list of pictures if that is there."""
    home = root
    while True:
        file = raf_db.list_in(home) if layout in (AUTO, RAF_DB) else None
        folders = [entry for entry in entries(home) if entry.is_dir()]
        if file is not None or any(folder.name.casefold() in WORDS for folder in folders):
            return home, file
        deeper = folders if len(folders) == 1 else [f for f in folders if f.name.casefold() in _DEEPER]
        if len(deeper) != 1 or not any(entry.is_dir() for entry in entries(deeper[0])):
            return home, None
        if any(path.suffix.lower() in PICTURES for path in entries(home)):
            return home, None
        home = deeper[0]


def _split_folders(root: Path, home: Path, warn: Callable[[str], None]) -> dict[int, Path]:
    """Returns the folder of each split; a folder without split folders is all TRAINING, to be split later."""
    parts: dict[int, Path] = {}
    others = []
    for folder in entries(home):
        if not folder.is_dir():
            continue
        split = WORDS.get(folder.name.casefold())
        if split is None:
            others.append(folder.name)
        elif split in parts:
            raise InputError(f"{root.name}: both {parts[split].name} and {folder.name}; keep one of them")
        else:
            parts[split] = folder
    if not parts:
        return {TRAINING: home}
    if others:
        beside = " and ".join(parts[part].name for part in (TRAINING, TEST) if part in parts)
        warn(f"{root.name}: ignored beside {beside}: {', '.join(others)}")
    return parts


def _by_class(root: Path, folder: Path) -> ByClass:
    """Returns the sorted images of each class folder; raises InputError where there are no usable classes."""
    folders = [entry for entry in entries(folder) if entry.is_dir()]
    if not folders:
        raise InputError(
            f"{shown(root, folder)}: no class folders; one folder of images for each class is expected "
            "(--layout affectnet or raf-db for those)"
        )
    classes = {}
    for entry in folders:
        images = entries(entry)
        if not images:
            raise InputError(f"{shown(root, entry)}: no image in this class folder")
        for image in images:
            if image.is_dir():
                raise InputError(f"{shown(root, image)}: is a folder where an image is expected")
        classes[entry.name] = images
    return classes


def _numbered(
    root: Path, layout: str, named: bool, parts: Mapping[int, Path], pictures: Mapping[int, ByClass]
) -> tuple[Naming | None, list[str]]:
    """Returns what class folders that are numbers mean, and that in words; raises InputError where nothing tells."""
    names = {name for classes in pictures.values() for name in classes}
    all_numbers = all(map(is_number, names))
    if layout in (AFFECTNET, RAF_DB):
        if not all_numbers:
            raise InputError(
                f"--layout {layout}: {root.name} has neither its {_files_of(layout)} nor class folders "
                "that are numbers; --layout folders reads class folders"
            )
        return numbers(layout), []
    if layout == FOLDERS or named or not all_numbers:
        return None, []
    if _named_alike(pictures):
        return numbers(RAF_DB), [f"layout {RAF_DB} (its file names)"]
    published = {folder.name.casefold() for folder in parts.values()} & {
        "train_set",
        "val_set",
        "train_class",
        "val_class",
    }
    if published and names <= set(map(str, range(8))):
        return numbers(AFFECTNET), [f"layout {AFFECTNET} (train_set and val_set)"]
    raise InputError(
        f"{root.name}: the class folders are numbers ({', '.join(sorted(names))[:60]}); say what they mean: "
        "--layout raf-db or affectnet, --labels fer2013 or ferplus or names.txt, or --layout folders for names as "
        "they are"
    )


def _files_of(layout: str) -> str:
    return raf_db.LIST if layout == RAF_DB else "annotations"


def _named_alike(pictures: Mapping[int, ByClass]) -> bool:
    """Whether all pictures have RAF-DB's file names, in folders 1 to 7."""
    files: Iterable[Path] = (
        path for classes in pictures.values() for paths in classes.values() for path in paths
    )
    names = {name for classes in pictures.values() for name in classes}
    return names <= set("1234567") and all(raf_db.OWN_NAME.fullmatch(path.stem) for path in files)


def shown(root: Path, path: Path) -> str:
    """Returns a path as errors name it: from the data set's folder on."""
    return path.relative_to(root.parent).as_posix()
