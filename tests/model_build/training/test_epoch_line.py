"""What is said after an epoch."""

from __future__ import annotations

import math

import pytest

from model_build.progress import duration
from model_build.training.epoch_line import epoch_line


def row(epoch: int, kept: bool, seconds: float = 14.2, spoilt: float = 1.25) -> dict:
    return {
        "epoch": epoch,
        "loss": 1.23456,
        "selection_accuracy": 0.6125,
        "selection_log_loss": 1.0404,
        "selection_spoilt_log_loss": spoilt,
        "kept": kept,
        "seconds": seconds,
    }


def test_an_epoch_says_what_it_brought_and_how_long_the_rest_takes():
    history = [row(1, True), row(2, False, 100.0), row(3, True)]
    assert epoch_line("qat", history, 18) == (
        "qat epoch 3/18: loss 1.235, right on 61.3 % of the selection images, log loss 1.040, spoilt 1.250; "
        "the best so far; 14 s, about 3 min 33 s left"
    )


def test_one_that_is_not_the_best_names_it_and_the_last_has_nothing_left():
    history = [row(1, True), row(2, False, spoilt=math.nan)]
    assert epoch_line("train", history, 2) == (
        "train epoch 2/2: loss 1.235, right on 61.3 % of the selection images, log loss 1.040; "
        "the best is epoch 1; 14 s"
    )


def test_where_the_last_is_kept_none_is_called_the_best():
    assert epoch_line("train", [row(1, True), row(2, True)], 2, keep_last=True).endswith(
        "; the last is kept; 14 s"
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (260, "4 min 20 s"), (7500, "2 h 05 min")],
)
def test_a_duration_in_words(seconds, words):
    assert duration(seconds) == words
