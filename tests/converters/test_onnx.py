"""The .onnx file: onnxruntime's answers beside the checkpoint's and the .tflite files', and what it refuses."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest

from converters import onnx_check, onnx_file
from converters.__main__ import main
from converters.manifest import read_contract
from face_emotion.classifier import TfliteClassifier
from face_emotion.files import sha256_of
from face_emotion.normalization import normalized
from model_build.synthetic.faces import draw_faces
from tests.support.paths import ROOT
from tests.support.tflite import random_images

SMALL = ROOT / "models" / "small"
SEVEN = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The released `small` as the command writes it."""
    path = tmp_path_factory.mktemp("onnx") / "small.onnx"
    assert main(["onnx", str(SMALL), "--out", str(path)]) == 0
    return path


def test_the_file_says_what_it_takes_and_gives(small: Path):
    model = onnx.load(str(small))
    onnx.checker.check_model(model, full_check=True)
    session = onnx_file.session(small)
    described = [
        (part.name, part.type, part.shape) for part in (*session.get_inputs(), *session.get_outputs())
    ]
    assert described == [
        ("image", "tensor(uint8)", ["N", 1, 48, 48]),
        ("probabilities", "tensor(float)", ["N", 7]),
        ("logits", "tensor(float)", ["N", 14]),
    ]
    said = session.get_modelmeta()
    assert (said.producer_name, said.graph_name) == ("Face Emotion Kit", "small")
    entries = said.custom_metadata_map
    assert json.loads(entries["labels"]) == SEVEN
    assert json.loads(entries["logits"])[6:9] == ["labels neutral", "votes angry", "votes disgust"]
    assert entries["licence"] == "Apache-2.0"
    assert json.loads(entries["normalization"]) == {
        "kind": "stretch",
        "tail_permille": 20,
        "low": 12,
        "high": 242,
        "smallest_range": 8,
        "applied": "in this file",
    }
    assert json.loads(entries["contract"]) == read_contract(SMALL).to_dict()
    assert entries["source_sha256"] == sha256_of(SMALL / "float32.tflite")
    assert [(entry.domain, entry.version) for entry in model.opset_import if not entry.domain] == [("", 13)]
    weights = {entry.data_type for entry in model.graph.initializer if len(entry.dims) > 1}
    assert weights == {onnx.TensorProto.FLOAT}


@pytest.mark.parametrize("name", ["nano", "small", "base"])
def test_on_drawn_faces_it_answers_as_the_float_file_and_nearly_always_as_int8(name: str, tmp_path: Path):
    faces = np.concatenate([draw_faces(600, seed=21)[0], random_images(400, seed=22)])
    folder, path = ROOT / "models" / name, tmp_path / "model.onnx"
    onnx_file.convert_onnx(folder, path)
    found = onnx_check.check(path, folder, faces)
    assert (found.faces, found.deviation <= 1e-5, found.logits <= 1e-5) == (1000, True, True)
    assert found.agreement > 0.97


def test_it_answers_as_the_float_checkpoint(small: Path):
    from model_build.network import checkpoint
    from model_build.quantization.export import export

    faces = np.concatenate([draw_faces(700, seed=23)[0], random_images(300, seed=24)])
    network = export(checkpoint.load(SMALL / "float" / "checkpoint.npz"), read_contract(SMALL))
    probabilities, logits = onnx_file.answers(small, faces)
    np.testing.assert_allclose(logits, network.logits(faces), atol=1e-4)
    np.testing.assert_allclose(probabilities, network.probabilities(faces), atol=1e-5)


