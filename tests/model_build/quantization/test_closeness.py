"""quantization.closeness: a fine-tuning that makes another network of the float one is not kept, and says so."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from model_build.data.dataset import Dataset
from model_build.data.votes import VOTE_COLUMNS
from model_build.network.engine import load_engine
from model_build.quantization.closeness import Closeness, float_answers
from model_build.quantization.quantize import QuantizePlan, quantize
from model_build.training.selection import jury_of
from tests.support.training import (
    HAPPY,
    QUANTIZE,
    SURPRISE,
    TRAIN,
    UNCHANGED,
    tiny_dataset,
    untrained_checkpoint,
)


@pytest.mark.parametrize(
    ("agree", "images", "enough"),
    [(970, 1000, True), (969, 1000, False), (15, 16, True), (14, 16, False), (16, 16, True)],
)
def test_97_percent_are_enough_and_one_image_may_differ(agree: int, images: int, enough: bool):
    assert Closeness(agree, images).enough is enough


def contradicted() -> Dataset:
    """The tiny data set with its two expressions called by each other's name, in labels and votes."""
    dataset = tiny_dataset()
    labels = np.where(dataset.labels == HAPPY, SURPRISE, HAPPY)
    votes = dataset.given_votes().copy()
    happiness, surprise = (VOTE_COLUMNS.index(name) for name in ("happiness", "surprise"))
    votes[:, [happiness, surprise]] = votes[:, [surprise, happiness]]
    return dataclasses.replace(dataset, labels=labels, votes=votes, digest="")


def test_what_fine_tuning_moved_off_the_float_network_is_not_kept(trained_float, tmp_path, capsys):
    """Fine-tuning learns the contrary of what the float network knows, and is the better for it."""
    tuning = dataclasses.replace(QUANTIZE, qat_epochs=3, qat_learning_rate=0.1)
    plan = QuantizePlan(contradicted(), trained_float.checkpoint, TRAIN, tuning, UNCHANGED)
    found = quantize(plan, tmp_path / "tuned")
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].startswith("quantize: epoch ") and lines[-1].endswith(
        "that is kept, as with --qat-epochs 0"
    )
    assert found.details["epoch"] == 0
    rows = json.loads((tmp_path / "tuned/history.json").read_text())
    assert [row["kept"] for row in rows] == [False, False, False]
    untuned = dataclasses.replace(plan, quantize=dataclasses.replace(tuning, qat_epochs=0))
    calibrated = quantize(untuned, tmp_path / "calibrated")
    for name, value in calibrated.weights.items():
        np.testing.assert_array_equal(found.weights[name], value, err_msg=name)
    for name in ("selection_accuracy", "selection_log_loss", "selection_spoilt_log_loss"):
        assert found.details[name] == calibrated.details[name]


def test_a_network_agrees_with_itself(trained_float):
    keras = load_engine().keras
    model = trained_float.checkpoint.model(keras)
    jury = jury_of(tiny_dataset(), trained_float.checkpoint.heads)
    asked = float_answers(model, jury, tiny_dataset().images)
    assert list(asked.images) == ["selection", "drawn", "training"]
    found = asked.closeness(model)
    assert found.agree == found.images > 20 and found.enough
    other = untrained_checkpoint(trained_float.checkpoint.architecture, heads=trained_float.checkpoint.heads)
    assert not asked.closeness(other.model(keras)).enough
