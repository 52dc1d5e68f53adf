"""Twenty files as somebody might drop them: portraits, drawn faces of known expressions, and what cannot be read."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import numpy as np

from model_build.synthetic.scenes import draw_frame
from tests.support.paths import ROOT

SAMPLES = ROOT / "web/static/samples"
SIZES = ((320, 240), (240, 320), (360, 360), (480, 270))
# What model `small` reads in them on either engine, and in Python; unclear in brackets.
EXPECTED: dict[str, list[str]] = {
    "IMG_3.jpg": ["happy"],
    "IMG_4.jpg": ["sad"],
    "IMG_6.jpg": ["neutral"],
    "IMG_8.jpg": ["(angry)"],
    "IMG_10.jpg": ["happy"],
    "IMG_12.jpg": ["surprise"],
    "IMG_13.jpg": ["neutral"],
    "IMG_17.jpg": ["happy"],
    "IMG_18.jpg": ["sad"],
    "IMG_19.jpg": ["surprise"],
    "IMG_37.jpg": ["fear"],
    "grey.png": [],
    "portrait.jpg": ["happy"],
    "two-faces.jpg": ["sad", "surprise"],
}
REFUSED = {
    "=broken.jpg": "That is not a picture that this browser can read.",
    "cut.jpg": "The JPEG file is damaged: it is not a picture that this browser can read.",
    "drawing.svg": "SVG drawings are not read: open a photograph (JPEG, PNG, WebP).",
    "empty.png": "The file is empty.",
    "phone.heic": "This browser does not read HEIC files: save it as JPEG, PNG or WebP.",
    "tiny.png": "The picture has only 4 × 4 pixels: too few for a face.",
}
ORDER = ["=broken.jpg", "cut.jpg", "drawing.svg", "empty.png", "grey.png"]
ORDER += [name for name in EXPECTED if name.startswith("IMG")]
ORDER += ["phone.heic", "portrait.jpg", "tiny.png", "two-faces.jpg"]


def encoded(pixels: np.ndarray, kind: str = ".jpg") -> bytes:
    """Returns a picture file of grey levels or BGR."""
    return cv2.imencode(kind, pixels)[1].tobytes()


def drawn(number: int) -> bytes:
    """Returns a picture file of a drawn face, whose expression and size follow from the number."""
    width, height = SIZES[number % 4]
    side = int(min(width, height) * 0.7)
    left, top = (width - side) // 2, (height - side) // 2
    box = (left, top, (width + side) // 2, (height + side) // 2)
    return encoded(draw_frame(width, height, [box], [number % 7], number))


def write_twenty(folder: Path) -> list[Path]:
    """Writes the files of EXPECTED and REFUSED into a folder; returns them in no certain order."""
    contents = {name: drawn(int(name[4:-4])) for name in EXPECTED if name.startswith("IMG")}
    contents["grey.png"] = encoded(np.full((300, 500), 120, np.uint8), ".png")
    contents["=broken.jpg"] = b"hello, this is no picture"
    contents["cut.jpg"] = contents["IMG_3.jpg"][:200]
    contents["drawing.svg"] = b'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"/>'
    contents["empty.png"] = b""
    contents["phone.heic"] = b"\0\0\0\x18ftypheic" + bytes(40)
    contents["tiny.png"] = encoded(np.zeros((4, 4), np.uint8), ".png")
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    for name in ("portrait.jpg", "two-faces.jpg"):
        shutil.copyfile(SAMPLES / name, folder / name)
    return [folder / name for name in (*EXPECTED, *REFUSED)]
