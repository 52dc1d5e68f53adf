"""The golden pictures: the script makes the files that stand in models/, and their pixels are no decoder's."""

from __future__ import annotations

import numpy as np
import pytest

from converters.__main__ import main
from converters.golden_decoding import FOLDER, NAME, golden_decoding, write
from converters.golden_decoding_cases import goldens
from converters.golden_decoding_pattern import colours, turned
from face_emotion.files import read_json
from face_emotion.pictures import decode_pixels


def test_the_script_makes_the_json():
    assert golden_decoding(goldens()) == read_json(FOLDER / NAME)


def test_the_script_makes_the_files():
    """Their pixels are the same: another Pillow may compress them in other bytes."""
    files = goldens()
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(
        [NAME, *(golden.file for golden in files)]
    )
    for golden in files:
        content = (FOLDER / golden.file).read_bytes()
        if golden.picture is None:
            assert content == golden.content
        elif content != golden.content:
            found = decode_pixels(content).astype(int)
            assert np.abs(found - decode_pixels(golden.content)).max() <= golden.tolerance, golden.file


def test_the_command_writes_them(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "models" / FOLDER.name
    monkeypatch.setattr("converters.golden_decoding.write", lambda: write(folder))
    assert main(["decoding"]) == 0
    assert capsys.readouterr().out == f"models/{FOLDER.name}/{NAME}\n"
    assert len(list(folder.iterdir())) == len(goldens()) + 1


def test_they_are_small():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 100_000


def test_no_turn_gives_the_pattern_itself():
    for orientation in range(2, 9):
        stored = turned(colours(), orientation)
        assert stored.shape != colours().shape or not np.array_equal(stored, colours())
    with pytest.raises(KeyError):
        turned(colours(), 9)
