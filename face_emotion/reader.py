"""From one image to what the networks say of each of its faces, before tracks and time come in.

    reader = FaceReader(contract, classifier, detector, model)
    for seen in reader.read(pixels):
        reader.answer(seen, baseline)            # float32 [K]

Threads may share one: the networks see to it that they are asked one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from face_emotion.arrays import Array, Bytes, Doubles, Floats, Integers
from face_emotion.baseline import Baseline, learnt, offsets
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import NEAR, Contract
from face_emotion.detection import Detection
from face_emotion.detector import Detector, check_reach
from face_emotion.errors import InputError
from face_emotion.face import Face
from face_emotion.geometry import Transform, crop_transform, sample_grey, whole_image
from face_emotion.live import LOOK_EVERY, Live


@dataclass(frozen=True)
class Seen:
    """A face of an image: where it is, where it was cut out, and what the classifier gives for it, [heads*K] or [K]."""

    detection: Detection
    place: Transform
    raw: Array


class FaceReader:
    """Detector, crop and classifier. Attributes: contract, model (sha256 by which baselines know it)."""

    def __init__(
        self, contract: Contract, classifier: TfliteClassifier, detector: Detector | None, model: str
    ) -> None:
        """Raises InputError if the classifier does not have one output for each label of the contract."""
        if classifier.class_count != len(contract.labels):
            raise InputError(
                f"{classifier.path}: {classifier.class_count} classes where the manifest has "
                f"{len(contract.labels)} labels"
            )
        self.contract, self.model = contract, model
        self._classifier, self._detector = classifier, detector

    def read(self, pixels: Bytes, cropped: bool = False, reach: str = NEAR) -> list[Seen]:
        """Returns the faces of an image, the detector's surest first.

        pixels: as images.py gives them; cropped: the image is one face, cut out already; reach: the detector's, "near"
        or "far". Raises InputError for another, or if there is no detector and the image is not cropped.
        """
        check_reach(reach)
        return self._cut(
            pixels, _whole(pixels) if cropped else self._placed(self._finder.detect(pixels, reach))
        )

    def read_portrait(self, pixels: Bytes) -> list[Seen]:
        """Returns the faces of a picture of one person (`Detector.portrait`); raises InputError without a detector."""
        return self._cut(pixels, self._placed(self._finder.portrait(pixels)))

    def read_live(self, pixels: Bytes, live: Live, time: float) -> list[Seen]:
        """Returns the faces of a video's next frame, the detector's surest first.

        live: the detector's state of the video; time: of the frame in seconds. Raises InputError without a detector.
        """
        return self._cut(pixels, self._placed(live.faces(pixels, time)))

    def live(self, look_every: float = LOOK_EVERY) -> Live:
        """Returns the detector's state of one more video; raises InputError without a detector."""
        return self._finder.live(look_every)

    def _cut(self, pixels: Bytes, found: list[tuple[Detection, Transform]]) -> list[Seen]:
        size, luma, samples = self.contract.input_size, self.contract.luma, self.contract.crop.max_samples
        crops = [sample_grey(pixels, transform, size, luma, samples) for _, transform in found]
        raw = self._classifier.raw(np.reshape(crops, (-1, size, size)).astype(np.uint8))
        return [Seen(face, place, row) for (face, place), row in zip(found, raw, strict=True)]

    def answer(self, seen: Seen, baseline: Baseline | None = None) -> Floats:
        """Returns float32 [K] probabilities of a face, less the baseline; InputError for another model's baseline."""
        taken = None if baseline is None else self.offsets(baseline)
        answer: Floats = self._classifier.answers(seen.raw[None], taken)[0]
        return answer

    def face(self, seen: Seen, probabilities: Floats | Doubles, label: int, track: int | None = None) -> Face:
        """Returns a face as the contract names and judges it; probabilities: [K]; label: index of the one to show."""
        shown = dict(zip(self.contract.labels, map(float, probabilities), strict=True))
        where = seen.detection
        return Face(
            box=where.box,
            score=where.score,
            track=track,
            probabilities=shown,
            label=self.contract.labels[label],
            certain=max(shown.values()) >= self.contract.unsure_below,
            keypoints=where.keypoints,
            small=seen.place.side < self.contract.input_size,
        )

    def learn(self, faces: list[Seen]) -> Baseline:
        """Returns the baseline of a person at rest, one face of each frame; InputError if the model takes none."""
        self._check_strength()
        raw = np.stack([seen.raw for seen in faces])
        values = learnt(self._classifier.scores(raw), self.contract.labels)
        return Baseline(self.model, self._classifier.head, self.contract.labels, values)

    def offsets(self, baseline: Baseline) -> Integers:
        """Returns what a baseline takes off the scores, int64 [K]; raises InputError if it is not this model's."""
        if not isinstance(baseline, Baseline):
            raise InputError(
                f"baseline of type {type(baseline).__name__}: a Baseline is expected, or for videos "
                "a dict of them by track"
            )
        self._check_strength()
        for what, given, own in (
            ("model", baseline.model, self.model),
            ("head", baseline.head, self._classifier.head),
            ("labels", list(baseline.labels), list(self.contract.labels)),
        ):
            if given != own:
                short = (str(given)[:12], str(own)[:12]) if what == "model" else (given, own)
                raise InputError(
                    f"baseline: learnt with another {what} ({short[0]} where this recognizer has {short[1]}); "
                    "learn the neutral face again"
                )
        return offsets(baseline.values, self.contract.baseline_strength)

    def _check_strength(self) -> None:
        if not self.contract.baseline_strength > 0:
            raise InputError(
                f"{self._classifier.path}: this model states no strength for a baseline (baseline_strength is 0); "
                "take a released model"
            )

    @property
    def _finder(self) -> Detector:
        if self._detector is None:
            raise InputError("this recognizer has no face detector: pass cropped=True, or load it with one")
        return self._detector

    def _placed(self, found: list[Detection]) -> list[tuple[Detection, Transform]]:
        crop = self._finder.crop(self.contract.crop)
        return [(face, crop_transform(face.upright_box, face.eyes, crop)) for face in found]


def _whole(pixels: Bytes) -> list[tuple[Detection, Transform]]:
    height, width = pixels.shape[:2]
    face = Detection(box=(0.0, 0.0, float(width), float(height)), score=1.0, keypoints={})
    return [(face, whole_image(width, height))]
