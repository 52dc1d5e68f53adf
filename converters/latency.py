"""Latency and size of every artifact, side by side in one run: the artifacts take turns, one thread, batch 1.

    python -m converters benchmark build/small

Absolute milliseconds depend on the machine and its load; compare ratios within one run.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from converters import tfjs_runtime
from face_emotion.classifier import TfliteClassifier
from face_emotion.errors import InputError
from face_emotion.files import write_json
from converters.manifest import bytes_of
from model_build.progress import progress_bar
from model_build.synthetic.faces import draw_faces

NAME = "benchmark.json"
TFLITE = ("float32", "float16", "int8", "int8_ptq")
WARMUP = 50


def benchmark(folder: Path, rounds: int = 300) -> dict[str, Any]:
    """Returns {"artifacts": {name: {"bytes", "median_ms", "p90_ms"}}, "machine", "rounds", "threads"}.

    .tflite files are timed in Python through LiteRT (XNNPACK), the TF.js model in node on the wasm backend.
    Raises InputError if there is nothing to time or rounds < 1.
    """
    faces, _ = draw_faces(8, seed=3)
    opened = {
        name: TfliteClassifier(folder / f"{name}.tflite")
        for name in TFLITE
        if (folder / f"{name}.tflite").is_file()
    }
    times = interleaved({name: _taking(classifier, faces) for name, classifier in opened.items()}, rounds)
    if (folder / "tfjs").is_dir():
        times["tfjs"] = tfjs_runtime.latency([folder / "tfjs"], faces[0], rounds)[str(folder / "tfjs")]
    if not times:
        raise InputError(f"{folder}: no artifact to time; run build or convert first")
    return {
        "artifacts": {
            name: {"bytes": bytes_of(folder, name)} | figures(values) for name, values in times.items()
        },
        "machine": machine(),
        "rounds": rounds,
        "threads": 1,
    }


def interleaved(runs: Mapping[str, Callable[[int], object]], rounds: int) -> dict[str, list[float]]:
    """Times functions that take turns, after a warm-up: the milliseconds of each round by name.

    runs: each takes the number of the turn. Raises InputError if rounds < 1.
    """
    if rounds < 1:
        raise InputError(f"--rounds {rounds}: must be at least 1")
    times: dict[str, list[float]] = {name: [] for name in runs}
    with progress_bar("benchmark", rounds + WARMUP) as advance:
        for turn in range(rounds + WARMUP):
            for name, run in runs.items():
                started = time.perf_counter()
                run(turn)
                if turn >= WARMUP:
                    times[name].append((time.perf_counter() - started) * 1000)
            advance(turn + 1)
    return times


def figures(milliseconds: Sequence[float]) -> dict[str, float]:
    """Returns median_ms and p90_ms, to four decimals."""
    return {
        "median_ms": round(float(np.median(milliseconds)), 4),
        "p90_ms": round(float(np.percentile(milliseconds, 90)), 4),
    }


def machine() -> str:
    """Returns processor family, operating system and Python of this machine."""
    return f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}"


def _taking(classifier: TfliteClassifier, faces: np.ndarray) -> Callable[[int], np.ndarray]:
    return lambda turn: classifier.raw(faces[turn % len(faces)][None])


def write_benchmark(folder: Path, rounds: int = 300) -> dict[str, Any]:
    """Runs `benchmark` and writes FOLDER/benchmark.json; returns what was written."""
    result = benchmark(folder, rounds)
    write_json(folder / NAME, result)
    return result
