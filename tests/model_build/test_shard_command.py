"""`python -m model_build shard`, and a whole build from what it writes."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

import model_build.__main__ as build_main
from model_build import pipeline
from model_build.data.shards import INDEX, read_shards, write_shards
from model_build.evaluation.verification import verify
from tests.support.build import faces_dataset, tiny_plan
from tests.support.data import tiny_rows, tiny_votes, write_csv, write_folder, write_votes


@pytest.fixture
def command(tmp_path, monkeypatch, capfd):
    """Runs a command line in an empty folder: status, stdout, lines of stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*words: object) -> tuple[int, str, list[str]]:
        monkeypatch.setattr(sys, "argv", ["model_build", *map(str, words)])
        try:
            status = build_main.main([str(word) for word in words])
        except SystemExit as exit_:
            status = exit_.code
        output, errors = capfd.readouterr()
        return status, output, errors.splitlines()

    return run


def test_a_folder_of_shards_is_a_form_of_data(command):
    write_csv(Path("fer2013.csv"), 84)
    write_votes(Path("votes.csv"), tiny_rows(84)[2], tiny_votes(84))
    words = ("shard", "--data", "fer2013.csv", "--votes", "votes.csv", "--out", "build/fer", "--records", 30)
    status, output, errors = command(*words)
    assert (status, output) == (0, "build/fer: 84 pictures in 4 shards\n")
    assert [line[:50] for line in errors] == ["warning: fer2013.csv: not the published FER2013 (m"]
    assert command(*words)[:2] == (0, "build/fer: unchanged (84 pictures in 4 shards)\n")
    status, output, errors = command(*words[:-1], 31)
    assert (status, output) == (2, "") and errors[-1] == (
        "error: build/fer: holds other shards (FER2013); give another --out, or remove it"
    )
    assert sorted(path.name for path in Path("build").iterdir()) == ["fer"]  # and nothing temporary
    of_table = command("audit", "--data", "fer2013.csv", "--votes", "votes.csv")
    assert of_table[0] == 0
    assert command("audit", "--data", "build/fer") == (0, of_table[1], [])


def test_pictures_in_folders_become_shards_with_their_drawn_split(command):
    write_folder(Path("faces"), {"happy": 20, "sad": 30})
    status, output, _ = command("shard", "--data", "mine=faces", "--classes", "joy=happy", "--out", "shards")
    assert status == 0 and output.splitlines()[-1] == "shards: 50 pictures in 3 shards"
    found = read_shards(Path("shards"))
    assert (found.name, found.class_names) == ("mine", ("joy", "sad"))
    assert [len(found.part(split)) for split in range(3)] == [40, 5, 5]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--records", "0"), "argument --records: '0': a whole number from 16 to 10,000,000 is expected"),
        (("--split", "50/50"), "--split 50/50: three percentages that make 100 are expected"),
        (("--out", "faces"), "faces: is there already; give another --out, or remove it"),
    ],
    ids=["records", "split", "out"],
)
def test_what_cannot_be_done_is_one_line(command, words, said):
    write_folder(Path("faces"), {"happy": 20, "sad": 30})
    status, output, errors = command("shard", "--data", "faces", "--out", "shards", *words)
    assert (status, output, len(errors)) == (2, "", 1)
    assert errors[0].startswith(f"error: {said}")
    assert [path.name for path in Path().iterdir()] == ["faces"]


def test_a_damaged_shard_ends_a_training_before_it_begins(command):
    write_folder(Path("faces"), {"happy": 20, "sad": 30})
    assert command("shard", "--data", "faces", "--out", "shards")[0] == 0
    path = Path("shards/train-00000-of-00001.tfrecord")
    path.write_bytes(path.read_bytes()[:-4] + b"\0\0\0\0")
    status, _, errors = command("train", "--data", "shards", "--out", "build/mine")
    assert (status, errors) == (
        2,
        [f"error: {path}: damaged: not what {INDEX} says; write the folder anew"],
    )
    assert not Path("build/mine").exists()


def test_every_stage_of_a_build_takes_shards(tmp_path, monkeypatch):
    # The comparison of the two converters sees no data and takes its time.
    monkeypatch.setattr(pipeline.tfjs_stock, "installed", lambda: False)
    write_shards(faces_dataset(), tmp_path / "shards", records=100)
    dataset = read_shards(tmp_path / "shards")
    assert pipeline.build(tiny_plan(dataset), tmp_path / "tiny") == []
    shutil.rmtree(tmp_path / "shards")
    # Its figures are those of the data set that was written: they are measured again from memory.
    assert verify(tmp_path / "tiny", faces_dataset()) == []
