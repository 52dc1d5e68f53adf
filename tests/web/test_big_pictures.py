"""No picture file takes the page's tab more than 1 GB (VmHWM of its process), with the real recognizer in Chromium."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.face_emotion.test_memory import png
from tests.support.browser import chromium, page_of, require_chromium, until, wait_for_state
from tests.support.browser_memory import peak_of_pages
from tests.support.paths import ROOT
from tests.support.web import Server, released_models, serving

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc tells the peak on Linux only")

MOST_KB = 1_000_000
PORTRAIT = ROOT / "web/static/samples/portrait.jpg"
BOX = [3682, 2362, 4206, 2989]  # of the portrait's face in all big pictures, in their own pixels
TOO_LARGE = "The picture has 13,000 × 13,000 pixels; more than 64,000,000 are not read here. Shrink it first."
TOO_WIDE = (
    "The video has frames of 6,100 × 6,100 pixels; more than 36,000,000 are not read here. Shrink it first."
)
ALL_READ = "document.querySelector('.batch-status')?.textContent.startsWith('All read')"
RECOGNIZE = """async (how) => {
  const {EmotionRecognizer} = await import(new URL('runtime/emotion.js', location.href).href);
  const at = (name) => new URL(`models/${name}/manifest.json`, location.href).href;
  window.recognizer ??= await EmotionRecognizer.load(at('nano'), {detector: at('face_detector')});
  const [given] = document.getElementById('given').files;
  const image = new Image();
  if (how === 'image') {
    image.src = URL.createObjectURL(given);
    await new Promise((resolve) => { image.onload = resolve; });
  }
  try {
    const [{label, box}] = await window.recognizer.recognize(how === 'image' ? image : given);
    return [label, box.x, box.y, box.x + box.width, box.y + box.height];
  } catch ({name, message}) {
    return `${name}: ${message}`;
  }
}"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--models", str(released_models())) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures of very many pixels, three of them with the same face in the same place."""
    folder = tmp_path_factory.mktemp("big")
    png(folder / "huge.png", 13_000, 13_000)
    png(folder / "most.png", 8_000, 8_000, colour=6)
    with Image.open(PORTRAIT) as picture:
        portrait = picture.convert("RGB").resize((2048, 2048))
    big = Image.new("RGB", (8_200, 8_000), (90, 90, 90))
    big.paste(portrait, (3_000, 2_000))
    exif = Image.Exif()
    exif[0x0112] = 6
    big.rotate(90, expand=True).save(folder / "turned.jpg", quality=80, exif=exif)
    big.save(folder / "progressive.jpg", quality=60, progressive=True)
    few = portrait.quantize(16)
    grey = Image.new("P", (8_000, 8_000))
    grey.putpalette(few.getpalette() or [])
    grey.paste(few, (3_000, 2_000))
    grey.save(folder / "most.gif")
    return folder


@pytest.fixture(scope="module")
def page(server: Server, browser):
    with page_of(browser, server.url) as page:
        wait_for_state(page, "ready")
        page.get_by_role("radio", name="Picture").check()
        yield page


def test_a_png_of_169_million_pixels_is_refused_before_it_is_decoded(page, folder: Path) -> None:
    assert (folder / "huge.png").stat().st_size < 3_000_000
    with peak_of_pages() as peak:
        before = peak()
        page.set_input_files("#file", folder / "huge.png")
        wait_for_state(page, "unreadable")
        assert TOO_LARGE in page.inner_text("#card-text")
        assert before > 100_000 and peak() < before + 100_000  # decoded, it is 676,000 kB


def test_the_largest_pictures_are_read_one_after_the_other(page, folder: Path) -> None:
    names = ("huge.png", "most.gif", "most.png", "progressive.jpg", "turned.jpg")
    with peak_of_pages() as peak:
        page.set_input_files("#file", [folder / name for name in names])
        until(page, ALL_READ, 120)
        assert 300_000 < peak() < MOST_KB
    labels = page.eval_on_selector_all(
        ".tile-open", "tiles => tiles.map((tile) => tile.getAttribute('aria-label'))"
    )
    assert labels == [
        f"huge.png: cannot be read: {TOO_LARGE}",
        "most.gif: 1 face: happy.",
        "most.png: no face",
        "progressive.jpg: 1 face: happy.",
        "turned.jpg: 1 face: happy.",
    ]
    with page.expect_download() as waiting:
        page.locator(".batch").get_by_role("button", name="CSV").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    rows = {row["source"]: row for row in csv.DictReader(io.StringIO(text))}
    for name in ("most.gif", "progressive.jpg", "turned.jpg"):
        sides = [float(rows[name][side]) for side in ("x_min", "y_min", "x_max", "y_max")]
        assert sides == pytest.approx(BOX, abs=45), name


def test_one_of_them_by_itself(page, folder: Path) -> None:
    with peak_of_pages() as peak:
        page.set_input_files("#file", folder / "turned.jpg")
        until(page, "document.querySelector('.face-label')?.textContent === 'happy'", 60)
        assert peak() < MOST_KB
    assert page.evaluate("[picture.width, picture.height]") == [2048, 1998]


@pytest.mark.parametrize("how", ["file", "image"])
def test_the_runtime_takes_files_and_images_within_the_same_limits(page, folder: Path, how: str) -> None:
    page.evaluate(
        "() => { if (!document.getElementById('given')) document.body.append("
        "Object.assign(document.createElement('input'), {type: 'file', id: 'given'})); }"
    )
    refused = "UnsupportedImageError: The picture has {} pixels; more than 64,000,000 are not read: shrink it first."
    for name, size in (("huge.png", "13000 × 13000"), ("turned.jpg", "8200 × 8000")):
        page.set_input_files("#given", folder / name)
        with peak_of_pages() as peak:
            found = page.evaluate(RECOGNIZE, how)
            assert peak() < MOST_KB
        if name == "huge.png" or how == "image":  # of which nobody knows whether it is a JPEG
            assert found == refused.format(size)
        else:
            assert found[0] == "happy" and found[1:] == pytest.approx(BOX, abs=45)


def test_a_video_of_frames_beyond_8k_is_refused(page, tmp_path: Path) -> None:
    path = tmp_path / "wide.webm"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"VP80"), 5, (6100, 6100))
    writer.write(np.full((6100, 6100, 3), 90, np.uint8))
    writer.release()
    page.set_input_files("#file", path)
    until(page, f"document.getElementById('card-text').textContent.includes({TOO_WIDE!r})")
