"""Few pictures: the default trains in batches that make enough steps, says so, and learns; a flag is obeyed."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from PIL import Image

from model_build import pipeline
from model_build.build_plan import BuildPlan, plan_from_flags
from model_build.command_line import parser
from model_build.network import checkpoint
from model_build.synthetic.faces import draw_faces
from model_build.training.batches import batch_size_for
from tests.support.build import BUILD_NETWORK


@pytest.mark.parametrize(
    ("images", "usual", "expected"),
    [
        *((28_709, 128, 128), (28_709, 256, 256), (4096, 128, 128), (4095, 128, 64), (1000, 128, 16)),
        *((132, 128, 8), (7, 128, 8), (28, 4, 4), (28, 1, 1)),
    ],
)
def test_batches_are_halved_until_an_epoch_has_32_steps(images: int, usual: int, expected: int):
    assert batch_size_for(images, usual) == expected


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """162 drawn faces of three expressions in class folders."""
    root = tmp_path_factory.mktemp("few") / "few"
    for name, label in {"glad": 3, "sad": 4, "surprised": 5}.items():
        (root / name).mkdir(parents=True)
        for number, face in enumerate(draw_faces(54, (11, label), size=64, classes=[label])[0]):
            Image.fromarray(face).save(root / name / f"{number:03d}.png")
    return root


def plan(pictures: Path, folder: Path, *flags: str) -> BuildPlan:
    words = ["train", "--data", str(pictures), "--variant", "nano-few", "--epochs", "24", *flags]
    return plan_from_flags(parser().parse_args([*words, "--out", str(folder)]))


def accuracy(planned: BuildPlan, folder: Path) -> float:
    """Trains a small network as planned and returns its accuracy on the selection images (a third by chance)."""
    planned = dataclasses.replace(planned, architecture=BUILD_NETWORK, say=lambda line: None)
    pipeline.train_stage(planned, folder)
    return checkpoint.load(folder / "float/checkpoint.npz").details["selection_accuracy"]


def test_the_default_learns_from_162_pictures_and_says_how(pictures, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    planned = plan(pictures, tmp_path / "x")
    assert planned.train.batch_size == planned.describe()["settings"]["batch_size"] == 8
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("training: "))
    assert line == (
        "training: batches of 8, so that the 132 training images make 16 steps an epoch (--batch-size 128 for the "
        "usual); few pictures learn more from a released network: --from models/nano"
    )
    assert accuracy(planned, tmp_path / "x") >= 0.6


def test_a_flag_is_obeyed_without_a_word(pictures, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert plan(pictures, tmp_path / "x", "--batch-size", "128").train.batch_size == 128
    assert "training:" not in capsys.readouterr().out
