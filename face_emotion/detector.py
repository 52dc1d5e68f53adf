"""The face detector of a folder such as models/face_detector, behind one interface whatever network it holds.

    detector = Detector.load("models/face_detector")
    for face in detector.detect(image):              # uint8 [H,W,3] RGB or [H,W] grey
        print(face.box, face.score, face.eyes)       # source pixels

A manifest of format 2 says which decoder its network has ("kind"): "yunet" (yunet.py), with two networks, for near and
far (far.py). One of format 1 holds BlazeFace short range (blazeface.py), which has one pass and no far.
"""

from __future__ import annotations

import dataclasses
import math
import os
from pathlib import Path
from typing import Any

from face_emotion import blazeface, yunet
from face_emotion.arrays import Bytes
from face_emotion.contract import FAR, NEAR, REACHES, Crop
from face_emotion.detection import Detection
from face_emotion.errors import InputError, why
from face_emotion.far import FarSearch, YuNetPass, detections
from face_emotion.files import require_file
from face_emotion.geometry import check_image
from face_emotion.letterbox import letterbox, sample_letterbox, unletterbox
from face_emotion.live import LOOK_EVERY, Live, LiveSearch
from face_emotion.model_files import MANIFEST, ModelFolder
from face_emotion.square_network import SquareNetwork
from face_emotion.suppression import Candidates, weighted_suppression
from face_emotion.turns import DETECTOR, Turn

ARTIFACT, FAR_ARTIFACT = "tflite", "tflite_far"


class Detector:
    """What finds faces; threads may share one. Attributes: title, keypoints (their names)."""

    title: str
    keypoints: tuple[str, ...]

    @classmethod
    def load(cls, folder: str | os.PathLike[str], threads: int = 1) -> Detector:
        """Reads a detector's folder (or its manifest.json) and checks the sha256 of its model files.

        threads: 1 to 256. Raises InputError if a file is missing, damaged or not the manifest's.
        """
        files = ModelFolder.open(folder)
        entry, where = files.entry("detector"), str(files.path / MANIFEST)
        kind = entry.get("kind") if files.manifest["format"] > 1 else "blazeface"
        if kind == "blazeface":
            path = files.artifact(ARTIFACT)
            settings = blazeface.BlazeFaceSettings.from_dict(entry, where)
            return BlazeFace(path.read_bytes(), settings, threads, str(path))
        if kind != yunet.KIND:
            raise InputError(f"{where}: detector.kind {kind!r}: this kit knows {yunet.KIND}; update it")
        return YuNet(
            files.artifact(ARTIFACT),
            files.artifact(FAR_ARTIFACT),
            yunet.YuNetSettings.from_dict(entry, where),
            crop_of(entry, where),
            threads,
        )

    def detect(self, image: Bytes, reach: str = NEAR) -> list[Detection]:
        """Returns the faces of an image, highest score first.

        image: uint8 [H,W,3] RGB, [H,W,4] RGBA (alpha is ignored) or [H,W] grey, else InputError. reach: "near", one
        look at the whole image; "far", small and turned faces as well (InputError for another word).
        """
        check_image(image)
        check_reach(reach)
        return self._detect(image, reach)

    def portrait(self, image: Bytes) -> list[Detection]:
        """Returns the faces of a picture of one person, highest score first; image: as `detect`.

        What near finds, looked at closely, so that it is known which way up a face is; where it finds nobody, far.
        """
        check_image(image)
        return self._closely(image) or self._detect(image, FAR)

    def live(self, look_every: float = LOOK_EVERY) -> Live:
        """Returns the state of one more video; look_every: seconds between looks at whole frames, 0 or more."""
        return _NearLive(self)

    def crop(self, crop: Crop) -> Crop:
        """Returns a contract's crop with what belongs to this detector's boxes."""
        return crop

    def _detect(self, image: Bytes, reach: str) -> list[Detection]:
        raise NotImplementedError

    def _closely(self, image: Bytes) -> list[Detection]:
        return self._detect(image, NEAR)


