"""Decoding of picture files: the golden files, what they do not have, bad files, and nothing printed."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, ImageCms

from converters.golden_decoding import FOLDER, NAME
from converters.golden_decoding_files import png, profile
from converters.golden_decoding_pattern import SRGB_TO_XYZ, greys
from face_emotion.files import read_json
from face_emotion.pictures import decode_pixels, pixels_of, read_pixels
from face_emotion.pillow_log import PillowQuiet
from tests.support.decoding import expected, worst
from tests.support.paths import ROOT

GOLDEN = read_json(FOLDER / NAME)
LINEAR = b"curv\0\0\0\0\0\0\0\1\1\0\0\0"


def saved(picture: Image.Image | np.ndarray, form: str = "PNG", **options) -> bytes:
    stream = io.BytesIO()
    picture = Image.fromarray(picture) if isinstance(picture, np.ndarray) else picture
    picture.save(stream, form, **options)
    return stream.getvalue()


@pytest.mark.parametrize("file", GOLDEN["files"], ids=lambda file: file["file"])
def test_golden_files(file):
    path = FOLDER / file["file"]
    if file["python"] == "refused":
        with pytest.raises(ValueError, match="floating-point grey levels"):
            read_pixels(path)
        return
    wanted = expected(GOLDEN, file)
    found = read_pixels(path)
    assert found.shape[:2] == wanted.shape[:2]
    assert found.ndim == 2 or wanted.ndim == 3  # a colourless file stays grey
    assert worst(found, wanted) <= file["tolerance"]


def test_a_profile_counts_for_pictures_of_pillow_too():
    with Image.open(FOLDER / "profile_p3.png") as picture:
        found = pixels_of(picture)
    np.testing.assert_array_equal(found, read_pixels(FOLDER / "profile_p3.png"))


def test_orientation_of_exif_counts_beside_xmp_and_damaged_exif_is_ignored():
    with Image.open(FOLDER / "orientation_xmp.jpg") as picture:
        xmp, upright = picture.info["xmp"], picture.convert("RGB")
    exif = Image.Exif()
    exif[274] = 3
    found = decode_pixels(saved(upright, "JPEG", xmp=xmp, exif=exif, quality=95, subsampling=0))
    assert worst(found, np.rot90(np.asarray(upright), 2)) <= 6
    for content in (b"Exif\0\0MM\0*\0\0\0\x08\0\x09", b"Exif\0\0", b"Exif\0\0XX" + bytes(30)):
        found = decode_pixels(saved(upright, "JPEG", exif=content, quality=95, subsampling=0))
        assert worst(found, np.asarray(upright)) <= 6


def test_a_profile_that_is_almost_srgb_changes_nothing():
    ramp = np.random.default_rng(3).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    np.testing.assert_array_equal(decode_pixels(saved(ramp, icc_profile=icc)), ramp)


@pytest.mark.parametrize(
    "icc",
    [b"x", b"\0" * 200, profile(LINEAR, SRGB_TO_XYZ)[:140]],
    ids=["one byte", "zeros", "its beginning"],
)
def test_a_damaged_profile_is_ignored(icc):
    grey = greys()
    for picture in (grey, np.dstack([grey] * 3), np.dstack([grey, grey * 0 + 255])):
        found = decode_pixels(saved(picture, icc_profile=icc))
        np.testing.assert_array_equal(found if found.ndim == 2 else found[..., 0], grey)


def test_content_files_and_pipes_are_read(tmp_path):
    path = FOLDER / "orientation_6.webp"
    content, wanted = path.read_bytes(), read_pixels(path)
    for source in (content, bytearray(content), memoryview(content), io.BytesIO(content)):
        np.testing.assert_array_equal(decode_pixels(source), wanted)
    written = io.BytesIO()
    written.write(content)  # stands at its end
    np.testing.assert_array_equal(decode_pixels(written), wanted)
    reader, writer = os.pipe()
    with open(writer, "wb") as stream:
        stream.write(content)
    with open(reader, "rb") as stream:
        np.testing.assert_array_equal(decode_pixels(stream), wanted)
    with open(path, "rb") as stream:
        np.testing.assert_array_equal(decode_pixels(stream), wanted)
        assert not stream.closed


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"", "the file is empty"),
        (b"no picture", "not an image that can be read"),
        (io.StringIO("text"), 'opened as text; open it with mode "rb"'),
        (saved(Image.new("RGB", (1, 1))), "1×1 pixels where at least 8 a side are needed"),
        (saved(Image.new("RGB", (20_000, 1))), "20000×1 pixels where at least 8 a side are needed"),
        (saved(Image.new("RGB", (99, 99)))[:-60], "not an image that can be read"),
        (saved(Image.fromarray(np.full((9, 9), 70_000, np.int32)), "TIFF"), "grey levels 70000..70000"),
        (saved(Image.fromarray(np.full((9, 9), -1, np.int32)), "TIFF"), "grey levels -1..-1"),
        (saved(Image.fromarray(np.full((9, 9), np.inf, np.float32)), "TIFF"), "that are no numbers"),
        (
            saved(Image.fromarray(np.full((9, 9), 255.5, np.float32)), "TIFF"),
            "255.5..255.5, of unknown range",
        ),
    ],
)
def test_bad_files_are_one_line(source, reason):
    with pytest.raises(ValueError) as raised:
        decode_pixels(source)
    assert reason in str(raised.value) and "\n" not in str(raised.value) and len(str(raised.value)) < 160


def test_too_many_pixels_are_one_line(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(
        ValueError, match=r"^more than 178,956,970 pixels, which are not read; shrink it first$"
    ):
        decode_pixels(saved(Image.new("L", (99, 99))))


def test_wide_pictures_and_pictures_of_one_colour_are_read():
    wide = decode_pixels(saved(Image.new("RGB", (20_000, 8), (9, 8, 7))))
    assert wide.shape == (8, 20_000, 3) and (wide == (9, 8, 7)).all()
    for levels in (np.zeros((9, 9), np.uint16), np.zeros((9, 9), np.int32), np.zeros((9, 9), np.float32)):
        assert not decode_pixels(saved(levels, "TIFF")).any()
    assert (decode_pixels(saved(np.full((9, 9), 65535, np.uint16))) == 255).all()


@pytest.mark.parametrize("order", ["<", ">"])
def test_16_bit_tiffs_of_either_byte_order(order):
    levels = np.arange(0, 4096, 16, dtype=np.uint16).reshape(16, 16)
    rows = levels.astype(f"{order}u2").tobytes()
    found = decode_pixels(tiff(order, 16, 16, 16, 1, rows))
    np.testing.assert_array_equal(found, np.floor(levels / 4095 * 255 + 0.5))
    colours = np.dstack([levels, levels[::-1], levels.T])
    found = decode_pixels(tiff(order, 16, 16, 16, 2, colours.astype(f"{order}u2").tobytes()))
    np.testing.assert_array_equal(found, np.floor(colours / 4095 * 255 + 0.5))


def test_a_16_bit_tiff_whose_zero_is_white_is_inverted():
    levels = np.arange(0, 65536, 256, dtype=np.uint16).reshape(16, 16)
    found = decode_pixels(tiff("<", 16, 16, 16, 0, levels.tobytes()))
    np.testing.assert_array_equal(found, 255 - (levels.astype(int) + 128) // 257)


def test_levels_just_above_12_bits_are_16():
    levels = np.full((9, 9), 4095, np.uint16)
    assert decode_pixels(saved(levels)).max() == 255
    levels[0, 0] = 4096
    assert decode_pixels(saved(levels)).max() == 16


@pytest.mark.parametrize("colour", [False, True])
def test_the_transparent_colour_of_16_bits(colour):
    levels = greys().astype(np.uint16) * 257
    clear = levels[0, 0]
    if colour:
        levels = np.dstack([levels] * 3)
    found = decode_pixels(png(levels, {b"tRNS": clear.astype(">u2").tobytes() * (3 if colour else 1)}))
    wanted = np.where(greys() == greys()[0, 0], 0, greys())
    np.testing.assert_array_equal(found[..., 0] if colour else found, wanted)


def damaged_tiff() -> bytes:
    noise = np.random.default_rng(0).integers(0, 256, (200, 300, 3), dtype=np.uint8)
    content = bytearray(saved(noise, "TIFF", compression="tiff_lzw"))
    for place in range(20_000, len(content) - 20_000, 997):
        content[place] ^= 255
    return bytes(content)


def test_libtiff_prints_nothing_and_other_threads_still_do(tmp_path):
    """The lines are native: only a process of its own shows whether anything comes out."""
    (tmp_path / "damaged.tif").write_bytes(damaged_tiff())
    program = """
