"""What a person's own neutral picture is worth: whose pictures count, how the strength is chosen, and the command."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from PIL import Image

import model_build.__main__ as build_main
from face_emotion.errors import InputError
from face_emotion.files import read_json, write_json
from model_build.evaluation.finished_build import read_build
from model_build.evaluation.off_data import Faces
from model_build.evaluation.own_neutral import Others, measure, others_of
from model_build.reporting.model_card import write_model_card
from model_build.reporting.report import write_report
from model_build.synthetic.scenes import draw_frame
from tests.support.paths import ROOT
from tests.support.report import Page, write_build

LABELS = ("sad", "happy", "neutral")
PEOPLE = 40


def leaning(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Scores of people each of whom leans to sad by an amount of their own, at rest and otherwise; labels; people."""
    scores, labels, people = [], [], []
    for person in range(PEOPLE):
        lean = random.integers(200, 900)
        for label in (2, 2, 1, 0):
            row = random.integers(-60, 60, 3)
            row[label] += 500
            row[0] += lean
            scores.append(row)
            labels.append(label)
            people.append(f"p{person}")
    return np.array(scores), np.array(labels), people


def faces_of(labels: np.ndarray, people: list[str], found: np.ndarray | None = None) -> Faces:
    """Faces whose pixels nobody looks at."""
    crops = np.zeros((len(labels), 48, 48), np.uint8)
    return Faces(crops, np.ones(len(labels), bool) if found is None else found, labels, people)


def test_the_first_neutral_picture_that_was_found_is_the_baseline():
    scores = np.array([[0, 0, 0], [10, 0, 0], [20, 0, 5], [30, 9, 0]])
    labels, found = np.array([1, 2, 2, 0]), np.array([True, False, True, True])
    base = [(scores, labels, ["a"] * 4, found)]
    # People without a neutral picture, or with nothing beside it, do not count; 19 more like the first make 20.
    base += [(scores + k, labels, [f"b{k}"] * 4, found) for k in range(19)]
    base += [(scores[:1], labels[:1], ["c"], found[:1]), (scores[2:3], labels[2:3], ["d"], found[2:3])]
    joined = [np.concatenate(part) for part in zip(*((s, lab, f) for s, lab, _, f in base), strict=True)]
    people = [name for *_, names, _ in base for name in names]
    others = others_of(faces_of(joined[1], people, joined[2]), joined[0], LABELS)
    assert len(others.labels) == 40 and int(others.people.max()) == 19
    assert others.labels[:2].tolist() == [1, 0]  # the other neutral picture was not found
    # ln(0.2 / (0.8 * 2)) * 256 = -532; 20 - 5 + 532, 0 - 5 + 532.
    assert others.values[0].tolist() == [547, 527, 0]
    assert others.scores[:2].tolist() == [[0, 0, 0], [30, 9, 0]]


def test_people_who_lean_to_sad_are_read_rightly_with_it():
    scores, labels, people = leaning(np.random.default_rng(1))
    result = measure(others_of(faces_of(labels, people), scores, LABELS), LABELS)
    assert (result["people"], result["pictures"], len(result["folds"])) == (40, 120, 10)
    assert result["classes"] == list(LABELS)
    assert result["before"]["recall"]["happy"] < 0.8 and result["after"]["recall"]["happy"] > 0.9
    assert result["gain"]["mean_recall"] == pytest.approx(
        result["after"]["mean_recall"] - result["before"]["mean_recall"]
    )
    low, high = result["gain"]["mean_recall_interval"]
    assert 0 < low < result["gain"]["mean_recall"] < high
    assert 0 < result["strength"] <= 1
    assert [entry["strength"] for entry in result["curve"]] == [k / 20 for k in range(21)]


