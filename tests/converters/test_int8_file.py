"""The int8 file of a fake-quantised network: scales by channel, grey bytes in, the checkpoint's answers out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from converters.tflite_reader import TfliteModel, read_tflite
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import Contract, Normalization
from model_build.data.dataset import TEST
from model_build.quantization.export import export
from tests.support.training import Trained, tiny_dataset

TEST_FACES = tiny_dataset().part(TEST)
CONTRACT = Contract(  # conftest's int8_file is the blend of a contract that is not calibrated: the first head
    heads=("labels", "votes"),
    blend=(1.0, 0.0),
    sharpness=(1.0, 1.0),
    normalization=Normalization("stretch"),
)


@pytest.fixture(scope="module")
def graph(int8_file: Path) -> TfliteModel:
    """The tensors and operators of the int8 file."""
    return read_tflite(int8_file)


@pytest.mark.parametrize(("operator", "axis", "count"), [("DEPTHWISE_CONV_2D", 3, 3), ("CONV_2D", 0, 10)])
def test_kernels_in_the_file_have_one_scale_a_channel(
    graph: TfliteModel, operator: str, axis: int, count: int
):
    found = [graph.tensors[entry.inputs[1]] for entry in graph.operators if entry.name == operator]
    assert len(found) == count
    for tensor in found:
        assert tensor.dtype == "int8"
        assert tensor.quantization.axis == axis
        assert tensor.quantization.scale.size == tensor.shape[axis]
        assert np.unique(tensor.quantization.scale).size > 1
        assert not tensor.quantization.zero_point.any()
        others = tuple(index for index in range(4) if index != axis)
        assert (np.abs(tensor.data).max(axis=others) == 127).all()  # each channel uses its whole grid


def test_the_file_takes_grey_bytes_and_gives_bytes(graph: TfliteModel):
    (given,), (answer, logits) = graph.inputs, graph.outputs
    assert [graph.tensors[index].name for index in (given, answer, logits)] == [
        "image",
        "probabilities",
        "logits",
    ]
    assert (graph.tensors[logits].dtype, graph.tensors[logits].shape) == ("uint8", (1, 14))
    for index, shape, scale in ((given, (1, 48, 48, 1), 1 / 255), (answer, (1, 7), 1 / 256)):
        tensor = graph.tensors[index]
        assert (tensor.dtype, tensor.shape) == ("uint8", shape)
        assert tensor.quantization.scale.tolist() == [np.float32(scale)]
        assert tensor.quantization.zero_point.tolist() == [0]


def test_the_file_holds_no_operator_that_old_kernels_misread(graph: TfliteModel):
    names = {operator.name for operator in graph.operators}
    assert "FULLY_CONNECTED" not in names
    assert names <= {"QUANTIZE", "CONV_2D", "DEPTHWISE_CONV_2D", "ADD", "MEAN", "RESHAPE", "SOFTMAX"}
    assert all(
        tensor.dtype in ("int8", "uint8", "int32") for tensor in graph.tensors
    )  # nothing is left in float


def test_a_grey_byte_is_its_own_quantised_value(int8_file: Path):
    scale, zero_point = TfliteClassifier(int8_file, CONTRACT).input_scale
    greys = np.arange(256)
    assert np.array_equal(np.rint(greys / 255 / scale) + zero_point, greys)


@pytest.mark.parametrize("reference_kernels", [False, True])
@pytest.mark.parametrize("head", ["labels", "votes", "both"])
def test_the_file_agrees_with_the_checkpoint(
    int8_file: Path, trained_qat: Trained, head: str, reference_kernels: bool
):
    expected = export(trained_qat.checkpoint, CONTRACT, head).probabilities(TEST_FACES.images)
    classifier = TfliteClassifier(int8_file, CONTRACT, head, reference_kernels=reference_kernels)
    found = classifier.probabilities(TEST_FACES.images)
    error = np.abs(found - expected)
    print(f"largest error {error.max():.4f}, mean {error.mean():.5f}")
    assert error.max() < 0.05
    assert error.mean() < 0.005
    assert np.ptp(expected, axis=0).max() > 0.5  # the faces do get different answers


def test_the_first_output_is_the_blend(int8_file: Path):
    classifier = TfliteClassifier(int8_file, CONTRACT)
    probabilities, _ = classifier.outputs(TEST_FACES.images)
    # The kernels' own softmax: rounded to steps of 1/256, of logits that were quantised once more.
    assert np.abs(probabilities / 256 - classifier.probabilities(TEST_FACES.images)).max() < 0.03
