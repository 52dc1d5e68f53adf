"""The page in headless Chromium, with a stand-in for the recognizer: every state that it can be in.

Modes and controls are in test_web_modes.py and test_web_use.py; what the real networks answer in test_web_live.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.support.browser import (
    chromium,
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


def test_loading_shows_progress_and_then_offers_the_camera(server: Server, browser):
    with page_of(browser, server.url, mock={"delay": 1200}) as page:
        wait_for_state(page, "loading")
        until(page, "document.getElementById('card-progress').value > 0.3")
        wait_for_state(page, "ready")
        assert page.locator("#card-progress").is_hidden()


def test_a_mode_that_is_chosen_while_loading_is_shown_after_it(server: Server, browser):
    with page_of(browser, server.url, mock={"delay": 1200}) as page:
        wait_for_state(page, "loading")
        page.check('input[value="picture"]')
        assert state_of(page) == "loading"
        wait_for_state(page, "picture")


def test_faces_get_boxes_bars_figures_and_an_announcement(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": TWO_FACES}) as page:
        start_camera(page)
        until(page, "document.querySelectorAll('.face').length === 2")
        assert page.locator(".face-label").all_inner_texts() == ["happy", "neutral"]
        page.get_by_role("button", name="Face 1: all expressions").click()
        assert page.locator(".face").first.locator(".bar").count() == 7
        assert page.inner_text("#detect-time") == "3.2 ms" and page.inner_text("#classify-time") == "2.2 ms"
        until(page, "Number(document.getElementById('frame-rate').textContent) > 2")
        until(page, "document.getElementById('announcer').textContent === '2 faces: happy, neutral.'")
        drawn = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v > 0)"
        assert page.eval_on_selector("#overlay", drawn)


def test_times_are_as_exact_as_the_browsers_clock(server: Server, browser):
    """Firefox and WebKit tell whole milliseconds, WebKit with what adding them up has left."""
    timings = {"detect": 57.99999999999818, "classify": 4.04}
    with page_of(browser, server.url, mock={"boxes": ONE_FACE, "timings": timings}) as page:
        start_camera(page)
        until(page, "document.getElementById('detect-time').textContent === '58 ms'")
        assert page.inner_text("#classify-time") == "4.0 ms"


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

    with page_of(browser, server.url, mock={}) as page:
        start_camera(page)
        assert counts(page) > 0
        hide(page, True)
        assert state_of(page) == "hidden" and counts(page) == 0
        hide(page, False)
        page.wait_for_selector("#stage:not([data-state])")
        assert counts(page) > 0
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
