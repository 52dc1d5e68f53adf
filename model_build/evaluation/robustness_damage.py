"""The damages that robustness is measured under, each in five degrees; data/damage.py has what each does."""

from __future__ import annotations

from dataclasses import dataclass

from model_build.data.damage import (
    Damaging,
    blur,
    brightness,
    contrast,
    jpeg,
    noise,
    occlusion,
    rotation,
    scale,
    small,
)


@dataclass(frozen=True)
class Damage:
    """One kind of damage. amounts: five degrees, the mildest first. unit: what they mean, for axes and tables."""

    name: str
    unit: str
    amounts: tuple[float, ...]
    apply: Damaging


DAMAGES = (
    Damage("brightness", "± share of the range", (0.1, 0.2, 0.3, 0.4, 0.5), brightness),
    Damage("contrast", "share that is left", (0.7, 0.5, 0.35, 0.2, 0.1), contrast),
    Damage("blur", "standard deviation, pixels", (0.5, 1.0, 1.5, 2.0, 3.0), blur),
    Damage("noise", "standard deviation, share of the range", (0.02, 0.05, 0.1, 0.15, 0.2), noise),
    Damage("JPEG", "quality", (60, 40, 20, 10, 5), jpeg),
    Damage("occlusion", "share of the area", (0.05, 0.1, 0.2, 0.3, 0.4), occlusion),
    Damage("rotation", "± degrees", (10, 20, 30, 45, 60), rotation),
    Damage("scale", "times larger or smaller", (1.1, 1.2, 1.35, 1.5, 1.75), scale),
    Damage("small face", "pixels across the crop", (36, 24, 18, 12, 8), small),
)
