"""The page in Firefox and WebKit with the released networks: camera, pictures, a video, both engines, no connection."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.face_emotion.test_memory import png
from tests.support.browser import HEIGHT, WIDTH, on_canvas
from tests.support.browsers.browser import Browser
from tests.support.paths import ROOT
from tests.support.videos import HAPPY, SURPRISE, write_video
from tests.support.web import Server, released_models, serving

PORTRAIT = ROOT / "web/static/samples/portrait.jpg"
FACES = "document.querySelectorAll('.face').length"
KEPT = """(await (await caches.open('face-emotion-kit')).keys()).map(({url}) => url.split('?')[0])
  .some((url) => url.endsWith('models/small/tfjs/weights.bin'))"""


# How light a picture is in the middle: black, it was not there any more.
LIGHT = """(image) => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 64, height: 48});
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0, 64, 48);
  return context.getImageData(20, 5, 24, 20).data.reduce((sum, level) => sum + level, 0) / 1920;
}"""
# In place of the camera, which shows nobody: the smiling portrait, which goes to and fro.
SOMEBODY = """return (async () => {
  const image = await createImageBitmap(await (await fetch('samples/portrait.jpg')).blob());
  const canvas = Object.assign(document.createElement('canvas'), {width: 640, height: 480});
  const context = canvas.getContext('2d');
  let turn = 0;
  const draw = () => context.drawImage(image, 80 + 30 * Math.sin(turn++ / 10), 0, 480, 480);
  draw();
  setInterval(draw, 66);
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(15);
})()"""


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds in which the smiling portrait moves slowly to the right, 15 frames a second."""
    data = pytest.importorskip("skimage.data", reason="scikit-image is not installed: requirements-dev.txt")
    frame = on_canvas(data.astronaut())[..., ::-1]
    path = tmp_path_factory.mktemp("clip") / "clip.webm"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"VP80"), 15, (WIDTH, HEIGHT))
    for number in range(60):
        writer.write(np.ascontiguousarray(np.roll(frame, number - 30, axis=1)))
    writer.release()
    return path


def opened(browser: Browser, server: Server, engine: str = "tfjs") -> Browser:
    """Opens the page on an engine and waits until it offers the camera."""
    browser.open(server.url)
    browser.wait_for_state("ready", 60)
    if engine != "tfjs":
        assert browser.select("#engine", engine) == "loading"
        browser.wait_for_state("ready", 60)
    return browser


def test_it_opens_on_a_clip_that_is_read(browser: Browser, server: Server):
    browser.open(f"{server.url}?moves")
    browser.wait_for_state("demo", 60)
    for word in ("happy", "surprise"):
        browser.until(f"document.querySelector('.face-label')?.textContent === '{word}'", 60)
    browser.click("#stop")
    browser.wait_for_state("ready")
    browser.check()


def test_a_camera_that_shows_nobody_is_looked_at(browser: Browser, server: Server):
    page = opened(browser, server)
    page.click("#card-action")
    page.until("!document.getElementById('stage').dataset.state")
    page.until("document.getElementById('hint').textContent === 'No face in view'")
    page.until("parseFloat(document.getElementById('frame-rate').textContent) >= 1")
    assert page.run("return [video.videoWidth, video.videoHeight]") == [640, 480]
    assert page.texts("#camera option")[:2] == ["Front", "Back"] and len(page.texts("#camera option")) > 2
    assert page.texts(".face") == []
    page.run("window.track = video.srcObject.getVideoTracks()[0]")
    page.click("#stop")
    page.wait_for_state("ready")
    assert page.run("return track.readyState") == "ended"
    page.check()


def test_a_camera_that_shows_somebody_who_smiles(browser: Browser, server: Server):
    page = opened(browser, server)
    page.run(SOMEBODY)
    page.click("#card-action")
    page.until("document.querySelector('.face-label')?.textContent === 'happy'")
    assert page.run(f"return {FACES}") == 1
    page.click("#stop")
    page.wait_for_state("ready")
    assert page.texts(".face") == []
    page.check()


@pytest.mark.parametrize("engine", ["tfjs", "litert"])
def test_a_picture_of_somebody_who_smiles(browser: Browser, server: Server, engine: str):
    page = opened(browser, server, engine)
    page.choose_file("#file", PORTRAIT)
    page.until(f"{FACES} === 1")
    assert page.texts(".face-label") == ["happy"]
    page.until("announcer.textContent === '1 face: happy.'")
    page.check()


