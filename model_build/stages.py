"""Stages of a build that are skipped while their inputs and outputs are unchanged (content hashes)."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from face_emotion.errors import InputError
from face_emotion.files import read_json, sha256_of, write_json
from model_build.progress import duration


def run_stage(
    folder: Path,
    name: str,
    inputs: dict[str, Any],
    outputs: Sequence[str],
    action: Callable[[], Any],
    say: Callable[[str], None],
) -> bool:
    """Runs `action` unless FOLDER/stages/NAME.json says that the same inputs made the outputs that stand there.

    inputs: JSON-able, all that the outputs depend on. outputs: files or folders below `folder` that the action
    writes. Returns whether the action ran.
    """
    record = folder / "stages" / f"{name}.json"
    key = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()
    if _stored(record) == {"inputs": key, "outputs": digests(folder, outputs)}:
        say(f"{name}: unchanged")
        return False
    say(f"{name} …")
    started = time.perf_counter()
    action()
    write_json(record, {"inputs": key, "outputs": digests(folder, outputs)})
    say(f"{name}: done in {duration(time.perf_counter() - started)}")
    return True


def digests(folder: Path, outputs: Sequence[str]) -> dict[str, str | None]:
    """Returns one sha256 an output (a folder's covers names and contents), None where it is not there."""
    return {output: _digest(folder / output) for output in outputs}


def _digest(path: Path) -> str | None:
    if path.is_file():
        return sha256_of(path)
    if not path.is_dir():
        return None
    total = hashlib.sha256()
    for entry in sorted(item for item in path.rglob("*") if item.is_file()):
        total.update(f"{entry.relative_to(path)} {sha256_of(entry)}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()


def _stored(record: Path) -> Any:
    try:
        return read_json(record)
    except InputError:
        return None
