"""Quantisation-aware fine-tuning: calibrated ranges, scales by channel, frozen statistics, resume, epoch 0."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from face_emotion.errors import InputError
from model_build.data.dataset import TEST, TRAINING
from model_build.network import checkpoint
from model_build.network.engine import load_engine
from model_build.quantization import quantize as quantize_module
from model_build.quantization.fake_quantization import (
    PREFIX,
    DepthwiseQuantizer,
    activation_ranges,
    calibrate,
    fake_quantized,
    restore,
    set_weight_ranges,
)
from model_build.quantization.quantize import QuantizePlan, quantize
from model_build.training.augment import network_input
from model_build.training.selection import selection_set
from tests.support.training import (
    QUANTIZE,
    SMALLEST,
    TRAIN,
    UNCHANGED,
    Trained,
    assert_same_state,
    tiny_dataset,
    untrained,
    untrained_checkpoint,
)

BATCHES = [network_input(tiny_dataset().part(TRAINING).images[start : start + 32]) for start in (0, 32, 64)]
TEST_FACES = tiny_dataset().part(TEST)


@pytest.fixture(scope="module")
def calibrated(trained_float: Trained):
    """The float network of `trained_float` and its calibrated twin."""
    float_model = trained_float.checkpoint.model(load_engine().keras)
    model = fake_quantized(float_model)
    calibrate(model, float_model, BATCHES)
    return float_model, model


@pytest.fixture(scope="module")
def restored(trained_qat: Trained):
    """The network that the checkpoint file of `trained_qat` holds."""
    return restore(checkpoint.load(trained_qat.folder / "checkpoint.npz"))


def numbers(ranges: dict) -> dict[str, tuple[float, float]]:
    """Returns the values of range variables."""
    return {name: (float(low.numpy()), float(high.numpy())) for name, (low, high) in ranges.items()}


def state_weights(path: Path) -> list[np.ndarray]:
    """Returns the weights of the model in training (not the averaged ones) that a state holds, in order."""
    with np.load(path) as stored:
        return [stored[name] for name in stored.files if name.startswith("model/")]


def kernels(model):
    """Yields (float layer, its kernel, its range variables) of every quantised kernel."""
    for layer in model.layers:
        for kernel, _, ranges in getattr(layer, "_weight_vars", ()):
            yield layer.layer, kernel.numpy(), ranges


def test_tfmot_starts_where_calibration_is_needed():
    ranges = numbers(activation_ranges(fake_quantized(untrained(SMALLEST))))
    assert {pair for name, pair in ranges.items() if name != "image"} == {(-6.0, 6.0)}


def test_the_inputs_range_is_exactly_0_to_1(calibrated):
    low, high = numbers(activation_ranges(calibrated[1]))["image"]
    assert (low, high) == (0.0, 1.0)  # 255 steps: scale 1/255, zero point 0


def test_every_range_is_the_mean_of_the_batches_extremes(calibrated):
    float_model, model = calibrated
    keras = load_engine().keras
    ranges = numbers(activation_ranges(model))
    del ranges["image"]
    assert {name for name in ranges if name.endswith("_relu")} == {
        layer.name for layer in float_model.layers if layer.name.endswith("_relu")
    }
    assert {"stage0_0_add", "stage1_1_add", "classifier_labels", "classifier_votes"} < ranges.keys()
    for name, (low, high) in ranges.items():
        values = keras.Model(float_model.input, float_model.get_layer(name).output)
        seen = [np.asarray(values(batch)) for batch in BATCHES]
        assert low == pytest.approx(min(0, np.mean([value.min() for value in seen])), abs=1e-5), name
        assert high == pytest.approx(np.mean([value.max() for value in seen]), abs=1e-5), name
        assert (low, high) != (-6.0, 6.0)


def test_kernels_have_one_symmetric_range_a_channel(calibrated):
    found = {"Conv2D": 0, "DepthwiseConv2D": 0}
    for layer, kernel, ranges in kernels(calibrated[1]):
        kind = type(layer).__name__
        found[kind] += 1
        # Conv2D kernels are [h, w, in, out], depthwise ones [h, w, in, 1].
        channels = np.moveaxis(kernel, 2 if kind == "DepthwiseConv2D" else 3, 0)
        expected = np.abs(channels.reshape(len(channels), -1)).max(axis=1)
        np.testing.assert_allclose(ranges["max_var"].numpy(), expected, rtol=1e-6)
        np.testing.assert_allclose(ranges["min_var"].numpy(), -expected, rtol=1e-6)
        assert np.unique(expected).size > 1
    assert found == {"Conv2D": 1 + 2 * 3 + 1 + 2, "DepthwiseConv2D": 3}


@pytest.mark.parametrize("training", [True, False])
def test_depthwise_kernels_are_rounded_to_their_channels_grid(training: bool):
    import tensorflow as tf

    random = np.random.default_rng(0)
    kernel = (random.normal(0, 1, (3, 3, 5, 1)) * 10.0 ** np.arange(-3, 2)[:, None]).astype(np.float32)
    bound = np.abs(kernel).max(axis=(0, 1)).reshape(-1)
    ranges = {"min_var": tf.Variable(-bound), "max_var": tf.Variable(bound)}
    if training:  # the grid follows the kernel, whatever the range was
        ranges = {name: tf.Variable(np.full(5, 9, np.float32)) for name in ranges}
    rounded = DepthwiseQuantizer()(tf.constant(kernel), training, ranges).numpy()
    scale = (bound / 127)[None, None, :, None]
    np.testing.assert_allclose(rounded, np.rint(kernel / scale) * scale, atol=1e-6 * float(bound.max()))
    np.testing.assert_allclose(ranges["max_var"].numpy(), bound)
    assert (np.abs(rounded - kernel).max(axis=(0, 1, 3)) <= bound / 254 * 1.001).all()


def test_a_silent_channel_does_no_harm():
    model = untrained(SMALLEST)
    weights = checkpoint.weights_of(model)
    weights["stage0_0_depthwise/0"][:, :, 3] = 0
    weights["stem0_conv/0"][..., 2] = 0
    checkpoint.set_weights(model, weights)
    twin = fake_quantized(model)
    calibrate(twin, model, BATCHES)
    np.testing.assert_allclose(twin(BATCHES[0]), model(BATCHES[0]), atol=0.2)


def test_the_calibrated_twin_answers_as_the_float_network(calibrated):
    float_model, model = calibrated
    faces = network_input(TEST_FACES.images)
    for logits, quantised in zip(float_model(faces), model(faces), strict=True):
        assert np.abs(logits - quantised).mean() < 0.1 * np.ptp(logits)
        assert np.mean(np.argmax(logits, 1) == np.argmax(quantised, 1)) > 0.9


def test_a_second_model_in_a_process_is_the_same(calibrated):
    float_model, model = calibrated
    twin = fake_quantized(float_model)
    assert activation_ranges(twin).keys() == activation_ranges(model).keys()
    checkpoint.set_weights(twin, checkpoint.weights_of(model))
    faces = network_input(TEST_FACES.images[:4])
    assert np.array_equal(twin(faces)[0], model(faces)[0])


def test_fine_tuning_keeps_the_inputs_range_and_the_norms_statistics(
    restored, trained_float: Trained, trained_qat: Trained
):
    assert numbers(activation_ranges(restored))["image"] == (0.0, 1.0)
    assert (-6.0, 6.0) not in numbers(activation_ranges(restored)).values()
    names = [variable.name for variable in restored.weights]
    first, last = (
        dict(zip(names, state_weights(trained_qat.folder / file), strict=True))
        for file in ("epoch1.npz", "state.npz")
    )
    source, compared = trained_float.checkpoint.weights, 0
    for name, value in last.items():
        layer, _, ending = name.partition("/")
        if ending.startswith("moving_"):
            index = {"moving_mean:0": 2, "moving_variance:0": 3}[ending]
            assert np.array_equal(value, source[f"{layer}/{index}"]), name
            compared += 1
        elif ending in ("kernel:0", "depthwise_kernel:0", "gamma:0"):
            assert not np.array_equal(value, first[name]), name  # these do learn
    assert compared == 2 * (1 + 3 * 3 + 1)


def test_fine_tuning_says_what_it_did(trained_float: Trained, trained_qat: Trained):
    details = trained_qat.checkpoint.details
    assert details["kind"] == "qat"
    assert details["settings"]["source"] == trained_float.checkpoint.details
    assert details["selection_accuracy"] > trained_float.checkpoint.details["selection_accuracy"] - 0.1


def test_the_checkpoint_gives_its_selection_accuracy(restored, trained_qat: Trained):
    expected = trained_qat.checkpoint.details["selection_accuracy"]
    stretched = trained_qat.checkpoint.normalization
    selection = selection_set(tiny_dataset(), "labels", ("labels", "votes"), stretched)
    assert selection.judge(restored).accuracy == expected


def test_the_checkpoints_kernel_ranges_are_its_kernels(restored):
    stored = [ranges["max_var"].numpy() for _, _, ranges in kernels(restored)]
    set_weight_ranges(restored)
    for before, (_, _, ranges) in zip(stored, kernels(restored), strict=True):
        np.testing.assert_array_equal(before, ranges["max_var"].numpy())


def test_resumed_fine_tuning_ends_with_the_same_weights_bit_for_bit(trained_qat: Trained, tmp_path: Path):
    trained_qat.copy_state(1, tmp_path / "qat")
    resumed = quantize(trained_qat.plan, tmp_path / "qat")
    assert_same_state(tmp_path / "qat" / "state.npz", trained_qat.folder / "state.npz")
    for name, value in trained_qat.checkpoint.weights.items():
        assert np.array_equal(resumed.weights[name], value), name


def test_the_untouched_network_competes_as_epoch_0(trained_qat: Trained, tmp_path: Path):
    settings = dataclasses.replace(QUANTIZE, qat_epochs=1, qat_learning_rate=0.1)
    ruined = quantize(dataclasses.replace(trained_qat.plan, quantize=settings), tmp_path / "qat")
    assert ruined.details["epoch"] == 0
    assert ruined.details["selection_accuracy"] > 0.8
    for name, value in trained_qat.plan.source.weights.items():
        if name.endswith("_conv/0"):
            assert np.array_equal(ruined.weights[PREFIX + name], value), name


def test_what_is_no_qat_checkpoint_is_refused(trained_qat: Trained):
    with pytest.raises(InputError, match="another architecture"):
        restore(untrained_checkpoint(SMALLEST))
    other = dataclasses.replace(trained_qat.checkpoint, architecture=SMALLEST)
    with pytest.raises(InputError, match="another architecture"):
        restore(other)


def test_its_teachers_answer_to_mirror_images_too_if_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    class Seen(Exception):
        pass

    def fit(job, folder, **_):
        raise Seen(job.teacher.mirror)

    monkeypatch.setattr(quantize_module, "fit", fit)
    source = untrained_checkpoint(SMALLEST)
    checkpoint.save(tmp_path / "teacher.npz", source)
    for mirror in (0, 1):
        plan = QuantizePlan(
            tiny_dataset(),
            source,
            dataclasses.replace(TRAIN, teacher_mirror=mirror),
            dataclasses.replace(QUANTIZE, qat_calibration=1),
            UNCHANGED,
            (tmp_path / "teacher.npz",),
        )
        with pytest.raises(Seen, match=str(bool(mirror))):
            quantize(plan, tmp_path / "out")
