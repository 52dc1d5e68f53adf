"""Where the parts of a picture lie in the squares of the far search."""

from __future__ import annotations

import dataclasses
import itertools

import pytest

from face_emotion.files import read_json
from face_emotion.letterbox import Letterbox
from face_emotion.parts import parts
from face_emotion.yunet import YuNetSettings
from tests.support.runtime import DETECTOR

GOLDEN = read_json(DETECTOR / "golden.json")
SETTINGS = YuNetSettings.from_dict(read_json(DETECTOR / "manifest.json")["detector"], "manifest.json")


@pytest.mark.parametrize("entry", GOLDEN["parts"], ids=lambda entry: f"{entry['width']}x{entry['height']}")
def test_golden_parts(entry):
    places = parts(entry["width"], entry["height"], SETTINGS)
    assert [dataclasses.astuple(place) for place in places] == [tuple(place) for place in entry["parts"]]


def test_parts_of_a_picture_at_full_size():
    places = parts(1280, 720, SETTINGS)
    assert places == [
        Letterbox(1.0, -left, -top, 1) for top in (0, 80) for left in (0, 320, 640)
    ]  # 640 pixels each, 480 apart at most, row by row


def test_small_pictures_are_enlarged_at_most_twice():
    assert parts(640, 480, SETTINGS)[0] == Letterbox(2.0, 0, 0, 1)  # 1280 x 960
    assert parts(1000, 500, SETTINGS)[0].scale == 1.28
    assert parts(500, 250, SETTINGS) == [Letterbox(2.0, -left, 0, 1) for left in (0, 360)]


@pytest.mark.parametrize(
    ("width", "height", "count"), [(399, 300, 0), (400, 300, 2), (300, 400, 2), (8, 8, 0)]
)
def test_below_800_pixels_the_whole_shows_as_much_as_parts(width, height, count):
    assert len(parts(width, height, SETTINGS)) == count


@pytest.mark.parametrize(
    ("width", "height", "count"),
    [(8000, 6000, 63), (30_000, 40, 63), (40, 30_000, 63), (4032, 3024, 54), (100_000, 100_000, 64)],
)
def test_parts_are_at_most_64_and_leave_no_gap(width, height, count):
    places = parts(width, height, SETTINGS)
    assert len(places) == count
    scale = places[0].scale
    for length, begins in (
        (width * scale, sorted({-place.left for place in places})),
        (height * scale, sorted({-place.top for place in places})),
    ):
        assert begins[0] == 0
        assert begins[-1] + 640 >= length - 1
        assert all(second - first <= 480 for first, second in itertools.pairwise(begins))
