"""How far a recognizer looks: near and far in stills, frames and neutral faces, and which faces count as small."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from converters.detector_golden import pixels
from face_emotion import EmotionRecognizer
from face_emotion.contract import Crop
from face_emotion.detection import Detection
from face_emotion.detector import Detector
from face_emotion.errors import InputError
from face_emotion.files import read_json
from face_emotion.geometry import crop_transform, sample_grey
from model_build.synthetic.faces import draw_faces
from model_build.synthetic.scenes import draw_frame
from tests.support.detection import BLAZEFACE, LUMA, turned
from tests.support.runtime import DETECTOR, write_model_folder

LARGE = (60.0, 120.0, 220.0, 280.0)
SMALL = (480.0, 340.0, 502.0, 362.0)
REST = 6  # the expression "neutral"


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> Path:
    """A models folder: near/ and far/, whose contracts say so, beside face_detector/."""
    root = tmp_path_factory.mktemp("models")
    for reach in ("near", "far"):
        write_model_folder(root / reach, artifacts=("int8",), reach=reach, baseline_strength=0.5)
    (root / "face_detector").symlink_to(DETECTOR)
    return root


@pytest.fixture(scope="module")
def near(models) -> EmotionRecognizer:
    """A recognizer whose contract says near."""
    return EmotionRecognizer.load(models / "near")


@pytest.fixture(scope="module")
def far(models) -> EmotionRecognizer:
    """A recognizer whose contract says far."""
    return EmotionRecognizer.load(models / "far")


@pytest.fixture(scope="module")
def pair() -> np.ndarray:
    """Grey uint8 [480,640] with a large face, and a small one that near does not see."""
    return draw_frame(640, 480, [LARGE, SMALL], [3, 6], 5)


@pytest.fixture(scope="module")
def lying() -> np.ndarray:
    """Grey uint8 [320,320] with one face that lies on its side, which near does not see."""
    return turned(draw_frame(320, 320, [(100.0, 100.0, 220.0, 220.0)], [REST], 3), 90)


def middles(faces) -> list[tuple[int, int]]:
    """The boxes' centres, to ten pixels, from left to right."""
    return sorted(
        (round((face.box[0] + face.box[2]) / 20), round((face.box[1] + face.box[3]) / 20)) for face in faces
    )


def crop_of(image: np.ndarray, reach: str) -> np.ndarray:
    """What the classifier sees of the one face that the detector finds."""
    (face,) = Detector.load(DETECTOR).detect(image, reach)
    return crop_of_face(image, face)


def crop_of_face(image: np.ndarray, face: Detection) -> np.ndarray:
    """What the classifier sees of a face."""
    place = crop_transform(face.upright_box, face.eyes, Crop(box_width=0.795, box_center=(0.5, 0.527)))
    return sample_grey(image, place, 48, LUMA, 16)


def test_far_finds_more_than_near(near, pair, lying):
    assert middles(near.recognize(pair, reach="near")) == [(14, 19)]
    assert middles(near.recognize(pair, reach="far")) == [(14, 19), (49, 35)]
    assert near.recognize(lying, reach="near") == []
    assert middles(near.recognize(lying, reach="far")) == [(17, 16)]


def test_stills_reach_as_far_as_the_contract_says(near, far, pair):
    assert (near.contract.reach, far.contract.reach) == ("near", "far")
    assert near.recognize(pair) == near.recognize(pair, reach="near") == far.recognize(pair, reach="near")
    assert far.recognize(pair) == far.recognize(pair, reach="far") == near.recognize(pair, reach="far")
    assert (len(near.recognize(pair)), len(far.recognize(pair))) == (1, 2)


def test_frames_are_near_with_a_glance_for_the_others(far, pair):
    """The small face is seen by the glance at the first frame, and held on to in the others."""
    stream = far.stream()
    assert [len(stream.recognize(pair, time=k / 10)) for k in range(4)] == [2, 2, 2, 2]
    assert len(far.stream().recognize(pair, time=0.0, reach="near")) == 1
    far.reset()
    assert len(far.recognize(pair, time=0.0)) == 2


