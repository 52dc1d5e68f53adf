"""Copies a verified build into models/, where page, phone and Python runtime find it.

python -m model_build release build/small [--name small-mine] [--replace]
"""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

from converters.manifest import NAME, metrics_of, read_manifest
from converters.released import is_released_folder, write_released
from face_emotion.errors import InputError
from face_emotion.files import atomic_path, require_file, write_json, write_text
from model_build.build_plan import NAME as NAMES
from model_build.evaluation.evaluation_file import read_evaluation
from model_build.evaluation.finished_build import read_build
from model_build.evaluation.verification import verify
from model_build.origin import require_own_release
from model_build.reporting import model_card

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


def release(build: Path, models: Path, name: str | None = None, replace: bool = False) -> Path:
    """Verifies `build` and copies what its manifest names, and its papers, to MODELS/<name>; returns that folder.

    name: of the released model, the build's own if None: manifest, configuration and card then say it; the .tflite
    files keep the title that they were built with. replace: a released model of other data, too.
    Raises InputError, with nothing copied, if the build does not verify, a paper is missing or evaluation.json is
    not the one that the manifest was written from (another data set was evaluated since), and if a model of other
    data is released under that name, without `replace`.
    """
    if name is not None and not NAMES.fullmatch(name):
        raise InputError(f"--name {name}: use small letters, digits, '.', '_' and '-' only")
    manifest = read_manifest(build)
    target: Path = models / (name or manifest["name"])
    require_own_release(target, manifest, replace)
    if metrics_of(read_evaluation(build)) != manifest["metrics"]:
        raise InputError(f"{build}: evaluation.json and manifest.json differ; run build again")
    problems = verify(build)
    if problems:
        raise InputError(f"{build}: not released: {problems[0]} ({len(problems)} problem(s))")
    named = [entry["file"] for artifact in manifest["artifacts"].values() for entry in artifact["files"]]
    with atomic_path(target) as partial:
        extra = [path.name for pattern in CARRIED_IF_THERE for path in sorted(build.glob(pattern))]
        for file in (NAME, *named, *CARRIED, *extra):
            source = require_file(build / file)
            (partial / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, partial / file)
        if name not in (None, manifest["name"]):
            _rename(build, manifest, partial, target.name)
    if is_released_folder(models):
        write_released(models)
    return target


def _rename(build: Path, manifest: dict[str, Any], released: Path, name: str) -> None:
    """Has the papers of a released folder call the model by another name than its build does."""
    finished = read_build(build)
    config = finished.config | {"name": name}
    write_json(released / NAME, manifest | {"name": name})
    write_json(released / "config.json", config)
    write_text(released / model_card.NAME, model_card.render(dataclasses.replace(finished, config=config)))
