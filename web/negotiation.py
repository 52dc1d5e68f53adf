"""What a request's headers ask for: which forms of a file it takes, best first, and whether one range of it.

RFC 9110, 12.5.3 (Accept-Encoding) and 14.2 (Range).
"""

from __future__ import annotations

import re

from werkzeug.datastructures import Accept

CODINGS = ("br", "gzip", "identity")  # in our order, for a client that takes several equally
ALIASES = {"gzip": ("gzip", "x-gzip")}
LEAST = 0.0005  # of identity that is not named: it is taken, but after whatever is (the least q is 0.001)
# One range: first and last byte, from a byte on, or the last bytes; with fewer digits than int() refuses.
ONE_RANGE = re.compile(r"bytes[ \t]*=[ \t,]*(?:(\d{1,100})-(\d{1,100})?|-\d{1,100})[ \t,]*", re.IGNORECASE)


def codings(accepted: Accept) -> list[str]:
    """Returns those of br, gzip and identity that a client takes, the one that it likes best first."""
    qualities = {coding: _quality(accepted, coding) for coding in CODINGS}
    return sorted(
        (coding for coding in CODINGS if qualities[coding] > 0), key=lambda coding: -qualities[coding]
    )


def single_range(method: str, header: str | None) -> str | None:
    """Returns a Range header's only range as "bytes=…", or None where the whole file is to be sent.

    A range is of GET alone. Another unit, what is no range and several ranges count as not said: a server may
    send the whole file then, and of several ranges the pieces' headers would often be more than the file.
    """
    found = ONE_RANGE.fullmatch(header.strip()) if header and method == "GET" else None
    if not found or (found[2] and int(found[2]) < int(found[1])):
        return None
    return "bytes=" + found[0].partition("=")[2].strip(" ,\t")


def _quality(accepted: Accept, coding: str) -> float:
    """The q of a coding by its own name, else by "*", else what it is without being named."""
    named = {name.lower(): quality for name, quality in accepted}
    for name in (*ALIASES.get(coding, (coding,)), "*"):
        if name in named:
            return named[name]
    return LEAST if coding == "identity" else 0
