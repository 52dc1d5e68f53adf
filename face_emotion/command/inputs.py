"""What the words of a command line stand for: pictures, videos, folders, globs, pipes and stdin ("-").

found = find(["photos/", "*.jpg", "clip.mp4", "-"], spool)

A file is a picture or a video by its first bytes (file_kind.py). Where they are of neither, a file in a folder whose
suffix is a picture's or a video's is still read, and said to be unreadable; others are counted. A file that was named
is always read.
"""

from __future__ import annotations

import glob
import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from face_emotion.command.spool import Spool
from face_emotion.command.walk import DANGLING, special, walk
from face_emotion.file_kind import HEAD, claimed, kind_of

STDIN = "-"
NEITHER = "neither picture nor video"
SECOND_NAME = "second name of a file"
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:/", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """One picture or video: name (as the user knows it), path (of its content), place (relative, under --save),
    is_video."""

    name: str
    path: Path
    place: Path
    is_video: bool = False


@dataclass(frozen=True)
class Problem:
    """An input that could not be used: its name, the reason in one line, and whether it is a file or folder of its own
    (else a word that stands for none)."""

    name: str
    reason: str
    counts: bool = True

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


@dataclass
class Found:
    """What words stand for. Attributes: sources, each file once and in order; problems; others, by reason how many
    files are left out though no picture is missing by it."""

    sources: list[Source] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)


def find(words: Sequence[str], spool: Spool, besides: Path | None = None) -> Found:
    """Returns the pictures and videos that the words stand for, and what is left out.

    words: files, folders (searched through, see walk.py), globs ("**" goes through folders) or "-"; spool: keeps what
    comes through stdin and pipes; besides: a folder that is left out of folders, because this command writes there.
    """
    return _Finder(spool, besides).found_for(words)


def is_video(path: Path) -> bool:
    """Returns whether a file is a video by its first bytes, or by its suffix where those are not known."""
    return _is_video(_Opened(path), path)


class _Opened:
    """The beginning of a file. Attributes: head (its first bytes), identity (device and inode)."""

    def __init__(self, path: Path) -> None:
        """Raises OSError if it cannot be opened."""
        with open(path, "rb", buffering=0) as stream:
            self.head = stream.read(HEAD)
            status = os.fstat(stream.fileno())
        self.identity = status.st_dev, status.st_ino


class _Finder:
    def __init__(self, spool: Spool, besides: Path | None) -> None:
        self._spool, self._besides = spool, besides
        self._found = Found()
        self._seen: set[object] = set()

    def found_for(self, words: Sequence[str]) -> Found:
        for word in words:
            self._take(word)
        return self._found

    def _take(self, word: str) -> None:
        path = Path(word)
        if word == STDIN:
            if self._is_new(STDIN):
                self._take_kept("stdin", self._spool.stdin())
        elif not word or "\0" in word:
            self._leave_out(word or "''", "no name of a file")
        elif _is_folder(path):
            self._take_folder(path)
        elif os.path.lexists(path):
            self._take_named(word, path)
        elif _ADDRESS.match(word):
            self._leave_out(word, "an address, and only files are read; save it as a file first")
        elif glob.has_magic(word):
            self._take_matches(word)
        else:
            camera = f"; a camera is read with --webcam {word}" if word.isdecimal() else ""
            self._leave_out(word, f"no such file{camera}")

    def _take_matches(self, word: str) -> None:
        matches = sorted(glob.glob(word, recursive=True))  # noqa: PTH207  (a Path cannot hold "**x" or end in "/")
        for match in matches:
            if not (_is_folder(Path(match)) and "**" in word):  # its files are matches themselves
                self._take(match)
        if not matches:
            self._found.problems.append(Problem(word, "nothing matches", counts=False))

    def _take_folder(self, folder: Path) -> None:
        nothing = True
        for path, why, lost in walk(folder, self._besides):
            if why is None:
                nothing = not self._take_listed(path, folder) and nothing
            elif lost:
                nothing = False
                self._leave_out(str(path), why)
            else:
                self._found.others[why] += 1
        if nothing:
            reason = "no picture or video in this folder"
            self._found.problems.append(Problem(str(folder), reason, counts=False))

    def _take_listed(self, path: Path, folder: Path) -> bool:
        """Takes a file of a folder; returns whether it is a picture or a video, or may be one."""
        try:
            opened = _Opened(path)
        except OSError as error:
            self._leave_out(str(path), error.strerror or str(error))
            return True
        if kind_of(opened.head, path.suffix) is None and claimed(path.suffix) is None:
            self._found.others[NEITHER] += 1
            return False
        self._add(Source(str(path), path, path.relative_to(folder), _is_video(opened, path)), opened)
        return True

    def _take_named(self, word: str, path: Path) -> None:
        try:
            kind = special(path.stat().st_mode)
            if kind == "pipe":
                return self._take_kept(word, self._spool.pipe(path))
            if kind is not None:
                camera = "; a camera is read with --webcam" if kind == "device" else ""
                return self._leave_out(word, f"a {kind}, and only files are read{camera}")
            opened = _Opened(path)
        except OSError as error:
            reason = DANGLING if path.is_symlink() and not path.exists() else error.strerror or str(error)
            return self._leave_out(word, reason)
        return self._add(Source(word, path, Path(path.name), _is_video(opened, path)), opened)

    def _take_kept(self, name: str, path: Path) -> None:
        """Takes what came through stdin or a pipe of that name."""
        opened = _Opened(path)
        if not opened.head:
            return self._leave_out(name, "nothing came in")
        return self._add(Source(name, path, Path(Path(name).name), _is_video(opened, path)), opened)

    def _add(self, source: Source, opened: _Opened) -> None:
        if self._is_new(opened.identity):
            self._found.sources.append(source)
        else:
            self._found.others[SECOND_NAME] += 1

    def _is_new(self, identity: object) -> bool:
        if identity in self._seen:
            return False
        self._seen.add(identity)
        return True

    def _leave_out(self, name: str, reason: str) -> None:
        self._found.problems.append(Problem(name, reason))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long, or no way to it
        return False


def _is_video(opened: _Opened, path: Path) -> bool:
    kind = kind_of(opened.head, path.suffix)
    return claimed(path.suffix) == "video" if kind is None else kind.is_video
