"""Teachers for distillation: one or several checkpoints whose averaged probabilities the student learns.

Each answers in the precision that it was trained in.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from face_emotion.errors import InputError
from model_build import checkpoint
from model_build.batches import Teacher
from model_build.engine import Engine


def load_teachers(
    engine: Engine,
    paths: Sequence[Path],
    heads: tuple[str, ...],
    labels: tuple[str, ...],
    temperature: float,
) -> Teacher | None:
    """Returns a function from an augmented batch to one array of averaged probabilities a head, or None.

    temperature: at which the teachers' logits become probabilities; they are averaged after that.
    Raises InputError if a teacher lacks a head or knows other classes.
    """
    if not paths:
        return None
    models = []
    for path in paths:
        stored = checkpoint.load(path)
        if stored.labels != tuple(labels):
            raise InputError(f"--teacher {path}: knows other classes ({', '.join(stored.labels)})")
        try:
            precision = stored.details.get("settings", {}).get("precision", "float32")
            models.append(stored.model(engine.keras, heads, precision))
        except InputError as error:
            raise InputError(f"--teacher {path}: {error}") from None

    def teach(batch: Any) -> list[np.ndarray]:
        answers = [_softmax(model.predict_on_batch(batch), temperature) for model in models]
        return [np.mean([answer[head] for answer in answers], axis=0) for head in range(len(heads))]

    return teach


def _softmax(logits: Any, temperature: float) -> list[np.ndarray]:
    arrays = logits if isinstance(logits, list | tuple) else [logits]
    result = []
    for array in arrays:
        scaled = np.asarray(array, np.float32) / temperature
        powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        result.append(powers / powers.sum(axis=1, keepdims=True))
    return result
