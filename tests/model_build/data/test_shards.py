"""Folders of shards: the same data set as the one that they were written from, or one line that names the file."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from face_emotion.errors import InputError
from model_build.data import shards
from model_build.data.dataset import SELECTION, TRAINING, Dataset
from model_build.data.form import Form
from model_build.data.loading import SHARDS, kind_of, load, read
from model_build.data.mixing import mix, parse_classes
from model_build.data.shards import CONTENT, INDEX, read_shards, spool_for, write_shards
from model_build.data.sources import Source, load_sources
from model_build.data.stored import Spool, StoredImages
from tests.support.data import tiny_rows, tiny_votes, write_csv, write_folder, write_votes

TRAINED = [
    "training-00000-of-00003.tfrecord",
    "training-00001-of-00003.tfrecord",
    "training-00002-of-00003.tfrecord",
]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small fer2013.csv and the votes that belong to it: 58 training rows, 14 and 12 others."""
    folder = tmp_path_factory.mktemp("table")
    return write_csv(folder / "fer2013.csv", 84), write_votes(
        folder / "votes.csv", tiny_rows(84)[2], tiny_votes(84)
    )


@pytest.fixture(scope="module")
def source(table) -> Dataset:
    """The table and its votes in memory."""
    return load(*table, cache=None, warn=lambda line: None)


@pytest.fixture(scope="module")
def written(source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data set in shards of 20 records at most: never write into it."""
    folder = tmp_path_factory.mktemp("shards") / "fer"
    assert write_shards(source, folder, records=20)
    return folder


@pytest.fixture
def own(written, tmp_path) -> Path:
    """A copy of the shards for a test to damage."""
    return shutil.copytree(written, tmp_path / "own")


def assert_same(found: Dataset, wanted: Dataset) -> None:
    """Compares all that a data set is."""
    assert np.array_equal(found.images[:], wanted.images[:])
    for field in dataclasses.fields(Dataset):
        if field.name != "images":
            assert np.array_equal(getattr(found, field.name), getattr(wanted, field.name)), field.name


def test_the_folder_is_the_data_set_that_it_was_written_from(source, written):
    found = load(written)
    assert kind_of(written) == SHARDS and isinstance(found.images, StoredImages)
    assert_same(found, source)
    assert dataclasses.replace(found, digest="").digest == source.digest  # of what was read, not of the index
    assert np.array_equal(found.keys, source.keys)
    assert_same(
        dataclasses.replace(found.part(SELECTION), digest="-"),
        dataclasses.replace(source.part(SELECTION), digest="-"),
    )


def test_the_index_says_what_is_in_it(written):
    index = json.loads((written / INDEX).read_text())
    assert [shard["file"] for shard in index["shards"] if shard["split"] == TRAINING] == TRAINED
    assert [shard["records"] for shard in index["shards"]] == [19, 19, 18, 14, 14]
    assert index["counts"]["Training"] == dict.fromkeys(index["class_names"], 8)
    assert index["counts"]["PrivateTest"] == dict.fromkeys(index["class_names"], 2)
    assert index["votes"] is True and index["name"] == "FER2013"
    assert sorted(path.name for path in written.iterdir()) == sorted(
        [INDEX, *(shard["file"] for shard in index["shards"])]
    )


def test_any_reader_of_tfrecords_reads_them_and_finds_each_row_once(written, source):
    tf = shards.tensorflow()
    records = [
        np.frombuffer(record, CONTENT)[0]
        for name in TRAINED
        for record in tf.data.TFRecordDataset(str(written / name)).as_numpy_iterator()
    ]
    rows = [int(record["row"]) for record in records]
    assert sorted(rows) == np.flatnonzero(source.split == TRAINING).tolist()
    assert np.abs(np.diff(rows)).mean() > 10  # dealt out at random, not as they stood
    for row, record in zip(rows, records, strict=True):
        assert (record["label"], record["key"]) == (source.labels[row], source.keys[row])
        assert np.array_equal(record["pixels"], source.images[row])
        assert np.array_equal(record["votes"], source.votes[row])


def test_what_is_there_already_stays(source, own):
    before = {path.name: path.stat().st_mtime_ns for path in own.iterdir()}
    assert write_shards(source, own, records=20) is False
    with pytest.raises(
        InputError, match=r"own: holds other shards \(FER2013\); give another --out, or remove"
    ):
        write_shards(source, own, records=30)
    assert before == {path.name: path.stat().st_mtime_ns for path in own.iterdir()}
    (own.parent / "full").mkdir()
    with (
        pytest.raises(InputError, match=r"full: is there already; give another --out, or remove it"),
        spool_for(own.parent / "full"),
    ):
        pass


def test_a_writing_that_fails_leaves_nothing(source, tmp_path, monkeypatch):
    written = []

    def fails(path, dataset, rows):
        if written:
            raise OSError(28, "No space left on device", str(path))
        written.append(path)
        path.write_bytes(b"half")

    monkeypatch.setattr(shards, "_write", fails)
    with pytest.raises(OSError, match="No space left"), spool_for(tmp_path / "out") as spool:
        write_shards(dataclasses.replace(source, images=spool(source.images)), tmp_path / "out", records=20)
    assert written and list(tmp_path.iterdir()) == []


def test_what_a_killed_writer_left_is_removed_and_a_running_ones_stays(tmp_path):
    gone, runs, other = (
        tmp_path / name
        for name in (".out.4194305.partial", f".out.{os.getpid()}.partial", ".outer.4194305.partial")
    )
    for folder in (gone, runs, other):
        folder.mkdir()
    with spool_for(tmp_path / "out"):
        assert not gone.exists() and runs.exists() and other.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([runs.name, other.name])


def flip(path: Path) -> None:
    """Changes one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


DAMAGES = {
    "a bit": (lambda own: flip(own / TRAINED[1]), f"{TRAINED[1]}: damaged: not what {INDEX} says"),
    "its end": (
        lambda own: (own / TRAINED[2]).write_bytes((own / TRAINED[2]).read_bytes()[:-1]),
        f"{TRAINED[2]}: damaged",
    ),
    "a shard": (lambda own: (own / TRAINED[0]).unlink(), f"{TRAINED[0]}: missing, which {INDEX} names"),
    "the index": (lambda own: (own / INDEX).unlink(), f"own: shards without {INDEX}: not whole"),
    "a name": (
        lambda own: (own / INDEX).write_text((own / INDEX).read_text().replace('"happy"', '"joyful"')),
        f"{INDEX}: changed since it was written",
    ),
    "another form": (lambda own: (own / INDEX).write_text('{"format": 2}'), f"{INDEX}: not an index that"),
    "no json": (lambda own: (own / INDEX).write_text("{"), f"{INDEX}: not valid JSON"),
}


@pytest.mark.parametrize("what", DAMAGES)
def test_damage_is_named(own, what):
    damage, said = DAMAGES[what]
    damage(own)
    with pytest.raises(InputError) as caught:
        load(own)
    assert said in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("votes", "form", "said"),
    [
        ("votes.csv", Form(), "--votes votes.csv: "),
        (None, Form(split="80/10/10"), "--split 80/10/10: "),
        (None, Form(labels="=happy"), "--labels =happy: "),
    ],
    ids=["votes", "split", "labels"],
)
def test_what_says_how_a_set_is_read_is_refused(written, votes, form, said):
    with pytest.raises(InputError, match=f"^{said}.*is a folder of shards"):
        load(written, votes, form=form)


