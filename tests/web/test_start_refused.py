"""Starts that cannot be: files that are not the manifest's, an insecure address, a browser without SIMD."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.browser import chromium, page_of, require_chromium
from tests.support.web import Server, released_models, serving

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--models", str(released_models())) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with chromium() as running:
        yield running


@pytest.mark.parametrize("what", ["damaged", "missing"])
def test_a_model_file_that_is_not_the_manifests_is_not_used(server: Server, browser, what: str):
    with page_of(browser, "about:blank", check=False, service_workers="block") as page:
        if what == "damaged":
            page.context.route("**/tfjs/weights.bin", lambda route: route.fulfill(body=b"x" * 1000))
        else:
            page.context.route("**/tfjs/weights.bin", lambda route: route.fulfill(status=404))
        page.goto(server.url)
        page.wait_for_selector(f"#stage[data-state={what}]")


def test_an_insecure_address_is_explained(server: Server, browser):
    url = f"http://insecure.test:{server.port}/"
    with page_of(browser, url, check=False, camera=False) as page:
        assert page.evaluate("isSecureContext") is False
        page.wait_for_selector("#stage[data-state=insecure]")


def test_a_browser_without_webassembly_simd_is_told(server: Server, browser):
    with (
        chromium(beside=browser, simd=False) as old,
        page_of(old, server.url, service_workers="block") as page,
    ):
        page.wait_for_selector("#stage[data-state=simd]")
        assert "WebAssembly SIMD" in page.inner_text("#card-text")
        assert not [url for url in page.record.requests if "/vendor/" in url]
