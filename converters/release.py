"""Copies a verified build into models/, where page, phone and Python runtime find it.

python -m converters release build/small
"""

from __future__ import annotations

import shutil
from pathlib import Path

from converters.manifest import NAME, read_manifest
from converters.verify import verify
from face_emotion.errors import InputError
from face_emotion.files import atomic_path, require_file

CARRIED = (
    "MODEL_CARD.md",
    "config.json",
    "evaluation.json",
    "benchmark.json",
    "float/history.json",
    "qat/history.json",
)


def release(build: Path, models: Path) -> Path:
    """Verifies `build` and copies what its manifest names, and its papers, to MODELS/<name>; returns that folder.

    Raises InputError, with nothing copied, if the build does not verify or a paper is missing.
    """
    manifest = read_manifest(build)
    problems = verify(build)
    if problems:
        raise InputError(f"{build}: not released: {problems[0]} ({len(problems)} problem(s))")
    named = [entry["file"] for artifact in manifest["artifacts"].values() for entry in artifact["files"]]
    target = models / manifest["name"]
    with atomic_path(target) as partial:
        for name in (NAME, *named, *CARRIED):
            source = require_file(build / name)
            (partial / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, partial / name)
    return target
