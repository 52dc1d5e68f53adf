"""Models compared on one face, and what an answer hangs on: released networks, real server, headless Chromium."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from face_emotion import EmotionRecognizer
from model_build.synthetic.scenes import draw_frame
from tests.support.browser import (
    LOADING,
    chromium,
    page_of,
    passing,
    require_chromium,
    until,
    write_camera,
)
from tests.support.portrait import moving_portrait, open_picture, portrait, start_camera, until_loaded
from tests.support.web import Server, released_models, serving

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")
pytest.importorskip("skimage.data", reason="scikit-image is not installed: requirements-dev.txt")

SAMPLES = Path(__file__).parents[2] / "web/static/samples"
MODELS = ("nano", "small", "base")
HEADS = ("labels", "votes", "both")
SIZES = [(1440, 900), (820, 1180), (390, 844), (844, 390), (320, 568)]
PIXELS = """(selector) => {
  const {width, height} = document.querySelector(selector);
  return [...document.querySelector(selector).getContext('2d').getImageData(0, 0, width, height).data];
}"""
HEAT = ".compare-heat canvas"
OPINION, CLASS = (f".compare-heat label:nth-of-type({place}) select" for place in (1, 2))
FOCUS_IS_INSIDE = """document.activeElement === document.body ||
  document.querySelector('dialog').contains(document.activeElement)"""
NOTHING_IS_CUT = """(dialog) => dialog.scrollWidth <= dialog.clientWidth &&
  [...dialog.querySelectorAll('td, th')].every((cell) => cell.scrollWidth <= cell.clientWidth)"""


@pytest.fixture(scope="module")
def models() -> Path:
    return released_models()


@pytest.fixture(scope="module")
def server(models: Path) -> Iterator[Server]:
    with serving("--models", str(models)) as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    camera = write_camera(tmp_path_factory.mktemp("camera") / "portrait.mjpeg", moving_portrait())
    with chromium(camera) as running:
        yield running


@contextlib.contextmanager
def page_with(browser, server: Server, sample: str, **options) -> Iterator:
    """The page once it has read a sample picture; its models are not kept."""
    with page_of(browser, server.url, service_workers="block", **options) as page:
        until_loaded(page)
        page.set_input_files("#file", str(SAMPLES / f"{sample}.jpg"))
        page.wait_for_selector(".face")
        yield page


def compare(page) -> None:
    """Opens the comparison and waits for the map."""
    page.get_by_role("button", name="Compare models").click()
    page.wait_for_selector("dialog.compare")
    until_measured(page)


def until_measured(page) -> None:
    until(page, "document.querySelectorAll('.compare-regions li').length === 5", 40)
    until(page, "document.querySelector('.compare-heat progress').hidden", 40)


def until_offered(page, words: str) -> None:
    """What the browser holds is looked up before the rest is offered."""
    page.locator(".compare-offer:visible p", has_text=words).wait_for(timeout=20_000)


def load_the_others(page) -> None:
    page.get_by_role("button", name="Load the others").click()
    until(page, "document.querySelectorAll('.compare-word').length === 9", 60)


def words(page) -> dict[str, list[str]]:
    """What the table says: three words a model."""
    rows = page.locator(".compare-answers tbody tr").all()
    return {
        row.locator("th").inner_text().split("\n")[0]: row.locator(".compare-word").all_inner_texts()
        for row in rows
    }


def sentences(page) -> list[str]:
    return page.locator(".compare-sentence").all_inner_texts()


def test_three_models_agree_on_a_clear_smile_and_say_what_python_says(server: Server, browser, models: Path):
    """On LiteRT, of a picture without loss: the same percentages."""
    pixels = portrait()
    with page_of(browser, server.url, service_workers="block") as page:
        until_loaded(page)
        with passing(page, LOADING):
            page.select_option("#engine", "litert")
        until_loaded(page)
        open_picture(page, pixels)
        compare(page)
        until_offered(page, "nano, base: loads 0.95 MB more")
        load_the_others(page)
        assert words(page) == dict.fromkeys(MODELS, ["happy"] * 3)
        # Stretched once, a crop is not changed by being stretched again: Python reads what is shown.
        crop = np.array(page.evaluate(PIXELS, ".compare-face canvas"), np.uint8).reshape(48, 48, 4)[..., 0]
        expected = [read(models / name, head, crop)["happy"] for name in MODELS for head in HEADS]
        shares = page.locator(".compare-share").all_inner_texts()
        assert shares == [f"{round(100 * share)}\u202f%" for share in expected]
        assert sentences(page)[0] == "All 3 models say happy. Label and crowd agree."
        assert page.locator(".compare-mark").count() == 0 and page.locator(".compare-offer").is_hidden()
        metas = page.locator(".compare-meta").all_inner_texts()
        assert ["0.1 MB" in metas[0], "0.4 MB" in metas[1], "0.85 MB" in metas[2]] == [True] * 3
        assert [meta.split("\n")[-1] for meta in metas] == [
            f"{share}\u202f% right in the test" for share in (66, 69, 69)
        ]
        assert all(float(meta.split("\n")[1].removesuffix(" ms")) > 0 for meta in metas)


def read(model: Path, head: str, crop: np.ndarray) -> dict[str, float]:
    (face,) = EmotionRecognizer.load(model, head=head).recognize(crop, cropped=True)
    return face.probabilities


def test_where_an_opinion_differs_it_is_marked_and_said(server: Server, browser):
    with page_with(browser, server, "surprise") as page:
        assert not [url for url in page.record.requests if "/compare/" in url], "the first visit stays small"
        compare(page)
        assert sentences(page)[0] == "small says surprise. Label and crowd disagree in small."
        load_the_others(page)
        assert words(page) == {
            "nano": ["surprise"] * 3,
            "small": ["surprise", "neutral", "surprise"],
            "base": ["surprise"] * 3,
        }
        assert page.locator("td.differs .compare-word").all_inner_texts() == ["neutral"]
        assert page.locator(".compare-mark").all_inner_texts() == ["differs"]
        assert sentences(page)[0] == "All 3 models say surprise. Label and crowd disagree in small."
        assert page.inner_text(".face-label") == "surprise"
        assert page.locator("td:has(.compare-unsure)").count() == 0


def test_what_nobody_can_see_is_unclear_in_the_table_too(server: Server, browser):
    with page_of(browser, server.url, service_workers="block") as page:
        until_loaded(page)
        sample = cv2.cvtColor(cv2.imread(str(SAMPLES / "portrait.jpg")), cv2.COLOR_BGR2RGB)
        open_picture(page, cv2.GaussianBlur(sample, (0, 0), 9))
        assert page.inner_text(".face-label") == "unclear"
        compare(page)
        load_the_others(page)
        assert words(page) == {
            "nano": ["sad", "neutral", "neutral"],
            "small": ["neutral"] * 3,
            "base": ["neutral"] * 3,
        }
        # The crowd is sure of three neutral faces, nobody else of anything.
        unsure = page.locator("td:has(.compare-unsure) .compare-word").all_inner_texts()
        assert unsure == ["sad", *["neutral"] * 5]
        assert page.locator("tr td:nth-of-type(3):has(.compare-unsure)").count() == 3


def test_the_map_of_a_smile_is_hot_at_the_mouth_and_the_same_again(server: Server, browser):
    with page_with(browser, server, "portrait") as page:
        compare(page)
        assert sentences(page)[1] == (
            "“happy” (99\u202f%) hangs on no single part: it changes little wherever the face is covered, "
            "most on the mouth."
        )
        parts = [text.split(" −")[0] for text in page.locator(".compare-regions li").all_inner_texts()]
        assert parts[0] == "mouth" and len(parts) == 5
        assert page.get_attribute(HEAT, "aria-label").startswith(
            "Heat map of happy over the face, 99\u202f%. Most influence first: mouth, "
        )
        plain = np.array(page.evaluate(PIXELS, ".compare-face canvas")).reshape(48, 48, 4)
        heat = np.array(page.evaluate(PIXELS, HEAT)).reshape(48, 48, 4)
        assert (plain[..., 0] == plain[..., 1]).all()
        ranks = np.sort(plain[..., 0].ravel())
        assert ranks[46] == 12 and ranks[-47] == 242  # stretched as the contract says
        colour = np.abs(heat - plain).sum(axis=2)
        row, column = np.unravel_index(colour.argmax(), colour.shape)
        assert 30 <= row < 42 and 12 <= column < 36
        assert (colour[:8] < 40).all()
        page.keyboard.press("Escape")
        compare(page)
        assert (np.array(page.evaluate(PIXELS, HEAT)) == heat.ravel()).all()


def test_class_and_opinion_of_the_map_can_be_chosen(server: Server, browser):
    with page_with(browser, server, "surprise") as page:
        compare(page)
        assert page.locator(CLASS).input_value() == "surprise"
        assert sentences(page)[1].startswith("“surprise” (57\u202f%) hangs most on ")
        assert "What speaks against it is most on the nose." in sentences(page)[1]
        maps = [page.evaluate(PIXELS, HEAT)]
        page.locator(CLASS).select_option("neutral")
        until(
            page, "document.querySelectorAll('.compare-sentence')[1].textContent.startsWith('“neutral” (35')"
        )
        maps.append(page.evaluate(PIXELS, HEAT))
        page.locator(OPINION).select_option(label="Crowd’s opinion")
        until(
            page, "document.querySelectorAll('.compare-sentence')[1].textContent.startsWith('“neutral” (53')"
        )
        until_measured(page)
        maps.append(page.evaluate(PIXELS, HEAT))
        assert maps[0] != maps[1] != maps[2] != maps[0]


def test_a_model_that_does_not_load_is_told_in_its_row_and_can_be_asked_for_again(server: Server, browser):
    with page_with(browser, server, "portrait", check=False) as page:
        page.context.route("**/models/base/tfjs/*", lambda route: route.abort())
        compare(page)
        page.get_by_role("button", name="Load the others").click()
        until(page, "document.querySelectorAll('.compare-word').length === 6", 60)
        until(
            page, "document.querySelector('.compare-answers').textContent.includes('base cannot be loaded')"
        )
        assert page.locator(".compare-note").all_inner_texts() == [
            "base cannot be loaded: The model file is missing."
        ]
        assert sentences(page)[0] == "All 2 models say happy. Label and crowd agree."
        page.context.unroute("**/models/base/tfjs/*")
        until_offered(page, "base: loads 0.85 MB more")
        load_the_others(page)
        assert words(page)["base"] == ["happy"] * 3


def test_offline_the_others_say_so_and_what_is_loaded_goes_on(server: Server, browser):
    with page_with(browser, server, "portrait", check=False) as page:
        compare(page)
        page.keyboard.press("Escape")
        page.context.set_offline(True)
        compare(page)
        assert words(page)["small"] == ["happy"] * 3
        page.get_by_role("button", name="Load the others").click()
        until(
            page,
            "document.querySelectorAll('.compare-answers')[0].textContent.split('You are offline').length === 3",
            40,
        )
        page.keyboard.press("Escape")
        until(page, "!document.querySelector('dialog')")


def test_without_a_connection_before_its_first_use_a_sentence_says_so(server: Server, browser):
    with page_with(browser, server, "portrait", check=False) as page:
        page.context.route("**/page/compare/*", lambda route: route.abort())
        page.get_by_role("button", name="Compare models").click()
        until(
            page,
            "document.getElementById('compare-problem').textContent.startsWith('Models cannot be compared now')",
        )
        assert page.locator("dialog").count() == 0


def test_a_camera_stands_still_meanwhile_and_goes_on_afterwards(server: Server, browser):
    """All of it from the keyboard."""
    with page_of(browser, server.url) as page:
        until_loaded(page)
        assert page.locator("#compare").is_disabled()
        start_camera(page)
        page.locator("#compare").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog.compare")
        until_measured(page)
        assert words(page)["small"] == ["happy"] * 3
        assert page.evaluate("video.paused && video.srcObject.getVideoTracks()[0].readyState === 'live'")
        assert page.evaluate("document.querySelector('dialog').contains(document.activeElement)")
        for _ in range(12):
            page.keyboard.press("Tab")
            assert page.evaluate(FOCUS_IS_INSIDE)
        page.keyboard.press("Escape")
        until(page, "!document.querySelector('dialog')")
        assert page.evaluate("document.activeElement.id") == "compare"
        until(page, "!video.paused && Number(document.getElementById('frame-rate').textContent) > 0")
        page.get_by_role("button", name="Pause").click()
        compare(page)  # of the picture that stands there
        assert words(page)["small"] == ["happy"] * 3
        page.get_by_role("button", name="Close").last.click()
        until(page, "!document.querySelector('dialog')")
        assert page.get_by_role("button", name="Resume").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(server: Server, browser, scheme: str):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with page_with(browser, server, "surprise", color_scheme=scheme) as page:
        compare(page)
        load_the_others(page)
        page.get_by_text("How it is measured").click()
        assert axe.run(page).response["violations"] == []


def test_nothing_is_wider_than_the_dialog_at_five_sizes_in_both_languages(server: Server, browser):
    for language in ("", "?lang=de"):
        with page_of(browser, f"{server.url}{language}", service_workers="block") as page:
            until_loaded(page)
            page.set_input_files("#file", str(SAMPLES / "surprise.jpg"))
            page.wait_for_selector(".face")
            page.locator("#compare").click()
            page.wait_for_selector("dialog.compare")
            until_measured(page)
            page.locator(".compare-offer button").click()
            until(page, "document.querySelectorAll('.compare-word').length === 9", 60)
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                dialog = page.locator("dialog.compare").bounding_box()
                assert dialog["x"] >= 0 and dialog["x"] + dialog["width"] <= width
                assert dialog["y"] >= 0 and dialog["y"] + dialog["height"] <= height
                assert page.eval_on_selector("dialog.compare", NOTHING_IS_CUT), (language, width)
                close = page.locator(".compare-close").bounding_box()
                assert close["y"] >= 0 and close["y"] + close["height"] <= height and close["height"] >= 32


def test_a_learnt_neutral_face_outlives_the_comparison_which_says_that_it_is_left_out(
    server: Server, browser, tmp_path: Path
):
    sad = draw_frame(640, 480, [(200, 100, 440, 340)], [4], 0)  # the portrait's smile would be refused
    camera = write_camera(tmp_path / "sad.mjpeg", [sad] * 2)
    with chromium(camera, beside=browser) as seeing, page_of(seeing, server.url) as page:
        until_loaded(page)
        start_camera(page)
        page.get_by_role("button", name="Learn my neutral face").click()
        until(page, "document.getElementById('neutral-text').textContent.includes('in use for Face 1')", 40)
        page.get_by_role("button", name="Compare models").click()
        page.wait_for_selector("dialog.compare")
        left_out = (
            "Your neutral face is in use beside the picture; here it is left out, so the figures differ."
        )
        assert page.get_by_text(left_out).is_visible()
        page.wait_for_timeout(4000)  # longer than a face keeps its number while nothing comes
        page.keyboard.press("Escape")
        page.wait_for_timeout(2500)
        assert page.inner_text("#neutral-text") == "Your neutral face is in use for Face 1."
        assert page.locator(".face-name").first.inner_text() == "Face 1"
