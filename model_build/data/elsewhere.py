"""Other people's pictures, to be measured on and never trained on: class folders with no training part.

    elsewhere/test/happy/p12_1.jpg      or elsewhere/happy/p12_1.jpg, or a .tar that holds either

Folders whose names are not the model's classes are mapped with --classes LABEL=FOLDER; people are told by the file's
name up to its last underscore. `python -m model_build evaluate MODEL --data FOLDER --detect` reads it.
"""

from __future__ import annotations

import contextlib
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from face_emotion.errors import InputError
from model_build.data.people import person_of

TEST_FOLDERS = ("test", "testing", "val", "validation")
PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".pgm", ".ppm", ".gif"}


@dataclass(frozen=True)
class Picture:
    """One picture: where it is, the index of its class among the model's labels, and who it shows."""

    path: Path
    label: int
    person: str


@contextlib.contextmanager
def opened(source: Path) -> Iterator[Path]:
    """Yields the folder that holds the class folders of a folder or .tar file; what is unpacked goes away again.

    Raises InputError for anything else, and for an archive that is damaged or reaches outside itself.
    """
    if source.is_dir():
        yield _class_root(source)
        return
    if not source.is_file():  # a pipe would be waited for
        reason = (
            "neither a folder nor a .tar of class folders" if source.exists() else "no such file or folder"
        )
        raise InputError(f"{source}: {reason}")
    with tempfile.TemporaryDirectory(prefix="elsewhere-") as scratch:
        try:
            with tarfile.open(source) as archive:
                archive.extractall(scratch, filter="data")
        except (tarfile.TarError, EOFError):
            raise InputError(
                f"{source}: neither a folder nor a .tar of class folders that can be unpacked"
            ) from None
        yield _class_root(Path(scratch))


def is_elsewhere(source: Path) -> bool:
    """Whether a path is a .tar or a folder with a test part and no training part: nothing to train or choose on."""
    if source.is_dir():
        names = {entry.name.casefold() for entry in source.iterdir() if entry.is_dir()}
        return bool(names & set(TEST_FOLDERS)) and not names & {"train", "training"}
    return source.suffix == ".tar"


def find_pictures(root: Path, labels: Sequence[str], classes: Sequence[str] = ()) -> list[Picture]:
    """Returns every picture below the class folders of `root`, sorted by class and name.

    labels: the model's. classes: "LABEL=FOLDER" for folders of other names, "=FOLDER" to leave one out.
    Raises InputError for a folder that is no class, a class folder without a picture, a wrong `classes`, and where
    there is nothing at all.
    """
    label_of = _mapping(labels, classes)
    folders = sorted(entry for entry in root.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    if not folders:
        raise InputError(f"{root.name}: no class folders; one folder of pictures for each class is expected")
    unused = sorted(set(label_of) - {folder.name for folder in folders} - set(labels))
    if unused:
        raise InputError(f"--classes: {root.name} has no folder {unused[0]}")
    found: list[Picture] = []
    for folder in folders:
        if folder.name not in label_of:
            raise InputError(
                f"{root.name}/{folder.name}: not a class of the model ({', '.join(labels)}); say "
                f"--classes LABEL={folder.name}, or ={folder.name} to leave it out"
            )
        label = label_of[folder.name]
        if label is None:
            continue
        paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in PICTURES)
        if not paths:
            raise InputError(f"{root.name}/{folder.name}: no picture in this class folder")
        index = list(labels).index(label)
        found += [Picture(path, index, person_of(path.stem)) for path in paths]
    if not found:
        raise InputError(f"{root.name}: every folder is left out")
    return found


def _mapping(labels: Sequence[str], classes: Sequence[str]) -> dict[str, str | None]:
    """Returns label by folder name, None for folders that are left out."""
    label_of: dict[str, str | None] = {label: label for label in labels}
    for entry in (part.strip() for group in classes for part in group.split(",")):
        label, equals, folder = entry.partition("=")
        if not equals or not folder or (label and label not in labels):
            raise InputError(
                f"--classes {entry}: LABEL=FOLDER is expected, LABEL one of {', '.join(labels)} or nothing"
            )
        label_of[folder] = label or None
    return label_of


def _class_root(folder: Path) -> Path:
    """Goes down into the only folder of an archive, and into the test part if there is one."""
    while True:
        folders = [entry for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith(".")]
        tests = [entry for entry in folders if entry.name.casefold() in TEST_FOLDERS]
        if tests:
            return tests[0]
        if len(folders) != 1 or any(entry.is_file() for entry in folders[0].iterdir()):
            return folder
        folder = folders[0]
