"""Exponential moving average of a model's weights (batch-norm statistics included), kept on the host."""

from __future__ import annotations

import numpy as np

from face_emotion.arrays import Array


class WeightAverage:
    """Averages weight lists: average = d * average + (1 - d) * weights with d = min(decay, (1 + t) / (10 + t)).

    decay: 0 keeps the latest weights. every: steps between updates; the decay is raised to that power.
    The warm-up of d follows tf.train.ExponentialMovingAverage, so that early epochs are not dominated by
    the initial weights.
    """

    def __init__(self, weights: list[Array], decay: float, every: int = 4) -> None:
        self.weights = [np.array(weight, np.float32) for weight in weights]
        self.decay = decay
        self.every = every
        self.steps = 0

    def due(self) -> bool:
        """Counts one training step; returns whether `update` should be called after it."""
        self.steps += 1
        return self.steps % self.every == 0

    def update(self, weights: list[Array]) -> None:
        """Moves the average towards `weights` (same shapes as given at the start)."""
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps)) ** self.every
        for average, weight in zip(self.weights, weights, strict=True):
            average += (1 - decay) * (weight - average)
