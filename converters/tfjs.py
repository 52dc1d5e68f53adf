"""Turns a .tflite file into a TF.js graph model that plain `tf.loadGraphModel` reads and that computes the same.

    convert_tfjs("int8.tflite", "tfjs")      # writes tfjs/model.json and tfjs/weights.bin

Input of the int8 classifier: raw grey bytes 0..255 as float32 [N,48,48,1]; output: probabilities [N,K].

An int8 file keeps its integers: one byte a weight, multiplied by the scale of its channel once, when
the model is loaded (tfjs_graph.py). Activations are float32 but hold whole numbers, the quantised
values less their zero points: after each convolution, addition and mean they are rounded as the int8
kernels do, so that the network's rounding errors come out the same. That takes all layers in front:
leave one out, and the errors of all that follow differ as much as without any rounding. Two things are
left out because they cost time: the rounding in the last block, whose errors hardly anything amplifies
any more, and the cutting off of sums beyond the calibrated range, except where a ReLU makes it free. So
an image that drives sums far out of that range gets the float network's answer, not the int8 file's.

A float file (BlazeFace) is carried over as it is; float16 weights stay at two bytes.

The first call of a loaded int8 model must not stand inside `tf.tidy`: it makes the scaled filters, and
tidy would throw them away.
"""

from __future__ import annotations

import os

import numpy as np

from converters.tfjs_graph import GraphWriter
from converters.tfjs_operators import CONVERTERS, Value
from converters.tflite_reader import ACTIVATIONS, Operator, Tensor, TfliteModel, read_tflite
from face_emotion.errors import InputError
from face_emotion.files import sha256_of

_CONVOLUTIONS = ("CONV_2D", "DEPTHWISE_CONV_2D")


def convert_tfjs(tflite_path: str | os.PathLike, out_folder: str | os.PathLike) -> int:
    """Writes model.json and weights.bin to `out_folder`, replacing it, and returns their bytes together.

    tflite_path: int8 with uint8 input and output, or float32/float16; batch 1 (the TF.js model takes any).
    Raises InputError, naming file and operator, if the file is damaged or holds something not supported.
    """
    model = read_tflite(tflite_path)
    conversion = Conversion(model)
    for operator in model.operators:
        conversion.convert(operator)
    outputs = {}
    for index in model.outputs:
        value, shape = conversion.values[index], model.tensors[index].shape
        node = conversion.times(f"output{index}", value.node, value.unit)
        outputs[_output_name(model, index)] = (node, (-1, *shape[1:]))
    metadata = {"source": model.path.name, "source_sha256": sha256_of(model.path)}
    return conversion.graph.save(out_folder, outputs, metadata)


