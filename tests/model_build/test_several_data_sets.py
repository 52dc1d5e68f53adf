"""A build of two data sets by command: figures for each in every file, evaluated anew, verified, resumed, refused."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import model_build.__main__ as build_main
from face_emotion.files import read_json
from model_build.data import damage
from model_build.data.mixing import mix, parse_classes
from model_build.network.engine import load_engine
from model_build.synthetic.faces import draw_faces
from model_build.training.selection import jury_of
from model_build.training.train import TrainPlan, train
from tests.support.training import BOTH, TINY, TRAIN, UNCHANGED, assert_same_state, interrupted, tiny_dataset

DRAWN = {"glad": 3, "amazed": 5}
FLAGS = (
    "--variant",
    "nano-two",
    "--epochs",
    "2",
    "--batch-size",
    "16",
    "--qat-epochs",
    "0",
    "--qat-calibration",
    "2",
)
DATA = ("--data", "bright", "--data", "dusk=sets/dim", "--classes", "glad=joy")
SETS = [
    "validation",
    "validation without leaked",
    "validation, bright",
    "validation, bright without leaked",
    "validation, dusk",
    "validation, dusk without leaked",
    "test",
    "test without leaked",
    "test, bright",
    "test, bright without leaked",
    "test, dusk",
    "test, dusk without leaked",
]


def write_faces(root: Path, seed: int, dim: bool, names: dict[str, str]) -> None:
    """Writes 20 training, 4 validation and 8 test faces of each of DRAWN below root, in folders of these names."""
    for place, (part, count) in enumerate((("train", 20), ("validation", 4), ("test", 8))):
        for name, label in DRAWN.items():
            folder = root / part / names.get(name, name)
            folder.mkdir(parents=True)
            for number, face in enumerate(draw_faces(count, (seed, place, label), classes=[label])[0]):
                Image.fromarray(damage.darkness(face, 0.35, None) if dim else face).save(
                    folder / f"{number:02}.png"
                )


@pytest.fixture(scope="module")
def two(tmp_path_factory) -> Path:
    """A folder with two data sets; a test picture of each of dim's classes stands in bright's training part."""
    root = tmp_path_factory.mktemp("two")
    write_faces(root / "bright", 1, False, {})
    write_faces(root / "sets/dim", 2, True, {"glad": "joy"})
    shutil.copy(root / "bright/train/glad/00.png", root / "sets/dim/test/joy/00.png")
    shutil.copy(root / "bright/train/amazed/00.png", root / "sets/dim/test/amazed/00.png")
    return root


def run(root: Path, *words: str) -> int:
    """Runs a command line of model_build in a folder, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.setattr(sys, "argv", ["model_build", *words])
        return build_main.main(list(words))


@pytest.fixture(scope="module")
def build(two: Path) -> Path:
    """A verified build of both."""
    assert run(two, "build", *DATA, *FLAGS) == 0
    return two / "build/nano-two"


def test_every_file_has_the_figures_of_each_set_by_name(build: Path):
    evaluation = read_json(build / "evaluation.json")
    assert evaluation["dataset"]["name"] == "bright + dusk"
    assert evaluation["dataset"]["sources"] == [
        {"name": "bright", "origin": "bright", "images": {"train": 40, "validation": 8, "test": 16}},
        {"name": "dusk", "origin": "dim", "images": {"train": 40, "validation": 8, "test": 16}},
    ]
    scores = evaluation["artifacts"]["int8"]
    assert list(scores) == SETS
    assert [scores[name]["images"] for name in SETS] == [16, 16, 8, 8, 8, 8, 32, 30, 16, 16, 16, 14]
    right = {name: round(score["accuracy"] * score["images"]) for name, score in scores.items()}
    assert right["test, bright"] + right["test, dusk"] == right["test"]
    manifest = read_json(build / "manifest.json")
    assert list(manifest["metrics"]["artifacts"]["int8"]) == SETS
    assert manifest["provenance"]["dataset"]["sources"] == evaluation["dataset"]["sources"]
    assert manifest["contract"]["labels"] == ["amazed", "glad"]
    assert read_json(build / "config.json")["dataset"]["sources"] == ["bright", "dusk"]
    assert [entry["also_in_others"] for entry in read_json(build / "audit/audit.json")["sources"]] == [
        {"train": 2, "validation": 0, "test": 0},
        {"train": 0, "validation": 0, "test": 2},
    ]


