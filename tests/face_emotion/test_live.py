"""The live search of a video against the golden one, and what it costs and forgets."""

from __future__ import annotations

import numpy as np
import pytest

from converters.detector_golden import pixels, video_frame
from face_emotion.detection import Detection
from face_emotion.detector import Detector
from face_emotion.far import FarSearch
from face_emotion.files import read_json
from tests.support.detection import BLAZEFACE
from tests.support.runtime import DETECTOR

GOLDEN = read_json(DETECTOR / "golden.json")
VIDEO = GOLDEN["video"]


@pytest.fixture(scope="module")
def detector() -> Detector:
    """The released detector."""
    return Detector.load(DETECTOR)


@pytest.fixture
def glances(monkeypatch) -> list[int]:
    """Grows by one with each glance."""
    seen: list[int] = []
    glance = FarSearch.glance
    monkeypatch.setattr(FarSearch, "glance", lambda *words: seen.append(1) or glance(*words))
    return seen


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    """Grey uint8 [340,340] with a near and a far face."""
    (frame,) = (frame for frame in GOLDEN["frames"] if frame["name"] == VIDEO["picture"])
    return pixels(frame)


def test_the_golden_video(detector, picture):
    live = detector.live()
    assert [len(frame["faces"]) for frame in VIDEO["frames"]] == [2, 2, 2, 1, 1, 0, 0, 1, 1, 2]
    for frame in VIDEO["frames"]:
        found = live.faces(video_frame(picture, frame["quarters"]), frame["time"])
        assert len(found) == len(frame["faces"]), frame["time"]
        for face, stored in zip(found, frame["faces"], strict=True):
            np.testing.assert_allclose(face.box, stored["box"], atol=0.75, rtol=0)
            assert face.score == pytest.approx(stored["score"], abs=0.02)
            assert abs(face.turn - stored["turn"]) <= 1


def test_a_glance_every_two_seconds_and_every_second_without_a_face(detector, picture, glances):
    live = detector.live()
    for tenth in range(50):
        live.faces(picture, tenth / 10)
    assert len(glances) == 3  # at 0, 2 and 4 s
    empty = detector.live()
    for tenth in range(50):
        empty.faces(np.full_like(picture, 128), tenth / 10)
    assert len(glances) == 3 + 5


def test_nothing_stays_of_a_face_that_is_gone(detector, picture, glances):
    live = detector.live()
    assert len(live.faces(picture, 0.0)) == 2
    assert live.faces(np.full_like(picture, 128), 0.1) == []
    assert len(glances) == 2  # the frame in which the faces have gone is looked at for where they may be now
    assert live.faces(np.full_like(picture, 128), 0.2) == []
    assert len(glances) == 2


def test_frames_of_another_size_begin_anew(detector, picture):
    """Nothing is held on to where the face was: half of the picture, blank, has another size."""
    live = detector.live()
    live.faces(picture, 0.0)
    assert live.faces(np.full((170, 340), 128, np.uint8), 0.1) == []
    assert len(live.faces(picture, 2.0)) == 2


def test_a_face_that_moves_is_held_on_to(detector, picture):
    """The far face, which near does not see, goes 2 pixels a frame for 30 frames."""
    blank = np.full((340, 340), 128, np.uint8)
    patch = picture[125:190, 225:290]
    live = detector.live()
    middles = []
    for step in range(30):
        frame = blank.copy()
        frame[100:165, 40 + 2 * step : 105 + 2 * step] = patch
        found: list[Detection] = live.faces(frame, step / 30)
        assert len(found) == 1, step
        middles.append((found[0].box[0] + found[0].box[2]) / 2)
    assert np.abs(np.diff(middles) - 2).max() < 1.5
    assert middles[-1] - middles[0] == pytest.approx(58, abs=2)


def test_a_detector_without_far_looks_at_each_frame_for_itself(picture, glances):
    live = Detector.load(BLAZEFACE).live()
    alone = Detector.load(BLAZEFACE).detect(picture)
    assert live.faces(picture, 0.0) == live.faces(picture, 5.0) == alone
    assert not glances
