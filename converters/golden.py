"""Golden vectors: fixed inputs and the expected output of every stage, for every runtime to be tested against.

    python -m converters golden models/small

golden.json holds frames with boxes and eyes and the crops that `geometry` makes of them, and 48x48 faces with the
network's answers. All images are synthetic; bytes are base64. A runtime passes if its crops are within one grey
level, its int8 outputs equal (same kernel family) and its TF.js probabilities within the stated error.
"""

from __future__ import annotations

import base64
import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from converters.tfjs_runtime import TfjsModel
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import Contract
from face_emotion.errors import InputError
from face_emotion.files import write_json
from face_emotion.geometry import crop_transform, sample_grey, whole_image
from model_build.synthetic.faces import draw_faces

NAME = "golden.json"
FACES = 28
FRAMES = 6
SEED = 48_000
TOLERANCE = {"crop_grey_levels": 1, "int8_steps": 0, "tfjs_probability": 0.02}


def golden(folder: Path, contract: Contract) -> dict[str, Any]:
    """Returns the golden vectors of the artifacts in `folder` (int8.tflite and, if there, tfjs/).

    Raises InputError if an artifact is missing or damaged.
    """
    faces, labels = draw_faces(FACES, SEED)
    quantised = TfliteClassifier(folder / "int8.tflite")
    scale, zero_point = quantised.output_scale
    vectors: dict[str, Any] = {
        "format": 1,
        "tolerance": TOLERANCE,
        "crops": _crops(contract),
        "faces": [_base64(face) for face in faces],
        "drawn_labels": labels.tolist(),
        "int8": {
            "scale": scale,
            "zero_point": zero_point,
            "outputs": quantised.raw(faces).tolist(),
        },
    }
    if (folder / "tfjs").is_dir():
        answers = TfjsModel(folder / "tfjs").probabilities(faces)
        vectors["tfjs"] = {"probabilities": np.round(answers.astype(float), 5).tolist()}
    return vectors


def write_golden(folder: Path, contract: Contract) -> Path:
    """Writes FOLDER/golden.json and returns its path."""
    write_json(folder / NAME, golden(folder, contract))
    return folder / NAME


def check_golden(folder: Path, contract: Contract, vectors: dict[str, Any]) -> list[str]:
    """Recomputes golden vectors and returns one line for each that is outside its tolerance."""
    problems = []
    try:
        if vectors["tolerance"] != TOLERANCE:
            problems.append(f"{NAME}: tolerance {vectors['tolerance']} where {TOLERANCE} is expected")
        for index, (old, new) in enumerate(zip(vectors["crops"], _crops(contract), strict=True)):
            drift = np.abs(_grey(old["grey"]).astype(int) - _grey(new["grey"]))
            if drift.max() > TOLERANCE["crop_grey_levels"]:
                problems.append(f"{NAME}: crop {index} differs by {drift.max()} grey levels")
        faces = np.stack([_grey(face).reshape(48, 48) for face in vectors["faces"]])
        steps = np.abs(
            TfliteClassifier(folder / "int8.tflite").raw(faces).astype(int) - vectors["int8"]["outputs"]
        )
        if steps.max() > TOLERANCE["int8_steps"]:
            problems.append(f"{NAME}: int8.tflite differs by {steps.max()} steps of its output scale")
        if "tfjs" in vectors:
            answers = TfjsModel(folder / "tfjs").probabilities(faces)
            error = float(np.abs(answers - np.array(vectors["tfjs"]["probabilities"])).max())
            if error > TOLERANCE["tfjs_probability"]:
                problems.append(f"{NAME}: the TF.js model differs by {error:.4f} in probability")
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{folder / NAME}: damaged ({error!r}); run `python -m converters golden`") from None
    return problems


def _crops(contract: Contract) -> list[dict[str, Any]]:
    """Frames of every kind (colour, grey, tall, wide) with faces that are small, large, turned or cut off."""
    random = np.random.default_rng(SEED)
    entries = []
    for index in range(FRAMES):
        frame, box, eyes = _frame(random, index)
        transform = crop_transform(box, eyes, contract.crop)
        entries.append(_crop_entry(frame, transform, contract, {"box": box, "eyes": eyes}))
    height, width = frame.shape[:2]
    entries.append(_crop_entry(frame, whole_image(width, height), contract, {}))
    return entries


def _frame(random: np.random.Generator, index: int) -> tuple[np.ndarray, list[float], list[list[float]]]:
    face = draw_faces(1, (SEED, index), size=72)[0][0].astype(np.float64)
    height, width = 72 + 8 * (index % 3), 64 + 24 * (index % 2)
    frame = np.full((height, width, 3), 90.0)
    left, top = int(random.integers(-16, width - 48)), int(random.integers(-16, height - 48))
    rows, columns = slice(max(top, 0), min(top + 72, height)), slice(max(left, 0), min(left + 72, width))
    part = face[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    frame[rows, columns] = part[..., None] * random.uniform(0.7, 1.0, 3)
    if index % 3 == 2:
        frame = frame[..., :1].repeat(3, axis=2)
    side = float(np.round(random.uniform(20, 62), 3))
    x, y = left + 36 - side / 2, top + 40 - side / 2
    tilt = float(np.round(random.uniform(-12, 12), 3))
    eyes = [[left + 24.0, top + 30.0 - tilt / 2], [left + 49.0, top + 30.0 + tilt / 2]]
    return np.floor(frame + 0.5).astype(np.uint8), [x, y, x + side, y + side], eyes


def _crop_entry(
    frame: np.ndarray, transform: Any, contract: Contract, given: dict[str, Any]
) -> dict[str, Any]:
    grey = sample_grey(frame, transform, contract.input_size, contract.luma, contract.crop.max_samples)
    return given | {
        "width": frame.shape[1],
        "height": frame.shape[0],
        "rgb": _base64(frame),
        "transform": dataclasses.asdict(transform),
        "grey": _base64(grey),
    }


def _base64(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")


def _grey(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), np.uint8)
