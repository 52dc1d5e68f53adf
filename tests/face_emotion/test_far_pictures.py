"""Near and far on drawn pictures with the released networks: golden frames, small and turned faces, noise."""

from __future__ import annotations

import math

import numpy as np
import pytest

from converters.detector_golden import pixels
from face_emotion.contract import Crop
from face_emotion.detector import Detector
from face_emotion.far import YuNetPass
from face_emotion.files import read_json
from face_emotion.geometry import Transform, crop_transform, sample_grey
from model_build.synthetic.scenes import draw_frame
from tests.support.detection import LUMA, overlap, turned
from tests.support.runtime import DETECTOR

GOLDEN = read_json(DETECTOR / "golden.json")
CROWD = [
    (60.0, 200.0, 110.0, 250.0),
    (300.0, 60.0, 336.0, 96.0),
    (480.0, 340.0, 540.0, 400.0),
    (200.0, 350.0, 240.0, 390.0),
]


@pytest.fixture(scope="module")
def detector() -> Detector:
    """The released detector."""
    return Detector.load(DETECTOR)


def boxes(faces) -> list[tuple[float, ...]]:
    """The faces' boxes, from left to right."""
    return sorted(face.box for face in faces)


@pytest.mark.parametrize("reach", ["near", "far"])
@pytest.mark.parametrize("frame", GOLDEN["frames"], ids=lambda frame: frame["name"])
def test_golden_frames(detector, frame, reach):
    found = detector.detect(pixels(frame), reach)
    assert len(found) == len(frame[reach])
    for face, stored in zip(found, frame[reach], strict=True):
        assert face.turn == stored["turn"]
        assert abs(face.score - stored["score"]) <= 0.02
        assert list(face.keypoints) == list(stored["keypoints"])
        for given, wanted in (
            (face.box, stored["box"]),
            (face.upright_box, stored["upright_box"]),
            (list(face.keypoints.values()), list(stored["keypoints"].values())),
            (face.eyes, stored["eyes"]),
        ):
            np.testing.assert_allclose(given, wanted, atol=0.75, rtol=0)


def test_golden_frames_hold_what_they_are_for():
    turns = {
        frame["name"]: [[face["turn"] for face in frame[reach]] for reach in ("near", "far")]
        for frame in GOLDEN["frames"]
    }
    assert turns == {
        "one face": [[0], [0]],
        "two faces": [[0, 0], [0, 0]],
        "no face": [[], []],
        "a near and a far face": [[0], [0, 0]],
        "lying on the side": [[], [90]],
        "upside down": [[0], [180]],
        "four small faces": [[], [0, 0, 0, 0]],
    }
    assert GOLDEN["tolerance"] == {
        "square_pixels": 1e-6,
        "score": 1e-9,
        "frame_pixels": 0.75,
        "frame_score": 0.02,
        "frame_degrees": 1,
        "motion": 1e-6,
    }


@pytest.mark.parametrize("reach", ["near", "far"])
@pytest.mark.parametrize("side", [110, 200])
def test_drawn_faces_are_found_where_they_are(detector, side, reach):
    overlaps = []
    for seed in range(7):
        box = (260.0, 120.0, 260.0 + side, 120.0 + side)
        (face,) = detector.detect(draw_frame(640, 480, [box], [seed % 7], seed), reach)
        overlaps.append(overlap(face.box, box))
    assert min(overlaps) > 0.6
    assert np.median(overlaps) > 0.7


def test_far_finds_every_face_of_a_crowd_that_near_sees_but_one_of(detector):
    image = draw_frame(640, 480, CROWD, [3, 6, 0, 4], 1)
    found = boxes(detector.detect(image, "far"))
    assert [overlap(box, drawn) > 0.6 for box, drawn in zip(found, sorted(CROWD), strict=True)] == [True] * 4
    assert len(detector.detect(image)) < 4


def test_what_near_finds_far_finds_too(detector):
    for seed in range(6):
        wide = [(40.0, 150.0, 180.0, 290.0), (400.0, 120.0, 560.0, 280.0)][: 1 + seed % 2]
        image = draw_frame(640, 480, wide, [3, 6][: len(wide)], seed)
        near, far = detector.detect(image), detector.detect(image, "far")
        assert len(near) == len(wide)
        for face in near:
            assert max(overlap(face.box, other.box) for other in far) > 0.8


def drawn(side: int, width: int, seed: int, label: int) -> np.ndarray:
    """A face of `width` pixels in the middle of a square grey picture."""
    low = (side - width) / 2
    return draw_frame(side, side, [(low, low, low + width, low + width)], [label], seed)


def cut_out(detector: Detector, image: np.ndarray) -> tuple[Transform, np.ndarray]:
    """Where the one face of a picture is cut out, and what the classifier sees of it."""
    (face,) = detector.detect(image, "far")
    place = crop_transform(face.upright_box, face.eyes, detector.crop(Crop()))
    return place, sample_grey(image, place, 48, LUMA, 16).astype(int)


