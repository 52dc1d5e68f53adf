"""What model_build's commands refuse: bad flags, strangers' files, full disks; one line, status 2, nothing left."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from face_emotion.files import read_json, write_json
from model_build.network import checkpoint
from model_build.network.architecture import ARCHITECTURES
from model_build.network.checkpoint import Checkpoint
from tests.support.build import (
    BUILD_NETWORK,
    FLAGS,
    OWN_CLASSES,
    ROOT,
    error_line,
    nothing_half_written,
    run,
    write_own_classes,
)
from tests.support.data import csv_text, tiny_rows


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "words, said",
    [
        ("model_build build --variant huge", "--variant huge: unknown; use one of nano, small, base"),
        ("model_build build --variant nano-My/Set", "--variant nano-My/Set: use small letters"),
        ("model_build build --epochs -1", "--epochs -1: must lie between 0 and 100000"),
        ("model_build build --qat-epochs -1", "--qat-epochs -1: must lie between 0 and 100000"),
        ("model_build build --epochs three", "argument --epochs: 'three': a whole number is expected"),
        ("model_build build --learning-rate nan", "--learning-rate nan"),
        ("model_build build --mixup -1", "--mixup -1"),
        ("model_build build --nonsense", "unrecognized arguments: --nonsense"),
        ("model_build buidl", "invalid choice: 'buidl'"),
        ("model_build build --data nowhere.tar.gz", "nowhere.tar.gz: no such file or folder"),
        ("model_build build --votes votes.csv", "--votes votes.csv: FER+ votes go with FER2013's rows only"),
        ("model_build train --data empty.csv", "empty.csv"),
        ("benchmarks training --steps 0", "--steps: '0': a whole number from 1"),
        ("model_build quantize nowhere", "nowhere: no such build folder"),
        ("model_build evaluate nowhere", "nowhere/manifest.json: no such file"),
        ("model_build report nowhere", "nowhere/evaluation.json: no such file"),
        ("model_build verify nowhere", "nowhere/manifest.json: no such file"),
        ("model_build verify nowhere --votes votes.csv", "--votes votes.csv: give --data too"),
        ("model_build release nowhere", "nowhere/manifest.json: no such file"),
        ("model_build golden nowhere", "nowhere/manifest.json: no such file"),
        ("benchmarks artifacts nowhere", "nowhere: no artifact to time"),
        ("benchmarks artifacts nowhere --rounds 0", "--rounds: '0': a whole number from 1"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(tmp_path, words, said):
    (tmp_path / "empty.csv").touch()
    program, *flags = words.split()
    ended = run(program, *flags, cwd=tmp_path)
    assert ended.returncode == 2
    assert error_line(ended).startswith("error: ") and said in error_line(ended)
    assert ended.stdout == ""
    assert _files(tmp_path) == {"empty.csv"}


def test_audit_that_left_rows_out_exits_1_and_names_them(tmp_path):
    images, labels, usages = tiny_rows()
    lines = csv_text(images, labels, usages).splitlines()
    lines[3] = lines[3].replace(" ", " nan ", 1)
    (tmp_path / "fer2013.csv").write_text("\n".join(lines) + "\n")
    ended = run("model_build", "audit", "--data", "fer2013.csv", cwd=tmp_path)
    assert ended.returncode == 2 and "row 3" in error_line(ended)
    ended = run("model_build", "audit", "--data", "fer2013.csv", "--keep-going", cwd=tmp_path)
    assert ended.returncode == 1
    assert re.search(r"\b3\b.*\n?.*nan|nan.*\b3\b|row 3", ended.stdout)


@pytest.fixture(scope="module")
def strangers(tmp_path_factory) -> dict[str, Path]:
    """Checkpoints that a run of OWN_CLASSES with `nano` cannot use, by what is wrong with them."""
    from model_build.network.architecture import build
    from model_build.network.engine import load_engine

    folder = tmp_path_factory.mktemp("strangers")
    own = tuple(sorted(OWN_CLASSES))
    kinds = {
        "shape": (BUILD_NETWORK, own, ("labels",)),
        "classes": (BUILD_NETWORK, ("a", "b", "c"), ("labels",)),
        "head": (ARCHITECTURES["nano"], own, ("votes",)),
    }
    for name, (shape, labels, heads) in kinds.items():
        weights = checkpoint.weights_of(build(load_engine().keras, shape, len(labels), heads))
        checkpoint.save(folder / f"{name}.npz", Checkpoint(shape, heads, labels, weights, {"kind": "float"}))
    (folder / "text.npz").write_text("no checkpoint")
    (folder / "cut.npz").write_bytes((folder / "shape.npz").read_bytes()[:-500])
    (folder / "empty.npz").touch()
    return {path.stem: path for path in folder.iterdir()}


@pytest.mark.parametrize(
    "flag, name, said",
    [
        ("--from", "shape", "checkpoint of another architecture"),
        ("--from", "text", "not a checkpoint of this kit, or damaged"),
        ("--from", "cut", "not a checkpoint of this kit, or damaged"),
        ("--from", "empty", "the checkpoint is empty"),
        ("--teacher", "classes", "knows other classes (a, b, c)"),
        ("--teacher", "head", "labels"),
        ("--teacher", "text", "not a checkpoint of this kit, or damaged"),
        ("--teacher", "missing", "no such checkpoint"),
    ],
)
def test_a_checkpoint_that_cannot_be_used_is_named(here, strangers, tmp_path, flag, name, said):
    path = strangers.get(name, tmp_path / "missing.npz")
    status, _, errors = here(
        "train", "--data", "own faces", "--variant", "nano-own", flag, path, "--out", tmp_path / "out"
    )
    assert status == 2 and len(errors) == 1
    assert str(path) in errors[0] and said in errors[0]
    assert not [name for name in _files(tmp_path) if "checkpoint" in name]
    nothing_half_written(tmp_path)


@pytest.mark.parametrize(
    "flags, said",
    [
        (("--targets", "votes"), "--targets votes: there are no votes; give --votes fer2013new.csv"),
        (("--targets", "all"), "--targets all: use one of auto, labels, votes, both"),
        (("--engine", "torch"), "--engine torch: use one of tensorflow, jax"),
        (("--out", "a file"), "a file: a file stands where a folder should be"),
        (("--out", "a file/below"), "below: a file stands where a folder should be"),
    ],
)
def test_flags_that_do_not_fit_the_data_are_named(here, flags, said):
    Path("a file").write_text("mine")
    before = _files(Path())
    status, output, errors = here("build", "--data", "own faces", "--variant", "nano-own", *flags)
    assert status == 2
    data = "data: own faces: no validation part: a tenth of train is validation; drawn by class\n"
    batches = (
        "training: batches of 8, so that the 108 training images make 13 steps an epoch "
        "(--batch-size 128 for the usual); few pictures learn more from a released network: --from models/nano\n"
    )
    assert output == {"--engine": "", "--targets": data, "--out": data + batches}[flags[0]]
    assert len(errors) == 1 and said in errors[0]
    assert _files(Path()) == before and Path("a file").read_text() == "mine"


@pytest.mark.parametrize("verb", ["quantize", "evaluate"])
def test_another_data_set_than_the_builds_is_named(own_build, here, verb):
    status, _, errors = here(verb, own_build.folder)  # the default: synthetic faces of seven classes
    assert status == 2 and len(errors) == 1 and "--data" in errors[0]


def test_a_damaged_configuration_is_named(own_build, here, tmp_path):
    config = read_json(own_build.folder / "config.json")
    del config["architecture"]
    write_json(tmp_path / "config.json", config)
    status, _, errors = here("quantize", tmp_path, "--data", "own faces")
    assert status == 2 and len(errors) == 1 and f"{tmp_path / 'config.json'}: not what" in errors[0]


def test_a_full_disk_during_a_build_exits_2_with_one_line(tmp_path):
    """RLIMIT_FSIZE fails the write of the training state after the first epoch, as a full disk would."""
    write_own_classes(tmp_path / "own faces", train=12, test=2)

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    ended = run("model_build", "build", "--data", "own faces", *FLAGS, cwd=tmp_path, before=limit)
    assert ended.returncode == 2
    line = error_line(ended)
    assert line.startswith("error: ") and "float/state.npz" in line and "File too large" in line
    nothing_half_written(tmp_path)
    assert not [name for name in _files(tmp_path) if name.endswith(".npz")]


def test_a_full_disk_while_tensorflow_writes_is_an_input_error(tiny_build, tmp_path):
    """TensorFlow writes a SavedModel by itself, and has errors of its own."""
    code = f"""
        import resource, sys
        from pathlib import Path
        from face_emotion.errors import run_command
        from model_build.network import checkpoint
        from model_build.quantization.export import export
        network = export(checkpoint.load({str(tiny_build / "float/checkpoint.npz")!r}))
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        sys.exit(run_command(lambda: network.save(Path("saved_model"))))
    """
    ended = subprocess.run(
        [sys.executable, "-c", "\n".join(line.strip() for line in code.splitlines())],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ended.returncode == 2, ended.stderr
    assert "saved_model: cannot be written" in error_line(ended)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [("build", "--out"), ("experiment", "--out"), ("matrix", "--out"), ("quantize",)]
)
def test_a_folder_whose_name_is_no_text_is_refused_before_tensorflow_is_asked(
    tmp_path: Path, words: tuple[str, ...]
):
    command = [sys.executable, "-m", "model_build", *words, os.fsdecode(b"na\xffme")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True)
    assert ended.returncode == 2 and ended.stderr.count(b"\n") == 1
    assert (
        b"na\xffme: a name that is no text (UTF-8); TensorFlow writes into none, choose another"
        in ended.stderr
    )
    assert list(tmp_path.iterdir()) == []


def test_convert_takes_no_drawn_faces_for_the_data_that_a_build_was_trained_on(tmp_path: Path):
    """Its images set the ranges of int8_ptq.tflite; without --data they would be drawn ones."""
    write_json(
        tmp_path / "config.json", {"name": "mine", "dataset": {"name": "my_faces", "digest": 64 * "0"}}
    )
    ended = run("model_build", "convert", tmp_path, cwd=tmp_path)
    assert ended.returncode == 2
    assert error_line(ended).startswith(
        f"error: --data: not the data set that {tmp_path} was trained on (my_faces); --split, --labels"
    )


@pytest.mark.parametrize("text", ["[]", "{}", '{"name": 3}'])
def test_convert_names_a_configuration_that_is_none(tmp_path: Path, text: str):
    (tmp_path / "config.json").write_text(text)
    ended = run("model_build", "convert", tmp_path, cwd=tmp_path)
    assert ended.returncode == 2
    assert error_line(ended) == (
        f"error: {tmp_path / 'config.json'}: not what this kit writes there; run build again"
    )
