"""Fixtures of the tests of the page's run: released networks, real server, a page that tests/support/run.py watches."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from model_build.synthetic.scenes import draw_frame
from tests.support.browser import chromium, on_canvas, page_of, require_chromium, wait_for_state, write_camera
from tests.support.web import Server, released_models, serving


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")
    with serving("--models", str(released_models())) as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    require_chromium()
    data = pytest.importorskip("skimage.data", reason="scikit-image is not installed: requirements-dev.txt")
    folder = tmp_path_factory.mktemp("camera")
    with chromium(write_camera(folder / "portrait.mjpeg", [on_canvas(data.astronaut())] * 2)) as running:
        yield running


@pytest.fixture
def page(server: Server, browser) -> Iterator[object]:
    from tests.support.run import WATCHER  # needs scikit-image

    with page_of(browser, server.url, service_workers="block") as page:
        wait_for_state(page, "ready")
        page.evaluate(WATCHER)
        yield page


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Eight seconds of a drawn face that moves slowly to the right, 640×480, 15 frames a second."""
    path = tmp_path_factory.mktemp("clip") / "clip.webm"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"VP80"), 15, (640, 480))
    for number in range(120):
        box = (200.0 + number, 120.0, 380.0 + number, 300.0)
        writer.write(np.repeat(draw_frame(640, 480, [box], [3], 1)[:, :, None], 3, axis=2))
    writer.release()
    return path.read_bytes()
