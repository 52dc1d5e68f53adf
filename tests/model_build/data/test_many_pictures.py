"""Many picture files: decoded by several processes, in order, with the same faces and reasons as by one."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model_build.data import many_pictures
from model_build.data.loading import read
from model_build.data.many_pictures import available_cores, read_faces


def pictures(folder: Path, count: int) -> list[Path]:
    """Writes grey pictures, of which number n has n % 251 for its first level."""
    generator = np.random.default_rng(0)
    paths = []
    for number in range(count):
        pixels = generator.integers(0, 256, (48, 48), dtype=np.uint8)
        pixels[0, 0] = number % 251
        paths.append(folder / f"{number:05d}.png")
        Image.fromarray(pixels).save(paths[-1], compress_level=1)
    return paths


def test_several_processes_say_what_one_says(tmp_path, monkeypatch):
    paths = pictures(tmp_path, 40)
    paths[17].write_bytes(b"")
    alone = list(read_faces(paths))
    monkeypatch.setattr(many_pictures, "FEW", 3)
    monkeypatch.setattr(many_pictures, "CHUNK", 7)
    monkeypatch.setattr(many_pictures, "available_cores", lambda: 2)
    together = list(read_faces(paths))
    assert alone[17] == together[17] == "the file is empty"
    assert [face[0, 0] for face in together if not isinstance(face, str)] == [n for n in range(40) if n != 17]
    for one, other in zip(alone, together, strict=True):
        assert np.array_equal(one, other)


def test_a_file_that_cannot_be_opened_is_named(tmp_path, monkeypatch):
    paths = pictures(tmp_path, 9)
    paths[4].unlink()
    monkeypatch.setattr(many_pictures, "FEW", 3)
    monkeypatch.setattr(many_pictures, "CHUNK", 2)
    monkeypatch.setattr(many_pictures, "available_cores", lambda: 2)
    with pytest.raises(FileNotFoundError) as caught:
        list(read_faces(paths))
    assert caught.value.filename == str(paths[4])


def test_there_is_a_core():
    assert available_cores() >= 1


@pytest.mark.exhaustive
def test_50_000_pictures_are_read_in_15_seconds_on_two_cores(tmp_path):
    for name in ("happy", "sad"):
        (tmp_path / name).mkdir()
        pictures(tmp_path / name, 25_000)
    started = time.perf_counter()
    dataset, bad = read(tmp_path)
    assert time.perf_counter() - started < 15
    assert (len(dataset), bad) == (50_000, ())