def test_what_a_fold_gains_is_told_of_people_who_did_not_choose_its_strength():
    scores, labels, people = leaning(np.random.default_rng(2))
    others = others_of(faces_of(labels, people), scores, LABELS)
    result = measure(others, LABELS)
    assert result["curve"][0]["mean_recall"] == result["before"]["mean_recall"]
    best = max(entry["mean_recall"] for entry in result["curve"])
    assert result["after"]["mean_recall"] <= best
    # With labels that say nothing, nothing can be gained but by chance.
    mixed = Others(
        others.scores, others.values, np.random.default_rng(3).permutation(others.labels), others.people
    )
    low, high = measure(mixed, LABELS)["gain"]["mean_recall_interval"]
    assert low < 0.03 < high + 0.05


def test_too_few_people_and_models_without_neutral_are_one_line():
    scores, labels, people = leaning(np.random.default_rng(1))
    few = slice(0, 40)
    with pytest.raises(InputError, match="10 people have a neutral picture and another where at least 20"):
        others_of(faces_of(labels[few], people[few]), scores[few], LABELS)
    with pytest.raises(InputError, match="no class 'neutral'"):
        others_of(faces_of(labels, people), scores, ("sad", "happy", "calm"))


@pytest.fixture
def build(tmp_path):
    """A build folder with figures of two sets of people."""
    folder = write_build(tmp_path / "small")
    scores, labels, people = leaning(np.random.default_rng(1))
    found = measure(others_of(faces_of(labels, people), scores, LABELS), LABELS)
    write_json(folder / "baseline.some|people.json", {"data": "some|people.tar"} | found)
    return folder


def test_card_and_report_tell_what_it_brings_and_what_it_cannot(build):
    card = write_model_card(build).read_text(encoding="utf-8")
    part = card.partition("## A person's own neutral face\n")[2].partition("## Intended use")[0]
    assert r"some\|people.tar: one neutral picture each of 40 people, their 120 other pictures" in part
    assert "knows nothing of other expressions" in part and "does nothing for another face" in part
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    assert [row[0] for row in rows][-3:] == ["without", "with", "gained"]
    found = read_build(build).baselines[0]
    assert rows[-3][1] == f"{100 * found['before']['accuracy']:.1f} %"
    assert rows[-1][1].startswith(f"{100 * found['gain']['accuracy']:+.1f} points (")
    assert {line.count("|") for line in part.splitlines() if line.startswith("| ")} == {7}
    page = Page(write_report(build))
    assert "own-neutral" in page.sections and page.open == [] and "None" not in page.text
    write_json(build / "baseline.damaged.json", {"data": "x"})
    with pytest.raises(InputError, match=r"baseline\.damaged\.json: .*run baseline with its --data again"):
        read_build(build)


def test_the_command_writes_figures_and_the_strength(tmp_path, capsys):
    """On whole pictures, through the real detector and a released int8 file."""
    folder = tmp_path / "nano"
    shutil.copytree(ROOT / "models/nano", folder)
    before = read_json(folder / "manifest.json")
    for person in range(22):
        for label, index in (("happy", 3), ("neutral", 6)):
            path = tmp_path / "people" / "test" / label / f"p{person}_{index}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            frame = draw_frame(320, 240, [(90.0, 60.0, 200.0, 170.0)], [index], person)
            Image.fromarray(frame).save(path)
    assert build_main.main(["baseline", str(folder), "--data", str(tmp_path / "people")]) == 0
    found = read_json(folder / "baseline.people.json")
    assert found["people"] >= 20 and found["pictures"] == found["people"] and found["classes"] == ["happy"]
    after = read_json(folder / "manifest.json")
    assert after["contract"]["baseline_strength"] == found["strength"]
    assert (
        after["contract"] | {"baseline_strength": before["contract"]["baseline_strength"]}
        == before["contract"]
    )
    assert {key: value for key, value in after.items() if key != "contract"} == {
        key: value for key, value in before.items() if key != "contract"
    }
    printed = capsys.readouterr().out
    assert "gained" in printed and "in the contract now" in printed
