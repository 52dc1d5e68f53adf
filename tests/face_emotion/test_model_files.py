"""A model folder as the runtime reads it: nothing is used whose sha256 is not the manifest's."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from face_emotion.errors import InputError
from face_emotion.files import write_json
from face_emotion.model_files import ModelFolder
from tests.support.paths import ROOT

CONTENT = b"some network" * 100


def entry(content: bytes = CONTENT, file: str = "int8.tflite", **changes):
    """An artifact of one file."""
    digest = hashlib.sha256(content).hexdigest()
    return {
        "files": [{"file": file, "bytes": len(content), "sha256": digest} | changes],
        "bytes": len(content),
    }


def written(folder: Path, artifacts: dict, **changes) -> Path:
    """Writes int8.tflite and a manifest with these artifacts."""
    folder.mkdir(exist_ok=True)
    (folder / "int8.tflite").write_bytes(CONTENT)
    write_json(folder / "manifest.json", {"format": 2, "artifacts": artifacts, "contract": {}} | changes)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound folder with one artifact."""
    return written(tmp_path / "model", {"int8": entry()})


def test_a_folder_is_found_by_itself_its_manifest_or_an_artifact(folder):
    for name in (".", "manifest.json", "int8.tflite"):
        found = ModelFolder.open(folder / name)
        assert found.artifact("int8").read_bytes() == CONTENT
    assert ModelFolder.open(str(folder)).artifact_of("int8.tflite") == "int8"
    assert ModelFolder.open(folder).entry("contract") == {}


@pytest.mark.parametrize(
    "change", [lambda b: b[:-1], lambda b: b + b"\0", lambda b: b"S" + b[1:], lambda b: b""]
)
def test_a_changed_file_is_refused(folder, change):
    (folder / "int8.tflite").write_bytes(change(CONTENT))
    with pytest.raises(InputError, match=r"int8\.tflite") as caught:
        ModelFolder.open(folder).artifact("int8")
    assert "\n" not in str(caught.value)


def test_the_hash_counts_and_not_only_the_size(folder):
    (folder / "int8.tflite").write_bytes(CONTENT[::-1])
    with pytest.raises(InputError, match=r"damaged or changed.*sha256"):
        ModelFolder.open(folder).artifact("int8")


def test_a_missing_file_is_named(folder):
    (folder / "int8.tflite").unlink()
    with pytest.raises(InputError, match=r"int8\.tflite: no such model file"):
        ModelFolder.open(folder).artifact("int8")


@pytest.mark.parametrize("file", ["../int8.tflite", "/etc/hostname", "a/../../int8.tflite"])
def test_a_manifest_may_not_point_out_of_its_folder(tmp_path, file):
    (tmp_path / "int8.tflite").write_bytes(CONTENT)
    folder = written(tmp_path / "model", {"int8": entry(file=file)})
    with pytest.raises(InputError, match="leads out of the folder"):
        ModelFolder.open(folder).artifact("int8")


@pytest.mark.parametrize(
    "artifact, message",
    [
        (entry(sha256=None), "sha256 are expected"),
        (entry(bytes="many"), "sha256 are expected"),
        ({"files": "int8.tflite"}, "list of objects"),
        ({"files": ["int8.tflite"]}, "list of objects"),
        ({"files": []}, "0 files where 1"),
        ({"files": entry()["files"] * 2}, "2 files where 1"),
        ([], "list of objects"),
    ],
)
def test_a_damaged_entry_is_refused(tmp_path, artifact, message):
    folder = written(tmp_path / "model", {"int8": artifact})
    with pytest.raises(InputError, match=message):
        ModelFolder.open(folder).artifact("int8")


def test_unknown_artifacts_files_and_entries_are_named(folder):
    found = ModelFolder.open(folder)
    with pytest.raises(InputError, match=r"artifacts\.tfjs: there is no such artifact \(there are: int8\)"):
        found.artifact("tfjs")
    with pytest.raises(InputError, match="does not name this file"):
        found.artifact_of("float32.tflite")
    with pytest.raises(InputError, match="detector: an object is expected"):
        found.entry("detector")


@pytest.mark.parametrize(
    "text", ["", "no JSON", "[]", "{}", '{"format": 3, "artifacts": {}}', '{"format": 1}']
)
def test_what_is_no_manifest_is_refused(folder, text):
    (folder / "manifest.json").write_text(text)
    with pytest.raises(InputError, match=r"manifest\.json"):
        ModelFolder.open(folder)


def test_a_missing_folder_or_manifest_is_named(tmp_path, folder):
    with pytest.raises(InputError, match="nowhere: no such model folder"):
        ModelFolder.open(tmp_path / "nowhere")
    (folder / "manifest.json").unlink()
    with pytest.raises(InputError, match=r"manifest\.json: no such file"):
        ModelFolder.open(folder)


def test_a_file_that_is_in_no_model_folder_is_named(tmp_path):
    (tmp_path / "notes.txt").write_text("a line of text")
    with pytest.raises(InputError, match=r"notes\.txt: a file where a model folder is expected"):
        ModelFolder.open(tmp_path / "notes.txt")


def test_the_released_detector_is_sound():
    released = ModelFolder.open(ROOT / "models" / "face_detector")
    for name in released.manifest["artifacts"]:
        if not name.startswith("tfjs"):  # which are two files each
            assert released.artifact(name).is_file()
