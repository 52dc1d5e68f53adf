"""The optimiser of float training and of quantisation-aware training: SGD or Muon with a cosine schedule."""

from __future__ import annotations

from typing import Any

from model_build.network.engine import Engine
from model_build.network.keras_protocol import KerasModel, Optimizer, Variable
from model_build.settings import MUON
from model_build.training.muon import muon
from model_build.training.schedule import cosine_schedule

MOMENTUM = 0.9
MUON_MOMENTUM = 0.95


def optimizer_of(
    engine: Engine,
    model: KerasModel,
    kind: str,
    rate: float,
    muon_rate: float,
    warmup: float,
    steps: int,
    weight_decay: float = 0.0,
) -> Optimizer:
    """Returns the optimiser of a model, float or fake-quantised, built for its trainable weights.

    kind: "sgd" or "muon". rate: SGD's highest learning rate; muon_rate: the largest angle by which Muon turns a kernel
    a step. warmup: share (0..1) of the `steps` in which both rise. weight_decay: of the convolution kernels that Muon
    does not turn; norms, biases and depthwise kernels do not decay.
    """
    convolutions = [kernel for layer in model.layers if (kernel := _convolution(layer)) is not None]
    # Muon's are those that a batch normalisation follows, without the first, which has one input channel.
    turned = [kernel for kernel, biased in convolutions[1:] if not biased] if kind == MUON else []
    decayed = {id(kernel) for kernel, _ in convolutions} - set(map(id, turned))
    sgd: dict[str, Any] = {
        "learning_rate": cosine_schedule(engine.keras, rate, steps, warmup),
        "momentum": MOMENTUM,
        "nesterov": True,
    }
    if weight_decay:
        sgd["weight_decay"] = weight_decay
    if kind == MUON:
        optimizer = muon(engine, turned, MUON_MOMENTUM, muon_rate / rate, **sgd)
    else:
        optimizer = engine.keras.optimizers.SGD(**sgd)
    if weight_decay:
        excluded = [variable for variable in model.trainable_variables if id(variable) not in decayed]
        optimizer.exclude_from_weight_decay(var_list=excluded)
    optimizer.build(model.trainable_variables)
    return optimizer


def _convolution(layer: Any) -> tuple[Variable, bool] | None:
    """The kernel of a plain convolution, wrapped by tfmot or not, and whether it has a bias; None for other layers."""
    inner = getattr(layer, "layer", layer)
    if type(inner).__name__ != "Conv2D":
        return None
    # While it runs, tfmot's wrapper puts the quantised kernel into the layer; the variable is the wrapper's.
    kernel = layer._weight_vars[0][0] if inner is not layer else inner.kernel
    return kernel, bool(inner.use_bias)
