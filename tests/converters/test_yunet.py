"""converters/yunet.py: the .onnx file read and written again, compared with onnxruntime, and what is refused."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from converters.face_detector import FOLDER
from converters.tflite_reader import read_tflite
from converters.yunet import OnnxGraph, read_onnx, reference, write
from face_emotion.errors import InputError
from model_build.synthetic.scenes import draw_frame
from tests.support.tfjs import interpret

SOURCE = FOLDER / "yunet_n.onnx"
CLOSE = 0.02  # chances, and cells or logarithms of sizes: the weights have eleven bits


@pytest.fixture(scope="module")
def graph() -> OnnxGraph:
    """The authors' network."""
    return read_onnx(SOURCE)


def squares(size: int) -> np.ndarray:
    """Pictures for the network, float32 [3,size,size,3] RGB, 0..255: two of blocks, and a face in colour."""
    random = np.random.default_rng(7)
    blocks = random.integers(0, 256, (2, size // 16, size // 16, 3)).repeat(16, axis=1).repeat(16, axis=2)
    low, high = size * 0.3, size * 0.7
    face = draw_frame(size, size, [(low, low, high, high)], [3], 4)[..., None] * np.array([1.0, 0.8, 0.6])
    return np.concatenate([blocks, face[None]]).astype(np.float32)


def chances(rows: np.ndarray) -> np.ndarray:
    """Our file's rows with class and objectness after their sigmoid, as the authors' file gives them."""
    made = rows.astype(np.float64)
    made[..., :2] = 1 / (1 + np.exp(-made[..., :2]))
    return made


def test_the_file_is_read_in_the_order_of_computing(graph):
    kinds = [node.kind for node in graph.nodes]
    assert {kind: kinds.count(kind) for kind in ("Conv", "Relu", "MaxPool", "Resize", "Add", "Sigmoid")} == {
        "Conv": 59,
        "Relu": 18,
        "MaxPool": 4,
        "Resize": 2,
        "Add": 2,
        "Sigmoid": 6,
    }
    assert graph.nodes[0].inputs[0] == "input"
    assert sum(weights.size for weights in graph.weights.values()) == 73_873
    known = {"input", *graph.weights}
    for node in graph.nodes:
        assert all(name in known for name in node.inputs if name), node.output
        known.add(node.output)


@pytest.mark.parametrize(("size", "rows"), [(32, 21), (96, 189), (160, 525)])
def test_what_is_written_computes_what_onnxruntime_does(graph, tmp_path, size, rows):
    path = write(graph, size, tmp_path / "network.tflite")
    given = squares(size)
    (found,) = interpret(path.read_bytes(), given).values()
    expected = reference(SOURCE, given)
    assert found.shape == expected.shape == (3, rows, 16)
    np.testing.assert_allclose(chances(found), expected, atol=CLOSE)


def test_the_face_is_found_in_colour_and_red_is_not_blue(graph, tmp_path):
    path = write(graph, 160, tmp_path / "network.tflite")
    face = squares(160)[2:]
    other = np.ascontiguousarray(face[..., ::-1])
    (found,) = interpret(path.read_bytes(), np.concatenate([face, other])).values()
    assert chances(found)[0, :, :2].prod(axis=1).max() > 0.7
    assert np.abs(found[0] - found[1]).max() > 0.1


def test_the_file_has_float16_weights_and_one_output(graph, tmp_path):
    model = read_tflite(write(graph, 160, tmp_path / "network.tflite"))
    assert [model.tensors[index].shape for index in model.inputs] == [(1, 160, 160, 3)]
    assert [model.tensors[index].shape for index in model.outputs] == [(1, 525, 16)]
    assert (tmp_path / "network.tflite").stat().st_size == 176_340
    large = [tensor for tensor in model.tensors if tensor.data is not None and tensor.data.size > 64]
    assert {tensor.dtype for tensor in large} == {"float16"}
    names = [operator.name for operator in model.operators]
    assert names.count("CONCATENATION") == 1
    assert not {"TRANSPOSE", "LOGISTIC"} & set(names)


def test_writing_it_again_gives_the_same_bytes(graph, tmp_path):
    one, other = (write(graph, 64, tmp_path / name) for name in ("one.tflite", "other.tflite"))
    assert one.read_bytes() == other.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.tflite", "other.tflite"]


@pytest.mark.parametrize("size", [0, -32, 16, 100, 161])
def test_a_size_that_the_strides_do_not_divide_is_refused(graph, tmp_path, size):
    with pytest.raises(InputError, match=rf"^size {size}: a multiple of 32 is expected$"):
        write(graph, size, tmp_path / "network.tflite")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"no network at all", SOURCE.read_bytes()[:50_000]], ids=["text", "cut off"]
)
def test_a_damaged_file_is_refused(tmp_path, content):
    (tmp_path / "damaged.onnx").write_bytes(content)
    with pytest.raises(InputError, match=r"damaged\.onnx: damaged or no \.onnx file \(\w+\)") as caught:
        read_onnx(tmp_path / "damaged.onnx")
    assert "\n" not in str(caught.value)


