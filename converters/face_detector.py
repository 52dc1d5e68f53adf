"""Regenerates models/face_detector: YuNet for near and far from its .onnx file, manifest and golden vectors.

    python -m model_build face-detector

It needs no network: the .onnx file that the runtimes' files are made of stands beside them, with its origin in the
manifest. LICENSE and README.md of that folder are written by hand and stay. onnx and onnxruntime come with
requirements-onnx.txt: each file is compared with what onnxruntime makes of the original.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from converters import yunet
from converters.detector_golden import Frame, golden
from converters.tfjs import convert_tfjs
from converters.tfjs_sharing import share_weights
from face_emotion.arrays import Floats
from face_emotion.contract import Crop
from face_emotion.detector import ARTIFACT, FAR_ARTIFACT, YuNet
from face_emotion.errors import InputError
from face_emotion.files import require_file, sha256_of, write_json
from face_emotion.litert import interpreter
from face_emotion.model_files import MANIFEST
from face_emotion.yunet import FarSettings, YuNetSettings

FOLDER = Path(__file__).parents[1] / "models" / "face_detector"
SOURCE, SOURCE_SHA256 = "yunet_n.onnx", "104ee26c71d5c270ce79a6b3dced91c91013260d29a6bf18f9296c5b8c4c2b12"
NEAR_FILE, FAR_FILE, GOLDEN = "near.tflite", "far.tflite", "golden.json"
REPOSITORY, COMMIT = "ShiqiYu/libfacedetection.train", "0047ac24afb1a50a0c6105001c89d1b5b805dbf1"
TOLERANCE = 0.02  # of a file's numbers, chances and cells, from onnxruntime's: float16 weights

SETTINGS = YuNetSettings(
    near_size=160,
    far_size=640,
    strides=yunet.STRIDES,
    keypoints=("right_eye", "left_eye", "nose_tip", "right_mouth_corner", "left_mouth_corner"),
    score_threshold=0.6,
    iou_threshold=0.3,
    far=FarSettings(
        proposal_threshold=0.3,
        confirm_threshold=0.75,
        sure_score=0.88,
        zoom=2.2,
        fine_side=1280,
        overlap=160,
        most_parts=64,
        most_proposals=512,
        most_turned=16,
    ),
)
# Medians over FER2013's Training faces: python -m model_build crop-calibration.
CROP = Crop(box_width=0.795, box_center=(0.50, 0.527))


def write(frames: Sequence[Frame], folder: Path = FOLDER) -> dict[str, Any]:
    """Writes models, golden.json and manifest.json of the detector, and returns the manifest.

    frames: pictures for the golden vectors. Raises InputError if the .onnx file is missing or another one, or a file
    made of it computes something else.
    """
    source = require_file(folder / SOURCE, "network")
    if sha256_of(source) != SOURCE_SHA256:
        raise InputError(f"{source}: sha256 is not {SOURCE_SHA256[:12]}…; nothing was written")
    graph = yunet.read_onnx(source)
    for file, tfjs, size in (
        (NEAR_FILE, "tfjs", SETTINGS.near_size),
        (FAR_FILE, "tfjs_far", SETTINGS.far_size),
    ):
        path = yunet.write(graph, size, folder / file)
        error = deviation(path, source, size)
        if error > TOLERANCE:
            raise InputError(f"{path}: its numbers are up to {error:.3f} from onnxruntime's")
        convert_tfjs(path, folder / tfjs)
    share_weights(folder / "tfjs_far", folder / "tfjs")
    detector = YuNet(folder / NEAR_FILE, folder / FAR_FILE, SETTINGS, crop_entry())
    write_json(folder / GOLDEN, golden(detector, frames))
    manifest = build_manifest(folder)
    write_json(folder / MANIFEST, manifest)
    return manifest


def deviation(path: Path, source: Path, size: int) -> float:
    """Returns by how much a .tflite file's numbers differ at most from onnxruntime's for three squares of noise.

    Class and objectness are compared as chances, the others in cells and logarithms of sizes as they are.
    """
    random = np.random.default_rng(size)
    squares = random.integers(0, 256, (3, size // 16, size // 16, 3)).repeat(16, axis=1).repeat(16, axis=2)
    squares = np.clip(squares + random.normal(0, 20, squares.shape), 0, 255).astype(np.float32)
    network = interpreter(path.read_bytes())
    given, answer = (side[0]["index"] for side in (network.get_input_details(), network.get_output_details()))
    worst = 0.0
    for square in squares:
        network.set_tensor(given, square[None])
        network.invoke()
        raw: Floats = network.get_tensor(answer).copy()
        raw[..., :2] = 1 / (1 + np.exp(-raw[..., :2]))
        worst = max(worst, float(np.abs(raw - yunet.reference(source, square[None])).max()))
    return worst


def crop_entry() -> dict[str, Any]:
    """Returns what the manifest says of the crop."""
    return {"box_width": CROP.box_width, "box_center": CROP.box_center}


def build_manifest(folder: Path) -> dict[str, Any]:
    """Returns the manifest of the files in `folder`."""
    artifacts = {
        name: _described(folder, files)
        for name, files in (
            (ARTIFACT, [NEAR_FILE]),
            (FAR_ARTIFACT, [FAR_FILE]),
            ("tfjs", ["tfjs/model.json", "tfjs/weights.bin"]),
            ("tfjs_far", ["tfjs_far/model.json", "tfjs/weights.bin", "tfjs_far/weights.bin"]),
            ("golden", [GOLDEN]),
            ("source", [SOURCE]),
        )
    }
    crop = {"box_width": CROP.box_width, "box_center": list(CROP.box_center)}
    return {
        "format": 2,
        "name": folder.name,
        "detector": SETTINGS.to_dict() | {"crop": crop},
        "artifacts": artifacts,
        "licence": "Apache-2.0",
        "provenance": {
            "command": "python -m model_build face-detector",
            "repository": REPOSITORY,
            "commit": COMMIT,
            "file": "onnx/yunet_n_dynamic.onnx",
            "author": "Shiqi Yu and the authors of libfacedetection.train",
        },
    }


def _described(folder: Path, names: list[str]) -> dict[str, Any]:
    files = [
        {"file": name, "bytes": (folder / name).stat().st_size, "sha256": sha256_of(folder / name)}
        for name in names
    ]
    return {"files": files, "bytes": sum(entry["bytes"] for entry in files)}
