"""The golden pictures' expected pixels, and how far others are from them."""

from __future__ import annotations

from typing import Any

import numpy as np

from face_emotion.arrays import Bytes


def expected(golden: dict[str, Any], file: dict[str, Any]) -> Bytes:
    """Returns the pixels that a file of golden_decoding.json must give: uint8 [H,W], or [H,W,3] RGB."""
    picture = golden["pictures"][file["picture"]]
    rows = np.frombuffer(bytes.fromhex("".join(picture["rows"])), np.uint8)
    shape = (picture["height"], picture["width"], picture["channels"])
    return rows.reshape(shape[: 2 if picture["channels"] == 1 else 3])


def worst(one: Bytes, other: Bytes) -> int:
    """Returns by how many grey levels two pictures differ at most; grey counts as R = G = B."""
    one, other = (picture if picture.ndim == 3 else picture[..., None] for picture in (one, other))
    return int(np.abs(one.astype(int) - other).max())
