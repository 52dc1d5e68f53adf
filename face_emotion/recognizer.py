"""Faces and their expressions in a picture or a video: detector, crop, classifier, tracker and smoother in one call.

    from face_emotion import EmotionRecognizer

    recognizer = EmotionRecognizer.load()        # the packaged model; or load("models/small"), load("my.tflite")
    for face in recognizer.recognize("photo.jpg"):
        print(face.label if face.certain else "unclear", face.probabilities[face.label], face.box)

A still image needs no time. Frames of a video or webcam get theirs in seconds, from any clock that runs on; then each
face has a track number, and its probabilities and label are smoothed as the contract says:

    faces = recognizer.recognize(frame, time=frame_number / 25)

An answer's way: logits → blend of the heads → less a person's own neutral → softmax → smoothing → certain or not.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from face_emotion.baseline import Baseline
from face_emotion.classifier import TfliteClassifier
from face_emotion.consistency import check_carried
from face_emotion.contract import BOTH_HEADS, Contract
from face_emotion.detector import Detector
from face_emotion.errors import InputError
from face_emotion.face import Face, scaled
from face_emotion.images import ImageLike, picture_from, pixels_from
from face_emotion.kernel_check import UNACCELERATED, KernelCheck
from face_emotion.live import LOOK_EVERY
from face_emotion.model_files import INT8, ModelFolder, packaged
from face_emotion.reader import FaceReader, Seen
from face_emotion.stream import Baselines, Stream

MODEL, ARTIFACT = "small", INT8
DETECTOR = "face_detector"  # its folder stands beside the model's


class EmotionRecognizer:
    """Finds faces and reads their expressions. Threads may share one; each video has a stream of its own.

    One that `load` made can be pickled and copied: the copy reads its files again, and has no tracks.
    Attributes: contract (Contract), labels (the class names in the order of the probabilities), accelerated (bool:
    whether XNNPACK's kernels run the int8 network; None if that is not known, or of another of the model's files).
    """

    def __init__(
        self, contract: Contract, classifier: TfliteClassifier, detector: Detector | None, model: str = ""
    ) -> None:
        """Takes the parts (`load` makes them from files); without a detector only cropped=True works.

        model: sha256 by which baselines know the model. Raises InputError if the classifier does not have one output
        for each label of the contract.
        """
        self.contract, self.labels = contract, contract.labels
        self._reader = FaceReader(contract, classifier, detector, model)
        self._files: dict[str, Any] | None = None
        self._stream = self.stream()
        self.accelerated: bool | None = None

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
        beside the model's folder, else the packaged one); threads: of one network, 1 to 256. head: whose answer:
        "labels" (FER2013's annotators), "votes" (the ten people of FER+ that were asked about each image), or "both"
        (default, the contract's blend of them).
        Warns once (RuntimeWarning) if LiteRT does not run the int8 network by XNNPACK's kernels.
        Raises InputError if the network has no such head, if a file is missing, its sha256 is not the one in its
        manifest, or it names other classes than that does.
        """
        model = packaged(MODEL) if model is None else model
        folder = ModelFolder.open(model)
        name = Path(model).name
        artifact = folder.artifact_of(name) if name.endswith(".tflite") else ARTIFACT
        contract = folder.contract
        path = folder.artifact(artifact)
        check_carried(path, contract)
        classifier = TfliteClassifier(path, contract, head, threads)
        if detector is None:
            beside = folder.path.resolve().parent / DETECTOR
            detector = beside if beside.is_dir() else packaged(DETECTOR)
        check = KernelCheck.of(folder) if artifact == ARTIFACT else None
        accelerated = check.passes(classifier) if check else None
        if accelerated is False:
            warnings.warn(UNACCELERATED, RuntimeWarning, stacklevel=2)
        recognizer = cls(contract, classifier, Detector.load(detector, threads), folder.identity)
        recognizer.accelerated = accelerated
        recognizer._files = {
            "model": Path(model).resolve(),
            "detector": Path(detector).resolve(),
            "threads": threads,
            "head": head,
        }
        return recognizer

    def recognize(
        self,
        image: ImageLike,
        time: float | None = None,
        cropped: bool = False,
        baseline: Baselines = None,
        reach: str | None = None,
    ) -> list[Face]:
        """Returns the faces of an image, the detector's surest first.

        image: uint8 [H,W,3] RGB (OpenCV gives BGR: pass frame[:, :, ::-1]), [H,W,4] RGBA (what is transparent
        lies over black; not premultiplied) or [H,W] grey, H and W >= 8; a Pillow picture; or a picture file:
        its path, its bytes, or the file open for reading. EXIF orientation of pictures is honoured, and boxes
        are in pixels of the upright picture. time: of a video's frame in seconds; None for a still image,
        which neither uses nor changes the state of tracks. cropped: the image is one face already, cut as
        tightly as the training faces; nothing is detected, its box is the whole image. baseline: what
        `learn_neutral` returned, for every face of the image; or, for frames, by track. reach: "near", one
        look at the whole image, for faces of about a sixth of its longer side and more; "far", small and
        turned ones as well, for tenths of a second; None: the contract's for still images, near for frames.
        Raises InputError, with one line, for an image that cannot be read, a time that is not finite, another reach, or
        a baseline of another model.
        """
        if time is not None:
            return self._stream.recognize(image, time, cropped, baseline, reach)
        if isinstance(baseline, Mapping):
            raise InputError("baseline by track: a still image has no tracks; give one Baseline, or a time")
        if baseline is not None:
            self.check_baseline(baseline)
        picture = picture_from(image)
        found = self._reader.read(picture.pixels, cropped, self.contract.reach if reach is None else reach)
        answers = [self._reader.answer(seen, baseline) for seen in found]
        return [
            scaled(self._reader.face(seen, answer, int(answer.argmax())), *picture.scale)
            for seen, answer in zip(found, answers, strict=True)
        ]

    def learn_neutral(self, images: ImageLike | Iterable[ImageLike], cropped: bool = False) -> Baseline:
        """Returns the baseline of a person, from a picture of the face at rest, or from frames of it.

        images: one image as `recognize` takes it, or several (a list, or any iterable); each shows exactly one face.
        cropped: as of `recognize`. Two seconds of frames are steadier than one picture.
        Raises InputError for an image that cannot be read, or shows no face or several; if there is none; or if the
        model has no class "neutral" or states no strength.
        """
        if _is_one(images):
            return self._reader.learn([self._only(images, "", cropped)])  # type: ignore[arg-type]
        faces = [
            self._only(image, f"frame {number}: ", cropped)
            for number, image in enumerate(images, 1)  # type: ignore[arg-type]
        ]
        if not faces:
            raise InputError("no frame to learn the neutral face from; give at least one")
        return self._reader.learn(faces)

    def check_baseline(self, baseline: Baseline) -> None:
        """Raises InputError if a baseline is of another model, head or set of labels, or this model takes none."""
        self._reader.offsets(baseline)

    def stream(self, look_every: float = LOOK_EVERY) -> Stream:
        """Returns the state of one more video over this recognizer's networks: tracks and smoothing of its own.

        look_every: seconds between two looks at whole frames, between which faces are followed (live.py), >= 0; 0:
        each frame is looked at. Raises InputError for anything else.
        """
        return Stream(self, self._reader, look_every)

    def reset(self) -> None:
        """Forgets every track: the next frame belongs to another video. Track numbers begin at 1 again."""
        self._stream.reset()

    def _only(self, image: ImageLike, name: str, cropped: bool) -> Seen:
        try:
            pixels = pixels_from(image)
            # A bystander far away is no second face of the picture: far only where near finds nobody.
            found = self._reader.read(pixels, cropped) if cropped else self._reader.read_portrait(pixels)
        except InputError as error:
            raise InputError(f"{name}{error}") from None
        if len(found) != 1:
            raise InputError(
                f"{name}{len(found) or 'no'} face{'s' * (len(found) > 1)} where exactly one is expected; "
                "learn from pictures of one person, looking at the camera"
            )
        return found[0]

    def __reduce__(self) -> tuple[Any, ...]:
        if self._files is None:
            raise TypeError("a recognizer that was not made by load() has no files that a copy could read")
        return _loaded, (type(self), self._files)


def _loaded(cls: type[EmotionRecognizer], files: dict[str, Any]) -> EmotionRecognizer:
    return cls.load(**files)


def _is_one(images: object) -> bool:
    """Whether this is one image and not several: arrays of frames have one dimension more."""
    if isinstance(images, np.ndarray):
        return images.ndim < 3 or (images.ndim == 3 and images.shape[2] in (3, 4))
    one = isinstance(images, str | os.PathLike | bytes | bytearray | memoryview | Image.Image)
    return one or hasattr(images, "read") or not isinstance(images, Iterable)
