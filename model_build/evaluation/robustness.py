"""Accuracy against the severity of what cameras do to a face: light, blur, noise, JPEG, covers, turns, distance.

    python -m model_build robustness models/small --data fer2013.tar.gz --votes fer2013new.csv

Measured on the images on which choices are made (PublicTest without its copies of Training images), never on the test
split. Writes robustness.json and robustness.png beside evaluation.json; report and card show them.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numpy as np

from converters.manifest import read_contract
from face_emotion.arrays import Bytes, Integers
from face_emotion.contract import BOTH_HEADS, LABELS_HEAD, VOTES_HEAD
from face_emotion.errors import InputError, why
from face_emotion.files import read_json, sha256_of, write_json
from model_build.data.dataset import SELECTION, Dataset
from model_build.evaluation import metrics
from model_build.evaluation.artifacts import ARTIFACTS as PLACES
from model_build.evaluation.artifacts import Classifier, open_artifact
from model_build.evaluation.evaluate import WITHOUT_LEAKED
from model_build.evaluation.evaluation_file import file_for, rounded
from model_build.evaluation.robustness_damage import DAMAGES, Damage
from model_build.progress import progress_bar
from model_build.training.selection import selection_set

NAME = "robustness.json"
ARTIFACTS = ("int8", "int8_ptq", "float16", "float32", "tfjs")


def write_robustness(
    folder: Path, dataset: Dataset, artifact: str | None = None, seed: int = 0, head: str = BOTH_HEADS
) -> dict[str, Any]:
    """Measures one artifact of a build or models folder; writes and returns FOLDER/robustness.json (see `file_for`).

    artifact: one of ARTIFACTS, by default the first that the folder has. head: whose answer is measured, and by whose
    labels: "votes" by the crowd's, "labels" and "both" (the default answer) by the data set's. Keys: those of
    `measure`, "artifact", "head", "sha256" (of a .tflite file, else None), "dataset" {name, digest} and "set".
    Raises InputError if the artifact or the head is missing or the data set has other classes or no such split.
    """
    if artifact is not None and artifact not in ARTIFACTS:
        raise InputError(f"--artifact {artifact}: use one of {', '.join(ARTIFACTS)}")
    name = artifact or next((kind for kind in ARTIFACTS if _place(folder, kind).exists()), None)
    if name is None or not _place(folder, name).exists():
        raise InputError(f"{folder}: has no {name or 'artifact'} to measure; run build or convert first")
    asked = _asked(folder, dataset, head)
    if asked == VOTES_HEAD and dataset.votes is None:
        raise InputError(f"{folder}: answers with the crowd's labels; give --votes too")
    selection = selection_set(dataset, asked)
    classifier = open_artifact(folder, name, head)
    result: dict[str, Any] = rounded(measure(classifier, selection.images, selection.labels, seed)) | {
        "artifact": name,
        "head": head,
        "sha256": sha256_of(_place(folder, name)) if _place(folder, name).is_file() else None,
        "dataset": {"name": dataset.name, "digest": dataset.digest},
        "set": f"{dataset.split_names[SELECTION]} {WITHOUT_LEAKED}"
        + (", FER+ own rule" if asked == VOTES_HEAD else ""),
    }
    write_json(folder / file_for(folder, NAME, dataset.name, dataset.digest), result)
    return result


def measure(
    classifier: Classifier,
    images: Bytes,
    labels: Integers,
    seed: int,
    damages: tuple[Damage, ...] = DAMAGES,
) -> dict[str, Any]:
    """Returns accuracy on images as they are and at each degree of each damage; the same for the same seed.

    images: uint8 [N,48,48]; labels: integers [N]. Keys: "images" (N), "seed", "clean" {accuracy, interval} and
    "damages" [{name, unit, levels [{amount, accuracy, interval}]}], intervals 95 % (Wilson).
    """
    found = []
    total = 1 + sum(len(damage.amounts) for damage in damages)
    with progress_bar("robustness", total) as advance:
        clean = _accuracy(classifier, images, labels)
        done = 1
        for damage in damages:
            levels = []
            for level in range(len(damage.amounts)):
                advance(done)
                spoilt = damaged(images, damage, level, seed)
                levels.append({"amount": damage.amounts[level]} | _accuracy(classifier, spoilt, labels))
                done += 1
            found.append({"name": damage.name, "unit": damage.unit, "levels": levels})
    return {"images": len(labels), "seed": seed, "clean": clean, "damages": found}


def damaged(images: Bytes, damage: Damage, level: int, seed: int) -> Bytes:
    """Returns uint8 [N,48,48] at degree `level` (0..4); a damage draws the same numbers at every other one's side."""
    generator = np.random.default_rng([seed, zlib.crc32(damage.name.encode()), level])
    return np.stack([damage.apply(image, damage.amounts[level], generator) for image in images])


def read_robustness(folder: Path, evaluation: dict[str, Any]) -> dict[str, Any]:
    """Returns FOLDER/robustness.json, or {} if there is none, or it is of another artifact file or data set.

    evaluation: what evaluation.json holds. Raises InputError if the file is damaged.
    """
    path = folder / NAME
    if not path.exists():
        return {}
    result = read_json(path)
    try:
        place = _place(folder, result["artifact"])
        same = result["dataset"]["digest"] == evaluation["dataset"]["digest"]
        if result["sha256"] is not None:
            same = same and place.is_file() and sha256_of(place) == result["sha256"]
        for entry in (result["clean"], *(level for d in result["damages"] for level in d["levels"])):
            entry["accuracy"], entry["interval"]
    except (KeyError, TypeError) as error:
        raise InputError(
            f"{path}: not what this kit writes there ({why(error)}); run robustness again"
        ) from None
    return result if same else {}


def worst_damage(result: dict[str, Any]) -> dict[str, Any] | None:
    """Returns where the fewest images are right: {name, unit, degree (from 1), amount, accuracy, least}, or None.

    result: what robustness.json holds, or {}. least: the level of degree 1 of the same damage.
    """
    found = [
        {"name": damage["name"], "unit": damage["unit"], "degree": degree, "least": damage["levels"][0]}
        | level
        for damage in result.get("damages", [])
        for degree, level in enumerate(damage["levels"], start=1)
    ]
    return min(found, key=lambda level: level["accuracy"], default=None)


def _accuracy(classifier: Classifier, images: Bytes, labels: Integers) -> dict[str, Any]:
    right = int((classifier.probabilities(images).argmax(axis=1) == labels).sum())
    return {"accuracy": right / len(labels), "interval": metrics.wilson_interval(right, len(labels))}


def _place(folder: Path, artifact: str) -> Path:
    return folder / PLACES[artifact][0]


def _asked(folder: Path, dataset: Dataset, head: str) -> str:
    """Returns the head whose labels an answer is compared with; checks the classes of the folder's contract."""
    contract = read_contract(folder)
    if contract.labels != dataset.class_names:
        labels = ", ".join(contract.labels)
        raise InputError(f"--data: {dataset.name} has other classes than {folder} ({labels})")
    contract.weights(head)
    if head != BOTH_HEADS:
        return head
    return LABELS_HEAD if LABELS_HEAD in contract.heads else VOTES_HEAD
