"""Camera, pictures and videos in turn: the last wish counts, and nothing is lost."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.support.browser import hide, state_of, until, wait_for_state
from tests.support.run import LIVE, choose_mode, looks_within, open_picture, open_video, portrait, start


def test_a_picture_and_its_result_are_there_again_after_another_mode(page):
    open_picture(page, portrait())
    page.wait_for_selector(".face")
    before = page.inner_text("#faces")
    looks = page.evaluate("looks")
    choose_mode(page, "Camera")
    wait_for_state(page, "ready")
    assert page.locator(".face").count() == 0 and not page.locator("#picture").is_visible()
    assert page.evaluate("tracks.length") == 0
    choose_mode(page, "Picture")
    page.wait_for_selector(".face")
    assert page.inner_text("#faces") == before and page.evaluate("looks") == looks
    assert page.locator("#picture").is_visible() and state_of(page) is None
    page.get_by_role("button", name="Close").click()
    wait_for_state(page, "picture")
    choose_mode(page, "Video")
    choose_mode(page, "Picture")
    wait_for_state(page, "picture")  # closed is closed


def rows_of(page) -> list[dict[str, str]]:
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").click()
    return list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text(), newline="")))


def test_the_last_minute_of_a_camera_stays_until_another_source_begins(page):
    start(page)
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Stop").click()
    before = rows_of(page)
    open_picture(page, portrait())
    page.wait_for_selector(".face")
    choose_mode(page, "Camera")
    page.wait_for_timeout(1000)
    lines = """() => {
      const {data} = chart.getContext('2d').getImageData(0, 0, chart.width, chart.height);
      const colours = new Set();
      for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) colours.add(data.slice(i, i + 3).join());
      return colours.size; }"""
    assert rows_of(page) == before and len(before) > 2
    drawn = page.evaluate(lines)
    start(page)
    page.wait_for_timeout(300)
    after = rows_of(page)
    assert float(after[0]["seconds"]) > float(before[-1]["seconds"])
    assert drawn > 2, "the chart was empty"


def test_a_video_is_where_it_was_and_paused_after_another_mode(page, clip: bytes):
    open_video(page, clip)
    page.wait_for_selector(".face")
    until(page, "video.currentTime > 1")
    choose_mode(page, "Picture")
    wait_for_state(page, "picture")
    assert page.evaluate("video.currentSrc === '' || video.readyState === 0")
    choose_mode(page, "Video")
    until(page, "!document.getElementById('stage').dataset.state")
    position = page.evaluate("video.currentTime")
    assert 0.9 < position < 3 and page.evaluate("video.paused")
    assert page.locator(".face").count() == 1 and page.locator("#pause").inner_text() == "Resume"
    assert looks_within(page, 600) == 0
    page.get_by_role("button", name="Resume").click()
    until(page, f"video.currentTime > {position} + 0.5")
    assert looks_within(page, 500) > 0


@pytest.mark.parametrize("way", ["picture", "stop", "hidden", "file"])
def test_a_camera_that_is_allowed_too_late_is_turned_off_at_once(page, way: str):
    page.evaluate("void (window.prompt = Promise.withResolvers())")
    page.get_by_role("button", name="Start camera").click()
    wait_for_state(page, "starting")
    if way == "picture":
        choose_mode(page, "Picture")
    elif way == "stop":
        page.get_by_role("button", name="Stop").click()
    elif way == "hidden":
        hide(page, True)
    else:
        open_picture(page, portrait())
    page.evaluate("window.prompt.resolve()")
    until(page, "tracks.length === 1")
    until(page, f"{LIVE} === 0")
    page.wait_for_timeout(300)
    expected = {"picture": "picture", "stop": "ready", "hidden": "hidden", "file": None}[way]
    until(page, f"(document.getElementById('stage').dataset.state ?? '') === {expected or ''!r}")
    assert page.evaluate("video.srcObject") is None


def test_of_two_files_at_once_the_last_one_is_shown(page):
    drop = """async (sizes) => {
      const files = await Promise.all(sizes.map(async (size) => {
        const canvas = new OffscreenCanvas(size, size);
        canvas.getContext('2d').fillRect(0, 0, size, size);
        return new File([await canvas.convertToBlob()], 'a.png', {type: 'image/png'});
      }));
      for (const file of files) {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(file);
        stage.dispatchEvent(new DragEvent('drop', {bubbles: true, dataTransfer}));
      }
    }"""
    for sizes in ([3000, 40], [40, 1800], [1800, 60, 2000, 50]):
        page.evaluate(drop, sizes)
        page.wait_for_timeout(100)
        until(page, "!document.getElementById('stage').dataset.state")
        page.wait_for_timeout(700)
        assert page.evaluate("[picture.width, picture.height]") == [sizes[-1]] * 2
        assert state_of(page) is None and page.inner_text("#hint") == "No face in view"


def test_a_camera_that_is_unplugged_while_hidden_is_missed_afterwards(page):
    start(page)
    hide(page, True)
    page.evaluate("tracks[0].dispatchEvent(new Event('ended'))")
    page.evaluate(
        "void (navigator.mediaDevices.getUserMedia = async () => { throw new OverconstrainedError('deviceId'); })"
    )
    assert state_of(page) == "hidden"
    hide(page, False)
    wait_for_state(page, "gone")
    assert page.evaluate(LIVE) == 0 and page.locator("#stop").is_disabled()
