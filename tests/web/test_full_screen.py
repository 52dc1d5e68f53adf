"""The stage on the full screen, the camera's resolution, and how the buttons stand, in headless Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.browser import chromium, page_of, require_chromium, until, wait_for_state
from tests.support.web import ONE_FACE, Server

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")

SIZES = [(1440, 900), (820, 1180), (390, 844), (844, 390), (568, 320)]
IS_FULL = "document.fullscreenElement?.id === 'input'"
# Where the box of the stand-in's face begins and should begin: from the left, as a share of the stage's width.
BOX = """() => {
const {width, height} = overlay, {data} = overlay.getContext('2d').getImageData(0, 0, width, height);
const scale = Math.min(stage.clientWidth / 640, stage.clientHeight / 480);
let left = width; // of its lower half: the label above it is wider
for (let row = Math.round(height / 2); row < height / 2 + 0.11 * 480 * scale * devicePixelRatio; row += 1) {
  for (let column = 0; column < left; column += 1) if (data[4 * (row * width + column) + 3]) left = column;
}
const wanted = (stage.clientWidth - 640 * scale) / 2 + (1 - 0.3 - 0.3) * 640 * scale;
return [left / width * stage.clientWidth, wanted, width / devicePixelRatio - stage.clientWidth];
}"""
# Notes what cameras are asked for; a camera of one size only, where `only` says so.
CAMERAS = """window.asked = [];
const original = MediaDevices.prototype.getUserMedia;
MediaDevices.prototype.getUserMedia = function (wanted) {
  const {width, height} = wanted.video;
  asked.push([width.ideal, height.ideal]);
  if (window.only) Object.assign(wanted.video, {width: {exact: only[0]}, height: {exact: only[1]}});
  return original.call(this, wanted);
};"""


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with chromium() as running:  # with the browser's own test camera, which has several sizes
        yield running


def look(page) -> None:
    page.click("#card-action")  # whatever it is called in the page's language
    page.wait_for_selector(".face")


@pytest.mark.parametrize("size", [SIZES[0], SIZES[2], SIZES[3]], ids=lambda size: str(size[0]))
def test_the_stage_fills_the_screen_and_boxes_stay_where_the_faces_are(server: Server, browser, size: tuple):
    viewport = {"width": size[0], "height": size[1]}
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}, viewport=viewport) as page:
        look(page)
        before = page.evaluate("stage.clientHeight * stage.clientWidth")
        button = page.get_by_role("button", name="Full screen")
        assert button.get_attribute("aria-pressed") == "false"
        button.click()
        until(page, f"{IS_FULL} && document.getElementById('full-screen').ariaPressed === 'true'")
        until(page, f"stage.clientHeight * stage.clientWidth > {before}")
        left, wanted, sharpness = page.evaluate(BOX)
        assert abs(left - wanted) < 8 and abs(sharpness) < 1
        page.get_by_role("button", name="Pause").click()  # nothing draws the boxes again by itself
        assert page.locator("#modes").is_hidden() and page.locator("#snapshot").is_visible()
        assert page.locator("#input .face-label").inner_text() == "happy"
        cards = page.locator("#input > .faces").bounding_box()
        stage = page.locator("#stage").bounding_box()
        assert (
            cards["y"] + 40 < size[1] and cards["x"] + cards["width"] <= size[0]
        )  # in view, beside or below the picture
        assert cards["x"] >= stage["x"] + stage["width"] or cards["y"] >= stage["y"] + stage["height"]
        bottom = page.evaluate("document.querySelector('.tools').getBoundingClientRect().bottom")
        assert bottom <= page.evaluate("innerHeight")
        button.click()
        until(page, f"!({IS_FULL}) && stage.clientHeight * stage.clientWidth === {before}")
        until(page, "document.getElementById('full-screen').ariaPressed === 'false'")
        sections = page.eval_on_selector_all("main > section", "all => all.map(({className}) => className)")
        assert sections == ["input", "panel faces", "panel timeline", "panel model"]
        page.evaluate("new Promise(requestAnimationFrame)")
        left, wanted, sharpness = page.evaluate(BOX)
        assert abs(left - wanted) < 8 and abs(sharpness) < 1
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_left_by_the_browser_itself_is_noticed(server: Server, browser):
    """As the key Escape does, which a headless browser has no window for."""
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        look(page)
        page.get_by_role("button", name="Full screen").click()
        until(page, IS_FULL)
        page.evaluate("document.exitFullscreen()")
        until(page, "document.getElementById('full-screen').ariaPressed === 'false'")
        assert page.evaluate("document.querySelectorAll('.full').length") == 0


@pytest.mark.parametrize("prefix", ["", "webkit"])
def test_where_only_a_video_can_fill_the_screen_there_is_no_button(server: Server, browser, prefix: str):
    names = ["requestFullscreen"] if prefix else ["requestFullscreen", "webkitRequestFullscreen"]
    script = "".join(f"delete Element.prototype.{name};" for name in names)
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}, script=script) as page:
        wait_for_state(page, "ready")
        assert page.locator("#full-screen").is_visible() == bool(prefix)
        if prefix:
            page.get_by_role("button", name="Full screen").click()
            until(page, IS_FULL)


def test_the_camera_is_opened_anew_with_another_resolution(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}, script=CAMERAS) as page:
        look(page)
        assert page.inner_text("#camera-size") == "640\u202f×\u202f480"
        page.select_option("#resolution", "1280x720")
        until(page, "video.videoWidth === 1280 && !document.getElementById('stage').dataset.state")
        until(page, "document.getElementById('camera-size').textContent === '1280\u202f×\u202f720'")
        page.wait_for_selector(".face")
        page.get_by_role("button", name="Stop").click()
        page.select_option("#resolution", label="Best")
        assert page.evaluate("asked") == [[640, 480], [1280, 720]], "a camera was turned on by a choice"
        look(page)
        assert page.evaluate("asked.at(-1)") == [7680, 4320]
        assert page.evaluate("video.videoWidth") >= 1280
        page.reload()
        wait_for_state(page, "ready")
        assert page.input_value("#resolution") == "640x480"


def test_a_camera_that_lacks_a_resolution_gives_its_own_and_says_so(server: Server, browser):
    script = f"{CAMERAS} window.only = [640, 480];"
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}, script=script) as page:
        look(page)
        page.select_option("#resolution", "1920x1080")
        sentence = "This camera has no 1920\u202f×\u202f1080: it gives 640\u202f×\u202f480."
        until(page, f"document.getElementById('camera-size').textContent === '{sentence}'")
        until(page, f"announcer.textContent.includes('{sentence}')")
        page.wait_for_selector(".face")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_buttons_and_offers_stand_tidily(server: Server, browser, size: tuple, locale: str):
    viewport = {"width": size[0], "height": size[1]}
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}, viewport=viewport, locale=locale) as page:
        look(page)
        page.click("#record")
        page.wait_for_selector(".recording:not([hidden])")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        tools = [page.locator(f"#{name}").bounding_box() for name in ("snapshot", "record", "full-screen")]
        assert len({round(box["y"]) for box in tools}) == 1, "they do not stand in one row"
        assert min(box["height"] for box in tools) >= 42 and min(box["width"] for box in tools) >= 42
        page.wait_for_timeout(700)  # of less there is nothing to offer
        page.click("#record")
        page.wait_for_selector(".offer video")
        page.click("#snapshot")
        page.wait_for_selector(".offer img")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("scheme", "size"), [("light", SIZES[0]), ("dark", SIZES[2])])
def test_axe_finds_nothing(server: Server, browser, scheme: str, size: tuple):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with page_of(
        browser,
        server.url,
        mock={"boxes": ONE_FACE},
        color_scheme=scheme,
        viewport={"width": size[0], "height": size[1]},
        bypass_csp=True,
    ) as page:
        look(page)
        page.click("#record")
        page.wait_for_selector(".recording:not([hidden])")
        assert axe.run(page).response["violations"] == []
        page.wait_for_timeout(700)  # of less there is nothing to offer
        page.click("#record")
        page.wait_for_selector(".offer video")
        page.click("#snapshot")
        page.wait_for_selector(".offer img")
        assert axe.run(page).response["violations"] == []
        page.click("#full-screen")
        until(page, IS_FULL)
        assert axe.run(page).response["violations"] == []
