"""Grows a trained network into a larger one of the family that computes the same at first.

What both have is copied; new channels start at random and nothing listens to them yet (the weights from them
to what was there are zero), a larger kernel is the old one inside a border of zeros, and a new block adds zero,
because its last batch normalisation scales by zero. So training goes on where the smaller network stopped:
T. Chen, I. Goodfellow, J. Shlens, "Net2Net: accelerating learning via knowledge transfer" (2016), with zeros in
place of copied channels, which would stay equal.

    python -m model_build train --variant base --from models/small ...
"""

from __future__ import annotations

import numpy as np

from face_emotion.arrays import Floats
from face_emotion.errors import InputError
from model_build.network.architecture import UNPROJECTED, Architecture, Stage

GAMMA = 0


def fits_inside(small: Architecture, large: Architecture) -> bool:
    """Says whether `small` can be grown into `large`: the same stages, none with less of anything.

    A stage must also have (or lack) a shortcut around its first block in both.
    """
    if (len(small.stem), len(small.stages)) != (len(large.stem), len(large.stages)):
        return False
    stem = all(
        a_stride == b_stride and a <= b
        for (a, a_stride), (b, b_stride) in zip(small.stem, large.stem, strict=True)
    )
    heads = small.head <= large.head and bool(small.head) == bool(large.head)
    pairs = list(zip(_entered(small), _entered(large), strict=True))
    return stem and heads and all(_stage_fits(*a, *b) for a, b in pairs)


def grown(
    small: Architecture, weights: dict[str, Floats], large: Architecture, fresh: dict[str, Floats]
) -> dict[str, Floats]:
    """Returns weights for `large` with which it answers as `small` does with `weights`.

    weights, fresh: float32 arrays by "layer/position", as checkpoint.weights_of gives them; fresh are those of
    an untrained `large`, from which the new channels and blocks are taken. Heads that `weights` lacks stay fresh.
    Raises InputError if `small` does not fit inside `large`.
    """
    if not fits_inside(small, large):
        raise InputError(
            "checkpoint of another architecture: it has more, or other, stages, channels or blocks than the network"
            " to train"
        )
    new_blocks = _new_blocks(small, large)
    result = {}
    for name, value in fresh.items():
        layer, position = name.rsplit("/", 1)
        if name in weights:
            result[name] = _enlarged(weights[name], value, depthwise=layer.endswith("_depthwise"))
        elif int(position) == GAMMA and layer in new_blocks:
            result[name] = np.zeros_like(value)
        else:
            result[name] = value
    return result


def _enlarged(old: Floats, fresh: Floats, depthwise: bool) -> Floats:
    """`old` inside an array like `fresh`. Convolutions are [height, width, in, out], depthwise ones
    [height, width, channels, 1], everything else [channels]."""
    if old.ndim == 1:
        return np.concatenate([old, fresh[len(old) :]])
    result = fresh.copy()
    top, left = ((large - small) // 2 for large, small in zip(fresh.shape[:2], old.shape[:2], strict=True))
    rows, columns = slice(top, top + old.shape[0]), slice(left, left + old.shape[1])
    first, second = old.shape[2:]
    known = (slice(None), slice(None), slice(first), slice(second))
    if depthwise:
        result *= _root_mean_square(old) / _root_mean_square(fresh)
    else:
        # A new output's weights get the norm of the known ones: Muon turns the whole kernel by one angle.
        kernel_norm = np.linalg.norm(old.reshape(-1, second), axis=0).mean()
        result *= kernel_norm / np.maximum(np.linalg.norm(result.reshape(-1, result.shape[3]), axis=0), 1e-12)
        result[:, :, :, :second] = 0
    result[known] = 0
    result[(rows, columns, *known[2:])] = old
    return result


def _entered(shape: Architecture) -> list[tuple[int, Stage]]:
    """The stages, each after the width of what enters it."""
    widths = [shape.stem[-1][0], *(stage.width for stage in shape.stages)]
    return list(zip(widths[:-1], shape.stages, strict=True))


def _stage_fits(a_entrance: int, a: Stage, b_entrance: int, b: Stage) -> bool:
    larger = (
        a.width <= b.width
        and a.blocks <= b.blocks
        and a.kernel <= b.kernel
        and round(a_entrance * a.expansion) <= round(b_entrance * b.expansion)
        and round(a.width * a.expansion) <= round(b.width * b.expansion)
    )
    same_grid = a.kind == b.kind and a.stride == b.stride and (b.kernel - a.kernel) % 2 == 0
    neutral = a.blocks == b.blocks or a.kind != UNPROJECTED  # a new block without a sum cannot add zero
    return larger and same_grid and neutral and (a.width == a_entrance) == (b.width == b_entrance)


def _new_blocks(small: Architecture, large: Architecture) -> set[str]:
    """Names of the last batch normalisation of each block that only `large` has."""
    return {
        f"stage{index}_{block}_{last}_norm"
        for index, (a, b) in enumerate(zip(small.stages, large.stages, strict=True))
        for block in range(a.blocks, b.blocks)
        for last in ("project", "second")
    }


def _root_mean_square(values: Floats) -> float:
    return float(np.sqrt(np.mean(np.square(values))))
