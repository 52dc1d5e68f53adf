"""Loading a data set: the sources, the cache, the joined votes and what stands in two splits."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import time

import numpy as np
import pytest

from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from model_build.data import loading
from model_build.data.dataset import SELECTION, TEST, TRAINING, Dataset
from model_build.data.loading import load, read
from tests.support.data import csv_text, tiny_rows, tiny_votes, write_archive, write_folder, write_votes
from tests.support.paths import ROOT

REPOSITORY = ROOT


def quiet(message: str) -> None:
    """Takes a warning and says nothing."""


def test_a_csv_becomes_a_dataset(tiny_csv, tiny_votes_csv):
    images, labels, _ = tiny_rows()
    dataset = load(tiny_csv, tiny_votes_csv, cache=None, warn=quiet)
    assert np.array_equal(dataset.images, images)
    assert np.array_equal(dataset.labels, labels)
    assert np.bincount(dataset.split).tolist() == [28, 7, 7]
    assert dataset.class_names == FER2013_LABELS
    assert dataset.split_names == ("Training", "PublicTest", "PrivateTest")
    assert np.array_equal(dataset.votes, tiny_votes())
    assert dataset.name == "FER2013"


def test_archive_and_csv_are_the_same_dataset(tiny_csv, tmp_path):
    archive = write_archive(tmp_path / "fer2013.tar.gz", {"fer2013/fer2013.csv": tiny_csv.read_bytes()})
    assert load(archive, cache=None, warn=quiet).digest == load(tiny_csv, cache=None, warn=quiet).digest


def test_another_copy_gets_a_warning_each_time_and_no_error(tiny_csv, tmp_path, capsys):
    for _ in range(2):
        load(tiny_csv, cache=tmp_path / "cache")
        error = capsys.readouterr().err
        assert error.startswith("warning: fer2013.csv: not the published FER2013")
        assert error.count("\n") == 1


def test_the_digest_follows_every_part_of_the_content():
    images, labels, _ = tiny_rows()
    split = np.repeat(np.array([0, 1, 2], np.uint8), 14)
    first = Dataset(images, labels, split, FER2013_LABELS, votes=tiny_votes())
    changed = {
        "images": np.where(np.arange(42)[:, None, None] == 41, images ^ np.uint8(1), images),
        "labels": labels[::-1].copy(),
        "split": split[::-1].copy(),
        "votes": None,
        "class_names": FER2013_LABELS[::-1],
    }
    digests = {dataclasses.replace(first, **{key: value}, digest="").digest for key, value in changed.items()}
    assert len(digests | {first.digest}) == 6
    assert dataclasses.replace(first, digest="").digest == first.digest


def test_part_keeps_only_one_split(tiny_csv, tiny_votes_csv):
    dataset = load(tiny_csv, tiny_votes_csv, cache=None, warn=quiet)
    for split, count in ((TRAINING, 28), (SELECTION, 7), (TEST, 7)):
        part = dataset.part(split)
        assert len(part) == count
        assert set(part.split.tolist()) == {split}
        assert np.array_equal(part.images, dataset.images[dataset.split == split])
        assert np.array_equal(part.votes, dataset.votes[dataset.split == split])
        assert part.digest != dataset.digest


def test_leaked_finds_held_out_copies_of_training_images():
    images, labels, _ = tiny_rows()
    split = np.repeat(np.array([0, 1, 2], np.uint8), 14)
    images[20], images[30] = images[3], images[5]  # a Training image in SELECTION and one in TEST
    images[31] = images[21]  # in both held-out splits only
    images[7] = images[8]  # twice in Training only
    images[32] = images[6]
    images[32, 0, 0] ^= 1  # almost a Training image
    assert np.flatnonzero(Dataset(images, labels, split, FER2013_LABELS).leaked()).tolist() == [20, 30]


@pytest.mark.parametrize(
    "wrong",
    [
        {"images": np.zeros((42, 47, 48), np.uint8)},
        {"images": np.zeros((42, 48, 48), np.float32)},
        {"labels": np.zeros(41, np.int64)},
        {"labels": np.full(42, 7)},
        {"labels": np.full(42, -1)},
        {"split": np.zeros(42, np.int64)},
        {"votes": np.zeros((42, 7), np.uint8)},
    ],
)
def test_arrays_that_do_not_fit_are_refused(wrong):
    images, labels, _ = tiny_rows()
    good = {"images": images, "labels": labels, "split": np.zeros(42, np.uint8)}
    with pytest.raises(ValueError, match=r"where|outside"):
        Dataset(**(good | wrong), class_names=FER2013_LABELS)


def test_votes_of_another_length_are_refused(tiny_csv, tmp_path):
    votes = write_votes(tmp_path / "v.csv", tiny_rows()[2][:41], tiny_votes(41))
    with pytest.raises(InputError, match=r"^v\.csv: 41 rows where fer2013\.csv has 42$"):
        load(tiny_csv, votes, cache=None, warn=quiet)


def test_votes_in_another_order_are_refused(tiny_csv, tmp_path):
    votes = write_votes(tmp_path / "v.csv", tiny_rows()[2][::-1], tiny_votes())
    with pytest.raises(
        InputError, match=r"^v\.csv row 1: Usage 'PrivateTest' where fer2013\.csv says 'Training'"
    ):
        load(tiny_csv, votes, cache=None, warn=quiet)


def test_votes_stay_with_their_rows_when_bad_rows_are_left_out(tiny_csv, tiny_votes_csv):
    lines = tiny_csv.read_text().splitlines()
    lines[5] = lines[5].replace(",", ",x ", 1)
    tiny_csv.write_text("\n".join(lines))
    dataset, bad = read(tiny_csv, tiny_votes_csv, keep_going=True, warn=quiet)
    assert [number for number, _ in bad] == [5]
    assert np.array_equal(dataset.votes, np.delete(tiny_votes(), 4, axis=0))
    assert np.array_equal(dataset.images, np.delete(tiny_rows()[0], 4, axis=0))


def test_votes_with_another_source_are_refused(tmp_path, tiny_votes_csv):
    folder = write_folder(tmp_path / "faces", {"a": 3, "b": 3})
    for source in ("synthetic", folder):
        with pytest.raises(InputError, match=r"^--votes "):
            load(source, tiny_votes_csv, cache=None)


@pytest.mark.parametrize("name", ["missing.csv", "missing.tar.gz", "missing", "notes.txt", "fer2013.zip"])
def test_what_is_no_source_is_refused_by_name(tmp_path, name):
    if "missing" not in name:
        (tmp_path / name).write_text("x")
    with pytest.raises(InputError, match=name):
        load(tmp_path / name, cache=tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_a_table_without_a_split_or_a_training_class_is_refused(tmp_path):
    images, labels, usages = tiny_rows()
    path = tmp_path / "fer2013.csv"
    path.write_text(csv_text(images[:28], labels[:28], usages[:28]))
    with pytest.raises(InputError, match=r"no PublicTest row"):
        load(path, cache=None, warn=quiet)
    keep = (labels != 1) | (np.array(usages) != "Training")
    path.write_text(csv_text(images[keep], labels[keep], [usages[row] for row in np.flatnonzero(keep)]))
    with pytest.raises(InputError, match=r"no Training row of class 1 \(disgust\)"):
        load(path, cache=None, warn=quiet)


def test_synthetic_faces_are_a_source(monkeypatch, tmp_path):
    monkeypatch.setattr(loading, "synthetic_dataset", lambda: "faces")
    assert load("synthetic", cache=tmp_path) == "faces"
    assert list(tmp_path.iterdir()) == []


def test_the_real_file_has_the_published_counts(fer2013):
    counts = {
        TRAINING: [3995, 436, 4097, 7215, 4830, 3171, 4965],
        SELECTION: [467, 56, 496, 895, 653, 415, 607],
        TEST: [491, 55, 528, 879, 594, 416, 626],
    }
    for split, expected in counts.items():
        assert np.bincount(fer2013.labels[fer2013.split == split]).tolist() == expected
    leaked = fer2013.leaked()
    assert [int(leaked[fer2013.split == split].sum()) for split in (TRAINING, SELECTION, TEST)] == [
        0,
        280,
        288,
    ]


def test_the_real_archive_is_read_in_25_s_and_half_a_gb_and_its_cache_in_1_s(fer2013_path, tmp_path):
    """The memory is the process's own (VmHWM): ru_maxrss begins with that of the process by which it was started."""
    script = (
        "import re, sys, time; from pathlib import Path; from model_build.data.loading import load; "
        "load(sys.argv[1], cache=sys.argv[2]); "
        "print(time.process_time(), re.search('VmHWM: *(.*) kB', Path('/proc/self/status').read_text())[1])"
    )
    command = [sys.executable, "-c", script, str(fer2013_path), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=REPOSITORY)
    seconds, kilobytes = map(float, done.stdout.split())
    assert done.stderr == ""  # the published md5: no warning
    assert seconds < 25
    assert kilobytes < 500_000
    times = []
    for _ in range(3):
        start = time.monotonic()
        load(fer2013_path, cache=tmp_path, warn=pytest.fail)
        times.append(time.monotonic() - start)
    assert min(times) < 1
