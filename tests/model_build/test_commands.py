"""Both command lines as a user meets them: exit statuses, one-line errors, own classes from folder to release."""

from __future__ import annotations

import json
import re
import shutil
import sys

import pytest

from face_emotion.files import read_json
from model_build.network import checkpoint
from tests.support.build import (
    EPOCHS,
    FLAGS,
    error_line,
    nothing_half_written,
    run,
)
from tests.support.paths import ROOT

STAGES = (
    "audit",
    "train",
    "quantize",
    "convert",
    "benchmark",
    "evaluate",
    "robustness",
    "stock",
    "describe",
    "verify",
)


def test_ctrl_c_while_training_exits_130_with_one_line(own_build):
    ended = own_build.interrupted
    assert ended.returncode == 130
    assert error_line(ended) == "interrupted: run the same command again to go on where it stopped"
    assert 1 <= len(own_build.first_rows) < EPOCHS


def test_the_same_command_goes_on_where_it_stopped_and_finishes(own_build):
    ended = own_build.finished
    assert ended.returncode == 0, ended.stderr
    rows = read_json(own_build.folder / "float/history.json")
    assert len(rows) == EPOCHS
    assert (
        rows[: len(own_build.first_rows)] == own_build.first_rows
    )  # to the second they took: not trained again
    lines = ended.stdout.splitlines()
    assert "audit: unchanged" in lines
    for stage in STAGES[1:]:
        assert f"{stage} …" in lines
        assert any(re.fullmatch(rf"{stage}: done in (\d+ min )?\d+ s", line) for line in lines)
    first_new = f"train epoch {len(own_build.first_rows) + 1}/{EPOCHS}: loss "
    assert next(line[: len(first_new)] for line in lines if line.startswith("train epoch ")) == first_new


def test_it_ends_with_commands_that_run(own_build, here):
    lines = own_build.finished.stdout.splitlines()
    serve, read, release = (line.split("  ")[1] for line in lines[lines.index("next:") + 1 :])
    assert serve == 'make serve ARGS="--models build"'
    python, _, words = release.partition(" -m ")  # "python" where that is this one
    assert python in ("python", sys.executable) and words == "model_build release build/nano-own"
    assert read.startswith(f"{python} -m face_emotion --model build/nano-own ")
    crop = next(own_build.data.rglob("*.png"))
    ended = run("face_emotion", "--model", own_build.folder, crop, cwd=own_build.data.parent)
    assert ended.returncode == 0, ended.stderr


def titles(own_build) -> tuple[str, str, str]:
    """How QAT's column, checkpoint and int8 file are called: which epoch is kept, 0 or 1, is the processor's choice."""
    epoch = checkpoint.load(own_build.folder / "qat/checkpoint.npz").details["epoch"]
    if epoch == 0:
        return (
            "agrees with calibrated / float",
            "quantised checkpoint (calibrated, not fine-tuned)",
            "int8.tflite (calibrated, not fine-tuned)",
        )
    return "agrees with QAT / float", "QAT checkpoint", "int8.tflite (QAT)"


def test_it_ends_with_a_table_and_the_place_of_the_report(own_build):
    output = own_build.finished.stdout
    column, *names = titles(own_build)
    assert all(word in output for word in column.split())  # a narrow table breaks it
    for title in ("artifact", "bytes", "accuracy (95 %)", "ms"):
        assert title in output
    for name in ("float checkpoint", *names, "int8_ptq.tflite", "TF.js model"):
        row = next(line for line in output.splitlines() if name in line)
        assert re.search(r"[\d,]{5,}.*\d %|[\d,]{5,}.*\d%", row), row
    assert "report: build/nano-own/report.html" in output.replace("\n", "")


def test_the_report_holds_own_classes_and_fetches_nothing(own_build):
    text = (own_build.folder / "report.html").read_text(encoding="utf-8")
    links = re.findall(r"""(?:src|href)\s*=\s*["']([^"']*)|url\(\s*["']?([^"')]*)""", text)
    assert links and all((a or b).startswith(("data:", "#")) for a, b in links)
    assert "<script src" not in text and "@import" not in text
    assert "überrascht" in text and "Glad &amp; | well" in text and "&lt;b&gt;traurig" in text
    assert "<b>traurig" not in text


def test_nothing_half_written_and_no_path_of_this_machine_is_left(own_build):
    nothing_half_written(own_build.folder)
    for name in ("config.json", "manifest.json", "evaluation.json", "MODEL_CARD.md"):
        assert str(own_build.data.parent) not in (own_build.folder / name).read_text(encoding="utf-8")
    assert read_json(own_build.folder / "config.json")["command"] == (
        "python -m model_build build --data 'own faces' --variant nano-own " + " ".join(FLAGS)
    )


def test_a_second_run_by_command_does_no_stage_again(own_build, here):
    status, output, errors = here(*own_build.flags)
    assert (status, errors) == (0, [])
    assert [line for line in output.splitlines() if line.endswith(": unchanged")] == [
        f"{stage}: unchanged" for stage in STAGES
    ]
    assert "report: build/nano-own/report.html" in output.replace("\n", "")


def test_verify_and_release_by_command_then_evaluate_repeats_the_figures(own_build, here, tmp_path):
    """A released folder holds no SavedModels: the checkpoints are built from their .npz again."""
    folder = shutil.copytree(own_build.folder, tmp_path / "build" / "anything")
    ended = run("model_build", "release", folder, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1] == "models/nano-own"
    released = tmp_path / "models" / "nano-own"
    assert not (released / "report.html").exists() and not (released / "float/saved_model").exists()
    written = (released / "evaluation.json").read_bytes()
    status, output, _ = here("evaluate", released, "--data", "own faces")
    assert status == 0 and titles(own_build)[2] in output
    assert json.loads(written) == read_json(released / "evaluation.json")


def test_verify_by_command_says_what_was_tampered_with(own_build, tmp_path):
    folder = shutil.copytree(own_build.folder, tmp_path / "copy")
    with (folder / "tfjs/weights.bin").open("r+b") as stream:
        stream.write(b"\xff\x00\xff")
    ended = run("model_build", "verify", folder, cwd=tmp_path)
    assert ended.returncode == 2
    assert error_line(ended).startswith("error: ") and "tfjs/weights.bin" in error_line(ended)


def test_train_takes_keras_3_on_jax(own_build, tmp_path):
    """Whatever the command imports first: TensorFlow brings Keras 3 too, and the first import settles its backend."""
    pytest.importorskip("jax")
    words = ("--from", ROOT / "models/nano", "--epochs", "0", "--engine", "jax", "--out", tmp_path / "x")
    ended = run(
        "model_build", "train", "--data", own_build.data, "--variant", "nano-own", *words, cwd=tmp_path
    )
    assert ended.returncode == 0, ended.stderr
    assert read_json(tmp_path / "x/config.json")["engine"] == "jax"
    assert checkpoint.load(tmp_path / "x/float/checkpoint.npz").details["selection_accuracy"] > 0
