"""The files of a TF.js graph model, found and checked before anything is handed to node.

    files = graph_files(Path("models/small/tfjs"))       # model.json first, then its weight files

model.json names its weight files, and may lead anywhere. Read is only what lies in the model's own folder, and what
the manifest.json above it names among the files of this model, by their sha256 (a detector's network for far has its
weights in the folder of the one for near).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from face_emotion.errors import InputError
from face_emotion.files import read_json, require_file, sha256_of

MODEL, MANIFEST = "model.json", "manifest.json"


def graph_files(folder: Path) -> list[Path]:
    """Returns the absolute paths of a TF.js model's files: model.json, and each weight file that it names.

    Raises InputError, naming file and entry, if model.json is none, a file is missing or leads out of the folder, or
    one that a manifest.json above the folder names is another one.
    """
    path = require_file(folder / MODEL, "TF.js model").resolve()
    stated = _stated(path.parent)
    files = [path]
    for name in _weight_files(read_json(path), path):
        file = (path.parent / name).resolve()
        if file.parent != path.parent and file not in stated:
            raise InputError(f"{path}: weightsManifest.paths: {name[:60]!r} leads out of the model's folder")
        files.append(require_file(file, "weight file of a TF.js model"))
    for file in files:
        if file in stated and sha256_of(file) != stated[file]:
            raise InputError(
                f"{file}: damaged or changed: its sha256 is not the one in {MANIFEST}; get it again"
            )
    return files


def _weight_files(model: Any, path: Path) -> list[str]:
    """Returns what model.json names as weight files; InputError if it has not the form of a graph model."""
    groups = model.get("weightsManifest") if isinstance(model, dict) else None
    topology = model.get("modelTopology") if isinstance(model, dict) else None
    if not (isinstance(topology, dict) and isinstance(topology.get("node"), list)):
        raise InputError(f"{path}: modelTopology.node: a list is expected; convert the model again")
    if not (isinstance(groups, list) and all(isinstance(group, dict) for group in groups)):
        raise InputError(f"{path}: weightsManifest: a list of objects is expected; convert the model again")
    names = []
    for group in groups:
        paths = group.get("paths")
        if not (isinstance(paths, list) and paths and all(isinstance(name, str) for name in paths)):
            raise InputError(
                f"{path}: weightsManifest.paths: a list of names is expected; convert the model again"
            )
        if not isinstance(group.get("weights"), list):
            raise InputError(f"{path}: weightsManifest.weights: a list is expected; convert the model again")
        names += paths
    for name in names:
        if (
            not name
            or name.startswith("/")
            or not name.isprintable()
            or {"\\", ":", "?", "#", "%"} & set(name)
        ):
            raise InputError(f"{path}: weightsManifest.paths: {name[:60]!r} is no name of a file")
    return names


def _stated(folder: Path) -> dict[Path, str]:
    """Returns the sha256 that the manifest.json above a TF.js model's folder states of the model's files, by path."""
    above = folder.parent
    if not (above / MANIFEST).is_file():
        return {}
    manifest = read_json(above / MANIFEST)
    artifacts = manifest.get("artifacts") if isinstance(manifest, dict) else None
    entry = artifacts.get(folder.name) if isinstance(artifacts, dict) else None
    files = entry.get("files") if isinstance(entry, dict) else None
    return {
        (above / file["file"]).resolve(): str(file.get("sha256"))
        for file in (files if isinstance(files, list) else [])
        if isinstance(file, dict)
        and isinstance(file.get("file"), str)
        and ".." not in Path(file["file"]).parts
    }
