"""Growing a network: the larger one answers as the smaller one did, and learns with what is new in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from face_emotion.errors import InputError
from model_build.network import checkpoint
from model_build.network.architecture import ARCHITECTURES, PLAIN, UNPROJECTED, Architecture, Stage
from model_build.network.growth import fits_inside, grown
from tests.support.training import BOTH, TINY, UNCHANGED, tiny_dataset, untrained, untrained_checkpoint

LARGER = Architecture(
    stem=((12, 2),), stages=(Stage(12, 3, 1, 2, 5), Stage(24, 2, 2, 3, 5)), head=40, dropout=0.1
)
PLAIN_TINY = Architecture(
    stem=((8, 2),), stages=(Stage(8, 1, 1, 1, kind=PLAIN), Stage(16, 1, 2, 1, kind=PLAIN)), head=0
)
PLAIN_LARGER = Architecture(
    stem=((10, 2),), stages=(Stage(10, 1, 1, 2, kind=PLAIN), Stage(20, 1, 2, 2, kind=PLAIN)), head=0
)
UNPROJECTED_TINY = replace(TINY, stages=(*TINY.stages, Stage(32, 1, 1, 1, kind=UNPROJECTED)), head=0)
UNPROJECTED_LARGER = replace(LARGER, stages=(*LARGER.stages, Stage(40, 1, 1, 1, 5, UNPROJECTED)), head=0)


def _grown_model(stored: checkpoint.Checkpoint, large: Architecture):
    model = untrained(large, heads=stored.heads, seed=1)
    checkpoint.set_weights(
        model, grown(stored.architecture, stored.weights, large, checkpoint.weights_of(model))
    )
    return model


@pytest.mark.parametrize(
    "small, large",
    [
        (TINY, LARGER),
        (TINY, replace(LARGER, stages=(LARGER.stages[0], Stage(24, 2, 2, 2)))),
        (PLAIN_TINY, PLAIN_LARGER),
        (UNPROJECTED_TINY, UNPROJECTED_LARGER),
        (ARCHITECTURES["small"], ARCHITECTURES["base"]),
    ],
    ids=["blocks and kernels", "one stage's kernel", "plain", "unprojected", "small into base"],
)
def test_a_grown_network_answers_as_the_small_one_did(small, large):
    from model_build.network.engine import load_engine

    stored = untrained_checkpoint(small, heads=BOTH)
    images = tiny_dataset().images[:16, ..., None].astype(np.float32) / 255
    before = stored.model(load_engine().keras).predict(images, verbose=0)
    after = _grown_model(stored, large).predict(images, verbose=0)
    for expected, found in zip(before, after, strict=True):
        assert np.ptp(expected) > 0.01, "the network says something"
        np.testing.assert_allclose(found, expected, atol=2e-5)


def test_what_is_new_is_not_zero_all_through_and_hears_gradients():
    import tensorflow as tf

    model = _grown_model(untrained_checkpoint(), LARGER)
    images = tiny_dataset().images[:16, ..., None].astype(np.float32) / 255
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(model(images, training=True) - 1))
    gradients = dict(
        zip(
            [weight.name for weight in model.trainable_variables],
            tape.gradient(loss, model.trainable_variables),
            strict=True,
        )
    )
    # From a new stem channel (8 to 11) to an old expanded one (0 to 15): zero now, but with a gradient.
    expand = model.get_layer("stage0_0_expand_conv").kernel
    gradient = gradients[expand.name].numpy()
    assert not expand.numpy()[0, 0, 8:, :16].any() and np.abs(gradient[0, 0, 8:, :16]).min() > 0
    assert np.abs(expand.numpy()[0, 0, :, 16:]).min() > 0
    gamma = model.get_layer("stage0_1_project_norm").gamma
    assert not gamma.numpy().any() and np.abs(gradients[gamma.name].numpy()[:8]).min() > 0


def test_new_channels_have_the_norm_of_the_known_ones():
    stored = untrained_checkpoint()
    stored.weights["head_conv/0"] *= 30
    weights = checkpoint.weights_of(_grown_model(stored, LARGER))["head_conv/0"]
    norms = np.linalg.norm(weights[0, 0], axis=0)
    assert np.sqrt(np.mean(norms[24:] ** 2)) == pytest.approx(norms[:24].mean(), rel=0.4)


@pytest.mark.parametrize(
    "large",
    [
        replace(LARGER, head=0),
        replace(LARGER, head=20),
        replace(LARGER, stem=((12, 1),)),
        replace(LARGER, stem=((12, 2), (12, 1))),
        replace(LARGER, stages=LARGER.stages[:1]),
        replace(LARGER, stages=(Stage(7, 3, 1, 2, 5), LARGER.stages[1])),
        replace(LARGER, stages=(Stage(13, 3, 1, 2, 5), LARGER.stages[1])),
        replace(LARGER, stages=(Stage(12, 1, 1, 2, 5), LARGER.stages[1])),
        replace(LARGER, stages=(Stage(12, 3, 2, 2, 5), LARGER.stages[1])),
        replace(LARGER, stages=(Stage(12, 3, 1, 2, 4), LARGER.stages[1])),
        replace(LARGER, stages=(LARGER.stages[0], Stage(24, 2, 2, 1, 5))),
        replace(LARGER, stages=(LARGER.stages[0], Stage(24, 2, 2, 3, 5, PLAIN))),
    ],
)
def test_a_network_that_does_not_fit_inside_is_refused(large):
    assert fits_inside(TINY, LARGER) and not fits_inside(TINY, large)
    with pytest.raises(InputError, match="another architecture"):
        grown(TINY, {}, large, {})


def test_a_block_without_a_sum_cannot_be_added():
    two = replace(UNPROJECTED_LARGER, stages=(*LARGER.stages, Stage(40, 1, 1, 2, 5, UNPROJECTED)))
    assert fits_inside(UNPROJECTED_TINY, UNPROJECTED_LARGER) and not fits_inside(UNPROJECTED_TINY, two)


def test_training_goes_on_from_a_smaller_network(trained_float, tmp_path):
    from model_build.network.engine import load_engine
    from model_build.training.train import TrainPlan, train
    from tests.support.training import TRAIN

    path = tmp_path / "small.npz"
    checkpoint.save(path, trained_float.checkpoint)
    settings = replace(TRAIN, epochs=1, learning_rate=0.001)
    plan = TrainPlan(tiny_dataset(), LARGER, BOTH, settings, UNCHANGED, initial=path)
    result = train(plan, tmp_path / "out", load_engine())
    assert result.architecture == LARGER
    assert result.details["selection_accuracy"] > 0.8, "as good as where it came from, about 0.9"
