"""A video's seek bar, and the ways into it from what was read, in headless Chromium; how that looks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.browser import (
    READING,
    chromium_before_a_wall,
    page_of,
    passing,
    require_chromium,
    start_camera,
    until,
    wait_for_state,
)
from tests.support.videos import HAPPY, SURPRISE, write_video
from tests.support.web import Server, released_models, serving
from tests.web.test_video_whole import open_video, read

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")

SIZES = [(390, 844), (844, 390), (820, 1180), (1440, 900), (568, 320)]
MANY = [[0.02 + 0.1 * index, 0.1, 0.08, 0.12] for index in range(9)]
WORDS = "[...document.querySelectorAll('.face-label')].map((label) => label.textContent).join()"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--models", str(released_models())) as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    with chromium_before_a_wall(tmp_path_factory.mktemp("camera")) as running:
        yield running


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Four seconds of somebody who smiles, four of nobody, four of somebody who is surprised."""
    path = tmp_path_factory.mktemp("clip") / "clip.webm"
    return write_video(path, [(HAPPY, 4), (None, 4), (SURPRISE, 4)]).read_bytes()


def place(page) -> str:
    return page.get_attribute(".seek input", "aria-valuetext")


def test_paused_each_place_shows_its_own_faces(server: Server, browser, clip: bytes):
    with page_of(browser, server.url) as page:
        open_video(page, clip)
        page.click("#pause")
        bar = page.locator(".seek input")
        bar.focus()
        for key, expected, second, words in (
            ("Home", "0:00 of 0:12", 0, "happy"),
            ("ArrowRight", "0:01 of 0:12", 1, "happy"),
            ("PageUp", "0:11 of 0:12", 11, "surprise"),
            ("ArrowLeft", "0:10 of 0:12", 10, "surprise"),
        ):
            page.keyboard.press(key)
            until(page, f"Math.abs(video.currentTime - {second}) < 0.01 && {WORDS} === '{words}'")
            assert place(page) == expected and page.evaluate("video.paused")
        assert page.evaluate("document.activeElement === document.querySelector('.seek input')")
        bar.evaluate("(bar) => { bar.value = 6; bar.dispatchEvent(new Event('input', {bubbles: true})); }")
        until(page, f"Math.abs(video.currentTime - 6) < 0.01 && {WORDS} === ''")
        assert place(page) == "0:06 of 0:12"
        page.keyboard.press("End")
        until(page, f"video.currentTime > 11.8 && {WORDS} === 'surprise'")
        page.click("#pause")  # at its end it begins anew
        until(page, f"!video.paused && video.currentTime < 4 && {WORDS} === 'happy'")


def test_a_video_that_plays_or_has_ended_plays_on_from_there(server: Server, browser, clip: bytes):
    with page_of(browser, server.url) as page:
        open_video(page, clip)
        until(page, f"{WORDS} === 'happy'")
        until(page, "document.querySelector('.seek input').valueAsNumber > 0.5")
        bar = page.locator(".seek input")
        bar.click(position={"x": bar.bounding_box()["width"] * 0.7, "y": 16})
        until(page, f"video.currentTime > 8.2 && {WORDS} === 'surprise'")
        # A jump is no motion: who is seen there is counted from one again, and the minute begins anew.
        assert page.inner_text(".face-name") == "Face 1"
        until(page, "video.ended", 30)
        page.wait_for_timeout(300)
        page.keyboard.press("Home")
        until(page, f"!video.ended && !video.paused && video.currentTime < 4 && {WORDS} === 'happy'")
        bar.click(position={"x": bar.bounding_box()["width"] * 0.75, "y": 16})
        until(page, f"video.currentTime > 8.8 && {WORDS} === 'surprise'")


