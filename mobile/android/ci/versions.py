"""What the packages are called and which Android they are for."""

from __future__ import annotations

import re
from pathlib import Path

REACTOR = Path(__file__).resolve().parent / "pom.xml"
APPLICATION_ID = "org.faceemotionkit.sample"
MIN_SDK, TARGET_SDK = 26, 35
VERSION_CODE = 1


def reactor_entry(name: str) -> str:
    """Returns the text of the first element of this name in the reactor's pom.xml, e.g. "tflite.version"."""
    found = re.search(rf"<{re.escape(name)}>([^<]+)<", REACTOR.read_text(encoding="utf-8"))
    if found is None:
        raise LookupError(f"{REACTOR}: no <{name}>")
    return found[1]


VERSION = reactor_entry("version")
