"""What works without a connection, and what the page says of it: released networks, real server, headless Chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest

from tests.support.browser import (
    LOADING,
    chromium_before_a_wall,
    page_of,
    passing,
    require_chromium,
    until,
    wait_for_state,
)
from tests.support.cli import colour_frame
from tests.support.web import Server, released_models, serving, write_model
from web.app import create_app
from web.site import build_site, kept_later, precached

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")
LATER_IS_KEPT = """caches.open('face-emotion-kit').then((cache) => cache.keys()).then((keys) =>
  ['base/tfjs/weights.bin', 'nano/tfjs/weights.bin', 'example.html', 'face_detector/LICENSE.txt', 'licences.txt']
    .every((name) => keys.some(({url}) => url.split('?')[0].endsWith(name))))"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    with chromium_before_a_wall(tmp_path_factory.mktemp("camera")) as running:
        yield running


@pytest.fixture
def server() -> Iterator[Server]:
    with serving("--models", str(released_models())) as running:
        yield running


def test_every_model_and_the_papers_work_without_a_server(server: Server, browser):
    with page_of(browser, server.url, check=False) as page:
        wait_for_state(page, "ready")
        until(page, LATER_IS_KEPT, 40)
        server.stop()
        page.context.set_offline(True)
        page.reload()
        wait_for_state(page, "ready")
        page.wait_for_selector("#notice-offline")
        until(page, "document.getElementById('notice-offline').textContent.includes('nano')")
        assert page.inner_text("#notice-offline") == (
            "You are offline. Camera, pictures and videos go on working with small, base, and nano; "
            "the engine LiteRT needs a connection."
        )
        content = cv2.imencode(".png", colour_frame()[:, :, ::-1])[1].tobytes()
        for model in ("nano", "base"):
            with passing(page, LOADING):
                page.select_option("#model", label=model)
            wait_for_state(page, "ready")
        page.set_input_files("#file", {"name": "a.png", "mimeType": "image/png", "buffer": content})
        page.wait_for_selector(".face")
        page.select_option("#engine", "litert")
        page.wait_for_selector("#model-problem")
        assert page.inner_text("#model-problem-text") == (
            "base with LiteRT cannot be loaded: you are offline. base with TensorFlow.js goes on."
        )
        assert page.locator(".face").count() == 1 and page.input_value("#engine") == "tfjs"
        page.context.set_offline(False)
        page.wait_for_selector("#notice-offline", state="detached")


def test_offline_before_anything_is_kept_the_page_promises_nothing(server: Server, browser):
    with page_of(browser, server.url, check=False, service_workers="block") as page:
        wait_for_state(page, "ready")
        page.context.set_offline(True)
        page.wait_for_selector("#notice-offline")
        assert page.inner_text("#notice-offline") == (
            "You are offline. What is loaded goes on working; another model needs a connection."
        )


def test_what_is_kept_later_is_all_models_on_the_default_engine_and_the_papers(tmp_path: Path):
    for name in ("small", "nano"):
        write_model(tmp_path / name)
    site = build_site(tmp_path)
    later = kept_later(site, "small")
    german = "page/words/de.js"
    assert {"example.html", "models/nano/tfjs/weights.bin", "models/nano/manifest.json", german} <= set(later)
    assert {"page/batch/gather.js", "page/batch/tile.js", "styles/batch.css"} <= set(later)
    assert not set(later) & set(precached(site, "small"))
    assert not [url for url in later if url.endswith((".wasm", "litert.js", ".tflite", "golden.json"))]
    known = json.loads(
        create_app(tmp_path).test_client().get("/sw.js").text.split("\n")[0][len("self.SITE = ") : -1]
    )
    assert known["later"] == later and known["languages"] == {"de": german}
