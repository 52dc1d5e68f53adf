"""Figures on other people's pictures in a build's folder: card and report show them, a row a head."""

from __future__ import annotations

import hashlib
import re

import numpy as np
import pytest

from face_emotion.errors import InputError
from face_emotion.files import write_json
from model_build.evaluation.coverage import coverage_figures
from model_build.evaluation.finished_build import read_build
from model_build.reporting.model_card import write_model_card
from model_build.reporting.report import write_report
from tests.support.report import Page, write_build


def figures(accuracy: float) -> dict:
    """What score_off_data returns, all but the accuracy the same."""
    return {
        "pictures": 1234,
        "people": 56,
        "not_found": 7,
        "accuracy": accuracy,
        "accuracy_found": accuracy + 0.01,
        "accuracy_interval": [accuracy - 0.1, accuracy + 0.1],
        "mean_recall": 0.456,
        "mean_recall_interval": [0.401, 0.512],
        "classes": ["happy", "sad"],
        "recall": {"happy": {"recall": 0.5, "pictures": 30}, "sad": {"recall": 0.4, "pictures": 30}},
        "ece": 0.123,
        "certainty": coverage_figures(np.linspace(0.2, 0.99, 100), np.arange(100) % 3 > 0, 0.5),
    }


HEADS = {"both": figures(0.6), "labels": figures(0.5), "votes": figures(0.7)}
TITLES = ["default answer, both heads", "labels head", "votes head"]


@pytest.fixture
def build(tmp_path):
    """A build folder with figures on two sets of other people's pictures."""
    folder = write_build(tmp_path / "small")
    write_json(
        folder / "off_data.els|where.json",
        {"data": "els|where.tar", "detected": True, "detector": "YuNet", "heads": HEADS},
    )
    one = {"data": "faces", "detected": False, "detector": None, "heads": {"labels": figures(0.25)}}
    write_json(folder / "off_data.faces.json", one)
    return folder


def test_the_card_has_a_row_for_each_head(build):
    card = write_model_card(build).read_text(encoding="utf-8")
    part = card.partition("## On other people's pictures\n")[2].partition("## Intended use")[0]
    assert (
        r"els\|where.tar: 1,234 pictures of 56 people, whole ones through the detector (YuNet); 7 faces not found"
        in part
    )
    assert "faces: 1,234 pictures of 56 people. int8.tflite" in part
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if " head" in line]
    assert [row[0] for row in rows] == [*TITLES, "labels head"]
    assert rows[0] == [TITLES[0], "60.0 %", "50.0–70.0 %", "61.0 %", "45.6 %", "40.1–51.2 %", "12.3 %"]
    assert [row[1] for row in rows] == ["60.0 %", "50.0 %", "70.0 %", "25.0 %"]
    assert {line.count("|") for line in part.splitlines() if line.startswith("|")} == {8}
    assert not re.search(r"\n\n\n|{{|{%|None|nan", card)


def test_the_report_has_a_row_for_each_head(build):
    page = Page(write_report(build))
    assert "off-data" in page.sections and page.open == []
    section = page.source.partition('<section id="off-data">')[2].partition("</section>")[0]
    rows = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', section)
    assert rows == [*zip(TITLES, ["60.0 %", "50.0 %", "70.0 %"], strict=True), ("labels head", "25.0 %")]
    assert "whole ones through the detector (YuNet); 7 faces not found, counted as wrong" in section


def test_a_file_that_names_no_detector_is_of_the_one_that_there_was_before(build):
    for name, detected in (("els|where", True), ("faces", False)):
        write_json(build / f"off_data.{name}.json", {"data": name, "detected": detected, "heads": HEADS})
    assert [one["detector"] for one in read_build(build).off_data] == ["BlazeFace short range", None]
    said = "whole ones through the detector (BlazeFace short range); 7 faces not found"
    assert write_model_card(build).read_text(encoding="utf-8").count(said) == 1
    assert Page(write_report(build)).source.count(said) == 1


def test_too_few_pictures_of_a_class_are_a_dash(build):
    few = HEADS["both"] | {"mean_recall": None, "mean_recall_interval": None, "classes": [], "ece": None}
    write_json(build / "off_data.faces.json", {"data": "faces", "detected": False, "heads": {"votes": few}})
    assert "| votes head | 60.0 % | 50.0–70.0 % | 61.0 % | – | – | – |" in write_model_card(build).read_text(
        encoding="utf-8"
    )


def test_without_figures_there_is_no_such_part(build):
    for path in build.glob("off_data.*"):
        path.unlink()
    assert "off-data" not in Page(write_report(build)).sections
    assert "other people's pictures" not in write_model_card(build).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "value",
    [
        [],
        {"data": "x", "detected": True} | figures(0.5),  # as an earlier kit wrote it
        {"data": "x", "detected": True, "heads": {}},
        {"data": "x", "heads": HEADS},
        {"data": "x", "detected": True, "heads": {"both": {"accuracy": 0.5}}},
    ],
)
def test_a_damaged_file_is_named(build, value):
    write_json(build / "off_data.faces.json", value)
    with pytest.raises(InputError, match=r"off_data\.faces\.json: not what this kit writes there"):
        read_build(build)


def test_figures_of_another_int8_file_are_not_shown(build):
    (build / "int8.tflite").write_bytes(b"a network")
    digest = "37f5e18e2fa5cb50fbe2b2d9b57f0b0e1d9e7ebf2f9bd5ee2a7b8a5d2d2f6a2b"
    own = {
        "data": "own",
        "sha256": hashlib.sha256(b"a network").hexdigest(),
        "detected": True,
        "heads": HEADS,
    }
    write_json(build / "off_data.own.json", own)
    write_json(build / "off_data.former.json", own | {"data": "former", "sha256": digest})
    card = write_model_card(build).read_text(encoding="utf-8")
    assert "own: 1,234 pictures" in card and "former: 1,234 pictures" not in card


def test_card_and_report_say_when_it_is_not_certain(build):
    card = write_model_card(build).read_text(encoding="utf-8")
    part = card.partition("## When it is not certain\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    assert [row[0] for row in rows[2:]] == ["PrivateTest", r"PublicTest", r"els\|where.tar"]
    assert rows[0][1:11] == [f"{10 * k} %" for k in range(1, 11)]
    assert rows[-1][-2:] == ["62.0 %", "66.1 %"]
    page = Page(write_report(build))
    assert "certainty" in page.sections and page.open == []
    section = page.source.partition('<section id="certainty">')[2].partition("</section>")[0]
    assert "62.0 %</td><td>66.1 %" in section and "<svg" in section
