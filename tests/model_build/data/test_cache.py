"""The cache of `load`: used while the files are unchanged, rebuilt when damaged, never fatal."""

from __future__ import annotations

import dataclasses
import os
import resource

import numpy as np
import pytest

from face_emotion.errors import InputError
from model_build.data import loading
from model_build.data.dataset import Dataset
from model_build.data.loading import load
from tests.support.build import write_own_classes
from tests.support.data import write_csv


def quiet(message: str) -> None:
    """Takes a warning and says nothing."""


def no_reading(*_, **__):
    """Stands for `read` where the cache must answer."""
    raise AssertionError("read again")


def test_the_cache_answers_while_the_files_are_unchanged(tiny_csv, tiny_votes_csv, tmp_path, monkeypatch):
    first = load(tiny_csv, tiny_votes_csv, tmp_path / "cache", warn=quiet)
    monkeypatch.setattr(loading, "read", no_reading)
    again = load(tiny_csv, tiny_votes_csv, tmp_path / "cache", warn=quiet)
    for field in dataclasses.fields(Dataset):
        assert np.array_equal(getattr(first, field.name), getattr(again, field.name)), field.name
    for other in (
        lambda: load(tiny_csv, None, tmp_path / "cache", warn=quiet),
        lambda: load(tiny_csv, tiny_votes_csv, None, warn=quiet),
    ):
        with pytest.raises(AssertionError, match="read again"):
            other()
    for path in (tiny_csv, tiny_votes_csv):
        before, content = path.stat(), path.read_bytes()
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
        load(tiny_csv, tiny_votes_csv, tmp_path / "cache", warn=quiet)  # the same content at another time
        path.write_bytes(content[:-2] + b"x" + content[-1:])
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert path.stat().st_size == before.st_size and path.stat().st_mtime_ns == before.st_mtime_ns
        with pytest.raises(AssertionError, match="read again"):
            load(tiny_csv, tiny_votes_csv, tmp_path / "cache", warn=quiet)
        path.write_bytes(content)


def test_a_picture_changed_in_place_within_its_size_and_time_is_read_again(tmp_path, monkeypatch):
    folder = write_own_classes(tmp_path / "faces", train=4, test=2)
    first = load(folder, cache=tmp_path / "cache", warn=quiet)
    picture = sorted((folder / "test").rglob("000.png"))[0]
    other = next(p for p in sorted((folder / "test").rglob("000.png")) if p != picture)
    before = picture.stat()
    content = other.read_bytes()
    size = max(before.st_size, len(content))
    picture.write_bytes(picture.read_bytes().ljust(size, b"\0"))
    os.utime(picture, ns=(before.st_atime_ns, before.st_mtime_ns))
    load(folder, cache=tmp_path / "cache", warn=quiet)
    picture.write_bytes(content.ljust(size, b"\0"))
    os.utime(picture, ns=(before.st_atime_ns, before.st_mtime_ns))
    again = load(folder, cache=tmp_path / "cache", warn=quiet)
    assert (first.images != again.images).any()


def test_a_changed_source_replaces_its_cache_entry(tiny_csv, tmp_path):
    load(tiny_csv, cache=tmp_path / "cache", warn=quiet)
    write_csv(tiny_csv, count=84, seed=5)
    assert len(load(tiny_csv, cache=tmp_path / "cache", warn=quiet)) == 84
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_a_damaged_cache_is_read_afresh(tiny_csv, tmp_path):
    first = load(tiny_csv, cache=tmp_path / "cache", warn=quiet)
    (entry,) = (tmp_path / "cache").iterdir()
    whole = entry.read_bytes()
    damaged = [b"", b"x" * 1000, whole[: len(whole) // 2], whole[:-1]]
    damaged += [
        whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :]
        for place in range(0, len(whole), len(whole) // 40)
    ]
    for content in damaged:
        entry.write_bytes(content)
        again = load(tiny_csv, cache=tmp_path / "cache", warn=quiet)
        assert again.digest == first.digest
        assert np.array_equal(again.images, first.images)


def test_a_cache_that_cannot_be_written_is_a_warning(tiny_csv, tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    said = []
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
        dataset = load(tiny_csv, cache=tmp_path / "cache", warn=said.append)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert len(dataset) == 42
    assert any("the cache cannot be written" in message for message in said)
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_file_where_the_cache_folder_should_be_is_refused(tiny_csv, tmp_path):
    (tmp_path / "cache").write_text("")
    with pytest.raises(InputError, match="a file stands where a folder should be"):
        load(tiny_csv, cache=tmp_path / "cache", warn=quiet)
