"""Frames of a video at times of one's choice, in three browsers on a busy machine: always those asked for."""

from __future__ import annotations

import base64
import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.browser import chromium, page_of, require_chromium, until
from tests.support.browsers.browser import Browser
from tests.support.videos import write_numbered
from tests.support.web import Server

RATE, COUNT, REPEATED = 25, 50, 5
READ = [tenth / 10 for tenth in range(20)]
# Forth and back, little and far, twice the same, the first and the very end.
JUMPS = [1.2, 0.3, 0.34, 0.34, 1.9, 0, 2, 1, 1.04, 0.1]
# A canvas recorded as it comes: numbers 0 to 7, the last for no time at all; what is read of it, 10 a second.
RECORDED = """async () => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 320, height: 240});
  const context = canvas.getContext('2d');
  const draw = (number) => {
    for (let bit = 0; bit < 8; bit += 1) {
      const isOne = number >> bit & 1;
      context.fillStyle = isOne ? '#ddd' : '#222';
      context.fillRect(40 * bit, 0, 40, 120);
      context.fillStyle = isOne ? '#222' : '#ddd';
      context.fillRect(40 * bit, 120, 40, 120);
    }
  };
  const [track] = canvas.captureStream(0).getVideoTracks();
  const recorder = new MediaRecorder(new MediaStream([track]), {mimeType: 'video/webm;codecs=vp8'});
  const pieces = [];
  recorder.ondataavailable = ({data}) => pieces.push(data);
  draw(0);
  recorder.start(200);
  track.requestFrame();
  for (let number = 1; number < 8; number += 1) {
    await new Promise((resolve) => setTimeout(resolve, 170));
    draw(number);
    track.requestFrame();
  }
  await new Promise((resolve) => setTimeout(resolve, 60));
  await new Promise((resolve) => { recorder.onstop = resolve; recorder.stop(); });
  const {Reading} = await import('/page/video/reading.js');
  const found = [];
  const recognize = async (frame, {time}) => {
    found.push([time, numberOf(frame)]);
    return [];
  };
  const recognizer = {labels: ['a'], manifest: {name: 'none'}, reset: async () => {}, recognize};
  const reading = new Reading(new Blob(pieces, {type: 'video/webm'}), {recognizer, choice: {engine: 'none'}}, 10);
  await reading.read(new AbortController().signal, () => {});
  return {found, end: reading.end, duration: reading.duration, missed: reading.missed};
}"""
Ask = Callable[..., Any]


def number_at(seconds: float) -> int:
    """The number of the frame that is shown at a time."""
    return min(int(seconds * RATE + 1e-6), COUNT - 1)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two seconds of numbered frames, in base64."""
    path = write_numbered(tmp_path_factory.mktemp("clip") / "numbers.webm", COUNT, RATE)
    return base64.b64encode(path.read_bytes()).decode()


@pytest.fixture
def busy() -> Iterator[None]:
    """Two loops that leave the browsers little of the machine."""
    with contextlib.ExitStack() as stack:
        for _ in range(2):
            process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            stack.callback(process.wait)
            stack.callback(process.kill)
        yield


def check(ask: Ask, clip: str) -> None:
    """Reads and jumps five times, and compares every number."""
    for _ in range(REPEATED):
        assert ask("numbers", clip, READ) == [number_at(time) for time in READ]
    assert ask("jumps", clip, JUMPS) == [number_at(time) for time in JUMPS]
    ask("hasten")
    assert ask("numbers", clip, READ) == [number_at(time) for time in READ]
    assert ask("jumps", clip, JUMPS[:4]) == [number_at(time) for time in JUMPS[:4]]


def test_firefox_and_webkit_give_the_frames_that_are_asked_for(
    browser: Browser, server: Server, clip: str, busy: None
):
    browser.open(f"{server.url}ask.html")
    browser.until("window.jumps")
    check(lambda name, *given: browser.run(f"return window.{name}(...arguments)", *given), clip)
    browser.check()


def test_chromium_gives_the_frames_that_are_asked_for(server: Server, clip: str, busy: None):
    require_chromium()
    with chromium() as running, page_of(running, f"{server.url}ask.html") as page:
        until(page, "!!window.jumps")
        check(lambda name, *given: page.evaluate(f"(given) => window.{name}(...given)", list(given)), clip)


def test_the_last_frame_of_a_file_of_unknown_length_is_read(server: Server):
    require_chromium()
    with chromium() as running, page_of(running, f"{server.url}ask.html") as page:
        until(page, "!!window.jumps")
        for _ in range(3):
            answer = page.evaluate(RECORDED)
            times, numbers = zip(*answer["found"], strict=True)
            assert sorted(set(numbers)) == [0, 1, 2, 3, 4, 5, 6, 7] and numbers[-1] == 7
            assert answer["end"] == "whole" and answer["missed"] == 0
            assert times[-2] < times[-1] < answer["duration"] < times[-1] + 0.1
