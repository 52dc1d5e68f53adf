"""Report and card of a network with two heads: default answer and heads side by side; nothing of it for one head."""

from __future__ import annotations

import re

import pytest

from face_emotion.files import write_json
from model_build.evaluation.finished_build import read_build
from model_build.reporting.heads import head_rows, head_sets
from model_build.reporting.model_card import write_model_card
from model_build.reporting.report import write_report
from tests.support.report import Page, add_heads, write_build

# Of the 70 test rows the default answer is wrong on 20 (write_build), the heads on 10 and on 40.
WRONG = {"labels": set(range(140, 150)), "votes": set(range(140, 180))}
TITLES = ["default answer, both heads", "labels head", "votes head"]


@pytest.fixture
def one_head(tmp_path):
    """A build of a network with one head."""
    return write_build(tmp_path / "small", full=True)


@pytest.fixture
def two_heads(one_head):
    """A build of a network with two heads."""
    add_heads(one_head, WRONG)
    return one_head


def rows_of(card: str) -> list[list[str]]:
    """The cells of the card's table of heads."""
    table = card.partition("The default answer and each head (")[2].partition("\nAccuracy of ")[0]
    return [line.strip("|").split("|") for line in table.splitlines() if line.startswith("|")]


def test_the_card_has_default_answer_and_heads_in_the_same_columns(two_heads):
    card = write_model_card(two_heads).read_text(encoding="utf-8")
    heading, line, *rows = rows_of(card)
    columns = [" interval ", " macro F1 ", " calibration error "]
    assert heading == [
        " whose answer ", " PrivateTest ", *columns, " PrivateTest FER+ own rule ", *columns,
    ]  # fmt: skip
    assert len(line) == 9
    assert [row[0].strip() for row in rows] == TITLES
    assert [row[1] for row in rows] == [" 71.4 % ", " 85.7 % ", " 42.9 % "]
    assert rows[1][2] == " 75.7–92.1 % "  # Wilson's interval of 60 of 70
    assert "PrivateTest: 70 images; PrivateTest FER+ own rule: " in card
    assert not re.search(r"\n\n\n|{{|{%|None|nan", card)


def test_the_crowds_columns_are_the_crowds_figures(two_heads):
    build = read_build(two_heads)
    assert head_sets(build) == ["PrivateTest", "PrivateTest FER+ own rule"]
    figures = [build.evaluation["artifacts"]["int8"], *build.evaluation["heads"].values()]
    assert [row.scores[1]["accuracy"] for row in head_rows(build)] == [
        by_set["PrivateTest FER+ own rule"]["accuracy"] for by_set in figures
    ]
    cells = rows_of(write_model_card(two_heads).read_text(encoding="utf-8"))[2:]
    assert [cell[5] for cell in cells] == [
        f" {100 * by_set['PrivateTest FER+ own rule']['accuracy']:.1f} % " for by_set in figures
    ]


def test_the_report_has_default_answer_and_heads_in_the_same_columns(two_heads):
    page = Page(write_report(two_heads))
    assert page.sections[page.sections.index("heads") + 1] == "artifacts"
    assert page.open == []
    section = page.source.partition('<section id="heads">')[2].partition("</section>")[0]
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', section)
    assert [title for title, _ in rows] == TITLES
    cells = [re.findall("<td>(.*?)</td>", row) for _, row in rows]
    assert [len(row) for row in cells] == [8, 8, 8]
    assert [row[0] for row in cells] == ["71.4 %", "85.7 %", "42.9 %"]
    assert "PrivateTest FER+ own rule, " in section and "PrivateTest, 70 images" in section


def test_nothing_is_said_of_heads_where_there_is_one(one_head):
    page = Page(write_report(one_head))
    card = write_model_card(one_head).read_text(encoding="utf-8")
    assert "heads" not in page.sections
    for text in (page.text, card):
        assert not re.search("labels head|votes head|default answer", text)
    assert head_rows(read_build(one_head)) == []


def test_robustness_of_one_head_says_whose_it_is(two_heads):
    level = {"amount": 1, "accuracy": 0.5, "interval": [0.4, 0.6]}
    result = {
        "artifact": "tfjs",
        "head": "votes",
        "sha256": None,
        "dataset": {"digest": read_build(two_heads).evaluation["dataset"]["digest"]},
        "set": "PublicTest without leaked, FER+ own rule",
        "images": 60,
        "seed": 0,
        "clean": level,
        "damages": [{"name": "blur", "unit": "pixels", "levels": [level]}],
    }
    for head, said in (("votes", True), ("both", False)):
        write_json(two_heads / "robustness.json", result | {"head": head})
        card = write_model_card(two_heads).read_text(encoding="utf-8")
        text = Page(write_report(two_heads)).text
        assert ("Accuracy of TF.js model (votes head) on PublicTest" in card) == said
        assert ("Accuracy of TF.js model (votes head) on PublicTest" in text) == said
        assert ("Accuracy of TF.js model on PublicTest" in card) != said
