"""The float TF.js model as the stock converter (tensorflowjs) writes it: the form that people know, and an oracle.

    python -m converters stock build/small/float/saved_model small_stock

Ours (tfjs.py) is written from the int8 file, which the stock converter cannot read; from a float network both must give
the same. The stock converter runs in a process of its own (tfjs_stock_process.py): its import costs seconds and
replaces parts of Keras.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from face_emotion.errors import InputError
from face_emotion.files import atomic_path

PACKAGE = "tensorflowjs"
PATIENCE = 600  # seconds; it takes some ten
LONGEST = 200  # characters of a reason
_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "PYTHONWARNINGS": "ignore"}


def installed() -> bool:
    """Returns whether this Python has tensorflowjs: Linux on ARM64 has no package of what it needs."""
    return importlib.util.find_spec(PACKAGE) is not None


def convert_stock(saved_model: str | os.PathLike[str], out: str | os.PathLike[str]) -> int:
    """Writes OUT/model.json and its weights from a SavedModel and returns their bytes.

    Raises InputError with the converter's own reason if it refuses the model, or as `convert_all` does.
    """
    source, out = Path(saved_model), Path(out)
    refused = convert_all({source: out})[source]
    if refused is not None:
        raise InputError(f"{source}: {PACKAGE} refuses it ({refused})")
    return sum(path.stat().st_size for path in out.iterdir())


def convert_all(jobs: Mapping[Path, Path]) -> dict[Path, str | None]:
    """Converts SavedModels, folder -> folder to write, in one process, whose start is most of the time.

    Returns for each SavedModel None, or the converter's reason if it refuses it; then nothing is written.
    Raises InputError if a folder is no SavedModel, or tensorflowjs is not installed or does not run.
    """
    for source in jobs:
        if not (source / "saved_model.pb").is_file():
            raise InputError(f"{source}: no SavedModel (no saved_model.pb)")
    if not installed():
        raise InputError(
            f"{sys.executable} lacks the package {PACKAGE}; run `make build`, or `pip install -r requirements.txt` "
            "in a virtual environment (Linux on ARM64 has no package of what it needs)"
        )
    with tempfile.TemporaryDirectory(prefix="stock-") as scratch:
        made = {source: Path(scratch, str(place)) for place, source in enumerate(jobs)}
        found = dict(zip(jobs, _run(made), strict=True))
        for source in (source for source, refused in found.items() if refused is None):
            with atomic_path(jobs[source]) as partial:
                shutil.copytree(made[source], partial)
    return found


def _run(made: Mapping[Path, Path]) -> list[str | None]:
    words = [str(path.absolute()) for pair in made.items() for path in pair]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "converters.tfjs_stock_process", *words],
            cwd=Path(__file__).parents[1],
            env=os.environ | _QUIET,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        raise InputError(f"{PACKAGE}: did not end within {PATIENCE} s") from None
    if done.returncode != 0:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise InputError(f"{PACKAGE} does not run: {(lines or [f'exit status {done.returncode}'])[-1]}")
    reasons: list[str | None] = json.loads(done.stdout.splitlines()[-1])
    return [None if reason is None else reason[:LONGEST] for reason in reasons]
