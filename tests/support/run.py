"""The page's run, watched: which cameras are open, which frames are looked at, and what a visitor does with it."""

from __future__ import annotations

import cv2
import pytest

from tests.support.browser import until

data = pytest.importorskip("skimage.data", reason="scikit-image is not installed: requirements-dev.txt")

# Notes every camera that is opened, every frame that a recognizer is given, how many of the loop's callbacks
# wait for a video's next frame, and which figures stand beside which model.
WATCHER = """() => {
  Object.assign(window, {tracks: [], looks: 0, waiting: new Set(), beside: []});
  const open = MediaDevices.prototype.getUserMedia;
  MediaDevices.prototype.getUserMedia = async function (constraints) {
    await window.prompt?.promise;
    const stream = await open.call(this, constraints);
    tracks.push(stream.getVideoTracks()[0]);
    return stream;
  };
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message, ...others) {
    if (message.method === 'recognize') looks += 1;
    return post.call(this, message, ...others);
  };
  const request = HTMLVideoElement.prototype.requestVideoFrameCallback;
  HTMLVideoElement.prototype.requestVideoFrameCallback = function (done) {
    const handle = request.call(this, (...given) => { waiting.delete(handle); done(...given); });
    if (!new Error().stack.includes('/runtime/video.js')) waiting.add(handle);
    return handle;
  };
  const cancel = HTMLVideoElement.prototype.cancelVideoFrameCallback;
  HTMLVideoElement.prototype.cancelVideoFrameCallback = function (handle) {
    waiting.delete(handle);
    return cancel.call(this, handle);
  };
  new MutationObserver(() => {
    if (!quality.querySelector('.headline')) return;
    const figures = quality.textContent.match(/\\d+(\\.\\d+)?/g); // all of them: two models may be as good
    beside.push(`${model.selectedOptions[0].text} ${figures.join('/')}`);
  }).observe(quality, {childList: true});
}"""
LIVE = "tracks.filter((track) => track.readyState === 'live').length"
NOT_LOADING = "document.getElementById('stage').dataset.state !== 'loading'"


def portrait(height: int = 512) -> bytes:
    """The astronaut, so many pixels high, as a PNG."""
    scaled = cv2.resize(data.astronaut(), (height, height), interpolation=cv2.INTER_AREA)
    return cv2.imencode(".png", scaled[:, :, ::-1])[1].tobytes()


def open_picture(page, content: bytes) -> None:
    page.set_input_files("#file", {"name": "a.png", "mimeType": "image/png", "buffer": content})


def open_video(page, content: bytes) -> None:
    page.set_input_files("#file", {"name": "clip.webm", "mimeType": "video/webm", "buffer": content})


def start(page) -> None:
    page.get_by_role("button", name="Start camera").click()
    page.wait_for_selector(".face")


def choose_mode(page, name: str) -> None:
    page.get_by_role("radio", name=name).check()


def choose_model(page, name: str) -> None:
    """Chooses another model, and waits until it is there."""
    page.select_option("#model", label=name)
    until(page, "document.getElementById('stage').dataset.state === 'loading'")
    until(page, NOT_LOADING, 40)


def looks_within(page, milliseconds: int) -> int:
    """How many frames are looked at, once those that were on their way are over."""
    page.wait_for_timeout(300)
    before = page.evaluate("looks")
    page.wait_for_timeout(milliseconds)
    return page.evaluate("looks") - before
