"""The grid of many pictures in headless Chromium, with a stand-in for the recognizer: layout, limits, failures."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
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
from tests.support.browser_memory import peak_of_pages
from tests.support.pictures import encoded
from tests.support.web import ONE_FACE, TWO_FACES, Server

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")

SIZES = [(390, 844), (844, 390), (820, 1180), (1280, 800), (1440, 900)]
# The pictures in which faces have been found: shown at once, while the line that counts them waits a moment.
FOUND = "[...document.querySelectorAll('.tile-open')].filter((tile) => tile.ariaLabel.includes(': 1 face')).length"
ALL_READ = "document.querySelector('.batch-status')?.textContent.startsWith('All read')"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    with chromium_before_a_wall(tmp_path_factory.mktemp("camera")) as running:
        yield running


def grey(level: int, width: int = 120, height: int = 90) -> bytes:
    return encoded(np.full((height, width), level, np.uint8))


def give(page, count: int, **files: bytes) -> None:
    """Chooses `count` grey pictures and other files, by name without their suffix .jpg."""
    contents = {f"IMG_{number}": grey(number % 200 + 20) for number in range(count)} | files
    page.get_by_role("radio", name="Picture").check()
    page.set_input_files(
        "#file",
        [
            {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": content}
            for name, content in contents.items()
        ],
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_grid_and_picture_fit_every_size_and_axe_finds_nothing(
    server: Server, browser, size: tuple[int, int], scheme: str
):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    viewport = {"width": size[0], "height": size[1]}
    settings = {"viewport": viewport, "color_scheme": scheme, "bypass_csp": True}
    with page_of(browser, server.url, mock={"boxes": TWO_FACES}, **settings) as page:
        wait_for_state(page, "ready")
        give(page, 30, broken=b"hello", a_name_that_is_much_longer_than_any_tile_is_wide=grey(9))
        until(page, ALL_READ)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        grid, tile = page.locator(".batch-grid").bounding_box(), page.locator(".tile").nth(2).bounding_box()
        assert grid["height"] <= max(320, size[1]) and tile["width"] >= 130 and tile["height"] >= 130
        assert page.evaluate("document.querySelectorAll('.tile-words').length") > 0
        columns = page.evaluate(
            "new Set([...document.querySelectorAll('.tile')].map((tile) => tile.offsetLeft)).size"
        )
        assert columns >= (2 if size[0] < 400 else 4)
        assert axe.run(page).response["violations"] == []
        page.locator(".kind").filter(has_text="happy").click()
        page.locator(".tile-open").nth(3).click()
        page.wait_for_selector("#stage:not([data-state])")
        stage, bar = page.locator("#stage").bounding_box(), page.locator(".batch-bar").bounding_box()
        assert bar["y"] + bar["height"] <= stage["y"] and stage["y"] + stage["height"] <= size[1]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert axe.run(page).response["violations"] == []


def test_of_three_hundred_pictures_only_those_in_view_have_tiles_that_are_made(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        wait_for_state(page, "ready")
        page.evaluate(
            """() => {
              window.blobs = new Map();
              const {createObjectURL, revokeObjectURL} = URL;
              URL.createObjectURL = (blob) => {
                const url = createObjectURL.call(URL, blob);
                blobs.set(url, blob.size);
                return url;
              };
              URL.revokeObjectURL = (url) => { blobs.delete(url); revokeObjectURL.call(URL, url); };
            }"""
        )
        give(page, 300)
        until(page, ALL_READ, 60)
        assert page.locator(".tile").count() == 300
        assert 10 <= page.locator(".tile img").count() < 120
        assert page.evaluate("[blobs.size, Math.max(...blobs.values()) < 20_000]") == [300, True]
        page.evaluate("document.querySelector('.batch-grid').scrollTop = 1e6")
        until(page, "document.querySelector('.tile:last-child img')?.complete")
        until(page, "!document.querySelector('.tile').querySelector('img')")
        assert page.locator(".tile img").count() < 120
        page.get_by_role("button", name="Close").click()
        wait_for_state(page, "picture")
        assert page.evaluate("blobs.size") == 0


@pytest.mark.parametrize("count", [600, pytest.param(5000, marks=pytest.mark.exhaustive)])
def test_thousands_of_pictures_of_a_folder_leave_the_page_quick_and_small(
    server: Server, browser, tmp_path: Path, count: int
):
    """Each is a row of the export; whatever is pressed meanwhile is done; memory does not grow with their pixels."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(count):
        (folder / f"IMG_{number}.jpg").write_bytes(grey(number % 200 + 20, 16, 12))
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        wait_for_state(page, "ready")
        page.check('input[value="picture"]')
        page.evaluate(
            """() => {
              window.longest = 0; // milliseconds for which nothing else could be done
              new PerformanceObserver((list) => {
                for (const {duration} of list.getEntries()) longest = Math.max(longest, duration);
              }).observe({type: 'longtask'});
            }"""
        )
        with peak_of_pages() as peak:
            page.set_input_files("#folder", str(folder))
            until(page, f"{FOUND} > 20")
            happy, everything = page.locator(".kind", has_text="happy"), page.locator(".kind").first
            happy.click()
            until(page, "document.querySelectorAll('.tile:not([hidden])').length > 20")
            everything.click()
            until(page, f"document.querySelectorAll('.tile:not([hidden])').length === {count}")
            until(page, ALL_READ, 300)
            assert peak() < 700_000, "kB"
        said = f"All read: {count:,} with a face, 0 without, 0 that cannot be read"
        until(page, f"document.querySelector('.batch-status').textContent === {said!r}")
        assert page.evaluate("longest") < 4000
        assert page.evaluate("document.querySelectorAll('.tile img').length") < 120
        with page.expect_download() as waiting:
            page.locator(".batch-head button").first.click()
        rows = list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text(), newline="")))
        assert [row["source"] for row in rows] == [f"many/IMG_{number}.jpg" for number in range(count)]
        assert {(row["face"], row["error"]) for row in rows} == {("1", "")}


