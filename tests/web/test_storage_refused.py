"""The page where the browser keeps nothing: storage and service worker refused, as in some private windows.

Released networks, real server; Chromium with a profile whose owner blocks all site data.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browser import (
    ARGUMENTS,
    CHROMIUM,
    Record,
    chromium,
    on_canvas,
    page_of,
    require_chromium,
    start_camera,
    until,
    wait_for_state,
    write_camera,
)
from tests.support.videos import SAMPLES
from tests.support.web import Server, released_models, serving

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")
data = pytest.importorskip("skimage.data", reason="scikit-image is not installed: requirements-dev.txt")

REFUSED = """async () => {
  const said = [];
  const worker = () => navigator.serviceWorker.register('/sw.js');
  for (const ask of [() => localStorage.length, () => caches.open('a'), worker]) {
    try {
      await ask();
      said.push('allowed');
    } catch ({name}) {
      said.push(name);
    }
  }
  return said;
}"""
BLOCKS_ALL = {"profile": {"default_content_setting_values": {"cookies": 2}}}
HAPPY = "document.querySelector('.face-label')?.textContent === 'happy'"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--models", str(released_models())) as running:
        yield running


@pytest.fixture
def page(server: Server, tmp_path: Path) -> Iterator[object]:
    """The page in a browser that refuses site data, before the portrait; nothing unexpected may have happened in it."""
    from playwright.sync_api import sync_playwright

    camera = write_camera(tmp_path / "portrait.mjpeg", [on_canvas(data.astronaut())] * 2)
    profile = tmp_path / "profile"
    (profile / "Default").mkdir(parents=True)
    (profile / "Default/Preferences").write_text(json.dumps(BLOCKS_ALL))
    arguments = [
        *ARGUMENTS,
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={camera}",
    ]
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=CHROMIUM,
            headless=True,
            args=arguments,
            permissions=["camera"],
            reduced_motion="reduce",
        )
        record = Record(server.url)
        record.watch(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto(server.url)
        until(page, "document.getElementById('stage').dataset.state === 'ready'", 40)
        yield page
        context.close()
        record.check()


def test_camera_and_pictures_work_and_nothing_is_said_to_be_kept(page):
    assert page.evaluate(REFUSED) == ["SecurityError", "SecurityError", "NotSupportedError"]
    start_camera(page)
    until(page, HAPPY)
    page.set_input_files("#file", str(SAMPLES / "portrait.jpg"))
    until(page, f"document.body.dataset.mode === 'picture' && {HAPPY}")
    page.context.set_offline(True)
    page.wait_for_selector("#notice-offline")
    assert page.inner_text("#notice-offline") == (
        "You are offline. What is loaded goes on working; another model needs a connection."
    )
    page.select_option("#model", label="nano")
    page.wait_for_selector("#model-problem")
    assert page.inner_text("#model-problem-text") == (
        "nano with TensorFlow.js cannot be loaded: you are offline. small with TensorFlow.js goes on."
    )


def test_what_the_comparison_would_load_is_offered(page):
    """A refused cache is no cache that holds everything."""
    page.set_input_files("#file", str(SAMPLES / "portrait.jpg"))
    until(page, HAPPY)
    page.get_by_role("button", name="Compare models").click()
    page.locator(".compare-offer:visible p", has_text="nano, base: loads 0.95 MB more").wait_for()
    assert page.locator(".compare-word").count() == 3


def test_a_first_model_that_does_not_come_is_not_promised_offline(server: Server):
    """The connection is lost between the page and its network, and no service worker is there to keep it."""
    with (
        chromium() as browser,
        page_of(browser, "about:blank", check=False, service_workers="block") as page,
    ):
        asked: list = []
        page.context.route("**/tfjs/weights.bin", lambda route: asked.append(route))
        page.goto(server.url)
        while not asked:
            page.wait_for_timeout(50)
        page.context.set_offline(True)
        for route in asked:
            route.abort()
        wait_for_state(page, "offline")
        assert page.inner_text("#card-text") == (
            "This model or engine is not loaded yet. Connect, then load the page again."
        )
