"""The faces' cards in headless Chromium, with a stand-in for the recognizer: room, order, opening, changes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.support.browser import (
    chromium_before_a_wall,
    page_of,
    require_chromium,
    start_camera,
    until,
)
from tests.support.web import ONE_FACE, TWO_FACES, Server

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")

SIZES = {
    "desktop": (1440, 900),
    "laptop": (1280, 720),
    "tablet": (820, 1180),
    "phone": (390, 844),
    "on its side": (844, 390),
    "small on its side": (568, 320),
}
# Of the list of faces: how much of it is beyond its edge, and what is wider than where it stands.
BEYOND = "faces.scrollHeight - faces.clientHeight"
WIDER = """[...document.querySelectorAll('#faces, #faces *')].filter((node) => node.checkVisibility() &&
  node.scrollWidth > node.clientWidth && getComputedStyle(node).display !== 'inline' &&
  !node.matches('.face-label, .face-name')).map((node) => node.className)"""
# By number, from left to right and down: the rows in which the cards stand.
PLACES = """[...document.querySelectorAll('.face')].map((card) => {
  const {x, y, bottom} = card.getBoundingClientRect(); return [y, x, bottom]; })"""
STATES = "[...document.querySelectorAll('.face-more')].map((node) => node.getAttribute('aria-expanded'))"
NAMES = "[...document.querySelectorAll('.face-name')].map((node) => node.textContent)"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    with chromium_before_a_wall(tmp_path_factory.mktemp("camera")) as running:
        yield running


def boxes(count: int) -> list[list[float]]:
    """As many faces, in rows of three."""
    return [[0.05 + 0.3 * (place % 3), 0.02 + 0.24 * (place // 3), 0.15, 0.2] for place in range(count)]


def show(page, faces: list[list[float]]) -> None:
    page.evaluate(f"mock.boxes = {json.dumps(faces)}")
    until(page, f"document.querySelectorAll('.face').length === {len(faces)}")


def button(page, number: int):
    """The button that opens a face's bars."""
    return page.get_by_role("button", name=f"Face {number}: all expressions")


@pytest.mark.parametrize("size", SIZES)
def test_nine_faces_are_in_view_at_once_and_more_of_them_scroll(server: Server, browser, size: str):
    width, height = SIZES[size]
    viewport = {"width": width, "height": height}
    with page_of(browser, server.url, mock={"boxes": boxes(9)}, viewport=viewport) as page:
        start_camera(page)
        until(page, "document.querySelectorAll('.face').length === 9")
        assert page.inner_text("#count") == "9" and page.locator(".more-below").is_hidden()
        places = page.evaluate(PLACES)
        assert places == sorted(places)
        assert places[-1][2] - places[0][0] <= height - 60  # all of them on one screen
        for count in (9, 1, 2, 5, 12):
            show(page, boxes(count))
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert page.evaluate(WIDER) == []
            if 1 < count <= 9:
                assert page.evaluate(BEYOND) == 0
        assert page.inner_text("#count") == "12"
        scrolls = page.evaluate("getComputedStyle(faces).maxHeight") != "none"
        assert scrolls == (size not in ("tablet", "phone"))  # where the page itself scrolls
        assert (page.evaluate(BEYOND) > 0) == scrolls == page.locator(".more-below").is_visible()
        target = page.locator(".face-more").first.bounding_box()
        assert min(target["width"], target["height"]) >= 24


