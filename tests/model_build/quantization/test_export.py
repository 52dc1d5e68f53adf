"""Exported networks: the logits of every head, the blend folded into a classifier, and a SavedModel to convert."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from face_emotion.contract import Contract, Normalization
from face_emotion.errors import InputError
from face_emotion.normalization import normalized
from model_build.data.dataset import TEST
from model_build.network.engine import load_engine
from model_build.quantization.export import Exported, contract_of, export
from model_build.quantization.fake_quantization import restore
from model_build.training.selection import predict
from tests.support.training import BOTH, SMALLEST, Trained, softmax, tiny_dataset, untrained_checkpoint

FACES = tiny_dataset().part(TEST).images
SEEN = normalized(FACES, Normalization("stretch"))
BLEND, SHARPNESS = (0.7, 0.4), (1.3, 2.0)
WEIGHTS = {"both": BLEND, "labels": (1.3, 0.0), "votes": (0.0, 2.0)}
KINDS = ("float", "qat")


@pytest.fixture(scope="module")
def logits(trained_float: Trained, trained_qat: Trained) -> dict[str, np.ndarray]:
    """What the whole two-headed networks say for FACES [head,N,7], by kind."""
    models = {
        "float": trained_float.checkpoint.model(load_engine().keras),
        "qat": restore(trained_qat.checkpoint),
    }
    return {kind: np.stack(predict(model, SEEN)) for kind, model in models.items()}


@pytest.fixture(scope="module")
def exported(trained_float: Trained, trained_qat: Trained) -> Callable[[str, str], Exported]:
    """A function of kind and head that makes each exported network once."""
    sources = {"float": trained_float.checkpoint, "qat": trained_qat.checkpoint}
    contract = dataclasses.replace(contract_of(trained_qat.checkpoint), blend=BLEND, sharpness=SHARPNESS)
    return functools.cache(lambda kind, head: export(sources[kind], contract, head))


@pytest.mark.parametrize("head", ["both", "labels", "votes"])
def test_every_head_answers_as_the_whole_float_network(logits, exported, head: str):
    network = exported("float", head)
    expected = np.concatenate(logits["float"], axis=1)
    np.testing.assert_allclose(network.logits(FACES), expected, atol=1e-5)
    blended = np.tensordot(WEIGHTS[head], logits["float"], axes=1)
    np.testing.assert_allclose(network.probabilities(FACES), softmax(blended), atol=1e-5)


@pytest.mark.parametrize("head", ["both", "labels", "votes"])
def test_every_head_answers_as_the_whole_qat_network(logits, exported, head: str):
    found = exported("qat", head).probabilities(FACES)
    # One range holds the logits of both heads, so that a step of the narrower one has grown; no step is left out.
    error = np.abs(found - softmax(np.tensordot(WEIGHTS[head], logits["qat"], axes=1)))
    assert error.max() < 0.06
    assert error.mean() < 5e-3
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_the_blend_is_a_classifier_of_its_own(exported, kind: str):
    blended, logits = predict(exported(kind, "both").model, SEEN)
    expected = np.tensordot(BLEND, np.stack([logits[:, :7], logits[:, 7:]]), axes=1)
    # Its kernel is rounded to a grid of its own: as much as 8 bits are worth.
    error = np.abs(blended - expected)
    assert error.max() < (1e-4 if kind == "float" else 0.5) and error.mean() < 0.05
    assert np.ptp(expected) > 3


def test_ranges_hold_the_logits_of_all_heads_and_the_step_counter_is_not_touched(
    exported, trained_qat: Trained
):
    layers = {
        name: exported("qat", "both").model.get_layer(f"quant_classifier_{name}")
        for name in ("logits", "blend")
    }
    found = {
        name: {variable.name.rpartition("/")[2]: variable.numpy() for variable in layer.weights}
        for name, layer in layers.items()
    }
    stored = trained_qat.checkpoint.weights
    low, high = (np.array([stored[f"quant_classifier_{head}/{place}"] for head in BOTH]) for place in (5, 6))
    assert found["logits"]["post_activation_min:0"] == low.min()
    assert found["logits"]["post_activation_max:0"] == high.max()
    assert found["blend"]["post_activation_min:0"] == pytest.approx(low @ BLEND, rel=1e-6)
    assert found["blend"]["post_activation_max:0"] == pytest.approx(high @ BLEND, rel=1e-6)
    assert all(values["optimizer_step:0"] == -1 for values in found.values())


@pytest.mark.parametrize("kind", KINDS)
def test_the_classifiers_of_the_heads_are_gone(exported, kind: str):
    names = [layer.name.removeprefix("quant_") for layer in exported(kind, "both").model.layers]
    assert [name for name in names if name.startswith("classifier_")] == [
        "classifier_blend",
        "classifier_logits",
    ]


def test_a_network_with_one_head_has_its_logits_and_a_sharpened_answer():
    source = untrained_checkpoint()
    contract = dataclasses.replace(contract_of(source), blend=(1.7,), sharpness=(1.7,))
    network = export(source, contract)
    expected = predict(source.model(load_engine().keras), SEEN)[0]
    assert source.normalization.kind == "none"  # it is asked about faces as they are
    np.testing.assert_allclose(network.logits(SEEN), expected, atol=1e-5)
    for head in ("both", "labels"):
        answers = export(source, contract, head).probabilities(SEEN)
        np.testing.assert_allclose(answers, softmax(1.7 * expected), atol=1e-5)


def test_a_contract_that_is_not_calibrated_answers_with_the_first_head(trained_qat: Trained):
    assert contract_of(trained_qat.checkpoint) == Contract(
        heads=("labels", "votes"),
        blend=(1.0, 0.0),
        sharpness=(1.0, 1.0),
        normalization=Normalization("stretch"),
        reach="far",
    )


def test_a_head_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="head 'votes': use one of labels, both"):
        export(untrained_checkpoint(), head="votes")


def test_the_saved_model_has_the_converters_signature(int8_file: Path, trained_qat: Trained):
    import tensorflow as tf

    folder = int8_file.parent / "saved_model"
    served = tf.saved_model.load(str(folder)).signatures["serving_default"]
    (given,) = served.structured_input_signature[1].values()
    assert (given.shape.as_list(), given.dtype) == ([1, 48, 48, 1], tf.float32)
    answers = {name: answer.shape.as_list() for name, answer in served.structured_outputs.items()}
    assert answers == {"probabilities": [1, 7], "logits": [1, 14]}
    network = export(trained_qat.checkpoint)
    expected, logits = network.probabilities(FACES[:5]), network.logits(FACES[:5])
    for face, probabilities, row in zip(SEEN, expected, logits, strict=False):
        found = served(tf.constant(face[None, :, :, None] / np.float32(255)))
        np.testing.assert_allclose(found["logits"][0], row, atol=0.06)
        np.testing.assert_allclose(found["probabilities"][0], probabilities, atol=0.02)
    assert not list(folder.parent.glob("*.partial"))


def test_saving_over_a_saved_model_replaces_it(tmp_path: Path):
    (tmp_path / "saved_model").mkdir()
    (tmp_path / "saved_model" / "left over").write_text("")
    export(untrained_checkpoint(SMALLEST)).save(tmp_path / "saved_model")
    assert (tmp_path / "saved_model" / "saved_model.pb").is_file()
    assert not (tmp_path / "saved_model" / "left over").exists()
