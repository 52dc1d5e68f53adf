"""converters/tfjs_operators.py: each operator of a .tflite file computes the same in TF.js, or is refused by name."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pytest

from converters.tfjs import convert_tfjs
from converters.tfjs_runtime import TfjsModel
from converters.tflite_reader import read_tflite
from face_emotion.errors import InputError
from tests.support.tfjs import convert, interpret


def supported_layers(x: Any) -> dict[str, Any]:
    """What the converter claims to support, in the variants that matter, on [1,11,9,4]."""
    import tensorflow as tf

    generator = np.random.default_rng(6)

    def kernel(*shape):
        return tf.constant(generator.normal(0, 0.5, shape), tf.float32)

    def bias(size):
        return tf.constant(generator.normal(0, 0.5, size), tf.float32)

    def pool(strides, padding):
        return tf.nn.max_pool2d(x, 2, strides, padding)

    residual = tf.nn.conv2d(x, kernel(1, 1, 4, 4), 1, "SAME")
    taken_twice = tf.nn.conv2d(x, kernel(3, 3, 4, 5), 1, "SAME") + bias(5)
    return {
        "same_stride_2": tf.nn.conv2d(x, kernel(3, 3, 4, 6), 2, "SAME") + bias(6),
        "valid_relu": tf.nn.relu(tf.nn.conv2d(x, kernel(3, 2, 4, 5), 1, "VALID") + bias(5)),
        "dilated_relu6": tf.nn.relu6(tf.nn.conv2d(x, kernel(3, 3, 4, 5), 1, "SAME", dilations=2) + bias(5)),
        "pointwise": tf.nn.conv2d(x, kernel(1, 1, 4, 7), 1, "VALID") + bias(7),
        "depthwise": tf.nn.depthwise_conv2d(x, kernel(3, 3, 4, 1), [1, 1, 1, 1], "SAME") + bias(4),
        "depthwise_stride_2": tf.nn.relu6(
            tf.nn.depthwise_conv2d(x, kernel(5, 5, 4, 1), [1, 2, 2, 1], "SAME")
        ),
        "depthwise_multiplier": tf.nn.depthwise_conv2d(x, kernel(3, 3, 4, 2), [1, 2, 2, 1], "VALID")
        + bias(8),
        "residual": x + residual,
        "residual_relu": tf.nn.relu(x + tf.nn.conv2d(x, kernel(3, 3, 4, 4), 1, "SAME")),
        "padded_channels": tf.pad(pool(2, "SAME"), [[0, 0], [0, 0], [0, 0], [0, 3]]),
        "pool_valid": pool(2, "VALID"),
        "resized": resized(x, 22, 18),
        "resized_unevenly": resized(x, 15, 31),
        "concatenated": tf.concat([tf.reshape(x, [1, 198, 2]), tf.reshape(residual, [1, 198, 2])], 1),
        "mean": tf.reduce_mean(x, [1, 2], keepdims=True),
        "mean_flat": tf.reduce_mean(x, [1, 2]),
        "softmax": tf.nn.softmax(tf.reduce_mean(x, [1, 2])),
        "relu_alone": tf.nn.relu6(tf.pad(taken_twice, [[0, 0], [1, 2], [0, 1], [0, 0]])),
        "relu_beside": tf.nn.relu(taken_twice),
    }


def resized(x: Any, height: int, width: int, half_pixels: bool = False, corners: bool = False) -> Any:
    """Returns the nearest neighbours of [1,H,W,C] at another size."""
    import tensorflow as tf

    return tf.raw_ops.ResizeNearestNeighbor(
        images=x, size=(height, width), half_pixel_centers=half_pixels, align_corners=corners
    )


def unsupported_layer(x: Any) -> Any:
    """Returns an operator that the converter does not know, behind one that it does."""
    import tensorflow as tf

    return tf.tanh(tf.nn.relu(x))


def with_separate_activation(name: str) -> bytes:
    """Returns a convolution whose activation is an operator of its own, as in BlazeFace's file."""
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    kernel = np.random.default_rng(1).normal(0, 0.5, (3, 3, 4, 5)).astype(np.float32)

    def network(x):
        import tensorflow as tf

        return tf.nn.relu(tf.nn.conv2d(x, kernel, 1, "SAME"))

    model = schema.ModelT.InitFromPackedBuf(convert(network, (1, 11, 9, 4)))
    graph = model.subgraphs[0]
    (convolution,) = graph.operators
    convolution.builtinOptions.fusedActivationFunction = schema.ActivationFunctionType.NONE
    before = copy.copy(graph.tensors[convolution.outputs[0]])
    before.name = b"before"
    graph.tensors.append(before)
    code = schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = getattr(schema.BuiltinOperator, name)
    code.version = 1
    model.operatorCodes.append(code)
    activation = schema.OperatorT()
    activation.opcodeIndex = len(model.operatorCodes) - 1
    activation.inputs, activation.outputs = [len(graph.tensors) - 1], convolution.outputs
    convolution.outputs = activation.inputs
    graph.operators.append(activation)
    builder = flatbuffers.Builder(4096)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def test_every_supported_layer_agrees_with_the_interpreter(tmp_path):
    path = tmp_path / "layers.tflite"
    path.write_bytes(convert(supported_layers, (1, 11, 9, 4)))
    convert_tfjs(path, tmp_path / "layers")
    rows = np.random.default_rng(2).uniform(-2, 2, (3, 11, 9, 4)).astype(np.float32)
    expected = interpret(path.read_bytes(), rows)
    found = TfjsModel(tmp_path / "layers").outputs(rows)
    (softmax,) = expected.keys() - found.keys()
    expected["probabilities"] = expected.pop(softmax)
    assert expected.keys() == found.keys()
    assert len(found) == len(supported_layers(rows[:1]))
    for name, values in expected.items():
        assert found[name].shape == values.shape
        np.testing.assert_allclose(found[name], values, atol=3e-5, err_msg=name)


