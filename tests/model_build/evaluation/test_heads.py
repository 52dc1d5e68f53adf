"""A network with two heads: evaluation.json and robustness.json say what the blend and each head are worth."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

from converters.manifest import metrics_of, read_contract
from face_emotion.classifier import TfliteClassifier
from face_emotion.errors import InputError
from face_emotion.files import read_json
from model_build.data.dataset import SELECTION
from model_build.data.votes import ferplus_rule
from model_build.evaluation.evaluate import evaluate_build, evaluation_sets
from model_build.evaluation.robustness import write_robustness
from tests.support.build import Remembered
from tests.support.training import softmax, tiny_dataset

HEADS = ("labels", "votes")


@pytest.fixture(scope="module")
def folder(two_headed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the two-headed build without what takes long to evaluate and has no part here."""
    copy = shutil.copytree(two_headed, tmp_path_factory.mktemp("heads") / "tiny")
    shutil.rmtree(copy / "tfjs")
    for kind in ("float", "qat"):
        shutil.rmtree(copy / kind)
    return copy


@pytest.fixture(scope="module")
def report(folder: Path) -> dict:
    """evaluation.json of it."""
    return evaluate_build(folder, tiny_dataset())


def answers(folder: Path, images: np.ndarray, head: str) -> np.ndarray:
    """What int8.tflite answers for a head."""
    return TfliteClassifier(folder / "int8.tflite", read_contract(folder), head).probabilities(images)


def test_the_default_answer_is_headlined_by_the_data_sets_labels(report: dict):
    assert list(report["heads"]) == list(HEADS)
    assert report["protocol"]["headline"] == {"artifact": "int8", "set": "test"}
    assert set(report["artifacts"]) == {"float32", "float16", "int8", "int8_ptq"}


@pytest.mark.parametrize("head", HEADS)
def test_a_heads_figures_are_those_of_its_own_answers(folder: Path, report: dict, head: str):
    data = tiny_dataset()
    sets = evaluation_sets(data)
    assert list(report["heads"][head]) == list(sets)
    for name, (rows, labels) in sets.items():
        found = answers(folder, data.images[rows], head)
        right = found.argmax(axis=1) == labels
        losses = -np.log(np.maximum(found[np.arange(len(labels)), labels], 1 / 512))
        score = report["heads"][head][name]
        assert score["images"] == len(labels)
        assert score["accuracy"] == pytest.approx(right.mean(), rel=1e-5)
        assert score["negative_log_likelihood"] == pytest.approx(losses.mean(), rel=1e-5)


def test_the_artifacts_figures_are_those_of_the_blend(folder: Path, report: dict):
    data = tiny_dataset()
    rows, labels = evaluation_sets(data)["test"]
    classifier = TfliteClassifier(folder / "int8.tflite", read_contract(folder))
    scale, zero_point = classifier.output_scale
    logits = scale * (classifier.raw(data.images[rows]).astype(float) - zero_point)
    first, second = read_json(folder / "contract.json")["blend"]
    assert (
        min(first, second) >= 0 and first + second > 0
    )  # on some processors one head of this network knows it all
    expected = softmax(first * logits[:, :7] + second * logits[:, 7:])
    np.testing.assert_allclose(classifier.probabilities(data.images[rows]), expected, atol=0.005)
    losses = -np.log(np.maximum(expected[np.arange(len(labels)), labels], 1 / 512))
    score = report["artifacts"]["int8"]["test"]
    assert score["negative_log_likelihood"] == pytest.approx(losses.mean(), rel=0.01)


def test_blend_and_heads_are_three_different_answers(report: dict):
    scores = [report["artifacts"]["int8"], *(report["heads"][head] for head in HEADS)]
    assert len({by_set["test"]["negative_log_likelihood"] for by_set in scores}) == 3


def test_the_manifest_takes_the_heads_over(report: dict):
    heads = metrics_of(report)["heads"]
    assert list(heads) == list(HEADS)
    for head, sets in heads.items():
        for name, score in sets.items():
            assert score["accuracy"] == report["heads"][head][name]["accuracy"]
            assert {"images", "interval", "macro_f1", "top2", "ece", "worst_class"} <= set(score)


def test_a_model_that_is_given_instead_of_the_file_has_no_heads(folder: Path, tmp_path: Path):
    (tmp_path / "contract.json").write_bytes((folder / "contract.json").read_bytes())
    given = TfliteClassifier(folder / "int8.tflite", read_contract(folder))
    assert evaluate_build(tmp_path, tiny_dataset(), {"int8": Remembered(given)})["heads"] == {}


@pytest.mark.parametrize("head", ["both", *HEADS])
def test_robustness_is_measured_by_the_labels_of_the_head(folder: Path, head: str):
    data = tiny_dataset()
    labels = ferplus_rule(data.votes) if head == "votes" else data.labels
    rows = np.flatnonzero((data.split == SELECTION) & ~data.leaked() & (labels >= 0))
    result = write_robustness(folder, data, "int8", head=head)
    right = answers(folder, data.images[rows], head).argmax(axis=1) == labels[rows]
    assert (result["images"], result["head"]) == (len(rows), head)
    assert result["clean"]["accuracy"] == pytest.approx(right.mean(), rel=1e-5)
    by_crowd = ", FER+ own rule" if head == "votes" else ""
    assert result["set"] == f"validation without leaked{by_crowd}"
    assert read_json(folder / "robustness.json") == result


def test_robustness_of_a_head_that_cannot_be_measured_is_refused(folder: Path):
    before = (folder / "robustness.json").read_bytes() if (folder / "robustness.json").exists() else None
    without = dataclasses.replace(tiny_dataset(), votes=None, digest="")
    with pytest.raises(InputError, match="answers with the crowd's labels; give --votes too"):
        write_robustness(folder, without, "int8", head="votes")
    with pytest.raises(InputError, match="head 'crowd': use one of labels, votes, both"):
        write_robustness(folder, tiny_dataset(), "int8", head="crowd")
    after = (folder / "robustness.json").read_bytes() if (folder / "robustness.json").exists() else None
    assert after == before
