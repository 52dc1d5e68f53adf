"""`matrix`: a training for each data set and one for all, each tested on every set, going on where it stopped."""

from __future__ import annotations

import csv
import dataclasses
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from converters.manifest import read_contract
from face_emotion.classifier import TfliteClassifier
from face_emotion.errors import InputError
from face_emotion.files import read_json
from model_build.data.dataset import TEST, Dataset
from model_build.data.mixing import mix, parse_classes
from model_build.evaluation.metrics import wilson_interval
from model_build.experiments import matrix
from model_build.network import checkpoint
from tests.support.build import faces_dataset, tiny_plan
from tests.support.training import tiny_dataset

FOLDERS, ALL = ("1-light", "2-the-dark-one", "all"), "all of them"


def mixed() -> Dataset:
    """Drawn faces, and their negatives; two of the negatives' test part stand in the first set's training part."""
    light = faces_dataset(96, 40, 40)
    dark = dataclasses.replace(light, images=255 - light.images, digest="")
    rows = np.flatnonzero(dark.split == TEST)[:2]
    dark.images[rows] = light.images[:2]
    return mix([("light", light), ("the dark one", dataclasses.replace(dark, digest=""))], parse_classes([]))


def plan(epochs: int = 2):
    """The plan of a matrix, and the lines that it says."""
    lines: list[str] = []
    return replace(tiny_plan(mixed(), epochs=epochs), say=lines.append), lines


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A finished matrix: its folder, what it returned and what it said."""
    folder = tmp_path_factory.mktemp("matrix")
    job, lines = plan()
    return folder, matrix.run(job, folder), lines


def test_every_network_is_tested_on_every_set(finished):
    folder, result, lines = finished
    assert read_json(folder / "matrix.json") == result
    assert [row["trained_on"] for row in result["rows"]] == ["light", "the dark one", ALL]
    cells = [[(c["tested_on"], c["images"], c["left_out"]) for c in row["cells"]] for row in result["rows"]]
    assert cells == [
        [("light", 40, 0), ("the dark one", 38, 2)],
        [("light", 40, 0), ("the dark one", 40, 0)],
        [("light", 40, 0), ("the dark one", 38, 2)],
    ]
    assert [line for line in lines if line.endswith("of 3)")] == [
        "light (1 of 3)",
        "the dark one (2 of 3)",
        "all of them (3 of 3)",
    ]
    assert (result["on"], result["settings"]["epochs"], result["variant"]) == ("test", 2, "tiny")
    assert result["dataset"]["sources"] == ["light", "the dark one"]


def test_a_cell_is_what_the_int8_file_of_that_training_gets_right(finished):
    folder, result, _ = finished
    test = mixed().of_source(1).part(TEST)
    for place, row in zip(FOLDERS, result["rows"], strict=True):
        kept = slice(None) if place == FOLDERS[1] else slice(2, None)
        classifier = TfliteClassifier(folder / place / "int8_ptq.tflite", read_contract(folder / place))
        answers = classifier.probabilities(test.images[kept]).argmax(axis=1)
        right = answers == test.labels[kept]
        cell = row["cells"][1]
        assert cell["accuracy"] == pytest.approx(right.mean(), abs=1e-6)
        assert [cell["low"], cell["high"]] == pytest.approx(
            wilson_interval(int(right.sum()), len(right)), abs=1e-6
        )


def test_the_trainings_are_those_of_each_set_alone(finished):
    folder, _, _ = finished
    whole = mixed()
    expected = [whole.of_source(0).digest, whole.of_source(1).digest, whole.digest]
    found = [
        checkpoint.load(folder / place / "float/checkpoint.npz").details["settings"] for place in FOLDERS
    ]
    assert [settings["dataset"] for settings in found] == expected
    assert len({str(settings | {"dataset": ""}) for settings in found}) == 1  # nothing else differs


def test_csv_and_picture_say_the_same(finished):
    folder, result, _ = finished
    with (folder / "matrix.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == [
        "trained_on", "tested_on", "images", "left_out", "accuracy", "low", "high", "macro_f1", "balanced_accuracy",
    ]  # fmt: skip
    assert [(row["trained_on"], row["tested_on"], row["images"]) for row in rows] == [
        ("light", "light", "40"),
        ("light", "the dark one", "38"),
        ("the dark one", "light", "40"),
        ("the dark one", "the dark one", "40"),
        (ALL, "light", "40"),
        (ALL, "the dark one", "38"),
    ]
    accuracies = [cell["accuracy"] for row in result["rows"] for cell in row["cells"]]
    assert [float(row["accuracy"]) for row in rows] == accuracies
    drawn = ET.parse(folder / "matrix.svg").getroot()
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
    texts = [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[:4] == ["tested on →", "trained on ↓", "light", "the dark one"]
    assert [text for text in texts if text.endswith(" %") and "–" not in text] == [
        f"{100 * accuracy:.1f} %" for accuracy in accuracies
    ]
    style = next(drawn.iter("{http://www.w3.org/2000/svg}style")).text
    assert "--first: #0d6b62" in style and "--first: #63d2c3" in style  # light and dark


def test_what_is_finished_is_skipped_and_what_is_missing_made_again(finished):
    folder, first, _ = finished
    job, lines = plan()
    assert matrix.run(job, folder) == first
    assert [line for line in lines if line.endswith("unchanged")] == [
        "train: unchanged",
        "test: unchanged",
    ] * 3
    (folder / FOLDERS[1] / "row.json").unlink()
    job, lines = plan()
    assert matrix.run(job, folder) == first
    assert [line for line in lines if line.endswith("…")] == ["test …"]
    job, lines = plan()
    other = matrix.run(job, folder, "validation")  # trained already, tested on other parts
    assert [line for line in lines if line.endswith("…")] == ["test …"] * 3
    assert [cell["images"] for row in other["rows"] for cell in row["cells"]] == [40] * 6


def test_the_table_names_trainings_and_sets(finished, capsys):
    matrix.print_table(finished[1])
    text = capsys.readouterr().out
    assert "right, test part of each data set; tiny, int8 by PTQ, 2 epochs each" in text
    assert all(f"│ {name} " in text for name in ("light", "the dark one", ALL))
    assert "left out: 4 answers to images that the network was trained on (matrix.csv says where)" in text


def test_a_set_without_votes_trains_the_label_head_only():
    crowd = tiny_dataset()
    plain = dataclasses.replace(crowd, images=255 - crowd.images, votes=None, digest="")
    both = mix([("crowd", crowd), ("plain", plain)], parse_classes([]))
    jobs = matrix.jobs_of(replace(tiny_plan(both), heads=("labels", "votes")))
    assert {name: job.heads for name, job in jobs.items()} == {
        "crowd": ("labels", "votes"),
        "plain": ("labels",),
        ALL: ("labels", "votes"),
    }


def test_one_set_is_no_matrix():
    with pytest.raises(
        InputError, match="--data: a matrix compares data sets; name at least two: --data A --data B"
    ):
        matrix.jobs_of(tiny_plan(faces_dataset(40, 8, 8)))


def test_a_test_part_that_was_all_trained_on_has_no_figure():
    result = {
        "rows": [
            {
                "trained_on": "a",
                "cells": [
                    {"tested_on": "a", "images": 0, "left_out": 3} | dict.fromkeys(matrix.FIGURES),
                    {"tested_on": "b", "images": 2, "left_out": 0} | dict.fromkeys(matrix.FIGURES, 0.5),
                ],
            }
        ]
    }
    assert matrix.csv_of(result).splitlines()[1:] == ["a,a,0,3,,,,,", "a,b,2,0,0.5,0.5,0.5,0.5,0.5"]