class _NearLive:
    """A video of a detector that has no far: each frame for itself."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector

    def faces(self, image: Bytes, time: float) -> list[Detection]:
        """Returns the faces of a frame, highest score first."""
        return self._detector.detect(image)


class BlazeFace(Detector):
    """BlazeFace short range. Attributes: settings."""

    title = "BlazeFace short range"

    def __init__(
        self, model: bytes, settings: blazeface.BlazeFaceSettings, threads: int = 1, name: str = "detector"
    ) -> None:
        """Prepares the network of a .tflite file's content; InputError if it does not fit the settings."""
        self.settings, self.keypoints = settings, settings.keypoints
        self._anchors = blazeface.anchors(settings)
        count = len(self._anchors)
        outputs = [(1, count, 4 + 2 * len(settings.keypoints)), (1, count, 1)]
        self._network = SquareNetwork(model, settings.input_size, outputs, threads, name)

    def _detect(self, image: Bytes, reach: str) -> list[Detection]:
        size, settings = self.settings.input_size, self.settings
        boxes, scores = self._network.run(sample_letterbox(image, size))
        rows = blazeface.decode(boxes, scores[:, 0], self._anchors, settings)
        found = weighted_suppression(rows, settings.iou_threshold)
        place = letterbox(image.shape[1], image.shape[0], size)
        return detections(
            Candidates(unletterbox(found.points * size, place), found.scores), settings.keypoints
        )


class YuNet(Detector):
    """YuNet at two sizes. Attributes: settings."""

    title = "YuNet"

    def __init__(
        self, near: Path, far: Path, settings: yunet.YuNetSettings, crop: dict[str, Any], threads: int = 1
    ) -> None:
        """Prepares the network for near, and the one for far when it is first needed.

        near, far: .tflite files, checked already; crop: entries of a contract's crop. Raises InputError if `near` is
        damaged or does not fit the settings.
        """
        self.settings, self.keypoints, self._crop = settings, settings.keypoints, crop
        self._far_file, self._threads, self._lock = far, threads, Turn(DETECTOR)
        self._near = self._pass(near, settings.near_size)
        self._far: YuNetPass | None = None
        self._search = FarSearch(self._near, self._far_pass, settings)

    def live(self, look_every: float = LOOK_EVERY) -> Live:
        """Returns the state of one more video; look_every: seconds between looks at whole frames, 0 or more."""
        return LiveSearch(self._search, look_every)

    def crop(self, crop: Crop) -> Crop:
        """Returns a contract's crop with this detector's box_width and box_center."""
        return dataclasses.replace(crop, **self._crop)

    def _detect(self, image: Bytes, reach: str) -> list[Detection]:
        return self._search.search(image) if reach == FAR else self._search.near(image)

    def _closely(self, image: Bytes) -> list[Detection]:
        return self._search.closely(image)

    def _far_pass(self) -> YuNetPass:
        with self._lock:
            if self._far is None:
                self._far = self._pass(self._far_file, self.settings.far_size)
            return self._far

    def _pass(self, file: Path, size: int) -> YuNetPass:
        columns = 6 + 2 * len(self.keypoints)
        outputs = [(1, self.settings.rows(size), columns)]
        network = SquareNetwork(
            require_file(file, "model file").read_bytes(), size, outputs, self._threads, str(file)
        )
        return YuNetPass(network, self.settings)


def check_reach(reach: str) -> None:
    """Raises InputError for another word than "near" and "far"."""
    if reach not in REACHES:
        raise InputError(f"reach {reach!r}: near or far is expected")


def crop_of(entry: dict[str, Any], where: str) -> dict[str, Any]:
    """Returns what the manifest's "detector" says of a contract's crop: box_width and box_center; or InputError."""
    try:
        width = float(entry["crop"]["box_width"])
        across, down = (float(value) for value in entry["crop"]["box_center"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{where}: detector.crop: unusable or missing entry ({why(error)})") from None
    if not (width > 0 and all(map(math.isfinite, (width, across, down)))):
        raise InputError(f"{where}: detector.crop: finite numbers and a box_width above 0 are expected")
    return {"box_width": width, "box_center": (across, down)}
