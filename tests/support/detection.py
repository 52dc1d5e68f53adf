"""Suppression by plain loops, and pictures turned about their middle: what the tests of detectors compare with."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from face_emotion.geometry import Transform, sample_grey
from tests.support.paths import ROOT

BLAZEFACE = ROOT / "tests/support/format1/face_detector"
LUMA = (0.299, 0.587, 0.114)


def overlap(one, other) -> float:
    """Returns the intersection over union of two boxes (x_min, y_min, x_max, y_max)."""
    across = max(0, min(one[2], other[2]) - max(one[0], other[0]))
    down = max(0, min(one[3], other[3]) - max(one[1], other[1]))
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return across * down / (sum(areas) - across * down)


def suppressed_by_loops(rows: list[tuple[float, list[float]]], threshold: float):
    """The definition in suppression.py's docstring, spelled out; rows and result: (score, box and points in a row)."""
    left = sorted(enumerate(rows), key=lambda row: (-row[1][0], row[0]))
    faces = []
    while left:
        first = left[0]
        same = [row for row in left if row is first or overlap(first[1][1], row[1][1]) > threshold]
        left = [row for row in left if row not in same]
        total = sum(score for _, (score, _) in same)
        mean = [sum(score * flat[k] for _, (score, flat) in same) / total for k in range(len(first[1][1]))]
        faces.append((first[1][0], mean))
    return faces


def turned(image: np.ndarray, degrees: float) -> np.ndarray:
    """Returns a square grey picture turned clockwise about its middle; its edge goes on outside."""
    side = len(image)
    return sample_grey(
        image, Transform(side / 2, side / 2, side, -math.radians(degrees)), side, LUMA, max_samples=1
    )


def detector_copy(source: Path, target: Path) -> Path:
    """Copies what the Python runtime reads of a detector's folder, and returns the copy."""
    target.mkdir(parents=True)
    for path in (source / "manifest.json", *source.glob("*.tflite")):
        (target / path.name).write_bytes(path.read_bytes())
    return target
