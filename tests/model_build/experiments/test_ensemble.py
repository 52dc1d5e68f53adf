"""Teachers judged alone and averaged."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model_build.__main__ import main
from model_build.data import loading
from model_build.experiments.ensemble import judge
from model_build.network import checkpoint
from model_build.network.engine import load_engine
from model_build.training.selection import predict, selection_set
from tests.support.training import BOTH, Trained, softmax, tiny_dataset, untrained_checkpoint


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two untrained networks with both heads."""
    folder = tmp_path_factory.mktemp("ensemble")
    for seed in (0, 1):
        checkpoint.save(folder / f"{seed}.npz", untrained_checkpoint(heads=BOTH, seed=seed))
    return [folder / "0.npz", folder / "1.npz"]


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
    models = [checkpoint.load(path).model(keras, ("labels",)) for path in paths]
    sides = [selection.images, selection.images[:, :, ::-1]]
    answers = [[softmax(predict(model, images)[0]) for images in sides] for model in models]
    means = [*(np.mean(both, axis=0) for both in answers), np.mean(np.concatenate(answers), axis=0)]
    expected = [selection.judge_logits(np.log(mean)).log_loss for mean in means]
    found = [judgement.log_loss for judgement in judge(paths, dataset, load_engine(), mirror=True)]
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    plain = [judgement.log_loss for judgement in judge(paths, dataset, load_engine())]
    assert abs(found[0] - plain[0]) > 1e-3 and abs(found[2] - plain[2]) > 1e-3


@pytest.mark.parametrize(("flags", "head"), [([], "labels"), (["--head", "votes"], "votes")])
def test_the_command_prints_a_line_each(paths: list[Path], monkeypatch, capsys, flags: list[str], head: str):
    monkeypatch.setattr(loading, "load", lambda data, votes: tiny_dataset())
    assert main(["ensemble", *map(str, paths), "--data", "any", *flags]) == 0
    found = judge(paths, tiny_dataset(), load_engine(), head)
    names = [*map(str, paths), "averaged"]
    assert capsys.readouterr().out.splitlines() == [
        f"{judgement.accuracy:7.2%}  log loss {judgement.log_loss:.4f}  {name}"
        for name, judgement in zip(names, found, strict=True)
    ]


def test_a_missing_checkpoint_is_one_line_and_exit_2(tmp_path: Path):
    arguments = [str(tmp_path / "none.npz"), "--data", "synthetic"]
    done = subprocess.run(
        [sys.executable, "-m", "model_build", "ensemble", *arguments], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr.strip() == f"error: {tmp_path / 'none.npz'}: no such checkpoint"
