"""Small networks as .tflite bytes for the tests of the reader and of the TF.js converter."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

CLASSES = 7
CALIBRATION = 3  # the seed of the faces whose ranges the int8 classifier is calibrated to


def convert(
    function: Callable, shape: tuple[int, ...], kind: str = "float32", ranges: np.ndarray | None = None
) -> bytes:
    """Returns `function` (float32 of `shape` to one tensor or a dict of them) as a .tflite file's bytes.

    kind: "float32", "float16" (weights) or "int8" (uint8 input and output, ranges from the rows of `ranges`).
    """
    import tensorflow as tf

    module = tf.Module()
    module.serve = tf.function(function, input_signature=[tf.TensorSpec(shape, tf.float32)])
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [module.serve.get_concrete_function()], module
    )
    if kind != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if kind == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if kind == "int8":
        converter.representative_dataset = lambda: ([row[None]] for row in ranges)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = converter.inference_output_type = tf.uint8
    return converter.convert()


def faces(count: int, seed: int = 0) -> np.ndarray:
    """Returns uint8 [count,48,48]: smooth random blobs over the whole range of grey levels."""
    generator = np.random.default_rng(seed)
    coarse = generator.normal(0, 1, (count, 8, 8))
    smooth = np.kron(coarse, np.ones((6, 6))) + generator.normal(0, 0.3, (count, 48, 48))
    low, high = smooth.min((1, 2), keepdims=True), smooth.max((1, 2), keepdims=True)
    return np.round(255 * (smooth - low) / (high - low)).astype(np.uint8)


@cache
def classifier(kind: str = "int8") -> bytes:
    """Returns an untrained MobileNetV2-like classifier of grey 48x48 images: two blocks, one with a residual."""
    import tensorflow as tf

    generator = np.random.default_rng(4)

    def kernel(*shape: int) -> Any:
        fan_in = shape[0] * shape[1] * (1 if shape[3] == 1 and shape[0] > 1 else shape[2])
        spread = generator.uniform(0.3, 2.0, shape[2] if shape[3] == 1 else shape[3])  # one scale a channel
        values = generator.normal(0, 1.4 / np.sqrt(fan_in), shape) * (
            spread[:, None] if shape[3] == 1 else spread
        )
        return tf.constant(values, tf.float32)

    def bias(size: int) -> Any:
        return tf.constant(generator.normal(0.2, 0.3, size), tf.float32)

    stem = kernel(3, 3, 1, 8), bias(8)
    blocks = [
        (kernel(1, 1, 8, 16), bias(16), kernel(3, 3, 16, 1), bias(16), kernel(1, 1, 16, 8), bias(8)),
        (kernel(1, 1, 8, 24), bias(24), kernel(3, 3, 24, 1), bias(24), kernel(1, 1, 24, 16), bias(16)),
    ]
    head = kernel(1, 1, 16, CLASSES)

    def body(images):
        x = tf.nn.relu6(tf.nn.conv2d(images, stem[0], 2, "SAME") + stem[1])
        for expand, expand_bias, depthwise, depthwise_bias, project, project_bias in blocks:
            stride = 1 if project.shape[3] == 8 else 2
            y = tf.nn.relu6(tf.nn.conv2d(x, expand, 1, "SAME") + expand_bias)
            y = tf.nn.depthwise_conv2d(y, depthwise, [1, stride, stride, 1], "SAME") + depthwise_bias
            y = tf.nn.conv2d(tf.nn.relu6(y), project, 1, "SAME") + project_bias
            x = x + y if stride == 1 else y
        return tf.nn.conv2d(tf.reduce_mean(x, [1, 2], keepdims=True), head, 1, "VALID")

    inputs = faces(96, seed=CALIBRATION)[..., None].astype(np.float32) / 255
    seen = body(inputs)
    factor = 1.5 / tf.math.reduce_std(seen, 0)
    shift = -tf.reduce_mean(seen, [0, 1, 2]) * factor  # every class wins on some images

    def network(images):
        return tf.nn.softmax(tf.reshape(body(images) * factor + shift, [1, CLASSES]))

    return convert(network, (1, 48, 48, 1), kind, inputs)


def interpret(content: bytes, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Runs a .tflite file over rows [N,...], one after the other, and returns what each output holds."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=content, num_threads=1)
    interpreter.allocate_tensors()
    outputs = interpreter.get_output_details()
    found: dict[str, list[np.ndarray]] = {}
    for row in rows:
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], row[None])
        interpreter.invoke()
        for output in outputs:
            found.setdefault(output["name"].removesuffix(":0"), []).append(
                interpreter.get_tensor(output["index"])[0]
            )
    return {name: np.stack(values) for name, values in found.items()}
