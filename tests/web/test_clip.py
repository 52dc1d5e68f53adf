"""The clip that the page opens on, with the real recognizer in headless Chromium: read live, in nobody's way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.browser import (
    chromium_before_a_wall,
    page_of,
    require_chromium,
    start_camera,
    state_of,
    until,
)
from tests.support.browser import wait_for_state as wait
from tests.support.web import Server, released_models, serving

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")

MOVES = {"reduced_motion": "no-preference"}
CLIP = "/samples/clip.webm"
# Every word that a face got, and every sentence that a screen reader was given.
LISTEN = """
window.words = new Set();
window.sentences = [];
new MutationObserver(() => {
  for (const label of document.querySelectorAll('.face-label')) words.add(label.textContent);
  const said = document.getElementById('announcer')?.textContent;
  if (said && sentences.at(-1) !== said) sentences.push(said);
}).observe(document, {subtree: true, childList: true, characterData: true});
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--models", str(released_models())) as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    with chromium_before_a_wall(tmp_path_factory.mktemp("camera")) as running:
        yield running


def test_it_is_read_before_anything_is_asked_for_and_makes_place_for_the_camera(server: Server, browser):
    with page_of(browser, server.url, service_workers="block", **MOVES) as page:
        page.evaluate(LISTEN)
        wait(page, "demo")
        until(page, "['neutral', 'happy', 'surprise'].every((word) => words.has(word))", 60)
        until(page, "document.querySelectorAll('.face').length === 3", 60)
        until(page, "video.currentTime > 13.5", 60)  # the portrait has smiled for long enough to be said
        assert page.evaluate("document.getElementById('neutral').hidden")
        assert not [said for said in page.evaluate("sentences") if "face:" in said or "faces:" in said]
        asked = [url.removeprefix(server.url.rstrip("/")) for url in page.record.requests]
        for network in ("small", "face_detector"):
            assert asked.index(CLIP) > asked.index(f"/models/{network}/tfjs/weights.bin")
        start_camera(page)
        until(page, "document.querySelectorAll('.face').length === 0")
        assert page.evaluate(
            "[video.loop, video.currentSrc.startsWith('blob:'), video.srcObject !== null]"
        ) == [
            False,
            False,
            True,
        ]
        until(page, "!document.getElementById('neutral').hidden")
        page.click("#stop")
        wait(page, "ready")  # seen once is enough


def test_it_can_be_paused_and_stopped(server: Server, browser):
    with page_of(browser, server.url, service_workers="block", **MOVES) as page:
        wait(page, "demo")
        page.wait_for_selector(".face")
        page.click("#pause")
        place = page.evaluate("video.currentTime")
        page.wait_for_timeout(300)
        assert page.evaluate("[video.paused, video.currentTime]") == [True, place]
        page.click("#pause")
        until(page, f"video.currentTime > {place}")
        page.click("#stop")
        wait(page, "ready")
        assert page.evaluate("document.querySelectorAll('.face').length") == 0
        assert page.get_attribute("#video", "src") is None


def test_another_mode_is_without_it_and_stays_so(server: Server, browser):
    with page_of(browser, server.url, service_workers="block", **MOVES) as page:
        wait(page, "demo")
        page.get_by_role("radio", name="Picture").check()
        wait(page, "picture")
        page.get_by_role("radio", name="Camera").check()
        wait(page, "ready")
        page.wait_for_timeout(300)
        assert state_of(page) == "ready"


def test_another_model_goes_on_with_it(server: Server, browser):
    with page_of(browser, server.url, service_workers="block", **MOVES) as page:
        wait(page, "demo")
        page.select_option("#model", label="nano")
        until(page, "document.querySelector('#quality .headline')?.textContent.startsWith('65.7')")
        wait(page, "demo")
        page.wait_for_selector(".face")


def test_who_wishes_for_less_motion_or_fewer_bytes_is_not_sent_it(server: Server, browser):
    with page_of(browser, server.url, service_workers="block") as page:
        wait(page, "ready")
        page.wait_for_timeout(300)
        assert state_of(page) == "ready"
        assert not [url for url in page.record.requests if url.endswith(CLIP)]
    context = browser.new_context(service_workers="block", **MOVES)
    try:
        context.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.goto(server.url)
        wait(page, "ready")
        page.wait_for_timeout(300)
        assert state_of(page) == "ready"
        assert not [url for url in asked if url.endswith(CLIP)]
    finally:
        context.close()


@pytest.mark.parametrize("way", ["none", "no clip", "broken off"])
def test_where_it_cannot_be_shown_the_page_says_what_it_says_without_it(server: Server, browser, way: str):
    def answer(route) -> None:
        if way == "broken off":
            route.abort()
        else:
            route.fulfill(status=404 if way == "none" else 200, body="no clip", content_type="video/webm")

    with page_of(browser, server.url, check=False, service_workers="block", **MOVES) as page:
        page.route(f"**{CLIP}", answer)
        page.reload()
        wait(page, "ready")
        page.wait_for_timeout(500)
        assert state_of(page) == "ready"
        assert page.record.errors == [] or all("Failed to load" in error for error in page.record.errors)
        start_camera(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [(1280, 800), (390, 844), (844, 390)])
def test_axe_finds_nothing_and_the_faces_are_in_view(server: Server, browser, scheme: str, viewport: tuple):
    axe_package = pytest.importorskip("axe_playwright_python.sync_playwright")
    size = {"width": viewport[0], "height": viewport[1]}
    look = {"viewport": size, "color_scheme": scheme, "service_workers": "block"}
    with page_of(browser, server.url, **look, **MOVES) as page:
        wait(page, "demo")
        page.wait_for_selector(".face")
        assert axe_package.Axe().run(page).response["violations"] == []
        card, stage = (page.locator(name).bounding_box() for name in ("#card", "#stage"))
        assert card["height"] < 0.4 * stage["height"]
        button = page.locator("#card-action").bounding_box()
        assert button["y"] + button["height"] <= size["height"]
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