def test_a_snapshot_and_a_recording_of_somebody_who_smiles(browser: Browser, server: Server):
    page = opened(browser, server)
    page.run(SOMEBODY)
    page.click("#card-action")
    page.until("document.querySelector('.face-label')?.textContent === 'happy'")
    page.click("#snapshot")
    page.until("document.querySelector('.offer img')?.naturalWidth === 640")
    if page.run("return !document.getElementById('record').hidden"):
        page.click("#record")
        refused = "announcer.textContent.includes('This browser cannot record the picture.')"
        page.until(f"document.querySelector('.recording').textContent === '0:02' || {refused}")
        if page.run(f"return {refused}"):
            assert page.name == "webkit" and page.text("#record") == "Record"
        else:
            page.click("#record")
            page.until("document.querySelector('.offer video')?.videoWidth === 640")
            assert 1.5 < page.run("return document.querySelector('.offer video').duration") < 6
    page.click("#pause")
    page.click("#snapshot")  # of a camera that is off
    page.until("document.querySelector('.offer img')?.naturalWidth === 640")
    page.until(f"({LIGHT})(document.querySelector('.offer img')) > 40")
    page.check()


def test_a_picture_of_too_many_pixels_is_refused_and_a_jpeg_of_many_read_where_it_can_be_reduced(
    browser: Browser, server: Server, tmp_path: Path
):
    page = opened(browser, server)
    page.choose_file("#file", png(tmp_path / "huge.png", 13_000, 13_000))
    page.wait_for_state("unreadable")
    refused = "{}: The picture has {} pixels; more than 64,000,000 are not read here. Shrink it first."
    assert page.text("#card-text") == refused.format("huge.png", "13,000 × 13,000")
    big = Image.new("RGB", (8_200, 8_000), (90, 90, 90))
    with Image.open(PORTRAIT) as portrait:
        big.paste(portrait.convert("RGB").resize((2048, 2048)), (3_000, 2_000))
    exif = Image.Exif()
    exif[0x0112] = 6
    big.rotate(90, expand=True).save(tmp_path / "big.jpg", quality=80, exif=exif)
    page.choose_file("#file", tmp_path / "big.jpg")
    if page.run("return typeof ImageDecoder === 'function'"):
        page.until(f"{FACES} === 1", 60)
        assert page.texts(".face-label") == ["happy"]
        assert page.run("return [picture.width, picture.height]") == [2048, 1998]
    else:
        said = refused.format("big.jpg", "8,000 × 8,200")
        page.until(f"document.getElementById('card-text').textContent === {said!r}")
    page.check()


@pytest.mark.parametrize("engine", ["tfjs", "litert"])
def test_a_video_of_somebody_who_smiles(browser: Browser, server: Server, clip: Path, engine: str):
    page = opened(browser, server, engine)
    page.choose_file("#file", clip)
    page.until(f"{FACES} === 1")
    page.until("video.currentTime > 1")
    assert page.texts(".face-label") == ["happy"]
    assert page.run("return [video.videoWidth, video.videoHeight]") == [640, 480]
    # Their clocks tell whole milliseconds, WebKit's with what rounding leaves of them.
    page.until("document.getElementById('classify-time').textContent !== '–'")
    for time in page.texts("#detect-time, #classify-time"):
        assert re.fullmatch(r"\d+ ms", time), time
    page.click("#stop")
    page.until(f"{FACES} === 0")
    page.check()


def test_the_whole_length_of_a_video_is_read_and_leads_to_its_places(
    browser: Browser, server: Server, tmp_path: Path
):
    path = write_video(tmp_path / "clip.webm", [(HAPPY, 2), (None, 2), (SURPRISE, 2)])
    page = opened(browser, server)
    page.choose_file("#file", path)
    page.until("document.querySelector('.read button:enabled')")
    page.click(".read button")
    page.until("document.querySelectorAll('.line').length === 2", 60)
    page.until("document.querySelector('.read p').textContent.startsWith('Read to its end')", 60)
    assert page.texts(".line-name") == ["Face 1", "Face 2"]
    assert [text.split()[0] for text in page.texts(".line-shares")] == ["happy", "surprise"]
    lines = "return [...document.querySelectorAll('.line path')].map((path) => path.getAttribute('d'))"
    assert page.run(lines) == ["M0 0h333.33v20h-333.33z", "M666.67 0h333.33v20h-333.33z"]
    assert [text.split()[0] for text in page.texts(".best b")] == ["happy", "surprise"]
    page.click(".best li:last-child button")
    page.until("video.currentTime >= 4")
    page.until("document.querySelector('.face-label')?.textContent === 'surprise'")
    page.check()


