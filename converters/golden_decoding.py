"""The golden pictures: small files of every kind whose decoding could differ, and the pixels that each must give.

    python -m converters decoding        # writes models/golden_decoding/ with golden_decoding.json

The definition is the table of `face_emotion/pictures.py`. What is expected is reckoned here from the pattern that was
encoded, never by a decoder: a runtime passes if every channel is within the file's tolerance. golden_decoding.json:

- `pictures`: name → width, height, channels (1: grey, which counts as R = G = B; 3: RGB) and `rows`, one string of
  hexadecimal digits a row.
- `files`: `file`, `form`, `about`, `picture` (a name, or null where all refuse the file), `tolerance` in grey
  levels, and `python`, `page`, `android`: "pixels", or "refused": one line that says so, never wrong pixels (a runtime
  that gives the picture all the same passes too).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from converters.golden_decoding_cases import Golden, goldens
from converters.golden_decoding_pattern import pictures
from face_emotion.files import write_json

FOLDER = Path(__file__).parents[1] / "models" / "golden_decoding"
NAME = "golden_decoding.json"


def golden_decoding(files: list[Golden]) -> dict[str, Any]:
    """Returns golden_decoding.json for these files."""

    def entry(golden: Golden) -> dict[str, Any]:
        read = {
            "python": golden.picture is not None,
            "page": golden.page,
            "android": golden.android,
        }
        return {
            "file": golden.file,
            "form": golden.form,
            "about": golden.about,
            "picture": golden.picture,
            "tolerance": golden.tolerance,
            **{runtime: "pixels" if reads else "refused" for runtime, reads in read.items()},
        }

    return {
        "format": 1,
        "pictures": {
            name: {
                "width": picture.shape[1],
                "height": picture.shape[0],
                "channels": 1 if picture.ndim == 2 else 3,
                "rows": [row.tobytes().hex() for row in picture],
            }
            for name, picture in pictures().items()
        },
        "files": [entry(golden) for golden in files],
    }


def write(folder: Path = FOLDER) -> Path:
    """Writes the golden pictures and returns the path of their JSON."""
    files = goldens()
    folder.mkdir(parents=True, exist_ok=True)
    for golden in files:
        (folder / golden.file).write_bytes(golden.content)
    write_json(folder / NAME, golden_decoding(files))
    return folder / NAME
