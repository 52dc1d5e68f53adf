"""Headless Chromium for the tests of the page: a fake camera, no other origin, and a record of what went wrong."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pytest

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
MOCK = (Path(__file__).parent / "mock_emotion.js").read_text(encoding="utf-8")
WIDTH, HEIGHT = 640, 480
# Only this machine's own address resolves: whatever asks for another origin fails, and is recorded.
ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--autoplay-policy=no-user-gesture-required",
)


def require_chromium() -> None:
    """Skips the test, with what to install, where there is no Chromium or no Playwright."""
    pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install -r requirements-dev.txt"
    )
    if not shutil.which(CHROMIUM):
        pytest.skip("chromium is not installed: apt-get install chromium")


def write_camera(path: Path, frames: Sequence[np.ndarray]) -> Path:
    """Writes frames (uint8 [H,W] grey or [H,W,3] RGB) as the .mjpeg file that Chromium plays as a camera, over and over."""
    with open(path, "wb") as stream:
        for frame in frames:
            picture = frame if frame.ndim == 2 else np.ascontiguousarray(frame[..., ::-1])
            done, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])
            assert done
            stream.write(encoded.tobytes())
    return path


def on_canvas(picture: np.ndarray, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """Returns an RGB picture scaled to the height of a camera frame, in the middle of it."""
    scale = height / picture.shape[0]
    scaled = cv2.resize(picture, (round(picture.shape[1] * scale), height), interpolation=cv2.INTER_AREA)
    frame = np.full((height, width, 3), 90, np.uint8)
    left = (width - scaled.shape[1]) // 2
    frame[:, left : left + scaled.shape[1]] = scaled
    return frame


@dataclass
class Record:
    """What a page did that it should not: requests to other origins, console errors, policy violations."""

    origin: str
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def watch(self, context) -> None:
        """Listens to every page and service worker of a browser context."""
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def check(self) -> None:
        """Fails if anything was recorded."""
        assert self.foreign == [], f"requests to another origin: {self.foreign}"
        assert self.errors == [], self.errors

    def _request(self, request) -> None:
        self.requests.append(request.url)
        if not request.url.startswith((self.origin, "blob:", "data:")):
            self.foreign.append(request.url)

    def _console(self, message) -> None:
        if message.type == "error":
            self.errors.append(message.text)


@contextlib.contextmanager
def chromium(camera: Path | None = None, device: bool = True) -> Iterator[object]:
    """Runs headless Chromium with a fake camera that plays `camera` (or a test pattern), or with none."""
    from playwright.sync_api import sync_playwright

    arguments = list(ARGUMENTS)
    if device:
        arguments.append("--use-fake-device-for-media-stream" + ("" if camera else "=fps=20"))
    if camera:
        arguments.append(f"--use-file-for-fake-video-capture={camera}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def page_of(
    browser, url: str, mock: dict | None = None, camera: bool = True, check: bool = True, **options
) -> Iterator:
    """Opens the page in a context of its own and, unless `check` is off, fails on what it should not have done.

    mock: replaces the runtime by tests/mock_emotion.js with these settings. camera: whether it is permitted.
    options: of the browser context (viewport, color_scheme, service_workers, …).
    """
    import json

    if mock is not None:
        options.setdefault("service_workers", "block")
    context = browser.new_context(permissions=["camera"] if camera else [], **options)
    record = Record(url)
    record.watch(context)
    try:
        page = context.new_page()
        page.set_default_timeout(20_000)
        if mock is not None:
            page.add_init_script(f"window.mock = {json.dumps(mock)};")
            page.route(
                "**/runtime/emotion.js",
                lambda route: route.fulfill(body=MOCK, content_type="text/javascript"),
            )
        page.record = record
        page.goto(url)
        yield page
        if check:
            record.check()
    finally:
        context.close()
