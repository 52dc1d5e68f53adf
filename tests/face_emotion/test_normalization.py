"""The stretch of a crop's contrast, to the grey level."""

from __future__ import annotations

import math

import numpy as np
import pytest

from face_emotion.contract import AS_IT_IS, Normalization
from face_emotion.normalization import normalized, range_of

STRETCH = Normalization("stretch")


def by_hand(image: np.ndarray, normalization: Normalization) -> np.ndarray:
    """The definition in whole numbers of Python, pixel by pixel."""
    ranked = sorted(int(grey) for grey in image.ravel())
    rank = len(ranked) * normalization.tail_permille // 1000
    darkest, brightest = ranked[rank], ranked[-1 - rank]
    spread = brightest - darkest
    if spread < normalization.smallest_range:
        return image
    wanted = normalization.high - normalization.low
    result = [
        min(255, max(0, math.floor(normalization.low + ((int(grey) - darkest) * wanted) / spread + 0.5)))
        for grey in image.ravel()
    ]
    return np.array(result, np.uint8).reshape(image.shape)


@pytest.mark.parametrize(
    "normalization",
    [STRETCH, Normalization("stretch", 0, 0, 255, 1), Normalization("stretch", 499, 60, 61, 3)],
    ids=["default", "whole range", "narrow"],
)
def test_every_grey_level_is_the_definitions(normalization: Normalization):
    random = np.random.default_rng(1)
    images = np.stack(
        [
            np.clip(random.normal(mean, deviation, (48, 48)), 0, 255).astype(np.uint8)
            for mean, deviation in ((128, 60), (20, 5), (240, 30), (90, 2), (0, 3), (128, 0))
        ]
    )
    found = normalized(images, normalization)
    assert found.dtype == np.uint8
    for image, result in zip(images, found, strict=True):
        np.testing.assert_array_equal(result, by_hand(image, normalization))


def test_two_levels_go_where_they_are_to_go():
    image = np.full((1, 48, 48), 100, np.uint8)
    image[:, :, 24:] = 110
    assert set(np.unique(normalized(image, STRETCH))) == {12, 242}


def test_the_tails_are_46_of_2304_pixels():
    image = np.full((1, 48, 48), 100, np.uint8)
    image.reshape(-1)[:46] = 0  # 46 dark pixels are below the level that counts
    image.reshape(-1)[-47:] = 200  # the 47th bright one is it
    assert [int(level[0]) for level in range_of(image, 20)] == [100, 200]
    found = normalized(image, STRETCH).reshape(-1)
    assert (found[0], found[100], found[-1]) == (0, 12, 242)


@pytest.mark.parametrize(("spread", "stretched"), [(0, False), (7, False), (8, True)])
def test_a_flat_crop_stays_as_it_is(spread: int, stretched: bool):
    image = np.full((1, 48, 48), 90, np.uint8)
    image[:, 24:] += spread
    assert (normalized(image, STRETCH) != image).any() == stretched


def test_none_is_a_value():
    image = np.random.default_rng(0).integers(40, 80, (3, 48, 48), dtype=np.uint8)
    assert normalized(image, AS_IT_IS) is image
    assert AS_IT_IS.kind == "none"


def test_a_stretched_crop_hardly_changes_when_it_is_stretched_again():
    image = np.random.default_rng(0).integers(40, 80, (3, 48, 48), dtype=np.uint8)
    once = normalized(image, STRETCH)
    assert np.abs(normalized(once, STRETCH).astype(int) - once).max() <= 1


def test_half_the_light_gives_the_same_crop():
    image = (np.random.default_rng(0).integers(0, 100, (3, 48, 48)) * 2).astype(np.uint8)
    difference = normalized(image, STRETCH).astype(int) - normalized(image // 2, STRETCH)
    assert np.abs(difference).max() <= 1


def test_no_images_are_no_images():
    assert normalized(np.empty((0, 48, 48), np.uint8), STRETCH).shape == (0, 48, 48)
