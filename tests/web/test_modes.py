"""The page's pictures, videos and exports in headless Chromium, with a stand-in for the recognizer."""

from __future__ import annotations

import csv
import io
import json
import re
import wave
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.support.browser import (
    chromium_before_a_wall,
    hide,
    page_of,
    require_chromium,
    start_camera,
    state_of,
    until,
    wait_for_state,
)
from tests.support.web import ONE_FACE, TWO_FACES, Server

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    with chromium_before_a_wall(tmp_path_factory.mktemp("camera")) as running:
        yield running


def picture(width: int, height: int, kind: str = ".png", bits: type = np.uint8) -> bytes:
    return cv2.imencode(kind, np.full((height, width, 3), np.iinfo(bits).max // 2, bits))[1].tobytes()


def oriented_jpeg() -> bytes:
    """A JPEG of 40x20 that its EXIF orientation (6) turns into 20x40."""
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    jpeg = picture(40, 20, ".jpg")
    return jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + jpeg[2:]


def cmyk_jpeg() -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("CMYK", (64, 48), (0, 90, 90, 10)).save(stream, "JPEG")
    return stream.getvalue()


def animation() -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    frames = [Image.new("RGB", (60, 50), colour) for colour in ("red", "blue")]
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:], duration=100)
    return stream.getvalue()


GOOD_PICTURES = {
    "png": (lambda: picture(120, 80), (120, 80)),
    "16 bits": (lambda: picture(120, 80, ".png", np.uint16), (120, 80)),
    "EXIF": (oriented_jpeg, (20, 40)),
    "CMYK": (cmyk_jpeg, (64, 48)),
    "animated": (animation, (60, 50)),
    "12,000 pixels": (lambda: picture(12_000, 12_000, ".jpg"), (2048, 2048)),
}
BAD_PICTURES = {
    "no image": (b"hello, this is no picture", "not a picture"),
    "empty": (b"", "empty"),
    "one pixel": (picture(1, 1), "too few"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"/>', "SVG"),
    "beginning of a PNG": (picture(120, 80)[:30], "not a picture"),
}


def open_file(page, content: bytes, name: str = "file", media_type: str = "") -> None:
    page.set_input_files("#file", {"name": name, "mimeType": media_type, "buffer": content})


def test_pictures_of_every_kind_are_looked_at(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        wait_for_state(page, "ready")
        for name, (make, size) in GOOD_PICTURES.items():
            before = page.evaluate("globalThis.calls ?? 0")
            open_file(page, make(), name, "image/png")
            until(page, f"globalThis.calls === {before + 1}")
            page.wait_for_selector("#stage:not([data-state])")
            assert page.evaluate("[picture.width, picture.height]") == list(size), name
            assert page.locator(".face-name").inner_text().startswith("Face 1")
        page.get_by_role("button", name="Close").click()
        wait_for_state(page, "picture")


def test_a_picture_is_searched_far_and_the_page_says_that_it_reads(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE, "lookDelay": 400}) as page:
        start_camera(page)
        until(
            page, "globalThis.calls > 0 && globalThis.reach === undefined"
        )  # live: near, and a glance now and then
        page.evaluate(
            "new MutationObserver(() => (globalThis.said ??= []).push(announcer.textContent))"
            ".observe(announcer, {childList: true})"
        )
        open_file(page, picture(120, 80))
        wait_for_state(page, "reading")
        assert page.inner_text("#card-title") == "Reading the picture"
        assert page.locator("#card-action").is_hidden() and page.locator("#samples").is_hidden()
        page.wait_for_selector("#stage:not([data-state])")
        assert page.evaluate("globalThis.reach") == "far"
        assert page.locator(".face").count() == 1
        reading, found = page.evaluate("globalThis.said.slice(-2)")
        assert reading.startswith("Reading the picture. ") and found.startswith("1 face: ")


def test_another_wish_ends_the_reading_of_a_picture(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE, "lookDelay": 600}) as page:
        wait_for_state(page, "ready")
        open_file(page, picture(120, 80))
        wait_for_state(page, "reading")
        page.get_by_role("radio", name="Video").check()
        wait_for_state(page, "video")
        page.wait_for_timeout(800)
        assert state_of(page) == "video" and page.locator(".face").count() == 0


