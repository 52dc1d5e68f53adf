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
from types import ModuleType
from typing import Any

from face_emotion.errors import InputError

ENGINES = ("tensorflow", "jax")


@dataclass(frozen=True)
class Engine:
    """A Keras and the two array functions that a loss needs.

    name: "tensorflow" or "jax".  keras: tf_keras, or keras (version 3) on the JAX backend.
    log_softmax, total: functions of one tensor [batch, classes], the latter summing the last axis.
    augment: compiles a function of (uint8 images, parameters) for the device, or returns it unchanged.
    """

    name: str
    keras: ModuleType
    log_softmax: Callable[[Any], Any]
    total: Callable[[Any], Any]
    compile_augmentation: Callable[[Callable], Callable]


def load_engine(name: str = "tensorflow") -> Engine:
    """Imports and returns an engine; raises InputError for an unknown name or a Python that TensorFlow lacks."""
    if name not in ENGINES:
        raise InputError(f"--engine {name}: use one of {', '.join(ENGINES)}")
    return _tensorflow() if name == "tensorflow" else _jax()


@functools.cache
def _tensorflow() -> Engine:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    try:
        import tensorflow as tf
        import tf_keras
    except ImportError as error:
        raise InputError(
            f"TensorFlow cannot be imported on Python {sys.version_info.major}.{sys.version_info.minor}"
            f" ({error}); use Python 3.11 or 3.12 on Linux x86-64 and `pip install -r requirements.txt`"
        ) from None
    tf.get_logger().setLevel("ERROR")
    return Engine(
        name="tensorflow",
        keras=tf_keras,
        log_softmax=tf.nn.log_softmax,
        total=functools.partial(tf.reduce_sum, axis=-1),
        compile_augmentation=_on_numpy,
    )


@functools.cache
def _jax() -> Engine:
    if "keras" in sys.modules and sys.modules["keras"].backend.backend() != "jax":
        raise InputError("--engine jax: Keras already runs on another backend in this process")
    os.environ["KERAS_BACKEND"] = "jax"
    import jax
    import keras

    return Engine(
        name="jax",
        keras=keras,
        log_softmax=keras.ops.log_softmax,
        total=functools.partial(keras.ops.sum, axis=-1),
        compile_augmentation=lambda function: jax.jit(functools.partial(function, xp=jax.numpy)),
    )


def _on_numpy(function: Callable) -> Callable:
    import numpy

    return functools.partial(function, xp=numpy)
