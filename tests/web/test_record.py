"""Recordings of the page's picture with the real recognizer in headless Chromium: opened again, paused, never lost."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import pytest

from tests.support.browser import chromium, hide, on_canvas, page_of, require_chromium, until, write_camera
from tests.support.web import Server, released_models, serving

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")
data = pytest.importorskip("skimage.data", reason="scikit-image is not installed: requirements-dev.txt")

NAME = r"expressions-\d{4}-\d{2}-\d{2}-\d{6}\.webm"
# Whether the browser would ask before it leaves the page.
ASKED = """() => {
const event = new Event('beforeunload', {cancelable: true});
dispatchEvent(event);
return event.defaultPrevented;
}"""
HAPPY = "document.querySelector('.face-label')?.textContent === 'happy'"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--models", str(released_models())) as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    path = tmp_path_factory.mktemp("camera") / "portrait.mjpeg"
    with chromium(write_camera(path, [on_canvas(data.astronaut())])) as running:
        yield running


def record(page) -> None:
    """Starts the camera and records it."""
    until(page, "document.getElementById('stage')?.dataset.state === 'ready'", 60)
    assert page.locator("#record").is_disabled()
    page.get_by_role("button", name="Start camera").click()
    until(page, HAPPY)
    page.get_by_role("button", name="Record", exact=True).click()
    page.wait_for_selector(".recording:not([hidden])")
    until(page, "announcer.textContent.startsWith('Recording.')")


def seconds_of(page) -> int:
    """What the page's clock says."""
    minutes, seconds = page.inner_text(".recording").split(":")
    return 60 * int(minutes) + int(seconds)


def listen(page) -> Callable[[], str]:
    """Returns what tells all that a screen reader was given from now on."""
    page.evaluate(
        "window.heard = []; new MutationObserver(() => heard.push(announcer.textContent))"
        ".observe(announcer, {childList: true, characterData: true, subtree: true})"
    )
    return lambda: " ".join(page.evaluate("heard"))


def offered(page) -> tuple[bytes, float]:
    """Waits for a recording that is offered and saves it; returns it with its length in seconds."""
    page.wait_for_selector(".offer video")
    assert page.locator(".recording").is_hidden() and page.inner_text("#record") == "Record"
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save").click()
    assert re.fullmatch(NAME, waiting.value.suggested_filename)
    return Path(waiting.value.path()).read_bytes(), page.evaluate(
        "document.querySelector('.offer video').duration"
    )


def test_what_was_recorded_opens_again_as_a_video_of_known_length_with_its_face(
    server: Server, browser, tmp_path
):
    with page_of(browser, server.url) as page:
        record(page)
        until(page, "document.querySelector('.recording').textContent === '0:03'")
        page.get_by_role("button", name="Finish recording").click()
        content, length = offered(page)
        assert 2.9 < length < 6
        assert page.inner_text(".offer-title").startswith("Recording, 0:0")
        assert "640\u202f×\u202f480" in page.inner_text(".offer-title")
        assert page.inner_text(".offer-text .muted").endswith("opened here, it gets them once more.")
        page.get_by_role("button", name="Stop").click()
        name = page.evaluate(
            "import('./page/share/names.js').then((m) => m.fileName('video/webm', new Date()))"
        )
        page.set_input_files("#file", {"name": name, "mimeType": "video/webm", "buffer": content})
        until(page, HAPPY)
        own = "This recording was made here, with boxes and labels in it: those of now stand over them."
        until(page, f"document.querySelector('.read p')?.textContent.startsWith({own!r})")
        assert page.locator(".face").count() == 1
        assert page.evaluate("[video.videoWidth, video.videoHeight]") == [640, 480]
        assert page.evaluate("video.duration") == length
        until(page, "video.ended")
        page.evaluate("video.currentTime = 1")
        until(page, "!video.seeking && Math.abs(video.currentTime - 1) < 0.2 && video.readyState >= 2")
    path = tmp_path / "a.webm"
    path.write_bytes(content)
    film = cv2.VideoCapture(str(path))
    frames = []
    while (read := film.read())[0]:
        frames.append(read[1])
    assert len(frames) > 10
    # Mirrored as it is shown, with a white word on dark above the face.
    last = frames[-1].astype(int)
    plain = on_canvas(data.astronaut())[:, ::-1, ::-1].astype(int)
    assert abs(last - plain).mean() < 16 < abs(last - plain[:, ::-1]).mean()
    drawn = (abs(last - plain).max(axis=2) > 70).nonzero()
    assert 20 < drawn[0].mean() < 170 and 320 < drawn[1].mean() < 420


