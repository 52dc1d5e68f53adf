"""How long a webcam frame takes in the Python runtime: detector, crop and classifier, one thread, 640×480 colour.

    python -m benchmarks recognizer models/small

The parts and `EmotionRecognizer.recognize` as a whole take turns on one drawn frame. The processor's time tells more
than the wall clock on a machine that does other work too.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from converters.face_detector import FOLDER as DETECTOR
from face_emotion.arrays import Bytes
from face_emotion.classifier import TfliteClassifier
from face_emotion.detector import Detector, anchors, decode, weighted_suppression
from face_emotion.errors import InputError
from face_emotion.geometry import crop_transform, sample_grey
from face_emotion.letterbox import sample_letterbox
from face_emotion.model_files import ModelFolder
from face_emotion.recognizer import ARTIFACT, EmotionRecognizer
from model_build.synthetic.scenes import draw_frame

WIDTH, HEIGHT, BOX = 640, 480, (230.0, 130.0, 410.0, 310.0)
WARMUP = 3


def benchmark(model: Path, rounds: int) -> dict[str, tuple[float, float]]:
    """Returns the median milliseconds of each part and of the whole: by the wall clock, and of the processor.

    model: a model folder; rounds: timed runs, >= 1 (InputError).
    """
    if rounds < 1:
        raise InputError(f"--rounds {rounds}: must be at least 1")
    frame = np.stack([draw_frame(WIDTH, HEIGHT, [BOX], [3], 1)] * 3, axis=2)
    folder = ModelFolder.open(model)
    contract = folder.contract
    classifier, detector = TfliteClassifier(folder.artifact(ARTIFACT), contract), Detector.load(DETECTOR)
    recognizer = EmotionRecognizer(contract, classifier, detector)
    (face,) = detector.detect(frame)
    settings, crop = detector.settings, contract.crop
    centers, (boxes, scores) = anchors(settings), detector.raw(frame)

    def cut() -> Bytes:
        transform = crop_transform(face.box, face.eyes, crop)
        return sample_grey(frame, transform, contract.input_size, contract.luma, crop.max_samples)

    grey = cut()[None]
    parts: dict[str, Callable[[], object]] = {
        "letterbox": lambda: sample_letterbox(frame, settings.input_size),
        "letterbox and detector network": lambda: detector.raw(frame),
        "decoding": lambda: weighted_suppression(
            decode(boxes, scores, centers, settings), settings.iou_threshold
        ),
        "crop": cut,
        "classifier": lambda: classifier.probabilities(grey),
        "recognize": lambda: recognizer.recognize(frame),
    }
    times = {name: np.empty((rounds + WARMUP, 2)) for name in parts}
    for turn in range(rounds + WARMUP):
        for name, call in parts.items():
            wall, processor = time.perf_counter(), time.thread_time()
            call()
            times[name][turn] = time.perf_counter() - wall, time.thread_time() - processor
    return {
        name: tuple((np.median(values[WARMUP:], axis=0) * 1e3).tolist()) for name, values in times.items()
    }


def run(model: Path, rounds: int) -> int:
    """Prints the milliseconds of each part of a webcam frame's way, and of the whole; returns 0."""
    for name, (wall, processor) in benchmark(model, rounds).items():
        print(f"{name:32} median {wall:6.2f} ms, of the processor {processor:6.2f} ms")
    print(
        f"{WIDTH}×{HEIGHT} colour, one face, 1 thread; {platform.machine()}, {os.cpu_count()} cores, ", end=""
    )
    print(f"load {os.getloadavg()[0]:.1f}")
    return 0
