"""The released models as they are: nothing that tests run may change them."""

from __future__ import annotations

from pathlib import Path

from face_emotion.files import sha256_of
from tests.support.paths import ROOT

MODELS = ROOT / "models"


def fingerprint(folder: Path = MODELS) -> dict[str, str]:
    """Returns the SHA-256 of every file below a folder, by its path there."""
    return {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Returns one line for each file that came, went or changed."""
    words = {(True, True): "changed", (True, False): "gone", (False, True): "new"}
    return [
        f"{words[name in before, name in after]}: {name}"
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]
