"""face-api's expression network as a TF.js graph model: its package ships weights only, the graph is in its code.

    write_graph(folder / "model/face_expression_model-weights_manifest.json", scratch / "face-api")

The graph is that of src/faceFeatureExtractor (FaceFeatureExtractor.ts, denseBlock.ts `denseBlock4`) and
src/faceExpressionNet, operation by operation; the weights are the shipped bytes, made floats as TF.js makes them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from converters.tfjs_graph import GraphWriter, integers, text
from face_emotion.arrays import Floats
from face_emotion.errors import InputError
from face_emotion.files import read_json, require_file

INPUT_SIZE, FEATURES, BLOCKS = 112, 256, 4
_ONE = integers(1, 1, 1, 1)


def read_weights(manifest: Path) -> dict[str, Floats]:
    """Returns the float32 weights by name that a TF.js weights manifest and the files beside it hold.

    A weight stored as uint8 stands for stored * scale + min. Raises InputError if the files do not fit together.
    """
    found: dict[str, Floats] = {}
    for group in read_json(manifest):
        content = b"".join(require_file(manifest.parent / path).read_bytes() for path in group["paths"])
        start = 0
        for entry in group["weights"]:
            stored = entry.get("quantization")
            dtype = np.dtype(stored["dtype"] if stored else entry["dtype"]).newbyteorder("<")
            count = int(np.prod(entry["shape"]))
            if start + count * dtype.itemsize > len(content):
                raise InputError(f"{manifest}: {entry['name']} lies beyond the end of the weight file")
            values = np.frombuffer(content, dtype, count, start).astype(np.float64)
            start += count * dtype.itemsize
            if stored:
                values = values * stored["scale"] + stored["min"]
            found[entry["name"]] = values.astype(np.float32).reshape(entry["shape"])
    return found


def write_graph(manifest: Path, folder: Path) -> int:
    """Writes model.json and weights.bin of the network to `folder`; returns the number of parameters.

    The model takes float32 [N,112,112,3] as peers.face_api_input makes it and gives probabilities [N,7] in
    face-api's own order. Raises InputError if the weights are not those of this network.
    """
    weights = read_weights(manifest)
    graph = GraphWriter()
    try:
        node = graph.placeholder("input", (-1, INPUT_SIZE, INPUT_SIZE, 3))
        for block in range(BLOCKS):
            node = _dense_block(graph, weights, node, block)
        pooled = graph.node(
            "pool",
            "AvgPool",
            [node],
            ksize=integers(1, 7, 7, 1),
            strides=integers(1, 2, 2, 1),
            padding=text("VALID"),
        )
        flat = graph.node("flat", "Reshape", [pooled, graph.shared_constant([-1, FEATURES])])
        kernel = graph.constant("fc/weights", weights["fc/weights"])
        product = graph.node("fc", "MatMul", [flat, kernel])
        logits = _biased(graph, weights, product, "fc")
    except KeyError as error:
        raise InputError(f"{manifest}: holds no weight {error}; it is not face-api's network") from None
    output = graph.node("probabilities", "Softmax", [logits])
    graph.save(folder, {"probabilities": (output, (-1, 7))}, {"source": manifest.name})
    return sum(values.size for values in weights.values())


def _dense_block(graph: GraphWriter, weights: dict[str, Floats], node: str, block: int) -> str:
    """Adds denseBlock4: four convolutions, each fed by the sum of all outputs before it; the first halves the size."""
    first = _convolution if block == 0 else _separable
    total = first(graph, weights, node, f"dense{block}/conv0", 2)
    total = graph.node(f"dense{block}/conv0/relu", "Relu", [total])
    outputs = [total]
    for index in range(1, 4):
        outputs.append(_separable(graph, weights, total, f"dense{block}/conv{index}", 1))
        name = f"dense{block}/conv{index}"
        # The code adds from the newest to the oldest: a + (b + (c + d)).
        added = outputs[-1]
        for depth, earlier in enumerate(reversed(outputs[:-1])):
            added = graph.node(f"{name}/sum{depth}", "AddV2", [earlier, added])
        total = graph.node(f"{name}/relu", "Relu", [added])
    return total


def _convolution(graph: GraphWriter, weights: dict[str, Floats], node: str, name: str, stride: int) -> str:
    kernel = graph.constant(f"{name}/filters", weights[f"{name}/filters"])
    window = {"strides": integers(1, stride, stride, 1), "padding": text("SAME"), "dilations": _ONE}
    product = graph.node(name, "Conv2D", [node, kernel], data_format=text("NHWC"), **window)
    return _biased(graph, weights, product, name)


def _separable(graph: GraphWriter, weights: dict[str, Floats], node: str, name: str, stride: int) -> str:
    depthwise = graph.constant(f"{name}/depthwise_filter", weights[f"{name}/depthwise_filter"])
    pointwise = graph.constant(f"{name}/pointwise_filter", weights[f"{name}/pointwise_filter"])
    common = {"padding": text("SAME"), "dilations": _ONE, "data_format": text("NHWC")}
    strides = integers(1, stride, stride, 1)
    spread = graph.node(
        f"{name}/depthwise", "DepthwiseConv2dNative", [node, depthwise], strides=strides, **common
    )
    product = graph.node(f"{name}/pointwise", "Conv2D", [spread, pointwise], strides=_ONE, **common)
    return _biased(graph, weights, product, name)


def _biased(graph: GraphWriter, weights: dict[str, Floats], node: str, name: str) -> str:
    return graph.node(
        f"{name}/biased", "AddV2", [node, graph.constant(f"{name}/bias", weights[f"{name}/bias"])]
    )
