"""How fast a training goes: the whole loop (augmentation, averaging) beside the bare optimiser step.

    python -m benchmarks training --variant small

Both take turns in one run, so that a noisy machine slows them alike.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from typing import Any

from face_emotion.arrays import Floats
from model_build.build_plan import BuildPlan
from model_build.data.stored import Images
from model_build.network import architecture
from model_build.training.averaging import WeightAverage
from model_build.training.batches import epoch_batches, prefetched
from model_build.training.fitting import compile_model
from model_build.training.targets import target_rows

WARMUP = 3


def measure(plan: BuildPlan, steps: int) -> dict[str, Any]:
    """Returns images/s of "loop" and "step", means over `steps` steps of each in alternation."""
    classes, size = len(plan.dataset.class_names), plan.train.batch_size
    model = architecture.build(plan.engine.keras, plan.architecture, classes, plan.heads)
    optimizer = plan.engine.keras.optimizers.SGD(0.01, momentum=0.9, nesterov=True)
    compile_model(plan.engine, model, optimizer, len(plan.heads), classes, 1.0, 1.0)
    average = WeightAverage(model.get_weights(), plan.train.ema)
    fitted = plan.dataset.part(0)
    targets = target_rows(fitted, plan.heads, plan.train.label_smoothing, plan.train.class_weight)
    batches = prefetched(_endless(plan, fitted.images, targets, size))

    def step(batch: Any, rows: list[Floats]) -> None:
        model.train_on_batch(batch, rows if len(rows) > 1 else rows[0])

    def loop() -> None:
        step(*next(batches))
        if average.due():
            average.update(model.get_weights())

    fixed = next(batches)
    seconds: dict[str, list[float]] = {"loop": [], "step": []}
    for turn in range(steps + WARMUP):
        for name, action in (("loop", loop), ("step", lambda: step(*fixed))):
            started = time.perf_counter()
            action()
            if turn >= WARMUP:
                seconds[name].append(time.perf_counter() - started)
    assert isinstance(batches, Generator)  # `prefetched` is one, and ends its thread when it is closed
    batches.close()
    rates = {name: size * len(values) / sum(values) for name, values in seconds.items()}
    return rates | {
        "parameters": int(model.count_params()),
        "macs": architecture.multiply_accumulates(model),
    }


def run(plan: BuildPlan, steps: int) -> int:
    """Prints images/s of the training loop and of the bare step; returns 0."""
    speed = measure(plan, steps)
    print(
        f"{plan.name}, {speed['parameters']:,} parameters, {speed['macs'] / 1e6:.1f} M MACs, "
        f"batch {plan.train.batch_size}: loop {speed['loop']:.0f} images/s, bare step {speed['step']:.0f} images/s, "
        f"ratio {speed['loop'] / speed['step']:.3f}"
    )
    return 0


def _endless(
    plan: BuildPlan, images: Images, targets: list[Floats], size: int
) -> Iterator[tuple[Any, list[Floats]]]:
    epoch = 0
    while True:
        yield from epoch_batches(plan.engine, images, targets, plan.augment, size, (plan.train.seed, epoch))
        epoch += 1
