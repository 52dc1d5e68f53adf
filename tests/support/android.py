"""What the Kotlin tests compare with, computed by Python: crops, squares, assignments, network answers, faces, looks.

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
from unittest.mock import patch

import cv2
import numpy as np

from converters.detector_golden import pixels
from face_emotion import EmotionRecognizer
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import BOTH_HEADS, FAR, HEADS, REACHES, Contract
from face_emotion.detector import Detector
from face_emotion.files import read_json, write_json
from face_emotion.geometry import crop_transform, sample_grey
from face_emotion.letterbox import Letterbox, letterbox, part_place, sample_letterbox, sample_square
from face_emotion.model_files import ModelFolder
from face_emotion.normalization import normalized
from face_emotion.square_network import SquareNetwork
from face_emotion.tracker import assign
from mobile.android.ci.assets import ROOT, copy_assets
from model_build.synthetic.faces import draw_faces
from model_build.synthetic.scenes import draw_frame
from tests.support import paths
from tests.support.build import OWN_CLASSES
from tests.support.runtime import write_model_folder
from tests.support.tflite import random_images, write_tflite

MODELS = paths.ROOT / "models"
FORMAT1 = paths.ROOT / "tests" / "support" / "format1"
OWN = "small-own"
SQUARE = 128
BLAZEFACE_OUTPUTS = [(1, 896, 16), (1, 896, 1)]
NEAR_OUTPUTS = [(1, 525, 16)]
FACES, EVERY = 1200, 20
RELEASED = ("nano", "small", "base")


@patch("face_emotion.geometry.opencv_sampler", lambda: None)  # as below
def write_core_vectors(path: Path) -> Path:
    """Writes those of the vectors that no network is asked for, which are all that the tests of `core` read."""
    faces = _varied_faces()
    write_json(path, _core() | {"classifier": {"faces": _base64(faces), "normalized": _base64(_seen(faces))}})
    return path


# OpenCV's float32 samples may move a grey level by one here and there: what Kotlin
# is compared with is the definition, in float64.
@patch("face_emotion.geometry.opencv_sampler", lambda: None)
def write_vectors(path: Path) -> Path:
    """Writes the vectors of the released models as JSON, arrays in base64, and returns the path."""
    golden = read_json(MODELS / "face_detector" / "golden.json")
    frames = {entry["name"]: pixels(entry) for entry in golden["frames"]}
    value = {
        **_core(),
        "classifier": _classifications(),
        "networks": _networks(frames),
        "searches": _searches(),
        "pictures": {
            name: {head: _golden(frames, MODELS / name, head) for head in (BOTH_HEADS, *HEADS)}
            for name in RELEASED
        },
        "far": _recognitions(frames, reach=FAR),
        "format1": _recognitions(frames, FORMAT1 / "nano"),
        "zero_points": _zero_points(),
        "own_classes": _own_classes(path.parent / "own classes", frames),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, value)
    return path


def _core() -> dict[str, Any]:
    return {"crops": _crops(Contract()), "letterboxes": _letterboxes(), "assignments": _assignments()}


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
    """Frames wide, tall, smaller than the square, not divisible by it, and of one pixel; whole, and parts of them."""
    random = np.random.default_rng(4)
    entries = []
    for width, height in ((320, 240), (90, 201), (128, 128), (57, 33), (1, 1), (300, 1)):
        frame = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
        for place in (
            letterbox(width, height, SQUARE),
            part_place(width, height, 2 * SQUARE, 100, 40),
            part_place(width, height, SQUARE - 9, 0, 0),
            part_place(width, height, 250, 122, 0),
        ):
            entries.append(_frame_entry(frame) | _square_entry(frame, place))
    return entries


def _square_entry(frame: np.ndarray, place: Letterbox) -> dict[str, Any]:
    square = sample_square(frame, SQUARE, place)
    return {"size": SQUARE, "place": dataclasses.astuple(place), "square": _floats(square)}


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
    """The varied faces, with what LiteRT's XNNPACK says of each model."""
    faces = _varied_faces()
    models = {name: _classified(MODELS / name, faces) for name in RELEASED}
    return {"faces": _base64(faces), "normalized": _base64(_seen(faces)), "models": models}


