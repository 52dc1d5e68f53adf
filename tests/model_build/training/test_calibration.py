"""training.calibration: the temperature that labels were drawn with is found; labels that do not fit are refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax

from model_build.training import calibration


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
@pytest.mark.parametrize("normalise", [False, True])
def test_fit_temperature_finds_the_one_that_labels_were_drawn_with(temperature, normalise):
    generator = np.random.default_rng(1)
    logits = generator.normal(0, 3, (20000, 4))
    labels = (logits / temperature + generator.gumbel(size=logits.shape)).argmax(axis=1)
    if normalise:
        logits = np.log(softmax(logits, axis=1))
    assert calibration.fit_temperature(logits, labels) == pytest.approx(temperature, rel=0.05)


def test_the_log_loss_by_hand():
    logits = np.log([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]])
    assert calibration.log_loss(logits, np.array([0, 1])) == pytest.approx(-(np.log(0.5) + np.log(0.8)) / 2)
    assert calibration.log_loss(np.zeros((2, 3)), np.array([0, 2]), 7.0) == pytest.approx(np.log(3))


@pytest.mark.parametrize(
    ("logits", "labels", "message"),
    [
        (np.zeros((2, 3)), [0], "labels of shape"),
        (np.zeros((0, 3)), [], "labels of shape"),
        (np.zeros((2, 3)), [0, 3], r"labels outside 0\.\.2"),
        (np.array([[0.0, np.nan]]), [0], "not all finite"),
    ],
)
def test_what_cannot_be_fitted_is_refused(logits, labels, message):
    with pytest.raises(ValueError, match=message):
        calibration.fit_temperature(logits, np.array(labels))
