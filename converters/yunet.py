"""YuNet's .onnx file -> .tflite at one input size, float16 weights, one output.

    write(read_onnx("yunet_n.onnx"), 192, "near.tflite")

The graph is written again with TensorFlow's own operators, which pad at the other side where a convolution has a stride
of 2. What an exporter left in it falls away: the axes need no turning where channels stand last, and the twelve heads
(score, objectness, box and key points of three strides) are one for each stride, as their kernels stand side by side.
The sigmoids of the scores are the decoder's (face_emotion/yunet.py), so that only rows above a threshold pay for one.

Input: float32 [1,S,S,3] RGB, 0..255 (the file's own wants BGR: its first kernel is turned). Output: float32 [1,N,16], a
row for each cell of each stride, row by row: class and objectness before their sigmoid, box (4), key points (5 x 2).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from converters.tflite_names import shorten_names
from face_emotion.arrays import Floats
from face_emotion.errors import InputError
from face_emotion.files import atomic_path, require_file
from face_emotion.native_log import quiet

STRIDES = (8, 16, 32)
HEADS = ("cls", "obj", "bbox", "kps")  # 1, 1, 4 and 10 channels
CHANNELS = 16


@dataclass(frozen=True)
class Node:
    """An operator: its kind, names of its inputs and its output, and attributes."""

    kind: str
    inputs: tuple[str, ...]
    output: str
    attributes: dict[str, Any]


@dataclass(frozen=True)
class OnnxGraph:
    """A network in the order in which it is computed. weights: by name, as the file has them [out,in,h,w]."""

    nodes: tuple[Node, ...]
    weights: dict[str, Floats]
    path: Path

    def producer(self, name: str) -> Node:
        """Returns the node that gives a value; raises InputError if there is none."""
        for node in self.nodes:
            if node.output == name:
                return node
        raise InputError(f"{self.path}: nothing gives {name!r}; a file of YuNet is expected")


def read_onnx(path: str | os.PathLike[str]) -> OnnxGraph:
    """Reads an .onnx file; raises InputError if it is missing or damaged."""
    import onnx
    from onnx import numpy_helper

    path = require_file(Path(path), "network")
    try:
        graph = onnx.load(str(path)).graph
        nodes = tuple(
            Node(
                node.op_type,
                tuple(node.input),
                node.output[0],
                {entry.name: onnx.helper.get_attribute_value(entry) for entry in node.attribute},
            )
            for node in graph.node
        )
        weights = {entry.name: numpy_helper.to_array(entry) for entry in graph.initializer}
    except Exception as error:  # protobuf's own kinds, IndexError, ValueError
        raise InputError(f"{path}: damaged or no .onnx file ({type(error).__name__})") from None
    return OnnxGraph(nodes, weights, path)


def write(graph: OnnxGraph, size: int, target: Path) -> Path:
    """Writes the network for squares of `size` pixels (a multiple of 32) as `target`, and returns that.

    Raises InputError for another size, or a graph that is not YuNet's.
    """
    if size < STRIDES[-1] or size % STRIDES[-1]:
        raise InputError(f"size {size}: a multiple of {STRIDES[-1]} is expected")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with quiet():
        import tensorflow as tf
    tf.get_logger().setLevel("ERROR")
    network = _network(tf, graph)
    with quiet():
        try:
            # autograph would wrap an InputError in an error of its own.
            function = tf.function(network, autograph=False).get_concrete_function(
                tf.TensorSpec((1, size, size, 3), tf.float32, name="image")
            )
        except InputError:
            raise
        except (KeyError, IndexError, ValueError) as error:
            reason = f"its parts do not fit together ({type(error).__name__})"
            raise InputError(f"{graph.path}: {reason}; a file of YuNet is expected") from None
        converter = tf.lite.TFLiteConverter.from_concrete_functions([function])
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
        content = shorten_names(converter.convert())
    with atomic_path(target) as partial:
        partial.write_bytes(content)
    return target


def reference(path: Path, squares: Floats) -> Floats:
    """Returns what onnxruntime makes of squares float32 [N,S,S,3], RGB 0..255, in the rows of our files: [N,rows,16].

    Class and objectness are after their sigmoid there: compare them as chances.
    """
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    planes = np.ascontiguousarray(squares[..., ::-1].transpose(0, 3, 1, 2))
    made = dict(zip(names, session.run(None, {session.get_inputs()[0].name: planes}), strict=True))
    rows = [
        np.concatenate([made[f"{head}_{stride}"] for head in HEADS], axis=2, dtype=np.float32)
        for stride in STRIDES
    ]
    return np.concatenate(rows, axis=1)


def _network(tf: Any, graph: OnnxGraph) -> Callable[[Any], Any]:
    """The whole network as a function of TensorFlow's own operators."""

    def run(image: Any) -> Any:
        values = {"input": image}
        for node in _trunk(graph):
            values[node.output] = _apply(tf, graph, node, values)
        rows = []
        for stride in STRIDES:
            (source, pointwise), depthwise = _head(graph, stride)
            value = _convolve(tf, values[source], *pointwise, stride=1, depthwise=False)
            value = _convolve(tf, value, *depthwise, stride=1, depthwise=True)
            rows.append(tf.reshape(value, (1, -1, CHANNELS)))
        return tf.concat(rows, axis=1)

    return run


