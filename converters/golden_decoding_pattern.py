"""The pattern that every golden picture shows, as it is encoded and as it must be decoded: golden_decoding.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from face_emotion.arrays import Bytes, Doubles

PATCH = 8  # pixels a side, as a block of JPEG: 24×16 in all
COLOURS = (
    ((200, 60, 60), (60, 180, 80), (240, 240, 240)),
    ((60, 80, 200), (210, 160, 130), (20, 40, 30)),
)
OPACITIES = ((255, 128, 0), (64, 255, 192))
Levels = NDArray[np.uint16]
# To the D50 of a profile: columns are red, green, blue.
SRGB_TO_XYZ = np.array(
    [[0.4360657, 0.3851515, 0.1430784], [0.2224932, 0.7168870, 0.0606169], [0.0139160, 0.0970764, 0.7140961]]
)
P3_TO_XYZ = np.array(
    [[0.515102, 0.291965, 0.157153], [0.241182, 0.692236, 0.0665819], [-0.00104941, 0.0418818, 0.784378]]
)
ADOBE_TO_XYZ = np.array(
    [[0.60974, 0.20528, 0.14919], [0.31111, 0.62567, 0.06322], [0.01947, 0.06087, 0.74457]]
)


def colours() -> Bytes:
    """Returns the coloured pattern, uint8 [16,24,3]: six patches, the last a gradient to the right; no symmetry."""
    picture = np.array(COLOURS, np.uint8).repeat(PATCH, axis=0).repeat(PATCH, axis=1)
    picture[PATCH:, -PATCH:] += np.arange(0, 24 * PATCH, 24).astype(np.uint8)[:, None]
    return picture


def greys() -> Bytes:
    """Returns the grey pattern, uint8 [16,24]."""
    return colours()[..., 1]


def opacity() -> Bytes:
    """Returns the opacity of the transparent patterns, uint8 [16,24]."""
    return np.array(OPACITIES, np.uint8).repeat(PATCH, axis=0).repeat(PATCH, axis=1)


def pictures() -> dict[str, Bytes]:
    """Returns what is expected, by name."""
    colour, grey, opaque = colours(), greys(), opacity()
    inks = ink(colour).astype(float)
    paper = (255 - inks[..., :3]) * (255 - inks[..., 3:]) / 255
    return {
        "colour": colour,
        "grey": grey,
        "colour-over-black": to_bytes(colour * (opaque[..., None] / 255)),
        "grey-over-black": to_bytes(grey * (opaque / 255)),
        "holed": (colour * (opaque[..., None] > 0)).astype(np.uint8),
        "bits": np.where(grey > 127, 255, 0).astype(np.uint8),
        "colour-of-p3": managed(colour, P3_TO_XYZ, from_srgb),
        "colour-of-adobe": managed(colour, ADOBE_TO_XYZ, lambda share: share ** (563 / 256)),
        "grey-of-linear": to_bytes(255 * to_srgb(grey / 255)),
        "colour-of-linear": to_bytes(255 * to_srgb(colour / 255)),
        "colour-of-p3-over-black": to_bytes(
            managed(colour, P3_TO_XYZ, from_srgb) * (opaque[..., None] / 255)
        ),
        "ink": to_bytes(paper),
    }


def turned(picture: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Returns how a camera stores an upright picture [H,W,…] under an EXIF orientation."""
    stored: Callable[[NDArray[Any]], NDArray[Any]] = {
        1: lambda image: image,
        2: np.fliplr,
        3: lambda image: np.rot90(image, 2),
        4: np.flipud,
        5: lambda image: image.swapaxes(0, 1),
        6: lambda image: np.rot90(image, 1),
        7: lambda image: np.rot90(image, 2).swapaxes(0, 1),
        8: lambda image: np.rot90(image, -1),
    }[orientation]
    return np.ascontiguousarray(stored(picture))


def ink(colour: Bytes) -> Bytes:
    """Returns uint8 [H,W,4] of RGB [H,W,3]: cyan, magenta, yellow and half of the black that could be."""
    black = (255 - colour.max(axis=2)) // 2
    share = 1 - colour / (255.0 - black[..., None])
    return np.dstack([to_bytes(255 * share), black])


def managed(colour: Bytes, to_xyz: Doubles, linear: Callable[[Doubles], Doubles]) -> Bytes:
    """Returns in sRGB what levels of other primaries and another curve stand for; what sRGB has not is clipped."""
    return to_bytes(255 * to_srgb(linear(colour / 255) @ to_xyz.T @ np.linalg.inv(SRGB_TO_XYZ).T))


def from_srgb(share: Doubles) -> Doubles:
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def to_srgb(share: Doubles) -> Doubles:
    share = np.clip(share, 0, 1)
    return np.where(share <= 0.0031308, 12.92 * share, 1.055 * share ** (1 / 2.4) - 0.055)


def to_bytes(levels: Doubles) -> Bytes:
    rounded: Bytes = np.clip(np.floor(levels + 0.5), 0, 255).astype(np.uint8)
    return rounded


def of_bits(levels: Levels, bits: int) -> Levels:
    found: Levels = np.floor(levels / 255 * (2**bits - 1) + 0.5).astype(np.uint16)
    return found


def with_nan(shares: NDArray[np.float32]) -> NDArray[np.float32]:
    shares = shares.copy()
    shares[0, 0] = np.nan
    return shares


def palette(colour: Bytes) -> tuple[Bytes, Bytes]:
    """Returns the distinct colours of a picture [N,C] and their places [H,W]."""
    table, places = np.unique(colour.reshape(-1, colour.shape[2]), axis=0, return_inverse=True)
    return table, places.reshape(colour.shape[:2]).astype(np.uint8)
