"""Layers of a network that several processes train, each on its share of a batch, so that they train as one would.

Two layers of ours look beyond one image. Batch normalisation takes mean and variance of the whole batch: the sums that
the processes found are added up. Dropout draws the whole batch's mask, as one process does, and takes its share of it.
Everything else is done image by image.

tf_keras has a batch normalisation with `synchronized=True`, but it keeps another variance than the one that a single
process keeps (fused kernels multiply by n / (n - 1), Bessel's correction), so that the networks would differ.
"""

from __future__ import annotations

import functools
from typing import Any

from model_build.network.keras_protocol import KerasModel, Tensor


def replicate(model: KerasModel, rank: int, count: int) -> None:
    """Has the layers of `model`, a tf_keras model made in a strategy's scope, train as on the whole batch.

    rank, count: which of how many processes this one is, each with one replica and as many images of every batch.
    """
    import tensorflow as tf

    for each in model.layers:
        layer: Any = each
        if type(layer).__name__ == "BatchNormalization":
            layer.call = functools.partial(_normalise, layer, layer.call, count)
        elif type(layer).__name__ == "Dropout":
            # Made outside of the scope: inside, every replica would be given a stream of its own.
            generator = tf.random.Generator.from_seed(0, alg=tf.random.Algorithm.AUTO_SELECT)
            layer._random_generator._generator, layer._random_generator._built = generator, True
            layer.call = functools.partial(_drop, layer, rank, count)


def _normalise(layer: Any, unchanged: Any, count: int, inputs: Tensor, training: Any = None) -> Tensor:
    import tensorflow as tf

    context = tf.distribute.get_replica_context()
    if not training or context is None:
        return unchanged(inputs, training=training)
    images = tf.cast(inputs, tf.float32)
    axes = [0, 1, 2]
    sums = tf.stack([tf.reduce_sum(images, axes), tf.reduce_sum(tf.square(images), axes)])
    total = context.all_reduce(tf.distribute.ReduceOp.SUM, sums)
    size = tf.cast(tf.size(images) // images.shape[-1] * count, tf.float32)
    mean, square = tf.unstack(total / size)
    variance = tf.maximum(square - tf.square(mean), 0.0)
    keep = layer.momentum
    layer.moving_mean.assign(keep * layer.moving_mean + (1 - keep) * mean)
    layer.moving_variance.assign(keep * layer.moving_variance + (1 - keep) * variance * (size / (size - 1)))
    result = tf.nn.batch_normalization(images, mean, variance, layer.beta, layer.gamma, layer.epsilon)
    return tf.cast(result, inputs.dtype)


def _drop(layer: Any, rank: int, count: int, inputs: Tensor, training: Any = None) -> Tensor:
    import tensorflow as tf

    if not training:
        return tf.identity(inputs)
    each = inputs.shape[0]

    def sampled(shape: Any, dtype: Any = tf.float32, **limits: Any) -> Tensor:
        whole = layer._random_generator._generator.uniform(
            [each * count, *inputs.shape[1:]], dtype=dtype, **limits
        )
        return whole[rank * each : (rank + 1) * each]

    return tf.nn.experimental.general_dropout(inputs, rate=layer.rate, uniform_sampler=sampled)
