"""converters/tfjs.py and tfjs_runtime.py: .tflite files as TF.js graph models that are run for real in node."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from converters import tfjs_conversion, tfjs_runtime
from converters.tfjs import convert_tfjs
from converters.tfjs_runtime import TfjsModel
from converters.tflite_reader import Operator, TfliteModel, read_tflite
from face_emotion.errors import InputError
from tests.support.tfjs import CALIBRATION, CLASSES, classifier, convert, faces, interpret


def stored_weights(folder: Path) -> dict[str, np.ndarray]:
    """Reads model.json and weights.bin by the TF.js format's own rules: name -> values as TF.js sees them."""
    (group,) = json.loads((folder / "model.json").read_text())["weightsManifest"]
    content = (folder / "weights.bin").read_bytes()
    found, start = {}, 0
    for entry in group["weights"]:
        quantization = entry.get("quantization", {})
        dtype = np.dtype(quantization.get("dtype", entry["dtype"]))
        count = int(np.prod(entry["shape"]))
        values = np.frombuffer(content, dtype, count, start).reshape(entry["shape"]).astype(np.float64)
        start += count * dtype.itemsize
        found[entry["name"]] = values * quantization.get("scale", 1.0) + quantization.get("min", 0.0)
    assert start == len(content)
    return found


KINDS = ("float32", "float16", "int8")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """One small classifier in three forms, each as KIND.tflite and, converted, in the folder KIND."""
    folder = tmp_path_factory.mktemp("tfjs")
    for kind in KINDS:
        (folder / f"{kind}.tflite").write_bytes(classifier(kind))
        convert_tfjs(folder / f"{kind}.tflite", folder / kind)
    return folder


@pytest.fixture(scope="module")
def images():
    return faces(96, seed=CALIBRATION)


@pytest.fixture(scope="module")
def int8_answers(files, images):
    """(bytes that the int8 file gives [N,K], probabilities that the TF.js model gives [N,K])."""
    (expected,) = interpret((files / "int8.tflite").read_bytes(), images[..., None]).values()
    return expected.astype(np.int64), TfjsModel(files / "int8").probabilities(images)


def test_int8_network_comes_out_the_same_to_the_byte(int8_answers):
    expected, found = int8_answers
    steps = np.abs(np.round(found * 256) - expected)
    assert np.mean(found.argmax(1) == expected.argmax(1)) >= 0.98
    # Without the rounding of activations 60 % of the bytes are met.
    assert np.mean(steps == 0) > 0.9
    assert np.abs(found - expected / 256).max() < 0.06
    assert np.abs(found - expected / 256).mean() < 0.0015


def test_probabilities_are_float32_and_sum_to_one(int8_answers):
    _, found = int8_answers
    assert found.dtype == np.float32
    assert found.shape == (96, CLASSES)
    np.testing.assert_allclose(found.sum(1), 1, atol=1e-5)
    assert len(set(found.argmax(1))) == CLASSES


def test_answers_do_not_depend_on_the_batch(files, images, int8_answers):
    assert len(images) > tfjs_runtime.BATCH
    alone = TfjsModel(files / "int8").probabilities(images[17:18])
    np.testing.assert_array_equal(alone[0], int8_answers[1][17])


@pytest.mark.parametrize("kind", ["float32", "float16"])
def test_float_networks_come_out_the_same(files, images, kind):
    rows = images[:8, ..., None].astype(np.float32) / 255
    (expected,) = interpret((files / f"{kind}.tflite").read_bytes(), rows).values()
    (found,) = TfjsModel(files / kind).outputs(rows).values()
    np.testing.assert_allclose(found, expected, atol=2e-5)


def test_integer_weights_and_scales_are_stored_exactly(files):
    model = read_tflite(files / "int8.tflite")
    weights = stored_weights(files / "int8")
    checked = 0
    for operator in model.operators:
        if operator.name not in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            continue
        name = f"{operator.name.lower()}_{operator.index}/filter"
        kernel = model.tensors[operator.inputs[1]]
        depthwise = operator.name == "DEPTHWISE_CONV_2D"
        order = (1, 2, 3, 0)
        np.testing.assert_array_equal(weights[f"{name}/int8"], kernel.data.transpose(order))
        # The stored scale also holds the units of input and output, which are one number for the whole layer.
        ratio = weights[f"{name}/scale"].reshape(-1) / kernel.quantization.scale
        np.testing.assert_allclose(ratio, ratio[0], rtol=1e-6)
        assert weights[f"{name}/scale"].shape == ((kernel.shape[3], 1) if depthwise else (kernel.shape[0],))
        checked += 1
    assert checked == 8


