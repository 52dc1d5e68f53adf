"""The page in headless Chromium, with a stand-in for the recognizer: every state, mode and control.

What the real networks answer is tested in test_web_live.py.
"""

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
from helpers_browser import chromium, page_of, require_chromium, until, write_camera
from helpers_web import Server, serving, write_model

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
ONE_FACE = [[0.3, 0.2, 0.3, 0.4]]
TWO_FACES = [[0.1, 0.2, 0.3, 0.4], [0.55, 0.2, 0.3, 0.4]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    models = tmp_path_factory.mktemp("models")
    write_model(models / "small", accuracy=0.712)
    write_model(models / "many", labels=tuple(f"a rather long class name {index}" for index in range(50)))
    with serving("--models", str(models)) as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    frames = [np.full((480, 640), level, np.uint8) for level in range(60, 180, 4)]
    with chromium(write_camera(tmp_path_factory.mktemp("camera") / "grey.mjpeg", frames)) as running:
        yield running


def state_of(page) -> str | None:
    return page.get_attribute("#stage", "data-state")


def wait_for_state(page, name: str) -> None:
    page.wait_for_selector(f'#stage[data-state="{name}"]')


def start_camera(page) -> None:
    page.get_by_role("button", name="Start camera").click()
    page.wait_for_selector("#stage:not([data-state])")


def test_loading_shows_progress_and_then_offers_the_camera(server: Server, browser):
    with page_of(browser, server.url, mock={"delay": 1200}) as page:
        wait_for_state(page, "loading")
        until(page, "document.getElementById('card-progress').value > 0.3")
        wait_for_state(page, "ready")
        assert page.locator("#card-progress").is_hidden()


def test_faces_get_boxes_bars_figures_and_an_announcement(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": TWO_FACES}) as page:
        start_camera(page)
        until(page, "document.querySelectorAll('.face').length === 2")
        assert page.locator(".face-label").all_inner_texts() == ["happy", "neutral"]
        assert page.locator(".face").first.locator(".bar").count() == 7
        assert page.inner_text("#detect-time") == "3.2 ms" and page.inner_text("#classify-time") == "2.2 ms"
        until(page, "Number(document.getElementById('frame-rate').textContent) > 2")
        until(page, "document.getElementById('announcer').textContent === '2 faces: happy, neutral.'")
        drawn = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v > 0)"
        assert page.eval_on_selector("#overlay", drawn)


def test_the_live_region_does_not_chatter(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        page.evaluate(
            "window.said = []; new MutationObserver(() => said.push(announcer.textContent))"
            ".observe(document.getElementById('announcer'), {childList: true})"
        )
        start_camera(page)
        page.evaluate(
            "window.flicker = setInterval(() => { mock.boxes = mock.boxes.length ? [] : [[0.3, 0.2, 0.3, 0.4]]; }, 300)"
        )
        page.wait_for_timeout(3000)
        page.evaluate("clearInterval(flicker); mock.boxes = []")
        until(page, "document.getElementById('announcer').textContent === 'No face in view.'")
        assert len([text for text in page.evaluate("said") if "face" in text.lower()]) <= 2


def test_the_camera_can_be_refused(server: Server, browser):
    with page_of(browser, server.url, mock={}, camera=False) as page:
        page.get_by_role("button", name="Start camera").click()
        wait_for_state(page, "refused")
        assert "address bar" in page.inner_text("#card-text")
        page.context.grant_permissions(["camera"])
        page.get_by_role("button", name="Try again").click()
        page.wait_for_selector("#stage:not([data-state])")


def test_there_may_be_no_camera(server: Server, browser):
    with chromium(device=False, beside=browser) as bare, page_of(bare, server.url, mock={}) as page:
        page.get_by_role("button", name="Start camera").click()
        wait_for_state(page, "nocamera")
        page.get_by_role("radio", name="Picture").check()
        wait_for_state(page, "picture")


def test_the_camera_can_be_busy_or_unplugged(server: Server, browser):
    with page_of(browser, server.url, mock={}) as page:
        start_camera(page)
        page.wait_for_selector(".face")
        page.evaluate("video.srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))")
        wait_for_state(page, "unplugged")
        assert page.locator(".face").count() == 0
        page.evaluate(
            "void (navigator.mediaDevices.getUserMedia = async () => {throw new DOMException('', 'NotReadableError')})"
        )
        page.get_by_role("button", name="Start again").click()
        wait_for_state(page, "busy")


@pytest.mark.parametrize(
    ("boxes", "hint"),
    [
        ([], "No face in view"),
        ([[0.4, 0.4, 0.04, 0.05]], "The face is too small: come closer"),
        ([[-0.1, 0.2, 0.4, 0.5]], "The face is cut off: move into the middle"),
    ],
)
def test_a_hint_says_what_is_wrong_with_the_view(server: Server, browser, boxes: list, hint: str):
    with page_of(browser, server.url, mock={"boxes": boxes}) as page:
        start_camera(page)
        page.wait_for_selector("#hint:not([hidden])")
        assert page.inner_text("#hint") == hint
        page.evaluate(f"mock.boxes = {json.dumps(ONE_FACE)}")
        page.wait_for_selector("#hint", state="hidden")


def test_nothing_is_looked_at_while_hidden_paused_or_stopped(server: Server, browser):
    def counts(page) -> int:
        page.wait_for_timeout(300)
        first = page.evaluate("calls")
        page.wait_for_timeout(500)
        return page.evaluate("calls") - first

    def hide(page, hidden: bool) -> None:
        page.evaluate(
            f"Object.defineProperty(document, 'hidden', {{value: {str(hidden).lower()}, configurable: true}});"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )

    with page_of(browser, server.url, mock={}) as page:
        start_camera(page)
        assert counts(page) > 0
        hide(page, True)
        assert state_of(page) == "hidden" and counts(page) == 0
        hide(page, False)
        assert state_of(page) is None and counts(page) > 0
        page.get_by_role("button", name="Pause").click()
        assert counts(page) == 0
        page.get_by_role("button", name="Resume").click()
        assert counts(page) > 0
        page.get_by_role("button", name="Stop").click()
        assert counts(page) == 0 and page.evaluate("video.srcObject") is None


@pytest.mark.parametrize(
    ("error", "state", "words"),
    [
        ("ModelDamagedError", "damaged", "damaged"),
        ("ModelMissingError", "missing", "missing"),
        ("SimdMissingError", "simd", "too old"),
        ("InsecureContextError", "insecure", "not secure"),
        ("Error", "failed", "wrong"),
    ],
)
def test_what_cannot_be_loaded_is_said_plainly(server: Server, browser, error: str, state: str, words: str):
    with page_of(browser, server.url, mock={"loadError": error}) as page:
        wait_for_state(page, state)
        assert words in page.inner_text("#card-title")
        assert words in page.inner_text("#announcer")


def test_an_error_while_running_is_shown_and_ends_the_camera(server: Server, browser):
    with page_of(browser, server.url, mock={}) as page:
        start_camera(page)
        page.evaluate("mock.error = 'the network fell over'")
        wait_for_state(page, "failed")
        assert page.inner_text("#card-text") == "the network fell over"
        assert page.evaluate("video.srcObject") is None


def test_being_offline_is_said(server: Server, browser):
    with page_of(browser, server.url, mock={}, check=False) as page:
        page.context.set_offline(True)
        page.wait_for_selector("#notice-offline")
        page.context.set_offline(False)
        page.wait_for_selector("#notice-offline", state="detached")


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
    "12,000 pixels": (lambda: picture(12_000, 12_000, ".jpg"), (1600, 1600)),
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


def test_what_is_no_picture_is_refused_in_plain_words_and_the_page_goes_on(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        wait_for_state(page, "ready")
        for name, (content, words) in BAD_PICTURES.items():
            open_file(page, content, name)
            until(page, f"document.getElementById('card-text').textContent.includes({words!r})")
            assert state_of(page) == "unreadable", name
        open_file(page, picture(100, 100))
        page.wait_for_selector("#stage:not([data-state])")


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
        until(page, "document.getElementById('card-text').textContent.includes('no video track')")
        open_file(page, b"nothing", "clip.mp4", "video/mp4")
        until(page, "document.getElementById('card-text').textContent.includes('cannot play')")
        open_file(page, path.read_bytes(), "clip.webm", "video/webm")
        page.wait_for_selector("#stage:not([data-state])")
        page.wait_for_selector(".face")
        assert page.evaluate("video.videoWidth") == 160


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


def test_model_choice_fifty_classes_and_how_good_it_is(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        wait_for_state(page, "ready")
        assert "71.2" in page.inner_text("#quality") and "69.7–72.7" in page.inner_text("#quality")
        assert "3,589 faces of FER2013 PrivateTest" in page.inner_text("#quality")
        page.select_option("#model", label="many")
        until(page, "document.querySelectorAll('#legend li').length === 50")
        wait_for_state(page, "ready")
        start_camera(page)
        until(page, "document.querySelectorAll('.face .bar').length === 50")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_everything_works_from_the_keyboard(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": TWO_FACES}) as page:
        wait_for_state(page, "ready")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        for _ in range(8):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "card-action":
                break
        page.keyboard.press("Enter")
        until(page, "document.querySelectorAll('.face').length === 2")
        page.locator(".face-head").nth(1).focus()
        page.keyboard.press("Enter")
        assert page.locator(".face-head").nth(1).get_attribute("aria-pressed") == "true"
        page.locator('input[value="camera"]').focus()
        page.keyboard.press("ArrowRight")
        wait_for_state(page, "picture")


def test_mirror_turns_the_picture_and_the_boxes(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": [[0.1, 0.3, 0.2, 0.3]]}) as page:
        start_camera(page)
        page.wait_for_selector(".face")
        left = """() => { const c = overlay, d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
          let sum = 0, n = 0;
          for (let i = 3; i < d.length; i += 4) if (d[i]) { sum += ((i - 3) / 4) % c.width; n++; }
          return sum / n / c.width < 0.5; }"""
        assert page.evaluate(left) is False
        page.get_by_role("button", name="Mirror").click()
        until(page, f"({left})()")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing(server: Server, browser, scheme: str, viewport: dict):
    axe_package = pytest.importorskip("axe_playwright_python.sync_playwright")
    axe = axe_package.Axe()
    with page_of(
        browser,
        server.url,
        mock={"boxes": TWO_FACES},
        color_scheme=scheme,
        viewport=viewport,
        bypass_csp=True,
    ) as page:
        wait_for_state(page, "ready")
        assert axe.run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        start_camera(page)
        page.wait_for_selector(".face")
        assert axe.run(page).response["violations"] == []
        page.get_by_role("radio", name="Picture").check()
        wait_for_state(page, "picture")
        assert axe.run(page).response["violations"] == []


def test_reduced_motion_stops_every_transition(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}, reduced_motion="reduce") as page:
        start_camera(page)
        page.wait_for_selector(".face")
        assert page.eval_on_selector(".bar-fill", "node => getComputedStyle(node).transitionDuration") == "0s"


def test_the_checks_catch_a_policy_violation_and_another_origin(server: Server, browser):
    with page_of(browser, server.url, mock={}, check=False) as page:
        wait_for_state(page, "ready")
        page.record.check()
        page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'), {textContent: '1'}))"
        )
        page.wait_for_timeout(200)
        with pytest.raises(AssertionError, match="Content Security Policy"):
            page.record.check()
        page.record.errors.clear()
        other = page.context.new_page()
        other.goto("about:blank")
        other.evaluate("fetch('http://canary.example/').catch(() => {})")
        other.wait_for_timeout(300)
        with pytest.raises(AssertionError, match=r"canary\.example"):
            page.record.check()
