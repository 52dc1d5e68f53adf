"""converters/tfjs_files.py: hostile TF.js models end in one line, and nothing outside their files is read."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from converters import tfjs_runtime
from converters.tfjs_files import graph_files
from converters.tfjs_runtime import TfjsModel
from face_emotion.errors import InputError
from face_emotion.model_files import ModelFolder
from tests.support.paths import ROOT

MODELS = ROOT / "models"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a TF.js model without a manifest, and a secret beside it."""
    (tmp_path / "secret.bin").write_bytes(bytes(361_840))
    return shutil.copytree(MODELS / "small" / "tfjs", tmp_path / "tfjs")


def change(folder: Path, edit: Any) -> None:
    path = folder / "model.json"
    model = json.loads(path.read_text())
    edit(model)
    path.write_text(json.dumps(model))


@pytest.mark.parametrize("name", ["nano/tfjs", "small/tfjs", "base/tfjs", "face_detector/tfjs"])
def test_released_models_have_two_files(name: str) -> None:
    assert [path.name for path in graph_files(MODELS / name)] == ["model.json", "weights.bin"]


def test_a_manifest_may_name_weights_of_the_folder_beside() -> None:
    found = graph_files(MODELS / "face_detector/tfjs_far")
    assert [path.relative_to(MODELS / "face_detector").as_posix() for path in found] == [
        *("tfjs_far/model.json", "tfjs/weights.bin", "tfjs_far/weights.bin")
    ]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../secret.bin", "'../secret.bin' leads out of the model's folder"),
        ("link.bin", "'link.bin' leads out of the model's folder"),
        ("/etc/hostname", "'/etc/hostname' is no name of a file"),
        ("http://example.org/a.bin", "'http://example.org/a.bin' is no name of a file"),
        ("%2e%2e/secret.bin", "'%2e%2e/secret.bin' is no name of a file"),
        ("..\\secret.bin", "is no name of a file"),
        ("", "'' is no name of a file"),
        ("gone.bin", "gone.bin: no such weight file"),
    ],
)
def test_weights_elsewhere_are_not_read(folder: Path, path: str, reason: str) -> None:
    (folder / "link.bin").symlink_to("../secret.bin")
    change(folder, lambda model: model["weightsManifest"][0].update(paths=[path]))
    with pytest.raises(InputError) as caught:
        TfjsModel(folder)
    assert reason in str(caught.value)


def test_a_file_that_the_manifest_hashes_otherwise_is_not_read(tmp_path: Path) -> None:
    copy = shutil.copytree(MODELS / "face_detector", tmp_path / "face_detector")
    content = bytearray((copy / "tfjs/weights.bin").read_bytes())
    content[77] ^= 1
    (copy / "tfjs/weights.bin").write_bytes(content)
    for name in ("tfjs", "tfjs_far"):
        with pytest.raises(
            InputError, match=r"tfjs/weights\.bin: damaged or changed: its sha256 is not the one"
        ):
            TfjsModel(copy / name)


@pytest.mark.parametrize(
    ("content", "entry"),
    [
        ("[]", "modelTopology.node"),
        ("null", "modelTopology.node"),
        ("{}", "modelTopology.node"),
        ('{"modelTopology": 3}', "modelTopology.node"),
        ('{"modelTopology": {"node": 3}}', "modelTopology.node"),
        ('{"modelTopology": {"node": []}}', "weightsManifest"),
        ('{"modelTopology": {"node": []}, "weightsManifest": {}}', "weightsManifest"),
        ('{"modelTopology": {"node": []}, "weightsManifest": [1]}', "weightsManifest"),
        ('{"modelTopology": {"node": []}, "weightsManifest": [{}]}', "weightsManifest.paths"),
        ('{"modelTopology": {"node": []}, "weightsManifest": [{"paths": "a"}]}', "weightsManifest.paths"),
        ('{"modelTopology": {"node": []}, "weightsManifest": [{"paths": [1]}]}', "weightsManifest.paths"),
        (
            '{"modelTopology": {"node": []}, "weightsManifest": [{"paths": ["weights.bin"]}]}',
            "weightsManifest.weights",
        ),
        ("{", "not valid JSON"),
        ('"a"', "modelTopology.node"),
    ],
)
def test_a_model_of_another_form_is_one_line(folder: Path, content: str, entry: str) -> None:
    (folder / "model.json").write_text(content)
    with pytest.raises(InputError) as caught:
        TfjsModel(folder)
    assert str(caught.value).startswith(f"{folder}/model.json: {entry}") and "\n" not in str(caught.value)


def without(*place: str) -> Any:
    def edit(model: Any) -> None:
        for step in place[:-1]:
            model = model[step]
        del model[place[-1]]

    return edit


def shape_of_a_weight(model: Any) -> None:
    model["weightsManifest"][0]["weights"][0]["shape"] = [10**6, 10**6]


def one_node(model: Any) -> None:
    model["modelTopology"]["node"] = [{"name": "image", "op": "Placeholder"}]


def another_output(model: Any) -> None:
    model["signature"]["outputs"] = {"logits": model["signature"]["inputs"]["image"]}


@pytest.mark.parametrize(
    "edit",
    [without("signature"), without("modelInitializer"), shape_of_a_weight, one_node, another_output],
    ids=["no signature", "no initializer", "a huge weight", "one node", "another output"],
)
def test_what_node_finds_out_is_one_line(folder: Path, edit: Any) -> None:
    change(folder, edit)
    contract = ModelFolder.open(MODELS / "small").contract
    with pytest.raises(InputError) as caught:
        TfjsModel(folder, contract).probabilities(np.zeros((2, 48, 48), np.uint8))
    said = str(caught.value).removeprefix(str(folder))
    assert "\n" not in said and len(said) <= 200


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process's memory")
@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [
        ("MOST_BYTES", 500 << 20, "it ended by SIG"),
        ("SECONDS_TO_START", 0.6, "it had not ended after 1 s of processor time"),
    ],
    ids=["memory", "time"],
)
def test_node_has_limits_of_memory_and_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: float, said: str
) -> None:
    monkeypatch.setattr(tfjs_runtime, limit, value)
    monkeypatch.setattr(tfjs_runtime, "SECONDS_A_RUN", 0)
    with pytest.raises(InputError) as caught:
        TfjsModel(folder).outputs(np.zeros((3000, 48, 48, 1), np.uint8))
    assert said in str(caught.value) and "\n" not in str(caught.value)
    assert f"{folder}: node could not run the model: " in str(caught.value)


def test_the_limits_are_far_from_what_a_model_needs() -> None:
    assert tfjs_runtime.MOST_BYTES == 2_147_483_648
    assert tfjs_runtime.SECONDS_TO_START == 60 and tfjs_runtime.SECONDS_A_RUN == 0.5
