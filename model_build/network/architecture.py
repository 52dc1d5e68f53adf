"""The network family: MobileNetV2-style inverted residuals, written against an injected Keras module; and
plain residual networks, which a CPU trains faster for their size and which serve as teachers.

Only layers that quantisation-aware training and every runtime handle well are used: Conv2D,
DepthwiseConv2D, BatchNormalization, ReLU(6), Add, GlobalAveragePooling2D. The classifier is a 1x1
convolution in front of the reshape, because kernels before TensorFlow Lite 2.11 misread a fully
connected layer with one scale a channel, without an error.

    python -m model_build architectures        prints parameters, MACs and int8 bytes of each variant
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from face_emotion.contract import LABELS_HEAD
from face_emotion.errors import InputError
from model_build.network.keras_protocol import KerasModel, KerasModule, KerasTensor, Layers, Shape
from model_build.settings import BFLOAT16, FLOAT32

INPUT_SIZE = 48
INVERTED, PLAIN, UNPROJECTED = KINDS = ("inverted", "plain", "unprojected")
BLEND, LOGITS = "blend", "logits"  # of an exported network
POLICIES = {FLOAT32: "float32", BFLOAT16: "mixed_bfloat16"}


def _whole(name: str, value: Any, low: int, high: int) -> None:
    """Raises ValueError unless a value is a whole number from `low` to `high`."""
    if type(value) is not int or not low <= value <= high:
        raise ValueError(f"{name}: {str(value)[:40]!r} where a whole number from {low} to {high} is expected")


def _real(name: str, value: Any, low: float, high: float) -> None:
    """Raises ValueError unless a value is a number from `low` to `high`."""
    if type(value) not in (int, float) or not low <= value <= high:
        raise ValueError(f"{name}: {str(value)[:40]!r} where a number from {low:g} to {high:g} is expected")


@dataclass(frozen=True)
class Stage:
    """A run of blocks at one resolution: width in channels, expansion factor, stride of the first block, number
    of blocks, side of the (depthwise) kernel, and INVERTED, PLAIN (two full convolutions, no expansion) or
    UNPROJECTED (expanded to `width` channels, which the depthwise convolution gives on as they are)."""

    width: int
    expansion: float
    stride: int
    blocks: int
    kernel: int = 3
    kind: str = INVERTED

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"a stage is {', '.join(KINDS)}, not {str(self.kind)[:40]!r}")
        _whole("width", self.width, 1, 65_536)
        _real("expansion", self.expansion, 0.01, 64)
        _whole("stride", self.stride, 1, 8)
        _whole("blocks", self.blocks, 1, 1000)
        _whole("kernel", self.kernel, 1, 48)


@dataclass(frozen=True)
class Architecture:
    """A member of the family.

    stem: (channels, stride) of the plain 3x3 convolutions in front.
    stages: the inverted residual stages.
    head: channels of the last 1x1 convolution before pooling, 0 for none.
    dropout: rate in front of the classifiers, while training only.
    upsample: side to which the image is enlarged first, 0 for as it is: a teacher then sees more of it a layer. Such a
    network cannot be exported.
    """

    stem: tuple[tuple[int, int], ...]
    stages: tuple[Stage, ...]
    head: int
    dropout: float = 0.2
    upsample: int = 0

    def __post_init__(self) -> None:
        for pair in self.stem:
            channels, stride = pair
            _whole("stem", channels, 1, 65_536)
            _whole("stem", stride, 1, 8)
        _whole("head", self.head, 0, 65_536)
        _real("dropout", self.dropout, 0, 0.999)
        _whole("upsample", self.upsample, 0, 1024)

    def to_dict(self) -> dict[str, Any]:
        """Returns plain lists and numbers, as checkpoints hold them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> Architecture:
        """Reads what `to_dict` wrote; raises TypeError, KeyError or ValueError if it is something else."""
        stages = tuple(Stage(**stage) for stage in value["stages"])
        stem = tuple(tuple(pair) for pair in value["stem"])
        return cls(stem, stages, value["head"], value["dropout"], value.get("upsample", 0))


