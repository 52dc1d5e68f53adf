"""Boxes and labels drawn onto a picture, and where the annotated copies are saved.

annotate(pixels, faces).save("annotated.png")
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from face_emotion.arrays import Bytes
from face_emotion.command.inputs import Source
from face_emotion.errors import InputError
from face_emotion.face import Face
from face_emotion.files import atomic_path

# Okabe and Ito's colours, which people with any colour vision tell apart; black text is readable on each.
COLOURS = ("#56b4e9", "#e69f00", "#009e73", "#f0e442", "#cc79a7", "#d55e00")
GREY = "#c8c8c8"
JPEG = (".jpg", ".jpeg", ".jpe", ".jfif")


def annotate(pixels: Bytes, faces: Sequence[Face]) -> Image.Image:
    """Returns a picture with a box and a label ("happy 87 %", a track's number before it) for each face;
    of one that is not certain "unclear", in grey.

    pixels: uint8 [H,W] grey or [H,W,3] RGB; they are not changed. Returns an RGB picture of the same size.
    """
    picture = Image.fromarray(np.ascontiguousarray(pixels)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    line = max(1, round(min(picture.size) / 240))
    for number, face in enumerate(faces):
        colour = COLOURS[((face.track or number + 1) - 1) % len(COLOURS)] if face.certain else GREY
        draw.rectangle(face.box, outline=colour, width=line)
        _write_label(draw, picture.size, face, colour)
    return picture


def label_text(face: Face) -> str:
    """Returns "happy 87 %" or "unclear", with the number of the face's track before it if it has one."""
    track = "" if face.track is None else f"{face.track} "
    share = f" {100 * face.probabilities[face.label]:.0f} %" if face.certain else ""
    return f"{track}{face.shown}{share}"


def save_picture(path: Path, picture: Image.Image) -> None:
    """Writes a picture, JPEG or PNG as the suffix says, through a temporary name."""
    jpeg = path.suffix.lower() in JPEG
    with atomic_path(path, durable=False) as partial:
        picture.save(partial, format="JPEG" if jpeg else "PNG", **({"quality": 92} if jpeg else {}))


def places(sources: Sequence[Source], folder: Path) -> dict[str, Path]:
    """Returns under which path in `folder` the annotated form of each source is saved, by the source's name.

    Pictures keep their suffix if it is JPEG's and become PNG otherwise, videos become MP4; of equal paths the later
    get a number. Raises InputError if a path is that of an input.
    """
    inputs = {source.path.resolve() for source in sources}
    taken: set[Path] = set()
    chosen = {}
    for source in sources:
        path = folder / source.place
        if source.is_video:
            path = path.with_suffix(".mp4")
        elif path.suffix.lower() not in JPEG:
            path = path.with_suffix(".png")
        stem, number = path.stem, 1
        while path in taken:
            number += 1
            path = path.with_name(f"{stem}-{number}{path.suffix}")
        if path.resolve() in inputs:
            raise InputError(f"--save {folder}: would write over the input {path}; name another folder")
        taken.add(path)
        chosen[source.name] = path
    return chosen


def _write_label(draw: ImageDraw.ImageDraw, size: tuple[int, int], face: Face, colour: str) -> None:
    """Above the box where there is room, else at its upper edge inside; always within the picture."""
    font = _font(round(min(max(12, (face.box[3] - face.box[1]) / 9), max(12, min(size) / 14))))
    text = label_text(face)
    right, bottom = draw.textbbox((0, 0), text, font=font)[2:]
    width, height = right + 6, bottom + 5
    x = min(max(0, face.box[0]), max(0, size[0] - width))
    y = face.box[1] - height if face.box[1] >= height else min(max(0, face.box[1]), max(0, size[1] - height))
    draw.rectangle((x, y, x + width, y + height), fill=colour)
    draw.text((x + 3, y + 2), text, fill="black", font=font)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