import os, sys, threading
from face_emotion.pillow_log import PillowQuiet
from face_emotion.pictures import read_pixels

def work():
    for _ in range(20):
        try:
            read_pixels(sys.argv[1])
        except ValueError as error:
            seen.append(str(error))

seen = []
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads: thread.start()
for number in range(200): os.write(2, b"mine\\n")
for thread in threads: thread.join()
assert len(seen) == 80, seen
"""
    run = [sys.executable, "-c", program, str(tmp_path / "damaged.tif")]
    done = subprocess.run(run, capture_output=True, cwd=ROOT, check=True)
    assert done.stderr.decode().splitlines() == ["mine"] * 200


def test_libtiff_gets_its_handlers_back():
    import ctypes

    from PIL import _imaging

    setter = ctypes.CDLL(_imaging.__file__).TIFFSetErrorHandler
    setter.restype, setter.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    before = setter(None)
    setter(before)
    quiet = PillowQuiet()
    with quiet:
        with quiet:
            pass
        inside = setter(None)
        assert inside is None
    after = setter(None)
    setter(after)
    assert before is not None and after == before


def test_warnings_of_pillow_are_silent_and_filters_stay():
    before = list(warnings.filters)
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x09"  # nine entries that are not there
    content = saved(Image.new("RGB", (20, 20)), "JPEG", exif=exif)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        inside = list(warnings.filters)
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(decode_pixels, [content] * 40))
        assert list(warnings.filters) == inside
    assert len(found) == 40 and list(warnings.filters) == before


def test_threads_agree():
    names = [file["file"] for file in GOLDEN["files"] if file["python"] == "pixels"]
    alone = {name: read_pixels(FOLDER / name) for name in names}
    barrier = threading.Barrier(4)

    def work(_):
        barrier.wait()
        return {name: read_pixels(FOLDER / name) for name in names}

    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(work, range(4)):
            for name in names:
                np.testing.assert_array_equal(found[name], alone[name], err_msg=name)


def tiff(order: str, width: int, height: int, bits: int, photometric: int, rows: bytes) -> bytes:
    """Returns an uncompressed TIFF of unsigned samples; photometric 2 has three of them a pixel."""
    import struct

    samples = 3 if photometric == 2 else 1
    entries = [
        (256, 4, width),
        (257, 4, height),
        (258, 3, bits),
        (259, 3, 1),
        (262, 3, photometric),
        (273, 4, 0),
        (277, 3, samples),
        (278, 4, height),
        (279, 4, len(rows)),
    ]
    start = 8 + 2 + 12 * len(entries) + 4
    depths = struct.pack(f"{order}3H", bits, bits, bits) + b"\0\0"
    table = struct.pack(f"{order}H", len(entries))
    for tag, kind, value in entries:
        if tag == 273:
            value = start + len(depths)
        if tag == 258 and samples == 3:
            table += struct.pack(f"{order}HHII", tag, kind, 3, start)
        elif kind == 3:
            table += struct.pack(f"{order}HHIHxx", tag, kind, 1, value)
        else:
            table += struct.pack(f"{order}HHII", tag, kind, 1, value)
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8)
    return head + table + bytes(4) + depths + rows
