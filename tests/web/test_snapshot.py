"""Snapshots of the page's picture with the real recognizer in headless Chromium: full size, mirrored or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.support.browser import chromium, on_canvas, page_of, require_chromium, until, write_camera
from tests.support.web import Server, released_models, serving

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")
data = pytest.importorskip("skimage.data", reason="scikit-image is not installed: requirements-dev.txt")

NAME = r"expressions-\d{4}-\d{2}-\d{2}-\d{6}\.png"
FACE = (slice(60, 200), slice(160, 285))  # of the astronaut, rows and columns
# Notes what is shared, in place of the system's own sheet, which headless Chromium has not.
SHARE = """window.shared = [];
navigator.canShare = ({files}) => files.length === 1;
navigator.share = async ({files}) => { shared.push([files[0].name, files[0].type, files[0].size]); };"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--models", str(released_models())) as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    path = tmp_path_factory.mktemp("camera") / "portrait.mjpeg"
    frame = np.roll(on_canvas(data.astronaut()), 90, axis=1)  # beside the middle
    with chromium(write_camera(path, [frame])) as running:
        yield running


def until_ready(page) -> None:
    until(page, "document.getElementById('stage')?.dataset.state === 'ready'", 60)


def open_picture(page, pixels: np.ndarray) -> None:
    content = cv2.imencode(".png", np.ascontiguousarray(pixels[..., ::-1]))[1].tobytes()
    page.set_input_files("#file", {"name": "a.png", "mimeType": "image/png", "buffer": content})
    page.wait_for_selector(".face", timeout=60_000)


def snapshot(page, words: tuple[str, str] = ("Snapshot", "Save")) -> np.ndarray:
    """Takes a snapshot, saves it and returns it as uint8 RGB."""
    before = page.locator(".offer img").get_attribute("src") if page.locator(".offer img").count() else ""
    page.get_by_role("button", name=words[0]).click()
    until(
        page,
        f"document.querySelector('.offer img') && document.querySelector('.offer img').src !== '{before}'",
    )
    with page.expect_download() as waiting:
        page.get_by_role("button", name=words[1], exact=True).click()
    assert re.fullmatch(NAME, waiting.value.suggested_filename)
    return cv2.imread(str(waiting.value.path()), cv2.IMREAD_COLOR)[..., ::-1]


def ink(taken: np.ndarray, picture: np.ndarray, least: int = 0) -> np.ndarray:
    """Where boxes and labels are: what differs from the picture, by more than `least`."""
    return np.abs(taken.astype(int) - picture).max(axis=2) > least


def test_a_picture_keeps_its_pixels_and_gets_its_box_and_its_label(server: Server, browser):
    with page_of(browser, server.url) as page:
        until_ready(page)
        assert page.locator("#snapshot").is_disabled()
        open_picture(page, data.astronaut())
        assert not page.locator("#record").is_visible(), "nothing moves"
        taken = snapshot(page)
        assert taken.shape == (512, 512, 3)
        drawn = ink(taken, data.astronaut())
        rows, columns = np.nonzero(drawn)
        assert rows.min() >= 15 and rows.max() <= 215 and columns.min() >= 140 and columns.max() <= 305
        assert drawn[FACE].mean() > 0.03, "there is no box around the face"
        assert (taken[drawn] == 255).all(axis=1).sum() > 150, "corners and words are white"
        assert page.inner_text(".offer-title").startswith(
            "Snapshot, 512\u202f×\u202f512 · Saved as expressions-"
        )
        assert "nothing is uploaded" in page.inner_text(".offer")
        page.locator(".offer").get_by_role("button", name="Close").click()
        assert page.locator(".offer").count() == 0
        assert page.evaluate("document.activeElement.id") == "offers"


def test_a_large_picture_is_taken_in_its_own_size_with_larger_labels(server: Server, browser):
    """The page reads it in 2048 pixels."""
    large = cv2.resize(data.astronaut(), (3000, 3000), interpolation=cv2.INTER_CUBIC)
    with page_of(browser, server.url) as page:
        until_ready(page)
        open_picture(page, large)
        assert page.evaluate("picture.width") == 2048
        taken = snapshot(page)
        assert taken.shape == (3000, 3000, 3)
        rows, columns = np.nonzero(ink(taken, large, 24))
        scale = 3000 / 512
        assert 15 * scale <= rows.min() and rows.max() <= 215 * scale
        assert 140 * scale <= columns.min() and columns.max() <= 305 * scale
        white = (taken == 255).all(axis=2)[: int(100 * scale)]
        assert np.ptp(np.nonzero(white)[0]) > 60, "the label is as small as on the page"


