"""The loss of every head: cross-entropy with soft targets and, behind them, a teacher's.

Targets are rows [batch, classes], or [batch, 2 * classes] with the teacher's probabilities behind the hard
targets. Rows need not sum to 1: their sum is the image's weight.
"""

from __future__ import annotations

from model_build.network.engine import Engine
from model_build.network.keras_protocol import Loss, Tensor


def soft_cross_entropy(engine: Engine, classes: int, temperature: float) -> Loss:
    """Returns a loss of (targets, logits [batch, classes]) -> [batch].

    The teacher's part is T^2 times the cross-entropy at temperature T (Hinton et al. 2015); its
    probabilities must be at that temperature already.
    """

    def loss(targets: Tensor, logits: Tensor) -> Tensor:
        result = -engine.total(targets[:, :classes] * engine.log_softmax(logits))
        if targets.shape[-1] == 2 * classes:
            teacher = targets[:, classes:] * engine.log_softmax(logits / temperature)
            result = result - temperature**2 * engine.total(teacher)
        return result

    return loss
