"""`python -m model_build audit --data …` on every kind of form, and what the other commands do with the same flags."""

from __future__ import annotations

from pathlib import Path

import pytest

from face_emotion.contract import FER2013_LABELS
from face_emotion.files import read_json
from tests.support.build import error_line, run
from tests.support.data import write_affectnet, write_folder, write_raf_db, write_table


def audited(cwd: Path, *words: str) -> tuple[dict[str, list[int]], list[str], str]:
    """Runs audit and returns images by split and class, the class names, and the line on what was taken for what."""
    ended = run("model_build", "audit", *words, "--out", "audit", cwd=cwd)
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stderr
    found = read_json(cwd / "audit/audit.json")
    (said,) = [line for line in ended.stdout.splitlines() if line.startswith("data: ")]
    counts = {part: list(classes.values()) for part, classes in found["class_balance"].items()}
    return counts, found["class_names"], said


def test_a_table_of_other_columns_separator_size_and_names(tmp_path):
    rows = [
        {
            "Image": None,
            "mood": ("joy", "anger")[number % 2],
            "": number,
            "Part": ("train", "test")[number // 2 % 2],
        }
        for number in range(40)
    ]
    write_table(tmp_path / "faces.csv", ";Image;mood;Part", rows, ";", side=64)
    counts, names, said = audited(
        tmp_path,
        "--data",
        "faces.csv",
        "--columns",
        "label=mood,split=part",
        "--labels",
        "happy=joy,angry=anger",
    )
    assert (counts, names) == ({"train": [9, 9], "validation": [1, 1], "test": [10, 10]}, ["angry", "happy"])
    assert said == (
        "data: faces.csv: columns: pixels=Image, label=mood, split=Part; not read: (no name); separator: semicolon; "
        "pictures 64×64 averaged to 48×48; labels by --labels happy=joy,angry=anger; no validation part: a tenth of "
        "train is validation; drawn by class"
    )


def test_a_table_without_usage_and_with_ferpluss_classes(tmp_path):
    rows = [{"pixels": None, "label": number % 8} for number in range(80)]
    write_table(tmp_path / "ferplus", "pixels,label", rows)
    counts, names, _ = audited(tmp_path, "--data", "ferplus", "--labels", "ferplus", "--split", "60/20/20")
    assert counts == {"train": 8 * [6], "validation": 8 * [2], "test": 8 * [2]}
    assert names == [*FER2013_LABELS, "contempt"]


def test_affectnet(tmp_path):
    write_affectnet(
        tmp_path / "AffectNet", {"train_set": {"0": 10, "1": 20, "8": 3}, "val_set": {"0": 2, "1": 3}}
    )
    counts, names, said = audited(tmp_path, "--data", "AffectNet")
    assert (counts, names) == ({"train": [18, 9], "validation": [2, 1], "test": [3, 2]}, ["happy", "neutral"])
    assert "layout affectnet" in said and "left out: 8 (3)" in said


def test_raf_db(tmp_path):
    write_raf_db(tmp_path / "raf/basic", {"train": {"4": 10, "5": 20}, "test": {"4": 2, "5": 3}})
    counts, names, said = audited(tmp_path, "--data", "raf")
    assert (counts, names) == ({"train": [9, 18], "validation": [1, 2], "test": [2, 3]}, ["happy", "sad"])
    assert said.startswith("data: raf: read from basic/; layout raf-db (list_patition_label.txt); ")


def test_class_folders_in_images_and_in_a_folder(tmp_path):
    write_folder(
        tmp_path / "set/images",
        {f"{part}/{name}": n for part, n in (("train", 10), ("val", 4)) for name in "ab"},
    )
    counts, _, said = audited(tmp_path, "--data", "set")
    assert counts == {"train": [9, 9], "validation": [1, 1], "test": [4, 4]}
    assert said.startswith("data: set: read from images/; no test part: ")
    counts, _, _ = audited(tmp_path, "--data", "set", "--split", "50/25/25", "--split-seed", "3")
    assert counts == {"train": [6, 6], "validation": [4, 4], "test": [4, 4]}


@pytest.mark.parametrize(
    "words, said",
    [
        ("audit --data f.csv --columns label=x", "--columns label=x: f.csv has 'pixels, mood' only"),
        (
            "audit --data f.csv",
            "f.csv: the header is 'pixels,mood', where no column of labels stands; name it: --columns",
        ),
        ("train --data f.csv --split 80", "--split 80: three percentages that make 100 are expected"),
        (
            "build --data numbers",
            "numbers: the class folders are numbers (1, 2); say what they mean: --layout raf-db",
        ),
        ("train --labels a,b", "--labels a,b: drawn faces have a form of their own; give --data PATH too"),
        (
            "evaluate nowhere --data elsewhere --split 80/10/10",
            "--split 80/10/10: of no use for pictures that are ",
        ),
        (
            "evaluate nowhere --data numbers --layout x",
            "--layout x: use one of auto, affectnet, raf-db, folders",
        ),
        ("verify nowhere --split 80/10/10", "--split 80/10/10: give --data too"),
    ],
)
def test_a_refusal_is_one_line_that_names_the_flag(tmp_path, words, said):
    write_table(tmp_path / "f.csv", "pixels,mood", [{"pixels": None, "mood": 1}])
    write_folder(tmp_path / "numbers", {"1": 3, "2": 3})
    write_folder(tmp_path / "elsewhere/test", {"happy": 1})
    ended = run("model_build", *words.split(), cwd=tmp_path)
    assert ended.returncode == 2
    assert error_line(ended).startswith(f"error: {said}")
