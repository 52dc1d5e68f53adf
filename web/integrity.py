"""Model files compared with their manifest before the page is served or exported."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from face_emotion.errors import InputError
from face_emotion.files import require_file, sha256_of
from face_emotion.model_files import MANIFEST, ModelFolder


def artifact_paths(folder: ModelFolder, artifact: str) -> list[Path]:
    """Returns the paths of an artifact's files, each with the size and sha256 that the manifest states.

    Raises InputError if a file is missing, leads out of the folder, or is another one.
    """
    where = f"{folder.path / MANIFEST}: artifacts.{artifact}"
    paths = []
    try:
        stated = [
            (PurePosixPath(entry["file"]), entry["bytes"], entry["sha256"])
            for entry in folder.manifest["artifacts"][artifact]["files"]
        ]
    except (KeyError, TypeError):
        raise InputError(f"{where}: files with file, bytes and sha256 are expected") from None
    for inside, size, digest in stated:
        if inside.is_absolute() or ".." in inside.parts:
            raise InputError(f"{where}: {str(inside)!r} leads out of the folder")
        path = require_file(folder.path / inside, "model file")
        if path.stat().st_size != size or sha256_of(path) != digest:
            raise InputError(f"{path}: damaged or changed: not the file that {MANIFEST} states; get it again")
        paths.append(path)
    return paths