def _varied_faces() -> np.ndarray:
    """Drawn faces, the same in other lights, smooth fields and noise: uint8 [FACES,48,48]."""
    random = np.random.default_rng(6)
    count = FACES // 4
    drawn = draw_faces(count, 9)[0]
    gain, offset = random.uniform(0.2, 1.8, (2, count, 1, 1))
    lit = np.clip((drawn - 128.0) * gain + 128 * offset, 0, 255).astype(np.uint8)
    fields = np.stack([_smooth(random, 48, 48, 1) for _ in range(count)])
    noise = random.integers(0, 256, (count, 48, 48), dtype=np.uint8)
    return np.concatenate([drawn, lit, fields, noise])


def _seen(faces: np.ndarray) -> np.ndarray:
    """The faces as the released models see them, which normalise alike."""
    rules = {ModelFolder.open(MODELS / name).contract.normalization for name in RELEASED}
    assert len(rules) == 1, f"the released models normalise alike: {rules}"
    return normalized(faces, rules.pop())


def _classified(folder: Path, faces: np.ndarray) -> dict[str, Any]:
    """The bytes of both outputs; every 20th face has each head's probabilities."""
    file, contract = folder / "int8.tflite", ModelFolder.open(folder).contract
    outputs, logits = TfliteClassifier(file, contract).outputs(faces)
    reference = TfliteClassifier(file, contract, reference_kernels=True)
    return {
        "outputs": _base64(outputs),
        "logits": _base64(logits),
        "probabilities": {
            head: _floats(TfliteClassifier(file, contract, head).probabilities(faces[::EVERY]))
            for head in (BOTH_HEADS, *HEADS)
        },
        # Proof that equal bytes mean XNNPACK: the reference kernels answer otherwise.
        "reference_logits": _base64(reference.raw(faces[: FACES // 4])),
    }


def _zero_points() -> dict[str, Any]:
    """An untrained network whose input and logits have other zero points than 0, and what Python says with it."""
    contract = ModelFolder.open(MODELS / "small").contract
    faces = random_images(40, seed=5)
    with tempfile.TemporaryDirectory() as scratch:
        file = write_tflite(Path(scratch) / "zero.tflite", input_low=-0.4, input_high=1.3, heads=2)
        classifier = TfliteClassifier(file, contract)
        assert classifier.input_scale is not None and classifier.output_scale is not None
        return {
            "tflite": base64.b64encode(file.read_bytes()).decode("ascii"),
            "zero_points": [classifier.input_scale[1], classifier.output_scale[1]],
            "faces": _base64(faces),
            "probabilities": _floats(classifier.probabilities(faces)),
        }


def _networks(frames: dict[str, np.ndarray]) -> dict[str, list[dict[str, Any]]]:
    """What the detectors' networks give for squares, number by number."""
    blazeface = FORMAT1 / "face_detector" / "face_detection_short_range.tflite"
    near = MODELS / "face_detector" / "near.tflite"
    return {
        "blazeface": [
            _answers(blazeface, sample_letterbox(frame, 128), BLAZEFACE_OUTPUTS) for frame in frames.values()
        ],
        "near": [
            _answers(
                near, sample_square(frame, 160, letterbox(frame.shape[1], frame.shape[0], 160)), NEAR_OUTPUTS
            )
            for frame in frames.values()
        ],
    }


def _answers(file: Path, square: np.ndarray, outputs: list[tuple[int, ...]]) -> dict[str, Any]:
    answers = SquareNetwork(file.read_bytes(), len(square), outputs).run(square)
    return {"square": _floats(square), "outputs": [_floats(answer) for answer in answers]}


def _searches() -> list[dict[str, Any]]:
    """Pictures with more pixels than the far network's square, small faces in them, and faces at any angle."""
    rows = [(60, 90), (400, 60), (790, 130), (150, 430), (560, 390), (900, 520)]
    small = draw_frame(1000, 700, [(x, y, x + 26, y + 26) for x, y in rows], [3, 6] * 3, 19)
    large = draw_frame(300, 240, [(110, 70, 190, 150)], [3], 20)
    pictures = {"small faces, more than 640 pixels": small}
    for degrees in (45, 135, 250):
        turn = cv2.getRotationMatrix2D((150, 120), -degrees, 1)
        pictures[f"turned by {degrees} degrees"] = cv2.warpAffine(
            large, turn, (300, 240), borderMode=cv2.BORDER_REFLECT
        )
    pictures["a large face in a large picture"] = cv2.resize(large, (900, 720))
    detector = Detector.load(MODELS / "face_detector")
    return [
        {"name": name, **_frame_entry(np.repeat(picture[..., None], 3, axis=2))}
        | {
            reach: [
                {
                    "box": face.box,
                    "upright_box": face.upright_box,
                    "score": face.score,
                    "turn": face.turn,
                    "keypoints": face.keypoints,
                    "eyes": face.eyes,
                }
                for face in detector.detect(picture, reach)
            ]
            for reach in REACHES
        }
        for name, picture in pictures.items()
    ]


def _own_classes(folder: Path, frames: dict[str, np.ndarray]) -> dict[str, Any]:
    """Writes the assets with a model of three classes into `folder`; returns what Python says with it."""
    with tempfile.TemporaryDirectory() as scratch:
        models = Path(scratch)
        write_model_folder(models / OWN, tuple(OWN_CLASSES), artifacts=("int8",), heads=("labels",))
        shutil.copytree(MODELS / "face_detector", models / "face_detector")
        copy_assets(models, folder, OWN)
    return {
        "folder": str(folder.resolve()),
        "variant": OWN,
        "labels": list(OWN_CLASSES),
        "pictures": _recognitions(frames, folder / ROOT / OWN),
    }


def _recognitions(
    frames: dict[str, np.ndarray],
    model: Path = MODELS / "small",
    head: str = BOTH_HEADS,
    reach: str | None = None,
) -> list[dict[str, Any]]:
    recognizer = EmotionRecognizer.load(model, MODELS / "face_detector", head=head)
    return [
        _frame_entry(frame)
        | {
            "name": name,
            "faces": [
                {
                    "box": face.box,
                    "score": face.score,
                    "label": face.label,
                    "small": face.small,
                    "probabilities": list(face.probabilities.values()),
                }
                for face in recognizer.recognize(frame, reach=reach)
            ],
        }
        for name, frame in frames.items()
    ]


def _golden(frames: dict[str, np.ndarray], model: Path, head: str) -> list[dict[str, Any]]:
    """The same, without the pixels: they stand in the released golden file."""
    kept = ("name", "width", "height", "faces")
    return [{key: entry[key] for key in kept} for entry in _recognitions(frames, model, head)]


def _smooth(random: np.random.Generator, height: int, width: int, channels: int) -> np.ndarray:
    """A picture with structure at every scale, uint8."""
    field = np.zeros((height, width, channels))
    for cells in (2, 5, 11):
        coarse = random.uniform(-1, 1, (cells, cells, channels))
        field += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).reshape(field.shape)
    return np.clip(128 + 75 * field, 0, 255).astype(np.uint8).squeeze()


def _frame_entry(frame: np.ndarray) -> dict[str, Any]:
    height, width = frame.shape[:2]
    colours = np.broadcast_to(frame[..., None] if frame.ndim == 2 else frame, (height, width, 3))
    return {"width": width, "height": height, "rgb": _base64(colours)}


def _floats(values: np.ndarray) -> str:
    return _base64(np.asarray(values, "<f4"))


def _base64(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")


if __name__ == "__main__":
    print(f"written: {write_vectors(Path(sys.argv[1]))}")
