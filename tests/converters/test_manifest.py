"""converters.manifest: what it says is true of the files, and its schema refuses what a runtime could not use."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import json

import jsonschema
import numpy as np
import pytest

from converters import manifest
from converters.manifest import bytes_of
from face_emotion.contract import Contract, Normalization
from face_emotion.errors import InputError
from face_emotion.files import read_json, write_json
from tests.support.build import FACES


@pytest.fixture(scope="module")
def stated(tiny_build):
    return manifest.read_manifest(tiny_build)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(json.loads(manifest.SCHEMA.read_text()))


def test_every_artifact_of_the_folder_is_there_with_bytes_and_sha256(stated, tiny_build):
    assert set(stated["artifacts"]) == set(manifest.PLACES)
    for name, artifact in stated["artifacts"].items():
        assert manifest.PLACES[name] in [entry["file"] for entry in artifact["files"]]
        for entry in artifact["files"]:
            content = (tiny_build / entry["file"]).read_bytes()
            assert entry["bytes"] == len(content)
            assert entry["sha256"] == hashlib.sha256(content).hexdigest()
        assert artifact["bytes"] == sum(entry["bytes"] for entry in artifact["files"])
        if name != "golden":
            assert artifact["bytes"] == bytes_of(tiny_build, name)
    files = {path.name for path in (tiny_build / "tfjs").iterdir()}
    assert {entry["file"] for entry in stated["artifacts"]["tfjs"]["files"]} == {f"tfjs/{n}" for n in files}


def test_tensors_are_those_of_the_files(stated):
    for name in ("int8", "int8_ptq"):
        artifact = stated["artifacts"][name]
        byte = float(np.float32(1 / 255))
        assert artifact["input"] == {
            "shape": [1, 48, 48, 1],
            "type": "uint8",
            "scale": byte,
            "zero_point": 0,
        }
        probabilities, logits = artifact["outputs"]
        assert probabilities == {
            "name": "probabilities",
            "shape": [1, 4],
            "type": "uint8",
            "scale": 1 / 256,
            "zero_point": 0,
        }
        assert (logits["name"], logits["shape"], logits["type"]) == ("logits", [1, 4], "uint8")
        assert 0.01 < logits["scale"] < 0.5 and 0 < logits["zero_point"] < 255
    for name in ("float32", "float16"):
        assert stated["artifacts"][name]["input"] == {"shape": [1, 48, 48, 1], "type": "float32"}
        assert stated["artifacts"][name]["outputs"] == [
            {"name": "probabilities", "shape": [1, 4], "type": "float32"},
            {"name": "logits", "shape": [1, 4], "type": "float32"},
        ]
    assert "input" not in stated["artifacts"]["float"]


def test_oldest_runtime_is_read_from_the_file(tiny_copy, stated):
    version = stated["artifacts"]["int8"]["minimum_runtime"]
    path, content = tiny_copy / "int8.tflite", (tiny_copy / "int8.tflite").read_bytes()
    assert version.startswith(("1.", "2.")) and content.count(version.encode()) == 1
    path.write_bytes(content.replace(version.encode(), b"9" + version[1:].encode()))
    assert manifest.minimum_runtime(path) == "9" + version[1:]
    path.write_bytes(content.replace(b"min_runtime_version", b"another_name_of_it!"))
    with pytest.raises(InputError, match=r"int8\.tflite: has no metadata min_runtime_version"):
        manifest.minimum_runtime(path)


def test_contract_round_trip(stated, tiny_build):
    contract = Contract.from_dict(stated["contract"])
    assert contract.labels == tuple(FACES) and contract.heads == ("labels",)
    assert contract.blend == contract.sharpness and 0.2 < contract.blend[0] < 20
    assert contract.normalization == Normalization("stretch", 20, 12, 242, 8)
    assert 0 < contract.unsure_below < 1 and contract.baseline_strength == 0.25
    assert contract.reach == "far"
    assert dataclasses.replace(
        contract,
        blend=(1.0,),
        sharpness=(1.0,),
        normalization=Normalization(),
        unsure_below=0.0,
        baseline_strength=0.0,
        reach="near",
    ) == Contract(labels=tuple(FACES))
    assert manifest.read_contract(tiny_build) == contract
    assert json.loads(json.dumps(contract.to_dict())) == stated["contract"]


def test_own_classes_stand_in_the_contract_in_the_order_of_the_outputs(own_build):
    own = manifest.read_manifest(own_build.folder)
    labels = Contract.from_dict(own["contract"]).labels
    assert labels == ("<b>traurig", "Glad & | well", "überrascht")
    assert own["artifacts"]["int8"]["outputs"][1]["shape"] == [1, 3]
    assert own["name"] == "nano-own"


def test_figures_are_those_of_the_evaluation(stated, tiny_build):
    evaluation = read_json(tiny_build / "evaluation.json")
    metrics = stated["metrics"]
    assert metrics["headline"] == {"artifact": "int8", "set": "test"}
    assert set(metrics["artifacts"]) == set(manifest.PLACES) - {"golden"}
    for name, sets in metrics["artifacts"].items():
        for title, score in sets.items():
            found = evaluation["artifacts"][name][title]
            assert {key: found[key] for key in score} == score
            assert ("per_class" in score) == (name == "int8")
    assert set(metrics["kernel_spread"]) == {"int8", "int8_ptq"}
    assert metrics["agreement"]["int8"]["qat"] == evaluation["agreement"]["int8"]["qat"]


def test_provenance_says_how_to_repeat_it_and_holds_no_path_of_this_machine(stated, tiny_build):
    provenance = stated["provenance"]
    assert provenance["command"].startswith("python -m model_build build")
    assert provenance["settings"]["seed"] == 0 and provenance["settings"]["qat_epochs"] == 1
    assert provenance["dataset"]["digest"] == read_json(tiny_build / "config.json")["dataset"]["digest"]
    assert set(provenance["packages"]) == set(manifest.PACKAGES)
    for name in ("manifest.json", "config.json", "MODEL_CARD.md", "evaluation.json", "benchmark.json"):
        assert str(tiny_build.parent) not in (tiny_build / name).read_text()


def test_an_artifact_that_is_not_there_is_not_named(tiny_copy, stated):
    (tiny_copy / "float16.tflite").unlink()
    value = manifest.build_manifest(
        tiny_copy,
        "tiny",
        Contract(),
        stated["network"],
        read_json(tiny_copy / "evaluation.json"),
        stated["provenance"],
        stated["synthetic_check"],
    )
    assert set(value["artifacts"]) == set(manifest.PLACES) - {"float16"}


DROP = object()
INT8_FILE = ("artifacts", "int8", "files", 0)
DAMAGES = [
    (("format",), 3, "format"),
    (("format",), 1, "format 1: the runtimes still read it"),
    (("extra",), 1, "extra"),
    (("contract",), DROP, "contract"),
    (("network",), DROP, "network"),
    (("name",), "Not A Folder", "name"),
    (("name",), "../up", "name"),
    (("contract", "labels"), ["sad", "sad"], "contract.labels"),
    (("contract", "labels"), ["sad"], "contract.labels"),
    (("contract", "labels"), ["sad", ""], "contract.labels"),
    (("contract", "labels"), ["sad", "Sad"], "'sad' and 'Sad'"),
    (("contract", "labels"), ["sad", "a\nb"], r"'a\nb'"),
    (("contract", "input_size"), 64, "contract.input_size"),
    (("contract", "luma"), [0.5, 0.5], "contract.luma"),
    (("contract", "luma", 1), 1.5, "contract.luma.1"),
    (("contract", "crop", "box_width"), 0, "contract.crop.box_width"),
    (("contract", "crop", "box_center"), [0.5, -0.1], "contract.crop.box_center"),
    (("contract", "crop", "max_samples"), 0, "contract.crop.max_samples"),
    (("contract", "crop", "more"), 1, "more"),
    (("contract", "smoothing", "time_constant"), 0, "contract.smoothing.time_constant"),
    (("contract", "smoothing", "switch_margin"), DROP, "switch_margin"),
    (("network", "parameters"), 0, "network.parameters"),
    (("contract", "heads"), ["crowd"], "contract.heads.0"),
    (("contract", "heads"), ["votes", "labels"], "contract.heads"),
    (("contract", "blend"), [-1.0], "contract.blend.0"),
    (("contract", "blend"), [1.0, 1.0], "contract.blend"),
    (("contract", "sharpness"), [0], "contract.sharpness.0"),
    (("contract", "normalization", "kind"), "local", "contract.normalization.kind"),
    (("contract", "normalization", "tail_permille"), 500, "contract.normalization.tail_permille"),
    (("contract", "normalization", "low"), 243, "low must be less than high"),
    (("contract", "unsure_below"), 1.5, "contract.unsure_below"),
    (("contract", "baseline_strength"), DROP, "baseline_strength"),
    (("contract", "reach"), "wide", "contract.reach"),
    (("artifacts", "int8"), DROP, "int8"),
    (("artifacts", "tfjs", "files"), [], "artifacts.tfjs.files"),
    (("artifacts", "int8", "bytes"), "many", "artifacts.int8.bytes"),
    (("artifacts", "int8", "minimum_runtime"), "new", "artifacts.int8.minimum_runtime"),
    (("artifacts", "int8", "input", "type"), "int8", "artifacts.int8.input.type"),
    (("artifacts", "int8", "outputs", 1, "scale"), 0, "artifacts.int8.outputs.1.scale"),
    (("artifacts", "int8", "outputs"), [], "artifacts.int8.outputs"),
    (("artifacts", "int8", "outputs", 0, "name"), "answers", "artifacts.int8.outputs.0.name"),
    ((*INT8_FILE, "file"), "../int8.tflite", "artifacts.int8.files.0.file"),
    ((*INT8_FILE, "file"), "/etc/passwd", "artifacts.int8.files.0.file"),
    ((*INT8_FILE, "bytes"), 0, "artifacts.int8.files.0.bytes"),
    ((*INT8_FILE, "sha256"), "abc", "artifacts.int8.files.0.sha256"),
    ((*INT8_FILE, "sha256"), DROP, "sha256"),
    (("metrics", "headline"), DROP, "headline"),
    (("metrics", "heads"), DROP, "heads"),
    (("metrics", "artifacts", "int8", "test", "accuracy"), 1.2, "metrics.artifacts.int8.test.accuracy"),
    (("metrics", "artifacts", "int8", "test", "interval"), [0.1], "metrics.artifacts.int8.test.interval"),
    (("metrics", "agreement", "int8", "qat"), -0.1, "metrics.agreement.int8.qat"),
    (("synthetic_check", "count"), 0, "synthetic_check.count"),
    (("synthetic_check", "probability_error"), DROP, "probability_error"),
    (("provenance", "command"), "", "provenance.command"),
    (("provenance", "dataset"), DROP, "dataset"),
]


@pytest.mark.parametrize("place, value, named", DAMAGES)
def test_a_damaged_entry_is_named(stated, tmp_path, place, value, named):
    damaged = copy.deepcopy(stated)
    parent = damaged
    for step in place[:-1]:
        parent = parent[step]
    if value is DROP:
        del parent[place[-1]]
    else:
        parent[place[-1]] = value
    write_json(tmp_path / "manifest.json", damaged)
    with pytest.raises(InputError) as error:
        manifest.read_manifest(tmp_path)
    assert named in str(error.value)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize("content", [None, "", "{", "[]", "null"])
def test_a_file_that_is_no_manifest_is_named(tmp_path, content):
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(InputError, match=r"manifest\.json"):
        manifest.read_manifest(tmp_path)
