"""A whole image, or a part of it, as a detector's square input, and the way back from the square to the image.

    place = letterbox(width, height, 192)
    square = sample_square(image, 192, place)                   # float32 [192,192,3], 0..255
    points = unletterbox(found, place)

Python, JavaScript (letterbox.js) and Kotlin (Letterbox.kt) follow this definition, coordinates as in geometry.py.
S = size, images are W pixels wide and H high; a whole image lies in the middle of the square (`letterbox`), a part of
it where `part_place` says:
 1. scale = S / max(W, H); left = (S - scale W) / 2; top = (S - scale H) / 2; none of them is rounded;
    n = max(1, ceil(max(W, H) / S)) samples a side of an output pixel.
 2. Sample k lies at t(k) = (k + 0.5) / n in output pixels, k = 0 .. n S - 1.
 3. Sample (k, l) reads x = (t(k) - left) / scale, y = (t(l) - top) / scale. Where x is outside [0, W) or
    y outside [0, H) it is black (0); else bilinear as in step 4 of geometry.py's sampling, on R, G and B each.
 4. The output is the mean, not rounded; for BlazeFace mean / 127.5 - 1. A grey image counts as R = G = B.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from face_emotion.arrays import Array, Bytes, Doubles, Floats, Integers
from face_emotion.geometry import check_image, check_sides

_PIXELS_A_BLOCK = 65_536  # the levels worked on at a time: as float32 they stay in a core's cache
_NARROWEST = 2048  # columns that are worth a call


@dataclass(frozen=True)
class Letterbox:
    """Where an image lies in a detector's square: its scale and its top left corner, in the square's pixels.

    samples: how many a side are averaged into one pixel of the square, >= 1.
    """

    scale: float
    left: float
    top: float
    samples: int


@dataclass(frozen=True)
class _Band:
    """The shares of T neighbouring source pixels in each of S output pixels: float32 [S,T], the first at start [S]."""

    start: Integers
    shares: Floats


def letterbox(width: int, height: int, size: int) -> Letterbox:
    """Returns where an image of width x height pixels (>= 1, InputError) lies in a square of `size` pixels."""
    check_sides(width, height)
    longer = max(width, height)
    scale = size / longer
    return Letterbox(scale, (size - scale * width) / 2, (size - scale * height) / 2, _samples(longer, size))


def part_place(width: int, height: int, longer: int, left: int, top: int) -> Letterbox:
    """Returns where an image lies whose longer side is brought to `longer` pixels, in a square that begins there.

    left, top: where, in pixels of the enlarged or shrunk image.
    """
    side = max(width, height)
    return Letterbox(longer / side, -float(left), -float(top), _samples(side, longer))


def sample_letterbox(image: Bytes, size: int) -> Floats:
    """Samples a whole image as BlazeFace's input: float32 [size,size,3] in [-1,1]; as `sample_square` else."""
    height, width = check_image(image)
    return sample_square(image, size, letterbox(width, height, size)) * np.float32(1 / 127.5) - 1


def sample_square(image: Bytes, size: int, place: Letterbox) -> Floats:
    """Samples an image as a detector's input (definition: the module's docstring).

    image: uint8 [H,W] grey, [H,W,3] RGB or [H,W,4] RGBA (InputError for another kind).
    Returns float32 [size,size,3], 0..255; 0 beside the image.
    """
    height, width = check_image(image)
    if _is_blocks(width, height, place):
        return _blocks(image, size, place)
    positions = (np.arange(size * place.samples) + 0.5) / place.samples
    down = _band((positions - place.top) / place.scale, height, size)
    across = _band((positions - place.left) / place.scale, width, size)
    # Upright bilinear sampling is separable: first the rows are mixed, then the columns, of those that are needed only.
    used = _used(across)
    pixels = (image[:, :, None] if image.ndim == 2 else image[:, :, :3])[:, used]
    rows = _mixed(down, pixels.reshape(height, -1)).reshape(size, pixels.shape[1], -1)
    narrow = _Band(across.start - used.start, across.shares)
    columns = _mixed(narrow, rows.swapaxes(0, 1).reshape(pixels.shape[1], -1))
    square = columns.reshape(size, size, -1).swapaxes(0, 1)
    return np.broadcast_to(square, (size, size, 3)).copy()


def unletterbox(points: Doubles, place: Letterbox) -> Doubles:
    """Maps points of a detector's square, in its pixels, to source pixels: float64 [..., 2], (x, y).

    Points beside the image stay outside.
    """
    return (np.asarray(points, np.float64) - (place.left, place.top)) / place.scale


