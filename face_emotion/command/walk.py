"""The files below a folder, in the order of their names, and what is no file to read: named, never passed over.

for entry in walk(Path("photos")):
    entry.why        # None of a file, else the reason for which it is left out

Linked files count as files. Linked folders are not followed: they may lead back, or out of what was named.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from face_emotion.file_kind import claimed

HIDDEN, HIDDEN_FOLDER = "hidden", "hidden folder"
LINKED_BACK, LINKED_AWAY = (
    "link within the folder",
    "link to another folder, not followed; name that one, too",
)
DANGLING, GONE = "link to nothing", "gone since the folder was listed"
WRITTEN = "--save's folder"
_SPECIAL = {
    stat.S_IFIFO: "pipe",
    stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
}


class Entry(NamedTuple):
    """path; why: None of a file, else why this is left out; lost: whether pictures may be missing by it."""

    path: Path
    why: str | None = None
    lost: bool = False


def walk(folder: Path, besides: Path | None = None) -> Iterator[Entry]:
    """Yields everything below a folder but the folders that it goes into.

    besides: a folder that is left out, because this command writes there. A folder that cannot be opened is an entry
    that is lost, `folder` itself too.
    """
    written = None if besides is None else os.path.realpath(besides)
    top = os.path.realpath(folder)
    waiting = [iter([folder])]
    while waiting:
        path = next(waiting[-1], None)
        if path is None:
            waiting.pop()
            continue
        entry = None if path == folder else _looked_at(path, top, written)
        if entry is not None:
            yield entry
            continue
        try:
            below = sorted(path.iterdir())
        except OSError as error:
            yield Entry(path, f"folder: {error.strerror or error}", lost=True)
        else:
            waiting.append(iter(below))


def special(mode: int) -> str | None:
    """Returns "pipe", "socket" or "device" of a file's st_mode, None of a plain file or a folder."""
    return _SPECIAL.get(stat.S_IFMT(mode))


def _looked_at(path: Path, top: str, written: str | None) -> Entry | None:
    """Returns what is below a folder; None of a folder to go into."""
    hidden = path.name.startswith(".")
    try:
        mode = path.lstat().st_mode
    except OSError:
        return Entry(path, GONE, lost=claimed(path.suffix) is not None)
    is_link = stat.S_ISLNK(mode)
    if is_link:
        try:
            mode = path.stat().st_mode
        except OSError:  # its target is not there, or it leads to itself
            return Entry(path, DANGLING, lost=not hidden and claimed(path.suffix) is not None)
    if not stat.S_ISDIR(mode):
        return Entry(path, HIDDEN if hidden else special(mode))
    if written is not None and os.path.realpath(path) == written:
        return Entry(path, WRITTEN)
    if hidden:
        return Entry(path, HIDDEN_FOLDER)
    if not is_link:
        return None
    target = os.path.realpath(path)
    back = _is_below(target, top) or _is_below(top, target)
    return Entry(path, LINKED_BACK if back else LINKED_AWAY, lost=not back)


def _is_below(path: str, folder: str) -> bool:
    return os.path.commonpath([path, folder]) == folder
