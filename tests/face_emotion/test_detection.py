"""A detection: its eyes sorted along the turn, its box upright and on the picture."""

from __future__ import annotations

import math

import pytest

from face_emotion.contract import Crop
from face_emotion.detection import Detection, turned_box
from face_emotion.geometry import crop_transform


def test_eyes_are_ordered_on_the_image():
    right, left = (30.0, 10.0), (50.0, 12.0)
    upright = Detection((0, 0, 80, 80), 0.9, {"right_eye": right, "left_eye": left})
    mirrored = Detection((0, 0, 80, 80), 0.9, {"right_eye": left, "left_eye": right})
    assert upright.eyes == mirrored.eyes == (right, left)
    assert upright.upright_box == (0, 0, 80, 80)


@pytest.mark.parametrize("turn", range(0, 360, 45))
def test_a_turned_faces_eyes_give_its_angle(turn):
    angle = math.radians(turn)
    across = 10 * math.cos(angle), 10 * math.sin(angle)
    eyes = {"right_eye": (50 - across[0], 40 - across[1]), "left_eye": (50 + across[0], 40 + across[1])}
    box = turned_box((50, 40), 40, 50, turn)
    face = Detection(box, 0.9, eyes, turn, (30, 15, 70, 65))
    assert face.eyes == (eyes["right_eye"], eyes["left_eye"])
    place = crop_transform(face.upright_box, face.eyes, Crop(box_width=0.8, box_center=(0.5, 0.6)))
    assert math.degrees(place.angle) % 360 == pytest.approx(turn)
    assert place.side == pytest.approx(50)
    # The crop's centre lies a tenth of its side above the box's, as the face sees it.
    assert (place.center_x, place.center_y) == pytest.approx((50 + across[1] / 2, 40 - across[0] / 2))


@pytest.mark.parametrize(
    ("turn", "box"),
    [
        (0, (30, 15, 70, 65)),
        (90, (25, 20, 75, 60)),
        (180, (30, 15, 70, 65)),
        (270, (25, 20, 75, 60)),
        (45, (18.1802, 8.1802, 81.8198, 71.8198)),  # 90 / 2 / sqrt(2) on each side
        (135, (18.1802, 8.1802, 81.8198, 71.8198)),
    ],
)
def test_a_turned_box_holds_the_face(turn, box):
    assert turned_box((50, 40), 40, 50, turn) == pytest.approx(box, abs=1e-4)
