"""A quicker gradient of depthwise kernels for TensorFlow on a CPU, where it is what a training step waits for.

    python -m benchmarks training        training speed

oneDNN, which TensorFlow uses on recent processors, computes a depthwise convolution and the gradient of its input
much faster than TensorFlow's own kernels do, but the gradient of the depthwise kernel slower. It does not take over an
operation with explicit padding: so that gradient is asked for with the padding that "same" means.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from model_build.network.keras_protocol import KerasModel, Shape, Tensor


def quicken(model: KerasModel) -> None:
    """Gives the depthwise convolutions of `model`, a tf_keras model that is to be trained, the quicker gradient.

    Also those that tfmot has wrapped. What the model answers stays the same; its gradients do to rounding.
    """
    for layer in model.layers:
        inner: Any = getattr(layer, "layer", layer)
        if type(inner).__name__ == "DepthwiseConv2D" and inner.padding == "same" and not inner.use_bias:
            inner.call = functools.partial(_call, inner)


def _call(layer: Any, inputs: Tensor) -> Tensor:
    import tensorflow as tf

    strides = [1, *layer.strides, 1]

    @tf.custom_gradient  # type: ignore[untyped-decorator]  # TensorFlow has no types
    def convolve(images: Tensor, kernel: Tensor) -> tuple[Tensor, Callable[[Tensor], tuple[Tensor, Tensor]]]:
        def gradients(upstream: Tensor) -> tuple[Tensor, Tensor]:
            to_images = tf.raw_ops.DepthwiseConv2dNativeBackpropInput(
                input_sizes=tf.shape(images),
                filter=kernel,
                out_backprop=upstream,
                strides=strides,
                padding="SAME",
            )
            to_kernel = tf.raw_ops.DepthwiseConv2dNativeBackpropFilter(
                input=images,
                filter_sizes=kernel.shape,
                out_backprop=upstream,
                strides=strides,
                padding="EXPLICIT",
                explicit_paddings=_explicit(images.shape, kernel.shape, strides),
            )
            return to_images, to_kernel

        return tf.nn.depthwise_conv2d(images, kernel, strides, "SAME"), gradients

    return convolve(inputs, tf.convert_to_tensor(layer.depthwise_kernel))


def _explicit(images: Shape, kernel: Shape, strides: list[int]) -> list[int]:
    """Returns what "same" pads, before and after each of the axes batch, height, width, channels."""
    paddings = [0, 0]
    for size, side, stride in zip(images[1:3], kernel[:2], strides[1:3], strict=True):
        total = max((-(-size // stride) - 1) * stride + side - size, 0)
        paddings += [total // 2, total - total // 2]
    return [*paddings, 0, 0]
