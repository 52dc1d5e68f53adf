"""Checkpoints: a network's weights and description in one portable .npz, the same for both Kerases.

Weights are keyed by layer name and position, so that one head of a two-headed network can be taken out
and a checkpoint trained with Keras 3 on JAX loads into tf_keras.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from face_emotion.arrays import Array, Floats
from face_emotion.contract import AS_IT_IS, Contract, Normalization, check_labels
from face_emotion.errors import InputError
from face_emotion.files import require_file
from face_emotion.strict_json import parse_json
from model_build.arrays import read_arrays, text_of, write_arrays
from model_build.network import architecture
from model_build.network.architecture import Architecture
from model_build.network.keras_protocol import KerasLayer, KerasModel, KerasModule

FORMAT = 1
HEADER = "__checkpoint__"


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
    write_arrays(path, {HEADER: np.array(json.dumps(header))} | checkpoint.weights)


def load(path: str | Path) -> Checkpoint:
    """Reads a checkpoint; raises InputError if the file is missing, damaged or not one of ours."""
    path = require_file(path, "checkpoint")
    try:
        arrays = read_arrays(path)
        header = parse_json(text_of(arrays, HEADER))
        if not isinstance(header, dict):
            raise ValueError("its header is another one")
        if header["format"] != FORMAT:
            raise ValueError(f"format {str(header['format'])[:20]} where {FORMAT} is known")
        return Checkpoint(
            Architecture.from_dict(header["architecture"]),
            _names(header["heads"], "heads"),
            _labels(header["labels"]),
            {name: _weight(name, value) for name, value in arrays.items() if name != HEADER},
            _details(header["details"]),
            _normalization(header.get("normalization")),
        )
    except KeyError as error:
        raise InputError(f"{path}: not a checkpoint of this kit ({error} is missing)") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: not a checkpoint of this kit, or damaged ({error})") from None


def _weight(name: str, value: Array) -> Floats:
    if value.dtype.kind != "f" or not np.isfinite(value).all():
        raise ValueError(f"weight {name[:60]}: finite numbers are expected")
    return value


def _names(value: Any, what: str) -> tuple[str, ...]:
    if not (isinstance(value, list) and value and all(isinstance(name, str) for name in value)):
        raise ValueError(f"{what}: a list of names is expected")
    return tuple(value)


def _labels(value: Any) -> tuple[str, ...]:
    labels = _names(value, "labels")
    check_labels(labels)
    return labels


def _details(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("details: an object is expected")
    return value


def _normalization(value: Any) -> Normalization:
    if value is None:  # earlier ones know none
        return AS_IT_IS
    return Contract.from_dict(Contract().to_dict() | {"normalization": value}).normalization


def _key(layer: KerasLayer) -> str:
    """A layer's name; tfmot's input quantiser alone is numbered anew in each model of a process."""
    return "quantize_layer" if layer.name.startswith("quantize_layer") else layer.name