def test_several_folders_of_shards_are_mixed_as_their_sources_are(source, written, tmp_path):
    other = load(write_csv(tmp_path / "other.csv", 42, seed=3), cache=None, warn=lambda line: None)
    write_shards(other, tmp_path / "other", records=20)
    classes = parse_classes(["=disgust", "joy=happy"])
    votes_aside = dataclasses.replace(source, votes=None, digest="")
    write_shards(votes_aside, tmp_path / "first", records=20)
    wanted = mix([("first", votes_aside), ("other", other)], classes)
    sets = tuple(Source(name, str(tmp_path / name), Form()) for name in ("first", "other"))
    found = load_sources(sets, None, classes, note=lambda line: None)
    assert isinstance(found.images, StoredImages)
    assert_same(found, wanted)
    assert np.array_equal(found.leaked(), wanted.leaked())
    with pytest.raises(InputError, match="goes with other folders of shards only"):
        mix([("first", load(tmp_path / "first")), ("other", other)], classes)


def test_a_mixed_set_keeps_its_parts_in_shards(source, tmp_path):
    mixed = mix([("one", source), ("two", source)], parse_classes([]))
    write_shards(mixed, tmp_path / "mixed")
    assert_same(read_shards(tmp_path / "mixed"), mixed)


def test_readers_yield_what_they_hold_in_memory_otherwise(table, source, tmp_path):
    (tmp_path / "spool").mkdir()
    spool = Spool(tmp_path / "spool")
    found, _ = read(*table, warn=lambda line: None, keep=spool)
    assert_same(found, source)
    write_folder(tmp_path / "faces", {"happy": 12, "sad": 15})
    (tmp_path / "faces/sad/007.png").write_bytes(b"no picture")
    faces = [read(tmp_path / "faces", keep_going=True, **keep) for keep in ({}, {"keep": spool})]
    assert_same(faces[1][0], faces[0][0])
    assert faces[0][1] == faces[1][1] == (("sad/007.png", "not an image that can be read"),)
    assert [path.name for path in sorted((tmp_path / "spool").iterdir())] == ["0.pixels", "1.pixels"]
