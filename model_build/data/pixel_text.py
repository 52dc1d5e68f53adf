"""The pixels of a table's row: whole numbers 0 to 255 between spaces, row after row of a square picture."""

from __future__ import annotations

import math

import numpy as np

from face_emotion.arrays import Bytes

FEWEST, MOST = 8, 512  # pixels a side: fewer show no face, more stand in no table


def parse_pixels_fast(field: bytes, count: int) -> Bytes | None:
    """Returns uint8 [count] from digits and single-byte spaces, or None if anything at all looks unusual."""
    codes = np.frombuffer(b"   " + field + b" ", np.uint8)
    digits = codes - np.uint8(ord("0"))  # wraps below "0", so that one comparison finds the digits
    is_digit = digits < 10
    is_space = codes == ord(" ")
    if not (is_digit | is_space).all():
        return None
    last = np.flatnonzero(is_digit[:-1] & is_space[1:])
    if last.size != count:
        return None
    two, three, four = (is_digit[last - 1], is_digit[last - 2], is_digit[last - 3])
    if (two & three & four).any():
        return None
    digits = digits.astype(np.int16)
    values = digits[last] + two * (10 * digits[last - 1] + three * (100 * digits[last - 2]))
    return values.astype(np.uint8) if values.max() <= 255 else None


def parse_pixels_exact(field: bytes, count: int | None) -> Bytes:
    """Returns uint8 [count], or of any square of 8 to 512 where it is None.

    Raises ValueError saying which pixel is wrong and how, or how many there are.
    """
    tokens = field.split()
    for number, token in enumerate(tokens, start=1):
        if not token.isdigit() or len(token) > 9 or int(token) > 255:
            raise ValueError(f"pixel {number} is {shown(token)} where a whole number 0 to 255 is expected")
    if count is None and not is_square(len(tokens)):
        raise ValueError(
            f"{len(tokens)} pixels where a square of {FEWEST}×{FEWEST} to {MOST}×{MOST} is expected"
        )
    if count is not None and len(tokens) != count:
        raise ValueError(f"{len(tokens)} pixels where {count} are expected")
    return np.array([int(token) for token in tokens], np.uint8)


def shown(field: bytes) -> str:
    """Returns the beginning of a field as an error names it."""
    return repr(field[:20].decode("ascii", "replace"))


def is_square(count: int) -> bool:
    """Whether so many pixels are a square picture that can show a face."""
    side = math.isqrt(count)
    return side * side == count and FEWEST <= side <= MOST
