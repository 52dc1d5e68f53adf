"""The optimiser: what decays, what Muon turns, in the float network and in its fake-quantised twin."""

from __future__ import annotations

import numpy as np
import pytest

from model_build.network.engine import load_engine
from model_build.quantization.fake_quantization import calibrate, fake_quantized
from model_build.training.augment import network_input
from model_build.training.optimizers import optimizer_of
from tests.support.training import tiny_dataset, untrained


@pytest.mark.parametrize("optimizer", ["sgd", "muon"])
def test_only_convolution_kernels_decay_and_those_that_muon_turns_do_not(optimizer: str):
    model = untrained()
    made = optimizer_of(load_engine(), model, optimizer, 1.0, 0.02, 0.0, 10, weight_decay=0.5)
    before = {variable.name: variable.numpy() for variable in model.trainable_variables}
    made.apply_gradients((variable * 0, variable) for variable in model.trainable_variables)
    for variable in model.trainable_variables:
        decays = "kernel" in variable.name and "depthwise" not in variable.name
        if optimizer == "muon":
            decays = variable.name.startswith(("stem0", "classifier")) and decays
        expected = before[variable.name] * (0.5 if decays else 1)
        np.testing.assert_allclose(variable.numpy(), expected, rtol=1e-5, err_msg=variable.name)
    assert sum("depthwise_kernel" in name for name in before) == 3


def test_muon_turns_the_kernels_of_a_fake_quantised_network_and_keeps_their_length():
    float_model = untrained()
    model = fake_quantized(float_model)
    images = network_input(tiny_dataset().images[:16])
    calibrate(model, float_model, [images])
    model(images, training=True)  # the wrappers have put quantised kernels into their layers by now
    made = optimizer_of(load_engine(), model, "muon", 0.01, 0.05, 0.0, 10)
    before = {variable.name: variable.numpy() for variable in model.trainable_variables}
    random = np.random.default_rng(0)
    made.apply_gradients(
        (random.normal(size=variable.shape).astype(np.float32), variable)
        for variable in model.trainable_variables
    )
    turned = 0
    for variable in model.trainable_variables:
        old, new = before[variable.name], variable.numpy()
        assert not np.allclose(old, new), variable.name
        if "kernel" in variable.name and not any(
            word in variable.name for word in ("depthwise", "stem0", "classifier")
        ):
            turned += 1
            length = np.linalg.norm(old)
            assert np.linalg.norm(new) == pytest.approx(length, rel=1e-5)
            angle = np.arccos((old * new).sum() / length**2)
            assert 0.02 < angle < 0.08, variable.name
    assert turned == 7  # of three blocks two each, one shortcut of the stem's less, and the head
