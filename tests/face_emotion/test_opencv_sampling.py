"""Sampling by OpenCV: taken where it is exact, not taken where it rounds or is not there."""

from __future__ import annotations

import subprocess
import sys

import cv2
import numpy as np
import pytest

from face_emotion import opencv_sampling
from face_emotion.geometry import Transform, sample_grey
from tests.support.geometry import noise

LUMA = (0.299, 0.587, 0.114)


@pytest.fixture
def fresh():
    """No answer of before."""
    opencv_sampling.opencv_sampler.cache_clear()
    yield
    opencv_sampling.opencv_sampler.cache_clear()


def test_one_that_rounds_places_to_a_32nd_of_a_pixel_is_not_taken(fresh, monkeypatch):
    warp = cv2.warpAffine

    def rounding(grey, matrix, size, **flags):
        return warp(grey, np.floor(matrix * 32 + 0.5) / 32, size, **flags)

    monkeypatch.setattr(cv2, "warpAffine", rounding)
    assert opencv_sampling.opencv_sampler() is None


def test_without_opencv_pictures_are_read_all_the_same():
    script = (
        "import sys; sys.modules['cv2'] = None\n"
        "import numpy as np\n"
        "from face_emotion.geometry import Transform, sample_grey\n"
        "image = np.arange(64, dtype=np.uint8).reshape(8, 8)\n"
        "print(sample_grey(image, Transform(4, 4, 8, 0), 4, (0.299, 0.587, 0.114), 4).tolist())\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[[5, 7, 9, 11], [21, 23, 25, 27], [37, 39, 41, 43], [53, 55, 57, 59]]"


def test_a_picture_that_is_longer_than_opencv_can_address_is_read_without_it():
    image = noise(24, 40_000)
    part = np.ascontiguousarray(image[:, 39_000:])
    far, near = Transform(39_900.5, 12, 20, 0.3), Transform(900.5, 12, 20, 0.3)
    np.testing.assert_array_equal(sample_grey(image, far, 16, LUMA, 3), sample_grey(part, near, 16, LUMA, 3))