# Full-resolution layers are what a CPU waits for, so the stem halves the image;
# per-channel scales cost 12 bytes a channel in an int8 file, so the stages are few and wide. `nano` has no
# projection before the pooling: what a classifier makes of one, it can make of the channels behind it.
ARCHITECTURES = {
    "nano": Architecture(
        ((24, 2),),
        (
            Stage(16, 2, 1, 1, 5),
            Stage(32, 2.5, 2, 2, 5),
            Stage(64, 2, 1, 2, 5),
            Stage(208, 1, 1, 1, 5, UNPROJECTED),
        ),
        head=0,
        dropout=0.0,
    ),
    "small": Architecture(
        ((32, 2),), (Stage(32, 2, 1, 1), Stage(64, 2.5, 2, 2, 5), Stage(128, 3, 2, 3, 5)), 256
    ),
    "base": Architecture(
        ((32, 2),), (Stage(32, 2, 1, 1), Stage(80, 3, 2, 3, 5), Stage(192, 3, 2, 3, 5)), 512
    ),
    "teacher": Architecture(
        ((32, 2),),
        tuple(Stage(width, 1, 1 if width == 32 else 2, 2, kind=PLAIN) for width in (32, 64, 128, 256)),
        head=0,
        dropout=0.4,
    ),
    "teacher64": Architecture(
        ((32, 2),),
        tuple(Stage(width, 1, 1 if width == 32 else 2, 2, kind=PLAIN) for width in (32, 64, 128, 256)),
        head=0,
        dropout=0.4,
        upsample=64,
    ),
}

# Bytes that a variant's int8 file may have.
INT8_LIMITS = {"nano": 100_000, "small": 500_000, "base": 1_000_000}


def architecture(variant: str) -> Architecture:
    """Returns the architecture of a variant; "small-ferplus" is "small": what follows a dash names targets.

    Raises InputError for an unknown name.
    """
    try:
        return ARCHITECTURES[variant.split("-")[0]]
    except KeyError:
        raise InputError(f"--variant {variant}: unknown; use one of {', '.join(ARCHITECTURES)}") from None


def build(
    keras: KerasModule,
    shape: Architecture,
    classes: int,
    heads: tuple[str, ...] = (LABELS_HEAD,),
    precision: str = "float32",
) -> KerasModel:
    """Builds an untrained network.

    keras: tf_keras or keras. classes: outputs of each head. heads: their names, in order.
    precision: "float32", or "bfloat16", in which the body then computes (weights and logits stay float32).
    The model takes float32 [batch, 48, 48, 1] in [0, 1] and returns logits [batch, classes],
    a list of them where there are several heads.
    """
    keras.mixed_precision.set_global_policy(POLICIES[precision])
    try:
        return _build(keras, shape, classes, heads)
    finally:
        keras.mixed_precision.set_global_policy(POLICIES[FLOAT32])


def build_exported(keras: KerasModule, shape: Architecture, classes: int, heads: int) -> KerasModel:
    """Builds the untrained network that an artifact holds: a classifier for the blend, and one for all heads.

    heads: how many. The model takes what `build`'s takes, and returns the blended logits, float32 [batch, classes],
    and the logits of all heads, float32 [batch, heads * classes].
    """
    inputs, x = _body(keras, shape)
    outputs = [
        _classifier(keras.layers, x, width, name)
        for name, width in ((BLEND, classes), (LOGITS, heads * classes))
    ]
    return keras.Model(inputs, outputs, name="face_emotion")


def _build(keras: KerasModule, shape: Architecture, classes: int, heads: tuple[str, ...]) -> KerasModel:
    inputs, x = _body(keras, shape)
    outputs = [_classifier(keras.layers, x, classes, head) for head in heads]
    return keras.Model(inputs, outputs[0] if len(outputs) == 1 else outputs, name="face_emotion")


def _classifier(layers: Layers, x: KerasTensor, width: int, name: str) -> KerasTensor:
    logits = layers.Conv2D(width, 1, dtype="float32", name=f"classifier_{name}")(x)
    return layers.Reshape((width,), dtype="float32", name=name)(logits)