def test_there_is_a_bar_for_a_file_only(server: Server, browser, clip: bytes):
    shown = ".seek:visible, .read:visible, .whole:visible"
    with page_of(browser, server.url, reduced_motion="no-preference", service_workers="block") as page:
        wait_for_state(page, "demo")
        until(page, "video.currentTime > 0.3")
        assert page.locator(shown).count() == 0
        assert not [url for url in page.record.requests if "/page/video/" in url or url.endswith("video.css")]
        page.set_input_files("#file", {"name": "a.webm", "mimeType": "video/webm", "buffer": clip})
        page.wait_for_selector(".read button:enabled")
        assert page.locator(shown).count() == 2
        page.get_by_role("radio", name="Camera").check()
        assert page.locator(shown).count() == 0
        start_camera(page)
        assert page.locator(shown).count() == 0
        page.get_by_role("radio", name="Video").check()
        page.wait_for_selector(".read button:enabled")
        assert page.locator(shown).count() == 2 and page.inner_text("#pause") == "Resume"


def test_lines_and_best_frames_lead_to_their_place(server: Server, browser, clip: bytes):
    with page_of(browser, server.url) as page:
        open_video(page, clip)
        read(page, "5")
        strip = page.get_by_role("slider", name="Expressions of Face 2 over the video")
        strip.click(position={"x": strip.bounding_box()["width"] * 0.75, "y": 5})
        until(page, f"Math.abs(video.currentTime - 9) < 0.1 && {WORDS} === 'surprise'")
        until(
            page,
            "document.querySelectorAll('.line')[1].querySelector('.line-now').textContent === 'surprise'",
        )
        assert page.locator(".line-now").all_inner_texts() == ["not in view", "surprise"]
        strip.focus()
        page.keyboard.press("Home")
        until(page, f"video.currentTime < 0.01 && {WORDS} === 'happy'")
        assert strip.get_attribute("aria-valuetext") == "0:00 of 0:12: not in view"
        page.keyboard.press("PageUp")
        until(page, "document.activeElement.getAttribute('aria-valuetext') === '0:10 of 0:12: surprise'")
        heads = page.evaluate(
            "[...document.querySelectorAll('.playhead')].map(({style}) => parseFloat(style.left))"
        )
        assert heads == pytest.approx([83.3, 83.3], abs=0.5)
        page.locator(".best button").first.click()
        until(page, f"video.currentTime < 4 && {WORDS} === 'happy'")
        page.click("#pause")
        place_now = page.evaluate("parseFloat(document.querySelector('.playhead').style.left)")
        until(page, f"parseFloat(document.querySelector('.playhead').style.left) > {place_now} + 3")


def test_of_many_faces_those_seen_longest_come_first_and_all_can_be_shown(
    server: Server, browser, clip: bytes
):
    with page_of(browser, server.url, mock={"boxes": MANY}) as page:
        open_video(page, clip)
        read(page, "5")
        assert page.locator(".line").count() == 6
        more = page.get_by_role("button", name="Show all 9 faces")
        assert more.get_attribute("aria-expanded") == "false"
        more.click()
        assert page.locator(".line-name").all_inner_texts() == [f"Face {number}" for number in range(1, 10)]
        page.get_by_role("button", name="Show fewer").click()
        assert page.locator(".line").count() == 6


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(
    server: Server, browser, clip: bytes, scheme: str
):
    axe_package = pytest.importorskip("axe_playwright_python.sync_playwright")
    with page_of(browser, server.url, color_scheme=scheme) as page:
        open_video(page, clip)
        with passing(page, READING):
            page.click(".read button")
        assert axe_package.Axe().run(page).response["violations"] == []
        until(page, "document.querySelector('.read progress').hidden", 60)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(100)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            stage, bar, strip = (
                page.locator(name).first.bounding_box() for name in ("#stage", ".seek", ".strip")
            )
            assert 0 <= bar["y"] - (stage["y"] + stage["height"]) < 20
            assert bar["y"] + bar["height"] <= height, "the bar is in view with the picture"
            assert strip["width"] > 180 and strip["height"] >= 24
            assert axe_package.Axe().run(page).response["violations"] == []
