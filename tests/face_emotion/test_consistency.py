"""Model folders that contradict themselves: every one of them was loaded, verified, released or exported before."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from face_emotion.carried import Carried, carried_by
from face_emotion.consistency import consistent, floor_problems
from face_emotion.errors import InputError
from face_emotion.files import sha256_of
from face_emotion.recognizer import EmotionRecognizer
from tests.support.cli import Command
from tests.support.paths import ROOT

SMALL = ROOT / "models" / "small"
LABELS = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
SWAPPED = ["happy", "disgust", "fear", "angry", "sad", "surprise", "neutral"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of models/small beside a face detector."""
    (tmp_path / "face_detector").symlink_to(ROOT / "models" / "face_detector")
    return shutil.copytree(SMALL, tmp_path / "small")


def edit(folder: Path, **contract: Any) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["contract"] |= contract
    path.write_text(json.dumps(manifest))


def restate(folder: Path, artifact: str, file: str) -> None:
    """Writes size and sha256 of a changed file into the manifest."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    for entry in manifest["artifacts"][artifact]["files"]:
        if entry["file"] == file:
            entry |= {"bytes": (folder / file).stat().st_size, "sha256": sha256_of(folder / file)}
    path.write_text(json.dumps(manifest))


@pytest.mark.parametrize("name", ["nano", "small", "base", "face_detector"])
def test_released_models_go_together(name: str) -> None:
    assert consistent(ROOT / "models" / name) == []


def test_models_of_format_1_go_together() -> None:
    assert consistent(ROOT / "tests/support/format1/nano") == []


def test_swapped_labels_contradict_every_file_that_names_them(folder: Path) -> None:
    edit(folder, labels=SWAPPED)
    found = consistent(folder)
    assert [line.split(":")[0].removeprefix(f"{folder}/") for line in found] == [
        *("float/checkpoint.npz", "qat/checkpoint.npz"),
        *("float32.tflite", "float16.tflite", "int8.tflite", "int8_ptq.tflite"),
        *("tfjs/model.json", "golden.json"),
    ]
    assert found[4] == (
        f"{folder}/int8.tflite: its classes are angry, disgust, fear, happy, sad, surprise, neutr…, manifest.json says "
        "happy, disgust, fear, angry, sad, surprise, neutr…; use the manifest that the file came with"
    )


@pytest.mark.parametrize("count", [3, 6, 50])
def test_another_number_of_labels_contradicts_outputs(folder: Path, count: int) -> None:
    edit(folder, labels=[f"class {number}" for number in range(count)])
    found = [line for line in consistent(folder) if "manifest.json: artifacts.int8:" in line]
    assert found == [
        f"{folder}/manifest.json: artifacts.int8: probabilities of shape [1, 7] where {count} labels and 2 "
        f"head(s) give [1, {count}]",
        f"{folder}/manifest.json: artifacts.int8: logits of shape [1, 14] where {count} labels and 2 head(s) give "
        f"[1, {2 * count}]",
    ]


def test_swapped_heads_contradict_too(folder: Path) -> None:
    edit(folder, heads=["labels"], blend=[1], sharpness=[1])
    said = "int8.tflite: its heads are labels, votes, manifest.json says labels;"
    assert any(said in line for line in consistent(folder))


def test_a_manifest_without_labels_is_refused(folder: Path) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["contract"]["labels"]
    path.write_text(json.dumps(manifest))
    with pytest.raises(InputError, match=r"manifest\.json: contract\.labels: missing$"):
        consistent(folder)


def test_golden_vectors_of_other_names_are_told(folder: Path) -> None:
    golden = json.loads((folder / "golden.json").read_text())
    (folder / "golden.json").write_text(json.dumps(golden | {"labels": SWAPPED}))
    assert [line.split(";")[0] for line in consistent(folder)] == [
        f"{folder}/golden.json: its classes are happy, disgust, fear, angry, sad, surprise, neutr…, manifest.json says "
        "angry, disgust, fear, happy, sad, surprise, neutr…"
    ]


def test_a_checkpoint_of_another_training_is_told(folder: Path) -> None:
    shutil.copyfile(ROOT / "models/nano/float/checkpoint.npz", folder / "float/checkpoint.npz")
    assert consistent(folder) == [
        f"{folder}/qat/checkpoint.npz: made from another float checkpoint than {folder}/float/checkpoint.npz; "
        "run quantize again"
    ]


@pytest.mark.parametrize(
    "content", [b"", b"PK\x05\x06" + bytes(18), b"no archive"], ids=["empty", "nothing in it", "no archive"]
)
def test_a_damaged_checkpoint_is_told(folder: Path, content: bytes) -> None:
    (folder / "qat/checkpoint.npz").write_bytes(content)
    (problem,) = consistent(folder)
    assert problem.startswith(f"{folder}/qat/checkpoint.npz: not a checkpoint of this kit, or damaged (")


def test_a_tfjs_model_of_another_file_or_other_names_is_told(folder: Path) -> None:
    path = folder / "tfjs" / "model.json"
    model = json.loads(path.read_text())
    model["userDefinedMetadata"] |= {"source_sha256": "0" * 64, "labels": SWAPPED}
    path.write_text(json.dumps(model))
    names, source = consistent(folder)
    assert names.startswith(f"{path}: its classes are happy, disgust")
    assert source == f"{path}: made from another int8.tflite than the one in manifest.json; convert it again"


def test_loading_and_the_command_refuse_swapped_labels(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    edit(folder, labels=SWAPPED)
    with pytest.raises(InputError, match=r"int8\.tflite: its classes are angry, disgust"):
        EmotionRecognizer.load(folder)
    done = Command(capfd)("--model", folder, "--cropped", ROOT / "models/golden_decoding/grey.png")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "its classes are angry, disgust" in done.err


def test_a_file_whose_names_are_damaged_is_refused(folder: Path) -> None:
    content = bytearray((folder / "int8.tflite").read_bytes())
    content[content.rindex(b"PK\x01\x02") + 10] = 99  # a packing that nobody knows
    content[content.index(b"PK\x01\x02") + 10] = 99
    (folder / "int8.tflite").write_bytes(content)
    restate(folder, "int8", "int8.tflite")
    with pytest.raises(InputError, match=r"int8\.tflite: its associated files are damaged"):
        EmotionRecognizer.load(folder)


def test_names_are_read_out_of_a_file_or_not_there() -> None:
    content = (SMALL / "int8.tflite").read_bytes()
    assert carried_by(content) == Carried(tuple(LABELS), ("labels", "votes"))
    assert carried_by(content[:1000]) == Carried()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("labels.txt", "a\n" * 100_000)
    with pytest.raises(ValueError, match=r"labels\.txt is longer than 65536 bytes"):
        carried_by(archive.getvalue())


@pytest.mark.parametrize(
    ("name", "images", "agree", "passes"),
    [
        *(("int8", 1000, 970, True), ("int8", 1000, 969, False)),
        *(("tfjs", 1000, 990, True), ("tfjs", 1000, 989, False), ("tfjs", 350, 308, False)),
        *(("tfjs", 24, 23, True), ("tfjs", 24, 22, False), ("int8", 0, 0, True)),
    ],
)
def test_floors_are_97_and_99_percent_and_one_image_may_differ(
    name: str, images: int, agree: int, passes: bool
) -> None:
    stated = {"when_sure": {name: {"with": "float", "images": images, "sure": True, "agree": agree}}}
    assert (floor_problems(stated) == []) is passes


def test_a_floor_is_told_in_one_line() -> None:
    stated = {"when_sure": {"tfjs": {"with": "qat", "images": 350, "sure": True, "agree": 308}}}
    assert floor_problems(stated, "drawn faces") == [
        "tfjs: agrees with the qat checkpoint on 88.0% of 350 drawn faces of which it is at least 60% sure, where "
        "99% are expected; convert again"
    ]
    assert floor_problems({}) == []
    assert floor_problems({"when_sure": {"tfjs": 3}})[0].startswith("when_sure.tfjs: images and agree")


def test_a_manifest_that_states_too_little_agreement_is_told(folder: Path) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    entry = {"with": "float", "images": 3000, "sure": True, "agree": 2700}
    manifest["metrics"]["when_sure"] = {"int8": entry}
    path.write_text(json.dumps(manifest))
    assert [line.split(" of ")[0] for line in consistent(folder)] == [
        "int8: agrees with the float checkpoint on 90.0%"
    ]
