"""Training-time transforms of grey faces as array code over an injected namespace `xp`.

`draw` takes every random number of a batch from one NumPy generator; `apply` is pure array code that runs in
NumPy on a CPU and, compiled by jax.jit, on an accelerator. Values stay in the range of real pixels, because
the quantiser of the network's input keeps the largest value that it ever sees.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from face_emotion.arrays import Array, Bytes, Floats
from face_emotion.contract import AS_IT_IS, NONE, Normalization
from face_emotion.normalization import normalized, range_of
from model_build.settings import AugmentSettings
from model_build.training import camera

SIDE = 48
NOISE_TABLE = 2**20  # standard normals, from which an image takes 48 x 48 in a row: cheaper than drawing them
CACHE_FRIENDLY = 16  # images a piece in NumPy, so that its temporaries stay in the processor's cache


def draw(random: np.random.Generator, count: int, settings: AugmentSettings) -> dict[str, Array]:
    """Draws the parameters of `count` images.

    Returns float32 arrays whose first axis is `count`: `matrix` [count, 2, 3] maps an output pixel's
    centred coordinates (x, y, 1) in pixels to source coordinates; `light` [count, 4] is gain, offset and
    the two slopes; `erase` [count, 5] is x0, y0, x1, y1 (pixels; empty if x1 <= x0) and the fill (0..255);
    `noise` [count, 2], only with noise, is the deviation and where in a table the image's normals start;
    `gamma` [count], only with gamma, is the exponent; `soften` int64 [count] and `jpeg` [count], only with them, are
    what camera.py takes, 0 for images that are left alone; `partner` int64 [count] and `share` [count], only with
    mixup, are the other image and its weight.
    """
    uniform = random.uniform
    angle = np.radians(uniform(-1, 1, count) * settings.rotate)
    zoom = np.exp(uniform(-1, 1, count) * np.log1p(settings.scale))
    aspect = np.exp(uniform(-0.5, 0.5, count) * np.log1p(settings.scale))
    mirror = np.where(random.random(count) < settings.flip, -1.0, 1.0)
    shift = uniform(-1, 1, (2, count)) * settings.shift * SIDE
    cosine, sine = np.cos(angle), np.sin(angle)
    matrix = np.stack(
        [
            np.stack([mirror * cosine / (zoom * aspect), -mirror * sine / zoom, shift[0]], -1),
            np.stack([sine / (zoom * aspect), cosine / zoom, shift[1]], -1),
        ],
        axis=1,
    )
    gain = np.exp(uniform(-1, 1, count) * np.log1p(settings.contrast))
    offset = uniform(-1, 1, count) * settings.brightness * 255
    slopes = uniform(-1, 1, (2, count)) * settings.gradient * 255 / SIDE
    area, ratio = uniform(0.03, 0.20, count), np.exp(uniform(-1, 1, count) * np.log(2.5))
    width = np.minimum(np.sqrt(area * ratio), 0.9) * SIDE
    height = np.minimum(np.sqrt(area / ratio), 0.9) * SIDE
    left, top = uniform(0, 1, count) * (SIDE - width), uniform(0, 1, count) * (SIDE - height)
    erased = random.random(count) < settings.erase
    erase = np.stack(
        [left, top, np.where(erased, left + width, left), top + height, uniform(0, 255, count)], -1
    )
    parameters = {
        "matrix": matrix.astype(np.float32),
        "light": np.stack([gain, offset, *slopes], -1).astype(np.float32),
        "erase": erase.astype(np.float32),
    }
    # Drawn last, so that a recipe without them draws what it drew before they existed.
    if settings.noise > 0:
        deviation = uniform(0, 1, count) * settings.noise * 255
        start = random.integers(0, NOISE_TABLE - SIDE * SIDE, count)
        parameters |= {"noise": np.stack([deviation, start], -1).astype(np.float32)}
    if settings.gamma > 0:
        exponent = np.exp(uniform(-1, 1, count) * np.log1p(settings.gamma))
        parameters |= {"gamma": exponent.astype(np.float32)}
    if settings.soften > 0:
        kind = random.integers(1, camera.SOFTENERS + 1, count)
        parameters |= {"soften": np.where(random.random(count) < settings.soften, kind, 0)}
    if settings.jpeg > 0:
        quality = uniform(*camera.QUALITIES, count)
        chosen = random.random(count) < settings.jpeg
        parameters |= {"jpeg": np.where(chosen, quality, 0).astype(np.float32)}
    if settings.mixup > 0:
        share = random.beta(settings.mixup, settings.mixup, count).astype(np.float32)
        parameters |= {"share": np.minimum(share, 1 - share), "partner": random.permutation(count)}
    return parameters


def apply(
    images: Any, parameters: dict[str, Any], xp: Any = np, normalization: Normalization = AS_IT_IS
) -> Any:
    """Transforms uint8 [batch, 48, 48] by what `draw` returned into float32 [batch, 48, 48, 1] in [0, 1].

    In the order in which a camera does: place, lens, light, sensor's noise, compression; then the crop is normalised
    as a runtime does it, and something is held in front.
    """
    step = CACHE_FRIENDLY if xp is np else len(images)
    parts = []
    for start in range(0, len(images), step):
        rows = slice(start, start + step)
        pixels = _warp(images[rows], parameters["matrix"][rows], xp)
        if "soften" in parameters:
            pixels = camera.soften(pixels, parameters["soften"][rows], xp)
        pixels = _light(pixels, parameters["light"][rows], xp)
        if "gamma" in parameters:
            pixels = _gamma(pixels, parameters["gamma"][rows], xp)
        if "noise" in parameters:
            pixels = _noise(pixels, parameters["noise"][rows], xp)
        if "jpeg" in parameters:
            pixels = xp.clip(camera.compress(pixels, parameters["jpeg"][rows], xp), 0, xp.float32(255))
        if normalization.kind != NONE:
            pixels = _stretch(pixels, normalization, xp)
        parts.append(_erase(pixels, parameters["erase"][rows], xp))
    pixels = xp.concatenate(parts) * xp.float32(1 / 255)
    if "share" in parameters:
        share = parameters["share"][:, None, None]
        pixels = pixels * (1 - share) + pixels[parameters["partner"]] * share
    return pixels[..., None]


def of_rows(parameters: dict[str, Array], rows: Array) -> tuple[Array, dict[str, Array]]:
    """Returns the images that some rows of `draw`'s parameters need, int64 [n], and the parameters of those alone.

    rows: int64 [count], which come first. With mixup, the images that are mixed into them stand behind them: what
    `apply` makes of those and `mix_targets` of their targets is to be cut off after `count`.
    """
    if "partner" not in parameters:
        return rows, {name: values[rows] for name, values in parameters.items()}
    count = len(rows)
    places = np.concatenate([rows, parameters["partner"][rows]])
    taken = {name: values[places] for name, values in parameters.items()}
    taken["partner"] = np.tile(np.arange(count, 2 * count), 2)
    return places, taken


def undamaged(parameters: dict[str, Array]) -> dict[str, Array]:
    """Returns what `draw` returned without what makes an image worse: noise, softening, JPEG."""
    return {name: values for name, values in parameters.items() if name not in ("noise", "soften", "jpeg")}


def mix_targets(targets: Floats, parameters: dict[str, Array]) -> Floats:
    """Mixes target rows [batch, ...] with the same partners and shares as `apply` mixed the images."""
    if "share" not in parameters:
        return targets
    share = parameters["share"][:, None]
    mixed: Floats = targets * (1 - share) + targets[parameters["partner"]] * share
    return mixed


def network_input(images: Bytes, normalization: Normalization = AS_IT_IS) -> Floats:
    """Returns uint8 [batch, 48, 48] as float32 [batch, 48, 48, 1] in [0, 1]: what an unaugmented network sees."""
    images = normalized(images, normalization)
    return (images.astype(np.float32) / np.float32(255.0))[..., None]


def _warp(images: Any, matrix: Any, xp: Any) -> Any:
    """Bilinear sampling at affine coordinates; what lies outside is mirrored once, then clamped."""
    centre, last = (SIDE - 1) / 2, np.float32(SIDE - 1)
    axis = xp.arange(SIDE, dtype=xp.float32) - xp.float32(centre)

    def source(row: int) -> Any:
        across = matrix[:, row, 0, None, None] * axis[None, None, :]
        down = matrix[:, row, 1, None, None] * axis[None, :, None]
        position = across + (down + (matrix[:, row, 2, None, None] + xp.float32(centre)))
        return xp.maximum(last - xp.abs(last - xp.abs(position)), xp.float32(0))

    x, y = source(0), source(1)
    left = xp.minimum(x.astype(xp.int32), SIDE - 2)
    top = xp.minimum(y.astype(xp.int32), SIDE - 2)
    fraction_x, fraction_y = x - left.astype(xp.float32), y - top.astype(xp.float32)
    flat = images.reshape(-1)
    first = xp.arange(images.shape[0], dtype=xp.int32)[:, None, None] * (SIDE * SIDE)
    start = top * SIDE + (left + first)

    def corner(offset: int) -> Any:
        return xp.take(flat, start + offset).astype(xp.float32)

    upper, lower = corner(0), corner(SIDE)
    upper = upper + (corner(1) - upper) * fraction_x
    lower = lower + (corner(SIDE + 1) - lower) * fraction_x
    return upper + (lower - upper) * fraction_y


def _light(pixels: Any, light: Any, xp: Any) -> Any:
    """Contrast about the image's mean, then brightness and a linear slope, clipped to 0..255."""
    axis = xp.arange(SIDE, dtype=xp.float32) - xp.float32((SIDE - 1) / 2)
    gain, offset = light[:, 0, None, None], light[:, 1, None, None]
    constant = pixels.mean(axis=(1, 2), keepdims=True) * (1 - gain) + offset
    across = light[:, 2, None, None] * axis[None, None, :]
    down = light[:, 3, None, None] * axis[None, :, None] + constant
    return xp.clip(pixels * gain + (across + down), xp.float32(0), xp.float32(255))