def _is_blocks(width: int, height: int, place: Letterbox) -> bool:
    """Whether each output pixel is the mean of whole source pixels, as cameras' sides of 320, 640, 1280 … make it."""
    side = place.samples
    return (
        place.scale * side == 1
        and place.left == math.floor(place.left)
        and place.top == math.floor(place.top)
        and width % side == height % side == 0
    )


def _blocks(image: Bytes, size: int, place: Letterbox) -> Floats:
    """What `sample_square` gives where `_is_blocks` holds: sums of whole pixels, which are exact."""
    square = np.zeros((size, size, 3), np.float32)
    side = place.samples
    (top, rows), (left, columns) = (
        _shared(int(start), length // side, size)
        for start, length in ((place.top, image.shape[0]), (place.left, image.shape[1]))
    )
    pixels = image[:, :, None] if image.ndim == 2 else image[:, :, :3]
    pixels = pixels[rows.start * side : rows.stop * side, columns.start * side : columns.stop * side]
    if pixels.size == 0:
        return square
    high, wide, channels = pixels.shape[0] // side, pixels.shape[1] // side, pixels.shape[2]
    means = pixels if side == 1 else _block_means(pixels.reshape(high, side, -1), channels)
    square[top : top + high, left : left + wide] = means.reshape(high, wide, channels)
    return square


def _shared(start: int, length: int, size: int) -> tuple[int, slice]:
    """Where a line of `length` blocks from `start` on lies in 0 .. size: its first place there, and which blocks."""
    first, last = max(start, 0), max(min(start + length, size), max(start, 0))
    return first, slice(first - start, last - start)


def _block_means(lines: Bytes, channels: int) -> Floats:
    """The means of blocks as wide as high: float32 [n, channels]. lines: [rows, side, columns * side * channels]."""
    side = lines.shape[1]
    total = lines[:, 0].astype(np.uint32)
    for line in range(1, side):
        total += lines[:, line]
    sums: Floats = np.einsum("nsc->nc", total.astype(np.float32).reshape(-1, side, channels))
    return sums / np.float32(side * side)


def _samples(side: int, pixels: int) -> int:
    return max(1, math.ceil(side / pixels))


def _used(band: _Band) -> slice:
    """The source pixels between the first and the last that an output pixel reads."""
    inside = np.flatnonzero(band.shares.any(axis=1))
    if not len(inside):
        return slice(0, 1)
    return slice(int(band.start[inside].min()), int(band.start[inside].max()) + band.shares.shape[1])


def _band(coordinates: Doubles, length: int, size: int) -> _Band:
    """The share of each source pixel in each output pixel along one side.

    coordinates: where the samples lie in the source, float64 [size * n]; those outside [0, length) are black.
    """
    count = len(coordinates)
    output = np.arange(count) * size // count
    inside = (coordinates >= 0) & (coordinates < length)
    place = np.clip(coordinates - 0.5, 0, length - 1)
    first = place.astype(np.intp)
    second = np.minimum(first + 1, length - 1)
    weight = (place - first) * inside
    taps = min(int((second.reshape(size, -1)[:, -1] - first.reshape(size, -1)[:, 0]).max()) + 1, length)
    start = np.minimum(first.reshape(size, -1)[:, 0], length - taps)
    shares = np.zeros((size, taps))
    np.add.at(shares, (output, first - start[output]), inside - weight)
    np.add.at(shares, (output, second - start[output]), weight)
    return _Band(start, (shares * (size / count)).astype(np.float32))


def _mixed(band: _Band, lines: Array) -> Floats:
    """Mixes lines [L,N] along their first axis: float32 [S,N].

    No matrix product: NumPy's would take every core for it, and keep them busy after it.
    """
    size, taps = band.shares.shape
    output = np.zeros((size, lines.shape[1]), np.float32)
    inside = np.flatnonzero(band.shares.any(axis=1))
    if not len(inside):
        return output
    wide = max(_NARROWEST, _PIXELS_A_BLOCK // taps)
    step = max(1, wide // lines.shape[1])
    for first in range(inside[0], inside[-1] + 1, step):
        rows = slice(first, min(first + step, inside[-1] + 1))
        near = band.start[first], band.start[rows.stop - 1] + taps
        for left in range(0, lines.shape[1], wide):
            columns = slice(left, left + wide)
            used = lines[near[0] : near[1], columns].astype(np.float32)
            if step > 1:
                used = used[band.start[rows, None] - near[0] + np.arange(taps)]
                np.einsum("st,stn->sn", band.shares[rows], used, out=output[rows, columns])
            else:
                np.einsum("t,tn->n", band.shares[first], used, out=output[first, columns])
    return output
