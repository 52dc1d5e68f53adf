"""The released model files that library and app carry as assets: exactly those that EmotionRecognizer.load reads."""

from __future__ import annotations

import shutil
from pathlib import Path

from face_emotion.consistency import require_consistent
from face_emotion.errors import InputError
from face_emotion.files import make_folder, read_json, require_file, sha256_of

ROOT = "face_emotion_kit"  # EmotionRecognizer's folder among the assets
VARIANT = "small"  # the released model that is packaged unless another is named
DETECTOR = "face_detector"
KERNELS = "kernels.json"  # whether XNNPACK runs the model; a folder may be without


def asset_files(models: Path, variant: str = VARIANT) -> dict[str, Path]:
    """Returns the assets as {path among the assets: file}: each model's manifest, artifacts and licence.

    models: the folder of released models; variant: the one whose expressions the app names. Raises InputError if a
    file is missing, its sha256 is not its manifest's, or it names other classes than that does.
    """
    if Path(variant).name != variant:
        raise InputError(f"--variant {variant}: name a folder of {models}")
    files: dict[str, Path] = {}
    if (check := models / variant / KERNELS).exists():
        files[f"{ROOT}/{variant}/{KERNELS}"] = check
    for model, artifact in ((variant, "int8"), (DETECTOR, "tflite"), (DETECTOR, "tflite_far")):
        folder = models / model
        for name in ("manifest.json", *(("LICENSE",) if (folder / "LICENSE").exists() else ())):
            files[f"{ROOT}/{model}/{name}"] = require_file(folder / name)
        described = read_json(folder / "manifest.json")["artifacts"].get(artifact)
        if described is None:
            raise InputError(f"{folder}: has no {artifact}, which the library runs")
        for entry in described["files"]:
            path = require_file(folder / entry["file"])
            if sha256_of(path) != entry["sha256"]:
                raise InputError(
                    f"{path}: not the file that its manifest.json names: copy the released one again"
                )
            files[f"{ROOT}/{model}/{entry['file']}"] = path
    require_consistent(models / variant)
    return files


def copy_assets(models: Path, target: Path, variant: str = VARIANT) -> None:
    """Copies the assets into the folder `target`; raises what `asset_files` raises."""
    for name, path in asset_files(models, variant).items():
        make_folder((target / name).parent)
        shutil.copyfile(path, target / name)
