"""The .tflite classifier: scales from the file, both I/O types, both kernel families, damaged files."""

from __future__ import annotations

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import Contract
from face_emotion.errors import InputError
from tests.support.tflite import random_images, write_tflite

IMAGES = random_images(60, seed=5)


@pytest.fixture
def int8(tmp_path):
    return write_tflite(tmp_path / "int8.tflite")


@pytest.fixture
def float32(tmp_path):
    return write_tflite(tmp_path / "float32.tflite", quantized=False)


def run_by_hand(path, tensors):
    interpreter = Interpreter(str(path), num_threads=1)
    interpreter.allocate_tensors()
    given, answer = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    rows = []
    for tensor in tensors:
        interpreter.set_tensor(given["index"], tensor[None, :, :, None])
        interpreter.invoke()
        rows.append(interpreter.get_tensor(answer["index"])[0])
    return np.array(rows)


def test_float32_gives_what_the_interpreter_gives(float32):
    classifier = TfliteClassifier(float32)
    expected = run_by_hand(float32, IMAGES.astype(np.float32) / np.float32(255))
    probabilities = classifier.probabilities(IMAGES)
    assert probabilities.dtype == np.float32
    assert classifier.class_count == 7
    np.testing.assert_allclose(probabilities, expected, atol=1e-6)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert len(set(probabilities.argmax(axis=1))) > 3  # or the comparison would say little


def test_uint8_takes_raw_grey_bytes_and_gives_steps_of_1_256(int8):
    classifier = TfliteClassifier(int8)
    assert classifier.input_scale == (pytest.approx(1 / 255), 0)
    assert classifier.output_scale == (1 / 256, 0)
    raw = classifier.raw(IMAGES)
    assert raw.dtype == np.uint8
    np.testing.assert_array_equal(raw, run_by_hand(int8, IMAGES))
    np.testing.assert_array_equal(classifier.probabilities(IMAGES), raw.astype(np.float32) / 256)


def test_other_scales_are_read_from_the_file(tmp_path):
    path = write_tflite(tmp_path / "odd.tflite", input_high=2.0, output_factor=0.25)
    classifier = TfliteClassifier(path)
    assert classifier.input_scale == (pytest.approx(2 / 255), 0)
    scale, zero_point = classifier.output_scale
    assert scale < 0.5 / 256
    halved = np.rint(IMAGES / 255 / classifier.input_scale[0]).astype(np.uint8)
    raw = classifier.raw(IMAGES)
    np.testing.assert_array_equal(raw, run_by_hand(path, halved))
    expected = scale * (raw.astype(np.float64) - zero_point)
    np.testing.assert_allclose(classifier.probabilities(IMAGES), expected, rtol=1e-6)


def test_zero_points_other_than_0_are_read_from_the_file(tmp_path):
    path = write_tflite(tmp_path / "zero.tflite", input_low=-0.4, input_high=1.3, output_low=-0.25)
    classifier = TfliteClassifier(path)
    assert classifier.input_scale == (pytest.approx(1.7 / 255), 60)
    scale, zero_point = classifier.output_scale
    assert 40 < zero_point < 90
    quantised = (np.rint(IMAGES / 1.7) + 60).astype(np.uint8)  # 60 is black, 210 white
    raw = classifier.raw(IMAGES)
    np.testing.assert_array_equal(raw, run_by_hand(path, quantised))
    expected = scale * (raw.astype(np.float64) - zero_point)
    np.testing.assert_allclose(classifier.probabilities(IMAGES), expected, rtol=1e-5, atol=1e-7)
    assert expected.sum(axis=1) == pytest.approx(np.full(len(IMAGES), 1 - 7 * 0.25), abs=0.03)


def test_logits_are_counted_from_their_zero_point(tmp_path):
    contract = Contract(heads=("labels", "votes"), blend=(0.5, 0.25), sharpness=(1.0, 1.0))
    path = write_tflite(tmp_path / "two.tflite", input_low=-0.4, input_high=1.3, heads=2)
    classifier = TfliteClassifier(path, contract)
    scale, zero_point = classifier.output_scale
    assert zero_point > 50
    raw = classifier.raw(IMAGES)
    real = scale * (raw.astype(float) - zero_point)
    blended = 0.5 * real[:, :7] + 0.25 * real[:, 7:]
    # A score is a 256th of the natural logarithm: with another zero point all of them would be far off.
    np.testing.assert_allclose(classifier.scores(raw) / 256, blended, atol=0.51 / 256 + 1e-3)
    powers = np.exp(blended)
    expected = powers / powers.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(classifier.probabilities(IMAGES), expected, atol=2e-3)


def test_reference_kernels_are_another_family(int8, float32):
    usual, reference = (TfliteClassifier(int8, reference_kernels=flag).raw(IMAGES) for flag in (False, True))
    steps = np.abs(usual.astype(int) - reference.astype(int))
    assert 0 < steps.max() < 40
    assert steps.mean() < 2
    usual, reference = (
        TfliteClassifier(float32, reference_kernels=flag).probabilities(IMAGES) for flag in (False, True)
    )
    np.testing.assert_allclose(usual, reference, atol=1e-4)


def test_threads_do_not_change_the_answer(int8):
    np.testing.assert_array_equal(
        TfliteClassifier(int8, threads=2).raw(IMAGES), TfliteClassifier(int8).raw(IMAGES)
    )


def test_no_images_give_no_rows(int8):
    assert TfliteClassifier(int8).probabilities(IMAGES[:0]).shape == (0, 7)


@pytest.mark.parametrize(
    "images",
    [IMAGES.astype(np.float32), IMAGES[:, :47], IMAGES[0], IMAGES[..., None]],
    ids=["float", "47 rows", "one image", "channel axis"],
)
def test_other_images_are_refused(int8, images):
    with pytest.raises(ValueError, match=r"uint8 \[N,48,48\] is expected"):
        TfliteClassifier(int8).raw(images)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"gone\.tflite: no such model"):
        TfliteClassifier(tmp_path / "gone.tflite")


@pytest.mark.parametrize("keep", [0, 100, 0.5, 0.99])
def test_a_truncated_file_is_refused(int8, keep):
    content = int8.read_bytes()
    int8.write_bytes(content[: int(keep * len(content)) if isinstance(keep, float) else keep])
    with pytest.raises(InputError, match=r"int8\.tflite: (the model is empty|damaged or not a \.tflite)"):
        TfliteClassifier(int8)


def test_another_kind_of_file_is_refused(tmp_path):
    path = tmp_path / "text.tflite"
    path.write_text("not a model" * 500)
    with pytest.raises(InputError, match="damaged or not a"):
        TfliteClassifier(path)


def test_another_input_shape_is_refused(tmp_path):
    path = write_tflite(tmp_path / "big.tflite", size=96, quantized=False)
    with pytest.raises(InputError, match=r"big\.tflite: takes an input of shape \[1, 96, 96, 1\]"):
        TfliteClassifier(path)
