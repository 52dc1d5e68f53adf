"""evaluation.verification: a sound build passes, and every change of a file or of the manifest is found and named."""

from __future__ import annotations

import copy
import dataclasses
import re

import pytest

from converters.manifest import PLACES, describe_artifact
from face_emotion.errors import InputError
from face_emotion.files import read_json, sha256_of, write_json
from model_build.evaluation import verification as verify_module
from model_build.evaluation.verification import synthetic_check, verify
from model_build.network import checkpoint
from tests.support.build import faces_dataset

FILES = [*PLACES.values(), "tfjs/weights.bin"]


@pytest.fixture
def opened(monkeypatch, tiny_classifiers):
    """Spares the tests that do not change an artifact the opening of all of them."""
    monkeypatch.setattr(verify_module, "classifiers", lambda folder, contract: tiny_classifiers)


@pytest.fixture
def unopened(monkeypatch):
    """Fails a test in which an artifact is run although its hash is wrong."""

    def refuse(folder, contract):
        raise AssertionError("a damaged artifact was opened")

    monkeypatch.setattr(verify_module, "classifiers", refuse)


def _edit(folder, *place, value):
    manifest = read_json(folder / "manifest.json")
    parent = manifest
    for step in place[:-1]:
        parent = parent[step]
    parent[place[-1]] = value
    write_json(folder / "manifest.json", manifest)


def _state_as_it_is(folder, *artifacts):
    """Makes the manifest's sizes and hashes those of changed files, as who tampers with a model would."""
    for name in artifacts:
        _edit(folder, "artifacts", name, value=describe_artifact(folder, name))


def test_a_sound_build_passes_with_all_its_figures(tiny_build):
    assert verify(tiny_build, faces_dataset()) == []


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("position", [0, 0.5, 1])
def test_one_changed_byte_anywhere_is_found(tiny_copy, unopened, name, position):
    content = bytearray((tiny_copy / name).read_bytes())
    content[round(position * (len(content) - 1))] ^= 1
    (tiny_copy / name).write_bytes(content)
    problems = verify(tiny_copy)
    assert len(problems) == 1
    assert str(tiny_copy / name) in problems[0] and "sha256" in problems[0]


@pytest.mark.parametrize("name", FILES)
def test_a_missing_and_a_cut_file_are_named(tiny_copy, unopened, name):
    content = (tiny_copy / name).read_bytes()
    (tiny_copy / name).write_bytes(content[:-1])
    problems = verify(tiny_copy)
    assert len(problems) == 1 and str(tiny_copy / name) in problems[0]
    assert f"{len(content) - 1} bytes" in problems[0]
    (tiny_copy / name).unlink()
    assert verify(tiny_copy) == [f"{tiny_copy / name}: missing"]


@pytest.mark.parametrize(
    "place, value",
    [
        (("artifacts", "int8", "files", 0, "bytes"), 5),
        (("artifacts", "int8", "files", 0, "sha256"), "0" * 64),
        (("artifacts", "int8", "bytes"), 5),
        (("artifacts", "int8", "files", 0, "file"), "int8_ptq.tflite"),
        (("artifacts", "int8", "input", "scale"), 0.5),
        (("artifacts", "int8", "outputs", 1, "shape"), [1, 8]),
        (("artifacts", "int8", "outputs", 1, "scale"), 0.5),
        (("artifacts", "int8", "minimum_runtime"), "1.5.0"),
        (("artifacts", "tfjs", "bytes"), 5),
    ],
)
def test_what_the_manifest_says_of_a_file_is_compared(tiny_copy, unopened, place, value):
    _edit(tiny_copy, *place, value=value)
    problems = verify(tiny_copy)
    assert len(problems) == 1 and place[1] in problems[0]


def test_a_file_slipped_into_the_tfjs_folder_is_found(tiny_copy, unopened):
    (tiny_copy / "tfjs" / "more.js").write_text("x")
    problems = verify(tiny_copy)
    assert len(problems) == 1 and "tfjs" in problems[0]


