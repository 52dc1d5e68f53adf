"""The int8 file of an untrained network, converted for real: how many bytes a variant takes, known before training."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np

from converters.tflite import convert
from face_emotion.contract import HEADS, Contract
from model_build.network import architecture
from model_build.network.engine import load_engine
from model_build.network.keras_protocol import KerasModel, Normalization
from model_build.quantization.export import Exported
from model_build.quantization.fake_quantization import calibrate, fake_quantized
from model_build.synthetic.faces import draw_faces
from model_build.training.augment import network_input


def convert_untrained(shape: architecture.Architecture, folder: Path) -> tuple[KerasModel, Path]:
    """Writes the int8 file of an untrained network with two heads of seven classes into `folder`: as many bytes as a
    trained one's.

    Returns the float network and the file's path. Its norms are moved apart: of equal biases, as untrained norms
    have them, the converter would keep one.
    """
    keras = load_engine().keras
    keras.utils.set_random_seed(0)
    model = architecture.build_exported(keras, shape, 7, heads=2)
    random = np.random.default_rng(0)
    for layer in model.layers:
        if layer.name.endswith("_norm"):
            beta = cast(Normalization, layer).beta
            beta.assign(random.uniform(-0.1, 0.1, tuple(beta.shape)))
    quantised = fake_quantized(model)
    calibrate(quantised, model, [network_input(draw_faces(64, seed=0)[0])])
    contract = Contract(heads=HEADS, blend=(0.5, 0.5))
    Exported(quantised, contract).save(folder / "saved_model")
    file = convert(folder / "saved_model", folder / "int8.tflite", "int8", None, contract, "untrained")
    return model, file
