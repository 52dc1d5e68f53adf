"""The page with the released networks in headless Chromium: what a camera and pictures show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from model_build.synthetic.scenes import draw_frame
from tests.support.browser import (
    HEIGHT,
    LOADING,
    NO_PICTURE_YET,
    WIDTH,
    chromium,
    page_of,
    passing,
    require_chromium,
    until,
    write_camera,
)
from tests.support.portrait import moving_portrait, open_picture, portrait, start_camera, until_loaded
from tests.support.web import Server, released_models, serving

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")

HAPPY = 3


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


def test_the_example_page_needs_nothing_but_the_module(server: Server, browser):
    with page_of(
        browser, f"{server.url}example.html", camera=True, check=False, script=NO_PICTURE_YET
    ) as page:
        page.get_by_role("button", name="Start camera").click()
        until(page, "document.getElementById('answer').textContent === 'happy'")
        assert page.evaluate("refused") > 1
        assert not [url for url in page.record.requests if "/page/" in url and "example" not in url]
        assert page.record.errors == []
