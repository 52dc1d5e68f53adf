"""`python -m benchmarks processors`: its inputs, its table, and one run of it on this machine's processor."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from benchmarks.__main__ import main
from benchmarks.processors.inputs import faces_and_others
from benchmarks.processors.measure import PLAIN, XNNPACK, Row, markdown
from face_emotion.files import read_json
from tests.support.paths import ROOT


def test_the_inputs_are_drawn_spoilt_noisy_and_flat() -> None:
    images = faces_and_others(40)
    assert images.shape == (40, 48, 48) and images.dtype == np.uint8
    np.testing.assert_array_equal(images, faces_and_others(40))
    drawn, spoilt, noisy, flat = np.split(images, [28, 36, 38])
    assert drawn.mean() > 1.5 * spoilt.mean()
    assert noisy.std() > 70
    assert [np.unique(image).tolist() for image in flat] == [[0], [255]]
    assert len(np.unique(images.reshape(40, -1), axis=0)) == 40


def test_the_table_counts_inputs_and_steps() -> None:
    rows = [
        Row("nano", "cortex-a76", XNNPACK, 1000, 0, 0, 0, 0, 12, 1, 17.3, "2.16.1"),
        Row("nano", "x86-64", PLAIN, 1000, 990, 4, 990, 3, 700, 15, 12.0, "2.16.1"),
    ]
    assert markdown(rows).splitlines()[2:] == [
        "| `nano` | cortex-a76 | XNNPACK | 0 | 0 | 0 | 12, by 1 step | 17.30 |",
        "| `nano` | x86-64 | without XNNPACK | 990, by 4 steps | 990 | 3 | 700, by 15 steps | 12.00 |",
    ]


def test_a_run_on_this_machine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not (shutil.which("mvn") and shutil.which("gcc")):
        pytest.skip("install maven and gcc to run this test")
    out = tmp_path / "processors.json"
    words = ["processors", "--models", str(ROOT / "models/nano"), "--inputs", "40", "--processors", "x86-64"]
    assert main([*words, "--out", str(out)]) == 0
    assert "| `nano` | x86-64 | XNNPACK | 0 | 0 | 0 | 0 | " in capsys.readouterr().out
    same, other = read_json(out)["rows"]
    assert (same["inputs"], same["logits"], same["answers"], same["probabilities"]) == (40, 0, 0, 0)
    assert (other["kernels"], other["version"]) == ("plain", "2.16.1")
    assert other["logits"] >= 30 and 1 <= other["logit_steps"] <= 20


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--inputs", "3"], "--inputs 3: at least 20 are expected"),
        (["--out", "table.txt"], r"--out table.txt: a name that ends in .json or .md is expected"),
        (["--models", "nowhere"], "nowhere: no such model folder"),
    ],
    ids=["inputs", "out", "models"],
)
def test_what_cannot_be_measured_is_one_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["processors", *words]) == 2
    assert capsys.readouterr().err == f"error: {said}\n"