def test_what_is_no_picture_is_refused_in_plain_words_and_the_page_goes_on(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        wait_for_state(page, "ready")
        for name, (content, words) in BAD_PICTURES.items():
            open_file(page, content, name)
            said = "document.getElementById('card-text').textContent"
            until(page, f"{said}.startsWith('{name}: ') && {said}.includes({words!r})")
            assert state_of(page) == "unreadable", name
        open_file(page, b"", f"{'a' * 90}.png")  # of a long name both ends are said
        until(page, f"{said} === '{'a' * 40}…{'a' * 15}.png: The file is empty.'")
        open_file(page, picture(100, 100))
        page.wait_for_selector("#stage:not([data-state])")


def test_a_sample_that_does_not_load_is_told(server: Server, browser):
    with page_of(browser, server.url, mock={}, check=False) as page:
        page.check('input[value="picture"]')
        wait_for_state(page, "picture")
        page.route("**/samples/*", lambda route: route.abort())
        page.locator("#samples button").first.click()
        wait_for_state(page, "unreadable")
        assert page.inner_text("#card-text").startswith("The sample cannot be loaded")
        assert page.record.errors == ["Failed to load resource: net::ERR_FAILED"]


def test_samples_drop_and_paste(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        wait_for_state(page, "ready")
        page.get_by_role("radio", name="Picture").check()
        page.get_by_role("button", name="portrait").click()
        page.wait_for_selector("#stage:not([data-state])")
        assert page.evaluate("picture.width") == 300
        for event, source in (("drop", "dataTransfer"), ("paste", "clipboardData")):
            page.evaluate(
                """async ([event, source]) => {
                  const response = await fetch('samples/two-faces.jpg');
                  const transfer = new DataTransfer();
                  transfer.items.add(new File([await response.blob()], 'a.jpg', {type: 'image/jpeg'}));
                  const Kind = event === 'drop' ? DragEvent : ClipboardEvent;
                  picture.width = 16;
                  document.getElementById('stage').dispatchEvent(new Kind(event, {bubbles: true, [source]: transfer}));
                }""",
                [event, source],
            )
            until(page, "picture.width === 400")


def test_a_video_file_is_followed_and_one_without_pictures_refused(server: Server, browser, tmp_path: Path):
    path = tmp_path / "clip.webm"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"VP80"), 10, (160, 120))
    for level in range(30):
        writer.write(np.full((120, 160, 3), level * 8, np.uint8))
    writer.release()
    sound = io.BytesIO()
    with wave.open(sound, "wb") as stream:
        stream.setnchannels(1), stream.setsampwidth(2), stream.setframerate(8000)
        stream.writeframes(bytes(8000))
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        wait_for_state(page, "ready")
        open_file(page, sound.getvalue(), "sound.wav", "audio/wav")
        until(page, "document.getElementById('card-text').textContent.includes('only sound')")
        open_file(page, b"nothing", "clip.mp4", "video/mp4")
        until(page, "document.getElementById('card-text').textContent.includes('cannot play')")
        open_file(page, path.read_bytes(), "clip.webm", "video/webm")
        page.wait_for_selector("#stage:not([data-state])")
        page.wait_for_selector(".face")
        assert page.evaluate("video.videoWidth") == 160
        hide(page, True)
        assert "video waits" in page.inner_text("#card-text") and page.evaluate("video.paused")
        hide(page, False)
        assert state_of(page) is None


def test_the_last_minute_is_exported_as_csv_and_json(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": TWO_FACES}) as page:
        assert page.locator("#export-csv").is_disabled()
        start_camera(page)
        page.wait_for_selector(".face")
        page.wait_for_timeout(800)
        with page.expect_download() as waiting:
            page.get_by_role("button", name="CSV").click()
        rows = list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text(), newline="")))
        assert {row["face"] for row in rows} == {"1", "2"} and {row["label"] for row in rows} == {
            "happy",
            "neutral",
        }
        assert sum(float(rows[0][f"p_{name}"]) for name in ("angry", "disgust", "fear", "happy")) > 0.5
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", rows[0]["time"])
        with page.expect_download() as waiting:
            page.get_by_role("button", name="JSON").click()
        value = json.loads(Path(waiting.value.path()).read_text())
        assert (value["model"], value["engine"], len(value["labels"])) == ("small", "tfjs", 7)
        assert sum(value["samples"][0]["probabilities"]) == pytest.approx(1, abs=0.01)