def test_an_artifact_that_this_kit_does_not_know_is_an_input_error(tiny_copy):
    manifest = read_json(tiny_copy / "manifest.json")
    _edit(tiny_copy, "artifacts", "coreml", value=manifest["artifacts"]["int8"])
    with pytest.raises(InputError, match=r"artifacts\.coreml: unknown"):
        verify(tiny_copy)


@pytest.mark.parametrize(
    "place, value, named",
    [
        (("artifacts", "int8", "test", "accuracy"), 0.999, "int8 on test: accuracy"),
        (("artifacts", "tfjs", "validation", "accuracy"), 0.0, "tfjs on validation: accuracy"),
        (("artifacts", "qat", "test", "images"), 121, "qat on test: images 120, the manifest says 121"),
        (("agreement", "int8", "qat"), 0.123, "int8 and qat: agree on"),
        (("agreement", "int8", "other"), 0.9, "int8 and other"),
        (("artifacts", "other"), {"test": {"images": 1, "accuracy": 1, "interval": [0, 1]}}, "other on test"),
        (
            ("artifacts", "int8", "extra"),
            {"images": 1, "accuracy": 1, "interval": [0, 1]},
            "int8 on extra",
        ),
    ],
)
def test_a_published_figure_that_is_not_so_is_named(tiny_copy, opened, place, value, named):
    _edit(tiny_copy, "metrics", *place, value=value)
    problems = verify(tiny_copy, faces_dataset())
    assert len(problems) == 1 and named in problems[0]


@pytest.mark.parametrize(
    "place, value",
    [(("agreement", "int8"), 1.0), (("probability_error", "float16"), 0.0), (("agreement", "tfjs"), 1.0)],
)
def test_a_synthetic_check_better_than_the_truth_is_named(tiny_copy, opened, monkeypatch, place, value):
    slack = -1e-9  # the tiny network's own figures may lie within the slack of the edited ones
    monkeypatch.setattr(verify_module, "AGREEMENT_SLACK", slack)
    monkeypatch.setattr(verify_module, "ERROR_SLACK", 1e-9)
    stated = read_json(tiny_copy / "manifest.json")["synthetic_check"]
    assert stated[place[0]][place[1]] != value, "the case proves nothing"
    _edit(tiny_copy, "synthetic_check", *place, value=value)
    problems = verify(tiny_copy)
    assert any(problem.startswith(f"{place[1]}:") for problem in problems)


def _vectors(folder, change):
    vectors = read_json(folder / "golden.json")
    change(vectors)
    write_json(folder / "golden.json", vectors)
    _state_as_it_is(folder, "golden")
    return verify(folder)


def test_edited_golden_vectors_are_found_though_their_hash_was_made_to_fit(tiny_copy, opened):
    def edit(vectors):
        vectors["int8"]["logits"][0][0] ^= 1

    problems = _vectors(tiny_copy, edit)
    assert "golden.json: int8.tflite differs by 1 steps" in problems[0]
    assert all("do not follow from the logits" in problem for problem in problems[1:])


def test_an_edited_answer_of_a_head_is_found_too(tiny_copy, opened):
    def edit(vectors):
        vectors["int8"]["probabilities"]["labels"][0][0] += 1e-6

    (problem,) = _vectors(tiny_copy, edit)
    assert "golden.json: the answers do not follow from the logits" in problem


def test_an_edited_check_of_kernels_is_found(tiny_copy, opened):
    value = read_json(tiny_copy / "kernels.json")
    assert len(value["inputs"]) == 20
    value["inputs"][5]["logits"][2] ^= 1
    write_json(tiny_copy / "kernels.json", value)
    (problem,) = verify(tiny_copy)
    assert problem.startswith(
        "kernels.json: not what the int8 file gives; run `python -m converters kernels "
    )


