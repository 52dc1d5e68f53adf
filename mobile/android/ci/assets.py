"""The released model files that library and app carry as assets: exactly those that EmotionRecognizer.load reads."""

from __future__ import annotations

import shutil
from pathlib import Path

from face_emotion.errors import InputError
from face_emotion.files import make_folder, read_json, require_file, sha256_of

ROOT = "face_emotion_kit"  # EmotionRecognizer's folder among the assets
ARTIFACTS = {
    "small": "int8",
    "face_detector": "tflite",
}  # the artifact of each model that EmotionRecognizer runs


def asset_files(models: Path) -> dict[str, Path]:
    """Returns the assets as {path among the assets: file}: each model's manifest, artifact and licence.

    models: the folder of released models. Raises InputError if a file is missing or its sha256 is not its manifest's.
    """
    files: dict[str, Path] = {}
    for model, artifact in ARTIFACTS.items():
        folder = models / model
        for name in ("manifest.json", *(("LICENSE",) if (folder / "LICENSE").exists() else ())):
            files[f"{ROOT}/{model}/{name}"] = require_file(folder / name)
        for entry in read_json(folder / "manifest.json")["artifacts"][artifact]["files"]:
            path = require_file(folder / entry["file"])
            if sha256_of(path) != entry["sha256"]:
                raise InputError(
                    f"{path}: not the file that its manifest.json names: copy the released one again"
                )
            files[f"{ROOT}/{model}/{entry['file']}"] = path
    return files


def copy_assets(models: Path, target: Path) -> None:
    """Copies the assets into the folder `target`; raises what `asset_files` raises."""
    for name, path in asset_files(models).items():
        make_folder((target / name).parent)
        shutil.copyfile(path, target / name)
