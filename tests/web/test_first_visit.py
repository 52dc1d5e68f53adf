"""What a first visit loads, and what comes after it: without a server, another version, another host."""

from __future__ import annotations

import contextlib
import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import waitress

from tests.support.browser import chromium, page_of, require_chromium, until, write_camera
from tests.support.portrait import moving_portrait, start_camera, until_loaded
from tests.support.web import released_models, serving
from web.app import create_app
from web.export import export

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")

FIRST_VISIT = 1_000_000  # bytes, compressed: what opening the page may load


@pytest.fixture(scope="module")
def models() -> Path:
    return released_models()


@pytest.fixture(scope="module")
def browser(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    camera = write_camera(tmp_path_factory.mktemp("camera") / "portrait.mjpeg", moving_portrait())
    with chromium(camera) as running:
        yield running


def test_opening_the_page_loads_at_most_a_megabyte_from_this_origin_only(models: Path, browser):
    sent: list[tuple[str, str, int]] = []
    with counting_server(models, sent) as url, page_of(browser, url) as page:
        until_loaded(page)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        requested = {request.removeprefix(url) for request in page.record.requests}
    assert {"vendor/tfjs/tfjs-backend-wasm-simd.wasm", "sw.js"} <= requested, (
        "the worker's requests are not seen"
    )
    assert not any("litert" in path and path.endswith(".wasm") for path, *_ in sent)
    total = sum(size for _, status, size in sent if status == "200")
    print(f"{len(sent)} answers, {total:,} bytes compressed, the service worker's included")
    assert total <= FIRST_VISIT, sorted(sent, key=lambda answer: -answer[2])[:10]


@contextlib.contextmanager
def counting_server(models: Path, sent: list[tuple[str, str, int]]) -> Iterator[str]:
    """Serves the page from this process and notes (path, status, bytes of the body) of every answer."""
    application = create_app(models)

    def counted(environ: dict, start_response) -> object:
        def start(status: str, headers: list[tuple[str, str]], error=None) -> object:
            size = int(dict(headers).get("Content-Length", 0))
            sent.append((environ["PATH_INFO"], status[:3], size))
            return start_response(status, headers, error)

        return application(environ, start)

    server = waitress.create_server(counted, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}/"
    finally:
        server.close()
        thread.join(5)


def test_after_the_first_visit_it_works_without_a_server(models: Path, browser):
    with (
        serving("--models", str(models)) as server,
        page_of(browser, server.url, check=False) as page,
    ):
        until_loaded(page)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        server.stop()
        page.reload()
        start_camera(page)
        until(page, "document.querySelector('.face-label')?.textContent === 'happy'")
        assert page.record.foreign == []


def test_a_new_version_is_offered_and_taken(models: Path, browser, tmp_path: Path):
    folder = tmp_path / "models"
    for name in ("small", "face_detector"):
        shutil.copytree(models / name, folder / name)
    with serving("--models", str(folder)) as first:
        context = browser.new_context(reduced_motion="reduce")  # it opens on its card
        page = context.new_page()
        page.goto(first.url)
        until_loaded(page)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        until(page, "navigator.serviceWorker.controller !== null")
    shutil.copytree(folder / "small", folder / "another")
    with serving("--models", str(folder), "--port", str(first.port)):
        page.reload()
        page.wait_for_selector("#notice-update")
        assert page.locator("#model option").count() == 1, "old and new version are mixed"
        page.locator("#notice-update button").click()
        until(page, "document.querySelectorAll('#model option').length === 2")
        context.close()


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


def test_the_export_works_under_a_sub_path(models: Path, browser, tmp_path: Path):
    export(tmp_path / "some" / "sub" / "path", models)
    handler = functools.partial(_QuietHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{host.server_port}/some/sub/path/"
        with page_of(browser, url) as page:
            start_camera(page)
            page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        host.shutdown()
