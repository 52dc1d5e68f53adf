"""How long a frame takes in the Python runtime, one thread, 640×480 colour, one face; BlazeFace's road beside it.

    python -m benchmarks recognizer models/small

The parts and the whole take turns on one drawn frame, the same with BlazeFace short range (what this kit had before,
from npm). The processor's time tells more than the wall clock on a machine that does other work too; ratios more than
either.
"""

from __future__ import annotations

import itertools
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.detector.finders import blazeface
from face_emotion.arrays import Bytes
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import FAR, NEAR
from face_emotion.detector import Detector
from face_emotion.errors import InputError
from face_emotion.geometry import crop_transform, sample_grey
from face_emotion.letterbox import letterbox, sample_square
from face_emotion.model_files import ModelFolder, packaged
from face_emotion.recognizer import ARTIFACT, EmotionRecognizer
from face_emotion.stream import Stream
from model_build.synthetic.scenes import draw_frame

WIDTH, HEIGHT, BOX = 640, 480, (230.0, 130.0, 410.0, 310.0)
WARMUP = 3
NEAR_SIZE = 160
RATE = 25.0  # frames a second of the video
WHOLE, BEFORE = "recognize, near", "recognize, near, BlazeFace"
FOLLOWED, LOOKED = "frame of a video", "frame of a video, each looked at"
LOOKED_BEFORE = "frame of a video, BlazeFace"
SELDOM = 10  # rounds between two runs of the search for far faces

Times = dict[str, tuple[float, float]]


def benchmark(model: Path, rounds: int) -> Times:
    """Returns the median milliseconds of each part and the mean ones of videos: by the wall clock, of the processor.

    model: a model folder; rounds: timed runs, >= 1 (InputError).
    """
    if rounds < 1:
        raise InputError(f"--rounds {rounds}: must be at least 1")
    frame = np.stack([draw_frame(WIDTH, HEIGHT, [BOX], [3], 1)] * 3, axis=2)
    folder = ModelFolder.open(model)
    contract = folder.contract
    classifier = TfliteClassifier(folder.artifact(ARTIFACT), contract)
    detector = Detector.load(packaged("face_detector"))
    recognizer = EmotionRecognizer(contract, classifier, detector)
    before = EmotionRecognizer(contract, classifier, blazeface())
    (face,) = detector.detect(frame)
    crop = detector.crop(contract.crop)

    def cut() -> Bytes:
        transform = crop_transform(face.upright_box, face.eyes, crop)
        return sample_grey(frame, transform, contract.input_size, contract.luma, crop.max_samples)

    def video(stream: Stream) -> Callable[[], object]:
        times = itertools.count()
        return lambda: stream.recognize(frame, time=next(times) / RATE)

    grey, place = cut()[None], letterbox(WIDTH, HEIGHT, NEAR_SIZE)
    parts: dict[str, Callable[[], object]] = {
        "letterbox": lambda: sample_square(frame, NEAR_SIZE, place),
        "detector with its letterbox": lambda: detector.detect(frame, NEAR),
        "crop": cut,
        "classifier": lambda: classifier.probabilities(grey),
        WHOLE: lambda: recognizer.recognize(frame, reach=NEAR),
        BEFORE: lambda: before.recognize(frame, reach=NEAR),
        FOLLOWED: video(recognizer.stream()),
        LOOKED: video(recognizer.stream(look_every=0.0)),
        LOOKED_BEFORE: video(before.stream()),
        "recognize, far": lambda: recognizer.recognize(frame, reach=FAR),
    }
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in parts}
    for turn in range(rounds + WARMUP):
        for name, call in parts.items():
            if name == "recognize, far" and turn % SELDOM:
                continue
            wall, processor = time.perf_counter(), time.thread_time()
            call()
            spent = time.perf_counter() - wall, time.thread_time() - processor
            if turn >= WARMUP or name == "recognize, far":
                times[name].append(spent)
    # Of a video the mean: what is looked for seldom counts by how often it is.
    means = (FOLLOWED, LOOKED, LOOKED_BEFORE)
    return {
        name: tuple(((np.mean if name in means else np.median)(np.array(values), axis=0) * 1e3).tolist())
        for name, values in times.items()
    }


def run(model: Path, rounds: int) -> int:
    """Prints the milliseconds of each part of a webcam frame's way, and of the whole; returns 0."""
    measured = benchmark(model, rounds)
    for name, (wall, processor) in measured.items():
        print(f"{name:38} {wall:6.2f} ms, of the processor {processor:6.2f} ms")
    for what, one, other, than in (
        ("near", WHOLE, BEFORE, "with BlazeFace"),
        ("a video", LOOKED, FOLLOWED, "where faces are followed, if each frame is looked at"),
        (
            "a video",
            LOOKED_BEFORE,
            FOLLOWED,
            "where faces are followed, if each frame is looked at with BlazeFace",
        ),
    ):
        print(
            f"{what}: {measured[one][1] / measured[other][1]:.2f} times the processor's time that it takes {than}"
        )
    print(
        f"{WIDTH}×{HEIGHT} colour, one face, 1 thread; {platform.machine()}, {os.cpu_count()} cores, ", end=""
    )
    print(f"load {os.getloadavg()[0]:.1f}")
    return 0
