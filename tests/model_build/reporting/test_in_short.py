"""What the report says in sentences: right for what, confused by what, how sure; drawn faces are called so."""

from __future__ import annotations

import pytest

from face_emotion.files import read_json, write_json
from model_build.evaluation.finished_build import read_build
from model_build.reporting.audit_rows import balance
from model_build.reporting.class_figures import class_rows, matrix
from model_build.reporting.in_short import confused, confusions, in_short, right_for, stated_confidence
from model_build.reporting.tables import print_summary
from tests.support.report import dataset, evaluate, write_build


def score(confusion: list[list[int]], names: str = "abcd") -> dict:
    """What metrics.score says of classes: names, recall and confusion."""
    entries = [
        {
            "name": name,
            "support": sum(row),
            "recall": row[index] / sum(row) if sum(row) else None,
        }
        for index, (name, row) in enumerate(zip(names, confusion, strict=False))
    ]
    return {"per_class": entries, "confusion": confusion}


FOUR = score([[9, 1, 0, 0], [0, 8, 2, 0], [3, 1, 6, 0], [0, 5, 0, 5]])


def test_best_and_worst_are_named():
    assert right_for(FOUR, "drawn faces") == (
        "It finds 90 % of the drawn faces labelled a and 80 % of those labelled b; worst: 50 % of those labelled d."
    )
    two = score([[9, 1], [5, 5]])
    assert (
        right_for(two, "faces") == "It finds 90 % of the faces labelled a; worst: 50 % of those labelled b."
    )
    assert right_for(score([[9, 1], [0, 0]]), "faces").endswith("labelled a; there were no others.")


def test_confusions_come_by_share_of_the_true_class():
    assert [(one.true, one.answer, one.count, one.share) for one in confusions(FOUR)[:2]] == [
        ("d", "b", 5, 0.5),
        ("c", "a", 3, 0.3),
    ]
    assert confused(FOUR) == (
        "Most often it takes d for b (50 % of all d), c for a (30 % of all c), b for c (20 % of all b)."
    )
    assert confused(score([[3, 0], [0, 3]])) == "Nothing in this set."


@pytest.mark.parametrize(
    ("accuracy", "said"),
    [
        (0.6, "Its probabilities are 10 points too high on average."),
        (0.8, "Its probabilities are 10 points too low on average."),
        (0.69, "Its probabilities are about as high as it is often right."),
    ],
)
def test_confidence_is_compared_with_what_is_right(accuracy, said):
    assert stated_confidence([{"confidence": 0.7, "accuracy": accuracy, "count": 10}]) == said


def test_a_class_has_its_interval_and_none_without_images():
    rows = class_rows(score([[9, 1], [0, 0]]))
    assert rows[0].interval == pytest.approx([0.5958, 0.9821], abs=1e-3)  # Wilson's of 9 of 10
    assert "a: 90.0 % found, 95 % interval 59.6–98.2 %" in rows[0].bar
    assert (rows[1].interval, rows[1].recall, rows[1].support) == (None, None, 0)
    assert [[cell.share for cell in row] for row in matrix(score([[9, 1], [0, 0]]))] == [[0.9, 0.1], [0, 0]]


def test_the_balance_has_shares_of_each_split():
    rows = balance({"train": {"a": 3, "b": 1}, "test": {"a": 0, "b": 0}})
    assert [(row.name, row.counts, row.shares) for row in rows] == [
        ("a", [3, 0], [0.75, 0]),
        ("b", [1, 0], [0.25, 0]),
    ]


def test_other_pictures_and_damage_are_told_where_there_are_figures(tmp_path):
    folder = write_build(tmp_path / "small")
    assert "And on other pictures?" not in dict(in_short(read_build(folder)))
    level = {"amount": 1, "accuracy": 0.25, "interval": [0.2, 0.3]}
    result = {
        "artifact": "tfjs",
        "sha256": None,
        "dataset": {"digest": read_json(folder / "evaluation.json")["dataset"]["digest"]},
        "set": "PublicTest",
        "images": 70,
        "seed": 0,
        "clean": level | {"accuracy": 0.75},
        "damages": [{"name": "blur", "unit": "pixels", "levels": [level]}],
    }
    write_json(folder / "robustness.json", result)
    assert dict(in_short(read_build(folder)))["And on other pictures?"] == (
        "Of all damage, blur costs most: 25 % right at its worst, 75 % without damage (PublicTest)."
    )


def test_figures_of_drawn_faces_say_so_in_the_terminal_too(tmp_path, capsys):
    evaluate(tmp_path / "drawn", dataset("synthetic", votes=False))
    print_summary(tmp_path / "drawn")
    assert "one crop, drawn faces" in " ".join(capsys.readouterr().out.split())
    print_summary(write_build(tmp_path / "small"))
    assert "drawn faces" not in capsys.readouterr().out