def test_one_face_is_open_and_what_is_opened_or_closed_stays_so(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        start_camera(page)
        page.wait_for_selector(".face .bar")
        assert page.evaluate(STATES) == ["true"] and page.locator(".face .bar").count() == 7
        show(page, boxes(3))
        assert page.evaluate(STATES) == ["false"] * 3 and page.locator(".face .bars:visible").count() == 0
        button(page, 2).click()
        button(page, 3).click()
        button(page, 3).click()
        assert page.evaluate(STATES) == ["false", "true", "false"]
        assert page.locator(".face").nth(1).locator(".bar[data-top]").inner_text().startswith("neutral")
        show(page, [])
        show(page, boxes(3))
        assert page.evaluate(STATES) == ["false", "true", "false"]
        page.evaluate("mock.firstTrack = 3")  # the third alone, which was closed
        show(page, ONE_FACE)
        until(page, f"{NAMES}[0] === 'Face 3'")
        assert page.evaluate(STATES) == ["false"]
        page.evaluate("mock.firstTrack = 1")
        page.get_by_role("button", name="Stop").click()
        start_camera(page)  # other people may be there
        show(page, boxes(3))
        assert page.evaluate(STATES) == ["false"] * 3


def test_a_picture_has_no_sparklines_and_another_one_is_opened_anew(server: Server, browser):
    file = "web/static/samples/two-faces.jpg"
    with page_of(browser, server.url, mock={"boxes": TWO_FACES}) as page:
        page.wait_for_selector("#stage[data-state=ready]")
        for _ in range(2):
            page.set_input_files("#file", file)
            page.wait_for_selector("#stage:not([data-state])")
            until(page, "document.querySelectorAll('.face').length === 2")
            assert page.evaluate(STATES) == ["false", "false"]
            assert page.locator(".face-sparkline").count() == 0
            button(page, 1).click()
            assert page.evaluate(STATES) == ["true", "false"]


def test_cards_stand_in_the_order_of_their_numbers(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": boxes(2), "firstTrack": 4}) as page:
        start_camera(page)
        until(page, f"{NAMES}.join() === 'Face 4,Face 5'")
        page.evaluate("window.kept = document.querySelectorAll('.face')[0]")
        page.evaluate("Object.assign(mock, {firstTrack: 2, boxes: [...mock.boxes, [0.7, 0.5, 0.1, 0.1]]})")
        until(page, f"{NAMES}.join() === 'Face 2,Face 3,Face 4'")
        assert page.evaluate("kept === document.querySelectorAll('.face')[2]")


def test_it_works_from_the_keyboard_and_keeps_the_focus(server: Server, browser):
    pressed = "[...document.querySelectorAll('.face-head')].map((node) => node.getAttribute('aria-pressed'))"
    with page_of(browser, server.url, mock={"boxes": boxes(3)}) as page:
        start_camera(page)
        until(page, "document.querySelectorAll('.face').length === 3")
        assert page.evaluate(pressed) == ["true", "false", "false"]
        page.locator(".face-head").nth(1).focus()
        page.keyboard.press("Enter")
        assert page.evaluate(pressed) == ["false", "true", "false"]
        assert page.inner_text("#timeline-face") == "Face 2"
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.wait_for_timeout(500)
        assert page.evaluate(STATES) == ["false", "true", "false"]
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Face 2: all expressions"
        controlled = page.evaluate("document.activeElement.getAttribute('aria-controls')")
        assert page.locator(f"#{controlled}").is_visible()
        show(page, boxes(1))  # from where the keyboard goes on
        assert page.evaluate("document.activeElement.id") == "faces"


def test_a_frame_changes_only_what_is_another_one_and_nothing_is_announced(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": boxes(9)}) as page:
        start_camera(page)
        until(page, "document.querySelectorAll('.face').length === 9")
        page.evaluate(
            """() => { window.touched = {}; window.seen = calls;
            new MutationObserver((records) => { for (const {target, type, attributeName} of records) {
              const name = `${target.className || target.tagName} ${attributeName ?? type}`;
              touched[name] = (touched[name] ?? 0) + 1;
            } }).observe(faces, {subtree: true, childList: true, attributes: true, characterData: true}); }"""
        )
        until(page, "calls - seen > 20")
        touched = page.evaluate("touched")
        assert set(touched) == {"face-percent childList", "face-share style"}
        frames = page.evaluate("calls - seen")
        assert touched["face-percent childList"] < 9 * frames  # now and then the percentage is the same
        assert (
            page.locator("#faces").evaluate(
                "node => node.closest('[aria-live], [role=status], [role=log]') || node.querySelector('[aria-live]')"
            )
            is None
        )


def test_a_sparkline_has_the_colours_of_what_was_seen(server: Server, browser):
    columns = """(place) => { const canvas = document.querySelectorAll('.face-sparkline')[place];
      const {data, width, height} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const found = [];
      for (let x = 2; x < width; x += 4) {
        const at = (y) => data.slice((y * width + x) * 4, (y * width + x) * 4 + 4);
        let tall = 0;
        while (tall < height && at(height - 1 - tall)[3] > 0) tall += 1;
        if (tall) found.push([[...at(height - 1).slice(0, 3)].join(), tall]);
      }
      return found; }"""
    happy, neutral, grey = "201,133,0", "125,133,144", "152,162,157"
    with page_of(browser, server.url, mock={"boxes": TWO_FACES}) as page:
        start_camera(page)
        until(page, f"({columns})(0).length >= 4")
        first, second = page.evaluate(f"({columns})(0)"), page.evaluate(f"({columns})(1)")
        assert {colour for colour, _ in first} == {happy} and {colour for colour, _ in second} == {neutral}
        # 0.72 ± 0.1 of 48 pixels
        assert all(29 <= tall <= 40 for _, tall in first + second)
        page.evaluate("mock.unclear = true")
        until(page, f"({columns})(0).at(-1)[0] === '{grey}'")
        assert page.evaluate(f"({columns})(0)")[0][0] == happy


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_closed_and_in_open_cards(server: Server, browser, scheme: str):
    axe_package = pytest.importorskip("axe_playwright_python.sync_playwright")
    axe = axe_package.Axe()
    for size in ("desktop", "phone"):
        width, height = SIZES[size]
        with page_of(
            browser,
            server.url,
            mock={"boxes": boxes(12)},
            color_scheme=scheme,
            viewport={"width": width, "height": height},
            bypass_csp=True,
        ) as page:
            start_camera(page)
            until(page, "document.querySelectorAll('.face').length === 12")
            assert axe.run(page).response["violations"] == []
            button(page, 2).click()
            page.evaluate("mock.unclear = true")
            until(page, "document.querySelector('.face-label').textContent === 'unclear'")
            assert axe.run(page).response["violations"] == []
