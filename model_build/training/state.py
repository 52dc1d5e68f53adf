"""The resumable state of a training, in one file written through a temporary name after each epoch."""

from __future__ import annotations

import contextlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from face_emotion.arrays import Array, Floats
from model_build.arrays import write_arrays
from model_build.training.logs import ScalarLog

FILE = "state.npz"


@dataclass(frozen=True)
class State:
    """Lists of arrays (in the model's and the optimiser's own order) and JSON-able facts."""

    model: list[Array]
    optimizer: list[Array]
    average: list[Floats]
    best: list[Floats]
    facts: dict[str, Any]


def save(folder: Path, plan: dict[str, Any], state: State) -> None:
    """Writes FOLDER/state.npz, marked with the plan that it belongs to."""
    arrays = {
        f"{kind}/{index}": value
        for kind in ("model", "optimizer", "average", "best")
        for index, value in enumerate(getattr(state, kind))
    }
    header = json.dumps({"plan": plan, "facts": state.facts})
    write_arrays(folder / FILE, {"__state__": np.array(header)} | arrays)


def load(folder: Path, plan: dict[str, Any]) -> State | None:
    """Returns the state that `save` wrote for the same plan, or None if there is none that can be used."""
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as stored:
            header = json.loads(str(stored["__state__"]))
            if header["plan"] != json.loads(json.dumps(plan)):
                return None
            lists: dict[str, list[Array]] = {"model": [], "optimizer": [], "average": [], "best": []}
            for name in stored.files:
                if name != "__state__":
                    lists[name.split("/")[0]].append(stored[name])
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, EOFError, RuntimeError, OSError):
        return None
    return State(**lists, facts=header["facts"])


@contextlib.contextmanager
def scalar_log(folder: Path) -> Iterator[ScalarLog]:
    """Opens the run's TensorBoard log in FOLDER/logs for the length of a block."""
    log = ScalarLog(folder / "logs")
    try:
        yield log
    finally:
        log.close()
