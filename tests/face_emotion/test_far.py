"""The rules of the far search: what is proposed, confirmed, turned and put straight, and how many looks it takes.

The networks are stand-ins (tests/support/looks.py); test_far_pictures.py searches drawn pictures. Without a face a
picture of 640 x 640 takes the near network's looks 0, 1 and 2 (turned by 90, 180 and 270 degrees), 3 and 4 (by 45 and
135), and the far network's 0 and 1 (upright and by 90), 2 and 3 (by 45 and 135): numbers of Pass.answers.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from face_emotion.detection import Detection
from face_emotion.far import FarSearch
from face_emotion.files import read_json
from face_emotion.yunet import YuNetSettings
from tests.support.looks import Pass, Seen, upright
from tests.support.runtime import DETECTOR

SETTINGS = YuNetSettings.from_dict(read_json(DETECTOR / "manifest.json")["detector"], "manifest.json")
RULES = {
    "proposal_threshold": 0.3,
    "confirm_threshold": 0.75,
    "sure_score": 0.85,
    "zoom": 2.2,
    "overlap": 160,
    "most_parts": 64,
    "most_proposals": 512,
    "most_turned": 16,
}
MIDDLE = Seen(96, 96, 87.2727, 0.9)  # of a closer look: a face as wide as its proposal
PROPOSED = Seen(300, 200, 40, 0.5)  # its closer look is a square of 88 source pixels
SCALE = 88 / 192


def search(near: Pass, far: Pass, image: np.ndarray | None = None, **rules) -> list[Detection]:
    """What is found in a picture, a grey one of 640 x 640 if none is given; with fine_side 640 that has no parts."""
    image = np.full((640, 640), 90, np.uint8) if image is None else image
    changed = dataclasses.replace(SETTINGS.far, **({"fine_side": 640} | RULES | rules))
    return FarSearch(near, lambda: far, dataclasses.replace(SETTINGS, far=changed)).search(image)


def test_the_looks_of_a_picture_without_a_face():
    near, far = Pass(192), Pass(640)
    assert search(near, far, np.zeros((720, 1280), np.uint8), fine_side=1280) == []
    assert (len(near.squares), len(far.squares)) == (5, 10)  # of the latter two upright and turned, six parts
    assert set(near.thresholds + far.thresholds) == {0.3}


def test_turned_looks_see_the_left_side_at_the_bottom():
    """Turned back by 90 degrees, the square's pixel (u, v) is that of (S - 1 - v, u); by 45 the corners go inside."""
    image = np.zeros((640, 640), np.uint8)
    image[:, :100] = 200
    near, far = Pass(192), Pass(640)
    search(near, far, image)
    whole, turned, slanting, other = (square[:, :, 0] for square in far.squares)
    assert (whole[:, :100] == 200).all() and not whole[:, 100:].any()
    assert (turned[540:] == 200).all() and not turned[:540].any()
    assert (near.squares[0][163:] > 199).all()
    # The picture's left corners lie at the left and the bottom of the one, at the bottom and the right of the other.
    assert [slanting[320, 3], slanting[636, 320], slanting[3, 320], slanting[320, 636]] == [200, 200, 0, 0]
    assert [other[320, 3], other[636, 320], other[3, 320], other[320, 636]] == [0, 200, 0, 200]


def test_a_sure_face_of_the_first_look_needs_no_closer_one():
    near, far = Pass(192, whole=[upright(300, 200, 90, 0.85)]), Pass(640)
    assert search(near, far) == near.whole
    assert (len(near.squares), len(far.squares)) == (3, 2)  # turned, upright and turned alone


def test_what_near_finds_far_does_not_lose():
    near, far = Pass(192, whole=[upright(300, 200, 90, 0.6), upright(100, 500, 90, 0.59)]), Pass(640)
    assert search(near, far) == near.whole[:1]


