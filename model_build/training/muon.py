"""Muon: SGD whose momentum is orthogonalised for the kernels of convolutions that a batch normalisation follows.

Such a kernel's scale does not matter, only its direction; so its norm stays what it was at the start, and the
learning rate is the angle (radians, nearly) by which a step turns it. All other variables take plain SGD steps.

Keller Jordan et al., "Muon: an optimizer for hidden layers in neural networks" (2024), from which the polynomial
and its coefficients come; keeping the norm is from the same author's "airbench" for CIFAR-10.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from model_build.network.engine import Engine
from model_build.network.keras_protocol import Algebra, Optimizer, Tensor, Variable

# Of x -> a x + b x^3 + c x^5: five passes bring singular values from 0.01..1 to about 0.7..1.2.
COEFFICIENTS = 3.4445, -4.7750, 2.0315
PASSES = 5


def orthogonalised(matrix: Tensor, algebra: Algebra) -> Tensor:
    """Returns the nearest semi-orthogonal matrix, nearly: all singular values become about 1.

    matrix: float32 [rows, columns]. algebra: `Engine.algebra`.
    """
    a, b, c = COEFFICIENTS
    tall = matrix.shape[0] >= matrix.shape[1]
    x = matrix if tall else algebra.transpose(matrix)
    x = x / (algebra.norm(x) + 1e-7)
    # A pass is x -> x @ factor with a polynomial of x's Gram matrix, so all passes need only that small matrix.
    gram, product = algebra.transpose(x) @ x, None
    for index in range(PASSES):
        factor = b * gram + c * (gram @ gram) + a * algebra.eye(gram.shape[0])
        product = factor if product is None else product @ factor
        if index < PASSES - 1:
            gram = factor @ gram @ factor
    x = x @ product
    return x if tall else algebra.transpose(x)


def muon(
    engine: Engine, kernels: Sequence[Variable], kernel_momentum: float, relative_rate: float, **sgd: Any
) -> Optimizer:
    """Returns an optimiser that is Muon for `kernels` and Nesterov SGD for whatever else it is built for.

    kernels: variables [height, width, in, out]. kernel_momentum: theirs. relative_rate: their learning rate over
    that of the rest. sgd: arguments of the engine's SGD, for the rest.
    """
    return _muon_class(engine)(kernels, kernel_momentum, relative_rate, **sgd)


@functools.cache
def _muon_class(engine: Engine) -> Callable[..., Optimizer]:
    base: Any = engine.keras.optimizers.SGD  # of another Keras with another engine, so no type

    class Muon(base):
        def __init__(
            self, kernels: Sequence[Variable], kernel_momentum: float, relative_rate: float, **sgd: Any
        ) -> None:
            super().__init__(**sgd)
            # Not id(): several processes update a part of a variable, which Keras traces back to the whole.
            self._kernels = {self._var_key(kernel) for kernel in kernels}
            self._kernel_momentum = kernel_momentum
            self._relative_rate = relative_rate

        def build(self, variables: Sequence[Variable]) -> None:
            super().build(variables)
            self._momentum_of = dict(zip(map(self._var_key, variables), self.momentums, strict=True))

        def update_step(self, gradient: Tensor, variable: Variable, *rate: Tensor) -> None:
            # Keras 2 reads the rate from the optimiser, Keras 3 hands it over.
            key = self._var_key(variable)
            if key not in self._kernels:
                super().update_step(gradient, variable, *rate)
                return
            angle = (rate[0] if rate else self.learning_rate) * self._relative_rate
            average, keep = self._momentum_of[key], self._kernel_momentum
            average.assign(keep * average + (1 - keep) * gradient)
            ahead = keep * average + (1 - keep) * gradient
            kernel = engine.algebra.reshape(variable, (-1, variable.shape[-1]))
            step = orthogonalised(engine.algebra.reshape(ahead, kernel.shape), engine.algebra)
            norm = engine.algebra.norm(kernel)
            # A semi-orthogonal matrix's norm is the root of its shorter side.
            turned = kernel - angle * norm / min(kernel.shape) ** 0.5 * step
            turned = turned * (norm / engine.algebra.norm(turned))
            variable.assign(engine.algebra.reshape(turned, variable.shape))

    return Muon
