"""model_build.network.depthwise: the quicker gradient is the same gradient, also in what tfmot has wrapped."""

from __future__ import annotations

import numpy as np
import pytest

from model_build.network.depthwise import quicken
from model_build.network.engine import load_engine
from model_build.quantization.fake_quantization import calibrate, fake_quantized
from model_build.training.augment import network_input
from model_build.training.fitting import compile_model
from tests.support.training import TINY, tiny_dataset, untrained


def _gradients(model, images: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    import tensorflow as tf

    with tf.GradientTape() as tape:
        answers = model(images, training=True)
        loss = tf.reduce_sum(tf.square(answers - 1))
    gradients = tape.gradient(loss, model.trainable_variables)
    names = [weight.name for weight in model.trainable_variables]
    return answers.numpy(), {name: gradient.numpy() for name, gradient in zip(names, gradients, strict=True)}


def _assert_same_gradients(model, images: np.ndarray) -> None:
    weights = model.get_weights()
    load_engine().reseed(model, 1)
    answers, expected = _gradients(model, images)
    quicken(model)
    model.set_weights(weights)  # a step in training moves the ranges of activations
    load_engine().reseed(model, 1)
    again, found = _gradients(model, images)
    np.testing.assert_allclose(again, answers, atol=1e-5)
    depthwise = [name for name in expected if "depthwise_kernel" in name]
    assert depthwise
    for name, gradient in expected.items():
        assert np.abs(gradient).max() > 1e-4 or name not in depthwise
        np.testing.assert_allclose(found[name], gradient, atol=2e-4 * max(1, np.abs(gradient).max()))


@pytest.mark.parametrize("size", [12, 13])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("kernel", [3, 5])
def test_gradients_of_images_and_kernel_are_the_same(size: int, stride: int, kernel: int):
    keras = load_engine().keras
    keras.utils.set_random_seed(0)
    inputs = keras.Input((size, size, 4))
    # A convolution in front, so that the gradient of the depthwise layer's input counts too.
    x = keras.layers.Conv2D(6, 1)(inputs)
    outputs = keras.layers.DepthwiseConv2D(kernel, strides=stride, padding="same", use_bias=False)(x)
    images = np.random.default_rng(0).normal(size=(8, size, size, 4)).astype(np.float32)
    _assert_same_gradients(keras.Model(inputs, outputs), images)


@pytest.mark.parametrize("wrapped", [False, True], ids=["float", "fake-quantised"])
def test_a_network_learns_by_the_same_gradients(wrapped: bool):
    model = untrained(TINY)
    images = network_input(tiny_dataset().images[:32])
    if wrapped:
        quantised = fake_quantized(model)
        calibrate(quantised, model, [images])
        model = quantised
    _assert_same_gradients(model, images)


def test_a_compiled_model_has_it_in_every_depthwise_layer_and_in_no_other():
    engine, model = load_engine(), untrained(TINY)
    compile_model(engine, model, engine.keras.optimizers.SGD(0.1), 1, 7, 1.0, 1.0)
    changed = {layer.name for layer in model.layers if "call" in vars(layer)}
    assert changed == {layer.name for layer in model.layers if layer.name.endswith("_depthwise")} != set()
