"""The benchmark of the training loop: ratios only, a busy machine makes any rate small."""

from __future__ import annotations

import threading

import pytest

from benchmarks.training import measure
from model_build.network.architecture import multiply_accumulates
from model_build.network.engine import load_engine
from model_build.pipeline import BuildPlan
from model_build.settings import AugmentSettings
from tests.support.training import BOTH, QUANTIZE, TINY, TRAIN, tiny_dataset, untrained


@pytest.fixture(scope="module")
def speed() -> dict:
    """The measured speed of the tiny network."""
    plan = BuildPlan(
        name="tiny",
        dataset=tiny_dataset(),
        architecture=TINY,
        heads=BOTH,
        train=TRAIN,
        augment=AugmentSettings(),
        quantize=QUANTIZE,
        engine=load_engine(),
        command="",
    )
    threads = threading.active_count()
    result = measure(plan, steps=12)
    assert threading.active_count() <= threads  # the prefetching thread has ended
    return result


def test_loop_and_step_run_at_a_similar_rate(speed: dict):
    assert speed["step"] > 0
    assert 0.5 < speed["loop"] / speed["step"] < 2


def test_the_networks_size_stands_beside_it(speed: dict):
    model = untrained(heads=BOTH)
    assert speed["parameters"] == model.count_params()
    assert speed["macs"] == multiply_accumulates(model)
