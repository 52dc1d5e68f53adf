""" "Learn my neutral face" and "unclear" on the page in headless Chromium: with real networks, and with a stand-in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from model_build.synthetic.scenes import draw_frame
from tests.support.browser import (
    chromium,
    chromium_before_a_wall,
    on_canvas,
    page_of,
    require_chromium,
    start_camera,
    state_of,
    until,
    wait_for_state,
    write_camera,
)
from tests.support.web import ONE_FACE, TWO_FACES, Server, serving

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")

KEPT = "localStorage.getItem('face-emotion-neutral')"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    with chromium_before_a_wall(tmp_path_factory.mktemp("camera")) as running:
        yield running


def text(page) -> str:
    return page.inner_text("#neutral-text")


def says(page, words: str, seconds: float = 10) -> None:
    """Waits until the line says so, and the live region has: since the words that were waited for before."""
    until(page, f"document.getElementById('neutral-text').textContent.includes({words!r})", seconds)
    place = (
        f"[...(globalThis.said ?? []), announcer.textContent].findIndex((text) => text.includes({words!r}))"
    )
    until(page, f"{place} >= 0")
    page.evaluate(f"void globalThis.said?.splice(0, {place} + 1)")


def listen(page) -> None:
    """Remembers what the live region says: a state can follow another one at once."""
    page.evaluate(
        """() => {
          globalThis.said = [];
          new MutationObserver(() => said.push(announcer.textContent)).observe(announcer, {childList: true});
        }"""
    )


def learn(page) -> None:
    """Starts the camera and learns the face before it."""
    listen(page)
    if page.locator("#stop").is_disabled():
        start_camera(page)
    page.wait_for_selector(".face")
    page.locator("#neutral-learn").click()
    says(page, "two seconds")
    until(page, "document.getElementById('neutral-text').textContent.includes('in use')")


def test_a_face_is_learnt_by_real_networks_and_read_differently_until_it_is_forgotten(
    served: Path, browser, tmp_path: Path
):
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "small").symlink_to(served / "personal")
    (folder / "stranger").symlink_to(served / "stranger")
    (folder / "face_detector").symlink_to(served / "face_detector")
    sad = draw_frame(640, 480, [(200, 100, 440, 340)], [4], 18)
    camera = write_camera(tmp_path / "sad.mjpeg", [sad] * 2)
    # Of the bar "sad".
    share = "Number(document.querySelectorAll('.bar-fill')[4].style.getPropertyValue('--share'))"
    with (
        serving("--models", str(folder)) as server,
        chromium(camera, beside=browser) as seeing,
        page_of(seeing, server.url, service_workers="block") as page,
    ):
        start_camera(page)
        page.wait_for_selector(".face")
        page.wait_for_timeout(4000)  # for the network for far and the first glance: tracks stay from then on
        until(page, f"{share} > 0.7")
        before = page.evaluate(share)
        assert text(page).startswith("Do you look sad or angry")
        listen(page)
        page.get_by_role("button", name="Learn my neutral face").click()
        says(page, "Learning")
        page.wait_for_selector("#neutral-progress")
        says(page, "Your neutral face is in use for Face ", 20)
        until(page, f"{share} < {before} - 0.04")
        assert page.evaluate(KEPT) is None  # in memory only
        page.get_by_role("checkbox", name="Keep on this device").check()
        kept = json.loads(page.evaluate(KEPT))
        manifest = json.loads((served / "personal/manifest.json").read_text())
        assert kept["model"] == manifest["artifacts"]["int8"]["files"][0]["sha256"]
        assert list(kept["values"]) == manifest["contract"]["labels"] and kept["values"]["sad"] == max(
            kept["values"].values()
        )
        page.select_option("#model", "stranger/manifest.json")
        says(page, "Another model or engine was chosen: your neutral face is no longer used.")
        says(page, "learnt with another model: it is not used with this one")
        page.wait_for_selector(".face")
        assert page.locator("#neutral-use").is_hidden()
        page.select_option("#model", "small/manifest.json")
        page.wait_for_selector("#neutral-use")
        page.wait_for_selector(".face")
        page.get_by_role("button", name="Use the kept one").click()
        until(page, f"{share} < {before} - 0.04")
        page.get_by_role("button", name="Forget").click()
        says(page, "forgotten")
        until(page, f"{share} > {before} - 0.02")
        assert page.evaluate(KEPT) is None


def test_a_smile_is_no_face_at_rest(served: Path, browser, tmp_path: Path):
    data = pytest.importorskip("skimage.data", reason="scikit-image is not installed: requirements-dev.txt")
    camera = write_camera(tmp_path / "portrait.mjpeg", [on_canvas(data.astronaut())] * 2)
    with (
        serving("--models", str(served)) as server,
        chromium(camera, beside=browser) as seeing,
        page_of(seeing, server.url, service_workers="block") as page,
    ):
        wait_for_state(page, "ready")
        page.select_option("#model", "personal/manifest.json")
        page.wait_for_selector('#stage[data-state="ready"]')
        listen(page)
        start_camera(page)
        until(page, "document.querySelector('.face-label')?.textContent === 'happy'")
        page.wait_for_timeout(3000)  # for the first glance: tracks stay from then on
        page.locator("#neutral-learn").click()
        says(page, "The face was not at rest but happy: nothing was learnt. Let it rest and learn again.", 20)
        assert page.get_by_role("button", name="Learn again").is_enabled()
        assert page.locator("#neutral-forget").is_hidden() and page.evaluate(KEPT) is None


def test_it_is_bound_to_the_track_that_was_learnt_and_goes_with_it(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        learn(page)
        assert 3 <= page.evaluate("learnt.length") <= 22 and page.evaluate("learnt[0]") == 640
        until(page, "globalThis.baselines?.length === 1")
        track, baseline = page.evaluate("baselines[0]")
        assert track == 1 and baseline["head"] == "both"
        page.evaluate(f"mock.boxes = {json.dumps(TWO_FACES)}")  # another person comes in: nothing happens
        page.wait_for_timeout(1500)
        assert "in use for Face 1" in text(page)
        page.evaluate("mock.firstTrack = 2")
        says(page, "Face 1 left the picture: your neutral face is no longer used.")
        until(page, "globalThis.baselines === null")
        page.evaluate(f"mock.boxes = {json.dumps(ONE_FACE)}")
        page.get_by_role("button", name="Learn again").click()
        says(page, "in use for Face 2")
        page.get_by_role("button", name="Forget").click()
        says(page, "Your neutral face is forgotten.")
        until(page, "globalThis.baselines === null")
        assert page.evaluate("document.activeElement.id") == "neutral-learn"


@pytest.mark.parametrize("way", ["stop", "picture", "model", "engine"])
def test_it_goes_with_the_picture_that_it_was_learnt_from_and_the_page_says_so(
    server: Server, browser, way: str
):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        learn(page)
        if way == "stop":
            page.get_by_role("button", name="Stop").click()
        elif way == "picture":
            page.get_by_role("radio", name="Picture").check()
        elif way == "model":
            page.select_option("#model", label="many")
        else:
            page.select_option("#engine", "litert")
        says(page, "your neutral face is no longer used.")
        if way == "picture":
            assert page.locator("#neutral-learn").is_hidden()  # pictures have no tracks
        elif way == "stop":
            assert page.locator("#neutral-learn").is_disabled()
            start_camera(page)
            page.wait_for_selector(".face")
            assert page.evaluate("baselines") is None and "no longer used" in text(page)
        elif way == "model":
            page.wait_for_selector(".face")
            assert page.locator("#neutral-learn").is_hidden()  # it has no class "neutral"
            assert "no longer used" in text(page)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("mock.boxes = []", "No face was in the picture: nothing was learnt."),
        (f"mock.boxes = {json.dumps(TWO_FACES)}", "2 faces were in the picture: nothing was learnt."),
        ("mock.firstTrack = 2", "The face changed: nothing was learnt."),
        ("document.getElementById('neutral-learn').click()", "Nothing was learnt."),
        (
            "document.getElementById('stop').click()",
            "The camera or video ended: nothing was learnt.",
        ),
        ("document.getElementById('pause').click()", "The picture stood still: nothing was learnt."),
        ("mock.learnError = 'BaselineError'", "The face was not seen well enough: nothing was learnt."),
    ],
)
def test_what_goes_wrong_while_learning_is_said_and_nothing_is_kept(
    server: Server, browser, change: str, words: str
):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        learn(page)
        page.get_by_role("button", name="Learn again").click()
        says(page, "two seconds")
        page.wait_for_timeout(400)
        page.evaluate(change)
        says(page, words)
        assert page.locator("#neutral-progress").is_hidden() and page.locator("#neutral-forget").is_hidden()
        page.wait_for_timeout(300)
        assert page.evaluate("baselines") is None
        assert page.locator("#neutral-learn").inner_text() == "Learn again"


def test_another_model_while_it_is_reckoned_ends_it_quietly(server: Server, browser):
    """The recognizer that reckons is gone then, and refuses with an AbortError."""
    with page_of(browser, server.url, mock={"boxes": ONE_FACE, "learnDelay": 1200}) as page:
        start_camera(page)
        page.wait_for_selector(".face")
        page.evaluate("mock.learnError = 'AbortError'")
        listen(page)
        page.locator("#neutral-learn").click()
        until(page, "globalThis.learnt !== undefined")
        page.select_option("#engine", "litert")
        says(page, "Another model or engine was chosen: nothing was learnt.")
        page.wait_for_selector(".face")
        page.wait_for_timeout(1500)
        assert state_of(page) is None and page.evaluate("baselines") is None


def test_it_is_kept_on_this_device_only_if_asked_and_until_unticked(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        learn(page)
        assert page.locator("#neutral-keep").is_checked() is False and page.evaluate(KEPT) is None
        page.locator("#neutral-keep").check()
        says(page, "kept on this device")
        model = json.loads(page.evaluate(KEPT))["model"]
        page.reload()
        wait_for_state(page, "ready")
        start_camera(page)
        page.wait_for_selector(".face")
        assert page.locator("#neutral-keep").is_checked() and page.evaluate("baselines") is None
        page.evaluate(f"mock.boxes = {json.dumps(TWO_FACES)}")
        until(page, "document.querySelectorAll('.face').length === 2")
        page.get_by_role("button", name="Use the kept one").click()
        says(page, "be alone in the picture")
        page.evaluate(f"mock.boxes = {json.dumps(ONE_FACE)}")
        until(page, "document.querySelectorAll('.face').length === 1")
        page.get_by_role("button", name="Use the kept one").click()
        says(page, "in use for Face 1")
        until(page, "globalThis.baselines?.length === 1")
        assert page.evaluate("baselines[0][1].model") == model
        page.get_by_role("button", name="Learn again").click()  # replaces the kept one too
        says(page, "kept on this device", 20)
        page.locator("#neutral-keep").uncheck()
        says(page, "Nothing is kept on this device any more.")
        assert page.evaluate(KEPT) is None
        until(page, "globalThis.baselines?.length === 1")  # and stays in use


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        (
            '{"format":1,"model":"another","head":"both","values":{"angry":1}}',
            "learnt with another model: it is not used with this one",
        ),
        ("{damaged", "cannot be read: it is not used"),
    ],
)
def test_what_is_kept_of_another_model_is_not_used_and_the_page_says_so(
    server: Server, browser, kept: str, words: str
):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        page.evaluate(f"localStorage.setItem('face-emotion-neutral', {json.dumps(kept)})")
        page.reload()
        says(page, words)
        start_camera(page)
        page.wait_for_selector(".face")
        assert words in text(page) and page.locator("#neutral-use").is_hidden()
        assert page.evaluate(KEPT) == kept
        page.get_by_role("button", name="Forget").click()
        assert page.evaluate(KEPT) is None and page.evaluate("baselines") is None


def test_storage_that_is_turned_off_is_told(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        page.evaluate(
            "void (Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); })"
        )
        learn(page)
        page.locator("#neutral-keep").click()
        says(page, "This browser keeps nothing here")
        assert page.locator("#neutral-keep").is_checked() is False


def test_it_works_from_the_keyboard_and_axe_finds_nothing(server: Server, browser):
    axe_package = pytest.importorskip("axe_playwright_python.sync_playwright")
    axe = axe_package.Axe()
    for scheme, viewport in (
        ("light", {"width": 1280, "height": 800}),
        ("dark", {"width": 390, "height": 844}),
    ):
        options = {"color_scheme": scheme, "viewport": viewport, "bypass_csp": True}
        with page_of(browser, server.url, mock={"boxes": ONE_FACE, "unclear": True}, **options) as page:
            start_camera(page)
            page.wait_for_selector(".face")
            page.locator("#neutral-learn").focus()
            page.keyboard.press("Enter")
            page.wait_for_selector("#neutral-progress")
            assert axe.run(page).response["violations"] == []
            says(page, "in use")
            assert page.evaluate("document.activeElement.id") == "neutral-learn"
            page.keyboard.press("Tab")
            page.keyboard.press("Tab")
            page.keyboard.press("Space")
            assert page.evaluate(KEPT) is not None
            assert axe.run(page).response["violations"] == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            page.keyboard.press("Shift+Tab")
            page.keyboard.press("Enter")
            says(page, "forgotten")
            assert page.evaluate("document.activeElement.id") == "neutral-learn"


def test_an_answer_that_is_not_certain_is_unclear_and_exports_keep_its_numbers(server: Server, browser):
    colour = "getComputedStyle(document.querySelector('.face-label')).color"
    with page_of(browser, server.url, mock={"boxes": TWO_FACES}) as page:
        start_camera(page)
        page.get_by_role("button", name="Face 1: all expressions").click()
        page.wait_for_selector(".bar[data-top]")
        sure = page.evaluate(colour)
        page.evaluate("mock.unclear = true")
        until(page, "document.querySelector('.face-label').textContent === 'unclear'")
        assert page.locator(".face-label").all_inner_texts() == ["unclear", "unclear"]
        assert page.evaluate(colour) != sure and page.locator(".bar[data-top]").count() == 0
        until(page, "document.getElementById('announcer').textContent === '2 faces: unclear, unclear.'")
        page.wait_for_timeout(300)
        with page.expect_download() as waiting:
            page.get_by_role("button", name="CSV").click()
        rows = list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text(), newline="")))
        assert {(row["label"], row["certain"]) for row in rows} == {
            (label, certain) for label in ("happy", "neutral") for certain in ("true", "false")
        }
        assert float(rows[-1]["p_neutral"]) > 0.5
        with page.expect_download() as waiting:
            page.get_by_role("button", name="JSON").click()
        samples = json.loads(Path(waiting.value.path()).read_text())["samples"]
        assert [samples[0]["certain"], samples[-1]["certain"]] == [True, False]
        assert samples[-1]["label"] == "neutral"
