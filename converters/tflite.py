"""SavedModel -> .tflite: float32, float16, int8 from a fake-quantised network, int8 by post-training quantisation.

    python -m converters tflite build/small/qat/saved_model small.tflite

The int8 files take raw grey bytes (uint8, scale 1/255, zero point 0) and give uint8 probabilities (scale 1/256) and
logits, with a fixed batch of 1: browsers' LiteRT.js has no int8 input and rejects a dynamic batch. Tensors are named
after the network's layers (tflite_names.py), and lists of numbers that are equal stand in a file once
(tflite_packing.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from converters.saved_model import load_saved_model
from converters.tflite_metadata import with_metadata
from converters.tflite_names import shorten_names
from face_emotion.arrays import Bytes, Floats
from face_emotion.contract import Contract
from face_emotion.errors import InputError
from face_emotion.files import atomic_path
from face_emotion.native_log import quiet
from face_emotion.normalization import normalized
from face_emotion.trial import trust

KINDS = ("float32", "float16", "int8", "int8_ptq")


def convert(
    saved_model: Path,
    target: Path,
    kind: str,
    representative: Bytes | None = None,
    contract: Contract | None = None,
    name: str = "",
) -> Path:
    """Converts a SavedModel folder into the file `target` and returns its path.

    kind: "float32"; "float16" (weights only); "int8" (the SavedModel must hold fake quantisation);
    "int8_ptq" (the SavedModel is float, ranges come from `representative`, uint8 [N, 48, 48]). contract: of the
    classifier, which normalises `representative`, and whose class names and normalisation then stand in the file
    (tflite_metadata.py); name: of the model.
    Raises InputError if the folder is no SavedModel of one float32 [1, 48, 48, 1] input, or the ranges have no source.
    """
    if kind == "int8_ptq" and representative is None:
        raise InputError("int8_ptq: the faces that set the ranges are missing")
    if representative is not None and contract is not None:
        representative = normalized(representative, contract.normalization)
    module, function = _signature(saved_model)
    import tensorflow as tf

    with quiet():
        converter = tf.lite.TFLiteConverter.from_concrete_functions([function], module)
        if kind != "float32":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if kind == "float16":
            converter.target_spec.supported_types = [tf.float16]
        if kind.startswith("int8"):
            converter.inference_input_type = tf.uint8
            converter.inference_output_type = tf.uint8
        if kind == "int8_ptq" and representative is not None:
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
            converter.representative_dataset = lambda: _samples(representative)
        content = shorten_names(converter.convert())
    if contract is not None:
        content = with_metadata(content, name, contract)
    with atomic_path(target) as partial:
        partial.write_bytes(content)
    trust(content)
    return target


def _signature(folder: Path) -> tuple[Any, Any]:
    module = load_saved_model(folder)
    function = module.signatures.get("serving_default")
    inputs = [] if function is None else list(function.structured_input_signature[1].values())
    if [spec.shape.as_list() for spec in inputs] != [[1, 48, 48, 1]]:
        raise InputError(f"{folder}: one input of shape [1, 48, 48, 1] is expected in its serving signature")
    return module, function


def _samples(images: Bytes) -> Iterator[list[Floats]]:
    """Black and white frames come first, so that the input's range is [0, 1] whatever the images hold."""
    extremes = np.zeros((2, *images.shape[1:]), np.uint8)
    extremes[1, :, : images.shape[2] // 2] = 255
    for image in np.concatenate([extremes, images]):
        yield [(image.astype(np.float32) / np.float32(255.0))[None, :, :, None]]
