"""Videos that are not as they should be, in headless Chromium: each has a sentence, and all else goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browser import (
    chromium_before_a_wall,
    page_of,
    require_chromium,
    until,
    wait_for_state,
)
from tests.support.videos import HAPPY, SURPRISE, with_duration, write_video
from tests.support.web import Server, released_models, serving
from tests.web.test_video_whole import open_video, read, saved

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")

# What MediaRecorder makes of a canvas that shows the portrait, two seconds long: a file that does not say its length.
RECORDED = """async () => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 320, height: 240});
  const picture = await createImageBitmap(await (await fetch('samples/portrait.jpg')).blob());
  const recorder = new MediaRecorder(canvas.captureStream(10), {mimeType: 'video/webm;codecs=vp8'});
  const pieces = [];
  recorder.ondataavailable = ({data}) => pieces.push(data);
  const draw = () => canvas.getContext('2d').drawImage(picture, 40 + pieces.length, 0, 240, 240);
  draw();
  recorder.start(200);
  const timer = setInterval(draw, 50);
  await new Promise((resolve) => setTimeout(resolve, 2400));
  clearInterval(timer);
  await new Promise((resolve) => { recorder.onstop = resolve; recorder.stop(); });
  const transfer = new DataTransfer();
  transfer.items.add(new File(pieces, 'recorded.webm', {type: 'video/webm'}));
  const video = Object.assign(document.createElement('video'), {src: URL.createObjectURL(new Blob(pieces))});
  await new Promise((resolve) => { video.onloadedmetadata = resolve; });
  file.files = transfer.files;
  file.dispatchEvent(new Event('change'));
  return String(video.duration); }"""


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
    """Two seconds of somebody who smiles, two of somebody who is surprised."""
    path = tmp_path_factory.mktemp("clip") / "clip.webm"
    return write_video(path, [(HAPPY, 2), (SURPRISE, 2)]).read_bytes()


def test_of_a_file_that_is_broken_off_what_there_is_is_read(
    server: Server, browser, clip: bytes, tmp_path: Path
):
    """Chromium shows its last frame for the rest of the time that it says it takes."""
    with page_of(browser, server.url) as page:
        open_video(page, clip[: len(clip) // 2])
        said = read(page)
        assert said == (
            "There are no pictures from 0:01 on: the file is damaged, or ends there. What was read before is kept."
        )
        found = json.loads(saved(page, "JSON", tmp_path)[1])
        last = found["samples"][-1]["seconds"]
        assert (
            not found["whole"]
            and 0.5 < last < 2
            and found["frames"] == len(found["samples"]) == last * 10 + 1
        )
        page.click(".read button")  # and it can be tried again
        until(page, "document.querySelector('.read progress').hidden", 60)
        assert page.inner_text(".read p") == said


def test_of_a_file_that_does_not_say_its_length_the_end_is_found(server: Server, browser, tmp_path: Path):
    with page_of(browser, server.url) as page:
        wait_for_state(page, "ready")
        assert page.evaluate(RECORDED) == "Infinity"
        until(
            page,
            "/ of 0:0[123]$/.test(document.querySelector('.seek input')?.getAttribute('aria-valuetext'))",
        )
        assert page.locator(".seek input").is_enabled()
        assert read(page).startswith("Read to its end")
        found = json.loads(saved(page, "JSON", tmp_path)[1])
        assert 1.5 < found["duration"] < 3.5 and found["whole"]
        assert {sample["label"] for sample in found["samples"]} == {"happy"}


def test_a_file_of_ten_million_frames_is_told_to_be_long(server: Server, browser, clip: bytes):
    with page_of(browser, server.url) as page:
        open_video(page, with_duration(clip, 1e9))
        until(page, "document.querySelector('.read p').textContent.startsWith('That is a long one')")
        assert "10,000,000 frames, which take about " in page.inner_text(".read p")
        assert page.locator(".seek input").get_attribute("aria-valuetext").endswith(" of 277:46:40")
        assert read(page).startswith("There are no pictures from 0:0")


def test_upright_videos_and_videos_of_nobody_are_read(server: Server, browser, tmp_path: Path):
    upright = write_video(tmp_path / "a.webm", [(HAPPY, 1)], size=(480, 640)).read_bytes()
    nobody = write_video(tmp_path / "b.webm", [(None, 1)]).read_bytes()
    with page_of(browser, server.url) as page:
        open_video(page, upright)
        read(page)
        (face,) = json.loads(saved(page, "JSON", tmp_path)[1])["faces"]
        assert face == {"face": 1, "seconds": 1, "shares": {"happy": 1}}
        page.set_input_files("#file", {"name": "b.webm", "mimeType": "video/webm", "buffer": nobody})
        until(page, "document.querySelector('.whole').hidden")
        page.wait_for_selector(".read button:enabled")
        read(page)
        assert "No face was found in this video." in page.inner_text(".whole")
        assert page.locator(".line").count() == page.locator(".best li").count() == 0
        assert json.loads(saved(page, "JSON", tmp_path)[1])["samples"] == []


def test_files_without_pictures_are_refused_and_have_no_bar(server: Server, browser, clip: bytes):
    header = clip[: clip.index(b"\x1f\x43\xb6\x75")]  # up to the first cluster: not a single frame
    with page_of(browser, server.url) as page:
        wait_for_state(page, "ready")
        page.set_input_files("#file", {"name": "none.webm", "mimeType": "video/webm", "buffer": header})
        wait_for_state(page, "unreadable")
        assert page.locator(".seek:visible, .read:visible, .whole:visible").count() == 0
        page.set_input_files("#file", {"name": "clip.webm", "mimeType": "video/webm", "buffer": clip})
        page.wait_for_selector(".read button:enabled")