@pytest.mark.parametrize("activation", ["RELU", "RELU6"])
def test_activation_of_its_own_is_fused_into_the_convolution(tmp_path, activation):
    path = tmp_path / "separate.tflite"
    path.write_bytes(with_separate_activation(activation))
    assert [operator.name for operator in read_tflite(path).operators] == ["CONV_2D", activation]
    convert_tfjs(path, tmp_path / "out")
    nodes = json.loads((tmp_path / "out" / "model.json").read_text())["modelTopology"]["node"]
    assert [node["op"] for node in nodes if node["op"] not in ("Const", "Placeholder")] == ["_FusedConv2D"]
    rows = np.random.default_rng(2).uniform(-9, 9, (3, 11, 9, 4)).astype(np.float32)
    (expected,), (found,) = (
        interpret(path.read_bytes(), rows).values(),
        TfjsModel(tmp_path / "out").outputs(rows).values(),
    )
    np.testing.assert_allclose(found, expected, atol=3e-5)


@pytest.mark.parametrize("kind", ["half_pixels", "corners"])
def test_a_resize_of_another_kind_is_refused(tmp_path, kind):
    path = tmp_path / "resize.tflite"
    path.write_bytes(convert(lambda x: resized(x, 22, 18, **{kind: True}), (1, 11, 9, 4)))
    message = (
        r"resize\.tflite: operator \d+ RESIZE_NEAREST_NEIGHBOR is supported without align_corners and "
        r"half_pixel_centers only"
    )
    with pytest.raises(InputError, match=message) as caught:
        convert_tfjs(path, tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_unsupported_operator_is_named(tmp_path):
    path = tmp_path / "tanh.tflite"
    path.write_bytes(convert(unsupported_layer, (1, 11, 9, 4)))
    with pytest.raises(
        InputError, match=r"tanh\.tflite: operator \d+ TANH is not supported \(supported: CONV_2D"
    ):
        convert_tfjs(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["tanh.tflite"]
