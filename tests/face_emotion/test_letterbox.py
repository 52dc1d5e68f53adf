"""face_emotion.letterbox: a whole frame as the detector's square, and the way back."""

from __future__ import annotations

import math

import numpy as np
import pytest

from face_emotion.errors import InputError
from face_emotion.letterbox import (
    Letterbox,
    letterbox,
    sample_letterbox,
    unletterbox,
)
from tests.support.geometry import bilinear_by_loops, noise


def _letterbox_by_loops(image, size) -> np.ndarray:
    image = np.repeat(image[:, :, None], 3, 2) if image.ndim == 2 else image[:, :, :3]
    height, width = image.shape[:2]
    scale = size / max(width, height)
    left, top = (size - scale * width) / 2, (size - scale * height) / 2
    n = max(1, math.ceil(max(width, height) / size))
    output = np.empty((size, size, 3))
    for j in range(size):
        for i in range(size):
            total = np.zeros(3)
            for row in range(j * n, j * n + n):
                for column in range(i * n, i * n + n):
                    x, y = ((column + 0.5) / n - left) / scale, ((row + 0.5) / n - top) / scale
                    if 0 <= x < width and 0 <= y < height:
                        total += bilinear_by_loops(image, x, y)
            output[j, i] = total / (n * n) / 127.5 - 1
    return output


def test_letterbox_places_the_image_in_the_middle():
    assert letterbox(640, 480, 128) == Letterbox(0.2, 0, 16)
    assert letterbox(480, 640, 128) == Letterbox(0.2, 16, 0)
    assert letterbox(64, 64, 128) == Letterbox(2, 0, 0)
    with pytest.raises(InputError, match="640 x 0"):
        letterbox(640, 0, 128)


@pytest.mark.parametrize("shape", [(30, 41, 3), (41, 30, 4), (37, 20), (5, 9, 3), (1, 1, 3), (16, 16, 3)])
def test_letterbox_equals_the_loop_reference(shape):
    image = noise(*shape)
    output = sample_letterbox(image, 16)
    assert output.shape == (16, 16, 3)
    assert output.dtype == np.float32
    np.testing.assert_allclose(output, _letterbox_by_loops(image, 16), atol=1e-5)


def test_letterbox_is_black_beside_the_image_and_covers_the_range():
    output = sample_letterbox(np.full((480, 640, 3), 255, np.uint8), 128)
    np.testing.assert_allclose(output[16:112], 1, atol=1e-6)
    assert (output[:16] == -1).all()
    assert (output[112:] == -1).all()


@pytest.mark.parametrize("width, height", [(640, 480), (333, 1000), (128, 128), (50, 20)])
def test_unletterbox_inverts_the_letterbox(width, height):
    place = letterbox(width, height, 128)
    source = np.array([[0, 0], [width, height], [width / 3, height / 5]])
    detector = (source * place.scale + (place.left, place.top)) / 128
    np.testing.assert_allclose(unletterbox(detector, place, 128), source, atol=1e-9)
    assert unletterbox(np.full((2, 7, 2), 0.5), place, 128)[1, 3] == pytest.approx((width / 2, height / 2))


def test_unletterbox_finds_a_bright_spot_again():
    image = np.zeros((480, 640, 3), np.uint8)
    image[300:310, 400:410] = 255
    square = sample_letterbox(image, 128)[:, :, 0] + 1
    y, x = np.average(np.mgrid[:128, :128] + 0.5, axis=(1, 2), weights=np.broadcast_to(square, (128, 128)))
    found = unletterbox(np.array([x, y]) / 128, letterbox(640, 480, 128), 128)
    np.testing.assert_allclose(found, (405, 305), atol=0.5)
