"""A model on pictures that its training knows nothing of: other people's sets, whole pictures through the detector.

    python -m model_build evaluate models/small --data elsewhere.tar --detect

Faces that are not found count as wrong. Intervals are over people, not pictures: several pictures of one person are not
independent (cluster bootstrap, Davison and Hinkley 1997, section 3.8, resampling whole people).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from face_emotion.arrays import Array, Bytes, Doubles, Flags, Floats, Integers
from face_emotion.contract import FAR, NEAR, Contract
from face_emotion.detector import BlazeFace, Detector
from face_emotion.errors import InputError
from face_emotion.files import read_json, sha256_of
from face_emotion.pictures import read_pixels
from model_build.data.broken import told
from model_build.data.cropping import crop_of
from model_build.data.elsewhere import Picture
from model_build.data.pictures import read_face
from model_build.evaluation.artifacts import Classifier
from model_build.evaluation.coverage import coverage_figures
from model_build.evaluation.metrics import calibration_bins, calibration_error
from model_build.progress import progress_bar

NAME = "off_data.json"
LEAST = 20  # classes with fewer pictures say nothing of their own: they count in the accuracy only
DRAWS, SEED = 2000, 0
KEYS = {
    "pictures",
    "people",
    "not_found",
    "accuracy",
    "accuracy_found",
    "accuracy_interval",
    "mean_recall",
    "mean_recall_interval",
    "classes",
    "recall",
    "ece",
    "certainty",
}


@dataclass(frozen=True)
class Faces:
    """The faces of pictures. crops: uint8 [N,48,48], black where none was found; found: bool [N]."""

    crops: Bytes
    found: Flags
    labels: Integers
    people: Sequence[str]


def cut_out(pictures: Sequence[Picture], contract: Contract, detector: Detector | None) -> Faces:
    """Cuts the surest face out of each picture as a still image's is; without a detector its centre square is the face.

    Raises InputError, naming the first of them, where pictures cannot be read.
    """
    size = contract.input_size
    crops, found = np.zeros((len(pictures), size, size), np.uint8), np.ones(len(pictures), bool)
    bad: list[tuple[str, str]] = []
    with progress_bar("faces", len(pictures)) as advance:
        for index, picture in enumerate(pictures):
            advance(index)
            try:
                crop = (
                    read_face(picture.path) if detector is None else _found(picture.path, contract, detector)
                )
            except ValueError as error:
                bad.append((f"{picture.path.parent.name}/{picture.path.name}", str(error)))
                continue
            found[index] = crop is not None
            if crop is not None:
                crops[index] = crop
    if bad:
        raise InputError(
            told(pictures[0].path.parents[1].name, bad, len(pictures), "mend them or remove them")
        )
    labels = np.array([picture.label for picture in pictures], np.int64)
    return Faces(crops, found, labels, [picture.person for picture in pictures])


def _found(path: Path, contract: Contract, detector: Detector) -> Bytes | None:
    pixels = read_pixels(path)
    # The pictures are portraits: whom near sees is who is meant, and far would only cost time.
    faces = detector.detect(pixels, NEAR) or detector.detect(pixels, FAR)
    if not faces:
        return None
    return crop_of(pixels, faces[0], detector, contract)


def score_off_data(
    classifier: Classifier, faces: Faces, class_names: Sequence[str], unsure_below: float = 0.0
) -> dict[str, Any]:
    """Returns what a classifier's answers to `faces` are worth.

    Keys: pictures, people, not_found (counts); accuracy and mean_recall, with their 95 % intervals over people, and
    recall {class: {recall, pictures}}: a face that was not found is a wrong answer; accuracy_found is that of the faces
    found alone, None if there is none; mean_recall is over the classes of at least 20 pictures, its "classes". ece: the
    expected calibration error over the faces found. certainty: coverage.coverage_figures at unsure_below (0..1), over
    all pictures: a face that was not found has no answer.
    """
    probabilities: Floats = np.asarray(classifier.probabilities(faces.crops), np.float32)
    right = (probabilities.argmax(axis=1) == faces.labels) & faces.found
    counts = np.bincount(faces.labels, minlength=len(class_names))
    large = np.flatnonzero(counts >= LEAST)
    people = np.unique(np.array(faces.people), return_inverse=True)[1]

    def mean_recall(weights: Doubles) -> float:
        return float(np.mean([_share(right, weights * (faces.labels == label)) for label in large]))

    def accuracy(weights: Doubles) -> float:
        return _share(right, weights)

    whole = np.ones(len(right))
    found = faces.found
    return {
        "pictures": len(right),
        "people": int(people.max()) + 1,
        "not_found": int((~found).sum()),
        "accuracy": accuracy(whole),
        "accuracy_found": _share(right, found.astype(np.float64)) if found.any() else None,
        "accuracy_interval": bootstrap(accuracy, people),
        "mean_recall": mean_recall(whole) if len(large) else None,
        "mean_recall_interval": bootstrap(mean_recall, people) if len(large) else None,
        "classes": [class_names[label] for label in large],
        "recall": {
            class_names[label]: {
                "recall": float(right[faces.labels == label].mean()),
                "pictures": int(counts[label]),
            }
            for label in np.flatnonzero(counts)
        },
        "ece": _ece(probabilities[found], right[found]),
        "certainty": coverage_figures(np.where(found, probabilities.max(axis=1), -1.0), right, unsure_below),
    }


def read_off_data(folder: Path) -> list[dict[str, Any]]:
    """Returns what `evaluate` wrote into a folder of other people's pictures, by file name: "data", "sha256",
    "detected", "detector" (its title, None without one), "heads" {head: what score_off_data returned}; nothing if there
    is none, or it is of another int8 file. Files that name no detector were written when the kit had BlazeFace only.

    Raises InputError if a file is damaged.
    """

    def complete(value: dict[str, Any]) -> bool:
        rows = list(value["heads"].values())
        return bool(rows) and all(row.keys() >= KEYS for row in rows) and "detected" in value

    found = read_beside(folder, NAME, complete, "evaluate")
    return [{"detector": BlazeFace.title if value["detected"] else None} | value for value in found]


def read_beside(
    folder: Path, name: str, complete: Callable[[dict[str, Any]], bool], verb: str
) -> list[dict[str, Any]]:
    """Returns the figures on other data sets beside a folder's own, in order of their files' names.

    name: "off_data.json" for off_data.*.json. complete: whether a file holds what it should, "data" apart. verb: what
    writes them. Those of another int8 file than the folder's are left out. Raises InputError for a damaged file.
    """
    found = []
    stem, _, suffix = name.rpartition(".")
    for path in sorted(folder.glob(f"{stem}.*.{suffix}")):
        value = read_json(path)
        try:
            usable = "data" in value and complete(value)
        except (KeyError, TypeError, AttributeError):
            usable = False
        if not usable:
            raise InputError(f"{path}: not what this kit writes there; run {verb} with its --data again")
        file = folder / "int8.tflite"
        if "sha256" not in value or (file.is_file() and sha256_of(file) == value["sha256"]):
            found.append(value)
    return found


def bootstrap(figure: Callable[[Doubles], float], people: Array) -> list[float]:
    """Returns the 95 % interval of a figure of weighted pictures when people are drawn anew, always the same draws.

    figure: of weights float [N]; people: integers [N] from 0, who each picture shows.
    """
    random = np.random.default_rng(SEED)
    count = int(people.max()) + 1
    even = np.full(count, 1 / count)
    drawn = [figure(random.multinomial(count, even)[people].astype(np.float64)) for _ in range(DRAWS)]
    return [float(end) for end in np.nanpercentile(drawn, [2.5, 97.5])]


def _ece(probabilities: Floats, right: Flags) -> float | None:
    return calibration_error(calibration_bins(probabilities.max(axis=1), right)) if len(right) else None


def _share(right: Flags, weights: Array) -> float:
    total = weights.sum()
    return float((weights * right).sum() / total) if total else float("nan")