def test_a_proposal_is_looked_at_closer_and_placed_by_what_that_finds():
    near, far = Pass(192, {3: [Seen(108, 72, 72, 0.9)]}), Pass(640, {0: [PROPOSED]})
    (face,) = search(near, far)
    x, y, half = 300 + 12 * SCALE, 200 - 24 * SCALE, 36 * SCALE
    assert face.box == pytest.approx((x - half, y - half, x + half, y + half))
    assert (face.score, face.turn, face.upright_box) == (0.9, 0, face.box)
    assert face.keypoints["nose_tip"] == pytest.approx((x, y))
    assert tuple(face.keypoints) == (
        "right_eye",
        "left_eye",
        "nose_tip",
        "right_mouth_corner",
        "left_mouth_corner",
    )
    assert near.thresholds == [0.3, 0.3, 0.3, 0.75]


def test_a_proposal_of_a_part_is_where_the_part_lies():
    near, far = Pass(192, {3: [MIDDLE]}), Pass(640, {7: [Seen(100, 500, 40, 0.5)]})  # the last of six
    (face,) = search(near, far, np.full((720, 1280), 90, np.uint8), fine_side=1280)
    assert face.keypoints["nose_tip"] == pytest.approx((640 + 100, 80 + 500))
    assert face.box == pytest.approx((720, 560, 760, 600), abs=1e-3)


def test_a_proposal_of_a_turned_look_is_where_the_picture_has_it():
    """Where the turned look sees (u, v) stands (640 - v, u); the closer look is turned back alike."""
    near, far = Pass(192, {3: [Seen(96, 72, 72, 0.9)]}), Pass(640, {1: [Seen(100, 500, 40, 0.5)]})
    (face,) = search(near, far)
    x, y = 140 + 24 * SCALE, 100  # up is to the right
    assert face.turn == 90
    assert face.keypoints["nose_tip"] == pytest.approx((x, y))
    assert face.box == pytest.approx((x - 16.5, y - 16.5, x + 16.5, y + 16.5))
    assert face.eyes[0] == pytest.approx((x + 0.2 * 33, y - 0.2 * 33))
    assert face.eyes[1] == pytest.approx((x + 0.2 * 33, y + 0.2 * 33))


@pytest.mark.parametrize(("number", "turn", "place"), [(2, 45, (420, 420)), (3, 135, (220, 420))])
def test_where_nothing_is_found_slanting_looks_propose(number, turn, place):
    """Their square has 905.1 source pixels a side: 100 of its own are 100 down and across in the picture."""
    near, far = Pass(192, {5: [Seen(96, 96, 96, 0.9)]}), Pass(640, {number: [Seen(420, 320, 40, 0.5)]})
    (face,) = search(near, far)
    assert face.turn == turn
    assert face.keypoints["nose_tip"] == pytest.approx(place)
    width = 96 * 2.2 * 40 * 2**0.5 / 192
    assert face.upright_box[2] - face.upright_box[0] == pytest.approx(width)
    assert face.box[2] - face.box[0] == pytest.approx(width * 2**0.5)


@pytest.mark.parametrize(
    ("x", "y", "found"), [(48, 96, 1), (96, 144, 1), (47, 96, 0), (96, 145, 0), (190, 96, 0)]
)
def test_only_the_middle_half_of_a_closer_look_counts(x, y, found):
    near, far = Pass(192, {3: [Seen(x, y, 60, 0.9)]}), Pass(640, {0: [PROPOSED]})
    assert len(search(near, far)) == found


def test_an_unsure_face_is_turned_and_the_surest_counts():
    scores = enumerate([0.8, 0.76, 0.7, 0.92, 0.9, 0.1, 0.1, 0.1], 3)
    near = Pass(192, {number: [Seen(96, 96, 60, score)] for number, score in scores})
    (face,) = search(near, Pass(640, {0: [PROPOSED]}))
    assert (face.score, face.turn, len(near.squares)) == (0.92, 135, 3 + 8)
    half = 30 * SCALE
    assert face.upright_box == pytest.approx((300 - half, 200 - half, 300 + half, 200 + half))
    half *= 2**0.5
    assert face.box == pytest.approx((300 - half, 200 - half, 300 + half, 200 + half))


@pytest.mark.parametrize(("score", "found"), [(0.75, 1), (0.7499, 0)])
def test_a_face_is_confirmed_from_the_threshold_on(score, found):
    near, far = Pass(192, {3: [Seen(96, 96, 60, score)]}), Pass(640, {0: [PROPOSED]})
    assert len(search(near, far)) == found


