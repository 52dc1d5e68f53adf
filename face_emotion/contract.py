"""The contract between training and every runtime: what manifest.json says under "contract".

Each constant that a runtime needs to turn a camera frame into probabilities stands here once,
with its default; runtimes read it from manifest.json. The JSON Schema of the whole manifest is
manifest.schema.json beside this file.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from face_emotion.errors import InputError

FER2013_LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")


@dataclass(frozen=True)
class Crop:
    """Where a face stands in the square crop that the network was trained on.

    box_width: width of the detector's box as a fraction of the crop's side, > 0.
    box_center: the box's centre in the crop, (x, y) as fractions of the side, y down.
    max_samples: upper bound on the samples a side that are averaged into one grey level, >= 1.
    The values are medians measured with BlazeFace on FER2013 Training faces.
    """

    box_width: float = 0.83
    box_center: tuple[float, float] = (0.50, 0.58)
    max_samples: int = 16


@dataclass(frozen=True)
class Smoothing:
    """Constants of the per-track smoothing of probabilities over time.

    time_constant: seconds after which a new expression has 63 % of the weight, > 0.
    switch_margin: how far (probability, 0..1) a label must lead the shown one to replace it.
    reset_after: seconds without a face after which a track's state is forgotten, > 0.
    """

    time_constant: float = 0.35
    switch_margin: float = 0.10
    reset_after: float = 1.0


@dataclass(frozen=True)
class Contract:
    """What a runtime must know to feed the network and read its answer.

    labels: class names in the order of the network's outputs.
    input_size: side of the square grey input in pixels; one byte a pixel, 0 black, 255 white.
    luma: weights of red, green and blue in a grey level; they sum to 1 (ITU-R BT.601).
    crop, smoothing: see Crop and Smoothing.
    """

    labels: tuple[str, ...] = FER2013_LABELS
    input_size: int = 48
    luma: tuple[float, float, float] = (0.299, 0.587, 0.114)
    crop: Crop = field(default_factory=Crop)
    smoothing: Smoothing = field(default_factory=Smoothing)

    def to_dict(self) -> dict[str, Any]:
        """Returns the contract as plain dicts, lists and numbers, as manifest.json holds it."""
        return _plain(asdict(self))

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> Contract:
        """Reads what `to_dict` wrote; raises InputError naming a missing, unknown or unusable entry."""
        value = _checked(cls, value, "contract")
        value["crop"] = Crop(**_tuples(_checked(Crop, value["crop"], "contract.crop")))
        value["smoothing"] = Smoothing(**_checked(Smoothing, value["smoothing"], "contract.smoothing"))
        contract = cls(**_tuples(value))
        check_labels(contract.labels)
        if contract.input_size != 48:
            raise InputError(f"contract.input_size: {contract.input_size!r} where 48 is expected")
        return contract


def check_labels(labels: tuple[str, ...]) -> None:
    """Raises InputError unless there are 2 to 50 printable class names, distinct without regard to case."""
    if not 2 <= len(labels) <= 50:
        raise InputError(f"{len(labels)} classes where 2 to 50 are expected")
    for label in labels:
        if not isinstance(label, str) or not label.strip() or not label.isprintable():
            raise InputError(f"class name {label!r}: use printable characters on one line")
    seen: dict[str, str] = {}
    for label in labels:
        other = seen.setdefault(label.casefold(), label)
        if other is not label:
            raise InputError(f"classes {other!r} and {label!r} differ only in case; rename one")


def _checked(cls: type, value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{where}: an object is expected")
    names = {entry.name for entry in fields(cls)}
    for name in sorted(names ^ set(value)):
        raise InputError(f"{where}.{name}: {'missing' if name in names else 'unknown entry'}")
    return dict(value)


def _tuples(value: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(entry) if isinstance(entry, list) else entry for key, entry in value.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(entry) for entry in value]
    return value
