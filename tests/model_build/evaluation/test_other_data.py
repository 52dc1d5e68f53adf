"""Figures on another data set than a model's own go beside its own, by name: nothing published is overwritten."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

import benchmarks.__main__ as benchmarks_main
import model_build.__main__ as build_main
from face_emotion.files import read_json, write_json
from model_build.evaluation.evaluate import evaluate_build
from model_build.evaluation.evaluation_file import beside, file_for
from model_build.evaluation.finished_build import read_build
from model_build.pipeline import measure_robustness
from model_build.reporting.model_card import write_model_card
from model_build.synthetic.faces import draw_faces
from tests.support.build import FACES, faces_dataset
from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def others():
    """Drawn faces of the tiny build's classes, but of other people."""
    own = faces_dataset(train=4, select=24, test=24)
    images = draw_faces(len(own), seed=77, classes=list(FACES.values()))[0]
    return dataclasses.replace(own, images=images, name="my faces/2026", digest="")


def contents(folder: Path) -> dict[str, bytes]:
    """Returns every file's bytes by its path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_evaluation_and_robustness_on_other_data_stand_beside_the_builds_own(tiny_copy: Path, others):
    before = contents(tiny_copy)
    evaluate_build(tiny_copy, others)
    measure_robustness(tiny_copy, others, "int8", head="labels")
    after = contents(tiny_copy)
    assert after.items() >= before.items()
    assert sorted(after.keys() - before.keys()) == [
        "evaluation.my-faces-2026.json",
        "robustness.my-faces-2026.json",
        "robustness.my-faces-2026.png",
    ]
    found = read_build(tiny_copy, "evaluation.my-faces-2026.json")
    assert found.evaluation["dataset"]["name"] == "my faces/2026"
    assert "## Robustness" in write_model_card(tiny_copy).read_text(encoding="utf-8")


def test_the_builds_own_data_replaces_its_own_figures(tiny_copy: Path):
    evaluate_build(tiny_copy, faces_dataset())
    assert not list(tiny_copy.glob("evaluation.*.json"))


def test_evaluate_without_data_leaves_the_released_figures_as_they_are(tmp_path: Path, capsys):
    model = tmp_path / "nano"
    shutil.copytree(ROOT / "models" / "nano", model)
    before = contents(model)
    assert build_main.main(["evaluate", str(model)]) == 0
    after = contents(model)
    assert after.keys() - before.keys() == {"evaluation.synthetic.json"}
    assert after.items() >= before.items()
    said = capsys.readouterr().out
    assert f"{model}/evaluation.synthetic.json: synthetic is not what {model} was built from" in said
    assert benchmarks_main.main(["artifacts", str(model), "--rounds", "1"]) == 0
    assert contents(model) == after and f"not written: {model} is no build folder" in capsys.readouterr().out
    assert (
        benchmarks_main.main(["artifacts", str(model), "--rounds", "1", "--out", str(tmp_path / "b.json")])
        == 0
    )
    assert read_json(tmp_path / "b.json")["rounds"] == 1


def test_golden_vectors_that_would_differ_from_the_manifests_are_not_written(tiny_copy: Path, capsys):
    before = (tiny_copy / "golden.json").read_bytes()
    assert build_main.main(["golden", str(tiny_copy)]) == 0
    assert (tiny_copy / "golden.json").read_bytes() == before
    contract = read_json(tiny_copy / "contract.json")
    contract["crop"]["box_width"] = 0.5
    write_json(tiny_copy / "contract.json", contract)
    assert build_main.main(["golden", str(tiny_copy)]) == 2
    assert "golden.json: would no longer be what manifest.json states" in capsys.readouterr().err
    assert (tiny_copy / "golden.json").read_bytes() == before


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, "evaluation.json"),
        ({"config.json": {"dataset": {"digest": "abc"}}}, "evaluation.json"),
        ({"config.json": {"dataset": {"digest": "xyz"}}}, "evaluation.AffectNet-8.json"),
        ({"manifest.json": {"provenance": {"dataset": {"digest": "xyz"}}}}, "evaluation.AffectNet-8.json"),
        ({"config.json": {"name": "old"}, "manifest.json": {}}, "evaluation.json"),
    ],
)
def test_where_figures_go(tmp_path: Path, files: dict, expected: str):
    for name, value in files.items():
        write_json(tmp_path / name, value)
    assert file_for(tmp_path, "evaluation.json", "AffectNet (8)", "abc") == expected


def test_a_name_without_a_letter_is_still_a_file():
    assert beside("robustness.png", "…") == "robustness.other.png"
