"""Batches of images in shards: each once an epoch, in an order of the seed alone, from several shards at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from model_build.data.dataset import TEST, TRAINING, Dataset
from model_build.data.shards import RECORD, read_shards, write_shards
from model_build.data.stored import StoredImages
from model_build.training import shuffling
from model_build.training.shuffling import from_shards, order_of

COUNT, A_SHARD = 200, 25


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """200 training images, of which number n has n for its levels, in 8 shards, and 20 others."""
    levels = np.arange(COUNT + 20, dtype=np.uint8)
    dataset = Dataset(
        np.repeat(levels, 48 * 48).reshape(-1, 48, 48),
        levels.astype(np.int64) % 7,
        np.repeat(np.array([TRAINING, TEST], np.uint8), [COUNT, 20]),
        FER2013_LABELS,
    )
    path = tmp_path_factory.mktemp("shards") / "levels"
    write_shards(dataset, path, records=A_SHARD)
    return path


@pytest.fixture
def images(folder) -> StoredImages:
    """The training images."""
    found = read_shards(folder).part(TRAINING).images
    assert isinstance(found, StoredImages)
    return found


def shown(images: StoredImages, seed: tuple[int, int] = (0, 0), size: int = 16) -> list[int]:
    """Returns the rows of an epoch in order; fails where a row's pixels are not its own."""
    steps = len(images) // size
    found = []
    for rows, pixels in from_shards(images, np.random.default_rng(seed), size, steps):
        assert pixels.dtype == np.uint8 and pixels.shape == (len(rows), 48, 48)
        assert np.array_equal(pixels, images[rows])
        found += rows.tolist()
    return found


@pytest.mark.parametrize("buffer", [1000, 40], ids=["all wait", "some wait"])
def test_each_image_once_an_epoch(images, buffer, monkeypatch):
    monkeypatch.setattr(shuffling, "BUFFER", buffer)
    assert sorted(shown(images, size=10)) == list(range(COUNT))
    assert len(shown(images, size=16)) == 192 == len(set(shown(images, size=16)))


def test_the_order_is_the_seeds_and_changes_with_the_epoch(images, folder, tmp_path):
    elsewhere = read_shards(shutil.copytree(folder, tmp_path / "moved")).part(TRAINING).images
    first = shown(images, (7, 0))
    assert first == shown(images, (7, 0)) == shown(elsewhere, (7, 0))
    assert first != shown(images, (7, 1)) and first != shown(images, (8, 0))


def test_it_is_shuffled_across_shards(images, monkeypatch):
    monkeypatch.setattr(shuffling, "BUFFER", 40)
    of = np.searchsorted(images.starts, images.places, "right")  # each row's shard
    for epoch in range(3):
        order = shown(images, (0, epoch))
        assert len(set(of[order[:32]])) >= 3
        assert abs(np.corrcoef(order, np.arange(len(order)))[0, 1]) < 0.3


def test_rows_that_were_left_out_are_not_shown(images):
    part = images.take(np.arange(0, COUNT, 3))
    assert sorted(shown(part, size=1)) == list(range(67))


def test_a_shard_that_is_damaged_meanwhile_is_an_error_and_no_shorter_epoch(folder, tmp_path):
    copied = shutil.copytree(folder, tmp_path / "damaged")
    images = read_shards(copied).part(TRAINING).images
    path = copied / "train-00003-of-00008.tfrecord"
    content = bytearray(path.read_bytes())
    content[5 * RECORD.itemsize + 500] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(InputError, match=r"damaged: a shard cannot be read to its end \(corrupted record"):
        list(from_shards(images, np.random.default_rng(0), 16, 12))


def test_a_plan_says_that_its_images_are_in_shards(images):
    assert order_of(images[:]) == {}
    (said,) = order_of(images).values()
    assert said.startswith("9 shards, ")
