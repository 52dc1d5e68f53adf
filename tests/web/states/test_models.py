"""Another model while something is shown: the page goes on as it was, or says why not."""

from __future__ import annotations

from pathlib import Path

from tests.support.browser import page_of, state_of, until, wait_for_state
from tests.support.run import LIVE, NOT_LOADING, WATCHER, choose_model, looks_within, open_video, start
from tests.support.web import Server


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


def test_another_model_during_the_permission_prompt_does_not_ask_again(page):
    page.evaluate("void (window.prompt = Promise.withResolvers())")
    page.get_by_role("button", name="Start camera").click()
    choose_model(page, "nano")
    assert state_of(page) == "starting"
    page.evaluate("window.prompt.resolve()")
    page.wait_for_selector(".face")
    assert page.evaluate("tracks.length") == 1
    shown = page.text_content("#quality .headline").split("\u202f")[0]
    assert shown in page.evaluate("beside.at(-1)").split()[1].split("/")


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
