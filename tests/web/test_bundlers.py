"""The package in apps made with Vite, webpack and esbuild: both engines read a picture, whatever files are called then.

Built apps are sent under the page's own strict policy. The apps are the examples, with examples/bundlers/camera.js
replaced where a picture is read.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.browser import (
    NO_PICTURE_YET,
    chromium,
    on_canvas,
    page_of,
    require_chromium,
    until,
    write_camera,
)
from tests.support.bundlers import developing, install, npm
from tests.support.paths import ROOT
from tests.support.static_host import Host
from web.headers import host_headers

require_chromium()
PORTRAIT = ROOT / "web/static/samples/portrait.jpg"
READ = "tfjs: happy, litert: happy"
WATCHED = """
globalThis.running = [];  // of each worker that was started
globalThis.Worker = class extends Worker {
  #number = running.push(true) - 1;
  terminate() { running[this.#number] = false; super.terminate(); }
};
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """Chromium, its camera before the portrait."""
    frame = on_canvas(np.asarray(Image.open(PORTRAIT)))
    with chromium(write_camera(tmp_path_factory.mktemp("camera") / "portrait.mjpeg", [frame] * 3)) as running:
        yield running


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples, installed."""
    folder = tmp_path_factory.mktemp("bundlers") / "apps"
    install(folder)
    return folder


@pytest.fixture(scope="module")
def built(apps: Path) -> Iterator[dict[str, Future[Path]]]:
    """The folders that the bundlers write, as they come: "camera" is esbuild's, of the example as it is."""
    npm(apps, "run", "esbuild")
    (apps / "dist/esbuild").rename(apps / "dist/camera")
    shutil.copyfile(ROOT / "tests/support/bundled_picture.js", apps / "camera.js")
    shutil.copyfile(PORTRAIT, apps / "public/portrait.jpg")

    def build(name: str) -> Path:
        npm(apps, "run", name)
        shutil.copyfile(PORTRAIT, apps / "dist" / name / "portrait.jpg")
        return apps / "dist" / name

    with ThreadPoolExecutor(1) as queue:  # while the browser is busy with what is there
        yield {name: queue.submit(build, name) for name in ("esbuild", "vite", "webpack")}


def test_an_app_made_with_esbuild_sees_through_the_camera(apps: Path, built: dict, browser) -> None:
    with (
        Host(apps / "dist/camera", host_headers()) as host,
        page_of(browser, host.url, script=NO_PICTURE_YET) as page,
    ):
        until(page, "document.getElementById('start').disabled === false", 60)
        page.get_by_role("button", name="Start camera").click()
        until(page, "document.getElementById('answer').textContent === '1 happy'")
        assert page.evaluate("refused") > 1


@pytest.mark.parametrize("folder", [".", "old"])
def test_a_development_server_of_vite(folder: str, apps: Path, built: dict, browser) -> None:
    with developing(apps, apps / folder) as url, page_of(browser, url) as page:
        until(page, "document.getElementById('answer').textContent", 60)
        assert page.inner_text("#answer") == READ


def test_a_component_of_react_in_strict_mode(apps: Path, browser) -> None:
    """Mounted twice at once, it gives its first worker up; it has one then, and none when it is gone."""
    with developing(apps / "react", apps) as url, page_of(browser, "about:blank", check=False) as page:
        page.add_init_script(WATCHED)
        page.record.origin = url
        page.goto(url)
        start = page.get_by_role("button", name="Start camera", disabled=False)
        start.click(timeout=60_000)
        status = "document.querySelector('[role=status]')?.textContent"
        until(page, f"{status} === '1 happy'")
        assert page.evaluate("running") == [False, True]
        page.evaluate("globalThis.shown = document.querySelector('video').srcObject.getTracks()[0]")
        page.get_by_role("button", name="Close").click()
        until(page, "document.querySelector('video') === null && shown.readyState === 'ended'")
        assert page.evaluate("running") == [False, False]
        page.get_by_role("button", name="Open").click()
        start.click(timeout=60_000)
        until(page, f"{status} === '1 happy'")
        assert page.evaluate("running") == [False, False, False, True]
        page.record.check()


def test_a_built_app_of_react(apps: Path, browser) -> None:
    """It goes on after a video that showed nothing for a second when it was started."""
    npm(apps / "react", "run", "build")
    with (
        Host(apps / "react/dist", host_headers()) as host,
        page_of(browser, host.url, script=NO_PICTURE_YET) as page,
    ):
        page.get_by_role("button", name="Start camera", disabled=False).click(timeout=60_000)
        until(page, "document.querySelector('[role=status]').textContent === '1 happy'")
        assert len(page.workers) == 1 and page.evaluate("refused") > 1


@pytest.mark.parametrize("bundler", ["esbuild", "vite", "webpack"])  # last: webpack takes its time
def test_a_built_app_reads_a_picture_under_a_strict_policy(bundler: str, built: dict, browser) -> None:
    folder = built[bundler].result(120)
    with Host(folder, host_headers()) as host, page_of(browser, host.url) as page:
        until(page, "document.getElementById('answer').textContent", 60)
        assert page.inner_text("#answer") == READ
        fetched = [url.removeprefix(host.url) for url in page.record.requests]
    assert sum(name.endswith(".wasm") for name in fetched) == 2, fetched
    if bundler != "esbuild":  # the bundler's own names, whatever is in a folder of the kit's is none of them
        assert all(re.fullmatch(r"(assets/)?[\w-]+(\.app)?\.\w+|", name) for name in fetched), fetched
        assert not any(folder.rglob("manifest.json")) and len(list(folder.rglob("*.wasm"))) == 2