@pytest.mark.parametrize(("slant", "turn"), [(20.4, 20), (-20.4, 340), (8.1, 8), (7.9, 0), (-7.9, 0)])
def test_a_face_aslant_is_looked_at_once_more_along_its_eyes(slant, turn):
    near = Pass(192, {3: [Seen(96, 96, 87.2727, 0.9, slant)], 4: [Seen(96, 72, 72, 0.8)]})
    (face,) = search(near, Pass(640, {0: [PROPOSED]}))
    assert len(near.squares) == (5 if turn else 4)
    assert (face.turn, face.score) == (turn, 0.8 if turn else 0.9)
    if turn:
        up = np.radians(turn - 90)
        nose = 300 + 24 * SCALE * np.cos(up), 200 + 24 * SCALE * np.sin(up)
        assert face.keypoints["nose_tip"] == pytest.approx(nose, abs=1e-3)
        left, right = face.eyes
        assert np.degrees(np.arctan2(right[1] - left[1], right[0] - left[0])) % 360 == pytest.approx(turn)


def test_a_face_aslant_that_is_not_found_again_stays_as_it_was():
    near = Pass(192, {3: [Seen(96, 96, 60, 0.9, 20)], 4: [Seen(96, 96, 60, 0.59)]})
    (face,) = search(near, Pass(640, {0: [PROPOSED]}))
    assert (face.turn, face.score, len(near.squares)) == (0, 0.9, 5)


def test_a_proposal_on_a_face_costs_no_look():
    near, far = Pass(192, {3: [MIDDLE]}), Pass(640, {0: [PROPOSED, Seen(302, 203, 38, 0.4)]})
    assert len(search(near, far)) == 1
    assert len(near.squares) == 4


def test_two_proposals_of_one_face_are_one():
    """The second proposal lies beside the face, but its closer look finds the same one."""
    near = Pass(192, {3: [MIDDLE], 4: [Seen(60, 96, 87, 0.95)]})
    (face,) = search(near, Pass(640, {0: [PROPOSED, Seen(322, 200, 40, 0.4)]}))
    assert (face.score, len(near.squares)) == (0.9, 5)


def test_faces_come_surest_first():
    """The one of 0.6 is not confirmed, at eight angles: the other proposals' looks are number 11 and 12."""
    near = Pass(192, {11: [MIDDLE], 12: [Seen(96, 96, 87, 0.95)]})
    near.whole = [upright(600, 600, 50, 0.92), upright(500, 600, 40, 0.6)]
    far = Pass(640, {0: [PROPOSED, Seen(100, 200, 40, 0.4)]})
    assert [face.score for face in search(near, far)] == [0.95, 0.92, 0.9, 0.6]


def test_the_surest_proposals_are_looked_at_first():
    proposals = [Seen(50 + 60 * (k % 9), 50 + 60 * (k // 9), 20, 0.3 + k / 1000) for k in range(81)]
    near = Pass(192, {10: [MIDDLE]})  # looks 3 to 10 are at the surest, from eight angles
    (face,) = search(near, Pass(640, {0: proposals}), most_proposals=3, most_turned=1)
    assert (face.score, face.turn, face.keypoints["nose_tip"]) == (0.9, 315, pytest.approx((530, 530)))
    assert len(near.squares) == 3 + 8 + 2


def test_a_picture_full_of_proposals_takes_at_most_1253_near_looks():
    """Turned ones, and twice 512 proposals of which 16 are looked at from seven more angles."""
    crowd = [Seen(40 + 30 * (k % 20), 40 + 30 * (k // 20), 24, 0.5) for k in range(400)]
    near, far = Pass(192), Pass(640, lambda _: crowd)
    assert search(near, far) == []
    assert (len(near.squares), len(far.squares)) == (5 + 2 * (512 + 16 * 7), 4)


@pytest.mark.parametrize("shape", [(6000, 8000), (40, 30_000)])
def test_the_largest_pictures_take_at_most_68_far_looks(shape):
    near, far = Pass(192), Pass(640)
    assert search(near, far, np.full(shape, 90, np.uint8), fine_side=1280) == []
    assert (len(near.squares), len(far.squares)) == (5, 4 + 63)