class Conversion:
    """What the operators of one file have become so far; tfjs_operators.py adds to it."""

    def __init__(self, model: TfliteModel) -> None:
        self.model = model
        self.graph = GraphWriter()
        self.values: dict[int, Value] = {}
        self.constants = {tensor.index: tensor for tensor in model.tensors if tensor.data is not None}
        self._activations = _fusable_activations(model)
        self._last_block = last_block(model)
        self.taken_over = {follower.index for follower in self._activations.values()}
        for index in model.inputs:
            self._add_input(model.tensors[index])

    def convert(self, operator: Operator) -> None:
        """Adds what computes the operator's output; raises InputError if it is not supported."""
        function = CONVERTERS.get(operator.name)
        if function is None:
            raise self.error(operator, f"is not supported (supported: {', '.join(CONVERTERS)})")
        if len(operator.outputs) != 1:
            raise self.error(operator, f"has {len(operator.outputs)} outputs where one is expected")
        try:
            value = function(self, operator)
        except InputError:
            raise
        except Exception as error:  # shapes and options that contradict each other
            reason = f"{type(error).__name__}: {error}"
            raise self.error(operator, f"cannot be converted; the file may be damaged ({reason})") from error
        if value is not None:
            self.values[operator.outputs[0]] = value

    def error(self, operator: Operator, what: str) -> InputError:
        """Returns an error that names file and operator."""
        return InputError(f"{self.model.path}: operator {operator.index} {operator.name} {what}")

    def name(self, operator: Operator) -> str:
        """Returns the name of the operator's main node."""
        return f"{operator.name.lower()}_{operator.index}"

    def value(self, operator: Operator, position: int = 0) -> Value:
        """Returns the activation that the operator takes at `position`."""
        try:
            return self.values[operator.inputs[position]]
        except (IndexError, KeyError):
            raise self.error(operator, f"has no activation as input {position}") from None

    def constant(self, operator: Operator, position: int) -> Tensor:
        """Returns the constant tensor that the operator takes at `position`."""
        try:
            return self.constants[operator.inputs[position]]
        except (IndexError, KeyError):
            raise self.error(operator, f"has no constant as input {position}") from None

    def output(self, operator: Operator) -> Tensor:
        """Returns the operator's output tensor."""
        return self.model.tensors[operator.outputs[0]]

    def activation(self, operator: Operator) -> str:
        """Returns NONE, RELU or RELU6: fused in the file, or an operator of its own that follows a convolution."""
        if operator.index in self._activations:
            return self._activations[operator.index].name
        name = ACTIVATIONS.get(operator.options.get("fused_activation_function", 0), "unknown")
        if name not in ("NONE", "RELU", "RELU6"):
            raise self.error(operator, f"has the activation {name}, which is not supported")
        return name

    def step(self, operator: Operator) -> float | None:
        """Returns the real value of one step of the operator's output, None if that is held in real values."""
        tensor = self.output(operator)
        if tensor.quantization is None or operator.index in self._last_block:
            return None
        return float(tensor.quantization.scale[0])

    def bounds(self, operator: Operator) -> tuple[int, int]:
        """Returns the smallest and largest whole number (zero point taken off) of a quantised output."""
        tensor = self.output(operator)
        limits, zero_point = np.iinfo(tensor.dtype), int(tensor.quantization.zero_point[0])
        low, high = limits.min - zero_point, limits.max - zero_point
        activation = self.activation(operator)
        if activation != "NONE":
            low = max(low, 0)
        if activation == "RELU6":
            high = min(high, round(6 / float(tensor.quantization.scale[0])))
        return low, high

    def times(self, name: str, node: str, factor: float) -> str:
        """Multiplies by a number, unless it is 1."""
        if factor == 1.0:
            return node
        return self.graph.node(name, "Mul", [node, self.graph.shared_constant(factor)])

    def on_grid(self, operator: Operator, node: str, unit: float, clip: bool = False) -> Value:
        """Brings `node` to real values or, where the output is rounded, to whole numbers; `clip`: within bounds."""
        name, step = self.name(operator), self.step(operator)
        if step is None:
            return Value(self.times(f"{name}/real", node, unit), 1.0)
        node = self.graph.node(f"{name}/round", "Round", [self.times(f"{name}/steps", node, unit / step)])
        if clip:
            limits = [self.graph.shared_constant(limit) for limit in self.bounds(operator)]
            node = self.graph.node(f"{name}/clip", "ClipByValue", [node, *limits])
        return Value(node, step)

    def _add_input(self, tensor: Tensor) -> None:
        described = f"{self.model.path}: input {tensor.name!r}"
        if tensor.shape[:1] != (1,):
            raise InputError(f"{described} has shape {tensor.shape} where a batch of 1 is expected")
        unit = 1.0
        if tensor.quantization is not None:
            if tensor.dtype != "uint8" or tensor.quantization.zero_point[0] != 0:
                raise InputError(f"{described} is {tensor.dtype}; convert with uint8 input and zero point 0")
            unit = float(tensor.quantization.scale[0])
        name = "image" if len(self.model.inputs) == 1 else f"input_{tensor.index}"
        self.values[tensor.index] = Value(self.graph.placeholder(name, (-1, *tensor.shape[1:])), unit)


def _fusable_activations(model: TfliteModel) -> dict[int, Operator]:
    """Returns convolution index -> the RELU operator that alone takes its float result and can be fused into it."""
    consumers: dict[int, list[Operator]] = {}
    for operator in model.operators:
        for index in operator.inputs:
            consumers.setdefault(index, []).append(operator)
    found = {}
    for operator in model.operators:
        followers = consumers.get(operator.outputs[0] if operator.outputs else -1, [])
        if (
            operator.name in _CONVOLUTIONS
            and ACTIVATIONS.get(operator.options.get("fused_activation_function")) == "NONE"
            and [follower.name in ("RELU", "RELU6") for follower in followers] == [True]
            and operator.outputs[0] not in model.outputs
            and model.tensors[operator.outputs[0]].quantization is None
        ):
            found[operator.index] = followers[0]
    return found


def last_block(model: TfliteModel) -> range:
    """Returns the operators after the last but one ADD, up to the MEAN; empty if there is no such block."""
    additions = [operator.index for operator in model.operators if operator.name == "ADD"]
    means = [operator.index for operator in model.operators if operator.name == "MEAN"]
    return range(additions[-2] + 1, means[-1] + 1) if len(additions) > 1 and means else range(0)


def _output_name(model: TfliteModel, index: int) -> str:
    """Returns "probabilities" for what comes out of a softmax, else the tensor's name in the file."""
    producers = {operator.outputs[0]: operator for operator in model.operators if operator.outputs}
    operator = producers.get(index)
    while operator is not None and operator.name in ("QUANTIZE", "DEQUANTIZE"):
        operator = producers.get(operator.inputs[0])
    if operator is not None and operator.name == "SOFTMAX":
        return "probabilities"
    return model.tensors[index].name.removesuffix(":0")
