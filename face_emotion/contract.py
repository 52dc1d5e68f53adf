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


NONE, STRETCH = KINDS = ("none", "stretch")


@dataclass(frozen=True)
class Normalization:
    """How a crop's grey levels become the network's.

    kind: "none", or "stretch": the grey levels of two of its pixels, ranked by grey level, are mapped to `low` and
    `high` (0..255), those between and beyond them linearly, cut off at 0 and 255. tail_permille: those two are
    the pixels with this share of a thousand (0..499) below and above them. smallest_range: a crop whose two levels are
    less than this apart (1..255) is flat, and stays as it is: there is nothing in it but noise to stretch.
    """

    kind: str = NONE
    tail_permille: int = 20
    low: int = 12
    high: int = 242
    smallest_range: int = 8


AS_IT_IS = Normalization()

LABELS_HEAD, VOTES_HEAD = HEADS = ("labels", "votes")
BOTH_HEADS = "both"
NEAR, FAR = REACHES = ("near", "far")
# Entries that manifests of format 1 do not have.
SINCE_2 = ("heads", "blend", "sharpness", "normalization", "unsure_below", "baseline_strength", "reach")


@dataclass(frozen=True)
class Contract:
    """What a runtime must know to feed the network and read its answer.

    labels: class names in the order of a head's outputs.
    heads: what the network's logits are, head after head: "labels" (what FER2013's annotators said), "votes" (what ten
    people of FER+ said); one of them, or both.
    blend: weight (0..100) of each head's logits in the default answer, which is the softmax of their weighted sum.
    sharpness: what (0..100) each head's logits are multiplied by in its own answer: 1 / temperature, which calibrates
    it (temperature scaling, Guo et al. 2017).
    input_size: side of the square grey input in pixels; one byte a pixel, 0 black, 255 white.
    luma: weights of red, green and blue in a grey level; they sum to 1 (ITU-R BT.601).
    crop, smoothing, normalization: see Crop, Smoothing and Normalization.
    unsure_below: an answer whose largest probability (0..1) is less than this is unsure; 0: none is.
    baseline_strength: how much (0..1) of a person's own neutral answer is taken off; 0: nothing.
    reach: of the face detector in still pictures, "near" or "far".
    """

    labels: tuple[str, ...] = FER2013_LABELS
    heads: tuple[str, ...] = (LABELS_HEAD,)
    blend: tuple[float, ...] = (1.0,)
    sharpness: tuple[float, ...] = (1.0,)
    input_size: int = 48
    luma: tuple[float, float, float] = (0.299, 0.587, 0.114)
    crop: Crop = field(default_factory=Crop)
    smoothing: Smoothing = field(default_factory=Smoothing)
    normalization: Normalization = field(default_factory=Normalization)
    unsure_below: float = 0.0
    baseline_strength: float = 0.0
    reach: str = NEAR

    def weights(self, head: str = BOTH_HEADS) -> tuple[float, ...]:
        """Returns the weight of each head's logits in an answer.

        head: "labels" or "votes" for that head alone, "both" for the blend. Raises InputError for one that the
        network does not have.
        """
        if head == BOTH_HEADS:
            return self.blend
        if head not in self.heads:
            raise InputError(f"head {head!r}: use one of {', '.join((*self.heads, BOTH_HEADS))}")
        return tuple(
            sharpness if name == head else 0.0
            for name, sharpness in zip(self.heads, self.sharpness, strict=True)
        )

    def to_dict(self) -> dict[str, Any]:
        """Returns the contract as plain dicts, lists and numbers, as manifest.json holds it."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain

    @classmethod
    def from_dict(cls, value: dict[str, Any], format: int = 2) -> Contract:
        """Reads what `to_dict` wrote; raises InputError naming a missing, unknown or unusable entry.

        format: of the manifest. Those of format 1 say nothing of what came with format 2, and mean the defaults.
        """
        value = _checked(cls, value, "contract", SINCE_2 if format == 1 else ())
        if format == 1:
            value |= {name: entry for name, entry in cls().to_dict().items() if name in SINCE_2}
        value["crop"] = Crop(**_tuples(_checked(Crop, value["crop"], "contract.crop")))
        value["smoothing"] = Smoothing(**_checked(Smoothing, value["smoothing"], "contract.smoothing"))
        value["normalization"] = Normalization(
            **_checked(Normalization, value["normalization"], "contract.normalization")
        )
        for name in ("labels", "heads"):
            if not isinstance(value[name], list):
                raise InputError(f"contract.{name}: a list of names is expected")
        contract = cls(**_tuples(value))
        check_labels(contract.labels)
        _check_names(contract)
        _check_numbers(contract)
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
        other = seen.get(label.casefold())
        if other is not None:
            if other == label:
                raise InputError(f"class {label!r} is there twice; rename one")
            raise InputError(f"classes {other!r} and {label!r} differ only in case; rename one")
        seen[label.casefold()] = label


def _check_names(contract: Contract) -> None:
    """Raises InputError for a name that is not one of those that its docstring states."""
    if contract.heads not in ((LABELS_HEAD,), (VOTES_HEAD,), HEADS):
        raise InputError(f"contract.heads: {list(contract.heads)!r} where labels, votes or both are expected")
    for name, value, known in (
        ("normalization.kind", contract.normalization.kind, KINDS),
        ("reach", contract.reach, REACHES),
    ):
        if value not in known:
            raise InputError(f"contract.{name}: {value!r} where one of {', '.join(known)} is expected")


def _check_numbers(contract: Contract) -> None:
    """Raises InputError for a number that is none or lies outside the range that its docstring states."""
    crop, smoothing, normalization = contract.crop, contract.smoothing, contract.normalization
    ranges = {
        "input_size": ([contract.input_size], 1, 48, 48),
        "luma": (contract.luma, 3, 0, 1),
        "crop.box_width": ([crop.box_width], 1, 1e-6, 100),
        "crop.box_center": (crop.box_center, 2, 0, 1),
        "crop.max_samples": ([crop.max_samples], 1, 1, 1000),
        "smoothing.time_constant": ([smoothing.time_constant], 1, 1e-6, 1e6),
        "smoothing.switch_margin": ([smoothing.switch_margin], 1, 0, 1),
        "smoothing.reset_after": ([smoothing.reset_after], 1, 1e-6, 1e6),
        "blend": (contract.blend, len(contract.heads), 0, 100),
        "sharpness": (contract.sharpness, len(contract.heads), 1e-6, 100),
        "normalization.tail_permille": ([normalization.tail_permille], 1, 0, 499),
        "normalization.low": ([normalization.low], 1, 0, 255),
        "normalization.high": ([normalization.high], 1, 0, 255),
        "normalization.smallest_range": ([normalization.smallest_range], 1, 1, 255),
        "unsure_below": ([contract.unsure_below], 1, 0, 1),
        "baseline_strength": ([contract.baseline_strength], 1, 0, 1),
    }
    for name, (values, count, low, high) in ranges.items():
        numbers = isinstance(values, list | tuple) and all(type(value) in (int, float) for value in values)
        if not numbers or len(values) != count or not all(low <= value <= high for value in values):
            expected = f"{count} numbers" if count > 1 else "a number"
            raise InputError(
                f"contract.{name}: {values!r} where {expected} from {low:g} to {high:g} is expected"
            )
    if sum(contract.blend) <= 0:
        raise InputError("contract.blend: one head must weigh more than 0")
    whole = {"input_size": contract.input_size, "crop.max_samples": crop.max_samples}
    whole |= {
        f"normalization.{name}": getattr(normalization, name)
        for name in ("tail_permille", "low", "high", "smallest_range")
    }
    for name, value in whole.items():
        if type(value) is not int:
            raise InputError(f"contract.{name}: {value!r} where a whole number is expected")
    if normalization.low >= normalization.high:
        raise InputError("contract.normalization: low must be less than high")


def _checked(cls: type, value: Any, where: str, without: tuple[str, ...] = ()) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{where}: an object is expected")
    names = {entry.name for entry in fields(cls)} - set(without)
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
