"""Every setting of the build with its default and help text, and how they become command-line flags."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

from face_emotion.arguments import number, whole
from face_emotion.contract import KINDS
from face_emotion.errors import InputError
from model_build.limits import one_of, within

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Settings = TypeVar("Settings", bound="DataclassInstance")
_TYPES: dict[type, Callable[[str], Any]] = {int: whole(), float: number(), str: str}
OPTIMIZERS = SGD, MUON = "sgd", "muon"
PRECISIONS = FLOAT32, BFLOAT16 = "float32", "bfloat16"
KEPT = BEST, LAST = "best", "last"
STRONGEST = {
    "flip": 1, "rotate": 180, "scale": 1, "shift": 1, "brightness": 1, "contrast": 4, "gradient": 1,
    "gamma": 3, "soften": 1, "noise": 1, "jpeg": 1, "erase": 1, "mixup": 10,
}  # fmt: skip


def _setting(default: Any, text: str) -> Any:
    return field(default=default, metadata={"help": text})


@dataclass(frozen=True)
class TrainSettings:
    """Float training."""

    epochs: int = _setting(46, "passes over the training images; 0: the weights of --from as they are")
    batch_size: int = _setting(
        128, "images a step; not given: fewer where an epoch would have less than 32 steps"
    )
    optimizer: str = _setting(
        "sgd", "sgd, or muon: learns more an epoch (convolution kernels; SGD for the rest)"
    )
    learning_rate: float = _setting(0.1, "peak learning rate of SGD with Nesterov momentum 0.9")
    muon_rate: float = _setting(
        0.02, "peak angle by which Muon turns a kernel a step (with --optimizer muon)"
    )
    warmup: float = _setting(0.05, "fraction of the steps in which the rate rises linearly")
    weight_decay: float = _setting(3e-4, "decay of convolution kernels (not depthwise, norms or biases)")
    ema: float = _setting(0.998, "decay a step of the averaged weights that are evaluated and kept")
    label_smoothing: float = _setting(0.05, "share of the label target spread over all classes")
    class_weight: float = _setting(0.0, "0 weighs images alike, 1 weighs classes alike")
    votes_weight: float = _setting(1.0, "weight of the votes head beside the label head")
    targets: str = _setting("auto", "auto, labels, votes or both (two heads on one body)")
    distill: float = _setting(0.7, "share of the teachers' answer in the targets (with --teacher)")
    temperature: float = _setting(2.0, "temperature of distillation (with --teacher)")
    teacher_mirror: int = _setting(
        0, "1: the teachers answer to each image and to its mirror image, and the mean counts"
    )
    teacher_weights: str = _setting(
        "", "weight of each teacher in their average, such as 0.5,0.3,0.2; none: all alike"
    )
    teacher_noise: int = _setting(
        1,
        "0: the teachers answer to each image as it is before noise, blur and JPEG (for teachers that never saw any)",
    )
    views: int = _setting(
        0, "this many views of each image, whose answers by the teachers are kept; 0: new ones each epoch"
    )
    normalization: str = _setting(
        "stretch", "stretch: the crop's contrast is stretched before the network sees it; or none"
    )
    keep: str = _setting(
        "best",
        "best: the epoch that does best on the selection images; or last, by which several teachers differ more",
    )
    precision: str = _setting(
        "float32", "float32, or bfloat16: faster for plain convolutions on a recent processor"
    )
    seed: int = _setting(0, "seed of initial weights, order and augmentation")

    def __post_init__(self) -> None:
        within("epochs", self.epochs, 0, 100_000)
        within("batch_size", self.batch_size, 1, 65_536)
        within("learning_rate", self.learning_rate, 1e-9, 100)
        one_of("optimizer", self.optimizer, OPTIMIZERS)
        within("muon_rate", self.muon_rate, 1e-9, 1)
        within("weight_decay", self.weight_decay, 0, 1)
        within("class_weight", self.class_weight, 0, 1)
        within("votes_weight", self.votes_weight, 0, 100)
        within("distill", self.distill, 0, 1)
        within("label_smoothing", self.label_smoothing, 0, 0.99)
        within("warmup", self.warmup, 0, 0.9)
        within("ema", self.ema, 0, 0.99999)
        within("teacher_mirror", self.teacher_mirror, 0, 1)
        shares(self.teacher_weights)
        within("teacher_noise", self.teacher_noise, 0, 1)
        within("views", self.views, 0, 10_000)
        within("temperature", self.temperature, 0.1, 100)
        within("seed", self.seed, 0, 2**31)
        one_of("precision", self.precision, PRECISIONS)
        one_of("normalization", self.normalization, KINDS)
        one_of("keep", self.keep, KEPT)


@dataclass(frozen=True)
class AugmentSettings:
    """Strength of each transform; 0 switches one off."""

    flip: float = _setting(0.5, "probability of a left-right flip")
    rotate: float = _setting(12.0, "largest rotation, degrees")
    scale: float = _setting(0.12, "largest change of size and of aspect, fraction")
    shift: float = _setting(0.07, "largest shift, fraction of the side")
    brightness: float = _setting(0.12, "largest added brightness, fraction of 255")
    contrast: float = _setting(0.30, "largest change of contrast, fraction")
    gradient: float = _setting(0.20, "largest slope of side light, fraction of 255")
    gamma: float = _setting(0.0, "largest change of the exponent of grey levels, fraction")
    soften: float = _setting(0.0, "probability of blurring, or of shrinking and enlarging again")
    noise: float = _setting(0.0, "largest deviation of Gaussian noise, fraction of 255")
    jpeg: float = _setting(0.0, "probability of JPEG compression")
    erase: float = _setting(0.30, "probability of erasing one rectangle")
    mixup: float = _setting(0.0, "alpha of the Beta distribution of mixup")

    def __post_init__(self) -> None:
        for name, highest in STRONGEST.items():
            within(name, getattr(self, name), 0, highest)


@dataclass(frozen=True)
class QuantizeSettings:
    """Quantisation-aware fine-tuning."""

    qat_epochs: int = _setting(
        5, "passes over the training images; 0: ranges are calibrated, nothing is learnt"
    )
    qat_learning_rate: float = _setting(0.005, "peak learning rate")
    qat_muon_rate: float = _setting(
        0.001, "peak angle by which Muon turns a kernel a step (with --optimizer muon)"
    )
    qat_calibration: int = _setting(40, "batches that set the activation ranges before the first step")

    def __post_init__(self) -> None:
        within("qat_epochs", self.qat_epochs, 0, 100_000)
        within("qat_calibration", self.qat_calibration, 1, 1_000_000)
        within("qat_learning_rate", self.qat_learning_rate, 1e-9, 100)
        within("qat_muon_rate", self.qat_muon_rate, 1e-9, 1)


SETTINGS = (TrainSettings, AugmentSettings, QuantizeSettings)


def shares(weights: str) -> tuple[float, ...]:
    """Returns what --teacher-weights gives each teacher, as fractions that sum to 1; () for "".

    Raises InputError if it is not a list of numbers from 0 on, one of them above.
    """
    if not weights:
        return ()
    try:
        values = [float(word) for word in weights.split(",")]
    except ValueError:
        values = [math.nan]
    total = sum(values)
    if not (0 < total < math.inf and min(values) >= 0):
        raise InputError(f"--teacher-weights {weights}: numbers from 0 on are expected, such as 0.5,0.3,0.2")
    return tuple(value / total for value in values)


def add_flags(parser: argparse.ArgumentParser, cls: type[DataclassInstance]) -> None:
    """Adds one flag for each field of a settings class, in a group titled by its docstring."""
    group = parser.add_argument_group((cls.__doc__ or cls.__name__).strip().rstrip(".").split(";")[0])
    for entry in fields(cls):
        if entry.default is MISSING:
            raise TypeError(f"{cls.__name__}.{entry.name} needs a default")
        group.add_argument(
            f"--{entry.name.replace('_', '-')}",
            type=_TYPES[type(entry.default)],
            default=None,
            metavar=type(entry.default).__name__.upper(),
            help=entry.metadata["help"] + ("" if entry.default == "" else f" (default {entry.default})"),
        )


def from_flags(cls: type[Settings], arguments: argparse.Namespace, **defaults: Any) -> Settings:
    """Builds settings from parsed flags; what was not given comes from `defaults`, then from the class.

    Raises InputError naming the flag whose value cannot be used.
    """
    given = {entry.name: getattr(arguments, entry.name, None) for entry in fields(cls)}
    chosen = {name: value for name, value in given.items() if value is not None}
    known = {entry.name for entry in fields(cls)}
    return cls(**{name: value for name, value in defaults.items() if name in known} | chosen)


def to_dict(*settings: DataclassInstance) -> dict[str, Any]:
    """Merges settings into one flat dict, as config.json holds them."""
    merged: dict[str, Any] = {}
    for entry in settings:
        merged.update(asdict(entry))
    return merged