def test_a_huge_picture_is_kept_small(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        wait_for_state(page, "ready")
        give(page, 1, huge=grey(100, 10_000, 10_000))
        until(page, ALL_READ, 60)
        page.locator(".tile-open").first.click()
        page.wait_for_selector("#stage:not([data-state])")
        page.get_by_role("button", name="All pictures").click()
        until(page, "document.querySelector('.tile img')?.naturalWidth > 0")
        sizes = page.eval_on_selector_all(".tile img", "all => all.map((image) => image.naturalWidth)")
        assert sorted(sizes) == [120, 320]


def test_a_recognizer_that_breaks_is_told_and_what_was_read_stays(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE, "lookDelay": 150}) as page:
        wait_for_state(page, "ready")
        give(page, 12)
        until(page, f"{FOUND} >= 3")
        page.evaluate("mock.error = 'the network fell over'")
        wait_for_state(page, "failed")
        assert page.inner_text("#card-text") == "the network fell over"
        page.get_by_role("button", name="Close").click()
        page.wait_for_selector(".batch")
        found = page.evaluate(FOUND)
        assert page.inner_text(".batch-status") == f"Stopped: {found} of 12 are read" and 3 <= found < 12
        page.evaluate("mock.error = ''")
        page.get_by_role("button", name="Read on").click()
        until(page, ALL_READ)


def test_a_picture_that_the_recognizer_refuses_is_told_and_the_others_are_read(server: Server, browser):
    mock = {"boxes": ONE_FACE, "lookDelay": 200, "error": "", "errorName": "UnsupportedImageError"}
    with page_of(browser, server.url, mock=mock) as page:
        wait_for_state(page, "ready")
        page.evaluate("mock.error = 'The picture cannot be read: made up'")
        give(page, 4)
        until(page, "document.querySelector('.tile-open')?.ariaLabel.includes('cannot be read')")
        page.evaluate("mock.error = ''")
        until(page, ALL_READ)
        found = page.evaluate(FOUND)  # one more may have been asked for meanwhile
        assert found >= 2
        first = page.locator(".tile-open").first
        assert first.get_attribute("aria-label") == "IMG_0.jpg: cannot be read: The picture cannot be read."
        assert (
            page.inner_text(".batch-status")
            == f"All read: {found} with a face, 0 without, {4 - found} that cannot be read"
        )


def test_the_filter_works_while_it_reads_and_focus_stays_on_the_page(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE, "lookDelay": 200}) as page:
        wait_for_state(page, "ready")
        give(page, 8)
        page.wait_for_selector(".kind")
        page.locator(".kind").filter(has_text="not read").click()
        page.locator(".tile:not([hidden]) .tile-open").first.focus()
        until(page, "document.querySelectorAll('.tile:not([hidden])').length === 2")
        assert page.evaluate("document.activeElement.closest('.tile:not([hidden])') !== null")
        until(page, ALL_READ)
        assert page.inner_text(".batch-empty") == "No picture of this kind so far."
        assert page.locator(".kind[aria-pressed=true]").inner_text().split() == ["not", "read", "0"]


def test_the_camera_is_not_slowed_by_a_batch_which_waits_for_its_mode(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE, "lookDelay": 100}) as page:
        wait_for_state(page, "ready")
        give(page, 40)
        until(page, f"{FOUND} >= 3")
        page.get_by_role("radio", name="Camera").check()
        wait_for_state(page, "ready")
        found = page.evaluate(FOUND)
        start_camera(page)
        page.wait_for_timeout(1000)
        assert page.evaluate(FOUND) == found < 40
        page.get_by_role("radio", name="Picture").check()
        page.wait_for_selector(".batch")
        until(page, ALL_READ)


def test_without_a_connection_for_its_part_of_the_page_that_is_said(server: Server, browser):
    with page_of(browser, server.url, mock={}, check=False) as page:
        wait_for_state(page, "ready")
        page.route("**/page/batch/*", lambda route: route.abort())
        give(page, 2)
        wait_for_state(page, "failed")
        assert "many pictures cannot be loaded" in page.inner_text("#card-text")


def test_it_speaks_german(server: Server, browser, tmp_path: Path):
    with page_of(browser, f"{server.url}?lang=de", mock={"boxes": TWO_FACES}) as page:
        wait_for_state(page, "ready")
        page.check("input[value=picture]")
        assert page.inner_text("#open-folder") == "Ordner öffnen"
        (tmp_path / "a.jpg").write_bytes(grey(99))
        page.set_input_files("#folder", tmp_path)
        until(
            page,
            "document.querySelector('.batch-status')?.textContent.startsWith('Alle gelesen: 1 mit Gesicht')",
        )
        name = page.locator(".tile-open").get_attribute("aria-label")
        assert name == f"{tmp_path.name}/a.jpg: 2 Gesichter: fröhlich, neutral."
        assert state_of(page) is None and page.inner_text(".batch h2") == "1 Bild"
