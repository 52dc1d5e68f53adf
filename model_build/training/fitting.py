"""The training loop that float training and quantisation-aware fine-tuning share: epochs, averaged weights, best epoch
(lowest mean of the log losses on selection images as they are and spoilt), progress, logs, and exact resume from
FOLDER/state.npz.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from face_emotion.arrays import Floats
from face_emotion.contract import AS_IT_IS, Normalization
from face_emotion.errors import InputError
from face_emotion.files import make_folder, write_json
from model_build.data.stored import Images
from model_build.network.engine import Engine
from model_build.network.keras_protocol import KerasModel, Optimizer
from model_build.progress import progress_bar, tell
from model_build.settings import AugmentSettings
from model_build.training import state
from model_build.training.averaging import WeightAverage
from model_build.training.batches import Teacher, epoch_batches, prefetched, steps_per_epoch
from model_build.training.crew import ALONE, Crew
from model_build.training.epoch_line import epoch_line
from model_build.training.losses import soft_cross_entropy
from model_build.training.selection import Judgement, Jury
from model_build.training.views import Views

JUDGED = ("selection_accuracy", "selection_log_loss", "selection_spoilt_log_loss")  # of a row of history.json


@dataclass(frozen=True)
class Job:
    """One model to fit.

    model: compiled. judge: a second instance that the averaged weights are put into to be evaluated.
    images: uint8 [N, 48, 48], in memory or in shards. targets: float32 [N, classes] a head.
    selection: chooses the best epoch.
    description: JSON-able; a stored state is used only if it was written under the same.
    views: fixed augmentations with the teacher's answers, instead of new ones each epoch.
    settle: called with `judge` after averaged weights were set (quantisers derive their ranges there).
    keep_last: keeps the last epoch, not the best.
    rate_flag: the flag that sets the learning rate, for the error when the loss is not finite any more.
    normalization: of the images that the model sees. crew: this process alone, or with others.
    """

    name: str
    engine: Engine
    model: KerasModel
    judge: KerasModel
    images: Images
    targets: list[Floats]
    selection: Jury
    augment: AugmentSettings
    epochs: int
    batch_size: int
    ema: float
    seed: int
    description: dict[str, Any]
    teacher: Teacher | None = None
    distill: float = 0.0
    teacher_noise: bool = True
    views: Views | None = None
    settle: Callable[[KerasModel], None] = lambda judge: None
    keep_last: bool = False
    rate_flag: str = "--learning-rate"
    normalization: Normalization = AS_IT_IS
    crew: Crew = ALONE

    @property
    def steps(self) -> int:
        """Optimiser steps an epoch."""
        return steps_per_epoch(len(self.images), self.batch_size)


@dataclass(frozen=True)
class Best:
    """The epoch that is kept, the best or the last: what the selection set says, its number (from 1; 0 before the
    first), averaged weights."""

    judgement: Judgement
    epoch: int
    weights: list[Floats]


def compile_model(
    engine: Engine,
    model: KerasModel,
    optimizer: Optimizer,
    heads: int,
    classes: int,
    temperature: float,
    second_weight: float,
) -> None:
    """Compiles `model` with the soft cross-entropy for each head; heads after the first weigh `second_weight`."""
    engine.quicken(model)
    loss = soft_cross_entropy(engine, classes, temperature)
    if heads == 1:
        model.compile(optimizer=optimizer, loss=loss)
    else:
        weights = [1.0] + [second_weight] * (heads - 1)
        model.compile(optimizer=optimizer, loss=[loss] * heads, loss_weights=weights)


def fit(job: Job, folder: Path, start_at_zero: bool = False) -> tuple[Best, list[dict[str, Any]]]:
    """Fits `job` into `folder` and returns the epoch that is kept and the history (one dict an epoch; the last
    that says "kept" is that one).

    Goes on from FOLDER/state.npz where the same engine wrote it under the same description; where it cannot, it says
    why on stderr and keeps the old run aside. With `start_at_zero` the untouched model competes too, as epoch 0.
    Raises InputError when the loss stops being finite.
    """
    make_folder(folder)
    average = WeightAverage(job.crew.weights_of(job.model), job.ema)
    history: list[dict[str, Any]] = []
    best = Best(Judgement(0.0, math.inf), 0, average.weights)
    resumed = _resumed(job, folder)
    if resumed is not None:
        job.crew.put(job.model, [*resumed.model, *resumed.optimizer])
        average.weights, average.steps = resumed.average, resumed.facts["average_steps"]
        history = resumed.facts["history"]
        best = Best(Judgement(*resumed.facts["best"]), resumed.facts["best_epoch"], resumed.best)
    elif start_at_zero:
        best = Best(_judge(job, average.weights), 0, [weight.copy() for weight in average.weights])
    job.crew.hand_out(job.model, len(history))
    with state.scalar_log(folder) as log:
        for epoch in range(len(history), job.epochs):
            row = _epoch(job, epoch, average)
            judgement = Judgement(*(row[name] for name in JUDGED))
            log.write(epoch + 1, {key: value for key, value in row.items() if key != "epoch"})
            row["kept"] = job.keep_last or judgement.score < best.judgement.score
            if row["kept"]:
                best = Best(judgement, epoch + 1, [weight.copy() for weight in average.weights])
            history.append(row)
            write_json(folder / "history.json", history)
            # Last: an epoch that is interrupted before this is trained again, and nothing of it is missing.
            state.save(folder, job.description, _snapshot(job, average, best, history))
            tell(epoch_line(job.name, history, job.epochs, job.keep_last))
    if not job.epochs:
        write_json(folder / "history.json", history)
    return best, history


def follow(job: Job) -> None:
    """Takes this process's part in what `fit` does on host 0, which alone judges and writes.

    Raises InputError when the loss stops being finite.
    """
    for epoch in range(job.crew.hand_out(job.model, 0), job.epochs):
        _steps(job, epoch)


def _resumed(job: Job, folder: Path) -> state.State | None:
    try:
        return state.load(folder, job.description, job.engine.name)
    except state.StateRefused as reason:
        kept = state.set_aside(folder)
        print(
            f"{job.name}: starting anew, because {reason}; the old run is kept in {kept}",
            file=sys.stderr,
            flush=True,
        )
        return None


def _epoch(job: Job, epoch: int, average: WeightAverage) -> dict[str, Any]:
    started = time.perf_counter()
    loss = _steps(job, epoch, average)
    judgement = _judge(job, average.weights)
    return {
        "epoch": epoch + 1,
        "loss": loss,
        **dict(zip(JUDGED, astuple(judgement), strict=True)),
        "learning_rate": float(job.crew.local(job.model.optimizer.learning_rate)),
        "seconds": round(time.perf_counter() - started, 2),
    }


def _steps(job: Job, epoch: int, average: WeightAverage | None = None) -> float:
    """Trains for an epoch, moves `average`, if there is one, towards the weights, and returns the mean loss."""
    loss_sum = 0.0
    job.engine.reseed(job.model, int(np.random.default_rng((job.seed, epoch)).integers(2**31)))
    batches = epoch_batches(
        job.engine,
        job.images,
        job.targets,
        job.augment,
        job.batch_size,
        (job.seed, epoch),
        job.teacher,
        job.distill if job.teacher else 0.0,
        job.views.of(epoch) if job.views else None,
        job.teacher_noise,
        job.normalization,
        job.crew.share,
    )
    with progress_bar(f"{job.name} epoch {epoch + 1}/{job.epochs}", job.steps) as advance:
        for step, (batch, rows) in enumerate(prefetched(batches)):
            loss_sum += job.crew.step(job.model, batch, rows)
            if average is not None and average.due():
                average.update(job.crew.weights_of(job.model))
            advance(step + 1)
    if not math.isfinite(loss_sum):
        raise InputError(f"{job.rate_flag}: the loss is not finite any more; try a lower rate")
    return loss_sum / job.steps


def _judge(job: Job, weights: list[Floats]) -> Judgement:
    job.judge.set_weights(weights)
    job.settle(job.judge)
    return job.selection.judge(job.judge)


def _snapshot(job: Job, average: WeightAverage, best: Best, history: list[dict[str, Any]]) -> state.State:
    return state.State(
        model=job.crew.weights_of(job.model),
        optimizer=[job.crew.local(variable) for variable in job.model.optimizer.variables],
        average=average.weights,
        best=best.weights,
        facts={
            "engine": job.engine.name,
            "history": history,
            "best": list(astuple(best.judgement)),
            "best_epoch": best.epoch,
            "average_steps": average.steps,
        },
    )
