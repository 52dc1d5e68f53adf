"""The portrait that smiles before the page: as frames of a camera, as a picture that is opened."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.support.browser import on_canvas, until

data = pytest.importorskip("skimage.data", reason="scikit-image is not installed: requirements-dev.txt")


def portrait() -> np.ndarray:
    """The public-domain portrait of an astronaut who smiles, uint8 RGB."""
    return data.astronaut()


def moving_portrait() -> list[np.ndarray]:
    """Camera frames in which the portrait goes to and fro."""
    frame = on_canvas(portrait())
    path = [*range(-60, 61, 6), *range(60, -61, -6)]
    return [np.roll(frame, shift, axis=1) for shift in path]


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
