"""Processes that train together on this machine: their ports, their start, and a worker that is one of them.

    python -m tests.support.hosts ADDRESSES RANK FOLDER      trains CASES as one process of a cluster

Host 0 writes what came out into FOLDER/CASE.npz, host 1 into FOLDER/CASE-1.npz; test_together.py compares it with one
process's.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from model_build.hosts.cluster import cluster_of
from model_build.hosts.company import gathered
from model_build.network.engine import load_engine
from model_build.settings import AugmentSettings, TrainSettings
from model_build.training.averaging import WeightAverage
from model_build.training.batches import epoch_batches
from model_build.training.crew import ALONE, Crew
from model_build.training.fitting import Job
from model_build.training.together import Together
from model_build.training.train import TrainPlan, _job
from tests.support.paths import ROOT
from tests.support.training import BOTH, SMALLEST, TINY, TRAIN, UNCHANGED, tiny_dataset

MIXED = AugmentSettings(noise=0.05, soften=0.3, jpeg=0.3, gamma=0.2, mixup=0.3)
SHORT = TrainSettings(epochs=1, batch_size=32, learning_rate=0.05, seed=3, warmup=0.0)
# name: activation, settings, augmentation, steps of the only epoch (0: all steps of all epochs)
CASES: dict[str, tuple[str, TrainSettings, AugmentSettings, int]] = {
    "sgd": ("softplus", SHORT, MIXED, 3),
    "muon": ("softplus", dataclasses.replace(SHORT, optimizer="muon"), MIXED, 3),
    "half": ("softplus", dataclasses.replace(SHORT, precision="bfloat16"), MIXED, 3),
    "epochs": ("relu6", dataclasses.replace(TRAIN, epochs=5), UNCHANGED, 0),
}
SEEN = (0, 10, 60, 120)  # steps of "epochs" before and after which everything that is trained is kept


def free_ports(count: int) -> list[int]:
    """Returns ports of this machine that nothing listens on now."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def addresses(count: int) -> str:
    """Returns what --hosts takes for so many processes of this machine."""
    return ",".join(f"127.0.0.1:{port}" for port in free_ports(count))


def start(
    words: list[str], environment: dict[str, str] | None = None, cwd: Path = ROOT
) -> subprocess.Popen[str]:
    """Starts a Python module with its words as a process whose output can be read."""
    return subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | (environment or {}),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # `nohup … &` has it ignored below
    )


def made(case: str, crew: Crew) -> Job:
    """Returns the training of one of CASES."""
    activation, settings, augmentation, _ = CASES[case]
    engine = load_engine()
    plan = TrainPlan(tiny_dataset(), TINY if case == "epochs" else SMALLEST, BOTH, settings, augmentation)
    with activated(engine.keras, activation):
        return _job(plan, engine, crew)


def batches_of(job: Job) -> Iterator[tuple[Any, list[np.ndarray]]]:
    """Yields the batches of all epochs, as this process sees them."""
    for epoch in range(job.epochs):
        job.engine.reseed(job.model, epoch)
        yield from epoch_batches(
            job.engine,
            job.images,
            job.targets,
            job.augment,
            job.batch_size,
            (3, epoch),
            share=job.crew.share,
        )


def everything(job: Job) -> list[np.ndarray]:
    """Returns the model's weights, batch-norm statistics among them, and the optimiser's variables behind them."""
    optimizer = [job.crew.local(variable) for variable in job.model.optimizer.variables]
    return [*job.crew.weights_of(job.model), *optimizer]


def trained(case: str, company: Any = None) -> dict[str, np.ndarray]:
    """Trains one of CASES, alone or as one of a company; returns losses, weights and optimiser, by name.

    Of "epochs" also what `SEEN` says, the weights at each update of the averaged ones, and those averaged ones.
    """
    job = made(case, Together(company) if company else ALONE)
    job.crew.hand_out(job.model, 0)
    found, losses = {}, []
    average = WeightAverage(job.crew.weights_of(job.model), job.ema)
    for number, (batch, rows) in enumerate(batches_of(job)):
        seen = case == "epochs" and number in SEEN
        found |= named(f"before/{number}", everything(job)) if seen else {}
        losses.append(job.crew.step(job.model, batch, rows))
        found |= named(f"after/{number}", everything(job)) if seen else {}
        if average.due():
            average.update(job.crew.weights_of(job.model))
            found |= named(f"update/{number + 1}", everything(job)) if case == "epochs" else {}
        if number + 1 == CASES[case][3]:
            break
    weights = job.crew.weights_of(job.model)
    job.judge.set_weights(weights)
    accuracy = job.selection.judge(job.judge).accuracy
    found |= named("weights", weights) | named("optimizer", everything(job)[len(weights) :])
    found |= named("average", average.weights) if case == "epochs" else {}
    return found | {"losses": np.array(losses), "accuracy": np.array(accuracy)}


def named(kind: str, values: list[np.ndarray]) -> dict[str, np.ndarray]:
    """Returns arrays by names: KIND/0, KIND/1 and so on."""
    return {f"{kind}/{index}": np.array(value) for index, value in enumerate(values)}


def listed(found: dict[str, np.ndarray], kind: str) -> list[np.ndarray]:
    """Returns what `named` gave names."""
    return [found[f"{kind}/{index}"] for index in range(sum(name.startswith(f"{kind}/") for name in found))]


@contextlib.contextmanager
def activated(keras: Any, activation: str) -> Iterator[None]:
    """Has networks that are built in the block use another activation than ReLU6."""
    if activation == "relu6":
        yield
        return
    original = keras.layers.ReLU
    keras.layers.ReLU = lambda limit, name: keras.layers.Activation(activation, name=name)
    try:
        yield
    finally:
        keras.layers.ReLU = original


def main(hosts: str, rank: str, folder: str) -> None:
    """Trains all of CASES as one process of a cluster."""
    cluster = cluster_of(hosts, int(rank), {})
    assert cluster is not None
    with gathered(cluster, 240) as company:
        for case in CASES:
            found = trained(case, company)
            np.savez(Path(folder) / f"{case}{'-1' if company.rank else ''}.npz", **found)
        company.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
