"""Whose results stand in a folder: those of other data are not written over, unless --replace says so.

`build`, `train`, `experiment`, `matrix`, `interpolate`, `audit --out` and `release` ask before they write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from face_emotion.errors import InputError
from face_emotion.files import read_json
from model_build.folder_lock import NAME as LOCK
from model_build.folder_lock import require_build

RESULTS = ("stages", "float", "qat")  # of a build: what took the time


def require_own_build(folder: Path, data: str, replace: bool) -> Path:
    """Returns a folder that a build on the data set called `data` may write into.

    That is one that is empty, or holds a build on data of that name: pictures may have been added since. replace: one
    on other data, too. Raises InputError for that without `replace`, for a released model, and for a folder of
    anything else.
    """
    require_build(folder)
    if not any(_held(folder)):
        return folder
    config = folder / "config.json"
    if not config.exists():
        if replace:
            return folder
        raise InputError(
            f"{folder}: holds files that are no build of this kit ({next(_held(folder))}); give another --out, "
            "or --replace to write among them"
        )
    if any((folder / name).exists() for name in RESULTS):
        require_own_record(config, data, replace)
    return folder


def require_own_record(path: Path, data: str, replace: bool, flag: str = "--out") -> None:
    """Raises InputError if `path` is a file of this kit that names another data set than `data`, without `replace`.

    flag: by which another place is given.
    """
    other = None if replace or not path.exists() else data_of(path)
    if other not in (None, data):
        raise InputError(
            f"{path.parent}: holds what was made of other data ({other}, not {data}); give another {flag}, or "
            "--replace to write over it"
        )


def data_of(path: Path) -> str | None:
    """Returns the name of the data set that a config.json or the like was made of; None where it names none."""
    try:
        value = read_json(path)
    except InputError:  # half of one, or somebody else's: what comes after says so
        return None
    about = value.get("dataset", value) if isinstance(value, dict) else None
    name = about.get("name") if isinstance(about, dict) else None
    return name if isinstance(name, str) else None


def require_own_release(target: Path, manifest: Mapping[str, Any], replace: bool) -> None:
    """Raises InputError if a released model of other data than `manifest` names stands in `target`, or anything else.

    Other data: another digest of images, labels, splits and votes. replace: then it may be replaced.
    """
    if target.exists() and not target.is_dir():
        raise InputError(f"{target}: a file stands where the released folder should be; move it")
    if replace or not target.is_dir() or not any(target.iterdir()):
        return
    ways = f"another name (--name {target.name}-mine), or --replace to put this one in its place"
    there, own = _origin(target / "manifest.json"), manifest["provenance"]["dataset"]
    if there is None:
        raise InputError(f"{target}: holds something else than a model of this kit's form; give {ways}")
    if there["digest"] != own["digest"]:
        raise InputError(
            f"{target}: a model of other data is released there ({_told(there, own)}); give {ways}"
        )


def is_own_release(target: Path, manifest: Mapping[str, Any]) -> bool:
    """Whether `release` would write into `target` without --replace."""
    try:
        require_own_release(target, manifest, replace=False)
    except InputError:
        return False
    return True


def _origin(path: Path) -> dict[str, Any] | None:
    """Returns what a manifest says of its data set; None if it is no manifest, or says nothing."""
    try:
        about = read_json(path)["provenance"]["dataset"]
        return about if {"name", "digest"} <= about.keys() else None
    except (InputError, KeyError, TypeError, AttributeError):
        return None


def _told(there: Mapping[str, Any], own: Mapping[str, Any]) -> str:
    """Returns by what two data sets differ that a person can see: their names, else the beginnings of the digests."""
    if there["name"] != own["name"]:
        return f"{there['name']}, not {own['name']}"
    return f"{there['name']} of digest {str(there['digest'])[:12]}, not {str(own['digest'])[:12]}"


def _held(folder: Path) -> Iterator[str]:
    """Yields the names of what stands in a folder, the lock and temporary files apart."""
    for path in sorted(folder.iterdir()):
        if path.name != LOCK and not path.name.endswith(".partial"):
            yield path.name
