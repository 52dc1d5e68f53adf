"""Every mode of the page at every width: nothing is cut off, beside the window, or under something else.

Released networks, real server, headless Chromium. 320 CSS pixels are the narrowest phone, and 640 at 200 % zoom.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browser import (
    READING,
    chromium,
    on_canvas,
    page_of,
    passing,
    require_chromium,
    until,
    wait_for_state,
    write_camera,
)
from tests.support.layout import layout_faults
from tests.support.videos import HAPPY, SAMPLES, SURPRISE, write_video
from tests.support.web import Server, released_models, serving

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")
data = pytest.importorskip("skimage.data", reason="scikit-image is not installed: requirements-dev.txt")

# The third is a window of 640×480 at 200 %, the fourth a small phone on its side.
SIZES = [(320, 568), (390, 844), (320, 240), (568, 320), (768, 1024), (1280, 800)]
LANGUAGES = ["en", "de"]
LONG_NAME = "a_name_of_a_picture_that_is_much_longer_than_any_window_of_a_phone_is_wide.jpg"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--models", str(released_models())) as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    camera = write_camera(
        tmp_path_factory.mktemp("camera") / "portrait.mjpeg", [on_canvas(data.astronaut())] * 2
    )
    with chromium(camera) as running:
        yield running


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("clip") / "clip.webm"
    return write_video(path, [(HAPPY, 1), (SURPRISE, 1)]).read_bytes()


def give(page, *names: str, **files: bytes) -> None:
    """Chooses samples, and other pictures by their name."""
    contents = {name: (SAMPLES / name).read_bytes() for name in names} | files
    page.set_input_files(
        "#file",
        [{"name": name, "mimeType": "image/jpeg", "buffer": content} for name, content in contents.items()],
    )


def choose_mode(page, mode: str) -> None:
    page.locator(f"#modes input[value={mode}]").check(force=True)


def live_states(page) -> Iterator[str]:
    """The clip that the page opens on, then the camera: its buttons, full screen, snapshot and recording."""
    wait_for_state(page, "demo")
    page.wait_for_selector(".face")
    yield "opening clip"
    page.click("#card-action")
    until(page, "video.srcObject !== null && document.querySelectorAll('.face').length === 1", 40)
    page.locator(".face-more").click()
    yield "camera, a card open"
    page.click("#record")
    page.wait_for_selector(".recording:not([hidden])")
    yield "camera, recorded"
    page.click("#record")
    page.wait_for_selector(".offer video")
    page.click("#snapshot")
    page.wait_for_selector(".offer img")
    yield "camera, snapshot and recording offered"
    page.click("#full-screen")
    until(page, "document.fullscreenElement?.id === 'input'")
    yield "camera, full screen"
    page.click("#full-screen")
    until(page, "!document.fullscreenElement")
    page.click("#neutral-learn")
    until(
        page,
        "document.getElementById('neutral-progress').hidden && !document.getElementById('neutral-learn').disabled",
    )
    yield "camera, neutral face"
    page.click("#pause")
    page.locator(".figures > summary").click()
    yield "camera, paused, the figures open"
    page.click("#stop")
    wait_for_state(page, "ready")
    yield "camera's card"


def picture_states(page) -> Iterator[str]:
    """Pictures: the card, one that cannot be read, one with faces, the comparison."""
    choose_mode(page, "picture")
    wait_for_state(page, "picture")
    yield "picture's card"
    give(page, **{LONG_NAME: b"no picture"})
    wait_for_state(page, "unreadable")
    yield "picture that cannot be read"
    give(page, "three-faces.jpg")
    until(page, "document.querySelectorAll('.face').length === 3", 40)
    yield "picture of three"
    page.click("#compare")
    until(page, "document.querySelectorAll('.compare-regions li').length === 5", 40)
    until(page, "document.querySelector('.compare-heat progress').hidden", 40)
    page.locator(".compare-offer:visible button").click()
    until(page, "document.querySelectorAll('.compare-word').length === 9", 60)
    page.evaluate("for (const one of document.querySelectorAll('dialog details')) one.open = true")
    yield "comparison"
    page.locator(".compare-close").click()


def batch_states(page) -> Iterator[str]:
    """Many pictures: their grid, then one of them."""
    names = ("portrait.jpg", "surprise.jpg", "three-faces.jpg", "two-faces.jpg")
    give(page, *names, **{"broken.jpg": b"no picture", LONG_NAME: (SAMPLES / "surprised.jpg").read_bytes()})
    until(page, "document.querySelectorAll('.tile').length === 6")
    until(page, "document.querySelector('.batch-progress progress').hidden", 60)
    yield "batch"
    page.locator(".tile-open").last.click()
    page.wait_for_selector("#stage:not([data-state])")
    page.wait_for_selector(".face")
    yield "batch, one picture"
    page.locator(".batch-back").click()


def video_states(page, clip: bytes) -> Iterator[str]:
    """Videos: the card, one that plays, and all of it read."""
    choose_mode(page, "video")
    wait_for_state(page, "video")
    yield "video's card"
    page.set_input_files("#file", {"name": "clip.webm", "mimeType": "video/webm", "buffer": clip})
    page.wait_for_selector(".read button:enabled")
    yield "video"
    with passing(page, READING):
        page.locator(".read button").first.click()
    until(page, "document.querySelector('.read progress').hidden", 60)
    page.wait_for_selector(".whole .best button")
    yield "video, read whole"


def faults_of(page, states: Iterator[str], folder: Path | None = None) -> dict[str, list[str]]:
    """Returns what is wrong in each state at each size; with a folder, writes a picture of each there."""
    faults = {}
    for state in states:
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            found = layout_faults(page)
            if found:
                faults[f"{state}, {width}×{height}"] = found
            if folder:
                page.screenshot(
                    path=folder / f"{state} {width}x{height}.png", full_page="screen" not in state
                )
        page.set_viewport_size({"width": 1280, "height": 800})  # where a mouse reaches every button
    return faults


@pytest.mark.parametrize("language", LANGUAGES)
def test_clip_and_camera(server: Server, browser, language: str):
    address, moves = f"{server.url}?lang={language}", {"reduced_motion": "no-preference"}
    with page_of(browser, address, service_workers="block", **moves) as page:
        assert faults_of(page, live_states(page)) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_comparison_and_videos(server: Server, browser, clip: bytes, language: str):
    with page_of(browser, f"{server.url}?lang={language}", service_workers="block") as page:
        wait_for_state(page, "ready")
        for states in (picture_states(page), batch_states(page), video_states(page, clip)):
            assert faults_of(page, states) == {}
