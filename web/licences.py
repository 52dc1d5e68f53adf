"""What the page is made of and under which licences: the file licences.txt that its footer leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from face_emotion.files import read_json

VENDOR = Path(__file__).parent / "static" / "vendor"
OWN = "LICENSE.txt"


def notices(texts: Iterable[str]) -> bytes:
    """Returns the text: each part of the page with its licence and the address of the licence's text.

    texts: addresses of the licence texts that stand in the model folders.
    """
    lines = ["What this page is made of; addresses are relative to this file.", ""]
    lines += [f"Face Emotion Kit: Apache-2.0, {OWN}"]
    lines += [f"{Path(text).parent.name}: {text}" for text in sorted(texts)]
    lines += ["The astronaut among the sample pictures: Eileen Collins, photographed by NASA, public domain"]
    for runtime, value in read_json(VENDOR / "VENDOR.json").items():
        if isinstance(value, dict):
            lines += ["", f"vendor/{runtime}/", *_parts(runtime, value)]
    return ("\n".join(lines) + "\n").encode()


def _parts(runtime: str, value: dict[str, Any]) -> Iterator[str]:
    for part in value["packages"]:
        yield f"  {part['package']} {part['version']}: {part['licence']}, vendor/{runtime}/{part['text']}"
    for part in value["embedded_in_wasm"]:
        yield f"  {part['library']}, compiled in: {part['licence']}, vendor/{runtime}/{part['text']}"
