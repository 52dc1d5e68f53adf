"""The live search of a video: when it follows, looks and glances, what it holds on to; the golden video."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest

from converters.detector_golden import pixels, video_frame
from face_emotion.detection import Box, Detection
from face_emotion.detector import Detector
from face_emotion.errors import InputError
from face_emotion.far import Proposal
from face_emotion.files import read_json
from face_emotion.follower import Anchor
from face_emotion.live import LiveSearch
from face_emotion.recognizer import EmotionRecognizer
from tests.support.detection import BLAZEFACE, overlap
from tests.support.runtime import DETECTOR

GOLDEN = read_json(DETECTOR / "golden.json")
FRAME = np.zeros((240, 320), np.uint8)  # flat: there is nothing to follow
RANDOM = np.random.default_rng(4)
TEXTURE = cv2.resize(
    RANDOM.integers(0, 256, (60, 80), dtype=np.uint8), (320, 240), interpolation=cv2.INTER_CUBIC
)


def face(x: float, score: float = 0.9, turn: int = 0) -> Detection:
    """A face of 40 pixels at (x, 100)."""
    eyes = {"right_eye": (x - 8, 92.0), "left_eye": (x + 8, 92.0)}
    return Detection((x - 20, 80, x + 20, 120), score, eyes, turn)


def proposal_of(one: Detection) -> Proposal:
    """A face as a proposal."""
    x_min, y_min, x_max, y_max = one.box
    return Proposal(
        ((x_min + x_max) / 2, (y_min + y_max) / 2), x_max - x_min, y_max - y_min, one.score, one.turn
    )


@dataclass
class Search:
    """What FarSearch does for a video, by what it is told; `asked` is what it was asked, in order.

    glanced: the faces that the last look of a glance proposes and closer looks confirm; again: by the x of a face's
    middle what looking for it once more finds; asked: "glance" stands for a glance's first look; steps: all of them.
    """

    near_faces: list[Detection] = field(default_factory=list)
    glanced: list[Detection] = field(default_factory=list)
    again: dict[float, Detection] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    most_turned: int = 2

    def near(self, image: np.ndarray) -> list[Detection]:
        """One look."""
        self.asked.append("near")
        return list(self.near_faces)

    def glance(self, image: np.ndarray, number: int) -> list[Proposal]:
        """A look of a glance."""
        self.steps.append(f"look {number}")
        if number == 0:
            self.asked.append("glance")
        return [proposal_of(one) for one in self.glanced] if number == 4 else []

    def closer(self, image: np.ndarray, proposal: Proposal, turned: bool) -> tuple[Detection | None, bool]:
        """A closer look at a proposal, turned further unless it is sure."""
        self.steps.append(f"closer {proposal.center[0]:.0f}{' turned' if turned else ''}")
        faces = [one for one in self.glanced if proposal_of(one) == proposal]
        return (faces[0] if faces else None), turned and proposal.score < 0.88

    def is_sure(self, one: Detection) -> bool:
        """Whether a closer look could tell no more."""
        return one.score >= 0.88

    def look_again(self, image: np.ndarray, old: Detection) -> Detection | None:
        """A look where a face was."""
        self.asked.append("again")
        return self.again.get((old.box[0] + old.box[2]) / 2)

    def is_confirmed(self, one: Detection) -> bool:
        """Whether it is sure enough."""
        return one.score >= 0.75

    def overlapping(self, box: Box, faces: list[Detection]) -> list[Detection]:
        """Those that overlap."""
        return [other for other in faces if overlap(box, other.box) > 0.3]

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
        "near glance",
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


def test_where_the_last_face_is_lost_it_glances_at_once_a_step_a_frame():
    search = Search([face(50)], [face(50)])
    live = LiveSearch(search)
    live.faces(FRAME, 0.0)
    search.near_faces, search.glanced = [], [face(200)]
    search.steps.clear()
    for frame in range(1, 6):
        assert live.faces(FRAME, frame / 25) == []
        assert search.steps[-1] == f"look {frame - 1}" and len(search.steps) == frame
    assert live.faces(FRAME, 6 / 25) == [face(200)]
    assert search.steps[5:] == ["closer 200 turned"]
    search.again = {200: face(200)}
    assert live.faces(FRAME, 7 / 25) == [face(200)]
    assert search.steps[6:] == []
    search.again, search.glanced = {}, []
    assert live.faces(FRAME, 8 / 25) == []  # lost: another glance
    assert search.steps[6:] == ["look 0"]
    assert search.calls(live, 1.3, 1.4) == ["near", "near glance"]


def test_a_glance_takes_as_many_steps_as_frames_are_tenths_of_a_second_apart():
    search = Search([face(50)], [face(100), face(150)])
    live = LiveSearch(search)
    counts = []
    for time in (0.0, 2.25, 2.5, 2.56, 2.97, 3.0, 4.5):
        search.steps.clear()
        live.faces(FRAME, time)
        counts.append(len(search.steps))
    assert counts == [7, 7, 0, 0, 0, 0, 7]
    live = LiveSearch(search)
    search.steps.clear()
    live.faces(FRAME, 0.0)
    for time in (0.9, 1.8):
        live.faces(FRAME, time)
    counts = []
    for time in (2.05, 2.11, 2.42, 2.45):
        search.steps.clear()
        live.faces(FRAME, time)
        counts.append(" ".join(search.steps))
    assert counts == ["look 0 look 1", "look 2", "look 3 look 4 closer 100 turned", "closer 150 turned"]


def test_a_glance_that_no_frame_went_on_with_for_a_second_is_dropped():
    search = Search([face(50)], [])
    live = LiveSearch(search)
    for time in (0.0, 0.9, 1.8, 2.05):
        live.faces(FRAME, time)
    search.steps.clear()
    live.faces(FRAME, 3.1)
    assert search.steps == []


def test_a_glance_looks_closer_at_the_surest_first_at_few_at_every_angle_and_at_no_face_twice():
    near = [face(50), face(250, 0.7)]
    search = Search(near, [face(100, 0.76), face(52), face(150, 0.8), face(200, 0.78), face(251, 0.95)])
    found = LiveSearch(search).faces(FRAME, 0.0)
    assert search.steps[5:] == ["closer 251 turned", "closer 150 turned", "closer 200 turned", "closer 100"]
    assert [(one.box[0] + 20, one.score) for one in found] == [
        (251, 0.95),
        (50, 0.9),
        (150, 0.8),
        (200, 0.78),
        (100, 0.76),
    ]


def test_a_face_that_a_glance_finds_joins_those_that_are_followed(monkeypatch):
    search = Search([face(100)], [face(100)])
    live = LiveSearch(search, look_every=2.0)
    for tenth in range(20):
        live.faces(TEXTURE, tenth / 10)
    search.glanced = [face(230, 0.8)]
    search.asked.clear()
    for frame in range(5):
        assert [one.score for one in live.faces(shifted(frame), 2 + frame / 25)] == [0.9]
    begun = []
    begin = Anchor.of
    monkeypatch.setattr(Anchor, "of", lambda image, found: begun.append(found.score) or begin(image, found))
    assert [one.score for one in live.faces(shifted(5), 2.2)] == [0.9, 0.8]
    assert begun == [
        0.8
    ]  # the other one is compared with what it was when it was found, so that errors do not add up
    followed = live.faces(shifted(8), 2.24)
    np.testing.assert_allclose([one.box[0] for one in followed], [88, 213], atol=0.3)
    assert search.asked == ["near", "glance"]


def test_frames_of_another_size_begin_anew():
    search = Search([face(50)], [face(50), face(200, 0.8)], {200: face(200, 0.8)})
    live = LiveSearch(search)
    live.faces(FRAME, 0.0)
    assert live.faces(np.zeros((320, 240), np.uint8), 0.1) == [face(50), face(200, 0.8)]
    assert search.asked == ["near", "glance", "near", "glance"]


def test_faces_come_surest_first():
    search = Search([face(50, 0.7), face(120, 0.65)], [face(250, 0.8)], {250: face(250, 0.9)})
    live = LiveSearch(search)
    live.faces(FRAME, 0.0)
    assert [one.score for one in live.faces(FRAME, 0.1)] == [0.9, 0.7, 0.65]


def shifted(x: int, y: int = 0) -> np.ndarray:
    """The texture pushed to the right and down."""
    return np.roll(TEXTURE, (y, x), (0, 1))


def test_a_face_is_followed_until_it_is_time_for_another_look():
    search = Search([face(100)], [face(100)])
    live = LiveSearch(search)
    live.faces(TEXTURE, 0.0)
    for step in range(1, 5):
        (found,) = live.faces(shifted(3 * step, -step), step / 10)
        np.testing.assert_allclose(
            found.box, (80 + 3 * step, 80 - step, 120 + 3 * step, 120 - step), atol=0.3
        )
        np.testing.assert_allclose(found.keypoints["right_eye"], (92 + 3 * step, 92 - step), atol=0.3)
        assert found.score == 0.9
    assert search.asked == ["near", "glance"]
    search.near_faces = [face(114)]
    assert live.faces(shifted(12, -4), 0.5) == [face(114)]
    assert search.asked == ["near", "glance", "near"]


def test_a_face_that_may_be_none_is_looked_at_again_in_the_next_frame():
    search = Search([face(100), face(220, 0.74)], [face(100), face(220, 0.74)])
    live = LiveSearch(search)
    live.faces(TEXTURE, 0.0)
    search.near_faces = [face(100)]
    assert live.faces(TEXTURE, 0.04) == [face(100)]
    assert search.asked == ["near", "glance", "near", "again"]
    live.faces(TEXTURE, 0.08)
    assert search.asked == ["near", "glance", "near", "again"]


def test_without_following_every_frame_is_looked_at():
    search = Search([face(100)], [face(100)])
    live = LiveSearch(search, look_every=0.0)
    for step in range(3):
        live.faces(TEXTURE, step / 10)
    assert search.asked == ["near", "glance", "near", "near"]


def test_a_face_that_is_covered_or_cut_away_is_lost_at_once():
    search = Search([face(100)], [face(100)])
    live = LiveSearch(search)
    live.faces(TEXTURE, 0.0)
    search.near_faces, search.glanced = [], []
    covered = TEXTURE.copy()
    covered[70:130, 70:130] = 128
    assert live.faces(covered, 0.1) == []
    assert search.asked == ["near", "glance", "near", "again", "glance"]
    other = np.ascontiguousarray(TEXTURE[::-1, ::-1])
    search.near_faces = search.glanced = [face(100)]
    live = LiveSearch(search)
    live.faces(TEXTURE, 1.0)
    search.near_faces = [face(220)]
    assert live.faces(other, 1.1) == [face(220)]


def test_where_one_of_two_is_lost_all_are_looked_for_where_they_have_moved_to():
    search = Search([face(100)], [face(100), face(220, 0.8)], {})
    live = LiveSearch(search)
    live.faces(TEXTURE, 0.0)
    frame = shifted(4)
    frame[60:150, 60:150] = 128
    search.near_faces, search.glanced = [], []
    found = []
    search.look_again = lambda image, old: found.append(round((old.box[0] + old.box[2]) / 2))
    assert live.faces(frame, 0.1) == []
    assert found == [100, 224]  # the lost one where it was, the other one where it is


def test_two_faces_that_come_to_overlap_are_looked_at():
    search = Search([], [face(100), face(180, 0.8)])
    live = LiveSearch(search)
    live.faces(TEXTURE, 0.0)
    frame = TEXTURE.copy()  # the second one's surroundings, where they have come to by and by
    assert len(live.faces(frame, 0.1)) == 2
    assert search.asked == ["near", "glance"]
    live = LiveSearch(search)
    search.near_faces = [face(100), face(104, 0.8)]
    live.faces(TEXTURE, 0.0)
    search.asked.clear()
    live.faces(TEXTURE, 0.1)
    assert search.asked[0] == "near"


def test_a_time_that_goes_back_or_another_size_ends_what_is_followed():
    search = Search([face(100)], [face(100)])
    live = LiveSearch(search)
    live.faces(TEXTURE, 5.0)
    assert search.calls(live, 5.0) == ["near"]  # a flat frame: lost
    live = LiveSearch(search)
    live.faces(TEXTURE, 5.0)
    search.asked.clear()
    live.faces(TEXTURE, 4.9)
    assert search.asked == ["near", "glance"]
    search.asked.clear()
    live.faces(np.ascontiguousarray(np.rot90(TEXTURE)), 5.0)
    assert search.asked == ["near", "glance"]


def test_more_than_sixteen_faces_are_looked_for_and_the_surest_32_held_on_to():
    places = [(30 + 13 * column, 40 + 30 * row) for row in range(6) for column in range(20)]
    many = [
        Detection(
            (x - 6, y - 6, x + 6, y + 6),
            0.9 - index / 1000,
            {"right_eye": (x - 2, y), "left_eye": (x + 2, y)},
        )
        for index, (x, y) in enumerate(places)
    ]
    search = Search([], many)
    live = LiveSearch(search)
    assert len(live.faces(TEXTURE, 0.0)) == 32
    search.near_faces = many
    assert len(live.faces(TEXTURE, 0.05)) == 120
    search.near_faces = []
    looked = []
    search.look_again = lambda image, old: looked.append(old.score) or old
    assert len(live.faces(TEXTURE, 0.1)) == 32
    assert looked == [one.score for one in many[:32]]
    search = Search(many[:16], many[:16])
    live = LiveSearch(search)
    live.faces(TEXTURE, 0.0)
    search.asked.clear()
    assert len(live.faces(TEXTURE, 0.1)) == 16 and search.asked == []


def test_an_hour_without_a_face_and_one_with_one_keep_nothing():
    for faces in ([], [face(100)]):
        search = Search(faces, faces)
        live = LiveSearch(search)
        sizes = []
        for number in range(90_000 if not faces else 3_000):
            search.asked.clear()
            live.faces(TEXTURE, number / 25)
            if number in (100, 2_999, 89_999):
                sizes.append(len(pickle.dumps([live._known, live._anchors])))
        assert len(set(sizes)) == 1


@pytest.mark.parametrize("shape", [(1, 1), (40, 30_000), (8, 8, 3)])
def test_frames_of_any_shape_are_followed_in(shape):
    search = Search([face(4)], [face(4)])
    live = LiveSearch(search)
    frame = RANDOM.integers(0, 256, shape, dtype=np.uint8)
    for step in range(3):
        assert len(live.faces(frame, step / 10)) <= 1


@pytest.mark.parametrize("value", [-0.5, float("nan"), "often", True])
def test_another_time_between_looks_is_refused(value):
    with pytest.raises(
        InputError, match=r"^look_every .*: a finite number of seconds, 0 or more, is expected$"
    ):
        EmotionRecognizer.load().stream(look_every=value)


def test_the_golden_video():
    (picture,) = (pixels(frame) for frame in GOLDEN["frames"] if frame["name"] == GOLDEN["video"]["picture"])
    live = Detector.load(DETECTOR).live()
    counts = []
    for frame in GOLDEN["video"]["frames"]:
        found = live.faces(video_frame(picture, frame["quarters"], frame["shift"]), frame["time"])
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
    assert counts == [2, 2, 2, 2, *[0] * 4, 1, 1, 1, *[0] * 5, *[1] * 10, 2, 2, 2]


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
