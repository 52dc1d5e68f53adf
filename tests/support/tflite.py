"""A small, untrained network in several .tflite forms, for the tests of whatever reads such files.

The weights are seeded and the classifier's kernel is large, so that the answers differ from image to image.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np

CLASSES = 7


def random_images(count: int, seed: int = 0, size: int = 48) -> np.ndarray:
    """Returns uint8 [count,size,size] images of smooth blobs that use the whole range of grey levels."""
    generator = np.random.default_rng(seed)
    light = generator.uniform(40, 215, (count, 1, 1))
    coarse = light + generator.uniform(0, 60, (count, 1, 1)) * generator.normal(0, 1, (count, 6, 6))
    smooth = np.kron(coarse, np.ones((1, size // 6, size // 6)))
    noise = generator.uniform(0, 30, (count, 1, 1)) * generator.normal(0, 1, smooth.shape)
    return np.clip(smooth + noise, 0, 255).astype(np.uint8)


@cache
def tflite_bytes(
    quantized: bool = True,
    size: int = 48,
    input_high: float = 1.0,
    output_factor: float = 1.0,
    input_low: float = 0.0,
    output_low: float = 0.0,
    classes: int = CLASSES,
    heads: int = 0,
) -> bytes:
    """Returns the network as a .tflite file's bytes.

    quantized: uint8 input and output with int8 weights; otherwise float32 throughout.
    input_low, input_high: the calibrated input range; the input scale becomes their distance / 255, and the zero point
    -input_low / scale.
    output_factor: what the probabilities are multiplied by; 1 gives the usual output scale of 1/256. output_low: what
    is added then; below 0 it gives another zero point than 0.
    heads: of the second output, the logits: those of the first, then those of the classes in reverse, half as sure;
    0: there is no such output, as in files of format 1.
    """
    options = locals().copy()
    if importlib.util.find_spec("tensorflow") is None:
        return _made_elsewhere(options)
    import tensorflow as tf

    from converters.tflite_names import shorten_names

    generator = np.random.default_rng(7)

    def kernel(*shape: int) -> tf.Tensor:
        return tf.constant(generator.normal(0, 2 / np.sqrt(np.prod(shape[:2])), shape), tf.float32)

    stem, depthwise, expand = kernel(3, 3, 1, 8), kernel(3, 3, 8, 1), kernel(1, 1, 8, 16)

    def features(images):
        values = tf.nn.relu6(tf.nn.conv2d((images - 0.5) * 2, stem, 2, "SAME"))
        values = tf.nn.relu6(tf.nn.depthwise_conv2d(values, depthwise, [1, 2, 2, 1], "SAME"))
        values = tf.nn.relu6(tf.nn.conv2d(values, expand, 1, "SAME"))
        return tf.reduce_mean(values, [1, 2], keepdims=True)

    # Logits that are centred over random images, so that every class wins on some of them.
    seen = features(random_images(64, seed=2, size=size)[..., None].astype(np.float32) / 255)
    head = kernel(1, 1, 16, classes)
    head *= 2 / tf.math.reduce_std(tf.nn.conv2d(seen, head, 1, "SAME"), 0)
    bias = -tf.reduce_mean(tf.nn.conv2d(seen, head, 1, "SAME"), [0, 1, 2])

    @tf.function(input_signature=[tf.TensorSpec([1, size, size, 1], tf.float32)])
    def network(images):
        logits = tf.reshape(tf.nn.conv2d(features(images), head, 1, "SAME"), [1, classes]) + bias
        probabilities = tf.nn.softmax(logits) * output_factor + output_low
        if not heads:
            return probabilities
        both = tf.concat([logits, logits[:, ::-1] / 2][:heads], axis=1)
        return {"probabilities": probabilities, "logits": both}

    def calibration():
        for image in random_images(40, seed=1, size=size):
            values = image.astype(np.float32)[None, :, :, None] / 255
            values[0, 0, :2, 0] = input_low, input_high
            yield [values]

    module = tf.Module()
    module.network = network
    converter = tf.lite.TFLiteConverter.from_concrete_functions([network.get_concrete_function()], module)
    if quantized:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = calibration
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = converter.inference_output_type = tf.uint8
    return shorten_names(converter.convert())  # which puts the outputs in order


def _made_elsewhere(options: dict) -> bytes:
    """The same, by the Python that TENSORFLOW_PYTHON names: environments of the runtime alone have no TensorFlow."""
    python = os.environ.get("TENSORFLOW_PYTHON")
    if not python:
        raise ModuleNotFoundError("no tensorflow here: let TENSORFLOW_PYTHON name a Python that has it")
    command = [python, "-m", "tests.support.tflite", json.dumps(options)]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout


def write_tflite(path: Path, **options) -> Path:
    """Writes `tflite_bytes(**options)` to `path` and returns it."""
    path.write_bytes(tflite_bytes(**options))
    return path


def write_saved_model(folder: Path, size: int = 48) -> Path:
    """Writes a SavedModel of another tiny network with the kit's signature and returns its folder."""
    import tensorflow as tf

    weights = tf.constant(np.random.default_rng(3).normal(0, 0.2, (16, CLASSES)), tf.float32)

    @tf.function(input_signature=[tf.TensorSpec([1, size, size, 1], tf.float32, name="image")])
    def serve(image):
        pooled = tf.reshape(tf.nn.avg_pool2d(image, size // 4, size // 4, "VALID"), [1, 16])
        logits = pooled @ weights * 10
        return {"probabilities": tf.nn.softmax(logits), "logits": logits}

    module = tf.Module()
    module.serve = serve
    tf.saved_model.save(module, str(folder), signatures=serve)
    return folder


if __name__ == "__main__":
    sys.stdout.buffer.write(tflite_bytes(**json.loads(sys.argv[1])))
