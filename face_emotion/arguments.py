"""Types of command-line words, checked where they are parsed: whole numbers and numbers of a range, places of files.

    parser.add_argument("--seed", type=whole(0, 2**31))
    parser.add_argument("--rate", type=number(0, 1))
    parser.add_argument("--out", type=file_path)

argparse names the flag before what these say, and ends the process with status 2.
"""

from __future__ import annotations

import argparse
import errno
import math
from collections.abc import Callable
from pathlib import Path

from face_emotion.errors import shortened

MOST = 1_000_000_000  # of what is counted, where nothing else says how many
MOST_ROUNDS = 1_000_000  # of what is timed
SEEDS = 2**31
DIGITS = 40  # of a number that anybody means


def whole(low: int | None = None, high: int = MOST) -> Callable[[str], int]:
    """Returns a type of whole numbers from `low` to `high`; without `low`: of those of up to 18 digits."""

    def parse(text: str) -> int:
        try:
            value = int(text) if len(text) <= DIGITS else None
        except ValueError:
            value = None
        if value is None or not (-(10**18) < value < 10**18 if low is None else low <= value <= high):
            bounds = "" if low is None else f" from {low:,} to {high:,}"
            raise argparse.ArgumentTypeError(f"{shown(text)}: a whole number{bounds} is expected")
        return value

    return parse


def number(low: float = -math.inf, high: float = math.inf) -> Callable[[str], float]:
    """Returns a type of finite numbers from `low` to `high`; without bounds: of any, whose range is checked later."""
    bounded = math.isfinite(low) and math.isfinite(high)

    def parse(text: str) -> float:
        try:
            value = float(text) if len(text) <= DIGITS else None
        except ValueError:
            value = None
        if value is None or (bounded and not low <= value <= high):
            bounds = f" from {low:g} to {high:g}" if bounded else ""
            raise argparse.ArgumentTypeError(f"{shown(text)}: a number{bounds} is expected")
        return value

    return parse


def file_path(text: str) -> Path:
    """A type of paths: of what is there, or is to be written. Refuses one that no file can have."""
    if not text:
        raise argparse.ArgumentTypeError("an empty path; name a file or folder")
    try:
        Path(text).stat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{shown(text)}: no path; name a file or folder") from None
    except OSError as error:
        why = {
            errno.ELOOP: "links lead in a circle; name what they should lead to",
            errno.ENAMETOOLONG: "a name longer than files can have; choose a shorter one",
        }.get(error.errno or 0)
        if why:
            raise argparse.ArgumentTypeError(f"{shortened(text)}: {why}") from None
    return Path(text)


def plain_path(text: str) -> Path:
    """A type as `file_path`, of folders that TensorFlow writes into: their names are to be UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError(
            f"{shortened(text)}: a name that is no text (UTF-8); TensorFlow writes into none, choose another"
        ) from None
    return file_path(text)


def is_path(text: str) -> bool:
    """Whether a file could have this path."""
    try:
        file_path(text)
    except argparse.ArgumentTypeError:
        return False
    return True


def path_text(text: str) -> str:
    """A type as `file_path`, of paths that stay as they were typed."""
    file_path(text)
    return text


def shown(text: str) -> str:
    """Returns what was typed in quotes, on one line and not longer than one reads."""
    return repr(text if len(text) <= DIGITS else f"{text[:20]}…{text[-10:]}")
