"""`python -m model_build face-detector`: models/face_detector is what it writes, in both runtimes; what it refuses."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

import model_build.__main__ as build_main
from converters import face_detector
from converters.face_detector import FOLDER, build_manifest, deviation, write
from converters.tfjs_runtime import TfjsModel
from face_emotion.errors import InputError
from face_emotion.files import read_json, sha256_of
from model_build.synthetic.golden import detector_frames
from model_build.synthetic.scenes import draw_frame
from tests.support.tfjs import interpret

NETWORKS = [("near.tflite", "tfjs", 160), ("far.tflite", "tfjs_far", 640)]


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    """The folder, written again from the .onnx file alone."""
    folder = tmp_path_factory.mktemp("again") / "face_detector"
    folder.mkdir()
    shutil.copy(FOLDER / "yunet_n.onnx", folder)
    write(detector_frames(), folder)
    return folder


def numbers(value: object) -> list[float]:
    """All numbers of a JSON value, in order."""
    if isinstance(value, dict | list):
        return [
            number
            for entry in (value.values() if isinstance(value, dict) else value)
            for number in numbers(entry)
        ]
    return [float(value)] if isinstance(value, int | float) else []


def test_the_manifest_is_of_the_files_that_stand_there():
    manifest = read_json(FOLDER / "manifest.json")
    assert manifest == build_manifest(FOLDER)
    assert (manifest["format"], manifest["name"], manifest["licence"]) == (2, "face_detector", "Apache-2.0")
    assert (manifest["detector"]["near_size"], manifest["detector"]["far_size"]) == (160, 640)
    assert manifest["detector"]["crop"] == {"box_width": 0.795, "box_center": [0.5, 0.527]}
    assert {name: entry["bytes"] for name, entry in manifest["artifacts"].items() if name != "golden"} == {
        "tflite": 176_340,
        "tflite_far": 176_340,
        "tfjs": (FOLDER / "tfjs/model.json").stat().st_size + 151_960,
        "tfjs_far": (FOLDER / "tfjs_far/model.json").stat().st_size + 151_960 + 52,
        "source": 322_906,
    }
    assert manifest["artifacts"]["source"]["files"][0]["sha256"].startswith("104ee26c71d5c270")
    assert manifest["provenance"]["commit"] == "0047ac24afb1a50a0c6105001c89d1b5b805dbf1"


def test_far_has_the_weights_of_near_and_of_its_own_only_the_sizes():
    artifacts = read_json(FOLDER / "manifest.json")["artifacts"]
    near, far = (
        {entry["file"]: entry for entry in artifacts[name]["files"]} for name in ("tfjs", "tfjs_far")
    )
    assert near.keys() & far.keys() == {"tfjs/weights.bin"}
    assert near["tfjs/weights.bin"] == far["tfjs/weights.bin"]
    shared, own = read_json(FOLDER / "tfjs_far/model.json")["weightsManifest"]
    assert (shared["paths"], own["paths"]) == (["../tfjs/weights.bin"], ["weights.bin"])
    assert {weight["dtype"] for weight in own["weights"]} == {"int32"}
    assert np.fromfile(FOLDER / "tfjs_far/weights.bin", "<i4").tolist() == [
        *(-1, 400, 16),
        *(40, 40),
        *(-1, 1600, 16),
        *(80, 80),
        *(-1, 6400, 16),
    ]


def test_licence_and_readme_stand_beside_them():
    licence = (FOLDER / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in licence and "Shiqi Yu" in licence
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    stated = {
        path.relative_to(FOLDER).parts[0]
        for path in FOLDER.rglob("*")
        if path.is_file() and path.name not in ("README.md", "LICENSE")
    }
    assert all(f"`{name}" in readme for name in stated), stated
    assert "160×160" in readme and "525 rows" in readme and "640×640: 8,400 rows" in readme


def test_the_command_writes_the_same_networks_again(written):
    """To the byte: the same TensorFlow makes the same file of the same graph."""
    for name, tfjs, _ in NETWORKS:
        for file in (name, f"{tfjs}/model.json", f"{tfjs}/weights.bin"):
            assert sha256_of(written / file) == sha256_of(FOLDER / file), file
    assert sorted(path.name for path in written.iterdir()) == sorted(
        path.name for path in FOLDER.iterdir() if path.name not in ("README.md", "LICENSE")
    )


def test_the_command_writes_the_same_golden_vectors_again(written):
    """Pictures are searched with sums that another processor may round in another way."""
    made, stands = read_json(written / "golden.json"), read_json(FOLDER / "golden.json")
    assert set(made) == set(stands)
    for name in set(made) - {"frames", "video", "cases"}:
        assert made[name] == stands[name], name
    for one, other in zip(made["cases"], stands["cases"], strict=True):
        assert {**one, "faces": None} == {**other, "faces": None}
        np.testing.assert_allclose(numbers(one["faces"]), numbers(other["faces"]), rtol=1e-12)
    for one, other in zip(made["frames"], stands["frames"], strict=True):
        assert {name: one[name] for name in one if name not in ("near", "far")} == {
            name: other[name] for name in other if name not in ("near", "far")
        }
    for name in ("frames", "video"):
        np.testing.assert_allclose(numbers(made[name]), numbers(stands[name]), atol=1.01)
    manifest = read_json(written / "manifest.json")
    assert manifest["detector"] == read_json(FOLDER / "manifest.json")["detector"]


@pytest.mark.parametrize(("file", "_", "size"), NETWORKS)
def test_the_files_compute_what_onnxruntime_makes_of_the_original(file, _, size):
    assert deviation(FOLDER / file, FOLDER / "yunet_n.onnx", size) < 0.01


@pytest.mark.parametrize(("file", "tfjs", "size"), NETWORKS)
def test_the_page_computes_what_litert_does(file, tfjs, size):
    """Both run for real: TF.js in node, on the page's own bundle."""
    low, high = size * 0.3, size * 0.7
    faces = [draw_frame(size, size, [(low, low, high, high)], [label], label) for label in (3, 6)]
    tint = np.array([1.0, 0.85, 0.7])
    rows = np.floor(np.stack(faces)[..., None] * tint).astype(np.float32)
    (expected,) = interpret((FOLDER / file).read_bytes(), rows).values()
    (found,) = TfjsModel(FOLDER / tfjs).outputs(rows).values()
    assert found.shape == expected.shape == (2, {160: 525, 640: 8400}[size], 16)
    np.testing.assert_allclose(found, expected, atol=2e-3)


