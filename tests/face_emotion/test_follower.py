"""Following a face: the golden motions, known motions of a picture, and what must be lost."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from converters.follower_golden import levels
from face_emotion.detection import Detection
from face_emotion.files import read_json
from face_emotion.follower import Anchor, Template
from tests.support.runtime import DETECTOR

GOLDEN = read_json(DETECTOR / "golden.json")
RANDOM = np.random.default_rng(9)
PICTURE = cv2.resize(
    RANDOM.integers(0, 256, (48, 64, 3), dtype=np.uint8), (640, 480), interpolation=cv2.INTER_CUBIC
)
FACE = Detection(
    (260.0, 180.0, 380.0, 320.0),
    0.9,
    {"right_eye": (295.0, 230.0), "left_eye": (345.0, 230.0), "nose_tip": (320.0, 260.0)},
)


def moved(angle: float, zoom: float, x: float, y: float) -> np.ndarray:
    """The picture turned about the face's middle, clockwise by degrees, zoomed and shifted."""
    matrix = cv2.getRotationMatrix2D((320 - 0.5, 250 - 0.5), -angle, zoom)
    matrix[:, 2] += (x, y)
    return cv2.warpAffine(PICTURE, matrix, (640, 480), borderMode=cv2.BORDER_REFLECT)


@pytest.mark.parametrize("case", GOLDEN["motions"], ids=lambda case: case["name"])
def test_the_golden_motions(case):
    template = Template.of(levels(case["template"]).astype(np.float64))
    motion = None if template is None else template.motion(levels(case["window"]).astype(np.float64))
    if case["motion"] is None:
        assert motion is None
    else:
        found = [[value.real, value.imag] for value in motion]
        np.testing.assert_allclose(found, [case["motion"]["alpha"], case["motion"]["tau"]], atol=1e-6, rtol=0)


def test_the_golden_motions_are_those_that_were_meant():
    """A face that moved by a 20th of its width, of 24 pixels, by 1.2 pixels of it; one turned by 7 degrees."""
    motions = {case["name"]: case["motion"] for case in GOLDEN["motions"]}
    assert len(motions) == 11 and sum(motion is None for motion in motions.values()) == 5
    np.testing.assert_allclose(motions["as it was"]["tau"], (0, 0), atol=0.1)
    np.testing.assert_allclose(motions["a little to the side"]["tau"], (1.2, -0.72), atol=0.1)
    np.testing.assert_allclose(motions["far to the side"]["tau"], (-4.8, 3.6), atol=0.1)
    alpha = complex(*motions["nearer and turned"]["alpha"])
    assert abs(alpha) == pytest.approx(1.12, abs=0.02)
    assert math.degrees(math.atan2(alpha.imag, alpha.real)) == pytest.approx(7, abs=0.7)


@pytest.mark.parametrize(
    ("angle", "zoom", "x", "y"),
    [(0, 1, 0, 0), (0, 1, 22, -15), (8, 1, 0, 0), (-10, 1.1, -8, 5), (0, 0.88, 5, 12)],
)
def test_box_and_key_points_move_with_the_pixels(angle, zoom, x, y):
    anchor = Anchor.of(PICTURE, FACE)
    found = anchor.follow(moved(angle, zoom, x, y))
    width, height = 120 * zoom, 140 * zoom
    expected = (320 + x - width / 2, 250 + y - height / 2, 320 + x + width / 2, 250 + y + height / 2)
    np.testing.assert_allclose(found.box, expected, atol=1.0)
    turn = math.radians(angle)
    for name, (from_x, from_y) in {
        "right_eye": (-25, -20),
        "left_eye": (25, -20),
        "nose_tip": (0, 10),
    }.items():
        wanted = (
            320 + x + zoom * (from_x * math.cos(turn) - from_y * math.sin(turn)),
            250 + y + zoom * (from_x * math.sin(turn) + from_y * math.cos(turn)),
        )
        np.testing.assert_allclose(found.keypoints[name], wanted, atol=1.0)


def test_errors_do_not_add_up():
    anchor = Anchor.of(PICTURE, FACE)
    for step in range(1, 60):
        found = anchor.follow(moved(20 * math.sin(step / 9), 1, 40 * math.sin(step / 10), 0))
        assert (found.box[0] + found.box[2]) / 2 == pytest.approx(320 + 40 * math.sin(step / 10), abs=0.7)
    back = anchor.follow(PICTURE)
    np.testing.assert_allclose(back.box, FACE.box, atol=0.3)


@pytest.mark.parametrize("turn", [90, 180, 300])
def test_a_turned_face_keeps_its_turn_and_its_own_box(turn):
    angle = math.radians(turn)
    eyes = {
        name: (320 + way * 25 * math.cos(angle), 250 + way * 25 * math.sin(angle))
        for name, way in (("right_eye", -1), ("left_eye", 1))
    }
    own = (260.0, 180.0, 380.0, 320.0)
    face = Detection((250.0, 190.0, 390.0, 310.0), 0.8, eyes, turn, own)
    found = Anchor.of(PICTURE, face).follow(moved(0, 1, 10, -6))
    assert (found.turn, found.score) == (turn, 0.8)
    np.testing.assert_allclose(found.upright_box, (270, 174, 390, 314), atol=0.6)
    center = (found.box[0] + found.box[2]) / 2, (found.box[1] + found.box[3]) / 2
    np.testing.assert_allclose(center, (330, 244), atol=0.6)
    np.testing.assert_allclose(found.eyes[0], np.add(eyes["right_eye"], (10, -6)), atol=0.6)


def test_a_face_that_jumps_by_more_than_a_quarter_of_its_width_is_lost():
    assert Anchor.of(PICTURE, FACE).follow(moved(0, 1, 45, 0)) is None
    assert Anchor.of(PICTURE, FACE).follow(np.roll(PICTURE, 100, 0)) is None
    assert Anchor.of(PICTURE, FACE).follow(np.full_like(PICTURE, 90)) is None


def test_light_does_not_count():
    darker = np.floor(PICTURE * 0.35 + 8).astype(np.uint8)
    found = Anchor.of(PICTURE, FACE).follow(darker)
    np.testing.assert_allclose(found.box, FACE.box, atol=0.3)


def test_what_is_flat_is_not_followed():
    assert Anchor.of(np.full_like(PICTURE, 90), FACE) is None
    checks = np.indices((24, 24)).sum(axis=0) // 3 % 2 * 2.0 - 1  # -1 and 1
    assert Template.of(90 + 2.5 * checks) is None  # a variance of about 6
    assert Template.of(90 + 3.5 * checks) is not None  # of about 12


def test_a_face_is_followed_to_the_edge_of_the_picture():
    face = Detection(
        (560.0, 400.0, 660.0, 510.0), 0.9, {"right_eye": (590.0, 440.0), "left_eye": (630.0, 440.0)}
    )
    found = Anchor.of(PICTURE, face).follow(np.roll(PICTURE, -6, 1))
    assert found is not None
    np.testing.assert_allclose(found.box, (554, 400, 654, 510), atol=1.5)
