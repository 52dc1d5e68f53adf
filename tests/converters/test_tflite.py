"""converters.tflite: what stands in each .tflite, and that it answers as the network that it was made from."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from converters import tflite
from converters.manifest import read_contract
from face_emotion.errors import InputError
from model_build.synthetic.faces import draw_faces
from tests.support.tflite import write_saved_model

# Largest difference in probability from the checkpoint over 140 faces, and least share of the same answers.
PARITY = {
    "float32": ("float", 1e-5, 1.0),
    "float16": ("float", 0.01, 0.98),
    "int8": ("qat", 0.1, 0.9),
    "int8_ptq": ("float", 0.15, 0.85),
}


def _opened(path) -> Interpreter:
    interpreter = Interpreter(str(path))
    interpreter.allocate_tensors()
    return interpreter


def _types(path) -> set[str]:
    return {np.dtype(detail["dtype"]).name for detail in _opened(path).get_tensor_details()}


@pytest.mark.parametrize("kind", tflite.KINDS)
def test_batch_is_one_and_an_int8_file_takes_bytes_and_gives_bytes(tiny_build, kind):
    interpreter = _opened(tiny_build / f"{kind}.tflite")
    (given,), (answer, logits) = interpreter.get_input_details(), interpreter.get_output_details()
    assert [detail["name"] for detail in (given, answer, logits)] == ["image", "probabilities", "logits"]
    assert logits["shape"].tolist() == [1, 4] and logits["dtype"] == answer["dtype"]
    assert given["shape"].tolist() == given["shape_signature"].tolist() == [1, 48, 48, 1]
    assert answer["shape"].tolist() == answer["shape_signature"].tolist() == [1, 4]
    expected = np.uint8 if kind.startswith("int8") else np.float32
    assert given["dtype"] == answer["dtype"] == expected


@pytest.mark.parametrize("kind", ["int8", "int8_ptq"])
def test_a_grey_byte_is_its_own_quantised_value(tiny_build, kind):
    interpreter = _opened(tiny_build / f"{kind}.tflite")
    assert interpreter.get_input_details()[0]["quantization"] == (np.float32(1 / 255), 0)
    assert interpreter.get_output_details()[0]["quantization"] == (np.float32(1 / 256), 0)


def test_number_types_are_those_of_the_kind(tiny_build):
    assert _types(tiny_build / "float32.tflite") <= {"float32", "int32"}
    assert "float16" in _types(tiny_build / "float16.tflite")
    for kind in ("int8", "int8_ptq"):
        assert _types(tiny_build / f"{kind}.tflite") == {"int8", "int32", "uint8"}


@pytest.mark.parametrize("kind", PARITY)
def test_each_file_answers_as_the_checkpoint_it_was_made_from(tiny_classifiers, kind):
    reference, error, agreement = PARITY[kind]
    faces, _ = draw_faces(140, seed=901)
    expected = tiny_classifiers[reference].probabilities(faces)
    found = tiny_classifiers[kind].probabilities(faces)
    assert (
        len(set(expected.argmax(axis=1))) >= 4
    )  # a network that always answers the same would prove nothing
    assert np.abs(found - expected).max() <= error
    assert np.mean(found.argmax(axis=1) == expected.argmax(axis=1)) >= agreement


def test_the_same_network_gives_the_same_file(tiny_build, tmp_path):
    again = tflite.convert(
        tiny_build / "qat/saved_model",
        tmp_path / "again.tflite",
        "int8",
        contract=read_contract(tiny_build),
        name="tiny",
    )
    assert again.read_bytes() == (tiny_build / "int8.tflite").read_bytes()


def test_ptq_input_scale_is_exact_though_all_representative_images_are_dull(tiny_build, tmp_path):
    dull = np.random.default_rng(0).integers(100, 121, (6, 48, 48), dtype=np.uint8)
    path = tflite.convert(tiny_build / "float/saved_model", tmp_path / "new" / "x.tflite", "int8_ptq", dull)
    assert _opened(path).get_input_details()[0]["quantization"] == (np.float32(1 / 255), 0)


@pytest.mark.parametrize("name", ["saved_model.pb", "fingerprint.pb", "variables/variables.index"])
def test_a_damaged_file_of_a_saved_model_is_one_error(tiny_build, tmp_path, name, capfd):
    source = shutil.copytree(tiny_build / "float/saved_model", tmp_path / "source")
    content = (source / name).read_bytes()
    (source / name).write_bytes(bytes(len(content)))
    with pytest.raises(InputError, match=r"source: a damaged SavedModel; make it again"):
        tflite.convert(source, tmp_path / "x.tflite", "float32")
    assert "Traceback" not in capfd.readouterr().err
    assert not (tmp_path / "x.tflite").exists()


@pytest.mark.parametrize("what", ["missing", "empty folder", "file"])
def test_what_is_no_saved_model_is_named(tmp_path, what):
    source = tmp_path / "source"
    if what == "empty folder":
        source.mkdir()
    if what == "file":
        source.write_bytes(b"x")
    with pytest.raises(InputError, match=r"source: not a SavedModel folder"):
        tflite.convert(source, tmp_path / "x.tflite", "float32")
    assert not (tmp_path / "x.tflite").exists()


def test_a_saved_model_of_another_input_shape_is_refused(tmp_path):
    source = write_saved_model(tmp_path / "source", size=32)
    with pytest.raises(InputError, match=r"source: one input of shape \[1, 48, 48, 1\] is expected"):
        tflite.convert(source, tmp_path / "x.tflite", "float32")
    assert not (tmp_path / "x.tflite").exists()


def test_a_saved_model_without_a_serving_signature_is_refused(tmp_path):
    import tensorflow as tf

    tf.saved_model.save(tf.Module(), str(tmp_path / "source"))
    with pytest.raises(InputError, match="serving signature"):
        tflite.convert(tmp_path / "source", tmp_path / "x.tflite", "float32")


def test_ptq_without_faces_is_refused(tmp_path):
    with pytest.raises(InputError, match="faces that set the ranges"):
        tflite.convert(tmp_path / "source", tmp_path / "x.tflite", "int8_ptq")


def test_an_interruption_inside_the_converter_comes_through_and_keeps_the_old_file(
    tiny_build, tmp_path, monkeypatch
):
    def interrupted(images):
        yield [np.zeros((1, 48, 48, 1), np.float32)]
        raise KeyboardInterrupt

    monkeypatch.setattr(tflite, "_samples", interrupted)
    (tmp_path / "x.tflite").write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        tflite.convert(
            tiny_build / "float/saved_model", tmp_path / "x.tflite", "int8_ptq", np.zeros((1, 48, 48))
        )
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("x.tflite", b"old")]
