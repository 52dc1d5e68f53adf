"""face_emotion.letterbox: a whole frame, or a part of it, as a detector's square, and the way back."""

from __future__ import annotations

import math

import numpy as np
import pytest

from face_emotion.errors import InputError
from face_emotion.letterbox import (
    Letterbox,
    letterbox,
    part_place,
    sample_letterbox,
    sample_square,
    unletterbox,
)
from tests.support.geometry import bilinear_by_loops, noise


def _square_by_loops(image, size, scale, left, top, n) -> np.ndarray:
    image = np.repeat(image[:, :, None], 3, 2) if image.ndim == 2 else image[:, :, :3]
    height, width = image.shape[:2]
    output = np.empty((size, size, 3))
    for j in range(size):
        for i in range(size):
            total = np.zeros(3)
            for row in range(j * n, j * n + n):
                for column in range(i * n, i * n + n):
                    x, y = ((column + 0.5) / n - left) / scale, ((row + 0.5) / n - top) / scale
                    if 0 <= x < width and 0 <= y < height:
                        total += bilinear_by_loops(image, x, y)
            output[j, i] = total / (n * n)
    return output


def _letterbox_by_loops(image, size) -> np.ndarray:
    height, width = image.shape[:2]
    scale = size / max(width, height)
    left, top = (size - scale * width) / 2, (size - scale * height) / 2
    n = max(1, math.ceil(max(width, height) / size))
    return _square_by_loops(image, size, scale, left, top, n)


def test_letterbox_places_the_image_in_the_middle():
    assert letterbox(640, 480, 128) == Letterbox(0.2, 0, 16, 5)
    assert letterbox(480, 640, 128) == Letterbox(0.2, 16, 0, 5)
    assert letterbox(64, 64, 128) == Letterbox(2, 0, 0, 1)
    with pytest.raises(InputError, match="640 x 0"):
        letterbox(640, 0, 128)


@pytest.mark.parametrize(
    "shape",
    [
        *((30, 41, 3), (41, 30, 4), (37, 20), (5, 9, 3), (1, 1, 3)),
        # Means of whole pixels: those of one picture beside bars above and below or left and right, and of others not.
        *((16, 16, 3), (48, 64, 3), (64, 48), (32, 32, 4), (36, 48, 3), (30, 48, 3), (34, 48, 3)),
    ],
)
def test_letterbox_equals_the_loop_reference(shape):
    image = noise(*shape)
    wanted = _letterbox_by_loops(image, 16)
    output = sample_square(image, 16, letterbox(shape[1], shape[0], 16))
    assert output.shape == (16, 16, 3)
    assert output.dtype == np.float32
    np.testing.assert_allclose(output, wanted, atol=1e-3)
    scaled = sample_letterbox(image, 16)
    assert scaled.dtype == np.float32
    np.testing.assert_allclose(scaled, wanted / 127.5 - 1, atol=1e-5)


@pytest.mark.parametrize(
    ("longer", "left", "top", "place"),
    [
        (41, 0, 0, Letterbox(1.0, 0.0, 0.0, 1)),
        (41, 20, 14, Letterbox(1.0, -20.0, -14.0, 1)),
        (82, 60, 9, Letterbox(2.0, -60.0, -9.0, 1)),
        (20, 4, 9, Letterbox(20 / 41, -4.0, -9.0, 3)),  # reaches below the picture
        (41, 900, 0, Letterbox(1.0, -900.0, 0.0, 1)),  # beside it
        (41, 30, 20, Letterbox(1.0, -30.0, -20.0, 1)),  # reaches below it and beside it
    ],
)
@pytest.mark.parametrize("shape", [(30, 41, 3), (30, 41), (30, 41, 4)])
def test_parts_equal_the_loop_reference(shape, longer, left, top, place):
    image = noise(*shape)
    assert part_place(41, 30, longer, left, top) == place
    wanted = _square_by_loops(image, 16, longer / 41, -left, -top, place.samples)
    np.testing.assert_allclose(sample_square(image, 16, place), wanted, atol=1e-3)


def test_parts_at_full_size_are_the_pictures_own_pixels():
    image = noise(90, 130, 3)
    square = sample_square(image, 32, part_place(130, 90, 130, 70, 25))
    np.testing.assert_array_equal(square, image[25:57, 70:102])


def test_other_images_are_refused():
    with pytest.raises(InputError, match="float32"):
        sample_square(np.zeros((9, 9), np.float32), 16, letterbox(9, 9, 16))


def test_letterbox_is_black_beside_the_image_and_covers_the_range():
    output = sample_letterbox(np.full((480, 640, 3), 255, np.uint8), 128)
    np.testing.assert_allclose(output[16:112], 1, atol=1e-6)
    assert (output[:16] == -1).all()
    assert (output[112:] == -1).all()


def test_a_sample_on_the_left_or_upper_edge_is_in_the_image_one_on_the_right_or_lower_edge_is_black():
    place = letterbox(15, 16, 16)
    assert place == Letterbox(1, 0.5, 0, 1)
    row = sample_square(np.full((16, 15, 3), 255, np.uint8), 16, place)[0, :, 0]
    assert row.tolist() == [255] * 15 + [0]  # samples at 0, 1 … 14 and 15 of 15 pixels
    column = sample_square(np.full((15, 16), 255, np.uint8), 16, letterbox(16, 15, 16))[:, 0, 0]
    assert column.tolist() == [255] * 15 + [0]


@pytest.mark.parametrize("width, height", [(640, 480), (333, 1000), (128, 128), (50, 20)])
def test_unletterbox_inverts_the_letterbox(width, height):
    place = letterbox(width, height, 128)
    source = np.array([[0, 0], [width, height], [width / 3, height / 5]])
    square = source * place.scale + (place.left, place.top)
    np.testing.assert_allclose(unletterbox(square, place), source, atol=1e-9)
    assert unletterbox(np.full((2, 7, 2), 64.0), place)[1, 3] == pytest.approx((width / 2, height / 2))


def test_unletterbox_finds_a_bright_spot_again():
    image = np.zeros((480, 640, 3), np.uint8)
    image[300:310, 400:410] = 255
    square = sample_letterbox(image, 128)[:, :, 0] + 1
    y, x = (np.average(places + 0.5, weights=square) for places in np.mgrid[:128, :128])
    found = unletterbox(np.array([x, y]), letterbox(640, 480, 128))
    np.testing.assert_allclose(found, (405, 305), atol=0.5)
