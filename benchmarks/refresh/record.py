"""Which parts are stale: what their inputs were when they were made stands in record.json, by SHA-256.

found = state(part, root, read_record())     # FRESH, CHANGED (the code), STALE (a model) or MISSING (an output)
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.refresh.parts import Part
from face_emotion.errors import InputError
from face_emotion.files import read_json, sha256_of, write_json

ROOT = Path(__file__).parents[2]
RECORD = Path(__file__).with_name("record.json")
FRESH, CHANGED, STALE, MISSING = "fresh", "code changed", "stale", "missing"

Record = dict[str, Any]


@dataclass(frozen=True)
class State:
    """kind: one of the four above; files: which models or outputs that is, from the root."""

    kind: str
    files: tuple[str, ...] = ()


def state(part: Part, root: Path, record: Record) -> State:
    """Returns whether a part was made of the files that stand below `root` today."""
    missing = tuple(pattern for pattern in part.outputs if not _files(root, [pattern]))
    if missing:
        return State(MISSING, missing)
    known = record.get(part.name)
    if known is None:
        return State(STALE, ("it was never recorded",))
    today, before = digests(part.models, root), known["models"]
    other = sorted(name for name in {*today, *before} if today.get(name) != before.get(name))
    if other:
        return State(STALE, tuple(other))
    return State(FRESH if known["code"] == digest(part.code, root) else CHANGED)


def digests(patterns: Sequence[str], root: Path) -> dict[str, str]:
    """Returns the SHA-256 of each file that a pattern names, by its path from `root`."""
    return {path.relative_to(root).as_posix(): sha256_of(path) for path in _files(root, patterns)}


def digest(patterns: Sequence[str], root: Path) -> str:
    """Returns one SHA-256 over the names and contents of all files that the patterns name."""
    lines = [f"{name} {content}\n" for name, content in sorted(digests(patterns, root).items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def read_record(path: Path = RECORD) -> Record:
    """Reads the record; raises InputError if it is damaged."""
    value = read_json(path)
    entries = value.values() if isinstance(value, dict) else [None]
    if not all(isinstance(entry, dict) and {"models", "code", "how"} <= entry.keys() for entry in entries):
        raise InputError(f"{path}: damaged; get it from git again")
    found: Record = value
    return found


def note(part: Part, how: str, root: Path, path: Path = RECORD) -> None:
    """Writes into the record that a part is made of today's files; how: in words."""
    entry = {"how": how, "code": digest(part.code, root), "models": digests(part.models, root)}
    write_json(path, read_record(path) | {part.name: entry})


def _files(root: Path, patterns: Sequence[str]) -> list[Path]:
    found = {path for pattern in patterns for path in root.glob(pattern)}
    return sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)
