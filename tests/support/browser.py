"""Headless Chromium for the tests of the page: a fake camera, no other origin, and a record of what went wrong."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import cv2
import numpy as np
import pytest

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
MOCK = (Path(__file__).parent / "mock_emotion.js").read_text(encoding="utf-8")
WIDTH, HEIGHT = 640, 480
# Only this machine resolves, also under a name that is no secure context: whatever asks for another origin fails,
# and is recorded.
ARGUMENTS = (
    "--host-resolver-rules=MAP insecure.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
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
        pytest.skip("chromium is not installed: apt-get install chromium", allow_module_level=True)


def write_camera(path: Path, frames: Sequence[np.ndarray]) -> Path:
    """Writes frames (uint8 [H,W] grey or [H,W,3] RGB) as a .mjpeg file, which Chromium plays over and over."""
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


def until(page, expression: str, seconds: float = 20) -> None:
    """Waits until a JavaScript expression is true (Playwright's own wait needs eval, which the page's policy bars)."""
    end = time.monotonic() + seconds
    while not _holds(page, expression):
        assert time.monotonic() < end, (
            f"not within {seconds} s: {expression}; {page.evaluate('document.body.innerText')}"
        )
        page.wait_for_timeout(50)


def _holds(page, expression: str) -> bool:
    """Whether an expression is true now; a page that is being loaded anew has no answer yet."""
    from playwright.sync_api import Error

    try:
        return bool(page.evaluate(expression))
    except Error as error:
        if "context was destroyed" not in str(error):
            raise
        return False


def state_of(page) -> str | None:
    """Returns the state that covers the page's stage, or None while it shows a picture."""
    return page.get_attribute("#stage", "data-state")


def wait_for_state(page, name: str) -> None:
    """Waits for a state of the page's stage."""
    page.wait_for_selector(f'#stage[data-state="{name}"]')


@contextlib.contextmanager
def passing(page, expression: str, seconds: float = 20) -> Iterator[None]:
    """Within the block, or soon after, a JavaScript expression is true after a change of the page, however briefly.

    For what a busy test would otherwise look for too late, such as a model's loading.
    """
    page.evaluate(
        "() => { window.passed = false; window.passes?.disconnect(); window.passes = new MutationObserver("
        f"() => {{ window.passed ||= Boolean({expression}); }}); "
        "window.passes.observe(document, {attributes: true, childList: true, subtree: true}); }"
    )
    yield
    until(page, "window.passed", seconds)


# Before the page's own scripts: a video shows nothing that can be read for a second, as right after its start, until
# somebody has waited for that long and asks again. `refused`: how often it was asked for before.
NO_PICTURE_YET = """{
  window.refused = 0;
  let first = null, shows = false;
  const refuse = (source) => {
    if (shows || !(source instanceof HTMLVideoElement)) return;
    first ??= performance.now();
    refused += 1;
    shows = performance.now() - first > 1000;
    throw new DOMException('nothing yet', 'InvalidStateError');
  };
  const Original = VideoFrame, make = createImageBitmap;
  window.VideoFrame = class extends Original {
    constructor(source, init) {
      if (!shows && source instanceof HTMLVideoElement) throw new DOMException('nothing yet', 'InvalidStateError');
      super(source, init);
    }
  };
  window.createImageBitmap = async (source, ...rest) => {
    refuse(source);
    return make(source, ...rest);
  };
}"""
LOADING = "document.getElementById('stage').dataset.state === 'loading'"
READING = "!document.querySelector('.read progress').hidden"


def start_camera(page) -> None:
    """Presses "Start camera" and waits for the picture."""
    page.get_by_role("button", name="Start camera").click()
    page.wait_for_selector("#stage:not([data-state])")


def hide(page, hidden: bool) -> None:
    """Makes the page believe that its tab was hidden or is back (headless Chromium hides none)."""
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )


@contextlib.contextmanager
def chromium_before_a_wall(folder: Path) -> Iterator[object]:
    """Runs Chromium with a camera that shows a grey wall which grows lighter; `folder` holds its film."""
    frames = [np.full((HEIGHT, WIDTH), level, np.uint8) for level in range(60, 180, 4)]
    with chromium(write_camera(folder / "wall.mjpeg", frames)) as running:
        yield running


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
def chromium(
    camera: Path | None = None, device: bool = True, beside=None, simd: bool = True
) -> Iterator[object]:
    """Runs headless Chromium with a fake camera that plays `camera` (or a test pattern), or with none.

    beside: a browser that runs already, where this one is a second. simd: off, its V8 takes the processor for one
    without SSE4.1, as which WebAssembly has no SIMD.
    """
    from playwright.sync_api import sync_playwright

    arguments = list(ARGUMENTS) if simd else [*ARGUMENTS, "--js-flags=--no-enable-sse4-1"]
    if device:
        arguments.append("--use-fake-device-for-media-stream")
    if camera:
        arguments.append(f"--use-file-for-fake-video-capture={camera}")
    with contextlib.ExitStack() as stack:
        kind = beside.browser_type if beside else stack.enter_context(sync_playwright()).chromium
        browser = kind.launch(executable_path=CHROMIUM, headless=True, args=arguments)
        stack.callback(browser.close)
        yield browser


@contextlib.contextmanager
def page_of(
    browser,
    url: str,
    mock: dict | None = None,
    camera: bool = True,
    check: bool = True,
    script: str = "",
    **options,
) -> Iterator:
    """Opens the page in a context of its own and, unless `check` is off, fails on what it should not have done.

    mock: replaces the runtime by tests/support/mock_emotion.js with these settings. camera: whether it is permitted.
    script: runs before the page's own. options: of the browser context (viewport, color_scheme, service_workers, …).
    Less motion is wished for, unless they say otherwise: the page then opens on its card, not on its clip.
    """
    options.setdefault("reduced_motion", "reduce")
    if mock is not None:
        options.setdefault("service_workers", "block")
    context = browser.new_context(permissions=["camera"] if camera else [], **options)
    record = Record(urljoin(url, "/") if url.startswith("http") else url)
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
        if script:
            page.add_init_script(script)
        page.record = record
        page.goto(url)
        yield page
        if check:
            record.check()
    finally:
        context.close()
