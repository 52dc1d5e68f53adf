"""Checkpoints: a network's weights and description in one portable .npz, the same for both Kerases.

Weights are keyed by layer name and position, so that one head of a two-headed network can be taken out
and a checkpoint trained with Keras 3 on JAX loads into tf_keras.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from face_emotion.arrays import Floats
from face_emotion.contract import AS_IT_IS, Normalization
from face_emotion.errors import InputError
from face_emotion.files import require_file
from model_build.arrays import write_arrays
from model_build.network import architecture
from model_build.network.architecture import Architecture
from model_build.network.keras_protocol import KerasLayer, KerasModel, KerasModule

FORMAT = 1


@dataclass(frozen=True)
class Checkpoint:
    """architecture: of the network. heads: names of its outputs, in order. labels: class names.
    weights: float32 arrays by "layer/position". details: JSON-able facts of the training. normalization: of the crops
    that it was trained on and is to be shown."""

    architecture: Architecture
    heads: tuple[str, ...]
    labels: tuple[str, ...]
    weights: dict[str, Floats]
    details: dict[str, Any]
    normalization: Normalization = AS_IT_IS

    def model(
        self, keras: KerasModule, heads: tuple[str, ...] | None = None, precision: str = "float32"
    ) -> KerasModel:
        """Builds the network with these weights and with the given heads only (default: all).

        precision: as architecture.build takes it.
        Raises InputError if a wanted head is not in the checkpoint.
        """
        heads = heads or self.heads
        for head in heads:
            if head not in self.heads:
                raise InputError(f"--head {head}: the checkpoint has only {', '.join(self.heads)}")
        model = architecture.build(keras, self.architecture, len(self.labels), heads, precision)
        set_weights(model, self.weights)
        return model


def weights_of(model: KerasModel) -> dict[str, Floats]:
    """Returns a model's weights as float32 arrays by "layer/position"."""
    return {
        f"{_key(layer)}/{index}": np.asarray(value, np.float32)
        for layer in model.layers
        for index, value in enumerate(layer.get_weights())
    }


def set_weights(model: KerasModel, weights: dict[str, Floats]) -> None:
    """Sets every weight of `model`; raises InputError where one is missing or has another shape."""
    for layer in model.layers:
        current = layer.get_weights()
        names = [f"{_key(layer)}/{index}" for index in range(len(current))]
        for name, value in zip(names, current, strict=True):
            found = weights.get(name)
            if found is None or found.shape != value.shape:
                shape = "missing" if found is None else f"of shape {found.shape}"
                raise InputError(
                    f"checkpoint of another architecture: weight {name} is {shape} where {value.shape} is expected"
                )
        if names:
            layer.set_weights([weights[name] for name in names])


def save(path: str | Path, checkpoint: Checkpoint) -> None:
    """Writes a checkpoint through a temporary name."""
    header = {
        "format": FORMAT,
        "architecture": asdict(checkpoint.architecture),
        "heads": checkpoint.heads,
        "labels": checkpoint.labels,
        "details": checkpoint.details,
        "normalization": asdict(checkpoint.normalization),
    }
    write_arrays(path, {"__checkpoint__": np.array(json.dumps(header))} | checkpoint.weights)


def load(path: str | Path) -> Checkpoint:
    """Reads a checkpoint; raises InputError if the file is missing, damaged or not one of ours."""
    path = require_file(path, "checkpoint")
    try:
        with np.load(path, allow_pickle=False) as stored:
            header = json.loads(str(stored["__checkpoint__"]))
            if header["format"] != FORMAT:
                raise ValueError(f"format {header['format']} where {FORMAT} is known")
            weights = {name: stored[name] for name in stored.files if name != "__checkpoint__"}
        shape = Architecture.from_dict(header["architecture"])
        return Checkpoint(
            shape,
            tuple(header["heads"]),
            tuple(header["labels"]),
            weights,
            header["details"],
            Normalization(**header.get("normalization", {})),  # earlier ones know none
        )
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, EOFError, RuntimeError, OSError) as error:
        raise InputError(f"{path}: not a checkpoint of this kit, or damaged ({error})") from None


def _key(layer: KerasLayer) -> str:
    """A layer's name; tfmot's input quantiser alone is numbered anew in each model of a process."""
    return "quantize_layer" if layer.name.startswith("quantize_layer") else layer.name
