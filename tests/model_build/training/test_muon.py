"""Muon: what its polynomial makes of a matrix, what a step changes, and the same step on both Kerases."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from face_emotion.errors import InputError
from model_build.network.engine import load_engine
from model_build.settings import AugmentSettings, TrainSettings
from model_build.training.muon import muon, orthogonalised
from model_build.training.train import TrainPlan, train
from tests.support.paths import ROOT
from tests.support.training import (
    LABELS,
    SMALLEST,
    TRAIN,
    Trained,
    assert_same_state,
    states_kept,
    tiny_dataset,
)

RATE, SHARE = 0.5, 0.04  # so a kernel turns by 0.02
SHAPES = {"kernel": (3, 3, 4, 8), "wide": (1, 1, 6, 24), "bias": (8,), "classifier": (1, 1, 8, 7)}
ON_JAX = """
import json, sys
import numpy as np
from model_build.network.engine import load_engine
from tests.model_build.training.test_muon import stepped
values = stepped(load_engine("jax"))
print(json.dumps({name: value.tolist() for name, value in values.items()}))
"""


def values_of(seed: int) -> dict[str, np.ndarray]:
    """Returns float32 values for the variables of SHAPES."""
    random = np.random.default_rng(seed)
    return {name: random.normal(size=shape).astype(np.float32) for name, shape in SHAPES.items()}


def stepped(engine, steps: int = 3, kernels: tuple[str, ...] = ("kernel", "wide")) -> dict[str, np.ndarray]:
    """Returns the variables after some steps with made-up gradients; those of `kernels` are Muon's."""
    make = engine.keras.Variable if engine.name == "jax" else engine.algebra.Variable
    variables = {name: make(value) for name, value in values_of(0).items()}
    chosen = [variables[name] for name in kernels]
    optimizer = muon(engine, chosen, 0.95, SHARE, learning_rate=RATE, momentum=0.9, nesterov=True)
    optimizer.build(list(variables.values()))
    for step in range(steps):
        gradients = values_of(step + 1).values()
        optimizer.apply_gradients(list(zip(gradients, variables.values(), strict=True)))
    return {name: np.asarray(variable) for name, variable in variables.items()}


@pytest.mark.parametrize("shape", [(72, 16), (16, 72), (24, 24)])
def test_all_directions_of_a_matrix_become_about_equally_strong(shape: tuple[int, int]):
    engine = load_engine()
    left, _, right = np.linalg.svd(np.random.default_rng(1).normal(size=shape), full_matrices=False)
    matrix = (left * np.logspace(0, -1.5, min(shape))) @ right
    result = np.asarray(orthogonalised(matrix.astype(np.float32), engine.algebra))
    strengths = np.diag(left.T @ result @ right.T)
    assert result.shape == shape
    assert 0.6 < strengths.min() <= strengths.max() < 1.3
    np.testing.assert_allclose((left * strengths) @ right, result, atol=2e-3)  # the directions stay


def test_a_zero_gradient_gives_numbers():
    zeros = np.zeros((8, 4), np.float32)
    assert np.array_equal(orthogonalised(zeros, load_engine().algebra), zeros)


def test_a_kernel_keeps_its_norm_and_turns_by_the_rate():
    before, after = values_of(0), stepped(load_engine(), steps=1)
    for name in ("kernel", "wide"):
        norm = np.linalg.norm(before[name])
        assert np.linalg.norm(after[name]) == pytest.approx(norm, rel=1e-5)
        cosine = (before[name] * after[name]).sum() / norm**2
        # Singular values about 1 leave a few tenths of play; a part of the step along the kernel turns nothing.
        assert 0.5 * RATE * SHARE < np.arccos(cosine) < 1.2 * RATE * SHARE


def test_a_kernel_moves_against_its_gradient():
    before, after, gradient = values_of(0), stepped(load_engine(), steps=1), values_of(1)
    for name in ("kernel", "wide"):
        assert ((after[name] - before[name]) * gradient[name]).sum() < 0


def test_the_rest_is_plain_sgd():
    engine = load_engine()
    mixed, plain = stepped(engine), stepped(engine, kernels=())
    assert all(np.array_equal(mixed[name], plain[name]) for name in ("bias", "classifier"))
    assert not any(np.allclose(mixed[name], plain[name]) for name in ("kernel", "wide"))


def test_the_same_steps_on_jax():
    path = str(ROOT)
    done = subprocess.run(
        [sys.executable, "-c", ON_JAX], capture_output=True, text=True, env=os.environ | {"PYTHONPATH": path}
    )
    assert done.returncode == 0, done.stderr
    there = json.loads(done.stdout.splitlines()[-1])
    for name, value in stepped(load_engine()).items():
        np.testing.assert_allclose(np.array(there[name]), value, atol=1e-4, err_msg=name)


def test_training_learns_and_resumes_bit_for_bit(tmp_path: Path):
    settings = replace(TRAIN, optimizer="muon", epochs=4)
    plan = TrainPlan(tiny_dataset(), SMALLEST, LABELS, settings, AugmentSettings())
    with states_kept():
        whole = Trained(plan, tmp_path / "whole", train(plan, tmp_path / "whole", load_engine()))
    history = json.loads((whole.folder / "history.json").read_text())
    assert history[-1]["loss"] < history[0]["loss"]
    whole.copy_state(2, tmp_path / "resumed")
    train(plan, tmp_path / "resumed", load_engine())
    assert_same_state(tmp_path / "resumed/state.npz", whole.folder / "state.npz")


@pytest.mark.parametrize("flags", [{"optimizer": "adam"}, {"muon_rate": 0.0}, {"muon_rate": 2.0}])
def test_settings_that_cannot_be_used(flags: dict):
    with pytest.raises(InputError, match=f"--{next(iter(flags)).replace('_', '-')}"):
        TrainSettings(**flags)
