"""The networks that `python -m model_build experiment` compares: a reference, and one thing changed at a time.

The reference is a half-sized `small`. All keep its inverted residuals but the last two: VGG-style stacks of plain
convolutions are all stem, and plain residual stages are those of the `teacher`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from face_emotion.errors import InputError
from model_build.network.architecture import PLAIN, Architecture, Stage

REFERENCE = Architecture(((24, 2),), (Stage(24, 2, 1, 1), Stage(48, 3, 2, 2), Stage(96, 3, 2, 2)), 192)


def _expansion(factor: float) -> Architecture:
    return replace(REFERENCE, stages=tuple(replace(stage, expansion=factor) for stage in REFERENCE.stages))


def _kernel_5(first: int) -> Architecture:
    """5x5 depthwise kernels from a stage on."""
    stages = tuple(replace(stage, kernel=5) for stage in REFERENCE.stages[first:])
    return replace(REFERENCE, stages=REFERENCE.stages[:first] + stages)


def _width(factor: float) -> Architecture:
    stages = tuple(replace(stage, width=round(stage.width * factor)) for stage in REFERENCE.stages)
    stem = tuple((round(width * factor), stride) for width, stride in REFERENCE.stem)
    return Architecture(stem, stages, round(REFERENCE.head * factor), REFERENCE.dropout)


def _depth(blocks: int) -> Architecture:
    first, *rest = REFERENCE.stages
    return replace(REFERENCE, stages=(first, *(replace(stage, blocks=blocks) for stage in rest)))


VARIANTS: dict[str, Architecture] = {
    "reference": REFERENCE,
    "narrow": _width(2 / 3),
    "wide": _width(4 / 3),
    "shallow": _depth(1),
    "deep": _depth(4),
    "expansion-2": _expansion(2),
    "kernel-5": _kernel_5(0),
    "kernel-5-late": _kernel_5(1),
    "kernel-5-last": _kernel_5(2),
    # Without the blocks at 24x24: the strides come earlier, and what that saves goes into the last stage.
    "kernel-5-two-stages": replace(REFERENCE, stages=(Stage(48, 2, 2, 2, 5), Stage(96, 3.5, 2, 2, 5))),
    "kernel-5-two-strides": Architecture(
        ((24, 2), (48, 2)),
        (Stage(48, 3, 1, 1, 5), Stage(96, 3.5, 2, 2, 5)),
        REFERENCE.head,
        REFERENCE.dropout,
    ),
    "no-head": replace(REFERENCE, head=0),
    "head-384": replace(REFERENCE, head=384),
    "stem-stride-1": replace(REFERENCE, stem=((24, 1),)),
    "vgg": Architecture(((24, 2), (24, 1), (48, 2), (48, 1), (96, 2), (96, 1)), (), 0, REFERENCE.dropout),
    "residual": Architecture(
        ((24, 2),),
        tuple(Stage(width, 1, 1 if width == 24 else 2, 1, kind=PLAIN) for width in (24, 48, 96)),
        0,
        REFERENCE.dropout,
    ),
}


def chosen_variants(names: Sequence[str]) -> dict[str, Architecture]:
    """Returns the declared variants of these names, all of them for none; raises InputError for an unknown one."""
    unknown = [name for name in names if name not in VARIANTS]
    if unknown:
        raise InputError(f"--only {unknown[0]}: unknown; use one or more of {', '.join(VARIANTS)}")
    return {name: shape for name, shape in VARIANTS.items() if name in names or not names}
