"""The tables that end a command: artifacts of a build, architectures of the family."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from model_build.network.architecture import Architecture
from model_build.evaluation.finished_build import artifact_rows, read_build


def print_summary(folder: Path) -> None:
    """Prints artifact, bytes, accuracy, agreement with the checkpoint and milliseconds, and where the report is."""
    build = read_build(folder)
    table = Table(title=f"{folder}: {build.set}, one crop")
    for name, justify in (
        ("artifact", "left"),
        ("bytes", "right"),
        ("accuracy (95 %)", "right"),
        ("agrees with QAT / float", "right"),
        ("ms", "right"),
    ):
        table.add_column(name, justify=justify)
    for row in artifact_rows(build):
        table.add_row(
            row.title,
            "–" if row.bytes is None else f"{row.bytes:,}",
            "–"
            if row.accuracy is None
            else f"{row.accuracy:.2%} ({row.interval[0]:.1%}–{row.interval[1]:.1%})",
            " / ".join(
                "–" if value is None else f"{value:.2%}" for value in (row.agreement_qat, row.agreement_float)
            ),
            "–" if row.median_ms is None else f"{row.median_ms:.2f}",
        )
    Console(width=110).print(table)
    if (folder / "report.html").exists():
        print(f"report: {folder / 'report.html'}")


def print_architectures() -> None:
    """Prints parameters, MACs and int8 bytes of each variant, from an untrained network that is really converted."""
    from model_build.network import architecture as network

    table = Table(
        "variant", "parameters", "million MACs", "int8 bytes", "limit", title="one head of seven classes"
    )
    for name, shape in network.ARCHITECTURES.items():
        with tempfile.TemporaryDirectory() as scratch:
            model, path = convert_untrained(shape, Path(scratch))
            size = path.stat().st_size
        macs = network.multiply_accumulates(model) / 1e6
        limit = network.INT8_LIMITS.get(name)
        shown = "–" if limit is None else f"{limit:,}"
        table.add_row(name, f"{model.count_params():,}", f"{macs:.1f}", f"{size:,}", shown)
    Console(width=90).print(table)


def convert_untrained(shape: Architecture, folder: Path) -> tuple[Any, Path]:
    """Writes the int8 file of an untrained network of seven classes into `folder`: as many bytes as a trained one's.

    Returns the float network and the file's path. Its norms are moved apart: of equal biases, as untrained norms
    have them, the converter would keep one.
    """
    from converters.tflite import convert
    from model_build.network import architecture as network
    from model_build.training.augment import normalise
    from model_build.network.engine import load_engine
    from model_build.quantization.export import Exported
    from model_build.quantization.fake_quantization import calibrate, fake_quantized
    from model_build.synthetic.faces import draw_faces

    keras = load_engine().keras
    keras.utils.set_random_seed(0)
    model = network.build(keras, shape, 7)
    random = np.random.default_rng(0)
    for layer in model.layers:
        if layer.name.endswith("_norm"):
            layer.beta.assign(random.uniform(-0.1, 0.1, layer.beta.shape))
    quantised = fake_quantized(model)
    calibrate(quantised, model, [normalise(draw_faces(64, seed=0)[0])])
    Exported(quantised).save(folder / "saved_model")
    return model, convert(folder / "saved_model", folder / "int8.tflite", "int8")