def test_the_stretch_in_the_file_is_the_runtimes_to_the_bit(small: Path):
    """Flat, nearly flat, dark, cut off and noisy crops: each as it is, and stretched by the runtime before."""
    random = np.random.default_rng(25)
    flat = np.full((3, 48, 48), [[[0]], [[128]], [[255]]], np.uint8)
    shallow = random.integers(100, 100 + np.arange(2, 22)[:, None, None], (20, 48, 48)).astype(np.uint8)
    noise = random.integers(0, 256, (20, 48, 48)).astype(np.uint8)
    crops = np.concatenate(
        [flat, shallow, noise, random_images(100, seed=26) // 4, draw_faces(50, seed=27)[0]]
    )
    stretched = normalized(crops, read_contract(SMALL).normalization)
    assert (stretched != crops).any(axis=(1, 2)).mean() > 0.8
    for mine, theirs in zip(
        onnx_file.answers(small, crops), onnx_file.answers(small, stretched), strict=True
    ):
        np.testing.assert_array_equal(mine, theirs)


def test_a_batch_gives_what_its_faces_give_alone(small: Path):
    faces = draw_faces(5, seed=28)[0]
    together = onnx_file.answers(small, faces)[0]
    alone = np.concatenate([onnx_file.answers(small, face[None])[0] for face in faces])
    np.testing.assert_allclose(together, alone, atol=1e-6)
    assert len(onnx_file.answers(small, faces[:0])[0]) == 0


def test_the_same_folder_gives_the_same_bytes(small: Path, tmp_path: Path):
    """In another process, whose sets have another order, and again in this one, where tf2onnx counts on."""
    again, other = tmp_path / "again.onnx", tmp_path / "other.onnx"
    onnx_file.convert_onnx(SMALL, again, licence="Apache-2.0")
    subprocess.run(
        [sys.executable, "-m", "converters", "onnx", str(SMALL), "--out", str(other)],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "7"},
        check=True,
    )
    assert again.read_bytes() == small.read_bytes()
    assert other.read_bytes() == small.read_bytes()
    names = [node.name for node in onnx.load(str(small)).graph.node]
    assert names[:2] == ["front/cast_0", "front/reshape_1"]
    assert names[-5:] == ["classifier_logits", "logits", "classifier_blend", "blend", "probabilities"]


def test_the_command_says_how_far_it_is_off(tmp_path: Path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["onnx", str(ROOT / "models" / "nano")]) == 0
    assert re.fullmatch(
        r"nano\.onnx: 2[67]\d,\d{3} bytes; on 1,000 faces probabilities within \d\.\de-0[67] of float32\.tflite's; "
        r"int8\.tflite gives the same label to 9\d\.\d %\n",
        capsys.readouterr().out,
    )
    assert [path.name for path in tmp_path.iterdir()] == ["nano.onnx"]


def test_own_classes_with_one_head(tiny_build: Path, tmp_path: Path, capsys):
    path = tmp_path / "tiny.onnx"
    assert main(["onnx", str(tiny_build), "--out", str(path)]) == 0
    faces = draw_faces(60, seed=29)[0]
    probabilities, logits = onnx_file.answers(path, faces)
    wanted = TfliteClassifier(tiny_build / "float32.tflite", read_contract(tiny_build)).outputs(faces)
    np.testing.assert_allclose(probabilities, wanted[0], atol=1e-5)
    np.testing.assert_allclose(logits, wanted[1], atol=1e-4)
    assert (probabilities.shape, logits.shape) == ((60, 4), (60, 4))
    entries = onnx_file.session(path).get_modelmeta().custom_metadata_map
    assert json.loads(entries["labels"]) == ["angry", "happy", "surprise", "neutral"]
    assert "licence" not in entries
    assert main(["onnx", str(tiny_build), "--out", str(tmp_path / "mine.onnx"), "--licence", "MIT"]) == 0
    assert onnx_file.session(tmp_path / "mine.onnx").get_modelmeta().custom_metadata_map["licence"] == "MIT"


def test_a_folder_without_a_manifest_yet_will_do(tiny_copy: Path, tmp_path: Path, capsys):
    (tiny_copy / "manifest.json").unlink()
    assert main(["onnx", str(tiny_copy), "--out", str(tmp_path / "tiny.onnx")]) == 0


@pytest.fixture
def refused(tmp_path: Path, capsys, monkeypatch):
    """Runs the command, which must refuse in one line and write nothing; returns that line."""

    def run(*words: str | Path) -> str:
        monkeypatch.chdir(tmp_path)
        before = sorted(tmp_path.rglob("*"))
        assert main(["onnx", *map(str, words)]) == 2
        said = capsys.readouterr()
        assert said.out == "" and len(said.err.splitlines()) == 1
        assert sorted(tmp_path.rglob("*")) == before
        return said.err

    return run


