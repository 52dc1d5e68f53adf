"""Teachers judged alone and averaged."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from face_emotion.contract import Normalization
from face_emotion.normalization import normalized
from model_build.__main__ import main
from model_build.data import sources
from model_build.experiments.ensemble import Answers, ask, fit_weights
from model_build.network import checkpoint
from model_build.network.engine import load_engine
from model_build.settings import AugmentSettings, shares
from model_build.training.selection import Judgement, SelectionSet, predict, selection_set
from tests.support.training import BOTH, Trained, softmax, tiny_dataset, untrained_checkpoint


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two untrained networks with both heads."""
    folder = tmp_path_factory.mktemp("ensemble")
    for seed in (0, 1):
        checkpoint.save(folder / f"{seed}.npz", untrained_checkpoint(heads=BOTH, seed=seed))
    return [folder / "0.npz", folder / "1.npz"]


def judge(*arguments, **options) -> list[Judgement]:
    """What is said of each alone, and last of their average."""
    answers = ask(*arguments, **options)
    return [*(answers.judge(alone) for alone in np.eye(len(answers.probabilities))), answers.judge()]


@pytest.mark.parametrize("head", BOTH)
def test_each_is_judged_and_then_the_mean_of_their_probabilities(paths: list[Path], head: str):
    dataset, keras = tiny_dataset(), load_engine().keras
    selection = selection_set(dataset, head)
    models = [checkpoint.load(path).model(keras, (head,)) for path in paths]
    logits = [predict(model, selection.images)[0] for model in models]
    expected = [float(np.mean(answer.argmax(axis=1) == selection.labels)) for answer in logits]
    mean = np.mean([softmax(answer) for answer in logits], axis=0)
    expected.append(float(np.mean(mean.argmax(axis=1) == selection.labels)))
    found = judge(paths, dataset, load_engine(), head)
    assert [judgement.accuracy for judgement in found] == expected
    losses = [selection.judge(model).log_loss for model in models]
    losses.append(selection.judge_logits(np.log(mean)).log_loss)
    np.testing.assert_allclose([judgement.log_loss for judgement in found], losses, rtol=1e-4)
    assert len({round(loss, 3) for loss in losses}) == 3  # the mean is neither of the two


def test_with_mirror_the_probabilities_of_both_images_are_averaged(paths: list[Path], trained_float: Trained):
    paths = [trained_float.folder / "checkpoint.npz", paths[0]]
    dataset, keras = tiny_dataset(), load_engine().keras
    selection = selection_set(dataset, "labels")
    stored = [checkpoint.load(path) for path in paths]
    sides = [selection.images, selection.images[:, :, ::-1]]
    answers = [
        [
            softmax(predict(found.model(keras, ("labels",)), images, found.normalization)[0])
            for images in sides
        ]
        for found in stored
    ]
    means = [*(np.mean(both, axis=0) for both in answers), np.mean(np.concatenate(answers), axis=0)]
    expected = [selection.judge_logits(np.log(mean)).log_loss for mean in means]
    found = [judgement.log_loss for judgement in judge(paths, dataset, load_engine(), mirror=True)]
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    plain = [judgement.log_loss for judgement in judge(paths, dataset, load_engine())]
    assert abs(found[0] - plain[0]) > 1e-3 and abs(found[2] - plain[2]) > 1e-3


@pytest.mark.parametrize(("flags", "head"), [([], "labels"), (["--head", "votes"], "votes")])
def test_the_command_prints_a_line_each(
    paths: list[Path], tiny_csv: Path, monkeypatch, capsys, flags: list[str], head: str
):
    monkeypatch.setattr(sources, "load", lambda data, *others, **form: tiny_dataset())
    assert main(["ensemble", *map(str, paths), "--data", str(tiny_csv), *flags]) == 0
    found = judge(paths, tiny_dataset(), load_engine(), head)
    names = [*map(str, paths), "averaged"]
    assert capsys.readouterr().out.splitlines() == [
        f"{judgement.accuracy:7.2%}  log loss {judgement.log_loss:.4f}  {name}"
        for name, judgement in zip(names, found, strict=True)
    ]


