"""The tables that end a command: artifacts of a build, architectures of the family."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from rich.table import Table

from converters.manifest import NAME as MANIFEST
from converters.manifest import read_manifest
from face_emotion.console import Console
from model_build.evaluation.evaluation_file import NAME
from model_build.evaluation.finished_build import artifact_rows, read_build
from model_build.network import architecture
from model_build.network.engine import load_engine
from model_build.origin import is_own_release
from model_build.quantization.untrained import convert_untrained
from model_build.reporting.source_rows import print_sources
from model_build.reporting.texts import percent


def print_summary(folder: Path, name: str = NAME) -> None:
    """Prints artifact, bytes, accuracy, agreement with the checkpoint and milliseconds, and where the report is.

    name: of the evaluation file in the folder.
    """
    build = read_build(folder, name)
    table = Table(title=f"{folder}: {build.set}, one crop{', drawn faces' if build.is_synthetic else ''}")
    checkpoint = "QAT" if build.fine_tuned else "calibrated"
    for index, name in enumerate(
        ("artifact", "bytes", "accuracy (95 %)", f"agrees with {checkpoint} / float", "ms")
    ):
        table.add_column(name, justify="right" if index else "left", no_wrap=not index)
    for row in artifact_rows(build):
        table.add_row(
            row.title,
            "–" if row.bytes is None else f"{row.bytes:,}",
            "–"
            if row.accuracy is None or row.interval is None
            else f"{row.accuracy:.2%} ({row.interval[0]:.1%}–{row.interval[1]:.1%})",
            " / ".join(
                "–" if value is None else f"{value:.2%}" for value in (row.agreement_qat, row.agreement_float)
            ),
            "–" if row.median_ms is None else f"{row.median_ms:.2f}",
        )
    Console(width=120).print(table)
    print_sources(build)
    print_coverage({build.set: build.evaluation["certainty"][build.set]})
    if (folder / "report.html").exists():
        print(f"report: {folder / 'report.html'}")


def print_accuracies(frame: pd.DataFrame) -> None:
    """Prints a row for each artifact and set and a column for each build, what figures_frame returns of them."""
    wide = frame.pivot(index=["artifact", "set"], columns="build", values="accuracy").sort_index()
    table = Table(title="accuracy, one crop")
    table.add_column("artifact", no_wrap=True)
    table.add_column("set")
    for build in wide.columns:
        table.add_column(str(build), justify="right")
    for (artifact, name), values in wide.iterrows():
        table.add_row(artifact, name, *("–" if pd.isna(value) else f"{value:.2%}" for value in values))
    Console(width=120).print(table)


def print_next(folder: Path) -> None:
    """Prints what can be done with a finished build: the commands that serve, try and release it."""
    python = python_word(Path.cwd())
    manifest = read_manifest(folder) if (folder / MANIFEST).exists() else None
    target = Path("models", manifest["name"] if manifest else folder.name)
    more, replaces = "", f", in place of the {target} that is there" if target.is_dir() else ""
    if manifest and not is_own_release(target, manifest):
        more, replaces = f" --name {target.name}-mine", f"; the {target} that is there stays"
    ways = {
        f'make serve ARGS="--models {folder.parent}"': "the page with it",
        f"{python} -m face_emotion --model {folder} photo.jpg": "a picture of yours",
        f"{python} -m model_build release {folder}{more}": f"into models/, for page, Python and app{replaces}",
    }
    width = max(map(len, ways))
    print("next:", *(f"  {command:{width}}  {what}" for command, what in ways.items()), sep="\n")


def python_word(folder: Path) -> str:
    """Returns how this Python is called in `folder`: "python" if that is this one, else its path, short if possible."""
    own = Path(sys.executable)
    if shutil.which("python") == sys.executable:
        return "python"
    return str(own.relative_to(folder) if own.is_relative_to(folder) else own)


def print_coverage(found: Mapping[str, Mapping[str, Any]]) -> None:
    """Prints how often answers are right when the least certain are left out.

    found: by the name of the pictures, what evaluation.coverage.coverage_figures returned, all at one threshold.
    """
    first = next(iter(found.values()))
    table = Table(title="right among the surest answers")
    table.add_column("pictures")
    for entry in first["curve"]:
        table.add_column(percent(entry["coverage"], 0), justify="right")
    table.add_column(f"certain (at least {first['threshold']:.2f})", justify="right")
    for name, row in found.items():
        shares = (percent(entry["accuracy"]) for entry in row["curve"])
        certain = f"{percent(row['coverage'])} of them, {percent(row['accuracy'])} right"
        table.add_row(name, *shares, certain)
    Console(width=150).print(table)


def print_architectures() -> None:
    """Prints parameters, MACs and int8 bytes of each variant, from an untrained network that is really converted.

    A network that enlarges its image first is a teacher only: it has no int8 form.
    """
    table = Table(
        "variant", "parameters", "million MACs", "int8 bytes", "limit", title="two heads of seven classes"
    )
    for name, shape in architecture.ARCHITECTURES.items():
        if shape.upsample:
            model, size = architecture.build_exported(load_engine().keras, shape, 7, heads=2), "–"
        else:
            with tempfile.TemporaryDirectory() as scratch:
                model, path = convert_untrained(shape, Path(scratch))
                size = f"{path.stat().st_size:,}"
        macs = architecture.multiply_accumulates(model) / 1e6
        limit = architecture.INT8_LIMITS.get(name)
        shown = "–" if limit is None else f"{limit:,}"
        table.add_row(name, f"{model.count_params():,}", f"{macs:.1f}", size, shown)
    Console(width=90).print(table)
