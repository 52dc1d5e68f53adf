"""Picture files on the page in headless Chromium: the pixels that Python reads, or one line that says no."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps

from face_emotion.files import read_json
from tests.support.browser import chromium, page_of, require_chromium
from tests.support.paths import ROOT
from tests.support.web import serving_made_up_models

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")

FOLDER = ROOT / "models/golden_decoding"
GOLDEN = read_json(FOLDER / "golden_decoding.json")
READ = """async ([content, name]) => {
  const at = (path) => new URL(path, location.href).href;
  const {drawPicture} = await import(at('page/picture.js'));
  const {frameOf} = await import(at('runtime/frames.js'));
  const {pixelsOf} = await import(at('runtime/pixels.js'));
  const canvas = document.createElement('canvas');
  const file = new File([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], name);
  try {
    await drawPicture(file, canvas);
  } catch ({constructor, message}) {
    return {refused: message, type: constructor.name};
  }
  const {data, width, height} = await pixelsOf((await frameOf(canvas)).frame);
  return {width, height, levels: [...data]};
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with (
        serving_made_up_models(tmp_path_factory.mktemp("models")) as server,
        chromium() as browser,
        page_of(browser, server.url, mock={}, check=False) as page,
    ):
        yield page
        assert page.record.foreign == []


def read(page, content: bytes, name: str = "picture") -> dict[str, Any]:
    """What the page makes of a file: pixels, uint8 [H,W,3], or what it says instead."""
    found = page.evaluate(READ, [base64.b64encode(content).decode(), name])
    if "levels" in found:
        shape = found["height"], found["width"], 4
        found["pixels"] = np.array(found.pop("levels"), np.uint8).reshape(shape)[..., :3]
    return found


def expected_of(name: str) -> np.ndarray:
    picture = GOLDEN["pictures"][name]
    rows = np.array([list(bytes.fromhex(row)) for row in picture["rows"]], np.uint8)
    pixels = rows.reshape(picture["height"], picture["width"], picture["channels"])
    return np.broadcast_to(pixels, (*pixels.shape[:2], 3))


@pytest.mark.parametrize("entry", GOLDEN["files"], ids=lambda entry: entry["file"])
def test_a_golden_picture_gives_its_pixels_or_is_refused(page, entry: dict[str, Any]) -> None:
    found = read(page, (FOLDER / entry["file"]).read_bytes(), entry["file"])
    if "refused" in found:
        assert entry["page"] == "refused", found["refused"]
        assert found["type"] == "UnusableFileError" and "\n" not in found["refused"]
        assert entry["form"] in found["refused"]
        return
    assert entry["picture"] is not None, "read, though nothing says what it shows"
    expected = expected_of(entry["picture"])
    assert found["pixels"].shape == expected.shape
    difference = np.abs(found["pixels"].astype(int) - expected).max()
    assert difference <= entry["tolerance"], entry["about"]


@pytest.mark.parametrize("form", ["WEBP", "PNG"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_each_orientation_is_turned_once(page, form: str, orientation: int) -> None:
    """Whatever the browser itself does with it."""
    pattern = np.random.default_rng(orientation).integers(0, 256, (10, 14, 3), dtype=np.uint8)
    picture = Image.fromarray(pattern)
    exif = picture.getexif()
    exif[0x0112] = orientation
    stream = io.BytesIO()
    picture.save(stream, form, exif=exif, lossless=True)
    found = read(page, stream.getvalue())
    turned = ImageOps.exif_transpose(Image.open(stream))
    np.testing.assert_array_equal(found["pixels"], np.asarray(turned.convert("RGB")))


NAMED = {
    "TIFF": b"II*\0\x08\0\0\0",
    "HEIC": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "JPEG XL": b"\xff\x0a\xfa\x1f",
    "JPEG 2000": b"\0\0\0\x0cjP  \r\n\x87\n",
    "Photoshop": b"8BPS\0\x01",
    "PDF": b"%PDF-1.7",
}


@pytest.mark.parametrize("form", NAMED)
def test_a_form_that_browsers_do_not_read_is_named(page, form: str) -> None:
    found = read(page, NAMED[form] + bytes(200))
    assert found["refused"] == f"This browser does not read {form} files: save it as JPEG, PNG or WebP."


def test_what_is_damaged_is_one_line(page) -> None:
    webp = (FOLDER / "orientation_6.webp").read_bytes()
    png = (FOLDER / "orientation_6.png").read_bytes()
    cut = [webp[:n] for n in range(12, len(webp), 7)] + [png[:n] for n in range(8, len(png), 7)]
    long = webp[:16] + b"\xff\xff\xff\xff" + webp[20:]
    for content in [b"", b"hello", *cut, long]:
        found = read(page, content)
        assert "pixels" in found or (found["type"] == "UnusableFileError" and "\n" not in found["refused"])
    assert read(page, png[:40])["refused"].startswith("The PNG file is damaged")


@pytest.mark.parametrize("size", [(1, 1), (7, 40), (20_000, 1)])
def test_a_picture_too_small_for_a_face_is_refused(page, size: tuple[int, int]) -> None:
    stream = io.BytesIO()
    Image.new("RGB", size, "red").save(stream, "PNG")
    expected = f"The picture has only {size[0]:,} × {size[1]:,} pixels: too few for a face."
    assert read(page, stream.getvalue())["refused"] == expected


def test_one_colour_and_20_000_pixels_wide_are_read(page) -> None:
    for size, drawn in (((8, 8), (8, 8)), ((20_000, 12), (2048, 8)), ((640, 480), (640, 480))):
        stream = io.BytesIO()
        Image.new("RGB", size, (200, 10, 30)).save(stream, "PNG")
        pixels = read(page, stream.getvalue())["pixels"]
        assert pixels.shape[:2] == drawn[::-1] and (pixels == (200, 10, 30)).all()


def test_the_size_of_every_golden_picture_stands_in_its_header(page) -> None:
    entries = [
        entry for entry in GOLDEN["files"] if entry["picture"] and entry["form"] not in ("TIFF", "HEIC")
    ]
    contents = [(FOLDER / entry["file"]).read_bytes() for entry in entries]
    found = page.evaluate(
        """async (contents) => {
          const {lookInto} = await import(new URL('runtime/forms.js', location.href).href);
          return Promise.all(contents.map(async (content) => {
            const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
            const {form, size} = await lookInto(new Blob([bytes]));
            return [form, size?.width, size?.height, size?.isProgressive];
          }));
        }""",
        [base64.b64encode(content).decode() for content in contents],
    )
    assert {form for form, *_ in found} >= {"JPEG", "PNG", "WEBP", "GIF", "AVIF"}
    for entry, content, told in zip(entries, contents, found, strict=True):
        with Image.open(io.BytesIO(content)) as picture:
            expected = [entry["form"], *picture.size, "progressive" in picture.info]
        assert told == expected, entry["file"]


def test_sizes_that_other_headers_say(page) -> None:
    """Progressive, behind much else, upside down, lossless, animated; and of what ends too soon."""

    def saved(form: str, size: tuple[int, int] = (120, 70), **how: Any) -> bytes:
        stream = io.BytesIO()
        Image.new("RGB", size, "red").save(stream, form, **how)
        return stream.getvalue()

    jpeg = saved("JPEG")
    late = (
        jpeg[:2]
        + b"\xff\xe5\xff\xff" * 1
        + bytes(65533)
        + (b"\xff\xe5\xff\xff" + bytes(65533)) * 20
        + jpeg[2:]
    )
    bmp = saved("BMP")
    upside_down = bmp[:22] + (-70).to_bytes(4, "little", signed=True) + bmp[26:]
    second = Image.new("RGB", (120, 70), "blue")
    contents = {
        "progressive": saved("JPEG", progressive=True),
        "late": late,
        "filled": jpeg[:2] + b"\xff\xff" + jpeg[2:],
        "bmp": bmp,
        "upside down": upside_down,
        "lossy": saved("WEBP", quality=50),
        "lossless": saved("WEBP", lossless=True),
        "animated": saved("WEBP", save_all=True, append_images=[second]),
        "gif": saved("GIF"),
        "cut": jpeg[:30],
        "no picture": b"hello",
    }
    found = page.evaluate(
        """async (contents) => {
          const {lookInto} = await import(new URL('runtime/forms.js', location.href).href);
          const sizes = {};
          for (const [name, content] of Object.entries(contents)) {
            const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
            const {size} = await lookInto(new Blob([bytes]));
            sizes[name] = size && [size.width, size.height, size.isProgressive];
          }
          return sizes;
        }""",
        {name: base64.b64encode(content).decode() for name, content in contents.items()},
    )
    unknown = dict.fromkeys(("cut", "no picture"))
    assert found == {name: [120, 70, name == "progressive"] for name in contents} | unknown


@pytest.mark.parametrize("given", ["element", "file"])
def test_a_page_that_hands_over_an_image_element_or_a_file_gets_the_same_pixels(page, given: str) -> None:
    """One after the other: none shows through another. What turns a WebP is ours, not the browser's."""
    looked_at = [
        entry
        for entry in GOLDEN["files"]
        if entry["page"] == "pixels"
        and (given == "file" or (entry["form"], "orientation" in entry["about"]) != ("WEBP", True))
    ]
    contents = [base64.b64encode((FOLDER / entry["file"]).read_bytes()).decode() for entry in looked_at]
    found = page.evaluate(
        """async ([contents, given]) => {
          const at = (path) => new URL(path, location.href).href;
          const {frameOf} = await import(at('runtime/frames.js'));
          const {pixelsOf} = await import(at('runtime/pixels.js'));
          const results = [];
          for (const content of contents) {
            const image = new Image();
            const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
            const file = new Blob([bytes]);
            image.src = URL.createObjectURL(file);
            await image.decode();
            const {data, width, height} = await pixelsOf((await frameOf(given === 'file' ? file : image)).frame);
            results.push([height, width, [...data]]);
          }
          return results;
        }""",
        [contents, given],
    )
    for entry, (height, width, levels) in zip(looked_at, found, strict=True):
        pixels = np.array(levels, np.uint8).reshape(height, width, 4)[..., :3]
        expected = expected_of(entry["picture"])
        assert pixels.shape == expected.shape, entry["file"]
        assert np.abs(pixels.astype(int) - expected).max() <= entry["tolerance"], entry["file"]