def _gamma(pixels: Any, exponents: Any, xp: Any) -> Any:
    return xp.float32(255) * (pixels * xp.float32(1 / 255)) ** exponents[:, None, None]


def _stretch(pixels: Any, normalization: Normalization, xp: Any) -> Any:
    """What normalization.py does, of grey levels that are rounded as a runtime's bytes are."""
    pixels = xp.floor(pixels + xp.float32(0.5))
    darkest, brightest = range_of(pixels, normalization.tail_permille, xp)
    darkest, spread = darkest[:, None, None], (brightest - darkest)[:, None, None]
    gain = xp.float32(normalization.high - normalization.low) / xp.maximum(spread, xp.float32(1))
    stretched = xp.floor((pixels - darkest) * gain + xp.float32(normalization.low + 0.5))
    stretched = xp.clip(stretched, xp.float32(0), xp.float32(255))
    return xp.where(spread < normalization.smallest_range, pixels, stretched)


def _noise(pixels: Any, noise: Any, xp: Any) -> Any:
    start = noise[:, 1].astype(xp.int32)[:, None] + xp.arange(SIDE * SIDE, dtype=xp.int32)[None, :]
    normal = xp.take(xp.asarray(_noise_table()), start).reshape(pixels.shape)
    return xp.clip(pixels + noise[:, 0, None, None] * normal, xp.float32(0), xp.float32(255))


@functools.cache
def _noise_table() -> Floats:
    return np.random.default_rng(0).standard_normal(NOISE_TABLE, np.float32)


def _erase(pixels: Any, erase: Any, xp: Any) -> Any:
    axis = xp.arange(SIDE, dtype=xp.float32) + xp.float32(0.5)
    columns = (axis[None, :] >= erase[:, 0, None]) & (axis[None, :] < erase[:, 2, None])
    rows = (axis[None, :] >= erase[:, 1, None]) & (axis[None, :] < erase[:, 3, None])
    return xp.where(rows[:, :, None] & columns[:, None, :], erase[:, 4, None, None], pixels)