def test_another_source_is_refused_and_nothing_written(tmp_path):
    content = bytearray((FOLDER / "yunet_n.onnx").read_bytes())
    content[1000] ^= 1
    (tmp_path / "yunet_n.onnx").write_bytes(content)
    with pytest.raises(InputError, match=r"yunet_n\.onnx: sha256 is not 104ee26c71d5…; nothing was written"):
        write(detector_frames(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["yunet_n.onnx"]
    (tmp_path / "yunet_n.onnx").unlink()
    with pytest.raises(InputError, match=r"yunet_n\.onnx: no such network"):
        write(detector_frames(), tmp_path)


def test_a_file_that_computes_something_else_is_refused(tmp_path, monkeypatch):
    shutil.copy(FOLDER / "yunet_n.onnx", tmp_path)
    monkeypatch.setattr(face_detector, "TOLERANCE", 1e-6)
    with pytest.raises(InputError, match=r"near\.tflite: its numbers are up to 0\.00\d from onnxruntime's"):
        write(detector_frames(), tmp_path)
    assert not (tmp_path / "manifest.json").exists()


def test_the_command_prints_what_it_wrote(monkeypatch, capsys):
    monkeypatch.setattr(face_detector, "write", lambda frames: read_json(FOLDER / "manifest.json"))
    assert build_main.main(["face-detector"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "   176340  face_detector/near.tflite"
    assert len(lines) == 8
