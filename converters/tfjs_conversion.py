"""How far the conversion of one .tflite file to a TF.js graph has come: its graph, its activations and their units.

tfjs.py walks through the file's operators; tfjs_operators.py adds to a Conversion what each becomes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from converters.tfjs_graph import GraphWriter
from converters.tflite_reader import ACTIVATIONS, Operator, Tensor, TfliteModel
from face_emotion.arrays import Array
from face_emotion.errors import InputError

_CONVOLUTIONS = ("CONV_2D", "DEPTHWISE_CONV_2D")


@dataclass(frozen=True)
class Value:
    """An activation: the node that holds it, and its unit (real value = unit * held value)."""

    node: str
    unit: float


class Conversion:
    """What the operators of one file have become so far."""

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

    def stored(self, operator: Operator, position: int) -> Array:
        """Returns the values of that constant tensor as they stand in the file."""
        values = self.constant(operator, position).data
        assert values is not None  # `constants` holds no other
        return values

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
        assert tensor.quantization is not None  # whoever asks knows of a `step`
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
            and ACTIVATIONS.get(operator.options.get("fused_activation_function", -1)) == "NONE"
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
