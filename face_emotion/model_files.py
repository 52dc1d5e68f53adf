"""A model folder as a runtime reads it: manifest.json, and artifacts that are what it says they are.

    folder = ModelFolder.open("models/small")       # or its manifest.json, or one of its .tflite files
    path = folder.artifact("int8")                  # size and sha256 have been compared with the manifest

Nothing is used unchecked: a file whose sha256 is not the manifest's is refused. The toolchain checks a manifest
against its JSON Schema when it writes one; a runtime checks what it uses.
"""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any

from face_emotion.contract import Contract
from face_emotion.errors import InputError
from face_emotion.files import read_json, require_file, sha256_of

MANIFEST, INT8 = "manifest.json", "int8"
FORMAT = 2
READ = (1, 2)  # formats that this kit reads


def packaged(name: str) -> Path:
    """Returns the folder of a model that comes with the package, "small" or "face_detector".

    An installed package carries them inside itself (pyproject.toml maps them there); a checkout has them in models/,
    beside the package.
    """
    package = Path(str(files(__package__)))
    inside = package / "models" / name
    return inside if inside.is_dir() else package.parent / "models" / name


class ModelFolder:
    """A folder with a manifest.json. Attributes: path (Path), manifest (dict)."""

    def __init__(self, path: Path, manifest: dict[str, Any]) -> None:
        """Takes the folder and its parsed manifest; raises InputError if that is none of this format."""
        self.path, self.manifest = path, manifest
        if not isinstance(manifest, dict) or manifest.get("format") not in READ:
            raise InputError(f"{path / MANIFEST}: not a manifest of format 1 or 2; take a released model")
        if not isinstance(manifest.get("artifacts"), dict):
            raise InputError(f"{path / MANIFEST}: artifacts: an object is expected")

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> ModelFolder:
        """Reads the manifest of a model folder; `path` may name the folder or a file in it.

        Raises InputError if the folder, or a manifest.json of this format in it, is missing.
        """
        path = Path(path)
        folder = path if path.is_dir() else require_file(path, "model folder").parent
        if folder != path and not (folder / MANIFEST).exists():
            raise InputError(f"{path}: a file where a model folder is expected, and none that is in one")
        return cls(folder, read_json(folder / MANIFEST))

    @property
    def contract(self) -> Contract:
        """The contract of the model in this folder; raises InputError naming the file if it has no usable one."""
        try:
            return Contract.from_dict(self.entry("contract"), self.manifest["format"])
        except InputError as error:
            if str(error).startswith(str(self.path)):
                raise
            raise InputError(f"{self.path / MANIFEST}: {error}") from None

    @property
    def identity(self) -> str:
        """The sha256 by which baselines know the model: its int8 file's, as the manifest states it; "" without one."""
        entries = self._files(INT8) if INT8 in self.manifest["artifacts"] else []
        return str(entries[0].get("sha256", "")) if entries else ""

    def entry(self, name: str) -> dict[str, Any]:
        """Returns an entry of the manifest's top level, an object; raises InputError if it is missing."""
        value = self.manifest.get(name)
        if not isinstance(value, dict):
            raise InputError(f"{self.path / MANIFEST}: {name}: an object is expected")
        return value

    def artifact(self, name: str) -> Path:
        """Returns the path of an artifact that is one file, after comparing its size and sha256.

        Raises InputError if the manifest has no such artifact, or the file is missing or another one.
        """
        files = self._files(name)
        if len(files) != 1:
            raise InputError(
                f"{self.path / MANIFEST}: artifacts.{name}: {len(files)} files where 1 is expected"
            )
        return self._verified(name, files[0])

    def artifact_of(self, file: str) -> str:
        """Returns the name of the artifact that a file of this folder is; InputError if it is none."""
        for name in self.manifest["artifacts"]:
            if any(entry.get("file") == file for entry in self._files(name)):
                return str(name)
        raise InputError(f"{self.path / file}: {self.path / MANIFEST} does not name this file")

    def _files(self, name: str) -> list[dict[str, Any]]:
        where = f"{self.path / MANIFEST}: artifacts.{name}"
        if name not in self.manifest["artifacts"]:
            known = ", ".join(sorted(self.manifest["artifacts"]))
            raise InputError(f"{where}: there is no such artifact (there are: {known})")
        value = self.manifest["artifacts"][name]
        files = value.get("files") if isinstance(value, dict) else None
        if not isinstance(files, list) or not all(isinstance(entry, dict) for entry in files):
            raise InputError(f"{where}.files: a list of objects is expected")
        return files

    def _verified(self, name: str, entry: dict[str, Any]) -> Path:
        stated = entry.get("file"), entry.get("bytes"), entry.get("sha256")
        if not (isinstance(stated[0], str) and isinstance(stated[1], int) and isinstance(stated[2], str)):
            raise InputError(f"{self.path / MANIFEST}: artifacts.{name}: file, bytes and sha256 are expected")
        inside = PurePosixPath(stated[0])
        if inside.is_absolute() or ".." in inside.parts:
            raise InputError(
                f"{self.path / MANIFEST}: artifacts.{name}: {stated[0]!r} leads out of the folder"
            )
        path = require_file(self.path / inside, "model file")
        size, digest = path.stat().st_size, sha256_of(path)
        if (size, digest) != stated[1:]:
            raise InputError(
                f"{path}: damaged or changed: {size} bytes, sha256 {digest[:12]}… where {MANIFEST} says "
                f"{stated[1]} and {stated[2][:12]}…; get the file again"
            )
        return path
