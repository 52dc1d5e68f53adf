"""An .onnx file beside the .tflite files of its folder: how far its numbers are off, how often int8 says the same.

    found = check(Path("small.onnx"), Path("models/small"))

The faces are those of the folder's golden vectors, mixed with one another, mirrored, lit and made noisy by a fixed
seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from converters import golden
from converters.manifest import read_contract
from converters.onnx_file import answers, float_file
from face_emotion.arrays import Bytes
from face_emotion.classifier import TfliteClassifier
from face_emotion.errors import InputError
from face_emotion.files import read_json

COUNT = 1000
TOLERANCE = 1e-5  # of a probability


@dataclass(frozen=True)
class Found:
    """deviation: largest of a probability from float32.tflite's; logits: the same of the logits, over the largest of
    them (0..1). agreement: share (0..1) of faces to which int8.tflite gives the same label, None without that file."""

    faces: int
    deviation: float
    logits: float
    agreement: float | None

    def sentence(self) -> str:
        """Returns what was found, in words."""
        text = f"on {self.faces:,} faces probabilities within {self.deviation:.1e} of float32.tflite's"
        if self.agreement is None:
            return text
        return f"{text}; int8.tflite gives the same label to {100 * self.agreement:.1f} %"


def check(path: Path, folder: Path, faces: Bytes | None = None) -> Found:
    """Compares an .onnx file with its folder's files on grey crops uint8 [N,48,48] (default: `varied_faces`).

    Raises InputError if a probability is further off than TOLERANCE.
    """
    contract = read_contract(folder)
    faces = varied_faces(folder) if faces is None else faces
    probabilities, logits = answers(path, faces)
    wanted, wanted_logits = TfliteClassifier(float_file(folder), contract).outputs(faces)
    deviation = float(np.abs(probabilities - wanted).max())
    spread = float(np.abs(logits - wanted_logits).max() / np.abs(wanted_logits).max())
    if not deviation <= TOLERANCE:
        raise InputError(
            f"{path}: probabilities are up to {deviation:.2g} from those of {folder / 'float32.tflite'}"
        )
    agreement = None
    if (folder / "int8.tflite").exists():
        int8 = TfliteClassifier(folder / "int8.tflite", contract).probabilities(faces)
        agreement = float((int8.argmax(axis=1) == probabilities.argmax(axis=1)).mean())
    return Found(len(faces), deviation, spread, agreement)


def varied_faces(folder: Path, count: int = COUNT, seed: int = 0) -> Bytes:
    """Returns grey crops uint8 [count,48,48] made of the faces of FOLDER/golden.json."""
    stored = _golden_faces(folder / golden.NAME)
    random = np.random.default_rng(seed)
    first, second = (stored[random.integers(0, len(stored), count)].astype(np.float64) for _ in range(2))
    share, light, dark, noise = (random.uniform(0, 1, (count, 1, 1)) for _ in range(4))
    mixed = first + 0.5 * share * (second - first)
    mixed = np.where(random.uniform(0, 1, (count, 1, 1)) < 0.5, mixed, mixed[:, :, ::-1])
    mixed = 255 * (mixed / 255) ** (0.5 + 1.5 * light) * (0.3 + 0.7 * dark)
    mixed += random.normal(0, 1, mixed.shape) * 16 * noise
    result: Bytes = np.clip(np.rint(mixed), 0, 255).astype(np.uint8)
    return result


def _golden_faces(path: Path) -> Bytes:
    try:
        stored = [golden.grey_levels(face).reshape(48, 48) for face in read_json(path)["faces"]]
    except InputError:
        raise
    except (KeyError, TypeError, ValueError):
        raise InputError(f"{path}: damaged; run python -m model_build golden {path.parent}") from None
    return np.array(stored)
