"""Reading and writing files so that nothing is ever half written and every failure names its file."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from face_emotion.errors import InputError
from face_emotion.strict_json import in_words, parse_json
from face_emotion.termination import unbroken


@contextlib.contextmanager
def atomic_path(path: str | os.PathLike[str], durable: bool = True, patient: bool = True) -> Iterator[Path]:
    """Yields a temporary path beside `path` and renames it to `path` when the block succeeds.

    The block may create a file or a folder there. On any exception (an interruption too) the
    temporary is removed and what stood at `path` before is left as it was.
    patient: SIGTERM waits for the block (termination.py); else it ends it, as Ctrl-C does: for blocks of minutes.
    durable: what was written is on the disk before it replaces anything: a power cut leaves the one or the other.
    Raises InputError if the parent folder cannot be made because a file stands in its place.
    """
    with unbroken() if patient else contextlib.nullcontext(), _partial_of(Path(path), durable) as partial:
        yield partial


@contextlib.contextmanager
def _partial_of(path: Path, durable: bool) -> Iterator[Path]:
    make_folder(path.parent)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    _remove(partial)
    try:
        yield partial
        if durable:
            _sync(partial)
        if partial.is_dir() and path.is_dir():
            shutil.rmtree(path)
        partial.replace(path)
        if durable:
            _sync_one(path.parent)
    except OSError as error:
        if error.filename in (None, str(partial)):
            error.filename = str(path)  # a failing write does not name its file, or only the temporary one
        raise
    finally:
        _remove(partial)


def _sync(path: Path) -> None:
    """Waits until a file, or a folder with all that is in it, is on the disk."""
    if path.is_dir():
        for entry in path.rglob("*"):
            _sync_one(entry)
    _sync_one(path)


def _sync_one(path: Path) -> None:
    if path.is_dir() and os.name == "nt":  # Windows opens no folder
        return
    number = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(number)
    except OSError as error:
        if error.errno not in (
            errno.EINVAL,
            errno.ENOTSUP,
            errno.EROFS,
        ):  # a file system that has no such thing
            raise
    finally:
        os.close(number)


def make_folder(path: str | os.PathLike[str]) -> Path:
    """Makes a folder and its parents; raises InputError if a file stands where a folder should be."""
    path = Path(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise InputError(
            f"{path}: a file stands where a folder should be; move it or choose another folder"
        ) from None
    return path


def require_file(path: str | os.PathLike[str], what: str = "file") -> Path:
    """Returns `path` as a Path; raises InputError if there is no such file, it is a folder, or it is empty."""
    path = Path(path)
    if path.is_dir():
        raise InputError(f"{path}: is a folder where a {what} is expected")
    if not path.exists():
        raise InputError(f"{path}: no such {what}")
    if path.stat().st_size == 0:
        raise InputError(f"{path}: the {what} is empty")
    return path


def require_replaceable(path: str | os.PathLike[str], replace: bool, mark: str = "") -> Path:
    """Returns a path at which nothing stands, or an empty folder; with `replace` also a file, or a folder of a kind.

    mark: a file that a folder of that kind holds ("": no folder is replaced). Raises InputError for anything else.
    """
    path = Path(path)
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return path
    if path.is_dir() and not (mark and (path / mark).is_file()):
        raise InputError(f"{path}: is a folder that holds other files; name another, or move it")
    if not replace:
        raise InputError(
            f"{path}: is there already; name another, move it, or give --replace to write over it"
        )
    return path


def sha256_of(path: str | os.PathLike[str]) -> str:
    """Returns the SHA-256 of a file as 64 hexadecimal digits."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Writes UTF-8 text through a temporary name."""
    with atomic_path(path) as partial:
        partial.write_text(text, encoding="utf-8")


def write_json(path: str | os.PathLike[str], value: Any) -> None:
    """Writes `value` as indented JSON through a temporary name; NaN and infinities are refused (ValueError)."""
    write_text(path, json.dumps(value, indent=2, allow_nan=False) + "\n")


def read_json(path: str | os.PathLike[str]) -> Any:
    """Reads a JSON file; raises InputError if it is missing, empty or not JSON, as `parse_json` has it."""
    path = require_file(path)
    try:
        return parse_json(path.read_bytes().decode("utf-8"))
    except ValueError as error:  # no UTF-8, or no JSON
        raise InputError(f"{path}: not valid JSON ({in_words(error)})") from None


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
