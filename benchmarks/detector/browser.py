"""The detectors of web packages, run by their own code in headless Chromium: human's, and both of face-api's.

    with browser_finders() as finders:
        finders["face-api SSD"](picture)

Needs npm the first time, Chromium and requirements-dev.txt; nothing reaches another origin. Each has its package's own
settings, but for the number of faces, which is not held to one.
"""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import cv2
import numpy as np

from benchmarks.detector.finders import Finder, Found
from benchmarks.page import peers
from benchmarks.page.chrome import ask, chromium
from benchmarks.page.host import hosting
from face_emotion.arrays import Bytes
from web.site import MODELS, STATIC

if TYPE_CHECKING:
    from playwright.sync_api import Page

NAMES = {"human": "human", "face-api SSD": "face-api-ssd", "face-api tiny": "face-api-tiny"}


@contextlib.contextmanager
def browser_finders() -> Iterator[dict[str, Finder]]:
    """Yields the detectors by the name under which tables show them. Raises InputError as `fetch` and `chromium` do."""
    with (
        hosting(MODELS, peers.fetch()) as host,
        chromium(STATIC / "samples" / "portrait.jpg") as browser,
        contextlib.ExitStack() as pages,
    ):
        found: dict[str, Finder] = {}
        for title, name in NAMES.items():
            page = pages.enter_context(contextlib.closing(browser.new_page()))
            page.goto(f"{host.url}benchmark/faces.html?name={name}")
            ask(page, "ready")
            found[title] = _finder(page)
        yield found


def _finder(page: Page) -> Finder:
    def find(picture: Bytes) -> list[Found]:
        done, content = cv2.imencode(".png", np.ascontiguousarray(picture[:, :, ::-1]))
        assert done
        page.evaluate(
            "(data) => { globalThis.picture = data; }", base64.b64encode(content.tobytes()).decode("ascii")
        )
        return [(x, y, width) for x, y, width in ask(page, "find(globalThis.picture)", 300)]

    return find
