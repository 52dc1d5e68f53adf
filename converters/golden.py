"""Golden vectors: fixed inputs and the expected output of every stage, for every runtime to be tested against.

    python -m model_build golden models/small

golden.json holds frames with boxes and eyes and the crops that `geometry` makes of them, and 48x48 faces, well and
badly lit, with what becomes of them at each stage: normalised, the network's logits, the answer of each head. All
images are synthetic; bytes are base64. A runtime passes if its crops are within one grey level, its normalised faces,
int8 logits (same kernel family) and their answers equal, and its TF.js probabilities within the stated error.
"""

from __future__ import annotations

import base64
import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from converters.tfjs_runtime import TfjsModel
from face_emotion.arrays import Bytes, Doubles, Floats, Integers
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import BOTH_HEADS, Contract
from face_emotion.errors import InputError, why
from face_emotion.files import write_json
from face_emotion.geometry import Transform, crop_transform, sample_grey, whole_image
from face_emotion.normalization import normalized
from face_emotion.softmax import probabilities_of, scores

NAME = "golden.json"
FRAMES = 6
SEED = 48_000
Box = tuple[float, float, float, float]
Point = tuple[float, float]
FORMAT = 2
TOLERANCE = {
    "crop_grey_levels": 1,
    "normalized_grey_levels": 0,
    "int8_steps": 0,
    "int8_probability": 0,
    "tfjs_probability": 0.02,
}
# Scores, in 1 / 256, that no network need give: equal ones, some at both ends of the table and beyond it.
SCORES = (
    (0, 0, 0, 0, 0, 0, 0),
    (-300, 120, 119, 121, -4000, 2, 77),
    (4095, 0, 1, 4094, 2048, 4096, -1),
    (100000, 0, 99999, 95905, 95904, 95903, -100000),
)


@dataclass(frozen=True)
class Pictures:
    """What golden vectors are made from: drawn pictures, so that they may be published.

    faces: uint8 [N,48,48], what the network answers to. labels: int [N], what they were drawn as. large: uint8
    [FRAMES,72,72], a face for each frame that crops are cut from.
    """

    faces: Bytes
    labels: Integers
    large: Bytes


def golden(folder: Path, contract: Contract, pictures: Pictures) -> dict[str, Any]:
    """Returns the golden vectors of the artifacts in `folder` (int8.tflite and, if there, tfjs/).

    Raises InputError if an artifact is missing or damaged.
    """
    faces = with_bad_light(pictures.faces)
    quantised = TfliteClassifier(folder / "int8.tflite", contract)
    if quantised.output_scale is None:
        raise InputError(f"{quantised.path}: gives float32 where uint8 is expected of an int8 network")
    scale, zero_point = quantised.output_scale
    outputs, logits = quantised.outputs(faces)
    vectors: dict[str, Any] = {
        "format": FORMAT,
        "labels": list(contract.labels),
        "heads": list(contract.heads),
        "tolerance": TOLERANCE,
        "crops": _crops(contract, pictures.large),
        "faces": [_base64(face) for face in faces],
        "normalized": [_base64(face) for face in normalized(faces, contract.normalization)],
        "drawn_labels": pictures.labels.tolist(),
        "int8": {
            "scale": scale,
            "zero_point": zero_point,
            "logits": logits.tolist(),
            "outputs": outputs.tolist(),
            "probabilities": _answers(logits, scale, zero_point, contract),
        },
        "softmax": {
            "scores": [list(row) for row in SCORES],
            "probabilities": probabilities_of(np.array(SCORES)).astype(float).tolist(),
        },
    }
    if (folder / "tfjs").is_dir():
        answers = TfjsModel(folder / "tfjs", contract).probabilities(faces)
        vectors["tfjs"] = {"probabilities": np.round(answers.astype(float), 5).tolist()}
    return vectors


def with_bad_light(faces: Bytes) -> Bytes:
    """Returns uint8 [N + 7,48,48]: the faces, and behind them the first six spoilt, and one grey without a face.

    A twentieth and a third of the light, a tenth of the contrast, both ends cut off, 7 levels, and 12.
    """
    first = faces[:6].astype(np.int64)
    spoilt = [
        first[0] // 20,
        first[1] // 3,
        first[2] // 10 + 100,
        np.clip(first[3] * 3 - 256, 0, 255),
        first[4] * 7 // 256 + 30,
        (first[5] - first[5].min()) * 12 // (np.ptp(first[5]) + 1) + 240,
        np.full_like(first[0], 128),
    ]
    return np.concatenate([faces, np.stack(spoilt).astype(np.uint8)])


def heads_of(contract: Contract) -> tuple[str, ...]:
    """Returns whose answers a network gives: each head's and, if there are two, both together."""
    return contract.heads if len(contract.heads) == 1 else (BOTH_HEADS, *contract.heads)


def _answers(logits: Bytes | Floats, scale: float, zero_point: int, contract: Contract) -> dict[str, Any]:
    """Probabilities by head; each is a float32 written out in full, so that it reads back as the same number."""
    return {
        head: probabilities_of(scores(logits.astype(np.uint8), scale, zero_point, contract.weights(head)))
        .astype(float)
        .tolist()
        for head in heads_of(contract)
    }


