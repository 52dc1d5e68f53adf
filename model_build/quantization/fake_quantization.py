"""The fake-quantised twin of a float network: the only file that knows tensorflow-model-optimization (tfmot).

tfmot leaves three things to be mended. Activation ranges start at +-6 with a slow moving average (after 120 steps
89 % of it is still there), so `calibrate` sets them from the float network's own activations. The input's range is
set to exactly [0, 1], so that a grey byte is its own quantised value. Depthwise kernels would be quantised per
tensor; here each channel has its own scale, as TensorFlow Lite's kernels take it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from face_emotion.arrays import Floats
from model_build.network import architecture, checkpoint
from model_build.network.engine import load_engine
from model_build.network.keras_protocol import KerasModel, Shape, Tensor, Variable

KERAS = load_engine("tensorflow").keras

import tensorflow as tf  # noqa: E402
import tensorflow_model_optimization as tfmot  # noqa: E402
from tensorflow_model_optimization.python.core.quantization.keras.default_8bit import (  # noqa: E402
    default_8bit_quantize_registry as registry,
)
from tensorflow_model_optimization.python.core.quantization.keras.default_8bit import (  # noqa: E402
    default_8bit_quantize_scheme as scheme,
)

PREFIX = "quant_"
SMALLEST_RANGE = 1e-6


class DepthwiseQuantizer(tfmot.quantization.keras.quantizers.Quantizer):
    """Symmetric 8-bit fake quantisation of a depthwise kernel [h, w, c, m] with one scale for each of c * m."""

    def build(self, tensor_shape: Shape, name: str, layer: Any) -> dict[str, Variable]:
        """Makes the range variables, shape [c * m]; the names are those of tfmot's own quantisers."""
        channels = (int(tensor_shape[2]) * int(tensor_shape[3]),)
        make = {"shape": channels, "trainable": False}
        return {
            "min_var": layer.add_weight(f"{name}_min", initializer=KERAS.initializers.Constant(-1.0), **make),
            "max_var": layer.add_weight(f"{name}_max", initializer=KERAS.initializers.Constant(1.0), **make),
        }

    def __call__(self, inputs: Tensor, training: Any, weights: dict[str, Variable], **_: Any) -> Tensor:
        """Returns the kernel rounded to its grid; in training the grid follows the kernel."""
        height, width, channels, multiplier = inputs.shape
        # Three dimensions: with two, the converter writes a broken file.
        flat = tf.reshape(inputs, (height, width, channels * multiplier))
        if training:
            bound = tf.maximum(tf.reduce_max(tf.abs(flat), axis=(0, 1)), SMALLEST_RANGE)
            low = weights["min_var"].assign(-tf.stop_gradient(bound))
            high = weights["max_var"].assign(tf.stop_gradient(bound))
        else:
            low, high = weights["min_var"], weights["max_var"]
        rounded = tf.quantization.fake_quant_with_min_max_vars_per_channel(
            flat, low, high, num_bits=8, narrow_range=True
        )
        return tf.reshape(rounded, inputs.shape)

    def get_config(self) -> dict[str, Any]:
        """Returns no parameters: there are none."""
        return {}


class DepthwiseConfig(registry.Default8BitQuantizeConfig):
    """tfmot's default for a depthwise layer, with the quantiser above for its kernel."""

    def __init__(
        self,
        weight_attrs: tuple[str, ...] = ("depthwise_kernel",),
        activation_attrs: tuple[str, ...] = ("activation",),
        quantize_output: bool = False,
    ) -> None:
        super().__init__(list(weight_attrs), list(activation_attrs), quantize_output)
        self.weight_quantizer = DepthwiseQuantizer()


class _Registry(registry.Default8BitQuantizeRegistry):
    def __init__(self) -> None:
        super().__init__()
        self._layer_quantize_map[KERAS.layers.DepthwiseConv2D] = DepthwiseConfig()


class _Scheme(scheme.Default8BitQuantizeScheme):
    def get_quantize_registry(self) -> _Registry:
        return _Registry()


def fake_quantized(float_model: KerasModel) -> KerasModel:
    """Returns the twin of a float tf_keras model: its weights, uncalibrated ranges, frozen batch-norm statistics.

    The norms' scales and offsets still learn: tfmot's wrapper counts them among its own trainable weights.
    """
    names = {cls.__name__: cls for cls in (DepthwiseQuantizer, DepthwiseConfig)}
    annotated = tfmot.quantization.keras.quantize_annotate_model(float_model)
    with tfmot.quantization.keras.quantize_scope(names):
        model: KerasModel = tfmot.quantization.keras.quantize_apply(annotated, scheme=_Scheme())
    for layer in model.layers:
        if layer.name.endswith("_norm"):
            layer.trainable = False
    return model


def restore(source: checkpoint.Checkpoint) -> KerasModel:
    """Builds the fake-quantised network that a QAT checkpoint holds.

    Raises InputError if `source` holds a float network or another architecture.
    """
    model = fake_quantized(architecture.build(KERAS, source.architecture, len(source.labels), source.heads))
    checkpoint.set_weights(model, source.weights)
    return model


def calibrate(model: KerasModel, float_model: KerasModel, batches: list[Floats]) -> None:
    """Sets every activation range of `model` to the mean of the batches' extremes in `float_model`.

    batches: float32 [batch, 48, 48, 1] in [0, 1]. The input's range becomes exactly [0, 1]; kernels get theirs.
    """
    ranges = activation_ranges(model)
    low, high = ranges.pop("image")
    low.assign(0.0)
    high.assign(1.0)
    probe = KERAS.Model(float_model.input, [float_model.get_layer(name).output for name in ranges])
    extremes = np.zeros((2, len(ranges)))
    for batch in batches:
        for index, activation in enumerate(probe.predict_on_batch(batch)):
            extremes[:, index] += np.array([activation.min(), activation.max()]) / len(batches)
    for (low, high), minimum, maximum in zip(ranges.values(), *extremes, strict=True):
        low.assign(min(0.0, minimum))
        high.assign(max(maximum, SMALLEST_RANGE))
    set_weight_ranges(model)


def activation_ranges(model: KerasModel) -> dict[str, tuple[Variable, Variable]]:
    """Returns the (min, max) variables of every quantised activation by the float layer's name; "image" first."""
    ranges = {}
    for layer in model.layers:
        for variable in layer.weights:
            stem, _, ending = variable.name.rpartition("_")
            # The input's quantiser is named after its layer, which tfmot numbers anew in each model of a process.
            if ending == "min:0" and stem.endswith(("/output", "/post_activation", f"/{layer.name}")):
                high = next(other for other in layer.weights if other.name == f"{stem}_max:0")
                name = layer.name.removeprefix(PREFIX) if layer.name.startswith(PREFIX) else "image"
                ranges[name] = (variable, high)
    return ranges


def set_weight_ranges(model: KerasModel) -> None:
    """Sets each kernel's symmetric range, one a channel, from the kernel that the model holds now."""
    for layer in model.layers:
        wrapper: Any = layer  # tfmot's, around a layer with a kernel; others have no _weight_vars
        for kernel, _, ranges in getattr(wrapper, "_weight_vars", ()):
            size = np.abs(kernel.numpy())
            depthwise = isinstance(wrapper.layer, KERAS.layers.DepthwiseConv2D)
            bound = size.max(axis=(0, 1)).reshape(-1) if depthwise else size.max(axis=(0, 1, 2))
            bound = np.maximum(bound, SMALLEST_RANGE)
            ranges["min_var"].assign(-bound)
            ranges["max_var"].assign(bound)
