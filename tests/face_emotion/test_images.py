"""Every kind of thing that `recognize` takes as an image, and what it says of other things."""

from __future__ import annotations

import io
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from face_emotion import EmotionRecognizer
from face_emotion.errors import InputError
from model_build.synthetic.scenes import draw_frame

BOX = (110.0, 60.0, 210.0, 160.0)


@pytest.fixture(scope="module")
def recognizer():
    """The packaged one."""
    return EmotionRecognizer.load()


@pytest.fixture(scope="module")
def frame():
    """Grey uint8 [240,320] with one drawn face."""
    return draw_frame(320, 240, [BOX], [3], 4)


@pytest.fixture(scope="module")
def content(frame):
    """It as a PNG file's bytes."""
    stream = io.BytesIO()
    Image.fromarray(frame).save(stream, "PNG")
    return stream.getvalue()


def test_files_in_memory_and_open_files(recognizer, frame, content, tmp_path):
    (tmp_path / "a.png").write_bytes(content)
    wanted = recognizer.recognize(frame)
    assert len(wanted) == 1
    for image in (content, bytearray(content), memoryview(content), io.BytesIO(content)):
        assert recognizer.recognize(image) == wanted
    with open(tmp_path / "a.png", "rb") as stream:
        assert recognizer.recognize(stream) == wanted
        assert not stream.closed
    assert recognizer.recognize(str(tmp_path / "a.png").encode().decode()) == wanted


def test_arrays_of_other_classes_mean_what_they_show(recognizer, frame):
    wanted = recognizer.recognize(frame)
    assert recognizer.recognize(np.asmatrix(frame)) == wanted
    assert recognizer.recognize(np.ma.array(frame)) == wanted
    assert recognizer.recognize(np.asfortranarray(frame)) == wanted
    assert recognizer.recognize(np.repeat(frame, 2, 1)[:, ::2]) == wanted
    read_only = frame.copy()
    read_only.flags.writeable = False
    assert recognizer.recognize(read_only) == wanted


@pytest.mark.parametrize(
    ("image", "message"),
    [
        ("", "image '': an empty path"),
        (b"", "bytes: there are no bytes in it"),
        (b"nonsense", "bytes: not an image"),
        (io.StringIO("text"), "open for text"),
        (np.ma.array(np.zeros((48, 48), np.uint8), mask=True), r"masked array.*image\.filled\(0\)"),
        (np.zeros((48, 48), bool), "type bool: uint8"),
        (np.zeros((48, 48), np.int64), "type int64: uint8"),
        (np.zeros((48, 48, 1), np.uint8), r"\[48, 48, 1\]: 3 \(RGB\) or 4"),
        (np.zeros((2, 48, 48, 3), np.uint8), r"\[2, 48, 48, 3\].*; one picture at a time: images\[0\]$"),
        (
            np.zeros((3, 48, 60), np.uint8),
            r"\[3, 48, 60\].*come first here \(\[C,H,W\]\): image\.transpose\(1, 2, 0\)$",
        ),
        (np.array(None), r"shape \[\]"),
        (7, "type int"),
        ({}, "type dict"),
        ("a\0b.png", "embedded null"),
    ],
)
def test_what_is_no_image_gets_one_line(recognizer, image, message):
    with pytest.raises(InputError, match=message) as caught:
        recognizer.recognize(image)
    assert "\n" not in str(caught.value)


def test_a_closed_file_says_so(recognizer, content, tmp_path):
    (tmp_path / "a.png").write_bytes(content)
    with open(tmp_path / "a.png", "rb") as stream:
        pass
    with pytest.raises(InputError, match=r"a\.png: .*closed file"):
        recognizer.recognize(stream)


@pytest.mark.parametrize("time", [np.float32(1), np.float64(1), np.int64(1), 1, Fraction(1)])
def test_times_of_every_kind_of_number(recognizer, frame, time):
    stream = recognizer.stream()
    assert stream.recognize(frame, time=time)[0].track == 1
    assert stream.recognize(frame, time=time + 1 / 4)[0].track == 1


@pytest.mark.parametrize(
    "time", [float("nan"), float("inf"), np.float32("nan"), "1", True, 1j, [1], np.zeros(2)]
)
def test_what_is_no_time_changes_nothing(recognizer, frame, time):
    stream = recognizer.stream()
    stream.recognize(frame, time=1.0)
    with pytest.raises(InputError, match="a finite number of seconds is expected") as caught:
        stream.recognize(frame, time=time)
    assert "\n" not in str(caught.value)
    assert stream.recognize(frame, time=1.1)[0].track == 1


def test_frames_that_change_their_size(recognizer, frame):
    stream = recognizer.stream()
    doubled = frame.repeat(2, 0).repeat(2, 1)
    sizes = (frame, doubled[:300], frame[:200, :260], doubled)
    found = [stream.recognize(image, time=step / 10) for step, image in enumerate(sizes)]
    assert [len(faces) for faces in found] == [1, 1, 1, 1]


def test_pictures_of_one_colour_and_of_extreme_shapes(recognizer):
    for shape in ((8, 8), (8, 20_000), (20_000, 8, 3), (300, 20_000, 3)):
        assert recognizer.recognize(np.full(shape, 128, np.uint8)) == []


def test_key_points_and_eyes(recognizer, frame):
    (face,) = recognizer.recognize(frame)
    mouth = {"right_mouth_corner", "left_mouth_corner"}
    assert set(face.keypoints) == {"right_eye", "left_eye", "nose_tip"} | mouth
    left, right = face.eyes
    assert face.keypoints["right_eye"] == left  # the person's right is on the image's left
    for x, y in (left, right):
        assert BOX[0] < x < BOX[2] and BOX[1] < y < BOX[3]
    (cut,) = recognizer.recognize(frame[60:160, 110:210], cropped=True)
    assert (cut.keypoints, cut.eyes) == ({}, None)
