"""What the Kotlin tests compare with, computed by Python: crops, letterboxes, assignments, network answers, faces.

    PYTHONPATH=. .venv/bin/python tests/support/android.py build/android/vectors.json
    mvn -f mobile/android/ci/pom.xml verify -Dvectors=$PWD/build/android/vectors.json

tests/mobile/test_android.py does both.
"""

from __future__ import annotations

import base64
import dataclasses
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from face_emotion import EmotionRecognizer
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import BOTH_HEADS, HEADS, Contract
from face_emotion.detector import Detector
from face_emotion.files import read_json, write_json
from face_emotion.geometry import crop_transform, sample_grey
from face_emotion.letterbox import sample_letterbox
from face_emotion.model_files import ModelFolder
from face_emotion.normalization import normalized
from face_emotion.tracker import assign
from mobile.android.ci.assets import ROOT, copy_assets
from model_build.synthetic.faces import draw_faces
from tests.support import paths
from tests.support.build import OWN_CLASSES
from tests.support.runtime import write_model_folder

MODELS = paths.ROOT / "models"
FORMAT1 = paths.ROOT / "tests" / "support" / "format1"
OWN = "small-own"
SQUARE = 128
FACES, EVERY = 1200, 20


def write_vectors(path: Path) -> Path:
    """Writes the vectors of the released models as JSON, arrays in base64, and returns the path."""
    detector_golden = read_json(MODELS / "face_detector" / "golden.json")
    value = {
        "crops": _crops(Contract()),
        "letterboxes": _letterboxes(),
        "assignments": _assignments(),
        "classifier": _classifications(),
        "detector": [_detection(entry) for entry in detector_golden["frames"]],
        "pictures": {
            head: [_recognition(entry, head=head) for entry in detector_golden["frames"]]
            for head in (BOTH_HEADS, *HEADS)
        },
        "format1": [_recognition(entry, FORMAT1 / "nano") for entry in detector_golden["frames"]],
        "own_classes": _own_classes(path.parent / "own classes", detector_golden["frames"]),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, value)
    return path


def _crops(contract: Contract) -> list[dict[str, Any]]:
    """Faces that fill a large frame, reach far out of it, stand on their head, or are a few pixels wide."""
    random = np.random.default_rng(8)
    entries = []
    for width, height, side, turn in (
        (640, 480, 400, 0.1),
        (301, 199, 900, 2.9),
        (33, 70, 12, -1.4),
        (97, 64, 48, 0.8),
        (8, 9, 3, 0.0),
        (720, 1000, 700, -0.2),
    ):
        frame = _smooth(random, height, width, 3)
        x, y = random.uniform(-0.2, 0.6, 2) * (width, height)
        box = [x, y, x + side, y + 1.1 * side]
        eyes = [[x, y], [x + side / 3 * np.cos(turn), y + side / 3 * np.sin(turn)]]
        transform = crop_transform(box, eyes, contract.crop)
        size, samples = contract.input_size, contract.crop.max_samples
        grey = sample_grey(frame, transform, size, contract.luma, samples)
        entry = {"box": box, "eyes": eyes, "transform": dataclasses.asdict(transform), "grey": _base64(grey)}
        entries.append(entry | _frame_entry(frame))
    return entries


def _letterboxes() -> list[dict[str, Any]]:
    """Frames wide, tall, smaller than the square, not divisible by it, and of one pixel."""
    random = np.random.default_rng(4)
    entries = []
    for width, height in ((320, 240), (90, 201), (128, 128), (57, 33), (1, 1), (300, 1)):
        frame = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
        square = sample_letterbox(frame, SQUARE)
        entries.append(_frame_entry(frame) | {"size": SQUARE, "square": _floats(square)})
    return entries


def _assignments() -> list[dict[str, Any]]:
    """Cost matrices of up to 6 x 6, half of them full of ties, and the columns that Python's tracker assigns."""
    random = np.random.default_rng(5)
    matrices = [
        (random.integers(0, 4, shape) if index % 2 else random.uniform(0, 2, shape)).tolist()
        for index in range(60)
        for shape in [random.integers(1, 7, 2)]
    ]
    return [{"costs": costs, "columns": assign(costs)} for costs in matrices]


