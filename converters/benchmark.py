"""Latency and size of every artifact, side by side in one run: the artifacts take turns, one thread, batch 1.

    python -m converters benchmark build/small

Absolute milliseconds depend on the machine and its load; compare ratios within one run.
"""

from __future__ import annotations

import platform
import time
from pathlib import Path
from typing import Any

import numpy as np

from converters import tfjs_runtime
from face_emotion.classifier import TfliteClassifier
from face_emotion.errors import InputError
from face_emotion.files import write_json
from model_build.artifacts import bytes_of
from model_build.progress import progress_bar
from model_build.synthetic import draw_faces

NAME = "benchmark.json"
TFLITE = ("float32", "float16", "int8", "int8_ptq")
WARMUP = 50


def benchmark(folder: Path, rounds: int = 300) -> dict[str, Any]:
    """Returns {"artifacts": {name: {"bytes", "median_ms", "p90_ms"}}, "machine", "rounds", "threads"}.

    .tflite files are timed in Python through LiteRT (XNNPACK), the TF.js model in node on the wasm backend.
    Raises InputError if there is nothing to time or rounds < 1.
    """
    if rounds < 1:
        raise InputError(f"--rounds {rounds}: must be at least 1")
    faces, _ = draw_faces(8, seed=3)
    opened = {
        name: TfliteClassifier(folder / f"{name}.tflite")
        for name in TFLITE
        if (folder / f"{name}.tflite").is_file()
    }
    times: dict[str, list[float]] = {name: [] for name in opened}
    with progress_bar("benchmark", rounds + WARMUP) as advance:
        for turn in range(rounds + WARMUP):
            face = faces[turn % len(faces)][None]
            for name, classifier in opened.items():
                started = time.perf_counter()
                classifier.raw(face)
                if turn >= WARMUP:
                    times[name].append((time.perf_counter() - started) * 1000)
            advance(turn + 1)
    if (folder / "tfjs").is_dir():
        times["tfjs"] = tfjs_runtime.latency([folder / "tfjs"], faces[0], rounds)[str(folder / "tfjs")]
    if not times:
        raise InputError(f"{folder}: no artifact to time; run build or convert first")
    return {
        "artifacts": {
            name: {
                "bytes": bytes_of(folder, name),
                "median_ms": round(float(np.median(values)), 4),
                "p90_ms": round(float(np.percentile(values, 90)), 4),
            }
            for name, values in times.items()
        },
        "machine": f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}",
        "rounds": rounds,
        "threads": 1,
    }


def write_benchmark(folder: Path, rounds: int = 300) -> dict[str, Any]:
    """Runs `benchmark` and writes FOLDER/benchmark.json; returns what was written."""
    result = benchmark(folder, rounds)
    write_json(folder / NAME, result)
    return result
