"""The network family: sizes by hand, layers that quantise well, a convolution as classifier."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from face_emotion.errors import InputError
from model_build.network import architecture as family
from model_build.network.architecture import (
    ARCHITECTURES,
    PLAIN,
    UNPROJECTED,
    Architecture,
    Stage,
    architecture,
    multiply_accumulates,
)
from model_build.network.engine import load_engine
from tests.support.training import BOTH, TINY, untrained

ALLOWED = {
    "InputLayer", "Conv2D", "DepthwiseConv2D", "BatchNormalization", "ReLU", "Add", "GlobalAveragePooling2D",
    "Dropout", "Reshape",
}  # fmt: skip
# TINY: stem 1->8 at 24x24; block 8->16->8 with a shortcut; block 8->16->16 down to 12x12; block 16->32->16 with a
# shortcut; head 16->24; classifier 24->7. A batch norm has 4 weights a channel.
STEM = 9 * 8
BLOCKS = ((8 * 16, 9 * 16, 16 * 8), (8 * 16, 9 * 16, 16 * 16), (16 * 32, 9 * 32, 32 * 16))
NORMS = 4 * (8 + (16 + 16 + 8) + (16 + 16 + 16) + (32 + 32 + 16) + 24)
TINY_PARAMETERS = STEM + sum(map(sum, BLOCKS)) + 16 * 24 + NORMS + (24 * 7 + 7)
TINY_MACS = (
    24 * 24 * (STEM + sum(BLOCKS[0]) + BLOCKS[1][0])
    + 12 * 12 * (BLOCKS[1][1] + BLOCKS[1][2] + sum(BLOCKS[2]) + 16 * 24)
    + 24 * 7
)


def test_parameters_and_macs_by_hand():
    model = untrained()
    assert model.count_params() == TINY_PARAMETERS
    assert multiply_accumulates(model) == TINY_MACS


def test_a_second_head_adds_only_its_classifier():
    model = untrained(heads=BOTH)
    assert model.count_params() == TINY_PARAMETERS + 24 * 7 + 7
    assert [output.shape.as_list() for output in model.outputs] == [[None, 7], [None, 7]]
    assert model.output_names == list(BOTH)


@pytest.fixture(scope="module", params=[("nano", 60_000), ("small", 370_000), ("base", 720_000)])
def variant(request: pytest.FixtureRequest):
    """A variant's name, the parameters that the issue asks for, and the built network."""
    name, parameters = request.param
    return name, parameters, untrained(architecture(name))


def test_variants_have_the_size_that_is_promised(variant):
    _, parameters, model = variant
    assert abs(model.count_params() / parameters - 1) < 0.12


def test_only_layers_that_quantise_well(variant):
    _, _, model = variant
    assert {type(layer).__name__ for layer in model.layers} <= ALLOWED
    for layer in model.layers:
        if type(layer).__name__ == "ReLU":
            assert layer.max_value == 6
        if layer.name.endswith("_conv") or layer.name.endswith("_depthwise"):
            assert not layer.use_bias  # the batch norm behind it has one


def test_classifier_is_a_1x1_convolution_of_the_pooled_features(variant):
    _, _, model = variant
    classifier = model.get_layer("classifier_labels")
    assert type(classifier).__name__ == "Conv2D"
    assert classifier.kernel_size == (1, 1)
    assert classifier.input.shape.as_list()[:3] == [None, 1, 1]
    assert classifier.use_bias
    assert model.output.shape.as_list() == [None, 7]
    assert model.input.shape.as_list() == [None, 48, 48, 1]


def test_every_shortcut_adds_what_entered_its_block():
    model = untrained()
    adds = [layer.name for layer in model.layers if type(layer).__name__ == "Add"]
    assert adds == ["stage0_0_add", "stage1_1_add"]  # where the stride is 1 and the width stays
    assert [tensor.name.split("/")[0] for tensor in model.get_layer("stage1_1_add").input] == [
        "stage1_0_project_norm",
        "stage1_1_project_norm",
    ]


