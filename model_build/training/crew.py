"""Who trains: this process alone, or with others (together.py), each with its share of every batch."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from face_emotion.arrays import Array, Floats, Integers
from model_build.network.keras_protocol import KerasModel, Tensor
from model_build.training import augment


@dataclass(frozen=True)
class Share:
    """The part of every batch that one of `count` processes takes, this one being `rank` (from 0)."""

    rank: int = 0
    count: int = 1

    def of(self, size: int) -> Integers:
        """Returns which of a batch's `size` images are ours."""
        each = size // self.count
        return np.arange(self.rank * each, (self.rank + 1) * each)

    def take(self, parameters: dict[str, Array], size: int) -> tuple[Integers, dict[str, Array], int]:
        """Returns which of a batch's `size` images are needed, their augmentation's parameters, and how many are ours.

        Ours come first. With mixup, those that are mixed into them stand behind; both are cut off when they are mixed.
        """
        if self.count == 1:
            return np.arange(size), parameters, size
        ours = self.of(size)
        return *augment.of_rows(parameters, ours), len(ours)


class Crew(Protocol):
    """What the loop over epochs asks of one or several processes that train the same model."""

    @property
    def share(self) -> Share:
        """Of every batch."""
        ...

    def scope(self) -> contextlib.AbstractContextManager[Any]:
        """In which a model and its optimiser are made."""
        ...

    def own(self, model: KerasModel, build: Callable[[], KerasModel]) -> KerasModel:
        """Returns what is trained of a model: itself, or its copy that the processes share, made by `build`."""
        ...

    def step(self, model: KerasModel, batch: Tensor, rows: Sequence[Floats]) -> float:
        """Takes a step by this process's share of a batch; returns the loss of the whole batch."""
        ...

    def total(self, values: Array) -> Array:
        """Returns the sum of what all processes give, integers of one shape; waits for the others."""
        ...

    def local(self, variable: Any) -> Array:
        """Returns a variable's value here."""
        ...

    def weights_of(self, model: KerasModel) -> list[Array]:
        """Returns what get_weights() does."""
        ...

    def put(self, model: KerasModel, values: Sequence[Array]) -> None:
        """Sets, here, a model's weights as weights_of() gives them, and its optimiser's variables behind them."""
        ...

    def hand_out(self, model: KerasModel, epoch: int) -> int:
        """Gives every process host 0's weights and optimiser; returns at which epoch host 0 goes on (`epoch` there)."""
        ...


class Alone:
    """One process, which takes every batch whole."""

    share = Share()

    def scope(self) -> contextlib.AbstractContextManager[Any]:
        """Nothing."""
        return contextlib.nullcontext()

    def own(self, model: KerasModel, build: Callable[[], KerasModel]) -> KerasModel:
        """The model itself."""
        return model

    def step(self, model: KerasModel, batch: Tensor, rows: Sequence[Floats]) -> float:
        """Keras's own."""
        model.reset_metrics()
        result = model.train_on_batch(batch, rows if len(rows) > 1 else rows[0])
        return float(result[0] if isinstance(result, Sequence) else result)

    def total(self, values: Array) -> Array:
        """What this process gives."""
        return values

    def local(self, variable: Any) -> Array:
        """The variable as an array."""
        return np.asarray(variable)

    def weights_of(self, model: KerasModel) -> list[Array]:
        """Keras's own."""
        return model.get_weights()

    def put(self, model: KerasModel, values: Sequence[Array]) -> None:
        """Keras's own."""
        optimizer = model.optimizer.variables
        model.set_weights(list(values[: len(values) - len(optimizer)]))
        for variable, value in zip(optimizer, values[len(values) - len(optimizer) :], strict=True):
            variable.assign(value)

    def hand_out(self, model: KerasModel, epoch: int) -> int:
        """Nobody is there to be given anything."""
        return epoch


ALONE = Alone()
