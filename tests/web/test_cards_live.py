"""The faces' cards with the released networks in headless Chromium: pictures, a clip and a camera of real faces."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from face_emotion.recognizer import EmotionRecognizer
from tests.support.browser import (
    chromium,
    on_canvas,
    page_of,
    require_chromium,
    start_camera,
    until,
    wait_for_state,
    write_camera,
)
from tests.support.paths import ROOT
from tests.support.web import Server, released_models, serving

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")
data = pytest.importorskip("skimage.data", reason="scikit-image is not installed: requirements-dev.txt")

SAMPLES = ROOT / "web/static/samples"
THUMBNAIL = """(place) => { const canvas = document.querySelectorAll('.face-picture canvas')[place];
  return [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]; }"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--models", str(released_models())) as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    frame = on_canvas(data.astronaut())  # stands still
    with chromium(write_camera(tmp_path_factory.mktemp("camera") / "portrait.mjpeg", [frame] * 4)) as running:
        yield running


def open_picture(page, pixels: np.ndarray) -> None:
    """Opens uint8 RGB pixels as a picture and waits until it was read."""
    content = cv2.imencode(".png", np.ascontiguousarray(pixels[..., ::-1]))[1].tobytes()
    page.evaluate("announcer.textContent = ''")
    page.set_input_files("#file", {"name": "a.png", "mimeType": "image/png", "buffer": content})
    until(page, "announcer.textContent && !announcer.textContent.startsWith('Reading')", 60)
    page.wait_for_selector("#stage:not([data-state])")


def thumbnail(page, place: int) -> np.ndarray:
    """What a card's canvas holds: uint8 [96,96,3]."""
    return np.array(page.evaluate(f"({THUMBNAIL})({place})"), np.uint8).reshape(96, 96, 4)[..., :3]