def _body(keras: KerasModule, shape: Architecture) -> tuple[KerasTensor, KerasTensor]:
    """The image, and what the classifiers take."""
    layers = keras.layers
    inputs = keras.Input((INPUT_SIZE, INPUT_SIZE, 1), name="image")
    x = inputs
    if shape.upsample:
        x = layers.Resizing(shape.upsample, shape.upsample, interpolation="bilinear", name="upsample")(x)
    for index, (width, stride) in enumerate(shape.stem):
        x = _convolution(layers, x, f"stem{index}", width, kernel=3, stride=stride)
    for stage_index, stage in enumerate(shape.stages):
        for block in range(stage.blocks):
            stride = stage.stride if block == 0 else 1
            add_block = BLOCKS[stage.kind]
            x = add_block(layers, x, f"stage{stage_index}_{block}", replace(stage, stride=stride))
    if shape.head:
        x = _convolution(layers, x, "head", shape.head, kernel=1)
    x = layers.GlobalAveragePooling2D(keepdims=True, name="pool")(x)
    if shape.dropout:
        x = layers.Dropout(shape.dropout, name="dropout")(x)
    return inputs, x


def multiply_accumulates(model: KerasModel) -> int:
    """Returns the multiply-accumulate operations of one image through the convolutions of a built model."""
    total = 0
    for layer in model.layers:
        kernel = next((weight for weight in layer.weights if len(weight.shape) == 4), None)
        if kernel is not None:
            height, width = layer.output.shape[1:3]
            total += height * width * int(_size(kernel.shape))
    return total


def _convolution(
    layers: Layers, x: KerasTensor, name: str, width: int, kernel: int, stride: int = 1, relu: bool = True
) -> KerasTensor:
    x = layers.Conv2D(width, kernel, strides=stride, padding="same", use_bias=False, name=f"{name}_conv")(x)
    x = layers.BatchNormalization(momentum=0.97, name=f"{name}_norm")(x)
    return layers.ReLU(6.0, name=f"{name}_relu")(x) if relu else x


def _expanded(layers: Layers, x: KerasTensor, name: str, block: Stage, width: int) -> KerasTensor:
    x = _convolution(layers, x, f"{name}_expand", width, kernel=1)
    x = layers.DepthwiseConv2D(
        block.kernel, strides=block.stride, padding="same", use_bias=False, name=f"{name}_depthwise"
    )(x)
    x = layers.BatchNormalization(momentum=0.97, name=f"{name}_depthwise_norm")(x)
    return layers.ReLU(6.0, name=f"{name}_depthwise_relu")(x)


def _unprojected(layers: Layers, x: KerasTensor, name: str, block: Stage) -> KerasTensor:
    return _expanded(layers, x, name, block, block.width)


def _inverted_residual(layers: Layers, x: KerasTensor, name: str, block: Stage) -> KerasTensor:
    entrance, entrance_width = x, x.shape[-1]
    x = _expanded(layers, x, name, block, round(entrance_width * block.expansion))
    x = _convolution(layers, x, f"{name}_project", block.width, kernel=1, relu=False)
    if block.stride == 1 and block.width == entrance_width:
        x = layers.Add(name=f"{name}_add")([entrance, x])
    return x


def _plain_residual(layers: Layers, x: KerasTensor, name: str, block: Stage) -> KerasTensor:
    entrance = x
    x = _convolution(layers, x, f"{name}_first", block.width, block.kernel, block.stride)
    x = _convolution(layers, x, f"{name}_second", block.width, block.kernel, relu=False)
    if block.stride != 1 or block.width != entrance.shape[-1]:
        entrance = _convolution(
            layers, entrance, f"{name}_shortcut", block.width, kernel=1, stride=block.stride, relu=False
        )
    x = layers.Add(name=f"{name}_add")([entrance, x])
    return layers.ReLU(6.0, name=f"{name}_relu")(x)


BLOCKS = {INVERTED: _inverted_residual, PLAIN: _plain_residual, UNPROJECTED: _unprojected}


def _size(shape: Shape) -> int:
    size = 1
    for side in shape:
        size *= int(side)
    return size
