"""Writes TF.js graph models: nodes, weights at one byte where they are integers, and the load-time part.

TF.js knows two graphs in a model.json: the one that runs for each image, and an initializer that runs
once, before the first image, and whose outputs the first graph takes as inputs ("captured" inputs,
told apart by a resource id). The initializer is where integer filters are multiplied by their scale
for each channel: the file keeps one byte a weight, and the convolutions run on finished float filters.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from face_emotion.arrays import Array, Doubles, Floats
from face_emotion.errors import InputError
from face_emotion.files import atomic_path

Node = dict[str, Any]  # as model.json states it
FLOAT = {"type": "DT_FLOAT"}
INTEGER = {"type": "DT_INT32"}
_VERSIONS = {"producer": 1, "minConsumer": 1}


class GraphWriter:
    """Collects the nodes and weights of one graph model; every method that adds a node returns its name."""

    def __init__(self) -> None:
        self._nodes: list[Node] = []
        self._initializer: list[Node] = []
        self._weights: list[tuple[dict[str, Any], bytes]] = []
        self._inputs: dict[str, Any] = {}
        self._captured: dict[str, Any] = {}
        self._shared: dict[tuple[float | str, ...], str] = {}

    def placeholder(self, name: str, shape: Sequence[int]) -> str:
        """Adds an input of the model, float32; -1 leaves a size open."""
        self._inputs[name] = {"name": f"{name}:0", "dtype": "DT_FLOAT", "tensorShape": _dimensions(shape)}
        return self._add(self._nodes, name, "Placeholder", dtype=FLOAT, shape={"shape": _dimensions(shape)})

    def node(self, name: str, op: str, inputs: Sequence[str], **attributes: Any) -> str:
        """Adds an operation; attributes as `integers`, `text` and `texts` below make them."""
        return self._add(self._nodes, name, op, inputs, **attributes)

    def constant(self, name: str, values: Array, storage: str = "float32") -> str:
        """Adds a weight, stored as float32, float16 or int32; the first two are float32 after loading."""
        return self._add_weight(self._nodes, name, np.asarray(values), storage)

    def shared_constant(self, values: float | Sequence[int]) -> str:
        """Adds a float32 number or an int32 list once, however often it is asked for."""
        key: tuple[float | str, ...]
        if isinstance(values, Sequence):
            key, storage = tuple(values), "int32"
        else:
            key, storage = (float(values), "number"), "float32"
        if key not in self._shared:
            self._shared[key] = self.constant(f"c{len(self._shared)}", np.asarray(values, storage), storage)
        return self._shared[key]

    def scaled_filter(self, name: str, integers: NDArray[np.int8], scale: Floats | Doubles) -> str:
        """Adds a filter of int8 values that is multiplied by `scale` once, at load time.

        integers: int8, stored as one byte each; scale: stored as float32, broadcasts against it.
        """
        stored = self._add_weight(self._initializer, f"{name}/int8", integers, "int8")
        factor = self._add_weight(self._initializer, f"{name}/scale", scale, "float32")
        product = self._add(self._initializer, f"{name}/scaled", "Mul", [stored, factor])
        resource = len(self._captured) + 1
        self._captured[product] = {"name": f"{product}:0", "dtype": "DT_FLOAT", "resourceId": resource}
        self.placeholder(name, integers.shape)
        self._inputs[name]["resourceId"] = resource
        return name

    def save(
        self,
        folder: str | os.PathLike[str],
        outputs: Mapping[str, tuple[str, Sequence[int]]],
        metadata: dict[str, Any],
    ) -> int:
        """Writes model.json and weights.bin and returns their bytes; what stood at `folder` is replaced whole.

        outputs: output name -> (node, shape). Raises InputError if a file stands where the folder should be.
        """
        model = {
            "format": "graph-model",
            "generatedBy": metadata["source"],
            "convertedBy": "Face Emotion Kit converters/tfjs.py",
            "userDefinedMetadata": metadata,
            "signature": {
                "inputs": self._inputs,
                "outputs": {
                    name: {"name": f"{node}:0", "dtype": "DT_FLOAT", "tensorShape": _dimensions(shape)}
                    for name, (node, shape) in outputs.items()
                },
            },
            "modelTopology": {"node": self._nodes, "versions": _VERSIONS},
            "weightsManifest": [{"paths": ["weights.bin"], "weights": [spec for spec, _ in self._weights]}],
        }
        if self._initializer:
            model["modelInitializer"] = {"node": self._initializer, "versions": _VERSIONS}
            model["initializerSignature"] = {"outputs": self._captured}
        return write_model(folder, model, b"".join(content for _, content in self._weights))

    def _add(
        self, graph: list[Node], name: str, op: str, inputs: Sequence[str] = (), **attributes: Any
    ) -> str:
        entry: Node = {"name": name, "op": op}
        if inputs:
            entry["input"] = list(inputs)
        graph.append({**entry, "attr": attributes})
        return name

    def _add_weight(self, graph: list[Node], name: str, values: Array, storage: str) -> str:
        dtype = "int32" if storage == "int32" else "float32"
        spec: dict[str, Any] = {"name": name, "shape": list(values.shape), "dtype": dtype}
        if storage == "int8":
            # stored + min is the integer itself: scale 1 loses nothing.
            spec["quantization"] = {"dtype": "uint8", "scale": 1, "min": -128, "original_dtype": "float32"}
            content = (values.astype(np.int16) + 128).astype(np.uint8)
        else:
            if storage == "float16":
                spec["quantization"] = {"dtype": "float16", "original_dtype": "float32"}
            content = values.astype(np.dtype(storage).newbyteorder("<"))
        self._weights.append((spec, content.tobytes()))
        return self._add(graph, name, "Const", dtype=INTEGER if dtype == "int32" else FLOAT)


def write_model(folder: str | os.PathLike[str], model: dict[str, Any], weights: bytes) -> int:
    """Writes model.json and weights.bin and returns their bytes; what stood at `folder` is replaced whole.

    Raises InputError if a file stands where the folder should be.
    """
    folder = Path(folder)
    if folder.is_file():
        raise InputError(f"{folder}: a file stands where a folder should be; choose another folder")
    with atomic_path(folder) as partial:
        partial.mkdir()
        text = json.dumps(model, separators=(",", ":"), allow_nan=False)
        (partial / "model.json").write_text(text + "\n", encoding="utf-8")
        (partial / "weights.bin").write_bytes(weights)
        return sum(path.stat().st_size for path in partial.iterdir())


def integers(*values: int) -> dict[str, Any]:
    """Returns a list-of-integers attribute."""
    return {"list": {"i": [str(value) for value in values]}}


def text(value: str) -> dict[str, Any]:
    """Returns a string attribute."""
    return {"s": _base64(value)}


def texts(values: Sequence[str]) -> dict[str, Any]:
    """Returns a list-of-strings attribute."""
    return {"list": {"s": [_base64(value) for value in values]}}


def _base64(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


def _dimensions(shape: Sequence[int]) -> dict[str, Any]:
    return {"dim": [{"size": str(size)} for size in shape]}
