"""Images on the disk: read like an array's rows, taken without being read, told apart by keys."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from model_build.data.dataset import TEST, TRAINING, Dataset
from model_build.data.stored import ImageFile, Spool, StoredImages, blocks, joined, key_of, keys_of, taken

COUNT = 20
IMAGES = np.random.default_rng(1).integers(0, 256, (COUNT, 48, 48), dtype=np.uint8)


@pytest.fixture
def stored(tmp_path: Path) -> StoredImages:
    """IMAGES in two files, with 5 bytes before each and 7 before the first, the rows in another order."""
    order = np.random.default_rng(2).permutation(COUNT)
    files = []
    for name, part in (("a", order[:12]), ("b", order[12:])):
        content = b"head..." + b"".join(b"-----" + IMAGES[row].tobytes() for row in part)
        (tmp_path / name).write_bytes(content)
        files.append(ImageFile(tmp_path / name, 12, 2309, len(part)))
    return StoredImages(tuple(files), np.argsort(order))


@pytest.mark.parametrize(
    "rows",
    [slice(None), slice(3, 9), slice(None, None, -2), np.array([5, 5, 0, 19]), np.array([], np.int64)],
    ids=["all", "some", "backwards", "twice", "none"],
)
def test_rows_are_an_arrays_rows(stored, rows):
    assert stored.shape == (20, 48, 48)
    assert np.array_equal(stored[rows], IMAGES[rows])
    assert np.array_equal(stored.take(rows)[:], IMAGES[rows])


def test_masks_single_rows_and_iteration(stored):
    mask = np.arange(COUNT) % 3 == 1
    assert np.array_equal(stored[mask], IMAGES[mask])
    assert np.array_equal(stored[4], IMAGES[4]) and np.array_equal(stored[-1], IMAGES[-1])
    assert np.array_equal(np.stack(list(stored)), IMAGES)
    assert [len(block) for block in blocks(stored, 8)] == [8, 8, 4]


def test_taking_rows_reads_nothing(stored):
    for file in stored.files:
        file.path.unlink()
    part = taken(stored, np.array([1, 2]))
    assert len(part) == 2
    with pytest.raises(FileNotFoundError):
        part[:]


def test_a_file_that_became_shorter_is_named(stored):
    path = stored.files[1].path
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError, match=r"/b: shorter than it was; it must not change while it is read$"):
        stored[:]


def test_several_are_one(stored, tmp_path):
    spool = Spool(tmp_path)
    both = joined([stored.take(slice(0, 7)), spool(IMAGES[:3]), spool(IMAGES[5:6])])
    assert np.array_equal(both[:], np.concatenate([IMAGES[:7], IMAGES[:3], IMAGES[5:6]]))
    with pytest.raises(
        InputError, match=r"^--data: a folder of shards goes with other folders of shards only"
    ):
        joined([stored, IMAGES])


def test_keys_are_alike_for_alike_images_only(stored):
    blank = np.zeros((48, 48), np.uint8)
    assert key_of(blank) == 0x1F3870023622CF8B
    assert np.array_equal(keys_of(stored), keys_of(IMAGES))
    other = IMAGES.copy()
    other[3, 47, 47] ^= 1
    assert np.flatnonzero(keys_of(other) != keys_of(IMAGES)).tolist() == [3]


def test_leaked_takes_bytes_an_image_and_not_the_images_again():
    count = 4000
    images = np.random.default_rng(0).integers(0, 256, (count, 48, 48), dtype=np.uint8)
    split = np.repeat(np.array([TRAINING, TEST], np.uint8), count // 2)
    images[3000] = images[7]
    images[3001] = images[3002]  # twice in TEST: no leak
    dataset = Dataset(images, np.arange(count) % 7, split, FER2013_LABELS)
    tracemalloc.start()
    leaked = dataset.leaked()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert np.flatnonzero(leaked).tolist() == [3000]
    assert peak < 100 * count  # whole images took 2,400 bytes each
