"""`--data A --data B`: names, a form for each, votes that go with one, and what is refused."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pytest

from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from model_build.build_plan import _without_folder
from model_build.data.sources import add_sources, load_from_flags, sources_of
from tests.support.data import (
    counts_of,
    tiny_rows,
    tiny_votes,
    write_csv,
    write_folder,
    write_table,
    write_votes,
)


def flags(*words: str) -> argparse.Namespace:
    """Returns the parsed flags of a command that reads data."""
    parser = argparse.ArgumentParser()
    add_sources(parser, parser.add_argument_group("data"))
    return parser.parse_args(words)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch):
    """Runs each test in a folder of its own, in which the cache stands too."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def folder(path: str, classes=("angry", "happy"), parts=("train", "validation", "test"), seed=0) -> None:
    write_folder(Path(path), {f"{part}/{name}": 3 for part in parts for name in classes}, seed)


def test_names_are_those_of_files_or_given():
    folder("sets/mine")
    assert [source.name for source in sources_of(flags())] == ["synthetic"]
    words = [
        "--data",
        "x/fer2013.tar.gz",
        "--data",
        "sets/mine",
        "--data",
        "third=sets/mine",
        "--data",
        "synthetic",
    ]
    assert [(source.name, source.path) for source in sources_of(flags(*words))] == [
        ("fer2013", "x/fer2013.tar.gz"),
        ("mine", "sets/mine"),
        ("third", "sets/mine"),
        ("synthetic", "synthetic"),
    ]
    folder("a=b")
    assert [source.path for source in sources_of(flags("--data", "a=b"))] == ["a=b"]  # a path, as it is there


def test_a_flag_goes_with_every_set_that_it_fits_or_with_the_one_that_it_names():
    folder("mine")
    Path("t.csv").touch()
    words = ["--data", "t.csv", "--data", "mine", "--columns", "label=mood", "--people", "none"]
    words += [
        "--split",
        "80/10/10",
        "--split",
        "mine:60/20/20",
        "--split-seed",
        "t:7",
        "--labels",
        "mine:a,b",
    ]
    table, pictures = (source.form for source in sources_of(flags(*words)))
    assert (table.columns, table.people, table.split, table.split_seed) == (
        "label=mood",
        "auto",
        "80/10/10",
        7,
    )
    assert (pictures.columns, pictures.people, pictures.split) == ("", "none", "60/20/20")
    assert (pictures.labels, pictures.split_seed, table.labels) == ("a,b", 2013, "")


def test_a_table_and_a_folder_become_one(capsys):
    folder("mine", ("anger", "happy"))
    rows = [{"pixels": None, "mood": ("angry", "happy")[number % 2]} for number in range(40)]
    write_table(Path("t.csv"), "pixels,mood", rows)
    words = ["--data", "t.csv", "--data", "own=mine", "--columns", "label=mood", "--classes", "angry=anger"]
    mixed = load_from_flags(flags(*words))
    assert (mixed.name, mixed.sources, mixed.origins) == ("t + own", ("t", "own"), ("t", "mine"))
    assert counts_of(mixed) == [[19, 19], [5, 5], [5, 5]]
    assert capsys.readouterr().out.splitlines()[-1] == "data: t + own: 40 + 18 faces"
    again = load_from_flags(flags(*words))  # each from its own cache entry
    assert again.digest == mixed.digest
    assert len(list(Path("build/.cache").glob("data-*.cache"))) == 2


def test_what_two_sets_share_is_said(capsys):
    folder("a", seed=1)
    folder("b", seed=2)
    shared = Path("a/train/happy/000.png").read_bytes()
    Path("b/test/happy/000.png").write_bytes(shared)
    load_from_flags(flags("--data", "a", "--data", "b"))
    assert capsys.readouterr().out.splitlines()[-1] == (
        "data: b: 1 of its held-out faces also stand in another set's training part; no choice is made on them, and "
        "figures “without leaked” leave them out"
    )


def test_votes_go_with_the_set_whose_rows_they_are():
    write_csv(Path("fer.csv"))
    usages = tiny_rows()[2]
    write_votes(Path("votes.csv"), usages, tiny_votes())
    folder("mine", FER2013_LABELS)
    write_csv(Path("short.csv"), 84, seed=3)
    words = ["--data", "mine", "--data", "fer.csv", "--data", "short.csv", "--votes", "votes.csv"]
    mixed = load_from_flags(flags(*words))
    np.testing.assert_array_equal(mixed.votes[mixed.source == 1], tiny_votes())
    assert not mixed.votes[mixed.source != 1].any()


def test_one_named_set_is_called_so_and_stays_the_same_data():
    folder("mine")
    named, plain = load_from_flags(flags("--data", "x=mine")), load_from_flags(flags("--data", "mine"))
    assert (named.name, named.origins, named.source) == ("x", ("mine",), None)
    assert named.digest == plain.digest and plain.sources == ()
    mapped = load_from_flags(flags("--data", "mine", "--classes", "joy=happy"))
    assert mapped.class_names == ("angry", "joy")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "--data a --data sub/a",
            "--data: two data sets are called a; name one: --data NAME=PATH",
        ),
        ("--data x=a --data x=b", "--data: two data sets are called x; name one: --data NAME=PATH"),
        (
            "--data a --data joyful",
            "--data: no class that all data sets have (a: angry, happy; joyful: glad, joy); --classes LABEL=NAME says "
            "which are the same",
        ),
        (
            "--data a --data sub/a2 --votes v.csv",
            "--votes v.csv: fits none of the data sets (a: --votes v.csv: FER+ votes go with FER2013's rows only, not "
            "with a; a2: --votes v.csv: FER+ votes go with FER2013's rows only, not with sub/a2)",
        ),
        (
            "--data a --data untested",
            "untested: has train but no test folder; add one, or draw all splits from what is there: --split 80/10/10",
        ),
        ("--data a --data nowhere", "nowhere: no such file or folder"),
        (
            "--data a --data sub/a2 --columns label=x",
            "--columns label=x: none of the data sets is a table; leave it out",
        ),
        (
            "--data x=synthetic --data synthetic --labels a,b",
            "--labels a,b: drawn faces have a form of their own; leave it out",
        ),
        ("--data a --data sub/a2 --split a:1/2", "--split 1/2: three percentages that make 100 are expected"),
        (
            "--data a --data sub/a2 --split-seed x",
            "--split-seed 'x': a whole number from 0 to 2,147,483,648 is expected",
        ),
    ],
)
def test_what_cannot_be_used_is_one_line(words, said):
    folder("a")
    folder("sub/a")
    folder("sub/a2")
    folder("joyful", ("glad", "joy"))
    folder("untested", parts=("train", "train_more"))
    Path("untested/train_more").rename("more")
    with pytest.raises(InputError) as refused:
        load_from_flags(flags(*words.split()))
    assert said in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("word", "kept"),
    [
        ("/home/me/fer.csv", "fer.csv"),
        ("mine=/home/me/faces", "mine=faces"),
        ("--data=mine=/home/me/faces", "--data=mine=faces"),
        ("mine:/home/me/names.txt", "mine:names.txt"),
        ("../faces", "faces"),
        ("mine=../faces", "mine=faces"),
        ("mine=data/faces", "mine=data/faces"),
        ("angry=anger,=contempt", "angry=anger,=contempt"),
        ("80/10/10", "80/10/10"),
    ],
)
def test_the_command_that_a_build_keeps_names_no_folder_of_the_machine(word, kept):
    assert _without_folder(word) == kept
