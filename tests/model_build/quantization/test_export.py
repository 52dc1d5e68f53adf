"""Exported networks: one head, temperature folded in, and a SavedModel that the converters can read."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from face_emotion.errors import InputError
from model_build.data.dataset import TEST
from model_build.network.engine import load_engine
from model_build.quantization.export import Exported, export
from model_build.quantization.fake_quantization import restore
from model_build.training.selection import predict
from tests.support.training import BOTH, SMALLEST, Trained, softmax, tiny_dataset, untrained_checkpoint

FACES = tiny_dataset().part(TEST).images


@pytest.fixture(scope="module")
def logits(trained_float: Trained, trained_qat: Trained) -> dict[tuple[str, str], np.ndarray]:
    """What the whole two-headed networks say for FACES, by kind and head."""
    models = {
        "float": trained_float.checkpoint.model(load_engine().keras),
        "qat": restore(trained_qat.checkpoint),
    }
    return {
        (kind, head): answer
        for kind, model in models.items()
        for head, answer in zip(BOTH, predict(model, FACES), strict=True)
    }


@pytest.fixture(scope="module")
def exported(trained_float: Trained, trained_qat: Trained) -> Callable[[str, str, float], Exported]:
    """A function of kind, head and temperature that makes each exported network once."""
    sources = {"float": trained_float.checkpoint, "qat": trained_qat.checkpoint}
    return functools.cache(lambda kind, head, temperature: export(sources[kind], head, temperature))


CASES = (("labels", 1.0), ("labels", 0.6), ("votes", 1.7))


@pytest.mark.parametrize(("head", "temperature"), CASES)
def test_temperature_is_folded_into_the_float_network(logits, exported, head: str, temperature: float):
    expected, network = logits["float", head] / temperature, exported("float", head, temperature)
    np.testing.assert_allclose(network.logits(FACES), expected, atol=1e-5)
    np.testing.assert_allclose(network.probabilities(FACES), softmax(expected), atol=1e-5)


@pytest.mark.parametrize(("head", "temperature"), CASES)
def test_temperature_is_folded_into_the_qat_network(logits, exported, head: str, temperature: float):
    found = exported("qat", head, temperature).probabilities(FACES)
    # A value at the edge between two levels may fall to the other side, but hardly any does.
    error = np.abs(found - softmax(logits["qat", head] / temperature))
    assert error.max() < 0.01
    assert error.mean() < 1e-4
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)


def test_folding_scales_kernel_bias_and_ranges_but_not_the_step_counter(exported):
    plain, warmer = (exported("qat", "labels", temperature).model for temperature in (1.0, 0.6))
    before, after = (model.get_layer("quant_classifier_labels").weights for model in (plain, warmer))
    names = [variable.name for variable in before]
    assert any("kernel" in name for name in names)
    assert any("post_activation_max" in name for name in names)
    for old, new in zip(before, after, strict=True):
        factor = 1 if "optimizer_step" in old.name else 1 / 0.6
        np.testing.assert_allclose(new.numpy(), old.numpy() * factor, rtol=1e-6, err_msg=old.name)


@pytest.mark.parametrize("kind", ["float", "qat"])
def test_the_other_head_is_gone(exported, kind: str):
    names = [layer.name for layer in exported(kind, "votes", 1.7).model.layers]
    assert any(name.endswith("classifier_votes") for name in names)
    assert not any(name.endswith("classifier_labels") for name in names)


def test_a_head_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="--head votes: the checkpoint has only labels"):
        export(untrained_checkpoint(), "votes")


def test_the_saved_model_has_the_converters_signature(int8_file: Path, exported):
    import tensorflow as tf

    folder = int8_file.parent / "saved_model"
    served = tf.saved_model.load(str(folder)).signatures["serving_default"]
    (given,) = served.structured_input_signature[1].values()
    assert (given.shape.as_list(), given.dtype) == ([1, 48, 48, 1], tf.float32)
    answer = served.structured_outputs["probabilities"]
    assert (answer.shape.as_list(), answer.dtype) == ([1, 7], tf.float32)
    expected = exported("qat", "labels", 1.0).probabilities(FACES[:5])
    for face, probabilities in zip(FACES, expected, strict=False):
        image = tf.constant(face[None, :, :, None] / np.float32(255))
        np.testing.assert_allclose(served(image)["probabilities"][0], probabilities, atol=1e-5)
    assert not list(folder.parent.glob("*.partial"))


def test_saving_over_a_saved_model_replaces_it(tmp_path: Path):
    (tmp_path / "saved_model").mkdir()
    (tmp_path / "saved_model" / "left over").write_text("")
    export(untrained_checkpoint(SMALLEST), "labels").save(tmp_path / "saved_model")
    assert (tmp_path / "saved_model" / "saved_model.pb").is_file()
    assert not (tmp_path / "saved_model" / "left over").exists()