def test_a_person_reads_the_figures_of_each_set(build: Path):
    scores = read_json(build / "evaluation.json")["artifacts"]["int8"]
    first, second, rest = (
        f"{100 * scores[name]['accuracy']:.1f} %"
        for name in ("test, bright", "test, dusk", "test, dusk without leaked")
    )
    card = (build / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert f"- bright: 40 train, 8 validation, 16 test; **{first}** of its test part right (" in card
    assert f"- dusk: 40 train, 8 validation, 16 test; **{second}** of its test part right (" in card
    assert f"), {rest} without the 2 that also stand in a training part." in card
    assert "| test, dusk without leaked | 14 |" in card and "| test, bright without leaked |" not in card
    page = (build / "report.html").read_text(encoding="utf-8")
    section = page.partition('<section id="sources">')[2].partition("</section>")[0]
    cells = re.findall(r"<t[hd](?: scope=\"\w+\")?>([^<]*)</t[hd]>", section)
    assert cells[:10] == [
        "data set", "train", "validation", "test", "accuracy", "95 % interval", "macro F1", "weakest class, recall",
        "leaked", "without them",
    ]  # fmt: skip
    assert cells[10:15] == ["bright", "40", "8", "16", first]
    assert cells[20:25] == ["dusk", "40", "8", "16", second] and cells[28:30] == ["2", rest]
    shares = [f"{100 * scores[f'test, {name}']['accuracy']:.0f} % of {name}" for name in ("bright", "dusk")]
    assert f"<dt>And on each data set?</dt><dd>It is right on {' and '.join(shares)}.</dd>" in page
    assert '<a href="#sources">Data sets</a>' in page
    assert "dusk: images also in another data set" in page


def test_the_same_training_is_not_done_twice_and_other_data_are_refused(build: Path, two: Path, capsys):
    assert run(two, "train", *DATA, *FLAGS[:6]) == 0
    assert "train: unchanged" in capsys.readouterr().out
    assert run(two, "quantize", "build/nano-two", "--data", "bright", "--qat-epochs", "0") == 2
    assert (
        "--data: not the data set that build/nano-two was trained on (bright + dusk)"
        in capsys.readouterr().err
    )


def test_evaluate_and_verify_take_the_same_flags(build: Path, two: Path, capsys):
    before = read_json(build / "evaluation.json")
    assert run(two, "evaluate", "build/nano-two", *DATA) == 0
    after = read_json(build / "evaluation.json")
    assert after["artifacts"] == before["artifacts"]
    said = capsys.readouterr().out
    assert "each data set: test, int8" in said
    assert re.search(r"│ bright +│ +16 │ .* the same │", said)
    assert re.search(r"│ dusk +│ +16 │ .* \(2 left out\) │", said)
    assert run(two, "verify", "build/nano-two", *DATA) == 0
    assert (
        "verified (files, golden vectors, agreement with the checkpoint, every accuracy)"
        in capsys.readouterr().out
    )
    # One of the two sets is other data: its figures stand beside.
    assert run(two, "evaluate", "build/nano-two", "--data", "dusk=sets/dim", "--classes", "glad=joy") == 0
    assert "build/nano-two/evaluation.dusk.json: dusk is not what build/nano-two was built from" in (
        capsys.readouterr().out
    )
    assert read_json(build / "evaluation.json") == after


def test_an_interrupted_training_of_two_sets_ends_with_the_same_weights(build: Path, two: Path, capsys):
    words = ["train", *DATA, *FLAGS[:6], "--out", "build/again"]
    with interrupted(epoch=2, step=2):
        assert run(two, *words) == 130
    assert len(json.loads((two / "build/again/float/history.json").read_text())) == 1
    assert run(two, *words) == 0
    assert_same_state(two / "build/again/float/state.npz", build / "float/state.npz")
    with (
        np.load(two / "build/again/float/checkpoint.npz") as again,
        np.load(build / "float/checkpoint.npz") as whole,
    ):
        assert all(
            np.array_equal(again[name], whole[name]) for name in whole.files if not name.startswith("__")
        )


def test_two_heads_of_a_set_with_votes_and_one_without(tmp_path: Path):
    crowd = tiny_dataset()
    plain = dataclasses.replace(crowd, images=255 - crowd.images, votes=None, digest="")
    mixed = mix([("crowd", crowd), ("plain", plain)], parse_classes([]))
    settings = dataclasses.replace(TRAIN, epochs=1, batch_size=32)
    made = train(TrainPlan(mixed, TINY, BOTH, settings, UNCHANGED), tmp_path, load_engine())
    (row,) = json.loads((tmp_path / "history.json").read_text())
    assert made.heads == ("labels", "votes") and np.isfinite(row["loss"])
    jury = jury_of(mixed, BOTH)
    # Six of the 64 rows of the crowd that choose have no votes, and plain's 64 have none.
    assert [len(head.rows) for head in jury.heads] == [128, 58]
    assert [len(head.rows) for head in jury_of(crowd, BOTH).heads] == [64, 58]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "train --data bright --data sets/bright",
            "--data: two data sets are called bright; name one: --data NAME=PATH",
        ),
        (
            "train --data bright --data sets/dim",
            "--data: dim has no class 'glad', which bright has; --classes glad=joy if they are the same, =glad leaves "
            "it out, glad= trains it all the same",
        ),
        (
            "evaluate build/nano-two --data bright --data sets/dim --detect",
            "--detect: whole pictures are measured on one data set at a time; give one --data",
        ),
        (
            "audit --data bright --data sets/dim --keep-going",
            "--keep-going: audits one data set as it stands; leave other --data, names and --classes out",
        ),
        ("matrix --data bright", "--data: a matrix compares data sets; name at least two: --data A --data B"),
    ],
)
def test_a_refusal_is_one_line(two: Path, capsys, words: str, said: str):
    assert run(two, *words.split()) == 2
    assert capsys.readouterr().err == f"error: {said}\n"