def test_a_video_that_the_browser_cannot_show_is_refused(browser: Browser, server: Server, tmp_path: Path):
    """Of a codec that nobody knows: Firefox takes nothing of the file, WebKit nothing or all but the pictures."""
    path = tmp_path / "clip.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), 15, (64, 48))
    for level in range(15):
        writer.write(np.full((48, 64, 3), 10 * level, np.uint8))
    writer.release()
    path.write_bytes(path.read_bytes().replace(b"mp4v", b"zzzz"))
    page = opened(browser, server)
    page.choose_file("#file", path)
    page.wait_for_state("unreadable")
    nothing = "clip.mp4: This browser cannot play that file as a video."
    no_pictures = "clip.mp4: The file has only sound, or pictures that this browser cannot show."
    assert page.text("#card-text") in {"firefox": (nothing,), "webkit": (nothing, no_pictures)}[page.name]
    page.check()


def test_after_the_first_visit_it_works_without_a_server(browser: Browser, static: Path):
    with serving("--models", str(released_models()), static=static) as server:
        page = opened(browser, server)
        page.until("navigator.serviceWorker.controller")
        page.run(
            f"return (async () => {{ while (!({KEPT})) await new Promise((go) => setTimeout(go, 50)); }})()"
        )
        page.check()
        server.stop()
        page.reload()
        page.wait_for_state("ready", 60)
        page.choose_file("#file", PORTRAIT)
        page.until(f"{FACES} === 1")
        assert page.texts(".face-label") == ["happy"]
        page.check()


def test_in_german_also_without_a_server(browser: Browser, static: Path):
    with serving("--models", str(released_models()), static=static) as server:
        browser.open(f"{server.url}?lang=de")
        browser.wait_for_state("ready", 60)
        assert browser.text("#card-action") == "Kamera starten"
        browser.until("navigator.serviceWorker.controller")
        browser.run(
            f"return (async () => {{ while (!({KEPT})) await new Promise((go) => setTimeout(go, 50)); }})()"
        )
        browser.reload()  # now the worker answers, and keeps German
        browser.wait_for_state("ready", 60)
        server.stop()
        browser.reload()
        browser.wait_for_state("ready", 60)
        assert browser.run("return [location.search, document.documentElement.lang]") == ["?lang=de", "de"]
        browser.choose_file("#file", PORTRAIT)
        browser.until("announcer.textContent === '1 Gesicht: fröhlich.'")
        assert browser.run("return getComputedStyle(document.body).visibility") == "visible"
        browser.check()


def test_at_the_width_of_a_phone_nothing_is_wider_than_the_page(browser: Browser, server: Server):
    """In a frame: the browsers' own windows are wider, for their buttons."""
    browser.open(f"{server.url}ask.html")
    browser.until("window.frame")
    browser.run("frame(390, 844)")
    browser.until("frames[0].document.getElementById('stage')?.dataset.state === 'ready'", 60)
    inner, scrolled = browser.run(
        "return [frames[0].innerWidth, frames[0].document.documentElement.scrollWidth]"
    )
    assert inner == 390 and scrolled <= inner
    assert browser.run("return frames[0].wrongs") == []


def test_where_there_is_no_camera_none_is_called_not_connected(bare: Browser, server: Server):
    page = opened(bare, server)
    page.click("#card-action")
    page.wait_for_state("nocamera")
    assert page.text("#card-title") == "No camera found"
    page.choose_file("#file", PORTRAIT)
    page.until(f"{FACES} === 1")
    assert page.texts(".face-label") == ["happy"]
    page.check()


def test_several_pictures_are_read_side_by_side(browser: Browser, server: Server):
    page = opened(browser, server)
    page.run("document.querySelector('input[value=picture]').click()")
    page.run("""return (async () => {
      const transfer = new DataTransfer();
      for (const name of ['two-faces.jpg', 'portrait.jpg', 'broken.jpg']) {
        const content = name === 'broken.jpg' ? 'no picture' : await (await fetch(`samples/${name}`)).blob();
        transfer.items.add(new File([content], name, {type: 'image/jpeg'}));
      }
      file.files = transfer.files;
      file.dispatchEvent(new Event('change'));
    })()""")
    page.until("document.querySelector('.batch-status')?.textContent.startsWith('All read')", 90)
    names = page.run(
        "return [...document.querySelectorAll('.tile-open')].map((tile) => tile.getAttribute('aria-label'))"
    )
    assert names[1:] == ["portrait.jpg: 1 face: happy.", "two-faces.jpg: 2 faces: sad, surprise."]
    assert names[0] == "broken.jpg: cannot be read: That is not a picture that this browser can read."
    page.until("document.querySelectorAll('.tile rect').length === 6")
    page.click(".tile:nth-child(2) .tile-open")
    page.until("!document.getElementById('stage').dataset.state && document.querySelector('.face')")
    assert page.texts(".face-label") == ["happy"]
    page.click(".batch-back")
    page.until("document.querySelector('.batch').offsetHeight > 0")
    page.check()
