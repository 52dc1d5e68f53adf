"""From a detected face to the network's 48x48 grey pixels; the detector's own input is letterbox.py's.

Pure functions on NumPy arrays. Python, JavaScript and Kotlin follow this definition, all arithmetic in
float64, and agree to one grey level:

Coordinates. x runs to the right and y down, in source pixels; pixel (column c, row r) covers [c, c+1) x
[r, r+1), so that its centre is (c + 0.5, r + 0.5). Images are W pixels wide and H high.

Crop (`crop_transform`), from box (x_min, y_min, x_max, y_max) and the eyes' centres:
 1. angle = atan2(dy, dx), (dx, dy) from the eye on the image's left to the other; 0 where both coincide.
 2. side = (x_max - x_min) / box_width.
 3. Let (a, b) = box_center - (0.5, 0.5). The crop's centre is the box's centre minus
    side * (a cos(angle) - b sin(angle), a sin(angle) + b cos(angle)).

Sampling (`sample_grey`), S = size, a square of `side` around (center_x, center_y) turned by `angle`:
 1. n = min(max_samples, max(1, ceil(side / S))); output pixel (i, j) is the mean of n x n samples.
 2. Sample k of a side, k = 0 .. n S - 1, lies at f(k) = (k + 0.5) / (n S) - 0.5 and belongs to the output
    pixel floor(k / n).
 3. Sample (k, l) reads the source at
    x = center_x + side * (f(k) cos(angle) - f(l) sin(angle)),
    y = center_y + side * (f(k) sin(angle) + f(l) cos(angle)).
 4. Bilinear: p = min(max(x - 0.5, 0), W - 1), q likewise with y and H; c = floor(p), r = floor(q);
    weights (1 - p + c), (p - c) across and (1 - q + r), (q - r) down for the columns c, min(c + 1, W - 1)
    and the rows r, min(r + 1, H - 1). So the border's pixels go on for ever outside.
 5. The grey of a source pixel is luma[0] R + luma[1] G + luma[2] B, not rounded; alpha is ignored; a grey
    image's pixels are taken as they are.
 6. The output is floor(mean + 0.5), held to 0 .. 255.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from face_emotion.arrays import Array, Bytes, Doubles
from face_emotion.contract import Crop
from face_emotion.errors import InputError
from face_emotion.opencv_sampling import LARGEST, opencv_sampler

_PIXELS_A_BLOCK = (
    4_000_000  # whose colours are numbers at a time: those of a large picture would be a gigabyte
)
_SAMPLES_A_BLOCK = 12_288  # the samples worked on at a time: their arrays stay in a core's cache


@dataclass(frozen=True)
class Transform:
    """A square crop: its centre and side in source pixels, its angle in radians (clockwise on the screen)."""

    center_x: float
    center_y: float
    side: float
    angle: float


def crop_transform(
    box: tuple[float, float, float, float],
    eyes: tuple[tuple[float, float], tuple[float, float]],
    crop: Crop,
) -> Transform:
    """Returns the crop that puts a detected face where the network's training faces stand.

    box: (x_min, y_min, x_max, y_max) in source pixels, may reach outside the image; eyes: (x, y) of the eye
    on the image's left and of the one on its right, in source pixels; crop: the contract's geometry.
    Raises InputError if a number is not finite or the box is empty.
    """
    if not np.isfinite([*box, *eyes[0], *eyes[1]]).all():
        raise InputError(f"box {box}, eyes {eyes}: a number is not finite")
    x_min, y_min, x_max, y_max = map(float, box)
    if not (x_max > x_min and y_max > y_min):
        raise InputError(f"box {box}: empty; x_min < x_max and y_min < y_max are expected")
    angle = math.atan2(eyes[1][1] - eyes[0][1], eyes[1][0] - eyes[0][0])
    side = (x_max - x_min) / crop.box_width
    across, down = crop.box_center[0] - 0.5, crop.box_center[1] - 0.5
    cosine, sine = math.cos(angle), math.sin(angle)
    return Transform(
        center_x=(x_min + x_max) / 2 - side * (across * cosine - down * sine),
        center_y=(y_min + y_max) / 2 - side * (across * sine + down * cosine),
        side=side,
        angle=angle,
    )


def whole_image(width: int, height: int) -> Transform:
    """Returns the upright crop that holds a whole image of an already cropped face, centred.

    width, height: in pixels, >= 1 (InputError). A longer side fills the crop; beside a shorter one the
    border's pixels go on.
    """
    check_sides(width, height)
    return Transform(center_x=width / 2, center_y=height / 2, side=float(max(width, height)), angle=0.0)


def sample_grey(
    image: Bytes,
    transform: Transform,
    size: int,
    luma: tuple[float, float, float],
    max_samples: int,
) -> Bytes:
    """Samples a square of an image as grey levels (definition: the module's docstring).

    image: uint8 [H,W] grey, [H,W,3] RGB or [H,W,4] RGBA; size: the output's side in pixels; luma: weights of
    R, G and B; max_samples: upper bound on the samples a side of an output pixel.
    Returns uint8 [size,size]. Raises InputError for another kind of image or a transform that is not finite
    or has no extent.
    """
    height, width = check_image(image)
    numbers = (transform.center_x, transform.center_y, transform.side, transform.angle)
    if not np.isfinite(numbers).all() or transform.side <= 0:
        raise InputError(f"{transform}: finite numbers and a side above 0 are expected")
    samples = min(max_samples, max(1, math.ceil(transform.side / size)))
    offsets = transform.side * _offsets(size, samples)
    cosine, sine = math.cos(transform.angle), math.sin(transform.angle)
    # A sample's coordinate is a sum of one number of its column and one of its row. Columns stand in the
    # order (sample, pixel), rows in the order (pixel, sample): then the mean is taken over a middle axis.
    across, down = offsets.T.ravel(), offsets.ravel()
    x = _Axis(transform.center_x - 0.5 + across * cosine, -down * sine, width)
    y = _Axis(transform.center_y - 0.5 + across * sine, down * cosine, height)
    # A single sample often lies halfway between two levels, where float32 may round to the other one.
    sampler = opencv_sampler() if samples > 1 and max(height, width) <= LARGEST else None
    output: Array
    if sampler is None:
        output = _means(_grey(image, y.pixels, x.pixels, luma, np.float64), x, y, size, samples)
    else:
        grey = _grey(image, y.pixels, x.pixels, luma, np.float32)
        output = sampler(grey, _matrix(transform, x, y, size * samples), size, samples)
    levels: Bytes = np.clip(np.floor(output + 0.5), 0, 255).astype(np.uint8)
    return levels


def _means(grey: Doubles, x: _Axis, y: _Axis, size: int, samples: int) -> Doubles:
    """The means of samples x samples bilinear samples: float64 [size,size]."""
    output = np.empty((size, size))
    step = max(1, _SAMPLES_A_BLOCK // (size * samples * samples))
    for start in range(0, size, step):
        rows = slice(start * samples, (start + step) * samples)
        values = _bilinear(grey, x.of(rows), y.of(rows)).reshape(-1, samples * samples, size)
        values.sum(axis=1, out=output[start : start + step])
    output /= samples * samples
    return output


def _matrix(transform: Transform, x: _Axis, y: _Axis, count: int) -> Doubles:
    """Where sample (k, l) of count x count lies, counted from the first pixels that are needed: [2,3]."""
    cosine = transform.side * math.cos(transform.angle) / count
    sine = transform.side * math.sin(transform.angle) / count
    first = (1 - count) / 2  # the first sample, counted from the centre
    return np.array(
        [
            [cosine, -sine, transform.center_x - 0.5 - x.pixels.start + first * (cosine - sine)],
            [sine, cosine, transform.center_y - 0.5 - y.pixels.start + first * (sine + cosine)],
        ]
    )


def _offsets(size: int, samples: int) -> Doubles:
    """The samples' places on one side as fractions from the centre: float64 [size, samples]."""
    count = size * samples
    return ((np.arange(count) + 0.5) / count - 0.5).reshape(size, samples)


class _Axis:
    """One coordinate of every sample, the centre of pixel 0 being 0.

    of_column, of_row: the two terms of the sum; length: the image's extent along this axis.
    """

    def __init__(self, of_column: Doubles, of_row: Doubles, length: int) -> None:
        low, high = of_column.min() + of_row.min(), of_column.max() + of_row.max()
        self.last = None if low >= 0 and high <= length - 1 else length - 1
        start, stop = np.clip((low, high), 0, length - 1).astype(int)
        self.pixels = slice(int(start), int(stop) + 2)
        self.of_column, self.of_row = of_column, of_row[:, None]

    def of(self, rows: slice) -> Doubles:
        """The coordinates of some rows of samples, held inside the image, counted from pixels.start."""
        if self.last is None:
            return (self.of_column - self.pixels.start) + self.of_row[rows]
        coordinates = self.of_column + self.of_row[rows]
        np.maximum(coordinates, 0, out=coordinates)
        np.minimum(coordinates, self.last, out=coordinates)
        coordinates -= self.pixels.start
        return coordinates


def _grey(
    image: Bytes,
    rows: slice,
    columns: slice,
    luma: tuple[float, float, float],
    kind: type[np.float32 | np.float64],
) -> Array:
    """The unrounded grey levels of some rows and columns, of a kind; one past the image's edge repeats the edge."""
    seen = image[rows, columns]
    high, wide = seen.shape[:2]
    grey: Array = np.empty((rows.stop - rows.start, columns.stop - columns.start), kind)
    red, green, blue = (kind(weight) for weight in luma)
    step = max(1, _PIXELS_A_BLOCK // wide)
    for top in range(0, high, step):
        part: Array = seen[top : top + step].astype(kind)
        levels = grey[top : top + len(part), :wide]
        if image.ndim == 2:
            levels[:] = part
        else:
            # Not a matrix product, for which NumPy would take every core.
            np.multiply(part[:, :, 0], red, out=levels)
            levels += part[:, :, 1] * green
            levels += part[:, :, 2] * blue
    grey[:high, wide:] = grey[:high, wide - 1 : wide]
    grey[high:] = grey[high - 1]
    return grey


def _bilinear(grey: Doubles, x: Doubles, y: Doubles) -> Doubles:
    """Reads between the pixels, each of which has a neighbour to the right and below; uses up x and y."""
    column, row = np.floor(x), np.floor(y)
    x -= column
    y -= row
    row *= grey.shape[1]
    row += column
    place = row.astype(np.intp)
    flat = grey.ravel()
    # The neighbours are read at the same places of shifted views; "clip" only spares NumPy its check.
    result, right, below, corner = (
        flat[shift:].take(place, mode="clip") for shift in (0, 1, grey.shape[1], grey.shape[1] + 1)
    )
    right -= result
    right *= x
    result += right
    corner -= below
    corner *= x
    below += corner
    below -= result
    below *= y
    result += below
    return result


def check_sides(width: int, height: int) -> None:
    """Raises InputError for an image without pixels."""
    if width < 1 or height < 1:
        raise InputError(f"image of {width} x {height} pixels: at least 1 x 1 is expected")


def check_image(image: Bytes) -> tuple[int, int]:
    """Returns height and width; raises InputError for anything but uint8 grey, RGB or RGBA."""
    if image.dtype != np.uint8 or not (image.ndim == 2 or (image.ndim == 3 and image.shape[2] in (3, 4))):
        raise InputError(
            f"image {image.dtype} {list(image.shape)}: uint8 grey [H,W], RGB [H,W,3] or RGBA [H,W,4] is expected"
        )
    height, width = image.shape[:2]
    check_sides(width, height)
    return height, width
