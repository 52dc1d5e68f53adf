"""One build at a time in a folder: a lock that the system lifts when its holder ends, however it ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

from face_emotion.errors import InputError
from face_emotion.files import make_folder

NAME = ".lock"


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[Path]:
    """Holds FOLDER/.lock for the length of a block and yields the folder, which is made if it is not there.

    What an ended process left half written under temporary names (*.partial) is removed first. Raises InputError
    that names process and host if another one holds the lock.
    """
    with open(make_folder(folder) / NAME, "a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = " ".join(lock.read().split()) or "another process"
            raise InputError(
                f"{folder}: {holder} is building here; wait until it has ended, or give another --out"
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()} on {socket.gethostname()}\n")
        lock.flush()
        sweep(folder)
        yield folder


def require_folder(folder: Path) -> Path:
    """Returns a folder that is there; raises InputError if it is not, so that a lock does not make one."""
    if not folder.is_dir():
        raise InputError(f"{folder}: no such build folder")
    return folder


def require_build(folder: Path) -> Path:
    """Returns a build folder; raises InputError if it is not there, or is a released model, which stays as it is."""
    if (require_folder(folder) / "manifest.json").exists() and not (folder / "stages").is_dir():
        raise InputError(f"{folder}: a released model, no build folder; copy it to build/ and name the copy")
    return folder


def sweep(folder: Path) -> None:
    """Removes files and folders of temporary names (face_emotion.files.atomic_path) anywhere in a folder."""
    for path in sorted(folder.rglob(".*.partial")):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