def cut(pixels: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    """The square around a box of a picture, as a thumbnail is to show it."""
    left, top, right, bottom = box
    side = max(right - left, bottom - top)
    left, top = (left + right - side) / 2, (top + bottom - side) / 2
    place = np.array([[96 / side, 0, -left * 96 / side], [0, 96 / side, -top * 96 / side]])
    return cv2.warpAffine(cv2.GaussianBlur(pixels, (3, 3), 0), place, (96, 96), flags=cv2.INTER_AREA)


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """The correlation of two pictures' levels."""
    size = (48, 48)
    levels = [cv2.resize(picture, size, interpolation=cv2.INTER_AREA).ravel() for picture in (one, other)]
    return float(np.corrcoef(*levels)[0, 1])


def composed() -> np.ndarray:
    """Nine heads in one picture: a portrait's and a drawn one's, upright and mirrored."""
    head = data.astronaut()[:300, 80:380]
    drawn = cv2.imread(str(SAMPLES / "surprise.jpg"))[..., ::-1]
    heads = [head, drawn, head[:, ::-1], drawn[:, ::-1]]
    scaled = [cv2.resize(one, (300, 300), interpolation=cv2.INTER_AREA) for one in heads]
    return np.vstack([np.hstack([scaled[(3 * row + column) % 4] for column in range(3)]) for row in range(3)])


def test_nine_faces_of_a_picture_each_on_a_card_with_its_thumbnail(server: Server, browser):
    picture = composed()
    viewport = {"width": 1440, "height": 900}
    with page_of(browser, server.url, viewport=viewport) as page:
        wait_for_state(page, "ready")
        open_picture(page, picture)
        assert page.locator(".face").count() == 9 and page.inner_text("#count") == "9"
        assert page.evaluate("faces.scrollHeight === faces.clientHeight")
        words = page.locator(".face-label").all_inner_texts()
        assert words.count("happy") == 5 and set(words) <= {"happy", "surprise", "unclear"}
        thumbnails = [thumbnail(page, place) for place in range(9)]
    faces = EmotionRecognizer.load(released_models() / "small").recognize(picture, reach="far")
    alike = np.array([[likeness(one, cut(picture, face.box)) for face in faces] for one in thumbnails])
    assert len(faces) == 9 and alike.max(1).min() > 0.95, alike
    assert len(set(alike.argmax(1))) >= 4, alike  # each of the four heads
    assert all(one.std() > 25 for one in thumbnails)


def test_of_seventy_faces_in_a_picture_no_label_stands_over_one(server: Server, browser):
    """Fourteen faces in each of five rows; what is drawn over the picture is looked at where their eyes are."""
    face = cv2.resize(data.astronaut()[30:230, 120:320], (100, 100), interpolation=cv2.INTER_AREA)
    picture = np.vstack([np.hstack([face] * 14)] * 5)
    with page_of(browser, server.url, viewport={"width": 1440, "height": 900}) as page:
        wait_for_state(page, "ready")
        open_picture(page, picture)
        assert page.locator(".face").count() >= 60
        drawn = page.evaluate("""() => {
          const {width, height} = overlay, {data} = overlay.getContext('2d').getImageData(0, 0, width, height);
          const scale = Math.min(width / 1400, height / 500);
          const [left, top] = [(width - 1400 * scale) / 2, (height - 500 * scale) / 2];
          let over = 0;
          for (let row = 0; row < 5; row += 1) for (let column = 0; column < 14; column += 1) {
            for (let y = 38; y < 54; y += 2) for (let x = 46; x < 66; x += 2) { // between its box's corners
              const down = Math.round(top + (100 * row + y) * scale);
              over += data[4 * (down * width + Math.round(left + (100 * column + x) * scale)) + 3] > 0;
            }
          }
          let all = 0;
          for (let place = 3; place < data.length; place += 4) all += data[place] > 0;
          return [over, all];
        }""")
        assert drawn[0] == 0 and drawn[1] > 5000, drawn


def test_the_card_of_a_sample_shows_its_own_face(server: Server, browser):
    picture = cv2.imread(str(SAMPLES / "two-faces.jpg"))[..., ::-1]
    faces = EmotionRecognizer.load(released_models() / "small").recognize(picture, reach="far")
    with page_of(browser, server.url) as page:
        wait_for_state(page, "ready")
        open_picture(page, picture)
        assert page.locator(".face-label").all_inner_texts() == ["sad", "surprise"]
        assert (
            page.locator(".face-sparkline").count() == 0 and page.locator(".face .bars:visible").count() == 0
        )
        for place, face in enumerate(faces):
            own = likeness(thumbnail(page, place), cut(picture, face.box))
            other = likeness(thumbnail(page, place), cut(picture, faces[1 - place].box))
            assert own > 0.97 and own > other + 0.1, (own, other)
        page.get_by_role("button", name="Face 2: all expressions").click()
        assert page.locator(".bar[data-top]").inner_text().startswith("surprise")
        assert page.evaluate("document.querySelectorAll('.face')[1].innerText.includes('disgust')")


def test_three_people_of_a_clip_come_on_cards_and_their_last_seconds_with_them(server: Server, browser):
    with page_of(browser, server.url) as page:
        wait_for_state(page, "ready")
        page.set_input_files("#file", str(SAMPLES / "clip.webm"))
        page.wait_for_selector(".face .bars:visible", timeout=60_000)  # one face: all bars
        until(page, "document.querySelectorAll('.face').length === 3", 60)
        page.wait_for_timeout(1000)  # two of them are still coming out of the background
        page.get_by_role("button", name="Pause").click()
        assert page.locator(".face .bars:visible").count() == 0
        assert page.locator(".face-name").all_inner_texts() == ["Face 1", "Face 2", "Face 3"]
        columns = """(place) => { const canvas = document.querySelectorAll('.face-sparkline')[place];
          const {data, width, height} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          const row = [...Array(width / 4)].map((_, x) => (height - 1) * width + 4 * x + 2);
          const colours = row.map((pixel) => [...data.slice(4 * pixel, 4 * pixel + 4)].join());
          return colours.filter((colour) => !colour.endsWith(',0')); }"""
        # Who was there first was neutral, happy and surprised until then.
        colours = page.evaluate(f"({columns})(0)")
        assert {"125,133,144,255", "201,133,0,255", "18,145,131,255"} <= set(colours)
        assert (
            8 <= len(colours) > len(page.evaluate(f"({columns})(2)"))
        )  # how far the clip has come is the machine's
        assert all(thumbnail(page, place).std() > 20 for place in range(3))
        page.locator(".face-head").nth(2).click()
        until(page, "document.getElementById('timeline-face').textContent === 'Face 3'")


def test_a_thumbnail_is_mirrored_as_the_picture_is(server: Server, browser):
    def seen(page) -> np.ndarray:
        page.wait_for_timeout(100)
        content = page.locator(".face-picture canvas").screenshot()
        whole = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
        return cv2.resize(whole, (96, 96))[14:-14, 14:-14]

    frame = on_canvas(data.astronaut())
    (face,) = EmotionRecognizer.load(released_models() / "small").recognize(frame)
    with page_of(browser, server.url) as page:
        wait_for_state(page, "ready")
        start_camera(page)
        page.wait_for_selector(".face")
        until(page, "document.querySelector('.face-label').textContent === 'happy'")
        page.get_by_role("button", name="Pause").click()
        drawn = thumbnail(page, 0)
        assert likeness(drawn, cut(frame, face.box)) > 0.8  # a video's faces are found in another way
        upright = drawn[14:-14, 14:-14]  # without the round corners
        turned = upright[:, ::-1]
        for expected, other in ((turned, upright), (upright, turned)):
            assert likeness(seen(page), expected) > max(0.93, likeness(seen(page), other) + 0.1)
            page.get_by_role("button", name="Mirror").click()
        page.get_by_role("button", name="Resume").click()
        page.wait_for_timeout(1000)
        assert likeness(seen(page), turned) > 0.85
