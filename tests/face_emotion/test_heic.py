"""HEIC pictures: upright as irot and imir say, whatever EXIF says; in sRGB; a sentence where the extra is missing."""

from __future__ import annotations

import io
import subprocess
import sys

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from converters.golden_decoding import FOLDER
from face_emotion import EmotionRecognizer
from face_emotion.errors import InputError
from face_emotion.heic import NEEDS_EXTRA
from face_emotion.pictures import decode_pixels, read_pixels
from tests.support.cli import colour_frame
from tests.support.paths import ROOT

QUARTERS = ((200, 0, 0), (0, 200, 0), (0, 0, 200), (200, 200, 200))
# Of each orientation of EXIF, what stands at upper left, upper right, lower left and lower right.
CORNERS = {
    1: (0, 1, 2, 3),
    2: (1, 0, 3, 2),
    3: (3, 2, 1, 0),
    4: (2, 3, 0, 1),
    5: (0, 2, 1, 3),
    6: (2, 0, 3, 1),
    7: (3, 1, 2, 0),
    8: (1, 3, 0, 2),
}


def quarters() -> np.ndarray:
    pixels = np.zeros((48, 64, 3), np.uint8)
    pixels[:24, :32], pixels[:24, 32:], pixels[24:, :32], pixels[24:, 32:] = QUARTERS
    return pixels


def heic(pixels: np.ndarray, orientation: int | None = None, **options) -> bytes:
    """Returns a HEIC file; its orientation is written as the boxes irot and imir, and EXIF says 1."""
    stream = io.BytesIO()
    if orientation is not None:
        exif = Image.Exif()
        exif[274] = orientation
        options["exif"] = exif.tobytes()
    pillow_heif.from_pillow(Image.fromarray(pixels)).save(stream, quality=95, chroma=444, **options)
    return stream.getvalue()


@pytest.mark.parametrize("orientation", CORNERS)
def test_irot_and_imir_turn_it_once(orientation):
    content = heic(quarters(), orientation)
    assert (b"irot" in content, b"imir" in content) == (
        orientation in (3, 5, 6, 7, 8),
        orientation in (2, 4, 5, 7),
    )
    found = decode_pixels(content)
    assert found.shape == ((48, 64, 3) if orientation < 5 else (64, 48, 3))
    for place, number in zip(((9, 9), (9, -9), (-9, 9), (-9, -9)), CORNERS[orientation], strict=True):
        assert np.abs(found[place].astype(int) - QUARTERS[number]).max() < 6


def test_exif_turns_nothing_as_the_standard_says():
    """Its orientation tells what the camera was held like; the boxes have turned the picture already."""
    content = heic(quarters(), 1)
    tag = b"\x01\x12\0\x03\0\0\0\x01\0\x01"
    little = b"\x12\x01\x03\0\x01\0\0\0\x01\0"
    assert (tag in content) != (little in content)
    for before, after in ((tag, tag[:-1] + b"\x06"), (little, little[:-2] + b"\x06\0")):
        content = content.replace(before, after)
    with pillow_heif.HeifImageFile(io.BytesIO(content)) as picture:
        assert picture.info["original_orientation"] == 6
    found = decode_pixels(content)
    assert found.shape == (48, 64, 3)
    assert np.abs(found[9, 9].astype(int) - QUARTERS[0]).max() < 6


def test_grey_opacity_and_profile():
    grey = np.tile(np.arange(0, 256, 4, dtype=np.uint8), (48, 1))
    found = decode_pixels(heic(grey))
    assert found.shape[:2] == (48, 64)
    assert np.abs((found if found.ndim == 2 else found[..., 0]).astype(int) - grey).max() < 6
    half = np.dstack([quarters(), np.full((48, 64), 128, np.uint8)])
    assert np.abs(decode_pixels(heic(half))[9, 9].astype(int) - (100, 0, 0)).max() < 6
    with Image.open(FOLDER / "profile_p3.png") as picture:
        profile, pixels = picture.info["icc_profile"], np.asarray(picture.convert("RGB"))
    wanted = read_pixels(FOLDER / "profile_p3.png").astype(int)
    found = decode_pixels(heic(pixels, icc_profile=profile))
    assert np.abs(found.astype(int) - wanted).mean() < 4 < np.abs(pixels.astype(int) - wanted).mean()


def test_damaged_and_small_ones_are_one_line():
    content = heic(quarters())
    for damaged in (content[: len(content) // 2], content[:40], content[:12]):
        with pytest.raises(ValueError, match=r"^not an image that can be read"):
            decode_pixels(damaged)
    with pytest.raises(ValueError, match="4×4 pixels where at least 8 a side"):
        decode_pixels(heic(quarters()[:4, :4]))


def test_too_many_pixels_are_one_line(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(
        ValueError, match=r"^more than 178,956,970 pixels, which are not read; shrink it first$"
    ):
        decode_pixels(heic(quarters()))


def test_the_command_finds_the_faces_of_the_same_png(command, tmp_path):
    Image.fromarray(colour_frame()).save(tmp_path / "b.png")
    (tmp_path / "IMG_0001").write_bytes(heic(np.ascontiguousarray(np.rot90(colour_frame())), 6))
    ended = command("--format", "jsonl", "--save", tmp_path / "out", tmp_path)
    assert (ended.status, ended.err) == (0, "2 files: 2 read\n")
    turned, upright = ended.lines
    assert (turned["width"], turned["height"]) == (320, 240)
    assert turned["faces"][0]["box"] == pytest.approx(upright["faces"][0]["box"], abs=3)
    assert turned["faces"][0]["label"] == upright["faces"][0]["label"]
    assert Image.open(tmp_path / "out/IMG_0001.png").size == (320, 240)


def test_pillow_stays_as_it_was(tmp_path):
    """In a process of its own: other packages register HEIF where they are imported."""
    (tmp_path / "a.heic").write_bytes(heic(quarters()))
    code = (
        "import sys; from PIL import Image; from face_emotion.pictures import decode_pixels\n"
        "decode_pixels(open(sys.argv[1], 'rb').read())\n"
        "print('HEIF' in Image.OPEN, '.heic' in Image.registered_extensions())"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.heic")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "False False\n"


def test_without_the_extra_a_sentence_names_it(command, monkeypatch, tmp_path):
    content = heic(quarters())
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    said = "HEIC pictures are read by an extra: pip install 'face-emotion-kit[heic]'"
    assert said == NEEDS_EXTRA
    with pytest.raises(InputError, match=r"^bytes: HEIC pictures are read by an extra: pip install"):
        EmotionRecognizer.load().recognize(content)
    for number in range(3):
        (tmp_path / f"{number}.heic").write_bytes(content)
    ended = command("--format", "csv", tmp_path)
    assert (ended.status, ended.rows) == (2, [])
    assert ended.err.splitlines() == [
        *(f"error: {tmp_path}/{number}.heic: {said}" for number in range(3)),
        "3 files: 0 read, 3 left out (3 HEIC: pip install 'face-emotion-kit[heic]')",
    ]
    Image.fromarray(colour_frame()).save(tmp_path / "a.png")
    ended = command("--format", "csv", tmp_path)
    assert (ended.status, len(ended.rows)) == (1, 1)
    assert ended.err.splitlines()[0] == f"skipped: {tmp_path}/0.heic: {said}"
    assert ended.err.splitlines()[-1] == (
        "4 files: 1 read, 3 left out (3 HEIC: pip install 'face-emotion-kit[heic]')"
    )