def test_frames_reach_far_where_they_are_asked_to(far, pair):
    stream = far.stream()
    (one,) = stream.recognize(pair, time=0.0, reach="near")
    both = stream.recognize(pair, time=0.1, reach="far")
    assert sorted(face.track for face in both) == [1, 2]
    assert next(face for face in both if face.track == one.track).box == pytest.approx(one.box, abs=3)
    far.reset()
    assert [face.track for face in far.recognize(pair, time=0.0, reach="far")] == [1, 2]


@pytest.mark.parametrize("reach", ["wide", "", "Far", 1, ["far"]])
@pytest.mark.parametrize("cropped", [False, True])
@pytest.mark.parametrize("time", [None, 1.0])
def test_another_reach_is_refused_and_changes_no_track(near, pair, reach, cropped, time):
    near.reset()
    with pytest.raises(InputError) as caught:
        near.recognize(pair, time=time, cropped=cropped, reach=reach)
    assert str(caught.value) == f"reach {reach!r}: near or far is expected"
    assert near.recognize(pair, time=0.0)[0].track == 1


def test_a_neutral_face_is_looked_for_far_where_near_finds_none(near, lying):
    wanted = near.learn_neutral(crop_of(lying, "far"), cropped=True)
    assert near.learn_neutral(lying) == wanted
    assert near.learn_neutral([lying] * 3) == wanted


def test_a_neutral_face_that_near_takes_for_an_upright_one_is_learnt_the_right_way_up(near):
    """Upside down faces look upright to near's network, though less surely."""
    golden = read_json(DETECTOR / "golden.json")
    (picture,) = (pixels(frame) for frame in golden["frames"] if frame["name"] == "upside down")
    detector = Detector.load(DETECTOR)
    faces = [*detector.portrait(picture), *detector.detect(picture)]
    assert [face.turn for face in faces] == [180, 0]
    right, wrong = (near.learn_neutral(crop_of_face(picture, face), cropped=True) for face in faces)
    assert near.learn_neutral(picture) == right != wrong


def test_a_bystander_far_away_is_no_second_face_of_a_neutral_picture(near, pair):
    assert len(near.recognize(pair, reach="far")) == 2
    assert near.learn_neutral(pair) == near.learn_neutral(crop_of(pair, "near"), cropped=True)


def test_several_faces_that_only_far_finds_are_refused_as_neutral(near):
    image = draw_frame(640, 480, [SMALL, (100.0, 100.0, 122.0, 122.0)], [REST, REST], 5)
    with pytest.raises(InputError, match="2 faces where exactly one is expected"):
        near.learn_neutral(image)
    with pytest.raises(InputError, match="frame 2: no face where exactly one is expected"):
        near.learn_neutral([draw_frame(640, 480, [LARGE], [REST], 5), np.full((480, 640), 90, np.uint8)])


def test_a_face_with_fewer_pixels_than_the_network_sees_is_small(near, pair):
    large, small = sorted(near.recognize(pair, reach="far"), key=lambda face: face.box[0])
    assert (large.small, small.small) == (False, True)


@pytest.mark.parametrize(("width", "small"), [(30, True), (38, True), (44, False), (60, False)])
def test_small_is_a_crop_of_less_than_48_pixels(near, width, small):
    """The crop is the box's width / 0.795: 48 pixels from a box of 38.2 on."""
    image = draw_frame(320, 240, [(100.0, 90.0, 100.0 + width, 90.0 + width)], [3], 4)
    (face,) = near.recognize(image, reach="far")
    assert face.small == ((face.box[2] - face.box[0]) / 0.795 < 48) == small


@pytest.mark.parametrize(
    ("height", "width", "small"), [(48, 48, False), (47, 47, True), (30, 48, False), (47, 8, True)]
)
def test_a_cut_out_face_is_small_if_its_longer_side_is(near, height, width, small):
    face = draw_faces(1, 3, 96)[0][0][:height, :width]
    (found,) = near.recognize(face, cropped=True)
    (frame,) = near.stream().recognize(face, time=0.0, cropped=True)
    assert (found.small, frame.small) == (small, small)


def test_the_detector_of_format_1_reaches_as_far_as_its_one_pass(models, pair):
    recognizer = EmotionRecognizer.load(models / "far", BLAZEFACE)
    assert len(recognizer.recognize(pair)) == 1
    assert recognizer.recognize(pair, reach="far") == recognizer.recognize(pair, reach="near")
    with pytest.raises(InputError, match="reach 'wide'"):
        recognizer.recognize(pair, reach="wide")
