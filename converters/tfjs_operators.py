"""What each .tflite operator becomes in a TF.js graph model; tfjs.py walks through the file and calls these.

Each function takes the conversion and an operator and returns the activation that the operator gives.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from converters.tfjs_conversion import Conversion, Value
from converters.tfjs_graph import integers, text, texts
from converters.tflite_reader import PADDINGS, Operator
from face_emotion.arrays import Array

_FUSED = {"RELU": "Relu", "RELU6": "Relu6"}


def convolution(conversion: Conversion, operator: Operator) -> Value:
    """CONV_2D and DEPTHWISE_CONV_2D, with bias and activation in one node.

    A quantised result that cannot be negative is held in units in which 6 is its largest whole number,
    so that the fused Relu6 clips it for nothing on both sides; then it is brought to whole numbers.
    """
    name, source, step = conversion.name(operator), conversion.value(operator), conversion.step(operator)
    unit, fused = 1.0, _FUSED.get(conversion.activation(operator))
    if step is not None:
        low, high = conversion.bounds(operator)
        unit, fused = (step * high / 6, "Relu6") if low == 0 else (step, None)
    weights = _filter(conversion, operator, name, source.unit / unit)
    bias = _bias(conversion, operator, unit)
    is_depthwise = operator.name == "DEPTHWISE_CONV_2D"
    node = conversion.graph.node(
        name,
        "FusedDepthwiseConv2dNative" if is_depthwise else "_FusedConv2D",
        [source.node, weights, conversion.graph.constant(f"{name}/bias", bias)],
        **_window(operator, "stride"),
        dilations=integers(
            1, operator.options["dilation_h_factor"], operator.options["dilation_w_factor"], 1
        ),
        data_format=text("NHWC"),
        fused_ops=texts(["BiasAdd"] + ([fused] if fused else [])),
        num_args={"i": "1"},
    )
    return conversion.on_grid(operator, node, unit)


def add(conversion: Conversion, operator: Operator) -> Value:
    """ADD of two activations, brought to a common unit first."""
    name, step = conversion.name(operator), conversion.step(operator)
    first, second = conversion.value(operator, 0), conversion.value(operator, 1)
    unit = 1.0 if step is None else step
    nodes = [
        conversion.times(f"{name}/{side}", value.node, value.unit / unit)
        for side, value in (("a", first), ("b", second))
    ]
    node = conversion.graph.node(name, "AddV2", nodes)
    fused = _FUSED.get(conversion.activation(operator))
    if fused is not None and step is None:
        node = conversion.graph.node(f"{name}/relu", fused, [node])
    return conversion.on_grid(operator, node, unit, clip=fused is not None)


def relu(conversion: Conversion, operator: Operator) -> Value:
    """RELU and RELU6 on their own; those that a convolution has taken over add nothing."""
    source = conversion.value(operator)
    if operator.index in conversion.taken_over:
        return source
    name = conversion.name(operator)
    node = conversion.times(f"{name}/real", source.node, source.unit)
    node = conversion.graph.node(name, _FUSED[operator.name], [node])
    return conversion.on_grid(operator, node, 1.0, clip=True)


def mean(conversion: Conversion, operator: Operator) -> Value:
    """MEAN over height and width, as one pooling window."""
    axes = sorted(int(axis) % 4 for axis in np.ravel(conversion.stored(operator, 1)))
    source, name = conversion.value(operator), conversion.name(operator)
    shape = conversion.model.tensors[operator.inputs[0]].shape
    if axes != [1, 2] or len(shape) != 4:
        raise conversion.error(operator, "is supported over height and width only")
    window = {"ksize": integers(1, *shape[1:3], 1), "strides": integers(1, 1, 1, 1), "padding": text("VALID")}
    node = conversion.graph.node(name, "AvgPool", [source.node], **window)
    if not operator.options.get("keep_dims"):
        flat = conversion.graph.shared_constant([-1, shape[3]])
        node = conversion.graph.node(f"{name}/flat", "Reshape", [node, flat])
    return conversion.on_grid(operator, node, source.unit)


def pad(conversion: Conversion, operator: Operator) -> Value:
    """PAD with zeros (of the real value), not of the batch."""
    paddings = conversion.stored(operator, 1)
    if paddings.ndim != 2 or paddings.shape[1] != 2 or paddings[0].any():
        raise conversion.error(operator, "must leave the batch alone")
    source, name = conversion.value(operator), conversion.name(operator)
    amounts = conversion.graph.constant(f"{name}/paddings", paddings, "int32")
    return Value(conversion.graph.node(name, "Pad", [source.node, amounts]), source.unit)


def max_pool(conversion: Conversion, operator: Operator) -> Value:
    """MAX_POOL_2D without a fused activation."""
    if conversion.activation(operator) != "NONE":
        raise conversion.error(operator, "has a fused activation, which is not supported")
    source = conversion.value(operator)
    size = integers(1, operator.options["filter_height"], operator.options["filter_width"], 1)
    window = _window(operator, "stride")
    node = conversion.graph.node(conversion.name(operator), "MaxPool", [source.node], ksize=size, **window)
    return Value(node, source.unit)


def resize(conversion: Conversion, operator: Operator) -> Value:
    """RESIZE_NEAREST_NEIGHBOR of the corners' kind (no half pixels, no alignment)."""
    if operator.options.get("align_corners") or operator.options.get("half_pixel_centers"):
        raise conversion.error(operator, "is supported without align_corners and half_pixel_centers only")
    source, name = conversion.value(operator), conversion.name(operator)
    size = conversion.graph.constant(f"{name}/size", conversion.stored(operator, 1), "int32")
    flags = {"align_corners": {"b": False}, "half_pixel_centers": {"b": False}}
    node = conversion.graph.node(name, "ResizeNearestNeighbor", [source.node, size], **flags)
    return Value(node, source.unit)