def test_dropout_acts_in_training_only_and_0_leaves_it_out():
    images = np.random.default_rng(0).uniform(0, 1, (4, 48, 48, 1)).astype(np.float32)
    model = untrained()
    assert np.array_equal(model(images), model(images))
    assert not np.array_equal(model(images, training=True), model(images, training=True))
    plain = untrained(dataclasses.replace(TINY, dropout=0))
    assert "dropout" not in [layer.name for layer in plain.layers]


def test_same_seed_same_weights():
    first, again, other = (untrained(seed=seed).get_weights() for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(first, other, strict=True))


def test_a_name_behind_a_dash_is_the_users_own():
    assert architecture("small-ferplus") is architecture("small") is ARCHITECTURES["small"]


@pytest.mark.parametrize("name", ["large", "Small", "", "-small", "ferplus-small"])
def test_unknown_variant_is_refused(name: str):
    with pytest.raises(InputError, match=f"--variant {name}: unknown; use one of nano, small, base, teacher"):
        architecture(name)


def test_plain_blocks_add_a_projected_shortcut_only_where_the_shape_changes():
    shape = Architecture(((8, 2),), (Stage(8, 1, 1, 2, kind=PLAIN), Stage(16, 1, 2, 1, kind=PLAIN)), 0)
    model = untrained(shape)
    kernels = {layer.name: layer.kernel.shape for layer in model.layers if type(layer).__name__ == "Conv2D"}
    assert {name: tuple(kernel) for name, kernel in kernels.items() if name.startswith("stage1")} == {
        "stage1_0_first_conv": (3, 3, 8, 16),
        "stage1_0_second_conv": (3, 3, 16, 16),
        "stage1_0_shortcut_conv": (1, 1, 8, 16),
    }
    assert [name for name in kernels if "shortcut" in name] == ["stage1_0_shortcut_conv"]
    assert "head_conv" not in kernels
    assert len([layer for layer in model.layers if type(layer).__name__ == "Add"]) == 3
    assert model.get_layer("stage1_0_add").output.shape[1:] == (12, 12, 16)


def test_an_unprojected_block_gives_on_what_its_depthwise_convolution_finds():
    stages = (Stage(8, 2, 1, 1), Stage(24, 1, 2, 1, 5, UNPROJECTED))
    model = untrained(Architecture(((8, 2),), stages, head=0))
    kernels = {
        layer.name: tuple(layer.get_weights()[0].shape)
        for layer in model.layers
        if layer.name.startswith("stage1") and type(layer).__name__ in ("Conv2D", "DepthwiseConv2D")
    }
    assert kernels == {"stage1_0_expand_conv": (1, 1, 8, 24), "stage1_0_depthwise": (5, 5, 24, 1)}
    assert model.get_layer("pool").input.name.startswith("stage1_0_depthwise_relu")
    assert model.get_layer("pool").input.shape.as_list() == [None, 12, 12, 24]


def test_bfloat16_computes_the_body_coarsely_and_keeps_weights_and_logits_in_float32():
    keras = load_engine().keras
    images = np.random.default_rng(0).uniform(0, 1, (4, 48, 48, 1)).astype(np.float32)
    exact = untrained()
    coarse = family.build(keras, TINY, 7, precision="bfloat16")
    coarse.set_weights(exact.get_weights())
    assert {weight.dtype.name for weight in coarse.weights} == {"float32"}
    assert coarse.get_layer("stem0_conv").compute_dtype == "bfloat16"
    assert coarse.output.dtype.name == exact.output.dtype.name == "float32"
    difference = np.abs(np.asarray(coarse(images)) - np.asarray(exact(images))).max()
    assert 0 < difference < 0.05
    assert untrained().get_layer("stem0_conv").compute_dtype == "float32"  # the next network is exact again


def test_an_unknown_kind_of_stage_is_refused():
    with pytest.raises(ValueError, match="inverted, plain, unprojected, not 'dense'"):
        Stage(8, 1, 1, 1, kind="dense")


@pytest.mark.parametrize("shape", [TINY, *ARCHITECTURES.values()])
def test_architecture_round_trip(shape: Architecture):
    assert Architecture.from_dict(json.loads(json.dumps(shape.to_dict()))) == shape
