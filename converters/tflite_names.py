"""Short names for the tensors of a .tflite file: the layer's, and what a constant is to it.

    shorten_names(content)      # "stage1_0_expand", "stage1_0_expand/kernel" instead of a list of TensorFlow's paths

TensorFlow joins the paths of every operation that went into a tensor, and numbers constants through: in `nano`
that is a twentieth of the int8 file, and a viewer such as Netron shows none of it in full. Inputs and outputs are
named as the signature names them, and "probabilities" is the first output: TensorFlow sorts them by name. Nothing else
changes. The file is packed anew (tflite_packing.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, takewhile

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from converters.tflite_packing import pack

_ROLES = {
    schema.BuiltinOperator.CONV_2D: ("input", "kernel", "bias"),
    schema.BuiltinOperator.DEPTHWISE_CONV_2D: ("input", "kernel", "bias"),
    schema.BuiltinOperator.MEAN: ("input", "axes"),
    schema.BuiltinOperator.RESHAPE: ("input", "shape"),
    schema.BuiltinOperator.DEQUANTIZE: ("stored",),
}
FIRST_OUTPUT = "probabilities"
_FAKE_QUANTIZED = "quant_"  # tfmot's prefix of a layer's name


def shorten_names(content: bytes) -> bytes:
    """Returns the same model, a .tflite file's bytes, with short and different names of its tensors, outputs in order.

    The same bytes give the same bytes, and what was shortened stays as it is.
    """
    model = schema.ModelT.InitFromPackedBuf(content)
    for number, graph in enumerate(model.subgraphs):
        for signature in model.signatureDefs or ():
            if signature.subgraphIndex == number:
                _follow(signature, graph)
        for tensor, name in zip(graph.tensors, _names(model, graph), strict=True):
            tensor.name = name.encode()
    return pack(model)


def _follow(signature: schema.SignatureDefT, graph: schema.SubGraphT) -> None:
    """Names what goes in and comes out as the signature does, and puts the first output in its place."""
    for entry in (*signature.inputs, *signature.outputs):
        graph.tensors[entry.tensorIndex].name = entry.name
    signature.outputs.sort(key=lambda entry: entry.name != FIRST_OUTPUT.encode())
    order = [entry.tensorIndex for entry in signature.outputs]
    if sorted(order) == sorted(map(int, graph.outputs)):
        graph.outputs = np.array(order, np.int32)


def _names(model: schema.ModelT, graph: schema.SubGraphT) -> list[str]:
    given = [(tensor.name or b"").decode("utf-8", "replace") for tensor in graph.tensors]
    names = [layer_name(name) for name in given]
    outside = {int(index) for index in (*graph.inputs, *graph.outputs)}
    constants = _constants(model, graph)
    taken = {given[index] for index in outside}

    def settle(index: int) -> None:
        names[index] = next(free for free in _numbered(names[index]) if free not in taken)
        taken.add(names[index])

    for index in range(len(names)):
        if index in outside:
            names[index] = given[index]
        elif index not in constants:  # a constant's name contains one of these, which must be settled by then
            settle(index)
    for operator in reversed(graph.operators):  # whatever takes a constant is named before it
        roles = _ROLES.get(model.operatorCodes[operator.opcodeIndex].builtinCode, ())
        for role, index in zip(roles, operator.inputs, strict=False):
            if index in constants:
                names[index] = f"{names[operator.outputs[0]]}/{role}"
    for index in sorted(constants - outside):
        settle(index)
    return names


def layer_name(operations: str) -> str:
    """Returns the layer behind a name such as "face_emotion/stem0_relu/Relu6;face_emotion/stem0_conv/Conv2D": "stem0".

    That is the words which the names of the operations' layers all begin with, or the first layer's name where
    there are none; what is no path through a layer, TensorFlow's name or one of this module's, stays.
    """
    paths = [path.split("/") for path in operations.split(";") if "/" in path]
    if not paths or len(paths[0]) < 3:
        return operations
    layers = [path[1].removeprefix(_FAKE_QUANTIZED) for path in paths if len(path) > 2]
    words = zip(*(layer.split("_") for layer in layers), strict=False)
    return "_".join(same[0] for same in takewhile(lambda same: len(set(same)) == 1, words)) or layers[0]


def _constants(model: schema.ModelT, graph: schema.SubGraphT) -> set[int]:
    """Returns the tensors whose values stand in the file or are only expanded from there (float16 weights)."""
    found = {index for index, tensor in enumerate(graph.tensors) if _holds_data(model, tensor)}
    for operator in graph.operators:
        code = model.operatorCodes[operator.opcodeIndex].builtinCode
        if code == schema.BuiltinOperator.DEQUANTIZE and operator.inputs[0] in found:
            found.add(int(operator.outputs[0]))
    return found


def _holds_data(model: schema.ModelT, tensor: schema.TensorT) -> bool:
    data = model.buffers[tensor.buffer].data
    return data is not None and len(data) > 0


def _numbered(name: str) -> Iterator[str]:
    yield name
    for number in count(2):
        yield f"{name}_{number}"
