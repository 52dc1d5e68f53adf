"""Where the detector's boxes, eyes and mouth stand in the training crops, and what detecting costs in accuracy.

    python -m model_build crop-calibration --data fer2013.tar.gz                        # medians, find rate
    python -m model_build crop-calibration --data fer2013.tar.gz --model models/small   # and the cost in accuracy
    python -m model_build crop-calibration --data fer2013.tar.gz --model models/small --plot   # into the model's folder

Each face is enlarged and put on a flat canvas of its own mean grey, as a part of a larger picture, and searched for by
one look of the face detector. The medians over Training faces are what the crop in the detector's manifest has to be.
With --model the selection split's faces that are found are classified twice: as they are, and cut out again by box,
eyes and that crop.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np

from converters.face_detector import FOLDER as DETECTOR
from face_emotion.arrays import Bytes, Doubles
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import Crop
from face_emotion.detection import Detection
from face_emotion.detector import Detector
from face_emotion.errors import InputError
from face_emotion.files import atomic_path
from face_emotion.geometry import crop_transform, sample_grey
from face_emotion.model_files import ModelFolder
from face_emotion.recognizer import ARTIFACT
from model_build.data.dataset import SELECTION, TRAINING, Dataset
from model_build.data.loading import load
from model_build.data.stored import Images
from model_build.progress import progress_bar

PADDING = 0.35  # of the face's side, on each of the four sides
ENLARGED = 4
SEED = 600
POINTS = ("right_eye", "left_eye", "nose_tip", "right_mouth_corner", "left_mouth_corner")


def framed(face: Bytes) -> Bytes:
    """Returns a face uint8 [S,S], enlarged four times, on a canvas of its mean grey that is wider by the padding."""
    around = round(face.shape[0] * PADDING)
    canvas = np.pad(face, around, constant_values=round(float(face.mean())))
    return cast(Bytes, cv2.resize(canvas, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC))


def detect_all(faces: Images, detector: Detector) -> list[Detection | None]:
    """Returns what is found in each framed face of uint8 [N,S,S]: the surest detection, in the frame's pixels."""
    found: list[Detection | None] = []
    with progress_bar("detecting", len(faces)) as advance:
        for face in faces:
            found.append(next(iter(detector.detect(framed(face))), None))
            advance(len(found))
    return found


def positions(found: list[Detection | None], size: int) -> dict[str, Doubles]:
    """Returns where things stand in the crops of `size` pixels, as fractions of the side, over the faces found.

    "box_width" [n]; "box_center" [n,2], about the crop's centre turned back by the eye line, as a crop's
    box_center is meant; each of POINTS [n,2]. Raises InputError if no face was found.
    """
    faces = [face for face in found if face is not None]
    if not faces:
        raise InputError(f"no face found in {len(found)} images: they are no upright faces")
    around, side = round(size * PADDING), float(size)

    def inside(points: list[Any]) -> Doubles:
        return (np.reshape(points, (-1, 2)) / ENLARGED - around) / side

    boxes = np.reshape([face.box for face in faces], (-1, 4))
    center = inside((boxes[:, :2] + boxes[:, 2:]) / 2) - 0.5
    angles = np.array([crop_transform(face.box, face.eyes, Crop()).angle for face in faces])
    cosine, sine = np.cos(angles), np.sin(angles)
    turned = np.stack(
        [center[:, 0] * cosine + center[:, 1] * sine, center[:, 1] * cosine - center[:, 0] * sine], 1
    )
    places = {name: inside([face.keypoints[name] for face in faces]) for name in POINTS}
    return {"box_width": (boxes[:, 2] - boxes[:, 0]) / ENLARGED / side, "box_center": turned + 0.5} | places


def summary(found: list[Detection | None], size: int) -> tuple[dict[str, Any], dict[str, Doubles]]:
    """Returns {"faces", "found" (share), "median", "spread" (quartile range)} and what `positions` returns.

    found: what `detect_all` returns for faces of `size` pixels. Raises InputError if it holds no face.
    """
    places = positions(found, size)
    low, median, high = (
        {name: np.quantile(values, share, axis=0) for name, values in places.items()}
        for share in (0.25, 0.5, 0.75)
    )
    result = {
        "faces": len(found),
        "found": len(places["box_width"]) / len(found),
        "median": {name: np.round(value, 3).tolist() for name, value in median.items()},
        "spread": {name: np.round(high[name] - low[name], 3).tolist() for name in median},
    }
    return result, places


