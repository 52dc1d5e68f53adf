"""What is in view: on a phone upright and on its side, of pictures and of many faces, in headless Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browser import (
    chromium_before_a_wall,
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

DESKTOP, PHONE, ON_ITS_SIDE = ({"width": w, "height": h} for w, h in ((1280, 800), (390, 844), (844, 390)))
SMALL_PHONE = {"width": 568, "height": 320}
PICTURE = Path(__file__).parents[2] / "web/static/icons/mark-192.png"
MANY = [[0.02 + 0.08 * index, 0.1, 0.06, 0.12] for index in range(12)]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    with chromium_before_a_wall(tmp_path_factory.mktemp("camera")) as running:
        yield running


@pytest.mark.parametrize(
    "size", [DESKTOP, PHONE, ON_ITS_SIDE, SMALL_PHONE], ids=lambda size: f"{size['width']}"
)
def test_the_button_that_starts_is_in_view_and_nothing_is_wider_than_the_page(
    server: Server, browser, size: dict
):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}, viewport=size) as page:
        wait_for_state(page, "ready")
        box = page.get_by_role("button", name="Start camera").bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= size["height"]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_narrowest_phone_scrolls_down_only(server: Server, browser, language: str):
    address = f"{server.url}?lang={language}"
    with page_of(browser, address, mock={"boxes": ONE_FACE}, viewport={"width": 320, "height": 568}) as page:
        for _ in range(2):  # at rest, and with a face
            assert page.evaluate("document.documentElement.scrollWidth") == 320
            for button in page.locator(".tools button:visible").all():
                box = button.bounding_box()
                assert box["x"] >= 0 and box["x"] + box["width"] <= 320 and box["height"] >= 40
            if state_of(page):
                wait_for_state(page, "ready")
                page.click("#card-action")
                page.wait_for_selector(".face")


@pytest.mark.parametrize("size", [ON_ITS_SIDE, SMALL_PHONE], ids=lambda size: f"{size['width']}")
def test_on_its_side_a_phone_shows_picture_and_faces_beside_each_other(server: Server, browser, size: dict):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}, viewport=size) as page:
        start_camera(page)
        page.wait_for_selector(".face")
        stage, face = page.locator("#stage").bounding_box(), page.locator(".face-label").bounding_box()
        assert stage["y"] + stage["height"] <= size["height"]
        assert face["x"] >= stage["x"] + stage["width"] and face["y"] < stage["y"] + stage["height"]


def test_a_picture_has_neither_times_nor_a_minute(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        wait_for_state(page, "ready")
        assert page.locator("#chart").is_visible() and page.locator("#speed").is_visible()
        page.set_input_files("#file", str(PICTURE))
        page.wait_for_selector(".face")
        assert not page.locator("#chart").is_visible() and not page.locator("#speed").is_visible()
        page.locator("input[name=mode][value=camera]").check()
        until(page, "document.getElementById('chart').offsetHeight > 0")


def test_a_long_list_of_faces_shows_that_it_goes_on(server: Server, browser):
    """Its last cards are beyond its edge, where there is a shadow as long as there is more."""
    with page_of(browser, server.url, mock={"boxes": MANY}, viewport=DESKTOP) as page:
        start_camera(page)
        until(page, "document.querySelectorAll('.face').length === 12")
        assert page.evaluate("faces.scrollHeight > faces.clientHeight + 100")
        assert page.evaluate("getComputedStyle(faces).backgroundAttachment") == "local, local, scroll, scroll"
