"""Report and card where no epoch of the fine-tuning was kept: "calibrated, not fine-tuned", and never QAT."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from model_build.evaluation.compare import compare
from model_build.evaluation.finished_build import read_build
from model_build.network import checkpoint
from model_build.reporting.compare_report import write_comparison
from model_build.reporting.model_card import write_model_card
from model_build.reporting.report import write_report
from model_build.reporting.tables import print_summary
from tests.support.report import Page, write_build
from tests.support.training import SMALLEST

SAID = "calibrated, not fine-tuned"


def build_of_epoch(folder: Path, epoch: int) -> Path:
    """A build folder whose QAT checkpoint says that it is of this epoch."""
    build = write_build(folder / "small", full=True)
    stored = checkpoint.Checkpoint(
        SMALLEST, ("labels",), ("a", "b"), {"x/0": np.zeros(1, np.float32)}, {"kind": "qat", "epoch": epoch}
    )
    (build / "qat").mkdir(exist_ok=True)
    checkpoint.save(build / "qat" / "checkpoint.npz", stored)
    return build


@pytest.mark.parametrize("epoch", [0, 2])
def test_the_report_says_what_the_checkpoint_says(tmp_path, epoch):
    text = Page(write_report(build_of_epoch(tmp_path, epoch))).text
    assert (SAID in text) == (epoch == 0)
    assert ("QAT" in text) == (epoch != 0)
    assert (f"int8.tflite ({SAID})" in text) == (epoch == 0)
    assert (f"Fine-tuning of which no epoch was kept: the network is {SAID}" in text) == (epoch == 0)
    assert ("Quantisation-aware fine-tuning" in text) == (epoch != 0)


@pytest.mark.parametrize("epoch", [0, 2])
def test_the_card_says_what_the_checkpoint_says(tmp_path, epoch):
    card = write_model_card(build_of_epoch(tmp_path, epoch)).read_text(encoding="utf-8")
    sentence = f"- The quantised network is {SAID}: no epoch of the fine-tuning was better than its calibrated start.\n"
    assert (sentence in card) == (epoch == 0)
    assert (f"of 70 images right (int8.tflite ({SAID}), PrivateTest" in card) == (epoch == 0)
    assert bool(re.search("QAT|[Qq]uantisation-aware", card)) == (epoch != 0)
    assert not re.search(r"\n\n\n|{{|{%", card)


def test_nothing_is_said_of_a_fine_tuning_that_was_not_asked_for(tmp_path):
    build = build_of_epoch(tmp_path, 0)
    (build / "qat" / "history.json").write_text("[]")
    card = write_model_card(build).read_text(encoding="utf-8")
    page = Page(write_report(build))
    assert f"- The quantised network is {SAID}.\n" in card
    assert f"The quantised network is {SAID}." in page.text
    assert "of the fine-tuning" not in card + page.text and "Fine-tuning of which" not in page.text


@pytest.mark.parametrize("epoch", [0, 2])
def test_the_table_at_the_end_of_a_command_says_so_too(tmp_path, capsys, epoch):
    print_summary(build_of_epoch(tmp_path, epoch))
    said = capsys.readouterr().out
    assert ("QAT" in said) == (epoch != 0)
    assert (f"int8.tflite ({SAID})" in said) == (epoch == 0)


def test_a_build_without_a_checkpoint_is_taken_for_fine_tuned(tmp_path):
    assert read_build(write_build(tmp_path / "small")).fine_tuned


@pytest.mark.parametrize(("epochs", "first"), [((0, 0), True), ((0, 2), True), ((2, 2), False)])
def test_a_comparison_says_what_each_checkpoint_says(tmp_path, capsys, epochs, first):
    folders = [build_of_epoch(tmp_path / name, epoch) for name, epoch in zip("ab", epochs, strict=True)]
    result = compare(folders, rounds=1)
    text = Page(write_comparison(result, tmp_path / "both.html")).text
    titles = [f"int8.tflite ({SAID})" if epoch == 0 else "int8.tflite (QAT)" for epoch in epochs]
    assert f"{titles[0]} and {titles[1]}" in " ".join(text.split())
    assert (SAID in text) == first and ("QAT" in text) == (2 in epochs)
    if epochs == (0, 2):
        assert f"{folders[0]}: {titles[0]}; {folders[1]}: {titles[1]}" in text
