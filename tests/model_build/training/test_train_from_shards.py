"""Training from shards: resumed to the same weights, as good as from memory, and never mixed up with it."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from model_build.data.shards import read_shards, write_shards
from model_build.network.engine import load_engine
from model_build.training import shuffling
from model_build.training.train import TrainPlan, train
from tests.support.training import BOTH, SMALLEST, TRAIN, UNCHANGED, Trained, states_kept, tiny_dataset

EPOCHS = 4


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """The tiny network trained from shards, of which a part waits in the buffer."""
    home = tmp_path_factory.mktemp("from-shards")
    write_shards(tiny_dataset(), home / "shards", records=64)
    plan = TrainPlan(
        read_shards(home / "shards"), SMALLEST, BOTH, dataclasses.replace(TRAIN, epochs=EPOCHS), UNCHANGED
    )
    with pytest.MonkeyPatch.context() as patch, states_kept():
        patch.setattr(shuffling, "BUFFER", 128)
        yield Trained(plan, home / "float", train(plan, home / "float", load_engine()))


def test_it_learns(trained):
    rows = json.loads((trained.folder / "history.json").read_text())
    assert rows[-1]["loss"] < 0.8 * rows[0]["loss"]
    assert trained.checkpoint.details["selection_log_loss"] < 0.67  # two expressions: 0.69 is chance


def test_resumed_from_shards_that_were_moved_it_ends_with_the_same_weights(trained, tmp_path):
    trained.copy_state(2, tmp_path / "float")
    moved = shutil.copytree(trained.folder.parent / "shards", tmp_path / "moved")
    plan = dataclasses.replace(trained.plan, dataset=read_shards(moved))
    resumed = train(plan, tmp_path / "float", load_engine())
    assert resumed.weights.keys() == trained.checkpoint.weights.keys()
    for name, value in trained.checkpoint.weights.items():
        assert np.array_equal(resumed.weights[name], value), name


def test_a_training_from_memory_is_not_gone_on_with_from_shards(trained, tmp_path: Path, capfd):
    trained.copy_state(2, tmp_path / "float")
    in_memory = dataclasses.replace(
        trained.plan, dataset=tiny_dataset(), train=dataclasses.replace(TRAIN, epochs=1)
    )
    from_shards = dataclasses.replace(trained.plan, train=dataclasses.replace(TRAIN, epochs=1))
    assert in_memory.describe()["dataset"] == from_shards.describe()["dataset"]  # the same data set
    assert {name for name in from_shards.describe() if name not in in_memory.describe()} == {"shards"}
    train(in_memory, tmp_path / "float", load_engine())
    said = capfd.readouterr().err
    assert "train: starting anew, because epochs was 4 and is 1, shards was " in said
