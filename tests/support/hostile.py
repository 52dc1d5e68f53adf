"""Networks that no converter would write: they end the process that runs them, or take its memory or its time."""

from __future__ import annotations

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from converters.tflite_packing import pack
from tests.support.paths import ROOT


def crashing() -> bytes:
    """Returns the detector's network with an operator whose output is tensor -1: LiteRT ends by SIGSEGV."""
    content = (ROOT / "models/face_detector/near.tflite").read_bytes()
    model = schema.ModelT.InitFromPackedBuf(content)
    model.subgraphs[0].operators[6].outputs = [-1]
    return bytes(pack(model))


def greedy() -> bytes:
    """Returns a file of 10 kB whose input alone is 9 GB."""
    return convolutions(side=12_000, kernel=3, count=1)


def slow() -> bytes:
    """Returns a file of 2 MB that takes 200 MB of memory and computes for half a minute."""
    return convolutions(side=128, kernel=3, count=100, channels=256)


def convolutions(side: int, kernel: int, count: int, channels: int = 16) -> bytes:
    """Returns `count` float convolutions, one after another, of a picture of side × side."""
    model, graph, code = schema.ModelT(), schema.SubGraphT(), schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.CONV_2D
    code.version = 1
    weights = np.zeros((channels, kernel, kernel, channels), "<f4").tobytes()
    model.version, model.operatorCodes, model.subgraphs = 3, [code], [graph]
    model.buffers = [schema.BufferT(), schema.BufferT(), schema.BufferT()]
    model.buffers[1].data = np.frombuffer(weights, np.uint8)
    model.buffers[2].data = np.zeros(4 * channels, np.uint8)

    def tensor(name: str, shape: list[int], buffer: int) -> schema.TensorT:
        made = schema.TensorT()
        made.name, made.shape, made.buffer, made.type = (
            name.encode(),
            shape,
            buffer,
            schema.TensorType.FLOAT32,
        )
        return made

    graph.tensors = [tensor("filter", [channels, kernel, kernel, channels], 1), tensor("bias", [channels], 2)]
    graph.tensors += [tensor(f"t{number}", [1, side, side, channels], 0) for number in range(count + 1)]
    graph.operators = []
    for number in range(count):
        operator, options = schema.OperatorT(), schema.Conv2DOptionsT()
        options.strideW = options.strideH = options.dilationWFactor = options.dilationHFactor = 1
        operator.builtinOptionsType, operator.builtinOptions = schema.BuiltinOptions.Conv2DOptions, options
        operator.opcodeIndex, operator.inputs, operator.outputs = 0, [number + 2, 0, 1], [number + 3]
        graph.operators.append(operator)
    graph.inputs, graph.outputs = [2], [count + 2]
    return bytes(pack(model))
