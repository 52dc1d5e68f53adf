"""`python -m converters`: files in, files out; each bad input is one line and status 2."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from converters.__main__ import main
from converters.manifest import read_contract
from converters.tfjs_runtime import TfjsModel
from face_emotion.classifier import TfliteClassifier
from model_build.synthetic.faces import draw_faces
from tests.support.paths import ROOT


def test_a_saved_model_becomes_the_builds_own_file(tiny_build: Path, tmp_path: Path, capsys):
    target = tmp_path / "mine.tflite"
    words = ["--contract", str(tiny_build), "--name", "tiny"]
    assert main(["tflite", str(tiny_build / "qat/saved_model"), str(target), *words]) == 0
    assert capsys.readouterr().out == f"{target}\n"
    assert target.read_bytes() == (tiny_build / "int8.tflite").read_bytes()


def test_without_a_contract_the_file_has_no_metadata_and_answers_alike(tiny_build: Path, tmp_path: Path):
    assert main(["tflite", str(tiny_build / "qat/saved_model"), str(tmp_path / "bare.tflite")]) == 0
    assert b"TFLITE_METADATA" not in (tmp_path / "bare.tflite").read_bytes()
    contract, faces = read_contract(tiny_build), draw_faces(5, seed=5)[0]
    bare, built = (
        TfliteClassifier(folder / name, contract).raw(faces)
        for folder, name in ((tmp_path, "bare.tflite"), (tiny_build, "int8.tflite"))
    )
    np.testing.assert_array_equal(bare, built)


def test_the_representative_faces_set_the_ranges(tiny_build: Path, tmp_path: Path):
    faces = draw_faces(40, seed=5)[0]
    np.save(tmp_path / "faces.npy", faces)
    words = [
        "tflite",
        str(tiny_build / "float/saved_model"),
        str(tmp_path / "ptq.tflite"),
        "--kind",
        "int8_ptq",
    ]
    words += ["--contract", str(tiny_build)]
    assert main([*words, "--representative", str(tmp_path / "faces.npy")]) == 0
    contract = read_contract(tiny_build)
    built = TfliteClassifier(tiny_build / "int8_ptq.tflite", contract).probabilities(faces)
    mine = TfliteClassifier(tmp_path / "ptq.tflite", contract).probabilities(faces)
    assert np.abs(mine - built).max() < 0.2


def test_a_tflite_file_becomes_a_graph_model_that_answers_alike(tiny_build: Path, tmp_path: Path):
    assert main(["tfjs", str(tiny_build / "int8.tflite"), str(tmp_path / "graph")]) == 0
    faces = draw_faces(14, seed=6)[0]
    own, built = (
        TfjsModel(folder).probabilities(faces) for folder in (tmp_path / "graph", tiny_build / "tfjs")
    )
    np.testing.assert_array_equal(own, built)


def test_the_sequence_is_written_as_it_is_released(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys):
    released = json.loads((ROOT / "models" / "golden_sequence.json").read_text())
    monkeypatch.setattr("converters.golden_sequence.PATH", tmp_path / "models" / "golden_sequence.json")
    monkeypatch.setattr(
        "converters.golden_sequence.write.__defaults__", (tmp_path / "models/golden_sequence.json",)
    )
    assert main(["sequence"]) == 0
    assert capsys.readouterr().out == "models/golden_sequence.json\n"
    assert json.loads((tmp_path / "models" / "golden_sequence.json").read_text()) == released


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["tflite", "{tmp}", "{tmp}/x.tflite"], "not a SavedModel folder"),
        (["tflite", "{tmp}", "{tmp}/x.tflite", "--kind", "int8_ptq"], "give --representative FILE.npy"),
        (
            ["tflite", "{tmp}", "{tmp}/x.tflite", "--representative", "a.npy"],
            "goes with --kind int8_ptq only",
        ),
        (
            ["tflite", "{tmp}", "x", "--kind", "int8_ptq", "--representative", "{tmp}/none.npy"],
            "no .npy file that can be read",
        ),
        (
            ["tflite", "{tmp}", "x", "--kind", "int8_ptq", "--representative", "{tmp}/small.npy"],
            "uint8 faces [N,48,48] are expected",
        ),
        (["tfjs", "{tmp}/none.tflite", "{tmp}/out"], "none.tflite: no such"),
    ],
)
def test_bad_input_is_one_line(words: list[str], message: str, tmp_path: Path, capsys):
    np.save(tmp_path / "small.npy", np.zeros((3, 24, 24), np.uint8))
    before = sorted(tmp_path.iterdir())
    assert main([word.format(tmp=tmp_path) for word in words]) == 2
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1 and error.startswith("error: ")
    assert sorted(tmp_path.iterdir()) == before