def write_golden(folder: Path, contract: Contract, pictures: Pictures) -> Path:
    """Writes FOLDER/golden.json and returns its path."""
    write_json(folder / NAME, golden(folder, contract, pictures))
    return folder / NAME


def check_golden(folder: Path, contract: Contract, vectors: dict[str, Any]) -> list[str]:
    """Recomputes golden vectors and returns one line for each that is outside its tolerance."""
    problems = []
    try:
        if vectors["tolerance"] != TOLERANCE:
            problems.append(f"{NAME}: tolerance {vectors['tolerance']} where {TOLERANCE} is expected")
        if len(vectors["crops"]) != FRAMES + 1:
            raise ValueError(f"{len(vectors['crops'])} crops where {FRAMES + 1} are expected")
        for index, entry in enumerate(vectors["crops"]):
            drift = np.abs(grey_levels(entry["grey"]).astype(int) - crop_again(entry, contract).ravel())
            if drift.max() > TOLERANCE["crop_grey_levels"]:
                problems.append(f"{NAME}: crop {index} differs by {drift.max()} grey levels")
        if (vectors["labels"], vectors["heads"]) != (list(contract.labels), list(contract.heads)):
            problems.append(f"{NAME}: {vectors['labels']}, {vectors['heads']} are not the contract's")
        faces = np.stack([grey_levels(face).reshape(48, 48) for face in vectors["faces"]])
        seen = np.stack([grey_levels(face).reshape(48, 48) for face in vectors["normalized"]])
        if (normalized(faces, contract.normalization) != seen).any():
            problems.append(f"{NAME}: normalised faces differ")
        int8 = vectors["int8"]
        logits = TfliteClassifier(folder / "int8.tflite", contract).raw(faces)
        steps = np.abs(logits.astype(int) - int8["logits"])
        if steps.max() > TOLERANCE["int8_steps"]:
            problems.append(f"{NAME}: int8.tflite differs by {steps.max()} steps of its output scale")
        stated = np.array(int8["logits"], np.uint8)
        if int8["probabilities"] != _answers(stated, int8["scale"], int8["zero_point"], contract):
            problems.append(f"{NAME}: the answers do not follow from the logits")
        table = vectors["softmax"]
        again = probabilities_of(np.array(table["scores"])).astype(float).tolist()
        if again != table["probabilities"] or table["scores"] != [list(row) for row in SCORES]:
            problems.append(f"{NAME}: softmax: the probabilities do not follow from the scores")
        if "tfjs" in vectors:
            answers = TfjsModel(folder / "tfjs", contract).probabilities(faces)
            error = float(np.abs(answers - np.array(vectors["tfjs"]["probabilities"])).max())
            if error > TOLERANCE["tfjs_probability"]:
                problems.append(f"{NAME}: the TF.js model differs by {error:.4f} in probability")
    except InputError:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{folder / NAME}: damaged ({why(error)}); run `python -m model_build golden`"
        ) from None
    return problems


def crop_again(entry: dict[str, Any], contract: Contract) -> Bytes:
    """Returns uint8 [48,48]: the crop of a golden entry's frame by its box and eyes, by none the whole frame's."""
    width, height = entry["width"], entry["height"]
    frame = grey_levels(entry["rgb"]).reshape(height, width, 3)
    known = "box" in entry
    transform = (
        crop_transform(entry["box"], entry["eyes"], contract.crop) if known else whole_image(width, height)
    )
    return sample_grey(frame, transform, contract.input_size, contract.luma, contract.crop.max_samples)


def _crops(contract: Contract, faces: Bytes) -> list[dict[str, Any]]:
    """Frames of every kind (colour, grey, tall, wide) with faces that are small, large, turned or cut off."""
    random = np.random.default_rng(SEED)
    entries = []
    for index, face in enumerate(faces):
        frame, box, eyes = _frame(random, index, face.astype(np.float64))
        transform = crop_transform(box, eyes, contract.crop)
        given = {"box": list(box), "eyes": [list(eye) for eye in eyes]}  # as JSON gives them back
        entries.append(_crop_entry(frame, transform, contract, given))
    height, width = frame.shape[:2]
    entries.append(_crop_entry(frame, whole_image(width, height), contract, {}))
    return entries


def _frame(random: np.random.Generator, index: int, face: Doubles) -> tuple[Bytes, Box, tuple[Point, Point]]:
    """A frame with a face in it, and the face's box and eyes."""
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
    eyes = ((left + 24.0, top + 30.0 - tilt / 2), (left + 49.0, top + 30.0 + tilt / 2))
    return np.floor(frame + 0.5).astype(np.uint8), (x, y, x + side, y + side), eyes


def _crop_entry(
    frame: Bytes, transform: Transform, contract: Contract, given: dict[str, Any]
) -> dict[str, Any]:
    grey = sample_grey(frame, transform, contract.input_size, contract.luma, contract.crop.max_samples)
    return given | {
        "width": frame.shape[1],
        "height": frame.shape[0],
        "rgb": _base64(frame),
        "transform": dataclasses.asdict(transform),
        "grey": _base64(grey),
    }


def _base64(values: Bytes) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")


def grey_levels(text: str) -> Bytes:
    """Returns the bytes that a string of golden.json stands for, uint8 [pixels]."""
    return np.frombuffer(base64.b64decode(text), np.uint8)
