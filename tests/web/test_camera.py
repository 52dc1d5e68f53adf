"""The camera in headless Chromium, with a stand-in for the recognizer: off while the tab is hidden, and refusals."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

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
from tests.support.web import ONE_FACE, Server

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")

# Notes every camera that is opened: what was asked for, and its track.
WATCHER = """() => {
window.asked = [];
window.tracks = [];
const original = MediaDevices.prototype.getUserMedia;
MediaDevices.prototype.getUserMedia = async function (constraints) {
  asked.push(constraints.video);
  const stream = await original.call(this, constraints);
  tracks.push(stream.getVideoTracks()[0]);
  return stream;
};
}"""
LIVE = "tracks.filter((track) => track.readyState === 'live').length"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    with chromium_before_a_wall(tmp_path_factory.mktemp("camera")) as running:
        yield running


def rows_of(page) -> list[dict[str, str]]:
    """Returns what the page exports as CSV."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").click()
    return list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text(), newline="")))


def test_a_hidden_tab_turns_the_camera_off_and_goes_on_where_it_was(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        page.evaluate(WATCHER)
        start_camera(page)
        page.wait_for_selector(".face")
        page.get_by_role("button", name="Mirror").click()
        page.wait_for_timeout(500)
        before = rows_of(page)
        hide(page, True)
        assert state_of(page) == "hidden"
        assert page.evaluate(LIVE) == 0, "the camera's light is still on"
        assert page.evaluate("video.srcObject") is None and page.locator(".face").count() == 0
        calls = page.evaluate("calls")
        page.wait_for_timeout(500)
        assert page.evaluate("calls") == calls
        hide(page, False)
        page.wait_for_selector("#stage:not([data-state])")
        page.wait_for_selector(".face")
        assert page.evaluate(LIVE) == 1
        first, again = page.evaluate("tracks.map((track) => track.getSettings().deviceId)")
        assert first == again and page.evaluate("asked[1].deviceId.exact") == first
        assert page.get_attribute("#mirror", "aria-pressed") == "false"
        assert page.evaluate("resets") == 1, "tracks are forgotten"
        after = rows_of(page)
        assert after[: len(before)] == before and len(after) > len(before)
        assert {row["face"] for row in after} == {"1"}


def test_a_paused_camera_is_turned_off_too_and_opened_by_resume_only(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        page.evaluate(WATCHER)
        start_camera(page)
        page.wait_for_selector(".face")
        page.get_by_role("button", name="Pause").click()
        hide(page, True)
        assert page.evaluate(LIVE) == 0
        hide(page, False)
        page.wait_for_timeout(300)
        assert page.evaluate(LIVE) == 0 and state_of(page) is None
        assert page.evaluate("video.srcObject !== null"), "the last picture is gone"
        page.get_by_role("button", name="Resume").click()
        until(page, f"{LIVE} === 1 && !document.getElementById('stage').dataset.state")


def test_hidden_while_it_opens_and_back_and_hidden_again(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        wait_for_state(page, "ready")
        page.evaluate(WATCHER)
        page.get_by_role("button", name="Start camera").click()
        hide(page, True)
        wait_for_state(page, "hidden")
        assert page.evaluate(LIVE) == 0
        for hidden in (False, True, False, True):
            hide(page, hidden)
        page.wait_for_timeout(700)
        assert page.evaluate(LIVE) == 0 and state_of(page) == "hidden"
        hide(page, False)
        page.wait_for_selector(".face")
        assert page.evaluate(LIVE) == 1
        page.get_by_role("button", name="Stop").click()
        hide(page, True)
        hide(page, False)
        page.wait_for_timeout(300)
        assert page.evaluate(LIVE) == 0 and state_of(page) == "ready"


def test_front_back_and_each_camera_by_name_can_be_chosen(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        wait_for_state(page, "ready")
        page.evaluate(WATCHER)
        assert page.locator("#camera option").all_inner_texts()[:2] == ["Front", "Back"]
        page.select_option("#camera", "environment")
        start_camera(page)
        assert page.evaluate("asked.at(-1).facingMode") == "environment"
        named = page.locator("#camera option").nth(2)
        page.select_option("#camera", named.get_attribute("value"))
        until(page, "asked.length === 2 && !document.getElementById('stage').dataset.state")
        assert page.evaluate("asked.at(-1).deviceId.exact") == named.get_attribute("value")
        assert page.evaluate("tracks.map((track) => track.readyState)") == ["ended", "live"]
        page.wait_for_selector(".face")


def test_a_camera_that_is_gone_when_the_tab_is_back(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        start_camera(page)
        named = page.locator("#camera option").nth(2)
        page.select_option("#camera", named.get_attribute("value"))
        page.wait_for_selector("#stage:not([data-state])")
        hide(page, True)
        refuse(page, "OverconstrainedError")
        hide(page, False)
        wait_for_state(page, "gone")
        assert page.inner_text("#card-title") == "That camera is not connected"


@pytest.mark.parametrize("choice", ["user", "environment"])
def test_where_no_camera_was_named_none_is_called_not_connected(server: Server, browser, choice: str):
    """WebKit says OverconstrainedError where there is no camera at all, Chromium NotFoundError."""
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        wait_for_state(page, "ready")
        page.select_option("#camera", choice)
        refuse(page, "OverconstrainedError")
        page.get_by_role("button", name="Start camera").click()
        wait_for_state(page, "nocamera")
        assert page.inner_text("#card-title") == "No camera found"


def refuse(page, error: str) -> None:
    """Lets every camera be refused with this error from now on."""
    page.evaluate(
        """(name) => {
          navigator.mediaDevices.getUserMedia = async () => {
            if (name === 'OverconstrainedError') throw new OverconstrainedError('deviceId');
            throw new DOMException('why', name);
          };
        }""",
        error,
    )


@pytest.mark.parametrize(
    ("error", "state", "words"),
    [
        ("NotAllowedError", "refused", "address bar"),
        ("SecurityError", "refused", "address bar"),
        ("NotFoundError", "nocamera", "Connect one"),
        ("NotReadableError", "busy", "Another program"),
        ("AbortError", "nopicture", "no picture"),
        ("InvalidStateError", "failed", "why"),
    ],
)
def test_each_error_of_getusermedia_has_its_state(
    server: Server, browser, error: str, state: str, words: str
):
    with page_of(browser, server.url, mock={}) as page:
        wait_for_state(page, "ready")
        refuse(page, error)
        page.get_by_role("button", name="Start camera").click()
        wait_for_state(page, state)
        assert words in page.inner_text("#card-text")
        assert page.inner_text("#card-title") in page.inner_text("#announcer")
        assert page.locator("#stop").is_disabled()
