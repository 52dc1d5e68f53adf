"""The golden baselines: frames of a face at rest, what is learnt from them, and answers that they change.

    python -m converters baseline        # writes models/golden_baseline.json

Each case is a network's raw logits with their scale, zero point and weights. A runtime passes if values, offsets,
scores and probabilities are equal: all of them are whole numbers but the last, a division each.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from face_emotion.baseline import learnt, offsets
from face_emotion.contract import FER2013_LABELS
from face_emotion.files import write_json
from face_emotion.softmax import probabilities_of, scores

PATH = Path(__file__).parents[1] / "models" / "golden_baseline.json"
SEED = 18
LABELS = (FER2013_LABELS, ("neutral", "smiling"), ("closed", "open", "neutral", "wide"))
FRAMES = (1, 2, 3, 8)
STRENGTHS = (0.25, 0.0, 0.5, 1.0)
ANSWERS = 6


def golden_baseline() -> dict[str, Any]:
    """Returns the cases: every set of labels with every number of frames, in turn with one head and with two."""
    random = np.random.default_rng(SEED)
    cases = []
    for labels in LABELS:
        for heads, (frames, strength) in enumerate(zip(FRAMES, STRENGTHS, strict=True)):
            cases.append(_case(random, labels, 1 + heads % 2, frames, strength))
    return {"format": 1, "cases": cases}


def _case(
    random: np.random.Generator, labels: tuple[str, ...], heads: int, frames: int, strength: float
) -> dict[str, Any]:
    scale, zero_point = float(np.float32(random.uniform(0.05, 0.2))), int(random.integers(100, 160))
    weights = [round(float(weight), 6) for weight in random.uniform(0.2, 1.6, heads)]
    logits = random.integers(0, 256, (frames + ANSWERS, heads * len(labels)), dtype=np.uint8)
    # Frames of one face are alike: a few steps around the first.
    near = logits[:1].astype(int) + random.integers(-6, 7, (frames, logits.shape[1]))
    logits[:frames] = np.clip(near, 0, 255)
    found = scores(logits, scale, zero_point, weights)
    values = learnt(found[:frames], labels)
    taken = offsets(values, strength)
    answers = found[frames:] - taken
    return {
        "labels": list(labels),
        "scale": scale,
        "zero_point": zero_point,
        "weights": weights,
        "strength": strength,
        "frames": logits[:frames].tolist(),
        "values": list(values),
        "offsets": taken.tolist(),
        "logits": logits[frames:].tolist(),
        "scores": answers.tolist(),
        "probabilities": [[float(share) for share in row] for row in probabilities_of(answers)],
    }


def write(path: Path = PATH) -> Path:
    """Writes the golden baselines and returns their path."""
    write_json(path, golden_baseline())
    return path
