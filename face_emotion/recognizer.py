"""Faces and their expressions in a picture or a video: detector, crop, classifier, tracker and smoother in one call.

    from face_emotion import EmotionRecognizer

    recognizer = EmotionRecognizer.load()        # the packaged model; or load("models/small"), load("my.tflite")
    for face in recognizer.recognize("photo.jpg"):
        print(face.label, face.probabilities[face.label], face.box)

A still image needs no time. Frames of a video or webcam get theirs in seconds, from any clock that runs on; then each
face has a track number, and its probabilities and label are smoothed as the contract says:

    faces = recognizer.recognize(frame, time=frame_number / 25)
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from face_emotion.arrays import Bytes, Doubles, Floats
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import BOTH_HEADS, Contract
from face_emotion.detector import Detection, Detector
from face_emotion.errors import InputError
from face_emotion.geometry import Transform, crop_transform, sample_grey, whole_image
from face_emotion.model_files import ModelFolder, packaged
from face_emotion.pictures import check_sides, pixels_of, read_pixels
from face_emotion.smoother import Smoother
from face_emotion.tracker import Tracker

MODEL, ARTIFACT = "small", "int8"
DETECTOR = "face_detector"  # its folder stands beside the model's


@dataclass(frozen=True)
class Face:
    """One face of an image.

    box: (x_min, y_min, x_max, y_max) in pixels of the image, may reach outside it; score: the detector's, 0..1;
    track: a number that stays with this face from frame to frame, None for a still image; probabilities: of each
    label, 0..1, in the order of the contract, smoothed over time if the frame had one; label: the expression to
    show, which is the most probable one, or for a track the one that the contract's hysteresis holds.
    """

    box: tuple[float, float, float, float]
    score: float
    track: int | None
    probabilities: dict[str, float]
    label: str


class EmotionRecognizer:
    """Finds faces and reads their expressions. One object a video; not to be shared between threads.

    Attributes: contract (Contract), labels (the class names in the order of the probabilities).
    """

    def __init__(self, contract: Contract, classifier: TfliteClassifier, detector: Detector | None) -> None:
        """Takes the parts (`load` makes them from files); without a detector only cropped=True works.

        Raises InputError if the classifier does not have one output for each label of the contract.
        """
        if classifier.class_count != len(contract.labels):
            raise InputError(
                f"{classifier.path}: {classifier.class_count} classes where the manifest has "
                f"{len(contract.labels)} labels"
            )
        self.contract, self.labels = contract, contract.labels
        self._classifier, self._detector = classifier, detector
        self.reset()

    @classmethod
    def load(
        cls,
        model: str | os.PathLike[str] | None = None,
        detector: str | os.PathLike[str] | None = None,
        threads: int = 1,
        head: str = BOTH_HEADS,
    ) -> EmotionRecognizer:
        """Loads a released model and the face detector.

        model: a model folder, its manifest.json (both stand for its int8 network) or one of its .tflite files;
        None for the one that comes with the package; detector: the detector's folder (default: `face_detector`
        beside the model's folder, else the packaged one); threads: >= 1. head: whose answer: "labels" (FER2013's
        annotators), "votes" (the ten people of FER+ that were asked about each image), or "both" (default, the
        contract's blend of them).
        Raises InputError if the network has no such head, if a file is missing, or its sha256 is not the one in its
        manifest.
        """
        model = packaged(MODEL) if model is None else model
        folder = ModelFolder.open(model)
        name = Path(model).name
        artifact = folder.artifact_of(name) if name.endswith(".tflite") else ARTIFACT
        contract = folder.contract
        classifier = TfliteClassifier(folder.artifact(artifact), contract, head, threads)
        if detector is None:
            beside = folder.path.resolve().parent / DETECTOR
            detector = beside if beside.is_dir() else packaged(DETECTOR)
        return cls(contract, classifier, Detector.load(detector, threads))

    def recognize(
        self,
        image: Bytes | Image.Image | str | os.PathLike[str],
        time: float | None = None,
        cropped: bool = False,
    ) -> list[Face]:
        """Returns the faces of an image, the detector's surest first.

        image: uint8 [H,W,3] RGB (OpenCV gives BGR: pass frame[:, :, ::-1]), [H,W,4] RGBA (alpha is ignored) or
        [H,W] grey, H and W >= 8; a Pillow picture; or the path of a picture file. EXIF orientation of the latter
        two is honoured, and boxes are in pixels of the upright picture. time: of a video's frame in seconds;
        None for a still image, which neither uses nor changes the state of tracks. cropped: the image is one
        face already, cut as tightly as the training faces; nothing is detected, its box is the whole image.
        Raises InputError, with one line, for an image that cannot be read or a time that is not finite.
        """
        pixels = _pixels(image)
        found = _whole(pixels) if cropped else self._detect(pixels)
        faces = [face for face, _ in found]
        probabilities = self._classify(pixels, [transform for _, transform in found])
        shown: list[tuple[int | None, Floats | Doubles, int]]
        if time is None:
            shown = [(None, values, int(values.argmax())) for values in probabilities]
        else:
            tracks = self._tracker.update([face.box for face in faces], time)
            shown = [
                (track, *self._smoother.update(track, values, time))
                for track, values in zip(tracks, probabilities, strict=True)
            ]
        return [
            Face(
                box=face.box,
                score=face.score,
                track=track,
                probabilities=dict(zip(self.labels, map(float, values), strict=True)),
                label=self.labels[label],
            )
            for face, (track, values, label) in zip(faces, shown, strict=True)
        ]

    def reset(self) -> None:
        """Forgets every track: the next frame belongs to another video. Track numbers begin at 1 again."""
        self._tracker = Tracker(self.contract.smoothing.reset_after)
        self._smoother = Smoother(self.contract.smoothing)

    def _detect(self, pixels: Bytes) -> list[tuple[Detection, Transform]]:
        if self._detector is None:
            raise InputError("this recognizer has no face detector: pass cropped=True, or load it with one")
        crop = self.contract.crop
        return [(face, crop_transform(face.box, face.eyes, crop)) for face in self._detector.detect(pixels)]

    def _classify(self, pixels: Bytes, transforms: Sequence[Transform]) -> Floats:
        """The probabilities of each crop, float32 [n,K]."""
        size, luma, samples = self.contract.input_size, self.contract.luma, self.contract.crop.max_samples
        crops = [sample_grey(pixels, transform, size, luma, samples) for transform in transforms]
        return self._classifier.probabilities(np.reshape(crops, (-1, size, size)).astype(np.uint8))


def _whole(pixels: Bytes) -> list[tuple[Detection, Transform]]:
    height, width = pixels.shape[:2]
    face = Detection(box=(0.0, 0.0, float(width), float(height)), score=1.0, keypoints={})
    return [(face, whole_image(width, height))]


def _pixels(image: Bytes | Image.Image | str | os.PathLike[str]) -> Bytes:
    """The image as an array; the geometry refuses arrays of another type or shape."""
    read: Callable[[], Bytes]
    if isinstance(image, (str, os.PathLike)):
        name, read = str(image), partial(read_pixels, image)
    elif isinstance(image, Image.Image):
        name, read = "picture", partial(pixels_of, image)
    elif isinstance(image, np.ndarray):
        name, read = "image", partial(_checked, image)
    else:
        raise InputError(
            f"image of type {type(image).__name__}: a NumPy array, Pillow picture or path is expected"
        )
    try:
        return read()
    except OSError as error:
        raise InputError(f"{name}: {error.strerror or error}") from None
    except ValueError as error:
        raise InputError(f"{name}: {error}") from None


def _checked(image: Bytes) -> Bytes:
    if image.ndim not in (2, 3):
        raise ValueError(f"array of shape {list(image.shape)}: [H,W] grey or [H,W,3] RGB is expected")
    check_sides(image.shape[1], image.shape[0])
    return image