def _trunk(graph: OnnxGraph) -> list[Node]:
    """All nodes in front of the heads."""
    nodes = []
    for node in graph.nodes:
        if node.kind == "Transpose":
            break
        nodes.append(node)
    heads = {part.output for stride in STRIDES for head in HEADS for part in _pair(graph, f"{head}_{stride}")}
    return [node for node in nodes if node.output not in heads]


def _pair(graph: OnnxGraph, name: str) -> tuple[Node, Node]:
    """The two convolutions of one head: over channels, then over places."""
    node = graph.producer(name)
    while node.kind != "Conv":
        node = graph.producer(node.inputs[0])
    return graph.producer(node.inputs[0]), node


def _head(graph: OnnxGraph, stride: int) -> tuple[tuple[str, tuple[Floats, Floats]], tuple[Floats, Floats]]:
    """The four heads of a stride as one: (source, kernel and bias over channels), kernel and bias over places."""
    pairs = [_pair(graph, f"{head}_{stride}") for head in HEADS]
    (source,) = {pointwise.inputs[0] for pointwise, _ in pairs}
    joined = [
        tuple(np.concatenate([graph.weights[pair[part].inputs[place]] for pair in pairs]) for place in (1, 2))
        for part in (0, 1)
    ]
    return (source, (joined[0][0], joined[0][1])), (joined[1][0], joined[1][1])


def _apply(tf: Any, graph: OnnxGraph, node: Node, values: dict[str, Any]) -> Any:
    source = values[node.inputs[0]]
    if node.kind == "Conv":
        kernel, bias = (graph.weights[name] for name in node.inputs[1:])
        if node.inputs[0] == "input":
            kernel = kernel[:, ::-1]  # RGB instead of BGR
        return _convolve(
            tf,
            source,
            kernel,
            bias,
            stride=node.attributes["strides"][0],
            depthwise=node.attributes["group"] > 1,
        )
    if node.kind == "Relu":
        return tf.nn.relu(source)
    if node.kind == "MaxPool":
        return tf.nn.max_pool2d(source, 2, 2, "VALID")
    if node.kind == "Resize":
        side = source.shape[1] * 2
        return tf.raw_ops.ResizeNearestNeighbor(images=source, size=(side, side), half_pixel_centers=False)
    if node.kind == "Add":
        return source + values[node.inputs[1]]
    raise InputError(f"{graph.path}: operator {node.kind}: a file of YuNet is expected")


def _convolve(tf: Any, source: Any, kernel: Floats, bias: Floats, stride: int, depthwise: bool) -> Any:
    if stride == 2:  # "SAME" would pad at the other side only
        source = tf.pad(source, ((0, 0), (1, 1), (1, 1), (0, 0)))
    padding = "VALID" if stride == 2 else "SAME"
    if depthwise:
        value = tf.nn.depthwise_conv2d(source, kernel.transpose(2, 3, 0, 1), (1, 1, 1, 1), padding)
    else:
        value = tf.nn.conv2d(source, kernel.transpose(2, 3, 1, 0), stride, padding)
    return tf.nn.bias_add(value, bias)