def test_a_file_that_is_there_is_never_replaced(refused, tmp_path: Path):
    (tmp_path / "small.onnx").write_bytes(b"mine")
    line = refused(SMALL)
    assert line == "error: small.onnx: is there already; move it, or name another file with --out\n"
    assert (tmp_path / "small.onnx").read_bytes() == b"mine"


def test_no_folder(refused):
    assert refused("nowhere") == (
        "error: nowhere: no such folder; name a build folder or a released model, such as models/small\n"
    )


def test_a_folder_of_format_1(refused):
    line = refused(ROOT / "tests" / "support" / "format1" / "nano")
    assert "manifest.json: format 1: the runtimes still read it, this toolchain does not" in line


def test_the_face_detectors_folder(refused):
    assert "face_detector/manifest.json" in refused(ROOT / "models" / "face_detector")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of `nano`'s folder for a test to damage."""
    names = ("manifest.json", "float32.tflite", "golden.json", "int8.tflite")
    (tmp_path / "nano").mkdir()
    for name in names:
        shutil.copyfile(ROOT / "models" / "nano" / name, tmp_path / "nano" / name)
    return tmp_path / "nano"


def test_a_folder_without_the_float_file(refused, copy: Path):
    (copy / "float32.tflite").unlink()
    assert refused(copy) == f"error: {copy / 'float32.tflite'}: no such model file\n"
    manifest = json.loads((copy / "manifest.json").read_text())
    del manifest["artifacts"]["float32"]
    (copy / "manifest.json").write_text(json.dumps(manifest))
    assert refused(copy) == (
        f"error: {copy}: has no float32.tflite; name a build folder or a released model\n"
    )


def test_a_changed_float_file(refused, copy: Path):
    content = bytearray((copy / "float32.tflite").read_bytes())
    content[len(content) // 2] ^= 1
    (copy / "float32.tflite").write_bytes(content)
    assert "float32.tflite: damaged or changed" in refused(copy)


def test_a_damaged_float_file_without_a_manifest(refused, tiny_copy: Path):
    (tiny_copy / "manifest.json").unlink()
    content = (tiny_copy / "float32.tflite").read_bytes()
    (tiny_copy / "float32.tflite").write_bytes(content[: len(content) // 3])
    assert "float32.tflite: cannot be converted; it may be damaged" in refused(tiny_copy)


def test_a_missing_package_is_named_with_the_command_that_brings_it(refused, monkeypatch):
    monkeypatch.setattr(onnx_file, "PACKAGES", ("onnx", "no_such_package"))
    line = refused(SMALL)
    assert "lacks no_such_package; run pip install -r requirements-onnx.txt" in line


def test_an_answer_that_is_off_is_refused(small: Path, copy: Path):
    """`nano` beside `small`'s file: the check is one that can fail."""
    with pytest.raises(ValueError, match=r"probabilities are up to .* from those of"):
        onnx_check.check(small, copy, draw_faces(5, seed=30)[0])


def test_a_damaged_onnx_file(tmp_path: Path):
    (tmp_path / "bad.onnx").write_bytes(b"no network")
    with pytest.raises(ValueError, match=r"bad\.onnx: damaged or no \.onnx file"):
        onnx_file.session(tmp_path / "bad.onnx")


def test_the_ten_lines_of_the_documentation_run(small: Path, tmp_path: Path):
    """docs/MODEL_FILE.md's example, with a picture for the name that stands in it."""
    from PIL import Image
    from skimage.data import astronaut

    text = (ROOT / "docs" / "MODEL_FILE.md").read_text(encoding="utf-8")
    (block,) = (part for part in re.findall(r"(?ms)^```python\n(.*?)^```$", text) if "onnxruntime" in part)
    assert len(block.strip().splitlines()) <= 10
    Image.fromarray(astronaut()[40:170, 160:290]).save(tmp_path / "face.png")
    shutil.copyfile(small, tmp_path / "small.onnx")
    done = subprocess.run(
        [sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.split()[0]) == (0, "happy"), done.stderr