def reshape(conversion: Conversion, operator: Operator) -> Value:
    """RESHAPE that keeps the batch."""
    source, result = conversion.value(operator), conversion.output(operator)
    if result.shape[:1] != (1,):
        raise conversion.error(operator, f"to {result.shape} does not keep the batch of 1 in front")
    shape = conversion.graph.shared_constant([-1, *result.shape[1:]])
    return Value(
        conversion.graph.node(conversion.name(operator), "Reshape", [source.node, shape]), source.unit
    )


def concatenation(conversion: Conversion, operator: Operator) -> Value:
    """CONCATENATION of float activations along any axis but the batch."""
    result = conversion.output(operator)
    axis = operator.options["axis"] % len(result.shape)
    if axis == 0 or result.quantization is not None or conversion.activation(operator) != "NONE":
        raise conversion.error(operator, "is supported for float activations, not along the batch")
    nodes = [conversion.value(operator, position).node for position in range(len(operator.inputs))]
    along = conversion.graph.constant(f"{conversion.name(operator)}/axis", np.asarray(axis), "int32")
    inputs = [*nodes, along]
    node = conversion.graph.node(conversion.name(operator), "ConcatV2", inputs, N={"i": str(len(nodes))})
    return Value(node, 1.0)


def softmax(conversion: Conversion, operator: Operator) -> Value:
    """SOFTMAX, in float and left unrounded: the probabilities of one image sum to 1."""
    if operator.options.get("beta") != 1.0:
        raise conversion.error(operator, f"has beta {operator.options.get('beta')} where 1 is expected")
    source, name = conversion.value(operator), conversion.name(operator)
    logits = conversion.times(f"{name}/logits", source.node, source.unit)
    return Value(conversion.graph.node(name, "Softmax", [logits]), 1.0)


def quantize(conversion: Conversion, operator: Operator) -> Value:
    """QUANTIZE: nothing where only the zero point moves (uint8 and int8 of one scale), else onto the new grid."""
    source = conversion.value(operator)
    before = conversion.model.tensors[operator.inputs[0]].quantization
    after = conversion.output(operator).quantization
    if before is not None and after is not None and before.scale[0] == after.scale[0]:
        return source
    return conversion.on_grid(operator, source.node, source.unit, clip=True)


def dequantize(conversion: Conversion, operator: Operator) -> Value | None:
    """DEQUANTIZE: a constant (float16 weights) stays the constant it was, an activation becomes real values."""
    if operator.inputs[0] in conversion.constants:
        conversion.constants[operator.outputs[0]] = conversion.constants[operator.inputs[0]]
        return None
    source = conversion.value(operator)
    return Value(conversion.times(conversion.name(operator), source.node, source.unit), 1.0)


CONVERTERS = {
    "CONV_2D": convolution,
    "DEPTHWISE_CONV_2D": convolution,
    "ADD": add,
    "RELU": relu,
    "RELU6": relu,
    "MEAN": mean,
    "PAD": pad,
    "MAX_POOL_2D": max_pool,
    "RESIZE_NEAREST_NEIGHBOR": resize,
    "RESHAPE": reshape,
    "CONCATENATION": concatenation,
    "SOFTMAX": softmax,
    "QUANTIZE": quantize,
    "DEQUANTIZE": dequantize,
}


def _window(operator: Operator, prefix: str) -> dict[str, Any]:
    strides = integers(1, operator.options[f"{prefix}_h"], operator.options[f"{prefix}_w"], 1)
    return {"strides": strides, "padding": text(PADDINGS[operator.options["padding"]])}


def _filter(conversion: Conversion, operator: Operator, name: str, factor: float) -> str:
    """Adds the filter times `factor`, in TF.js's layout [height, width, in, out] (depthwise: [.., in, multiplier])."""
    weights = conversion.constant(operator, 1)
    channels = conversion.model.tensors[operator.inputs[0]].shape[-1]
    values = conversion.stored(operator, 1)
    if operator.name == "DEPTHWISE_CONV_2D":
        layout = (*values.shape[1:3], channels, -1)
        values = values.reshape(layout)
    else:
        if values.shape[3] != channels:
            raise conversion.error(operator, "is a grouped convolution, which is not supported")
        values = values.transpose(1, 2, 3, 0)
    if weights.quantization is None:
        if factor == 1.0:
            return conversion.graph.constant(f"{name}/filter", values, weights.dtype)
        return conversion.graph.constant(f"{name}/filter", values * np.float64(factor))
    if weights.dtype != "int8" or weights.quantization.zero_point.any():
        raise conversion.error(operator, f"has {weights.dtype} weights; int8 with zero point 0 is expected")
    scale = weights.quantization.scale.astype(np.float64) * factor
    if operator.name == "DEPTHWISE_CONV_2D" and scale.size > 1:
        scale = scale.reshape(channels, -1)
    return conversion.graph.scaled_filter(f"{name}/filter", values, scale)


def _bias(conversion: Conversion, operator: Operator, unit: float) -> Array:
    if len(operator.inputs) > 2 and operator.inputs[2] >= 0:
        return conversion.constant(operator, 2).real / np.float64(unit)
    return np.zeros(conversion.output(operator).shape[-1])
