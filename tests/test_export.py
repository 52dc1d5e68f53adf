"""Exported networks: one head, temperature folded in, and a SavedModel that the converters can read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from helpers_training import BOTH, Trained, softmax, tiny_dataset, untrained_checkpoint

from face_emotion.errors import InputError
from model_build.data import TEST
from model_build.engine import load_engine
from model_build.export import export
from model_build.fake_quantization import restore
from model_build.selection import predict

FACES = tiny_dataset().part(TEST).images


def logits(trained: Trained, head: str) -> np.ndarray:
    """Returns what the whole two-headed network says for FACES."""
    stored = trained.checkpoint
    model = restore(stored) if stored.details["kind"] == "qat" else stored.model(load_engine().keras)
    return predict(model, FACES)[BOTH.index(head)]


@pytest.mark.parametrize("head", BOTH)
@pytest.mark.parametrize("temperature", [1.0, 0.6, 1.7])
def test_temperature_is_folded_into_the_float_network(trained_float: Trained, head: str, temperature: float):
    exported = export(trained_float.checkpoint, head, temperature)
    expected = logits(trained_float, head)
    np.testing.assert_allclose(exported.logits(FACES), expected / temperature, atol=1e-5)
    np.testing.assert_allclose(exported.probabilities(FACES), softmax(expected / temperature), atol=1e-5)


@pytest.mark.parametrize("head", BOTH)
@pytest.mark.parametrize("temperature", [1.0, 0.6, 1.7])
def test_temperature_is_folded_into_the_qat_network(trained_qat: Trained, head: str, temperature: float):
    found = export(trained_qat.checkpoint, head, temperature).probabilities(FACES)
    # A value at the edge between two levels may fall to the other side: a level is about 1/50 of a logit here.
    np.testing.assert_allclose(found, softmax(logits(trained_qat, head) / temperature), atol=0.01)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)


def test_folding_scales_kernel_bias_and_ranges_but_not_the_step_counter(trained_qat: Trained):
    plain, halved = (
        export(trained_qat.checkpoint, "labels", temperature).model for temperature in (1.0, 2.0)
    )
    before, after = (model.get_layer("quant_classifier_labels").weights for model in (plain, halved))
    names = [variable.name for variable in before]
    assert any("kernel" in name for name in names)
    assert any("post_activation_max" in name for name in names)
    for old, new in zip(before, after, strict=True):
        factor = 1 if "optimizer_step" in old.name else 0.5
        np.testing.assert_array_equal(new.numpy(), old.numpy() * factor, err_msg=old.name)


@pytest.mark.parametrize("kind", ["float", "qat"])
def test_the_other_head_is_gone(kind: str, request: pytest.FixtureRequest):
    stored = request.getfixturevalue(f"trained_{kind}").checkpoint
    names = [layer.name for layer in export(stored, "votes").model.layers]
    assert any(name.endswith("classifier_votes") for name in names)
    assert not any(name.endswith("classifier_labels") for name in names)


def test_a_head_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="--head votes: the checkpoint has only labels"):
        export(untrained_checkpoint(), "votes")


def test_the_saved_model_has_the_converters_signature(int8_file: Path, trained_qat: Trained):
    import tensorflow as tf

    folder = int8_file.parent / "saved_model"
    served = tf.saved_model.load(str(folder)).signatures["serving_default"]
    (given,) = served.structured_input_signature[1].values()
    assert (given.shape.as_list(), given.dtype) == ([1, 48, 48, 1], tf.float32)
    answer = served.structured_outputs["probabilities"]
    assert (answer.shape.as_list(), answer.dtype) == ([1, 7], tf.float32)
    expected = export(trained_qat.checkpoint, "labels").probabilities(FACES[:5])
    for face, probabilities in zip(FACES, expected, strict=False):
        image = tf.constant(face[None, :, :, None] / np.float32(255))
        np.testing.assert_allclose(served(image)["probabilities"][0], probabilities, atol=1e-5)
    assert not list(folder.parent.glob("*.partial"))


def test_saving_over_a_saved_model_replaces_it(int8_file: Path, trained_float: Trained, tmp_path: Path):
    exported = export(trained_float.checkpoint, "labels")
    (tmp_path / "saved_model").mkdir()
    (tmp_path / "saved_model" / "left over").write_text("")
    exported.save(tmp_path / "saved_model")
    assert (tmp_path / "saved_model" / "saved_model.pb").is_file()
    assert not (tmp_path / "saved_model" / "left over").exists()
