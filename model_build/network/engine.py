"""The one place that picks a Keras: tf_keras on TensorFlow (default) or Keras 3 on JAX.

tensorflow-model-optimization and quantisation-aware training know only Keras 2, and tf_keras also trains
depthwise networks faster on a CPU; an accelerator host may train floats with Keras 3 on JAX instead.
Both take the same layer calls, and checkpoints carry over (see checkpoint.py). Nothing else imports a Keras.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from face_emotion.errors import InputError
from face_emotion.memory import TENSORFLOW, require_addresses
from face_emotion.native_log import quiet
from model_build.network.depthwise import quicken
from model_build.network.keras_protocol import Algebra, KerasModel, KerasModule, Tensor

ENGINES = ("tensorflow", "jax")
Augmentation: TypeAlias = Callable[..., Tensor]  # of images, parameters and, by name, a normalisation


@dataclass(frozen=True)
class Engine:
    """A Keras and what differs between the two: array functions of a loss, compilation, random numbers.

    name: "tensorflow" or "jax".  keras: tf_keras, or keras (version 3) on the JAX backend.
    log_softmax, total: functions of one tensor [batch, classes], the latter summing the last axis.
    algebra: functions of tensors and variables.
    compile_augmentation: compiles a function of (uint8 images, parameters) for the device, or leaves it to NumPy.
    quicken: makes the training steps of a model cheaper that are slow otherwise.
    reseed: restarts the random numbers of a model's dropout from a seed (an integer >= 0).
    """

    name: str
    keras: KerasModule
    log_softmax: Callable[[Tensor], Tensor]
    total: Callable[[Tensor], Tensor]
    algebra: Algebra
    compile_augmentation: Callable[[Callable[..., Tensor]], Augmentation]
    quicken: Callable[[KerasModel], None]
    reseed: Callable[[KerasModel, int], None]


def load_engine(name: str = "tensorflow") -> Engine:
    """Imports and returns an engine; raises InputError for an unknown name or a Python that TensorFlow lacks."""
    if name not in ENGINES:
        raise InputError(f"--engine {name}: use one of {', '.join(ENGINES)}")
    return _tensorflow() if name == "tensorflow" else _jax()


@functools.cache
def _tensorflow() -> Engine:
    require_addresses(TENSORFLOW)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    try:
        with quiet():
            import tensorflow as tf
            import tf_keras
    except ImportError as error:
        raise InputError(
            f"TensorFlow cannot be imported on Python {sys.version_info.major}.{sys.version_info.minor}"
            f" ({error}); use Python 3.11 or 3.12 on Linux x86-64 and `pip install -r requirements.txt`"
        ) from None
    tf.get_logger().setLevel("ERROR")
    # Dropout then draws from a generator whose state can be set, so that a resumed run repeats its masks.
    tf_keras.backend.experimental.enable_tf_random_generator()
    return Engine(
        name="tensorflow",
        keras=tf_keras,
        log_softmax=tf.nn.log_softmax,
        total=functools.partial(tf.reduce_sum, axis=-1),
        algebra=tf,
        compile_augmentation=_on_numpy,
        quicken=quicken,
        reseed=_reseed_tensorflow,
    )


@functools.cache
def _jax() -> Engine:
    if "keras" in sys.modules and sys.modules["keras"].backend.backend() != "jax":
        raise InputError("--engine jax: Keras already runs on another backend in this process")
    os.environ["KERAS_BACKEND"] = "jax"
    try:
        import jax
        import keras
    except ImportError as error:
        raise InputError(
            f"--engine jax: {error.name or error} is not installed; run `pip install jax`, or leave --engine out"
        ) from None
    return Engine(
        name="jax",
        keras=keras,
        log_softmax=keras.ops.log_softmax,
        total=functools.partial(keras.ops.sum, axis=-1),
        algebra=keras.ops,
        # Cached: a new jit each epoch would compile anew each epoch.
        compile_augmentation=functools.cache(
            lambda function: jax.jit(
                functools.partial(function, xp=jax.numpy), static_argnames="normalization"
            )
        ),
        quicken=lambda model: None,
        reseed=_reseed_keras3,
    )


def _on_numpy(function: Callable[..., Tensor]) -> Augmentation:
    import numpy

    return functools.partial(function, xp=numpy)


def _reseed_tensorflow(model: KerasModel, seed: int) -> None:
    for layer in model.layers:
        inner = getattr(layer, "layer", layer)  # what tfmot has wrapped
        random: Any = getattr(inner, "_random_generator", None)
        if random is not None and random._generator is not None:
            random._generator.reset_from_seed(seed)


def _reseed_keras3(model: KerasModel, seed: int) -> None:
    for layer in model.layers:
        if hasattr(layer, "seed_generator"):
            layer.seed_generator.state.assign([seed, 0])
