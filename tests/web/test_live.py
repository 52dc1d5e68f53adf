"""The page with the released networks in headless Chromium: what a camera shows, offline, exported, tampered with."""

from __future__ import annotations

import contextlib
import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import waitress

from model_build.synthetic.scenes import draw_frame
from tests.support.browser import (
    HEIGHT,
    LOADING,
    NO_PICTURE_YET,
    WIDTH,
    chromium,
    on_canvas,
    page_of,
    passing,
    require_chromium,
    until,
    write_camera,
)
from tests.support.web import Server, released_models, serving
from web.app import create_app
from web.export import export

require_chromium()
data = pytest.importorskip("skimage.data", reason="scikit-image is not installed: requirements-dev.txt")

HAPPY = 3
FIRST_VISIT = 1_000_000  # bytes, compressed: what opening the page may load


def portrait() -> np.ndarray:
    """The public-domain portrait of an astronaut who smiles, uint8 RGB."""
    return data.astronaut()


def moving_portrait() -> list[np.ndarray]:
    """Camera frames in which the portrait goes to and fro."""
    frame = on_canvas(portrait())
    path = [*range(-60, 61, 6), *range(60, -61, -6)]
    return [np.roll(frame, shift, axis=1) for shift in path]


@pytest.fixture(scope="module")
def models() -> Path:
    return released_models()


@pytest.fixture(scope="module")
def server(models: Path) -> Iterator[Server]:
    with serving("--models", str(models)) as running:
        yield running


@pytest.fixture(scope="module")
def browser(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    camera = write_camera(tmp_path_factory.mktemp("camera") / "portrait.mjpeg", moving_portrait())
    with chromium(camera) as running:
        yield running


def until_loaded(page) -> None:
    until(page, "document.getElementById('stage')?.dataset.state !== 'loading'", 40)
    assert page.get_attribute("#stage", "data-state") == "ready", page.inner_text("#card")


def start_camera(page) -> None:
    until_loaded(page)
    page.get_by_role("button", name="Start camera").click()
    page.wait_for_selector(".face")


def open_picture(page, pixels: np.ndarray) -> None:
    bgr = pixels if pixels.ndim == 2 else np.ascontiguousarray(pixels[..., ::-1])
    page.evaluate("announcer.textContent = ''")
    content = cv2.imencode(".png", bgr)[1].tobytes()
    page.set_input_files("#file", {"name": "a.png", "mimeType": "image/png", "buffer": content})
    until(page, "announcer.textContent && !announcer.textContent.startsWith('Reading')", 40)


def shown(page) -> list[str]:
    return page.locator(".face-label").all_inner_texts()


def test_a_moving_face_in_the_camera_is_happy_and_keeps_its_number(server: Server, browser):
    with page_of(browser, server.url) as page:
        start_camera(page)
        until(page, "document.querySelector('.face-label')?.textContent === 'happy'")
        # Meanwhile the network for far is prepared and first glanced with: on a busy machine that takes longer than a
        # track waits.
        page.wait_for_timeout(4000)
        names = set()
        for _ in range(9):
            names |= set(page.locator(".face-name").all_inner_texts())
            page.wait_for_timeout(150)
        assert len({name.split(" ·")[0] for name in names}) == 1, names


@pytest.mark.parametrize("engine", ["tfjs", "litert"])
def test_one_face_two_faces_and_none_in_pictures(server: Server, browser, engine: str):
    with page_of(browser, server.url) as page:
        until_loaded(page)
        if engine != "tfjs":
            with passing(page, LOADING):
                page.select_option("#engine", engine)
            until_loaded(page)
        open_picture(page, portrait())
        assert shown(page) == ["happy"]
        head = portrait()[:300, 80:380]
        open_picture(page, np.hstack([head, head]))
        assert shown(page) == ["happy", "happy"]
        open_picture(page, np.full((HEIGHT, WIDTH), 120, np.uint8))
        assert shown(page) == [] and page.inner_text("#hint") == "No face in view"
        drawn = draw_frame(WIDTH, HEIGHT, [(220, 140, 400, 320)], [HAPPY], 4)
        open_picture(page, drawn)
        assert len(shown(page)) == 1


@pytest.mark.parametrize("engine", ["tfjs", "litert"])
def test_small_faces_of_a_picture_are_found_and_said_to_be_small(server: Server, browser, engine: str):
    data = pytest.importorskip("skimage.data", reason="scikit-image is not installed: requirements-dev.txt")
    head = cv2.resize(data.astronaut()[:300, 80:380], (60, 60), interpolation=cv2.INTER_AREA)
    crowd = np.full((480, 640, 3), 110, np.uint8)
    for left, top in ((40, 60), (300, 210), (520, 330)):
        crowd[top : top + 60, left : left + 60] = head
    crowd[120:180, 480:540] = np.rot90(head)
    with page_of(browser, server.url) as page:
        until_loaded(page)
        if engine != "tfjs":
            with passing(page, LOADING):
                page.select_option("#engine", engine)
            until_loaded(page)
        open_picture(page, crowd)
        assert len(shown(page)) == 4
        assert page.inner_text("#hint") == "The face is too small: come closer"


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


def test_the_example_page_needs_nothing_but_the_module(server: Server, browser):
    with page_of(
        browser, f"{server.url}example.html", camera=True, check=False, script=NO_PICTURE_YET
    ) as page:
        page.get_by_role("button", name="Start camera").click()
        until(page, "document.getElementById('answer').textContent === 'happy'")
        assert page.evaluate("refused") > 1
        assert not [url for url in page.record.requests if "/page/" in url and "example" not in url]
        assert page.record.errors == []
