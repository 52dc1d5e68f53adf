"""`python -m model_build build --onnx`: the .onnx file beside the rest of a build of somebody's own classes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from converters.manifest import read_manifest
from converters.onnx_file import answers, session
from face_emotion.classifier import TfliteClassifier
from face_emotion.model_files import ModelFolder
from model_build.synthetic.faces import draw_faces
from tests.support.build import CommandBuild, run

NAME = "float32.onnx"


def test_a_build_with_onnx_makes_the_file_once_and_trains_nothing_again(
    own_build: CommandBuild, tmp_path: Path
):
    place = own_build.data.parent
    shutil.copytree(place, tmp_path / "own")
    folder = tmp_path / "own" / own_build.folder.relative_to(place)
    assert not (folder / NAME).exists()
    weights = (folder / "float/checkpoint.npz").read_bytes()
    first = run("model_build", *own_build.flags, "--onnx", cwd=tmp_path / "own")
    assert first.returncode == 0, first.stderr
    said = first.stdout + first.stderr
    assert "train: unchanged" in said and "onnx …" in said
    assert "float32.onnx: on 1,000 faces probabilities within " in said
    assert (folder / "float/checkpoint.npz").read_bytes() == weights
    second = run("model_build", *own_build.flags, "--onnx", cwd=tmp_path / "own")
    assert (second.returncode, "onnx: unchanged" in second.stdout + second.stderr) == (0, True)
    model = ModelFolder.open(folder)
    entries = session(folder / NAME).get_modelmeta().custom_metadata_map
    assert json.loads(entries["labels"]) == list(model.contract.labels)
    assert set(json.loads(entries["labels"])) == {"überrascht", "Glad & | well", "<b>traurig"}
    assert entries["name"] == "nano-own" and "licence" not in entries
    faces = draw_faces(20, seed=31)[0]
    wanted = TfliteClassifier(model.artifact("float32"), model.contract).outputs(faces)
    assert abs(answers(folder / NAME, faces)[0] - wanted[0]).max() < 1e-5
    assert "onnx" not in json.dumps(read_manifest(folder)["artifacts"])  # no part of what is released