def _classifications() -> dict[str, Any]:
    """Drawn faces, the same in other lights, smooth fields and noise, with the bytes that LiteRT's XNNPACK answers.

    Every 20th has each head's probabilities.
    """
    random = np.random.default_rng(6)
    count = FACES // 4
    drawn = draw_faces(count, 9)[0]
    gain, offset = random.uniform(0.2, 1.8, (2, count, 1, 1))
    lit = np.clip((drawn - 128.0) * gain + 128 * offset, 0, 255).astype(np.uint8)
    fields = np.stack([_smooth(random, 48, 48, 1) for _ in range(count)])
    noise = random.integers(0, 256, (count, 48, 48), dtype=np.uint8)
    faces = np.concatenate([drawn, lit, fields, noise])
    file, contract = MODELS / "small" / "int8.tflite", ModelFolder.open(MODELS / "small").contract
    outputs, logits = TfliteClassifier(file, contract).outputs(faces)
    reference = TfliteClassifier(file, contract, reference_kernels=True)
    return {
        "faces": _base64(faces),
        "normalized": _base64(normalized(faces, contract.normalization)),
        "outputs": _base64(outputs),
        "logits": _base64(logits),
        "probabilities": {
            head: _floats(TfliteClassifier(file, contract, head).probabilities(faces[::EVERY]))
            for head in (BOTH_HEADS, *HEADS)
        },
        # Proof that equal bytes mean XNNPACK: the reference kernels answer otherwise.
        "reference_logits": _base64(reference.raw(faces[:count])),
    }


def _detection(entry: dict[str, Any]) -> dict[str, Any]:
    frame = _pixels(entry)
    detector = Detector.load(MODELS / "face_detector")
    boxes, scores = detector.raw(frame)
    return {
        "square": _floats(sample_letterbox(frame, SQUARE)),
        "boxes": _floats(boxes),
        "scores": _floats(scores),
    }


def _own_classes(folder: Path, frames: list[dict[str, Any]]) -> dict[str, Any]:
    """Writes the assets with a model of three classes into `folder`; returns what Python says with it."""
    with tempfile.TemporaryDirectory() as scratch:
        models = Path(scratch)
        write_model_folder(models / OWN, tuple(OWN_CLASSES), artifacts=("int8",), heads=("labels",))
        shutil.copytree(MODELS / "face_detector", models / "face_detector")
        copy_assets(models, folder, OWN)
    model = folder / ROOT / OWN
    return {
        "folder": str(folder.resolve()),
        "variant": OWN,
        "labels": list(OWN_CLASSES),
        "pictures": [_recognition(entry, model) for entry in frames],
    }


def _recognition(
    entry: dict[str, Any], model: Path = MODELS / "small", head: str = BOTH_HEADS
) -> dict[str, Any]:
    faces = EmotionRecognizer.load(model, head=head).recognize(_pixels(entry))
    return {key: entry[key] for key in ("name", "width", "height", "rgb")} | {
        "faces": [
            {
                "box": face.box,
                "score": face.score,
                "label": face.label,
                "probabilities": list(face.probabilities.values()),
            }
            for face in faces
        ]
    }


def _smooth(random: np.random.Generator, height: int, width: int, channels: int) -> np.ndarray:
    """A picture with structure at every scale, uint8."""
    field = np.zeros((height, width, channels))
    for cells in (2, 5, 11):
        coarse = random.uniform(-1, 1, (cells, cells, channels))
        field += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).reshape(field.shape)
    return np.clip(128 + 75 * field, 0, 255).astype(np.uint8).squeeze()


def _pixels(entry: dict[str, Any]) -> np.ndarray:
    shape = entry["height"], entry["width"], 3
    return np.frombuffer(base64.b64decode(entry["rgb"]), np.uint8).reshape(shape)


def _frame_entry(frame: np.ndarray) -> dict[str, Any]:
    return {"width": frame.shape[1], "height": frame.shape[0], "rgb": _base64(frame)}


def _floats(values: np.ndarray) -> str:
    return _base64(np.asarray(values, "<f4"))


def _base64(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")


if __name__ == "__main__":
    print(f"written: {write_vectors(Path(sys.argv[1]))}")
