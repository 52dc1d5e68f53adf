"""An int8 file by post-training quantisation of a float checkpoint: what quick comparisons of trainings score."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from converters import tflite
from converters.manifest import CONTRACT
from face_emotion.classifier import TfliteClassifier
from face_emotion.files import write_json
from model_build import pipeline
from model_build.data.dataset import TRAINING, Dataset
from model_build.network import checkpoint
from model_build.quantization.export import Exported, export

FILE = "int8_ptq.tflite"


def quantized(folder: Path, dataset: Dataset, name: str) -> tuple[Exported, TfliteClassifier]:
    """Writes FOLDER/int8_ptq.tflite and contract.json of FOLDER's float checkpoint; returns network and int8 file.

    dataset: what it was trained on, of whose training images the ranges are set; name: of the model, for metadata.
    """
    exported = export(checkpoint.load(folder / pipeline.FLOAT))
    exported.save(folder / "saved_model")
    write_json(folder / CONTRACT, exported.contract.to_dict())
    fitted = dataset.part(TRAINING).images
    chosen = np.random.default_rng(0).permutation(len(fitted))[: pipeline.REPRESENTATIVE]
    tflite.convert(folder / "saved_model", folder / FILE, "int8_ptq", fitted[chosen], exported.contract, name)
    return exported, TfliteClassifier(folder / FILE, exported.contract)
