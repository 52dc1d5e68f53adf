"""A whole image as the detector's square input, and the way back from the square to the image.

    square = sample_letterbox(image, 128)                       # float32 [128,128,3] in [-1,1]
    points = unletterbox(found, letterbox(width, height, 128), 128)

Python, JavaScript (letterbox.js) and Kotlin (Letterbox.kt) follow this definition, coordinates as in geometry.py.
S = size, images are W pixels wide and H high; the whole image lies in the middle of the square:
 1. scale = S / max(W, H); left = (S - scale W) / 2; top = (S - scale H) / 2; none of them is rounded.
 2. n = max(1, ceil(max(W, H) / S)); sample k lies at t(k) = (k + 0.5) / n in output pixels, k = 0 .. n S - 1.
 3. Sample (k, l) reads x = (t(k) - left) / scale, y = (t(l) - top) / scale. Where x is outside [0, W) or
    y outside [0, H) it is black (0); else bilinear as in step 4 of geometry.py's sampling, on R, G and B each.
 4. The output is mean / 127.5 - 1, not rounded: -1 is black. A grey image counts as R = G = B.
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
    """Where a whole image lies in the detector's square: its scale and its top left corner, in the square's pixels."""

    scale: float
    left: float
    top: float


@dataclass(frozen=True)
class _Band:
    """The shares of T neighbouring source pixels in each of S output pixels: float32 [S,T], the first at start [S]."""

    start: Integers
    shares: Floats


def letterbox(width: int, height: int, size: int) -> Letterbox:
    """Returns where an image of width x height pixels (>= 1, InputError) lies in a square of `size` pixels."""
    check_sides(width, height)
    scale = size / max(width, height)
    return Letterbox(scale=scale, left=(size - scale * width) / 2, top=(size - scale * height) / 2)


def sample_letterbox(image: Bytes, size: int) -> Floats:
    """Samples a whole image as the detector's input (definition: the module's docstring).

    image: uint8 [H,W] grey, [H,W,3] RGB or [H,W,4] RGBA (InputError for another kind).
    Returns float32 [size,size,3] in [-1,1]; -1 beside the image.
    """
    height, width = check_image(image)
    place = letterbox(width, height, size)
    samples = max(1, math.ceil(max(width, height) / size))
    positions = (np.arange(size * samples) + 0.5) / samples
    down = _band((positions - place.top) / place.scale, height, size)
    across = _band((positions - place.left) / place.scale, width, size)
    # Upright bilinear sampling is separable: first the rows are mixed, then the columns.
    pixels = image[:, :, None] if image.ndim == 2 else image[:, :, :3]
    rows = _mixed(down, pixels.reshape(height, -1)).reshape(size, width, -1)
    columns = _mixed(across, rows.swapaxes(0, 1).reshape(width, -1))
    square = columns.reshape(size, size, -1).swapaxes(0, 1)
    return np.broadcast_to(square * np.float32(1 / 127.5) - 1, (size, size, 3)).copy()


def unletterbox(points: Doubles, place: Letterbox, size: int) -> Doubles:
    """Maps points of the detector's square, as fractions of its side, to source pixels.

    points: [..., 2], (x, y) with 0 at the square's left or top edge and 1 at the other; size: the square's
    side in pixels, as given to `letterbox`. Returns float64 [..., 2]; points beside the image stay outside.
    """
    points = np.asarray(points, np.float64)
    return (points * size - (place.left, place.top)) / place.scale


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
