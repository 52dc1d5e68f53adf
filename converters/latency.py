"""The clock of the kit: functions, .tflite files and TF.js models take turns before it; one thread, batch 1.

Pipeline, comparison, experiment and benchmarks use it (`python -m benchmarks artifacts build/small`). Absolute
milliseconds depend on the machine and its load; compare ratios within one run.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from converters import tfjs_runtime
from converters.manifest import bytes_of, read_contract
from face_emotion.arrays import Bytes, Floats
from face_emotion.classifier import TfliteClassifier
from face_emotion.errors import InputError

NAME = "benchmark.json"
TFLITE = ("float32", "float16", "int8", "int8_ptq")
WARMUP = 50
Key = TypeVar("Key", bound=Hashable)
# Shows that something goes on: takes what and how much in all, gives a function that is told how much is done.
Progress = Callable[[str, float], AbstractContextManager[Callable[[float], object]]]


@contextmanager
def silent(what: str, total: float) -> Iterator[Callable[[float], object]]:
    """Progress that nobody sees."""
    yield lambda done: None


def artifact_latency(
    folder: Path, faces: Bytes, rounds: int = 300, progress: Progress = silent
) -> dict[str, Any]:
    """Returns {"artifacts": {name: {"bytes", "median_ms", "p90_ms"}}, "machine", "rounds", "threads"}.

    .tflite files are timed in Python through LiteRT (XNNPACK), the TF.js model in node on the wasm backend.
    faces: uint8 [N,48,48], the images that are classified in turn. progress: draws a bar, for who waits.
    Raises InputError if there is nothing to time or rounds < 1.
    """
    names = [name for name in TFLITE if (folder / f"{name}.tflite").is_file()]
    contract = read_contract(folder) if names else None
    opened = {name: TfliteClassifier(folder / f"{name}.tflite", contract) for name in names if contract}
    times = interleaved(
        {name: _taking(classifier, faces) for name, classifier in opened.items()}, rounds, progress
    )
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


def interleaved(
    runs: Mapping[Key, Callable[[int], object]], rounds: int, progress: Progress = silent
) -> dict[Key, list[float]]:
    """Times functions that take turns, after a warm-up: the milliseconds of each round by name.

    runs: each takes the number of the turn. progress: draws a bar, for who waits.
    Raises InputError if rounds < 1.
    """
    if rounds < 1:
        raise InputError(f"--rounds {rounds}: must be at least 1")
    times: dict[Key, list[float]] = {name: [] for name in runs}
    with progress("benchmark", rounds + WARMUP) as advance:
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


def _taking(classifier: TfliteClassifier, faces: Bytes) -> Callable[[int], Bytes | Floats]:
    return lambda turn: classifier.raw(faces[turn % len(faces)][None])
