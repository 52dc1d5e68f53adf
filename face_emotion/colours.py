"""Levels under an ICC profile, or under a PNG's gamma, → sRGB, as browsers show them.

picture = to_srgb(picture)       # a Pillow picture of mode L, LA, RGB, RGBA or CMYK → L, LA, RGB or RGBA
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from face_emotion.arrays import Bytes, Doubles

UNSEEN = (
    2  # grey levels: a profile that changes none by more is sRGB's, and rounding would be all that it adds
)
_SPACES = {"L": ("GRAY", "RGB"), "RGB": ("RGB",), "CMYK": ("CMYK",)}  # of the profiles that fit a mode
_SRGB_WHITE, _SRGB_PRIMARIES = (0.3127, 0.329), ((0.64, 0.33), (0.3, 0.6), (0.15, 0.06))
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_ROWS_A_BLOCK = 256


@dataclass(frozen=True)
class _Change:
    """What a profile does: `table`, of a grey picture's levels, or `whole`, of a picture."""

    table: Bytes | None = None
    whole: Callable[[Image.Image], Image.Image | None] | None = None


def to_srgb(picture: Image.Image, info: dict[str | tuple[int, int], Any]) -> Image.Image:
    """Returns a picture (mode L, LA, RGB, RGBA or CMYK) in sRGB: mode L, LA, RGB or RGBA.

    info: what Pillow read beside the pixels. Its ICC profile counts before a PNG's chunk sRGB, and that before gAMA
    and cHRM. A profile that is damaged, or is for other channels, is ignored.
    """
    alpha = picture.getchannel("A") if picture.mode in ("LA", "RGBA") else None
    if alpha is not None:
        picture = picture.convert(picture.mode[:-1])  # leaves the colours as they are
    profile = info.get("icc_profile")
    if isinstance(profile, bytes) and profile:
        picture = _changed(picture, _change(profile, picture.mode))
    elif "srgb" not in info and _is_gamma(info.get("gamma")) and picture.mode in ("L", "RGB"):
        picture = _without_gamma(picture, info["gamma"], info.get("chromaticity"))
    if picture.mode == "CMYK":
        picture = picture.convert("RGB")
    if alpha is not None:
        picture.putalpha(alpha)
    return picture


def _changed(picture: Image.Image, change: _Change) -> Image.Image:
    if change.table is not None:
        return picture.point(change.table.tolist())
    if change.whole is not None:
        return change.whole(picture) or picture
    return picture


@lru_cache(maxsize=16)
def _change(profile: bytes, mode: str) -> _Change:
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = opened.profile.xcolor_space.strip()
        if space not in _SPACES[mode]:
            return _Change()
        # A browser takes a profile's perceptual table; where there is a matrix the intents are the same.
        source = {"GRAY": "L", "RGB": "RGB", "CMYK": "CMYK"}[space]
        transform = ImageCms.buildTransform(opened, ImageCms.createProfile("sRGB"), source, "RGB")
        if mode != "L":
            unseen = mode == "RGB" and _most(transform.apply(_cube()), _cube()) <= UNSEEN
            return _Change() if unseen else _Change(whole=transform.apply)
        ramp = Image.fromarray(np.arange(256, dtype=np.uint8)[None]).convert(source)
        table = np.asarray(transform.apply(ramp))[0, :, 1]
        return _Change() if _most(table, np.arange(256)) <= UNSEEN else _Change(table=table)
    except (ImageCms.PyCMSError, ImportError, OSError, TypeError, ValueError):
        return _Change()


def _cube() -> Image.Image:
    """Returns colours from everywhere in RGB."""
    steps = np.linspace(0, 255, 9).round().astype(np.uint8)
    return Image.fromarray(np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(27, 27, 3))


def _most(one: Any, other: Any) -> int:
    return int(np.abs(np.asarray(one).astype(int) - np.asarray(other)).max())


def _is_gamma(gamma: Any) -> bool:
    return isinstance(gamma, float | int) and 0.01 <= gamma <= 100


def _without_gamma(picture: Image.Image, gamma: float, chromaticity: Any) -> Image.Image:
    linear = (np.arange(256) / 255) ** (1 / gamma)
    matrix = None if chromaticity is None or picture.mode == "L" else _to_srgb_primaries(chromaticity)
    if matrix is None:
        return picture.point(_levels(linear).tolist() * len(picture.getbands()))
    pixels, flat = np.asarray(picture), np.empty((picture.height, picture.width, 3), np.uint8)
    table, linear, across = (
        _levels(np.arange(65536) / 65535),
        linear.astype(np.float32),
        matrix.T.astype(np.float32),
    )
    for top in range(0, len(pixels), _ROWS_A_BLOCK):
        light = np.clip(linear[pixels[top : top + _ROWS_A_BLOCK]] @ across, 0, 1)
        flat[top : top + _ROWS_A_BLOCK] = table[(light * 65535 + 0.5).astype(np.uint16)]
    return Image.fromarray(flat)


def _levels(linear: Doubles) -> Bytes:
    """Returns the sRGB levels of light, 0 to 1."""
    light = np.clip(linear, 0, 1)
    share = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    levels: Bytes = np.floor(255 * share + 0.5).astype(np.uint8)
    return levels


def _to_srgb_primaries(chromaticity: Any) -> Doubles | None:
    """Returns the matrix from light of a PNG's primaries to sRGB's, or None if they are sRGB's or none at all."""
    try:
        values = np.asarray(chromaticity, float).reshape(4, 2)
        matrix: Doubles = np.linalg.inv(_to_white(_SRGB_WHITE, _SRGB_PRIMARIES)) @ _to_white(
            values[0], values[1:]
        )
    except (TypeError, ValueError, np.linalg.LinAlgError):
        return None
    if not np.isfinite(matrix).all() or np.abs(matrix - np.eye(3)).max() < 1e-3:
        return None
    return matrix


def _to_white(white: Any, primaries: Any) -> Doubles:
    """Returns the matrix from RGB to XYZ, adapted (Bradford) to a white of (1, 1, 1)."""
    columns = np.stack([_xyz(point) for point in primaries], axis=1)
    whole = _xyz(white)
    matrix = columns * np.linalg.solve(columns, whole)
    cones = np.diag((_BRADFORD @ np.ones(3)) / (_BRADFORD @ whole))
    adapted: Doubles = np.linalg.inv(_BRADFORD) @ cones @ _BRADFORD @ matrix
    return adapted


def _xyz(point: Any) -> Doubles:
    x, y = point
    return np.array([x / y, 1.0, (1 - x - y) / y])