def test_a_pause_of_the_run_is_none_of_the_recording(server: Server, browser):
    with page_of(browser, server.url) as page:
        record(page)
        until(page, "document.querySelector('.recording').textContent === '0:01'")
        began = time.monotonic()
        page.get_by_role("button", name="Pause").click()
        until(page, "announcer.textContent.includes('The recording is paused.')")
        before = seconds_of(page)
        page.wait_for_timeout(3500)
        assert seconds_of(page) == before and page.locator(".recording.rests").count() == 1
        page.get_by_role("button", name="Resume").click()
        until(page, "announcer.textContent.includes('The recording goes on.')")
        paused = time.monotonic() - began
        until(page, f"document.querySelector('.recording').textContent === '0:0{before + 2}'")
        began = time.monotonic()
        page.get_by_role("button", name="Finish recording").click()
        _, length = offered(page)
        assert before + 1.9 < length < before + 3 + time.monotonic() - began < before + 2 + paused


ENDS = {
    "another mode": lambda page: page.locator("input[name=mode][value=picture]").check(),
    "stop": lambda page: page.get_by_role("button", name="Stop").click(),
    "no camera any more": lambda page: page.evaluate(
        "void video.srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))"
    ),
    "hidden": lambda page: hide(page, True),
    "another camera": lambda page: page.select_option("#camera", "environment"),
}


@pytest.mark.parametrize("end", ENDS)
def test_what_ends_it_offers_it(server: Server, browser, end: str):
    with page_of(browser, server.url) as page:
        record(page)
        page.wait_for_timeout(1200)
        said = listen(page)
        ENDS[end](page)
        content, length = offered(page)
        assert content[:4] == bytes.fromhex("1a45dfa3") and length > 1
        assert "The recording has ended. It can be saved below the buttons." in said()
        page.locator(".offer").get_by_role("button", name="Close").click()
        assert page.locator(".offer").count() == 0


def test_another_model_is_loaded_meanwhile_and_it_goes_on(server: Server, browser):
    with page_of(browser, server.url) as page:
        record(page)
        page.evaluate(
            "window.rested = false; new MutationObserver(() => { rested ||= !!document.querySelector('.rests'); })"
            ".observe(document.querySelector('.recording'), {attributes: true})"
        )
        page.select_option("#model", label="nano")
        until(page, f"rested && !document.querySelector('.rests') && {HAPPY}")
        assert page.inner_text("#record") == "Finish"


def test_at_its_limit_it_ends_and_says_so(server: Server, browser):
    with page_of(browser, server.url, service_workers="block") as page:
        page.route(
            "**/page/share/limits.js",
            lambda route: route.fulfill(
                body="export const LIMITS = {bytes: 500_000_000, seconds: 2};", content_type="text/javascript"
            ),
        )
        record(page)
        said = listen(page)
        _, length = offered(page)
        assert 2 <= length < 4
        assert "The recording ended at its limit. The recording has ended." in said()
        assert "The recording ended at its limit." in page.inner_text(".offer")


def test_two_recordings_are_both_offered_and_leaving_asks_first(server: Server, browser):
    with page_of(browser, server.url) as page:
        record(page)
        for count in (1, 2):
            page.wait_for_timeout(600)
            page.get_by_role("button", name="Finish recording").click()
            until(page, f"document.querySelectorAll('.offer video').length === {count}")
            assert page.evaluate(ASKED) is True
            if count == 1:
                page.get_by_role("button", name="Record", exact=True).click()
        page.get_by_role("button", name="Discard").first.click()
        assert page.evaluate(ASKED) is True
        page.get_by_role("button", name="Discard").click()
        assert page.evaluate(ASKED) is False


@pytest.mark.parametrize("missing", ["window.MediaRecorder", "HTMLCanvasElement.prototype.captureStream"])
def test_a_browser_that_cannot_record_has_no_button_for_it(server: Server, browser, missing: str):
    with page_of(browser, server.url, script=f"delete {missing};") as page:
        until(page, "document.getElementById('stage')?.dataset.state === 'ready'", 60)
        assert page.locator("#record").is_hidden() and page.locator("#snapshot").is_visible()


def test_a_recorder_that_fails_is_told_of(server: Server, browser):
    script = "MediaRecorder.prototype.start = () => { throw new DOMException('no', 'NotSupportedError'); };"
    with page_of(browser, server.url, script=script) as page:
        until(page, "document.getElementById('stage')?.dataset.state === 'ready'", 60)
        page.get_by_role("button", name="Start camera").click()
        until(page, HAPPY)
        page.get_by_role("button", name="Record", exact=True).click()
        until(page, "announcer.textContent.includes('This browser cannot record the picture.')")
        assert page.inner_text("#record") == "Record" and page.locator(".face").count() == 1