def test_an_exchanged_checkpoint_is_found_though_its_hash_was_made_to_fit(tiny_copy):
    """The quantised one says what it was made from; where that was edited too, all that was made from it differs."""
    stored = checkpoint.load(tiny_copy / "float/checkpoint.npz")
    changed = copy.copy(stored.weights)
    changed["classifier_labels/0"] = stored.weights["classifier_labels/0"] * 3
    checkpoint.save(
        tiny_copy / "float/checkpoint.npz",
        dataclasses.replace(stored, weights=changed),
    )
    _state_as_it_is(tiny_copy, "float")
    (problem,) = verify(tiny_copy)
    assert problem.startswith(f"{tiny_copy}/qat/checkpoint.npz: made from another float checkpoint")
    made = checkpoint.load(tiny_copy / "qat/checkpoint.npz")
    details = made.details | {"source_sha256": sha256_of(tiny_copy / "float/checkpoint.npz")}
    checkpoint.save(tiny_copy / "qat/checkpoint.npz", dataclasses.replace(made, details=details))
    _state_as_it_is(tiny_copy, "qat")
    problems = verify(tiny_copy)
    assert {problem.split(":")[0] for problem in problems} == {"float32", "float16", "int8_ptq", "qat"}


def test_labels_swapped_in_manifest_and_golden_vectors_are_found(tiny_copy, unopened):
    swapped = ["happy", "angry", "surprise", "neutral"]
    _edit(tiny_copy, "contract", "labels", value=swapped)
    write_json(tiny_copy / "golden.json", read_json(tiny_copy / "golden.json") | {"labels": swapped})
    _state_as_it_is(tiny_copy, "golden")
    found = [problem.split(": ")[0].removeprefix(f"{tiny_copy}/") for problem in verify(tiny_copy)]
    tflite = [f"{name}.tflite" for name in ("float32", "float16", "int8", "int8_ptq")]
    assert found == ["float/checkpoint.npz", "qat/checkpoint.npz", *tflite, "tfjs/model.json"]


def test_a_tfjs_model_that_answers_otherwise_is_found(tiny_copy, tiny_classifiers, monkeypatch):
    """Its hash, its golden vectors and the stated agreement were made to fit: 88 % of what it says."""

    class Elsewhere:
        def probabilities(self, images):
            answers = tiny_classifiers["tfjs"].probabilities(images).copy()
            answers[::8] = answers[::8, ::-1]
            return answers

    others = tiny_classifiers | {"tfjs": Elsewhere()}
    monkeypatch.setattr(verify_module, "classifiers", lambda folder, contract: others)
    _edit(tiny_copy, "synthetic_check", value=synthetic_check(others))
    (problem,) = verify(tiny_copy)
    assert re.fullmatch(
        r"tfjs: agrees with the qat checkpoint on 8\d\.\d% of 1\d\d drawn faces of which it is at least 60% sure, "
        r"where 99% are expected; convert again",
        problem,
    )


def test_a_build_states_how_its_files_agree_where_it_is_sure(tiny_build):
    manifest = read_json(tiny_build / "manifest.json")
    for stated in (manifest["metrics"], manifest["synthetic_check"]):
        assert [(name, entry["with"], entry["sure"]) for name, entry in stated["when_sure"].items()] == [
            ("int8", "float", True),
            ("tfjs", "qat", True),
        ]
        assert all(20 <= entry["agree"] <= entry["images"] <= 350 for entry in stated["when_sure"].values())
    stored = checkpoint.load(tiny_build / "qat/checkpoint.npz").details
    assert stored["source_sha256"] == sha256_of(tiny_build / "float/checkpoint.npz")


def test_another_data_set_is_an_input_error(tiny_build, opened):
    with pytest.raises(InputError, match="--data: drawn is not the data set"):
        verify(tiny_build, faces_dataset(test=116))


def test_a_folder_without_a_manifest_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match=r"manifest\.json: no such file"):
        verify(tmp_path)
