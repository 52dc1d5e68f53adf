"""Copies a verified build into models/, where page, phone and Python runtime find it.

python -m model_build release build/small
"""

from __future__ import annotations

import shutil
from pathlib import Path

from converters.manifest import NAME, metrics_of, read_manifest
from converters.released import is_released_folder, write_released
from face_emotion.errors import InputError
from face_emotion.files import atomic_path, require_file
from model_build.evaluation.evaluation_file import read_evaluation
from model_build.evaluation.verification import verify

CARRIED = (
    "MODEL_CARD.md",
    "config.json",
    "evaluation.json",
    "benchmark.json",
    "float/history.json",
    "qat/history.json",
)
CARRIED_IF_THERE = (
    "kernels.json",
    "robustness.json",
    "robustness.png",
    "stock_tfjs.json",
    "crop_calibration.png",
    "off_data.*.json",
    "baseline.*.json",
)


def release(build: Path, models: Path) -> Path:
    """Verifies `build` and copies what its manifest names, and its papers, to MODELS/<name>; returns that folder.

    Raises InputError, with nothing copied, if the build does not verify, a paper is missing or evaluation.json is
    not the one that the manifest was written from (another data set was evaluated since).
    """
    manifest = read_manifest(build)
    target: Path = models / manifest["name"]
    if target.exists() and not target.is_dir():
        raise InputError(f"{target}: a file stands where the released folder should be; move it")
    if metrics_of(read_evaluation(build)) != manifest["metrics"]:
        raise InputError(f"{build}: evaluation.json and manifest.json differ; run build again")
    problems = verify(build)
    if problems:
        raise InputError(f"{build}: not released: {problems[0]} ({len(problems)} problem(s))")
    named = [entry["file"] for artifact in manifest["artifacts"].values() for entry in artifact["files"]]
    with atomic_path(target) as partial:
        extra = [path.name for pattern in CARRIED_IF_THERE for path in sorted(build.glob(pattern))]
        for name in (NAME, *named, *CARRIED, *extra):
            source = require_file(build / name)
            (partial / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, partial / name)
    if is_released_folder(models):
        write_released(models)
    return target