def test_a_missing_or_empty_file_is_refused(tmp_path):
    (tmp_path / "empty.onnx").touch()
    with pytest.raises(InputError, match=r"empty\.onnx: the network is empty"):
        read_onnx(tmp_path / "empty.onnx")
    with pytest.raises(InputError, match=r"none\.onnx: no such network"):
        read_onnx(tmp_path / "none.onnx")


def other_network(path: Path) -> Path:
    """Writes an .onnx file of one convolution."""
    kernel = helper.make_tensor("kernel", TensorProto.FLOAT, (4, 3, 1, 1), np.ones(12, np.float32))
    values = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, (1, channels, 32, 32))
        for name, channels in (("input", 3), ("output", 4))
    ]
    nodes = [helper.make_node("Conv", ["input", "kernel"], ["output"], group=1)]
    onnx.save(
        helper.make_model(helper.make_graph(nodes, "other", values[:1], values[1:], [kernel])), str(path)
    )
    return path


def test_another_network_is_refused(tmp_path):
    other = read_onnx(other_network(tmp_path / "other.onnx"))
    with pytest.raises(InputError, match=r"other\.onnx: nothing gives 'cls_8'; a file of YuNet is expected"):
        write(other, 64, tmp_path / "network.tflite")
    assert not (tmp_path / "network.tflite").exists()


def test_an_operator_that_yunet_has_not_is_named(graph, tmp_path):
    nodes = list(graph.nodes)
    place = next(index for index, node in enumerate(nodes) if node.kind == "Relu")
    nodes[place] = dataclasses.replace(nodes[place], kind="Tanh")
    with pytest.raises(InputError, match=r"yunet_n\.onnx: operator Tanh: a file of YuNet is expected"):
        write(dataclasses.replace(graph, nodes=tuple(nodes)), 64, tmp_path / "network.tflite")


def test_heads_that_do_not_fit_together_are_refused(graph, tmp_path):
    """Weights that are missing or of another shape, a head with another source: what only looks like YuNet."""
    node = graph.producer("cls_8")
    while node.kind != "Conv":
        node = graph.producer(node.inputs[0])
    pointwise, kernel = graph.producer(node.inputs[0]), node.inputs[1]
    without = {name: value for name, value in graph.weights.items() if name != kernel}
    narrow = graph.weights | {kernel: graph.weights[kernel][:, :, :1]}
    moved = dataclasses.replace(pointwise, inputs=("input", *pointwise.inputs[1:]))
    nodes = tuple(moved if one is pointwise else one for one in graph.nodes)
    for changes in ({"weights": without}, {"weights": narrow}, {"nodes": nodes}):
        with pytest.raises(InputError, match=r"yunet_n\.onnx: its parts do not fit together .*YuNet is exp"):
            write(dataclasses.replace(graph, **changes), 64, tmp_path / "network.tflite")
    assert not (tmp_path / "network.tflite").exists()
