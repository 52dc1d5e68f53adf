"""The live search of a video: when it glances, what it holds on to and drops; the golden video with the networks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from converters.detector_golden import pixels, video_frame
from face_emotion.detection import Detection
from face_emotion.detector import Detector
from face_emotion.files import read_json
from face_emotion.live import LiveSearch
from tests.support.detection import BLAZEFACE, overlap
from tests.support.runtime import DETECTOR

GOLDEN = read_json(DETECTOR / "golden.json")
FRAME = np.zeros((240, 320), np.uint8)


def face(x: float, score: float = 0.9, turn: int = 0) -> Detection:
    """A face of 40 pixels at (x, 100)."""
    eyes = {"right_eye": (x - 8, 92.0), "left_eye": (x + 8, 92.0)}
    return Detection((x - 20, 80, x + 20, 120), score, eyes, turn)


@dataclass
class Search:
    """What FarSearch does for a video, by what it is told; `asked` is what it was asked, in order.

    again: by the x of a face's middle what looking for it once more finds.
    """

    near_faces: list[Detection] = field(default_factory=list)
    glanced: list[Detection] = field(default_factory=list)
    again: dict[float, Detection] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def near(self, image: np.ndarray) -> list[Detection]:
        """One look."""
        self.asked.append("near")
        return list(self.near_faces)

    def glance(self, image: np.ndarray) -> list[Detection]:
        """Several looks."""
        self.asked.append("glance")
        return list(self.glanced)

    def look_again(self, image: np.ndarray, old: Detection) -> Detection | None:
        """A look where a face was."""
        self.asked.append("again")
        return self.again.get((old.box[0] + old.box[2]) / 2)

    def overlapping(self, one: Detection, faces: list[Detection]) -> list[Detection]:
        """Those that overlap."""
        return [other for other in faces if overlap(one.box, other.box) > 0.3]

    def calls(self, live: LiveSearch, *times: float) -> list[str]:
        """What each of several frames asks for, in one word for each frame."""
        made = []
        for time in times:
            self.asked.clear()
            live.faces(FRAME, time)
            made.append(" ".join(self.asked))
        return made


def test_it_glances_at_the_first_frame_and_then_every_two_seconds():
    search = Search([face(50)], [face(50)])
    found = search.calls(LiveSearch(search), 5.0, 5.1, 6.9, 6.99, 7.0, 8.9, 9.0)
    assert found == ["near glance", "near", "near", "near", "near glance", "near", "near glance"]


def test_it_glances_every_second_where_near_sees_nobody():
    search = Search()
    found = search.calls(LiveSearch(search), 0.0, 0.5, 0.99, 1.0, 1.9, 2.0)
    assert found == ["near glance", "near", "near", "near glance", "near", "near glance"]


def test_a_time_that_goes_back_is_another_beginning():
    search = Search([face(50)], [face(50)])
    assert search.calls(LiveSearch(search), 5.0, 5.5, 5.4, 4.9) == [
        "near glance",
        "near",
        "near",
        "near glance",
    ]


def test_what_only_the_glance_sees_is_held_on_to_as_long_as_it_is_there():
    search = Search([face(50)], [face(50), face(200, 0.8)], {200: face(204, 0.7)})
    live = LiveSearch(search)
    assert live.faces(FRAME, 0.0) == [face(50), face(200, 0.8)]
    assert live.faces(FRAME, 0.1) == [face(50), face(204, 0.7)]
    assert search.asked == ["near", "glance", "near", "again"]
    assert live.faces(FRAME, 0.2) == [face(50)]  # nothing is at 204 any more
    assert live.faces(FRAME, 0.3) == [face(50)]
    assert search.asked[-3:] == ["near", "again", "near"]


def test_a_face_that_near_sees_again_costs_no_look():
    search = Search([face(50)], [face(50)])
    live = LiveSearch(search)
    live.faces(FRAME, 0.0)
    search.near_faces = [face(58, 0.8)]
    assert live.faces(FRAME, 0.1) == [face(58, 0.8)]
    assert "again" not in search.asked


def test_a_turned_face_is_looked_for_though_near_sees_one_there():
    """Near takes it for upright, less surely: the surer one counts."""
    search = Search([face(50, 0.7)], [face(50, 0.92, 180)], {50: face(52, 0.91, 180)})
    live = LiveSearch(search)
    assert live.faces(FRAME, 0.0) == [face(50, 0.92, 180)]
    assert live.faces(FRAME, 0.1) == [face(52, 0.91, 180)]
    search.near_faces, search.again = [face(52, 0.9)], {52: face(52, 0.9, 180)}
    assert live.faces(FRAME, 0.2) == [face(52, 0.9)]  # as sure: upright
    assert live.faces(FRAME, 0.3) == [face(52, 0.9)]
    assert search.asked[-1] == "near"


def test_a_face_that_is_held_replaces_all_that_it_overlaps_with_or_none():
    near_faces = [face(40, 0.7), face(62, 0.95)]
    search = Search([], [face(50, 0.9, 90)], {50: face(50, 0.9, 90)})
    live = LiveSearch(search)
    live.faces(FRAME, 0.0)
    search.near_faces = near_faces
    assert live.faces(FRAME, 0.1) == [face(62, 0.95), face(40, 0.7)]
    live = LiveSearch(search)
    search.near_faces = []
    live.faces(FRAME, 0.0)
    search.near_faces = [face(40, 0.7), face(62, 0.8)]
    assert live.faces(FRAME, 0.1) == [face(50, 0.9, 90)]


def test_where_the_last_face_is_lost_it_glances_at_once():
    search = Search([face(50)], [face(50)])
    live = LiveSearch(search)
    live.faces(FRAME, 0.0)
    search.near_faces, search.glanced = [], [face(200)]
    assert live.faces(FRAME, 0.1) == [face(200)]
    assert search.asked[-3:] == ["near", "again", "glance"]
    search.glanced = []
    assert live.faces(FRAME, 0.2) == []
    assert live.faces(FRAME, 0.3) == []
    assert search.asked[-1] == "near"  # there was none in the frame before either
    assert search.calls(live, 1.1, 1.2) == ["near", "near glance"]


def test_frames_of_another_size_begin_anew():
    search = Search([face(50)], [face(50), face(200, 0.8)], {200: face(200, 0.8)})
    live = LiveSearch(search)
    live.faces(FRAME, 0.0)
    assert live.faces(np.zeros((320, 240), np.uint8), 0.1) == [face(50)]
    assert "again" not in search.asked


def test_faces_come_surest_first():
    search = Search([face(50, 0.7), face(120, 0.65)], [face(250, 0.8)], {250: face(250, 0.9)})
    live = LiveSearch(search)
    live.faces(FRAME, 0.0)
    assert [one.score for one in live.faces(FRAME, 0.1)] == [0.9, 0.7, 0.65]


def test_the_golden_video():
    (picture,) = (pixels(frame) for frame in GOLDEN["frames"] if frame["name"] == GOLDEN["video"]["picture"])
    live = Detector.load(DETECTOR).live()
    counts = []
    for frame in GOLDEN["video"]["frames"]:
        found = live.faces(video_frame(picture, frame["quarters"]), frame["time"])
        counts.append(len(found))
        assert len(found) == len(frame["faces"]), frame["time"]
        for one, stored in zip(found, frame["faces"], strict=True):
            assert abs((one.turn - stored["turn"] + 180) % 360 - 180) <= 1
            assert abs(one.score - stored["score"]) <= 0.02
            for given, wanted in (
                (one.box, stored["box"]),
                (one.upright_box, stored["upright_box"]),
                (list(one.keypoints.values()), list(stored["keypoints"].values())),
                (one.eyes, stored["eyes"]),
            ):
                np.testing.assert_allclose(given, wanted, atol=0.75, rtol=0)
    assert counts == [2, 2, 2, 1, 1, 0, 0, 1, 1, 2]


def test_videos_know_nothing_of_each_other():
    (picture,) = (pixels(frame) for frame in GOLDEN["frames"] if frame["name"] == GOLDEN["video"]["picture"])
    detector = Detector.load(DETECTOR)
    alone = [detector.live().faces(image, 0.0) for image in (picture, np.full_like(picture, 128))]
    one, other = detector.live(), detector.live()
    for step in range(3):
        found = one.faces(picture, step / 10)
        assert [len(found), other.faces(np.full_like(picture, 128), step / 10)] == [2, []]
    assert [len(faces) for faces in alone] == [2, 0]


@pytest.mark.parametrize("name", ["a near and a far face", "upside down", "no face"])
def test_a_detector_of_format_1_sees_each_frame_for_itself(name):
    (picture,) = (pixels(frame) for frame in GOLDEN["frames"] if frame["name"] == name)
    detector = Detector.load(BLAZEFACE)
    live = detector.live()
    for time in (0.0, 0.1, 0.05):
        assert live.faces(picture, time) == detector.detect(picture)
