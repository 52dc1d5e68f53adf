"""Several processes that train one model, each on its share of every batch: the sums are those of one process.

    python -m model_build train … --hosts a:1234,b:1234 --host 0

TensorFlow's MultiWorkerMirroredStrategy holds a copy of model and optimiser in each process and adds up the gradients.
What makes the steps those of one process, up to the rounding of sums:

- The loss is the mean over the whole batch: tf_keras divides each share's mean by the number of processes, and the
  optimiser adds the gradients of all up before it does anything.
- Batch normalisation and dropout are those of the whole batch (network/replicas.py).
- A share is handed to the step as it is. train_on_batch would distribute what it is given once more: TensorFlow takes a
  batch for the global one, and each process would learn from a part of its own part.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from face_emotion.arrays import Array, Floats
from model_build.hosts.company import Company
from model_build.network.keras_protocol import KerasModel, Tensor
from model_build.network.replicas import replicate
from model_build.training.crew import Share


class Together:
    """A process among those of a company; as crew.Crew has it."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.share = Share(company.rank, company.count)
        self._compiled: Callable[..., Any] | None = None

    def scope(self) -> contextlib.AbstractContextManager[Any]:
        """The strategy's."""
        scope: contextlib.AbstractContextManager[Any] = self.company.strategy.scope()
        return scope

    def own(self, model: KerasModel, build: Callable[[], KerasModel]) -> KerasModel:
        """A copy that the strategy keeps alike in all processes, with the weights of `model`."""
        with self.scope():
            copy = build()
        copy.set_weights(model.get_weights())
        replicate(copy, self.share.rank, self.share.count)
        return copy

    def step(self, model: KerasModel, batch: Tensor, rows: Sequence[Floats]) -> float:
        """A step of all processes at once; waits for the others."""
        if self._compiled is None:
            self._compiled = self._step_of(model)
        with self.company.in_step():
            return float(self._compiled(np.asarray(batch), list(rows)))

    def _step_of(self, model: Any) -> Callable[..., Any]:
        import tensorflow as tf

        strategy = self.company.strategy

        def replica(batch: Tensor, rows: list[Tensor]) -> Tensor:
            targets = rows if len(rows) > 1 else rows[0]
            with tf.GradientTape() as tape:
                loss = model.compute_loss(batch, targets, model(batch, training=True))
            model.optimizer.minimize(loss, model.trainable_variables, tape=tape)
            return tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.SUM, loss)

        @tf.function  # type: ignore[untyped-decorator]  # TensorFlow has no types
        def step(batch: Tensor, rows: list[Tensor]) -> Tensor:
            return strategy.experimental_local_results(strategy.run(replica, (batch, rows)))[0]

        compiled: Callable[..., Any] = step
        return compiled

    def total(self, values: Array) -> Array:
        """TensorFlow's sum over all processes."""
        return self._sums([values])[0]

    def local(self, variable: Any) -> Array:
        """This process's copy, without asking the others: all are alike."""
        return np.asarray(self.company.strategy.experimental_local_results(variable)[0])

    def weights_of(self, model: KerasModel) -> list[Array]:
        """What get_weights() does, without asking the others for their means of what is alike."""
        return [self.local(variable) for layer in model.layers for variable in layer.weights]

    def hand_out(self, model: KerasModel, epoch: int) -> int:
        """Host 0's are given out as a sum in which all others are 0."""
        own = [np.array(epoch), *map(self.local, _variables(model))]
        start, *values = self._sums(own if self.share.rank == 0 else list(map(np.zeros_like, own)))
        self.put(model, values)
        return int(start)

    def put(self, model: KerasModel, values: Sequence[Array]) -> None:
        """Into this process's copies: Keras's own would ask the others, who may be doing something else."""
        for variable, value in zip(_variables(model), values, strict=True):
            for copy in self.company.strategy.experimental_local_results(variable):
                copy.assign(value)

    def _sums(self, given: Sequence[Array]) -> list[Array]:
        import tensorflow as tf

        strategy = self.company.strategy

        def replica(parts: list[Tensor]) -> list[Tensor]:
            context = tf.distribute.get_replica_context()
            return [context.all_reduce(tf.distribute.ReduceOp.SUM, tf.identity(part)) for part in parts]

        with self.company.in_step():
            summed = tf.function(lambda parts: strategy.run(replica, (parts,)))(
                [tf.constant(part) for part in given]
            )
            return [np.asarray(strategy.experimental_local_results(value)[0]) for value in summed]


def _variables(model: KerasModel) -> list[Any]:
    return [*(variable for layer in model.layers for variable in layer.weights), *model.optimizer.variables]
