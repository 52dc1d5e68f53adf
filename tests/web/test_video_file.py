"""Video files with the real recognizer in headless Chromium: on the page, and as an embedder plays them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from model_build.synthetic.scenes import draw_frame
from tests.support.browser import (
    chromium_before_a_wall,
    page_of,
    require_chromium,
    state_of,
    until,
    wait_for_state,
)
from tests.support.web import Server, released_models, serving

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")

STARTS = 6  # one in three went wrong


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--models", str(released_models())) as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    with chromium_before_a_wall(tmp_path_factory.mktemp("camera")) as running:
        yield running


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Four seconds of a drawn face that moves slowly to the right, 640×480, 15 frames a second."""
    path = tmp_path_factory.mktemp("clip") / "clip.webm"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"VP80"), 15, (640, 480))
    for number in range(60):
        box = (200.0 + number, 120.0, 380.0 + number, 300.0)
        writer.write(np.repeat(draw_frame(640, 480, [box], [3], 1)[:, :, None], 3, axis=2))
    writer.release()
    return path.read_bytes()


def test_a_video_file_is_looked_at_from_its_first_frame_on_at_every_start(
    server: Server, browser, clip: bytes
):
    with page_of(browser, server.url) as page:
        wait_for_state(page, "ready")
        for start in range(STARTS):
            page.set_input_files("#file", {"name": "clip.webm", "mimeType": "video/webm", "buffer": clip})
            until(page, "document.querySelectorAll('.face').length === 1")
            until(page, "video.currentTime > 1")
            assert state_of(page) is None, f"start {start}"
            assert page.locator(".face").count() == 1
            page.click("#stop")
            until(page, "document.querySelectorAll('.face').length === 0")


def test_a_video_of_one_frame_is_read(server: Server, browser, tmp_path: Path):
    """It may end before it has begun."""
    path = tmp_path / "one.webm"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"VP80"), 30, (322, 242))
    writer.write(np.repeat(draw_frame(322, 242, [(90.0, 60.0, 230.0, 200.0)], [3], 1)[:, :, None], 3, axis=2))
    writer.release()
    with page_of(browser, server.url) as page:
        wait_for_state(page, "ready")
        for _ in range(STARTS):
            page.set_input_files(
                "#file", {"name": "one.webm", "mimeType": "video/webm", "buffer": path.read_bytes()}
            )
            until(page, "document.querySelectorAll('.face').length === 1")
            page.click("#stop")
            until(page, "document.querySelectorAll('.face').length === 0")


def test_an_embedder_who_plays_a_video_may_ask_at_once(server: Server, browser, clip: bytes):
    with page_of(browser, server.url) as page:
        wait_for_state(page, "ready")
        found = page.evaluate(
            """async ({clip, starts}) => {
            const {EmotionRecognizer} = await import(new URL('runtime/emotion.js', location.href));
            const recognizer = await EmotionRecognizer.load('models/small/manifest.json');
            const bytes = Uint8Array.from(atob(clip), (letter) => letter.charCodeAt(0));
            const file = new Blob([bytes], {type: 'video/webm'});
            const counts = [];
            for (let start = 0; start < starts; start += 1) {
              const src = URL.createObjectURL(file);
              const video = Object.assign(document.createElement('video'), {muted: true, src});
              await video.play();
              const faces = await recognizer.recognize(video, {time: start * 10});
              counts.push(faces.length);
              video.pause();
            }
            return counts; }""",
            {"clip": base64.b64encode(clip).decode("ascii"), "starts": STARTS},
        )
    assert found == [1] * STARTS