def through_detector(dataset: Dataset, detector: Detector, model: ModelFolder) -> dict[str, float]:
    """Returns what detecting costs on a data set's rows: {"faces", "found", "direct", "cropped"}.

    found: share of faces found; direct, cropped: accuracy on those as they are, and cut out of the frame.
    Raises InputError if the labels differ or none is found.
    """
    contract, crop = model.contract, detector.crop(model.contract.crop)
    if contract.labels != dataset.class_names:
        raise InputError(f"{model.path}: its labels are not the data set's {dataset.class_names}")
    classifier = TfliteClassifier(model.artifact(ARTIFACT), contract)
    found = detect_all(dataset.images, detector)
    seen = [(row, face) for row, face in enumerate(found) if face is not None]
    rows = np.array([row for row, _ in seen], np.int64)
    if not len(rows):
        raise InputError(f"no face found in {len(found)} images: they are no upright faces")
    crops = [
        sample_grey(
            framed(dataset.images[row]),
            crop_transform(face.upright_box, face.eyes, crop),
            contract.input_size,
            contract.luma,
            crop.max_samples,
        )
        for row, face in seen
    ]
    direct, cropped = (
        float((classifier.probabilities(images).argmax(axis=1) == dataset.labels[rows]).mean())
        for images in (dataset.images[rows], np.stack(crops))
    )
    return {"faces": len(found), "found": len(rows) / len(found), "direct": direct, "cropped": cropped}


def plot(places: dict[str, Doubles], crop: Crop, path: Path) -> None:
    """Draws where boxes, eyes, nose and mouth stand in the crop, and the box that `crop` states, into a PNG file."""
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    figure = Figure(figsize=(5, 5.6), layout="constrained")
    axes = figure.subplots()
    axes.set(xlim=(0, 1), ylim=(1, 0), aspect="equal", title="Key points in the training crops")
    for name in POINTS:
        axes.plot(*places[name].T, ".", markersize=2, label=name.replace("_", " "))
    for width, (x, y), style, name in (
        (float(np.median(places["box_width"])), np.median(places["box_center"], axis=0), "-", "median box"),
        (crop.box_width, crop.box_center, ":", "the manifest's box"),
    ):
        corner = (x - width / 2, y - width / 2)
        axes.add_patch(Rectangle(corner, width, width, fill=False, linestyle=style, label=name))
    figure.legend(loc="outside lower center", ncols=3, fontsize="small")
    with atomic_path(path) as partial:
        figure.savefig(partial, format="png", dpi=120)


def run(data: str, count: int, model_folder: Path | None, picture: Path | None) -> None:
    """Prints find rate and medians over `count` training faces; with a model what detecting costs; draws the plot.

    data: a data set, as for python -m model_build. Raises InputError as `summary` and `through_detector` do.
    """
    model = ModelFolder.open(model_folder) if model_folder else None
    dataset, detector = load(data), Detector.load(DETECTOR)
    faces = dataset.part(TRAINING).images
    faces = faces[np.sort(np.random.default_rng(SEED).permutation(len(faces))[:count])]
    found = detect_all(faces, detector)
    result, places = summary(found, faces.shape[1])
    print(
        f"{result['found']:.1%} of {result['faces']} Training faces found; medians and quartile ranges in the crop:"
    )
    for name, value in result["median"].items():
        print(f"{name:18} {value}  ± {result['spread'][name]}")
    crop = detector.crop(Crop())
    print(f"{'the manifest':18} box_width {crop.box_width}, box_center {list(crop.box_center)}")
    if picture:
        plot(places, crop, picture)
    if model is not None:
        cost = through_detector(dataset.part(SELECTION), detector, model)
        print(
            f"{dataset.split_names[SELECTION]}: {cost['found']:.1%} of {cost['faces']} faces found; accuracy on those "
            f"{cost['direct']:.2%} as they are, {cost['cropped']:.2%} through the detector"
        )
