"""`python -m benchmarks processors`: do all processors give one answer?

nice python -m benchmarks processors                              # every released model: about a quarter of an hour
python -m benchmarks processors --models models/nano --inputs 100
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.processors.inputs import COUNT
from benchmarks.processors.measure import RUNS, XNNPACK, markdown, measure, summary
from face_emotion.arguments import MOST_ROUNDS, file_path, whole
from face_emotion.errors import InputError
from face_emotion.files import write_json, write_text

NAMES = tuple(processor for processor, kernels in RUNS if kernels == XNNPACK)
LEAST = 20  # of which one is flat


def add_arguments(verb: argparse.ArgumentParser) -> None:
    """Adds the command's flags."""
    verb.add_argument(
        "--models",
        nargs="+",
        type=file_path,
        metavar="FOLDER",
        help="model folders (default: all released ones)",
    )
    verb.add_argument(
        "--inputs",
        type=whole(0, MOST_ROUNDS),
        default=COUNT,
        help=f"images (default {COUNT}, at least {LEAST})",
    )
    verb.add_argument("--processors", nargs="+", choices=NAMES, default=list(NAMES), help="default: all")
    verb.add_argument(
        "--out", type=file_path, metavar="FILE", help=".json with every figure, or .md with the table"
    )
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints a line as each run ends, and the table; writes it; returns 0, or 1 if an answer differs with XNNPACK."""
    if arguments.inputs < LEAST:
        raise InputError(f"--inputs {arguments.inputs}: at least {LEAST} are expected")
    out = arguments.out
    if out and out.suffix not in (".json", ".md"):
        raise InputError(f"--out {out}: a name that ends in .json or .md is expected")
    folders = arguments.models or [
        path.parent.parent for path in sorted(Path("models").glob("*/float/checkpoint.npz"))
    ]
    if not folders:
        raise InputError("models: no released model in it; run this in the repository, or name --models")
    runs = [run for run in RUNS if run[0] in arguments.processors]
    rows = []
    for row in measure(folders, arguments.inputs, runs):
        print(row, flush=True)
        rows.append(row)
    print(markdown(rows))
    if out and out.suffix == ".json":
        write_json(out, summary(rows))
    elif out:
        write_text(out, markdown(rows) + "\n")
    return int(any(row.answers for row in rows if row.kernels == XNNPACK))
