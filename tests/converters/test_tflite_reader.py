"""converters/tflite_reader.py: what stands in a .tflite file, and what a damaged one leads to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from converters.tflite_reader import TfliteModel, read_tflite
from face_emotion.errors import InputError
from tests.support.tfjs import classifier, convert


@pytest.fixture(scope="module")
def int8_path(tmp_path_factory):
    path = tmp_path_factory.mktemp("reader") / "int8.tflite"
    path.write_bytes(classifier("int8"))
    return path


def test_operators_stand_in_order_with_their_options(int8_path):
    model = read_tflite(int8_path)
    assert [operator.name for operator in model.operators] == [
        "QUANTIZE",
        "CONV_2D",
        *("CONV_2D", "DEPTHWISE_CONV_2D", "CONV_2D", "ADD"),
        *("CONV_2D", "DEPTHWISE_CONV_2D", "CONV_2D"),
        *("MEAN", "CONV_2D", "RESHAPE", "SOFTMAX", "QUANTIZE"),
    ]
    stem, depthwise = model.operators[1], model.operators[7]
    assert (stem.options["stride_h"], stem.options["stride_w"], stem.options["dilation_h_factor"]) == (
        2,
        2,
        1,
    )
    assert (depthwise.options["stride_h"], depthwise.options["depth_multiplier"]) == (2, 1)
    assert all(operator.version >= 1 for operator in model.operators)


def test_tensors_agree_with_the_interpreter(int8_path):
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(int8_path))
    model = read_tflite(int8_path)
    constants = 0
    for detail in interpreter.get_tensor_details():
        tensor = model.tensors[detail["index"]] if detail["index"] < len(model.tensors) else None
        if tensor is None or tensor.name != detail["name"]:
            continue  # the interpreter adds tensors of its own
        assert tensor.shape == tuple(detail["shape"])
        assert np.dtype(tensor.dtype) == detail["dtype"]
        parameters = detail["quantization_parameters"]
        if tensor.quantization is None:
            assert len(parameters["scales"]) == 0
        else:
            np.testing.assert_array_equal(tensor.quantization.scale, parameters["scales"])
            np.testing.assert_array_equal(tensor.quantization.zero_point, parameters["zero_points"])
        if tensor.data is not None:
            constants += 1
            np.testing.assert_array_equal(tensor.data, interpreter.get_tensor(detail["index"]))
    assert constants > 15


def test_input_is_raw_bytes_and_weights_have_a_scale_a_channel(int8_path):
    model = read_tflite(int8_path)
    image = model.tensors[model.inputs[0]]
    assert (image.dtype, image.shape, int(image.quantization.zero_point[0])) == ("uint8", (1, 48, 48, 1), 0)
    for operator in model.operators:
        if operator.name in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            weights = model.tensors[operator.inputs[1]]
            assert weights.quantization.scale.size == model.tensors[operator.outputs[0]].shape[-1]
            along = [1, 1, 1, 1]
            along[weights.quantization.axis] = -1
            expected = weights.data * weights.quantization.scale.reshape(along)
            np.testing.assert_allclose(weights.real, expected, rtol=1e-6)


def test_float16_weights_are_read_as_they_are(tmp_path):
    path = tmp_path / "float16.tflite"
    path.write_bytes(classifier("float16"))
    model = read_tflite(path)
    halves = [tensor for tensor in model.tensors if tensor.dtype == "float16"]
    assert halves
    assert all(tensor.data.dtype == np.float16 and np.isfinite(tensor.real).all() for tensor in halves)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04 something else", "not a .tflite file"),
        (b"\x1c\x00\x00\x00TFL3", "damaged"),
        (b"\xff\xff\xff\x7fTFL3" + bytes(64), "damaged"),
    ],
)
def test_files_of_another_kind_are_refused(tmp_path, content, message):
    path = tmp_path / "broken.tflite"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        read_tflite(path)
    assert str(path) in str(caught.value)


def test_missing_file_and_folder_are_refused(tmp_path):
    with pytest.raises(InputError, match="no such"):
        read_tflite(tmp_path / "nothing.tflite")
    with pytest.raises(InputError, match="is a folder"):
        read_tflite(tmp_path)


def test_dynamic_batch_is_refused(tmp_path):
    path = tmp_path / "dynamic.tflite"
    path.write_bytes(convert(lambda x: x + 1.0, (None, 4)))
    with pytest.raises(InputError, match="dynamic shape; convert with a static batch of 1"):
        read_tflite(path)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damage_never_escapes_as_another_error(tmp_path_factory, data):
    content = bytearray(classifier("int8"))
    if data.draw(st.booleans(), label="cut"):
        content = content[: data.draw(st.integers(9, len(content) - 1), label="length")]
    for _ in range(data.draw(st.integers(0, 4), label="changes")):
        content[data.draw(st.integers(8, len(content) - 1), label="at")] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.tflite"
    path.write_bytes(content)
    try:
        assert isinstance(read_tflite(path), TfliteModel)
    except InputError as error:
        assert str(path) in str(error)
