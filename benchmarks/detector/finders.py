"""The detectors that are compared, each as a function from a picture to the faces that it finds.

Ours at both reaches; BlazeFace short range as MediaPipe ships it, which this kit had before; OpenCV's FaceDetectorYN,
the same network as ours as OpenCV's users run it: at the picture's full size. Those of web packages run in Chromium
(browser.py).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from benchmarks.peers.download import CACHE, fetch_files
from benchmarks.peers.networks import Package
from face_emotion.arrays import Bytes
from face_emotion.blazeface import BlazeFaceSettings
from face_emotion.contract import FAR, NEAR
from face_emotion.detector import BlazeFace, Detector
from face_emotion.model_files import packaged

Found = tuple[float, float, float]
"""Centre x, centre y and width of a face that was found, in pixels."""
Finder = Callable[[Bytes], list[Found]]

BLAZEFACE_FILE = "face_detection_short_range.tflite"
BLAZEFACE = Package(
    "npm",
    "@mediapipe/face_detection",
    "0.4.1657300184",
    "a118cde74923dc4435257fbfbb613464a0f58d115dff6314d4ff96c8aebf6419",
)
BLAZEFACE_FILES = {BLAZEFACE_FILE: "3bc182eb9f33925d9e58b5c8d59308a760f4adea8f282370e428c51212c26633"}
BLAZEFACE_SETTINGS = BlazeFaceSettings(
    input_size=128,
    anchors=((8, 2), (16, 6)),
    keypoints=("right_eye", "left_eye", "nose_tip", "mouth", "right_ear", "left_ear"),
    score_threshold=0.6,
    score_clip=100.0,
    iou_threshold=0.3,
)
OPENCV_SCORE = 0.6


def blazeface(cache: Path = CACHE) -> Detector:
    """Returns BlazeFace short range with the settings of this kit's version 2.0, after fetching it through npm."""
    folder = fetch_files(BLAZEFACE, BLAZEFACE_FILES, "detector", cache)
    return BlazeFace((folder / BLAZEFACE_FILE).read_bytes(), BLAZEFACE_SETTINGS)


def finders() -> dict[str, Finder]:
    """Returns the detectors that run in Python, by the name under which tables show them."""
    ours, old = Detector.load(packaged("face_detector")), blazeface()
    return {
        "this kit, far": lambda picture: _found(ours, picture, FAR),
        "this kit, near": lambda picture: _found(ours, picture, NEAR),
        "BlazeFace short range": lambda picture: _found(old, picture, NEAR),
        "OpenCV FaceDetectorYN": _opencv,
    }


def _found(detector: Detector, picture: Bytes, reach: str) -> list[Found]:
    made = []
    for face in detector.detect(picture, reach):
        x_min, y_min, x_max, y_max = face.upright_box
        made.append(((x_min + x_max) / 2, (y_min + y_max) / 2, x_max - x_min))
    return made


def _opencv(picture: Bytes) -> list[Found]:
    height, width = picture.shape[:2]
    network = cv2.FaceDetectorYN.create(
        str(packaged("face_detector") / "yunet_n.onnx"), "", (width, height), OPENCV_SCORE, 0.3, 5000
    )
    _, rows = network.detect(np.ascontiguousarray(picture[:, :, ::-1]))
    return [] if rows is None else [(float(x + w / 2), float(y + h / 2), float(w)) for x, y, w, h, *_ in rows]
