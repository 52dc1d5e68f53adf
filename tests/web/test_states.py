"""The page's run with the real recognizer in headless Chromium: the last wish counts, and nothing is lost."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from model_build.synthetic.scenes import draw_frame
from tests.support.browser import (
    chromium,
    hide,
    on_canvas,
    page_of,
    require_chromium,
    state_of,
    until,
    wait_for_state,
    write_camera,
)
from tests.support.web import Server, released_models, serving

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")
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
    const figure = quality.querySelector('.headline')?.firstChild.textContent;
    if (figure) beside.push(`${model.selectedOptions[0].text} ${parseFloat(figure)}`);
  }).observe(quality, {childList: true});
}"""
LIVE = "tracks.filter((track) => track.readyState === 'live').length"
NOT_LOADING = "document.getElementById('stage').dataset.state !== 'loading'"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--models", str(released_models())) as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    folder = tmp_path_factory.mktemp("camera")
    with chromium(write_camera(folder / "portrait.mjpeg", [on_canvas(data.astronaut())] * 2)) as running:
        yield running


@pytest.fixture
def page(server: Server, browser) -> Iterator[object]:
    with page_of(browser, server.url, service_workers="block") as page:
        wait_for_state(page, "ready")
        page.evaluate(WATCHER)
        yield page


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Eight seconds of a drawn face that moves slowly to the right, 640×480, 15 frames a second."""
    path = tmp_path_factory.mktemp("clip") / "clip.webm"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"VP80"), 15, (640, 480))
    for number in range(120):
        box = (200.0 + number, 120.0, 380.0 + number, 300.0)
        writer.write(np.repeat(draw_frame(640, 480, [box], [3], 1)[:, :, None], 3, axis=2))
    writer.release()
    return path.read_bytes()


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


def test_another_model_while_the_camera_is_paused_leaves_it_paused_and_off(page):
    start(page)
    page.get_by_role("button", name="Pause").click()
    assert page.evaluate(LIVE) == 0, "the camera's light is still on"
    assert looks_within(page, 500) == 0
    before = page.evaluate("looks")
    choose_model(page, "base")
    assert looks_within(page, 700) == 0 and page.evaluate("looks") == before
    assert page.evaluate("tracks.length") == 1 and page.evaluate(LIVE) == 0
    assert state_of(page) is None and page.locator("#pause").inner_text() == "Resume"
    level = page.evaluate(
        """() => {
          const context = Object.assign(document.createElement('canvas'), {width: 64, height: 48}).getContext('2d');
          context.drawImage(video, 0, 0, 64, 48);
          return context.getImageData(0, 0, 64, 48).data.reduce((sum, value) => sum + value, 0) / (64 * 48 * 4);
        }"""
    )
    assert level > 100, "the last picture is gone"  # black: 64, of the alpha alone
    page.get_by_role("button", name="Resume").click()
    page.wait_for_selector(".face")
    assert page.evaluate(LIVE) == 1 and looks_within(page, 700) > 0
    with page.expect_download() as waiting:
        page.get_by_role("button", name="JSON").click()
    assert '"model": "base"' in Path(waiting.value.path()).read_text()


def test_another_model_leaves_a_video_where_it_is_paused_or_not(page, clip: bytes):
    open_video(page, clip)
    page.wait_for_selector(".face")
    until(page, "video.currentTime > 0.7")
    page.get_by_role("button", name="Pause").click()
    position = page.evaluate("video.currentTime")
    choose_model(page, "nano")
    page.wait_for_timeout(500)
    assert page.evaluate("[video.currentTime, video.paused]") == [position, True]
    assert page.locator("#pause").inner_text() == "Resume" and page.locator(".face").count() == 0
    page.get_by_role("button", name="Resume").click()
    page.wait_for_selector(".face")
    page.evaluate(
        "window.least = Infinity;"
        "video.addEventListener('timeupdate', () => { least = Math.min(least, video.currentTime); })"
    )
    choose_model(page, "small")
    until(page, "video.currentTime > 3 && document.querySelectorAll('.face').length === 1")
    assert page.evaluate("least") >= position


def test_a_model_that_does_not_load_is_told_and_the_one_before_goes_on(page):
    until(page, "quality.querySelector('.headline') !== null")
    small = page.inner_text("#quality")
    start(page)
    page.route("**/base/tfjs/weights.bin", lambda route: route.fulfill(status=404, body=""))
    page.select_option("#model", label="base")
    until(page, "quality.textContent === 'Loading base with TensorFlow.js …'")
    page.wait_for_selector("#model-problem")
    sentence = "base with TensorFlow.js cannot be loaded: the model file is missing. small with TensorFlow.js goes on."
    assert page.inner_text("#model-problem-text") == sentence
    until(page, f"announcer.textContent.includes({sentence!r})")
    assert page.input_value("#model") == "small/manifest.json" and page.inner_text("#quality") == small
    page.wait_for_selector(".face")
    assert page.evaluate("tracks.length") == 1 and page.evaluate(LIVE) == 1
    assert looks_within(page, 700) > 0
    page.unroute("**/base/tfjs/weights.bin")
    page.get_by_role("button", name="Try again").focus()
    page.keyboard.press("Enter")
    until(page, f"{NOT_LOADING} && model.value === 'base/manifest.json'", 40)
    page.wait_for_selector(".face")
    assert (
        page.locator("#model-problem").is_hidden() and page.evaluate("document.activeElement.id") == "model"
    )
    choose_model(page, "nano")
    page.select_option("#model", label="base")
    page.select_option("#model", label="nano")  # back at once: nothing is to be loaded
    until(page, NOT_LOADING)
    beside = page.evaluate("beside")
    figures = dict(pair.split() for pair in beside)
    assert set(beside) == {f"{name} {figure}" for name, figure in figures.items()}
    assert list(figures) == ["small", "base", "nano"] and len(set(figures.values())) == 3


def test_if_the_model_in_hand_has_ended_it_is_not_said_to_go_on(server: Server, browser):
    """Its worker ends by itself; then another model does not load, and a third one does."""
    script = """window.workers = []; window.Worker = class extends Worker {
      constructor(...given) { super(...given); workers.push(this); } };"""
    with page_of(browser, server.url, check=False, script=script, service_workers="block") as page:
        wait_for_state(page, "ready")
        page.evaluate(WATCHER)
        page.evaluate("workers[0].dispatchEvent(new ErrorEvent('error', {message: 'out of memory'}))")
        page.route("**/base/tfjs/weights.bin", lambda route: route.fulfill(status=404, body=""))
        page.select_option("#model", label="base")
        wait_for_state(page, "missing")
        assert page.locator("#model-problem").is_hidden() and "goes on" not in page.inner_text("body")
        assert page.inner_text("#quality") == "No model is loaded."
        page.select_option("#model", label="nano")
        until(page, "quality.querySelector('.headline') !== null", 40)
        wait_for_state(page, "ready")
        page.evaluate("workers.at(-1).dispatchEvent(new ErrorEvent('error', {message: 'out of memory'}))")
        page.select_option("#engine", "litert")
        page.select_option("#engine", "tfjs")  # back to what has ended: it is loaded anew
        until(page, f"{NOT_LOADING} && quality.querySelector('.headline') !== null", 40)
        start(page)
        assert looks_within(page, 700) > 0


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


def test_another_model_during_the_permission_prompt_does_not_ask_again(page):
    page.evaluate("void (window.prompt = Promise.withResolvers())")
    page.get_by_role("button", name="Start camera").click()
    choose_model(page, "nano")
    assert state_of(page) == "starting"
    page.evaluate("window.prompt.resolve()")
    page.wait_for_selector(".face")
    assert page.evaluate("tracks.length") == 1
    assert page.text_content("#quality .headline").startswith(page.evaluate("beside.at(-1)").split()[1])


def test_while_another_model_is_loaded_stop_turns_the_camera_off(page):
    start(page)
    held: list = []  # so that it is still being loaded, however slow the test is
    page.route("**/base/tfjs/weights.bin", lambda route: held.append(route))
    page.select_option("#model", label="base")
    page.get_by_role("button", name="Stop").click()
    while not held:
        page.wait_for_timeout(50)
    assert page.evaluate(LIVE) == 0 and state_of(page) == "loading"
    held[0].continue_()
    wait_for_state(page, "ready")
    assert page.evaluate(LIVE) == 0 and page.locator(".face").count() == 0


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


@pytest.mark.parametrize("seed", [1, 2])
def test_sixty_things_at_random_leave_one_loop_and_the_camera_as_it_is_shown(page, clip: bytes, seed: int):
    dice = random.Random(seed)
    picture = portrait(300)

    def press(selector: str) -> None:
        page.evaluate(
            "(selector) => { const found = document.querySelector(selector); if (found.offsetParent) found.click(); }",
            selector,
        )

    actions = {
        **{
            f"mode {name}": lambda name=name: press(f"#modes input[value={name}] + span")
            for name in ("camera", "picture", "video")
        },
        **{
            name: lambda name=name: press(f"#{name}")
            for name in ("pause", "stop", "mirror", "neutral-learn", "pause")
        },
        "start": lambda: state_of(page) in ("ready", "gone", "nocamera") and press("#card-action"),
        "start again": lambda: state_of(page) in ("ready", "gone", "nocamera") and press("#card-action"),
        "sample": lambda: (
            press("#samples li:last-child button") if page.locator("#samples button").count() else None
        ),
        "picture": lambda: open_picture(page, picture),
        "clip": lambda: open_video(page, clip),
        "hide": lambda: hide(page, True),
        "show": lambda: hide(page, False),
        "small": lambda: page.select_option("#model", label="small"),
        "nano": lambda: page.select_option("#model", label="nano"),
        "camera": lambda: (
            press("#camera-choice") or page.evaluate("camera.dispatchEvent(new Event('change'))")
        ),
    }
    done = []
    for _ in range(60):
        name = dice.choice(list(actions))
        done.append(name)
        actions[name]()
        page.wait_for_timeout(dice.choice([0, 0, 20, 150, 500]))
    hide(page, False)
    until(page, f"{NOT_LOADING} && !['reading', 'starting', 'opening'].includes(stage.dataset.state)", 60)
    page.wait_for_timeout(800)
    assert_consistent(page, done)
    choose_mode(page, "Picture")
    choose_mode(page, "Camera")
    start(page)
    page.wait_for_timeout(800)
    assert_consistent(page, done)
    assert page.evaluate(LIVE) == 1, done
    page.get_by_role("button", name="Stop").click()
    assert page.evaluate(LIVE) == 0 and looks_within(page, 700) == 0, done


def assert_consistent(page, done: list[str]) -> None:
    """Frames are looked at by one loop, if at all; the camera is on exactly while it is shown."""
    mode = page.evaluate("document.body.dataset.mode")
    paused = page.get_attribute("#pause", "aria-pressed") == "true"
    shown = state_of(page) is None
    moves = shown and not paused and mode != "picture"
    assert page.evaluate(LIVE) == int(moves and mode == "camera"), done
    assert (page.evaluate("video.srcObject !== null")) == (shown and mode == "camera"), done
    assert page.locator("#picture").is_visible() == (shown and mode == "picture"), done
    assert page.locator("#stop").is_disabled() != shown, done
    assert max(page.evaluate("waiting.size") for _ in range(10)) <= int(moves), done
    assert (looks_within(page, 1200) > 0) == moves, done
