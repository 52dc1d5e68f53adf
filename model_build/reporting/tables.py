"""The tables that end a command: artifacts of a build, architectures of the family."""

from __future__ import annotations

import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from model_build.evaluation.evaluation_file import NAME
from model_build.evaluation.finished_build import artifact_rows, read_build
from model_build.network import architecture
from model_build.quantization.untrained import convert_untrained


def print_summary(folder: Path, name: str = NAME) -> None:
    """Prints artifact, bytes, accuracy, agreement with the checkpoint and milliseconds, and where the report is.

    name: of the evaluation file in the folder.
    """
    build = read_build(folder, name)
    table = Table(title=f"{folder}: {build.set}, one crop")
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
    if (folder / "report.html").exists():
        print(f"report: {folder / 'report.html'}")


def print_architectures() -> None:
    """Prints parameters, MACs and int8 bytes of each variant, from an untrained network that is really converted."""
    table = Table(
        "variant", "parameters", "million MACs", "int8 bytes", "limit", title="two heads of seven classes"
    )
    for name, shape in architecture.ARCHITECTURES.items():
        with tempfile.TemporaryDirectory() as scratch:
            model, path = convert_untrained(shape, Path(scratch))
            size = path.stat().st_size
        macs = architecture.multiply_accumulates(model) / 1e6
        limit = architecture.INT8_LIMITS.get(name)
        shown = "–" if limit is None else f"{limit:,}"
        table.add_row(name, f"{model.count_params():,}", f"{macs:.1f}", f"{size:,}", shown)
    Console(width=90).print(table)
