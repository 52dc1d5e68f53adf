"""JSON as RFC 8259 has it, and nothing that Python would take besides or fall over later.

parse_json('{"a": 1}')
"""

from __future__ import annotations

import json
import math
from typing import Any

LARGEST = 2**63  # whole numbers from here on do not fit where numbers are computed with
MOST_DIGITS = 400  # of one number


def parse_json(text: str) -> Any:
    """Returns what a text says; raises ValueError, in a few words, if it is no JSON.

    Nor is what has NaN, infinities, numbers that no double holds, whole numbers beyond 64 bits, a key twice in one
    object, half a surrogate pair, or too many brackets in one another.
    """
    try:
        value = json.loads(
            text,
            parse_constant=_no_number,
            parse_float=_float,
            parse_int=_integer,
            object_pairs_hook=_object,
        )
        if "\\ud" in text.lower():
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except UnicodeEncodeError:
        raise ValueError("half a character, \\ud… without its other half") from None
    return value


def in_words(error: ValueError) -> str:
    """Returns in a few words why a file's content is no JSON."""
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is no UTF-8"
    return str(error).partition(";")[0]


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _float(text: str) -> float:
    value = float(text) if len(text) <= MOST_DIGITS else math.inf
    if not math.isfinite(value):
        raise ValueError(f"{text[:20]} is too large a number")
    return value


def _integer(text: str) -> int:
    value = int(text) if len(text) <= MOST_DIGITS else LARGEST
    if not -LARGEST <= value < LARGEST:
        raise ValueError(f"{text[:20]}… is too large a number")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"{twice[:40]!r} is there twice")
    return value