def test_rounding_stops_in_the_last_residual_block(tmp_path):
    names = [
        "CONV_2D",
        "ADD",
        "CONV_2D",
        "ADD",
        "CONV_2D",
        "DEPTHWISE_CONV_2D",
        "ADD",
        "CONV_2D",
        "MEAN",
        "CONV_2D",
    ]
    operators = tuple(Operator(index, name, 1, (0,), (1,), {}) for index, name in enumerate(names))
    assert list(tfjs_conversion.last_block(TfliteModel(tmp_path, (), operators, (0,), (1,)))) == [
        4,
        5,
        6,
        7,
        8,
    ]
    assert list(tfjs_conversion.last_block(TfliteModel(tmp_path, (), operators[:3], (0,), (1,)))) == []


def test_every_activation_of_a_network_with_one_residual_is_rounded(files):
    nodes = json.loads((files / "int8" / "model.json").read_text())["modelTopology"]["node"]
    assert sum(node["op"] == "Round" for node in nodes) == 10  # 8 convolutions, an addition, a mean


def test_weights_take_a_byte_in_the_int8_form_and_two_in_the_float16_form(files):
    sizes = {kind: (files / kind / "weights.bin").stat().st_size for kind in KINDS}
    model = read_tflite(files / "int8.tflite")
    kernels = [model.tensors[operator.inputs[1]] for operator in model.operators if "CONV" in operator.name]
    integers = sum(kernel.data.size for kernel in kernels)
    channels = sum(kernel.quantization.scale.size for kernel in kernels)
    # A scale and a bias for each channel, and a few numbers of the graph.
    assert sizes["int8"] <= integers + 8 * channels + 100
    assert sizes["float16"] <= 0.55 * sizes["float32"]


def test_model_is_smaller_than_1_15_times_the_int8_file(tmp_path):
    generator = np.random.default_rng(0)
    kernels = [generator.normal(0, 0.1, (1, 1, *pair)).astype(np.float32) for pair in ((1, 128), (128, 512))]

    def network(x):
        import tensorflow as tf

        for kernel in kernels:
            x = tf.nn.relu6(tf.nn.conv2d(x, kernel, 1, "SAME"))
        return tf.reduce_mean(x, [1, 2], keepdims=True)

    path = tmp_path / "wide.tflite"
    path.write_bytes(convert(network, (1, 4, 4, 1), "int8", np.ones((2, 4, 4, 1), np.float32)))
    assert convert_tfjs(path, tmp_path / "wide") <= 1.15 * path.stat().st_size


def test_latency_times_each_model_as_often_as_asked(files, images):
    folders = [files / kind for kind in ("float32", "int8")]
    times = tfjs_runtime.latency(folders, images[0], rounds=5, warmup=2)
    assert list(times) == [str(folder) for folder in folders]
    assert all(len(rounds) == 5 and min(rounds) > 0 for rounds in times.values())


def test_conversion_is_repeatable_and_replaces_what_was_there(files, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "old.txt").write_text("old")
    size = convert_tfjs(files / "int8.tflite", out)
    assert sorted(path.name for path in out.iterdir()) == ["model.json", "weights.bin"]
    assert size == sum(path.stat().st_size for path in out.iterdir())
    for name in ("model.json", "weights.bin"):
        assert (out / name).read_bytes() == (files / "int8" / name).read_bytes()


def test_damaged_file_and_file_in_place_of_the_folder_are_refused(files, tmp_path):
    broken = tmp_path / "cut.tflite"
    broken.write_bytes((files / "int8.tflite").read_bytes()[:3000])
    with pytest.raises(InputError, match=r"cut\.tflite: the file is damaged"):
        convert_tfjs(broken, tmp_path / "out")
    occupied = tmp_path / "occupied"
    occupied.write_text("a file")
    with pytest.raises(InputError, match="a file stands where a folder should be"):
        convert_tfjs(files / "int8.tflite", occupied)
    assert occupied.read_text() == "a file"


def test_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        TfjsModel(tmp_path / "nothing")
    with pytest.raises(InputError, match=r"model\.json: no such TF\.js model"):
        TfjsModel(tmp_path)


def test_model_that_does_not_run_is_reported_with_nodes_reason(files, images, tmp_path):
    text = (files / "int8" / "model.json").read_text().replace('"op":"Round"', '"op":"Roundabout"')
    (tmp_path / "model.json").write_text(text)
    (tmp_path / "weights.bin").write_bytes((files / "int8" / "weights.bin").read_bytes())
    with pytest.raises(InputError, match=r"node could not run the model: .*Roundabout") as caught:
        TfjsModel(tmp_path).probabilities(images[:1])
    assert "\n" not in str(caught.value)
