"""The page's controls: models, keyboard, mirror, accessibility, and that the tests' own checks catch something."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.browser import (
    chromium_before_a_wall,
    page_of,
    require_chromium,
    start_camera,
    until,
    wait_for_state,
)
from tests.support.web import ONE_FACE, TWO_FACES, Server

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    with chromium_before_a_wall(tmp_path_factory.mktemp("camera")) as running:
        yield running


DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


def test_model_choice_fifty_classes_and_how_good_it_is(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}) as page:
        wait_for_state(page, "ready")
        assert page.inner_text("#quality").startswith(
            "Right for about 7 of 10 faces that it never saw before."
        )
        assert "71.2" not in page.inner_text("#quality")
        page.get_by_text("The figures").click()
        assert "71.2" in page.inner_text("#quality") and "69.7–72.7" in page.inner_text("#quality")
        assert "3,589 faces of FER2013 PrivateTest" in page.inner_text("#quality")
        page.select_option("#model", label="many")
        until(page, "document.querySelectorAll('#legend li').length === 50")
        wait_for_state(page, "ready")
        start_camera(page)
        until(page, "document.querySelectorAll('.face .bar').length === 50")
        page.select_option("#model", label="small")
        until(page, "document.querySelectorAll('.face .bar').length === 7")  # the camera goes on by itself
        page.select_option("#model", label="many")
        until(page, "document.querySelectorAll('.face .bar').length === 50")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_everything_works_from_the_keyboard(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": TWO_FACES}) as page:
        wait_for_state(page, "ready")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        for _ in range(8):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "card-action":
                break
        page.keyboard.press("Enter")
        until(page, "document.querySelectorAll('.face').length === 2")
        page.locator(".face-head").nth(1).focus()
        page.keyboard.press("Enter")
        assert page.locator(".face-head").nth(1).get_attribute("aria-pressed") == "true"
        page.locator('input[value="camera"]').focus()
        page.keyboard.press("ArrowRight")
        wait_for_state(page, "picture")


def test_mirror_turns_the_picture_and_the_boxes(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": [[0.1, 0.3, 0.2, 0.3]]}) as page:
        start_camera(page)
        page.wait_for_selector(".face")
        left = """() => { const c = overlay, d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
          let sum = 0, n = 0;
          for (let i = 3; i < d.length; i += 4) if (d[i]) { sum += ((i - 3) / 4) % c.width; n++; }
          return sum / n / c.width < 0.5; }"""
        assert page.evaluate(left) is False
        page.get_by_role("button", name="Mirror").click()
        until(page, f"({left})()")


@pytest.mark.parametrize(("scheme", "viewport"), [("light", DESKTOP), ("dark", PHONE)], ids=["light", "dark"])
def test_axe_finds_nothing(server: Server, browser, scheme: str, viewport: dict):
    axe_package = pytest.importorskip("axe_playwright_python.sync_playwright")
    axe = axe_package.Axe()
    with page_of(
        browser,
        server.url,
        mock={"boxes": TWO_FACES},
        color_scheme=scheme,
        viewport=viewport,
        bypass_csp=True,
    ) as page:
        wait_for_state(page, "ready")
        assert axe.run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        start_camera(page)
        page.wait_for_selector(".face")
        assert axe.run(page).response["violations"] == []
        page.get_by_role("radio", name="Picture").check()
        wait_for_state(page, "picture")
        assert axe.run(page).response["violations"] == []
        page.evaluate("mock.loadError = 'ModelMissingError'")
        page.select_option("#model", label="many")
        page.wait_for_selector("#model-problem")
        assert axe.run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_reduced_motion_stops_every_transition(server: Server, browser):
    with page_of(browser, server.url, mock={"boxes": ONE_FACE}, reduced_motion="reduce") as page:
        start_camera(page)
        page.wait_for_selector(".face")
        assert page.eval_on_selector(".bar-fill", "node => getComputedStyle(node).transitionDuration") == "0s"


def test_the_checks_catch_a_policy_violation_and_another_origin(server: Server, browser):
    with page_of(browser, server.url, mock={}, check=False) as page:
        wait_for_state(page, "ready")
        page.record.check()
        page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'), {textContent: '1'}))"
        )
        page.wait_for_timeout(200)
        with pytest.raises(AssertionError, match="Content Security Policy"):
            page.record.check()
        page.record.errors.clear()
        other = page.context.new_page()
        other.goto("about:blank")
        other.evaluate("fetch('http://canary.example/').catch(() => {})")
        other.wait_for_timeout(300)
        with pytest.raises(AssertionError, match=r"canary\.example"):
            page.record.check()
