"""The resumable state of a training, in one file written through a temporary name after each epoch.

A run that cannot be resumed is never overwritten: `set_aside` keeps what it had written.
"""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from face_emotion.arrays import Array, Floats
from face_emotion.files import make_folder
from model_build.arrays import read_arrays, text_of, write_arrays
from model_build.training.logs import ScalarLog

FILE = "state.npz"
WRITTEN = (FILE, "checkpoint.npz", "history.json", "logs")
SHOWN = 3  # differences that a message names


class StateRefused(Exception):
    """Why a training cannot go on from what stands in its folder: the end of a sentence."""


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


def load(folder: Path, plan: dict[str, Any], engine: str) -> State | None:
    """Returns the state that `save` wrote for the same plan by the same engine, None if nothing was trained here.

    Raises StateRefused if something was, but cannot be gone on from.
    """
    path = folder / FILE
    if not path.is_file():
        if any((folder / name).exists() for name in WRITTEN):
            raise StateRefused(f"{path} is not there")
        return None
    try:
        arrays = read_arrays(path)
        header = json.loads(text_of(arrays, "__state__"))
        other = differences(header["plan"], json.loads(json.dumps(plan)))
        if other:
            raise StateRefused(other)
        lists: dict[str, list[Array]] = {"model": [], "optimizer": [], "average": [], "best": []}
        for name, value in arrays.items():
            if name != "__state__":
                lists[name.split("/")[0]].append(value)
        trained_by = header["facts"].get("engine", engine)
    except StateRefused:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StateRefused(f"{path} is damaged ({error})") from None
    if trained_by != engine:
        raise StateRefused(f"it was trained with --engine {trained_by}, this is {engine}")
    return State(**lists, facts=header["facts"])


def differences(old: dict[str, Any], new: dict[str, Any], words: str = "{} was {} and is {}") -> str:
    """Returns in words what differs between two plans, "" if nothing does: the first three, and how many more.

    words: a template for what it is called, what the old plan says and what the new one says.
    """
    found = [
        words.format(name, _brief(old.get(name)), _brief(new.get(name)))
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    ]
    more = [f"{len(found) - SHOWN} more differ"] if len(found) > SHOWN else []
    return ", ".join([*found[:SHOWN], *more])


def set_aside(folder: Path) -> Path:
    """Moves what a training wrote into FOLDER/replaced/N, the first free number, and returns that folder."""
    numbers = (folder / "replaced" / str(number) for number in itertools.count(1))
    target = next(path for path in numbers if not path.exists())
    make_folder(target)
    for name in WRITTEN:
        if (folder / name).exists():
            (folder / name).rename(target / name)
    return target


def _brief(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 24 else f"{text[:20]}…"


@contextlib.contextmanager
def scalar_log(folder: Path) -> Iterator[ScalarLog]:
    """Opens the run's TensorBoard log in FOLDER/logs for the length of a block."""
    log = ScalarLog(folder / "logs")
    try:
        yield log
    finally:
        log.close()