def test_views_ask_about_augmented_images_each_with_its_own_label(paths: list[Path], trained_float: Trained):
    paths = [trained_float.folder / "checkpoint.npz", paths[0]]
    dataset = tiny_dataset()
    still = AugmentSettings(flip=0, rotate=0, scale=0, shift=0, brightness=0, contrast=0, gradient=0, erase=0)
    clean = ask(paths, dataset, load_engine())
    twice = ask(paths, dataset, load_engine(), views=2, settings=still)
    count = len(clean.selection.images)
    np.testing.assert_array_equal(twice.source, np.tile(np.arange(count), 2))
    np.testing.assert_array_equal(twice.selection.labels, np.tile(clean.selection.labels, 2))
    np.testing.assert_allclose(twice.probabilities[:, count:], clean.probabilities, atol=1e-4)
    assert twice.judge().accuracy == pytest.approx(clean.judge().accuracy, abs=0.01)
    noisy = ask(paths, dataset, load_engine(), views=1, settings=AugmentSettings(noise=0.4))
    assert noisy.judge(np.array([1.0, 0.0])).log_loss > clean.judge(np.array([1.0, 0.0])).log_loss


def test_each_teacher_is_asked_about_images_of_its_own_normalisation(paths: list[Path], tmp_path: Path):
    dataset, keras = tiny_dataset(), load_engine().keras
    stored = checkpoint.load(paths[0])
    stretched = dataclasses.replace(stored, normalization=Normalization("stretch"))
    checkpoint.save(tmp_path / "stretched.npz", stretched)
    answers = ask([paths[0], tmp_path / "stretched.npz"], dataset, load_engine())
    images = selection_set(dataset, "labels").images
    by_hand = normalized(images, Normalization("stretch"))
    assert np.abs(by_hand.astype(int) - images).max() > 10
    model = stored.model(keras, ("labels",))
    for found, seen in zip(answers.probabilities, (images, by_hand), strict=True):
        expected = softmax(np.asarray(model((seen / np.float32(255))[..., None].astype(np.float32))))
        np.testing.assert_allclose(found, expected, atol=1e-5)
    assert np.abs(answers.probabilities[0] - answers.probabilities[1]).max() > 0.001
    turned = ask([tmp_path / "stretched.npz"], dataset, load_engine(), mirror=True).probabilities[0]
    back = model((by_hand[:, :, ::-1] / np.float32(255))[..., None].astype(np.float32))
    np.testing.assert_allclose(turned, (answers.probabilities[1] + softmax(np.asarray(back))) / 2, atol=1e-5)


def made_up(sure: tuple[float, ...], count: int = 900) -> Answers:
    """Teachers that answer the label with these probabilities on average, independently of each other."""
    random = np.random.default_rng(5)
    labels = random.integers(0, 3, count)
    right = np.stack([random.random(count) < share for share in sure])
    given = np.where(right, labels, (labels + random.integers(1, 3, count)) % 3)
    probabilities = np.where(np.eye(3)[given] > 0, 0.8, 0.1).astype(np.float32)
    images = np.zeros((count, 48, 48), np.uint8)
    return Answers(SelectionSet(images, labels), probabilities, np.arange(count) // 3)


def test_fitted_weights_prefer_the_better_teacher_and_are_judged_on_other_images():
    answers = made_up((0.9, 0.7, 1 / 3))
    weights, judged = fit_weights(answers)
    assert weights.sum() == pytest.approx(1) and weights[0] > weights[1] > weights[2]
    assert weights[2] < 0.1
    assert judged.log_loss < answers.judge().log_loss - 0.02
    assert (
        judged.log_loss >= answers.judge(weights).log_loss - 1e-3
    )  # what was fitted is never judged as worse


def test_the_command_fits_weights_that_training_takes(paths: list[Path], tiny_csv: Path, monkeypatch, capsys):
    monkeypatch.setattr(sources, "load", lambda data, *others, **form: tiny_dataset())
    words = [
        "ensemble",
        *map(str, paths),
        "--data",
        str(tiny_csv),
        "--views",
        "2",
        "--noise",
        "0.05",
        "--fit-weights",
    ]
    assert main(words) == 0
    line = capsys.readouterr().out.splitlines()[-1]
    weights = shares(line.rpartition("--teacher-weights ")[2])
    assert len(weights) == 2 and sum(weights) == pytest.approx(1)
    with pytest.raises(SystemExit) as ended:
        main([*words, "--views", "-1"])
    error = capsys.readouterr().err
    assert ended.value.code == 2 and error.count("\n") == 1
    assert error.startswith(
        "error: argument --views: '-1': a whole number from 0 to 10,000 is expected; see "
    )


def test_a_missing_checkpoint_is_one_line_and_exit_2(tmp_path: Path):
    arguments = [str(tmp_path / "none.npz"), "--data", "synthetic"]
    done = subprocess.run(
        [sys.executable, "-m", "model_build", "ensemble", *arguments], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr.strip() == f"error: {tmp_path / 'none.npz'}: no such checkpoint"
