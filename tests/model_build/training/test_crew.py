"""The share of a batch that each of several processes takes: together they see what one process sees."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from face_emotion.contract import AS_IT_IS
from model_build.settings import AugmentSettings
from model_build.training import augment
from model_build.training.batches import epoch_batches
from model_build.training.crew import Share
from model_build.training.views import View
from tests.support.training import UNCHANGED

ENGINE = SimpleNamespace(compile_augmentation=lambda function: function)
IMAGES = np.random.default_rng(1).integers(0, 256, (50, 48, 48), dtype=np.uint8)
TARGETS = [np.eye(50, dtype=np.float32), np.eye(50, dtype=np.float32)[::-1]]
EVERYTHING = AugmentSettings(noise=0.1, soften=0.5, jpeg=0.5, gamma=0.3, mixup=0.5)


def batches(share: Share, settings: AugmentSettings, **options):
    """Returns one epoch's batches of 12."""
    return list(epoch_batches(ENGINE, IMAGES, TARGETS, settings, 12, (3, 1), share=share, **options))


def asked(batch_of):
    """Answers with something of the batch: a teacher."""
    return [np.repeat(batch_of(AS_IT_IS).mean(axis=(1, 2)), 50, axis=1)] * 2


def view(mixup: float = 0) -> View:
    """Returns fixed augmentations of all images with answers to them."""
    parameters = augment.draw(np.random.default_rng(5), 50, AugmentSettings(noise=0.1, mixup=mixup))
    return View(
        parameters, [np.random.default_rng(head).random((50, 50), np.float32) for head in (0, 1)], True
    )


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize(
    ("settings", "options"),
    [
        (UNCHANGED, {}),
        (EVERYTHING, {}),
        (EVERYTHING, {"teacher": asked, "distill": 0.5, "teacher_noise": False}),
        (EVERYTHING, {"teacher": asked, "distill": 0.5}),
        (UNCHANGED, {"view": view(), "distill": 0.5}),
        (UNCHANGED, {"view": view(mixup=0.5), "distill": 0.5}),
    ],
    ids=["plain", "everything", "teacher", "teacher that sees the same", "view", "view of mixed images"],
)
def test_shares_one_behind_the_other_are_the_whole_batch(
    settings: AugmentSettings, options: dict, count: int
):
    whole = batches(Share(), settings, **options)
    parts = [batches(Share(rank, count), settings, **options) for rank in range(count)]
    assert len(whole) == 4
    for step, (batch, rows) in enumerate(whole):
        assert np.array_equal(np.concatenate([part[step][0] for part in parts]), batch)
        for head, row in enumerate(rows):
            assert np.array_equal(np.concatenate([part[step][1][head] for part in parts]), row)
            assert all(len(part[step][1][head]) == 12 // count for part in parts)
