"""Reads a .tflite file into plain tensors and operators, without an interpreter and without TensorFlow.

The layout of the file is the one of the schema that comes with ai-edge-litert.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from face_emotion.arrays import Array, Floats, Integers
from face_emotion.errors import InputError
from face_emotion.files import require_file

IDENTIFIER = b"TFL3"
_DTYPES = {
    schema.TensorType.FLOAT32: "float32",
    schema.TensorType.FLOAT16: "float16",
    schema.TensorType.INT32: "int32",
    schema.TensorType.INT64: "int64",
    schema.TensorType.UINT8: "uint8",
    schema.TensorType.INT8: "int8",
    schema.TensorType.INT16: "int16",
    schema.TensorType.BOOL: "bool",
}
_OPERATOR_NAMES = {code: name for name, code in vars(schema.BuiltinOperator).items() if name.isupper()}
ACTIVATIONS: dict[int, str] = {
    code: name for name, code in vars(schema.ActivationFunctionType).items() if not name.startswith("_")
}
PADDINGS: dict[int, str] = {schema.Padding.SAME: "SAME", schema.Padding.VALID: "VALID"}


@dataclass(frozen=True)
class Quantization:
    """real = scale * (stored - zero_point); one scale for the tensor, or one for each index of `axis`."""

    scale: Floats  # [1] or [channels]
    zero_point: Integers  # as long as scale
    axis: int


@dataclass(frozen=True)
class Tensor:
    """A tensor of the graph; `data` is None unless its values stand in the file."""

    index: int
    name: str
    shape: tuple[int, ...]
    dtype: str
    quantization: Quantization | None
    data: Array | None

    @cached_property
    def real(self) -> Floats:
        """The values as float32, with scale and zero point applied where the tensor is quantised."""
        values = np.asarray(self.data)
        if self.quantization is None:
            return values.astype(np.float32)
        along = [1] * values.ndim
        if self.quantization.scale.size > 1:
            along[self.quantization.axis] = -1
        shifted = values.astype(np.int64) - self.quantization.zero_point.reshape(along or [-1])
        scale = self.quantization.scale.astype(np.float64).reshape(along or [-1])
        real: Floats = (shifted * scale).astype(np.float32)
        return real


@dataclass(frozen=True)
class Operator:
    """One operator: tensors by index (-1 for an input left out), options under the schema's field names."""

    index: int
    name: str
    version: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: dict[str, Any]


@dataclass(frozen=True)
class TfliteModel:
    """The only graph of a .tflite file; operators stand in the order of execution."""

    path: Path
    tensors: tuple[Tensor, ...]
    operators: tuple[Operator, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


def read_tflite(path: str | os.PathLike[str]) -> TfliteModel:
    """Reads a .tflite file with one graph and static shapes.

    Raises InputError, naming the file, if it is missing, damaged, not a .tflite file, has several
    graphs, a shape that is left open (a dynamic batch) or a tensor type outside the usual ones.
    """
    path = require_file(path, ".tflite file")
    content = path.read_bytes()
    if content[4:8] != IDENTIFIER:
        raise InputError(f"{path}: not a .tflite file (its identifier is not {IDENTIFIER.decode()})")
    try:
        model = schema.ModelT.InitFromPackedBuf(content)
        if len(model.subgraphs) != 1:
            raise InputError(f"{path}: {len(model.subgraphs)} graphs where one is expected")
        return _read_graph(path, model)
    except InputError:
        raise
    except Exception as error:  # whatever the schema's reader trips over in a damaged file
        raise InputError(f"{path}: the file is damaged ({type(error).__name__}: {error})") from error


def _read_graph(path: Path, model: schema.ModelT) -> TfliteModel:
    graph = model.subgraphs[0]
    tensors = tuple(_read_tensor(path, k, tensor, model.buffers) for k, tensor in enumerate(graph.tensors))
    operators = tuple(
        _read_operator(k, entry, model.operatorCodes) for k, entry in enumerate(graph.operators)
    )
    inputs, outputs = _indices(graph.inputs), _indices(graph.outputs)
    used = {index for operator in operators for index in (*operator.inputs, *operator.outputs)}
    beyond = [index for index in used | {*inputs, *outputs} if not -1 <= index < len(tensors)]
    if beyond or not inputs or not outputs:
        raise InputError(
            f"{path}: the file is damaged (tensor {beyond or 'list'} of the graph does not exist)"
        )
    return TfliteModel(path, tensors, operators, inputs, outputs)


def _read_tensor(path: Path, index: int, tensor: schema.TensorT, buffers: list[schema.BufferT]) -> Tensor:
    name = (tensor.name or b"").decode("utf-8", "replace")
    shape = _indices(tensor.shape)
    if any(size < 0 for size in (*shape, *_indices(tensor.shapeSignature))):
        raise InputError(f"{path}: tensor {name!r} has a dynamic shape; convert with a static batch of 1")
    if tensor.type not in _DTYPES:
        raise InputError(f"{path}: tensor {name!r} has type {tensor.type}, which this reader does not know")
    dtype = _DTYPES[tensor.type]
    data = buffers[tensor.buffer].data
    values = None
    if data is not None and len(data):
        values = np.asarray(data, np.uint8).view(np.dtype(dtype).newbyteorder("<")).reshape(shape)
    return Tensor(index, name, shape, dtype, _read_quantization(tensor.quantization), values)


def _read_quantization(parameters: schema.QuantizationParametersT | None) -> Quantization | None:
    if parameters is None or parameters.scale is None or not len(parameters.scale):
        return None
    scale = np.asarray(parameters.scale, np.float32)
    zero_point = np.asarray(parameters.zeroPoint, np.int64)
    return Quantization(scale, np.broadcast_to(zero_point, scale.shape), parameters.quantizedDimension)


def _read_operator(index: int, operator: schema.OperatorT, codes: list[schema.OperatorCodeT]) -> Operator:
    code = codes[operator.opcodeIndex]
    # Files older than the 128th operator keep the code in the deprecated one-byte field.
    builtin = max(code.builtinCode, code.deprecatedBuiltinCode)
    options = vars(operator.builtinOptions) if operator.builtinOptions else {}
    name = (code.customCode or b"CUSTOM").decode() if builtin == schema.BuiltinOperator.CUSTOM else None
    return Operator(
        index,
        name or _OPERATOR_NAMES.get(builtin, f"operator {builtin}"),
        code.version,
        _indices(operator.inputs),
        _indices(operator.outputs),
        {_snake(key): value for key, value in options.items()},
    )


def _indices(values: Iterable[int] | None) -> tuple[int, ...]:
    return () if values is None else tuple(int(value) for value in values)


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()
