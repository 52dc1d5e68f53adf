"""What the words of a command line stand for: picture files, video files, folders, globs and stdin ("-").

found, problems = find(["photos/", "*.jpg", "clip.mp4", "-"])
"""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

STDIN = "-"
PICTURES = {
    ".apng",
    ".avif",
    ".bmp",
    ".dib",
    ".gif",
    ".j2k",
    ".jfif",
    ".jp2",
    ".jpe",
    ".jpeg",
    ".jpg",
    ".pbm",
}
PICTURES |= {".pgm", ".png", ".pnm", ".ppm", ".tga", ".tif", ".tiff", ".webp"}
VIDEOS = {".3gp", ".avi", ".flv", ".m4v", ".mjpeg", ".mjpg", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".ogv"}
VIDEOS |= {".webm", ".wmv"}


@dataclass(frozen=True)
class Source:
    """One picture or video: name (as the user knows it), path (None for stdin), place (relative, under --save)."""

    name: str
    path: Path | None
    place: Path

    @property
    def is_video(self) -> bool:
        """Whether the file's suffix is a video's."""
        return self.path is not None and self.path.suffix.lower() in VIDEOS


@dataclass(frozen=True)
class Problem:
    """An input that could not be used: its name, and the reason in one line."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


def find(words: Sequence[str], besides: Path | None = None) -> tuple[list[Source], list[Problem]]:
    """Returns the pictures and videos that the words stand for, in their order and each once, and what is none.

    words: files (of any suffix; other than a video's means a picture), folders (searched through, hidden files and
    other suffixes left out), globs ("**" goes through folders) or "-"; besides: a folder whose files are left out of
    folders, because this command writes them.
    """
    found: dict[Path | None, Source] = {}
    problems = []
    for word in words:
        sources = list(_sources(word, besides))
        for source in sources:
            found.setdefault(source.path, source)
        if not sources:
            problems.append(Problem(word, _why_nothing(word)))
    return list(found.values()), problems


def _sources(word: str, besides: Path | None) -> Iterator[Source]:
    path = Path(word)
    if word == STDIN:
        yield Source("stdin", None, Path("stdin.png"))
    elif path.is_dir():
        for file in _files_in(path, besides):
            yield Source(str(file), file, file.relative_to(path))
    elif path.exists():
        yield Source(word, path, Path(path.name))
    elif glob.has_magic(word):
        for match in sorted(glob.glob(word, recursive=True)):  # noqa: PTH207  (a Path cannot hold "**x" or end in "/")
            if Path(match).is_dir() and "**" in word:
                continue  # its files are matches themselves
            yield from _sources(match, besides)


def _files_in(folder: Path, besides: Path | None) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        written = besides is not None and file.resolve().is_relative_to(besides.resolve())
        if file.suffix.lower() in PICTURES | VIDEOS and not hidden and not written and file.is_file():
            yield file


def _why_nothing(word: str) -> str:
    if Path(word).is_dir():
        return "no picture or video in this folder"
    return "nothing matches" if glob.has_magic(word) else "no such file"
