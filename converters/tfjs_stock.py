"""The float TF.js model as the stock converter (tensorflowjs) writes it: the form that people know, and an oracle.

    python -m converters stock build/small/float/saved_model small_stock

Ours (tfjs.py) is written from the int8 file, which the stock converter cannot read; from a float network both must give
the same. The stock converter runs in a process of its own: its import costs seconds and replaces parts of Keras.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from face_emotion.errors import InputError
from face_emotion.files import atomic_path

PATIENCE = 600  # seconds; it takes some ten
_RUN = "import sys; from tensorflowjs.converters.converter import pip_main; sys.exit(pip_main())"


def convert_stock(saved_model: str | os.PathLike[str], out: str | os.PathLike[str]) -> int:
    """Writes OUT/model.json and its weights from a SavedModel and returns their bytes.

    Raises InputError with the converter's own reason if it refuses the model, or is not installed.
    """
    source, out = Path(saved_model), Path(out)
    if not (source / "saved_model.pb").is_file():
        raise InputError(f"{source}: no SavedModel (no saved_model.pb)")
    with atomic_path(out) as partial:
        flags = ["--input_format=tf_saved_model", "--output_format=tfjs_graph_model"]
        command = [sys.executable, "-c", _RUN, *flags, str(source), str(partial)]
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"},
            )
        except subprocess.TimeoutExpired:
            raise InputError(f"{source}: tensorflowjs did not end within {PATIENCE} s") from None
        if done.returncode != 0 or not (partial / "model.json").is_file():
            raise InputError(f"{source}: tensorflowjs refuses it ({_reason(done.stderr)})")
        return sum(path.stat().st_size for path in partial.iterdir())


def _reason(errors: str) -> str:
    """Returns what the converter's last error says, shortened: its line and, where that ends open, the next."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    named = [place for place, line in enumerate(lines) if "Error" in line.split(":", 1)[0]]
    said = lines[named[-1] : named[-1] + 2] if named else lines[-1:] or ["it says nothing"]
    return " ".join(said)[:200]