def between(angle: float, other: float, degrees: float) -> float:
    """How far one angle (radians) is from another that is turned by `degrees`: 0 to 180 degrees."""
    return abs((math.degrees(angle - other) - degrees + 180) % 360 - 180)


@pytest.mark.parametrize(("side", "width"), [(300, 150), (640, 40)])
def test_a_face_at_any_of_eight_angles_is_read_as_upright(detector, side, width):
    """Faces the wrong way up differ by 40 grey levels and more."""
    upright = drawn(side, width, seed=3, label=6)
    place, seen = cut_out(detector, upright)
    for degrees in range(0, 360, 45):
        found, grey = cut_out(detector, turned(upright, degrees))
        assert between(found.angle, place.angle, degrees) < 3
        assert found.side / place.side == pytest.approx(1, abs=0.05)
        assert np.abs(grey - seen).mean() < 8


@pytest.mark.parametrize(
    ("seed", "label", "degrees"), [(0, 0, 135), (1, 2, 225), (2, 4, 180), (2, 4, 270), (2, 4, 315)]
)
def test_faces_that_look_like_ones_at_another_angle_are_read_the_right_way_up(detector, seed, label, degrees):
    """At these the network finds a face the wrong way up, or aslant, with a score of 0.85 to 0.88."""
    upright = drawn(640, 40, seed, label)
    place, seen = cut_out(detector, upright)
    found, grey = cut_out(detector, turned(upright, degrees))
    assert between(found.angle, place.angle, degrees) < 16
    assert np.abs(grey - seen).mean() < 25


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("nothing", np.zeros((1, 1), np.uint8)),
        ("grey", np.full((700, 900), 128, np.uint8)),
        (
            "blocks",
            np.kron(np.random.default_rng(0).integers(0, 256, (45, 80)), np.ones((16, 16))).astype(np.uint8),
        ),
        ("stripes", np.tile(np.uint8(127 + 120 * np.sin(np.arange(1280) / 5)), (720, 1))),
        (
            "checks",
            np.kron(np.add.outer(np.arange(36), np.arange(64)) % 2 * 255, np.ones((20, 20))).astype(np.uint8),
        ),
        ("noise", np.random.default_rng(0).integers(0, 256, (480, 640), dtype=np.uint8)),
    ],
)
def test_noise_and_textures_have_no_face_and_end_quickly(detector, name, image, monkeypatch):
    looks, look = [], YuNetPass.look
    monkeypatch.setattr(YuNetPass, "look", lambda *words: looks.append(words) or look(*words))
    assert detector.detect(image) == []
    assert detector.detect(image, "far") == []
    assert len(looks) <= (100 if name == "noise" else 17)


def test_noise_at_full_size_ends_within_640_looks(detector, monkeypatch):
    looks, look = [], YuNetPass.look
    monkeypatch.setattr(YuNetPass, "look", lambda *words: looks.append(words) or look(*words))
    noise = np.random.default_rng(0).integers(0, 256, (720, 1280, 3), dtype=np.uint8)
    assert detector.detect(noise, "far") == []
    assert len(looks) <= 640


@pytest.mark.parametrize("reach", ["near", "far"])
def test_grey_colour_and_mirrored_images_agree(detector, reach):
    grey = draw_frame(320, 240, [(110.0, 60.0, 210.0, 160.0)], [3], 4)
    (face,) = detector.detect(grey, reach)
    (colour,) = detector.detect(np.stack([grey] * 3, axis=2), reach)
    assert np.allclose(colour.box, face.box, atol=1e-3)
    (mirrored,) = detector.detect(np.ascontiguousarray(grey[:, ::-1]), reach)
    assert np.allclose([320 - mirrored.box[2], 320 - mirrored.box[0]], np.take(face.box, [0, 2]), atol=5)
    (left, _), (right, _) = face.eyes
    assert face.box[0] < left < right < face.box[2]
    marks = face.keypoints
    assert marks["right_eye"][0] < marks["nose_tip"][0] < marks["left_eye"][0]
    assert marks["right_mouth_corner"][0] < marks["nose_tip"][0] < marks["left_mouth_corner"][0]
    assert marks["right_eye"][1] < marks["nose_tip"][1] < marks["right_mouth_corner"][1]


@pytest.mark.parametrize("reach", ["near", "far"])
def test_a_detection_does_not_change_the_next_one(detector, reach):
    frames = [draw_frame(320, 240, [(x, 60.0, x + 100, 160.0)], [3], 4) for x in (40.0, 180.0)]
    first = detector.detect(frames[0], reach)
    detector.detect(frames[1], "far")
    detector.detect(frames[1], "near")
    assert detector.detect(frames[0], reach) == first
