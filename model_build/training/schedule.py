"""The learning rate over the steps of a training: a linear warm-up, then half a cosine down."""

from __future__ import annotations

from model_build.network.keras_protocol import KerasModule, Schedule


def cosine_schedule(keras: KerasModule, peak: float, steps: int, warmup: float) -> Schedule:
    """Returns a rate that rises linearly over `warmup` (fraction) of the steps and falls to peak / 1000."""
    rising = round(warmup * steps)
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=peak / 20 if rising else peak,
        decay_steps=max(1, steps - rising),
        alpha=0.001,
        warmup_target=peak if rising else None,
        warmup_steps=rising,
    )