def test_a_paused_camera_is_taken_as_it_is_shown_mirrored_or_not_and_words_never_are(server: Server, browser):
    with page_of(browser, server.url) as page:
        until_ready(page)
        page.get_by_role("button", name="Start camera").click()
        until(page, "document.querySelector('.face-label')?.textContent === 'happy'")
        live = snapshot(page)
        assert live.shape == (480, 640, 3)
        page.get_by_role("button", name="Pause").click()
        mirrored = snapshot(page)
        page.get_by_role("button", name="Mirror").click()
        straight = snapshot(page)
    frame = np.roll(on_canvas(data.astronaut()), 90, axis=1)
    assert (
        np.abs(straight.astype(int) - frame).mean()
        < 15
        < np.abs(straight.astype(int) - frame[:, ::-1]).mean()
    )
    assert np.abs(mirrored.astype(int) - frame[:, ::-1]).mean() < 15
    bright = [(picture.min(axis=2) > 245).astype(np.float32) for picture in (mirrored, straight)]
    # The words stand above the face, each time the same way round.
    tag = word_of(bright[1])
    same, turned = (
        cv2.matchTemplate(bright[0], part, cv2.TM_CCOEFF_NORMED).max() for part in (tag, tag[:, ::-1].copy())
    )
    assert same > 0.95 and same > turned + 0.2, (same, turned)


def word_of(bright: np.ndarray) -> np.ndarray:
    """The word of the label above the astronaut's face, of a mask of what is white."""
    return bright[34:57, 345:440]


def test_it_can_be_copied_and_shared_where_the_browser_can(server: Server, browser):
    with page_of(browser, server.url, script=SHARE) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        until_ready(page)
        open_picture(page, data.astronaut())
        page.get_by_role("button", name="Snapshot").click()
        page.get_by_role("button", name="Copy").click()
        until(page, "document.querySelector('.offer-title').textContent.endsWith('Copied.')")
        copied = page.evaluate(
            """async () => {
              const [item] = await navigator.clipboard.read();
              const {width, height} = await createImageBitmap(await item.getType('image/png'));
              return [item.types, width, height];
            }"""
        )
        assert copied == [["image/png"], 512, 512]
        page.get_by_role("button", name="Share").click()
        until(page, "shared.length === 1")
        ((name, kind, size),) = page.evaluate("shared")
        assert re.fullmatch(NAME, name) and kind == "image/png" and size > 100_000
        page.evaluate(
            "void (navigator.share = () => Promise.reject(new DOMException('no', 'NotAllowedError')))"
        )
        page.get_by_role("button", name="Share").click()
        until(page, "document.querySelector('.offer-title').textContent.includes('refused')")


def test_where_the_browser_can_neither_copy_nor_share_it_saves(server: Server, browser):
    script = "delete window.ClipboardItem; delete Navigator.prototype.canShare;"
    with page_of(browser, server.url, script=script) as page:
        until_ready(page)
        open_picture(page, data.astronaut())
        assert snapshot(page).shape == (512, 512, 3)
        assert page.locator(".offer button").all_inner_texts() == ["Save", "Close"]


def test_what_takes_snapshots_may_be_missing_and_come_back(server: Server, browser):
    """Its files are fetched when the first snapshot is taken, and kept for use without a connection before that."""
    with page_of(browser, server.url, check=False, service_workers="block") as page:
        until_ready(page)
        assert not [url for url in page.record.requests if "/page/share/" in url]
        open_picture(page, data.astronaut())
        page.route("**/page/share/studio.js", lambda route: route.abort())
        page.get_by_role("button", name="Snapshot").click()
        until(page, "document.getElementById('offers').textContent.includes('could not be loaded')")
        assert page.locator(".face").count() == 1, "everything else goes on"
        page.unroute("**/page/share/studio.js")
        assert snapshot(page).shape == (512, 512, 3)
        assert "could not" not in page.inner_text("#offers")


def test_in_german_it_says_it_in_german(server: Server, browser, tmp_path: Path):
    with page_of(browser, server.url, locale="de-DE") as page:
        until_ready(page)
        open_picture(page, data.astronaut())
        snapshot(page, ("Foto", "Speichern"))
        assert page.inner_text(".offer-title").startswith(
            "Foto, 512\u202f×\u202f512 · Gespeichert als expressions-"
        )
