"""Cross-fitting: no network sees its own fold, wrong labels are seen through, and training takes the targets."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from PIL import Image

import model_build.__main__ as build_main
from face_emotion.files import read_json
from model_build.data.dataset import TRAINING, Dataset
from model_build.network import checkpoint
from model_build.network.engine import load_engine
from model_build.synthetic.faces import draw_faces
from model_build.training import label_targets
from model_build.training.crossfit import crossfit, folds_of
from model_build.training.train import TrainPlan
from tests.support.training import BOTH, HAPPY, SURPRISE, TINY, TRAIN, UNCHANGED, tiny_dataset


@pytest.fixture(scope="module")
def mislabelled() -> tuple[Dataset, np.ndarray]:
    """The tiny data set with one training label in eight wrong, and which rows those are."""
    dataset = tiny_dataset()
    wrong = (dataset.split == TRAINING) & (np.random.default_rng(8).random(len(dataset)) < 1 / 8)
    labels = np.where(wrong, HAPPY + SURPRISE - dataset.labels, dataset.labels)
    return dataclasses.replace(dataset, labels=labels, votes=None, digest=""), wrong


@pytest.fixture(scope="module")
def fitted(mislabelled, tmp_path_factory):
    """The folder of two folds, by labels alone, and what was said."""
    folder, said = tmp_path_factory.mktemp("crossfit"), []
    settings = dataclasses.replace(TRAIN, epochs=20)
    plan = TrainPlan(mislabelled[0], TINY, ("labels",), settings, UNCHANGED)
    judged = crossfit(plan, 2, folder, load_engine(), said.append)
    return plan, folder, said, judged


def test_every_row_is_in_one_fold_and_copies_in_the_same(mislabelled):
    dataset = mislabelled[0]
    twice = dataset.rows(np.tile(np.arange(len(dataset)), 2))
    fold = folds_of(twice, 3)
    np.testing.assert_array_equal(fold[: len(dataset)], fold[len(dataset) :])
    counts = np.bincount(fold, minlength=3)
    assert len(counts) == 3 and counts.min() > 0.9 * len(twice) / 3


def test_no_network_sees_the_fold_that_it_is_asked_about(fitted, mislabelled):
    plan, folder, *_ = fitted
    dataset, fold = mislabelled[0], folds_of(mislabelled[0], 2)
    for number in (0, 1):
        stored = checkpoint.load(folder / f"fold-{number + 1}/float/checkpoint.npz")
        shown = dataset.rows((dataset.split == 1) | ((dataset.split == 0) & (fold != number)))
        assert stored.details["settings"]["dataset"] == shown.digest
        assert stored.details["settings"]["seed"] == plan.train.seed + number


def test_wrong_labels_are_seen_through(fitted, mislabelled):
    _, folder, said, judged = fitted
    dataset, wrong = mislabelled
    part = dataset.part(TRAINING)
    wrong = wrong[dataset.split == TRAINING]
    targets = label_targets.load(folder / label_targets.NAME, part)
    truth = np.where(wrong, HAPPY + SURPRISE - part.labels, part.labels)
    assert 30 < wrong.sum() < 80
    assert (targets.argmax(axis=1) == truth)[wrong].mean() > 0.7  # a network that learnt them says 0
    assert (targets.argmax(axis=1) == truth)[~wrong].mean() > 0.7
    assert judged["label targets"].accuracy == pytest.approx(
        (targets.argmax(axis=1) == part.labels).mean(), abs=0.01
    )
    assert len(said) == 2 and "fold 2 of 2: asked about the" in said[1]
    record = read_json(folder / "crossfit.json")
    assert (record["folds"], record["dataset"]["name"]) == (2, "tiny")
    assert set(record["figures"]) == {"out of fold", "label targets"}


def test_a_second_run_trains_nothing_and_says_the_same(fitted, monkeypatch):
    plan, folder, _, judged = fitted
    before = (folder / label_targets.NAME).read_bytes()
    states = [path.stat().st_mtime_ns for path in sorted(folder.rglob("state.npz"))]
    assert crossfit(plan, 2, folder, load_engine(), lambda line: None) == judged
    assert (folder / label_targets.NAME).read_bytes() == before
    assert [path.stat().st_mtime_ns for path in sorted(folder.rglob("state.npz"))] == states
    assert len(states) == 2


def test_votes_make_the_targets_sharper(tmp_path):
    plan = TrainPlan(tiny_dataset(), TINY, BOTH, dataclasses.replace(TRAIN, epochs=1), UNCHANGED)
    judged = crossfit(plan, 2, tmp_path, load_engine(), lambda line: None)
    assert judged["label targets"].log_loss < judged["out of fold"].log_loss - 0.2
    assert judged["label targets"].accuracy > 0.85  # seven of ten votes are for the label, a tenth has none


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Class folders of drawn faces: 36 to train on, 12 to choose by, 12 for a test."""
    folder = tmp_path_factory.mktemp("faces")
    for part, count in (("train", 36), ("validation", 12), ("test", 12)):
        images, labels = draw_faces(count, (9, count, part == "test"), classes=(HAPPY, SURPRISE))
        for number, (image, label) in enumerate(zip(images, labels, strict=True)):
            path = folder / part / ("happy" if label == HAPPY else "surprise") / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(path)
    return folder


def test_the_commands_make_targets_and_train_on_them(pictures, tmp_path, capsys):
    quick = ["--data", str(pictures), "--variant", "nano", "--epochs", "1"]
    out = tmp_path / "out-of-fold"
    assert build_main.main(["crossfit", *quick, "--folds", "2", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "of the labels  log loss" in printed and str(out / "label_targets.npz") in printed
    told = ["train", *quick, "--label-targets", str(out / "label_targets.npz"), "--out", str(tmp_path / "a")]
    assert build_main.main(told) == 0
    assert "label_targets" in json.loads((tmp_path / "a/config.json").read_text())
    assert build_main.main(["train", *quick, "--out", str(tmp_path / "b")]) == 0
    first, second = (checkpoint.load(tmp_path / name / "float/checkpoint.npz").weights for name in "ab")
    assert any(not np.array_equal(first[name], second[name]) for name in first)
    other = ["train", "--data", "synthetic", *told[3:], "--replace"]
    assert build_main.main(other) == 2
    assert "made of another data set than synthetic; run crossfit on this one" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words, message",
    [
        (["--from", "x.npz"], "--from x.npz: may have learnt the images that a fold leaves out"),
        (["--folds", "1"], "--folds"),
        (["--label-targets", "x.npz"], "--label-targets"),
    ],
)
def test_flags_that_would_spoil_it_are_refused(words, message, pictures, tmp_path, capsys):
    command = ["crossfit", "--data", str(pictures), "--out", str(tmp_path / "out"), *words]
    try:
        status = build_main.main(command)
    except SystemExit as ended:
        status = ended.code
    error = capsys.readouterr().err
    assert status == 2 and message in error and error.strip().count("\n") == 0
    assert not (tmp_path / "out/crossfit.json").exists()


def test_targets_of_other_data_are_not_written_over(pictures, tmp_path, capsys):
    out = tmp_path / "out"
    out.mkdir()
    (out / "crossfit.json").write_text('{"dataset": {"name": "another", "digest": "0"}}')
    quick = ["crossfit", "--data", str(pictures), "--variant", "nano", "--epochs", "1", "--out", str(out)]
    assert build_main.main(quick) == 2
    assert f"holds what was made of other data (another, not {pictures.name})" in capsys.readouterr().err
