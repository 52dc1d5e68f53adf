"""Nothing of another origin is written over without --replace: builds, audits, checkpoints, released models, files."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import model_build.__main__ as build_main
from converters.__main__ import main as convert
from face_emotion.errors import InputError
from face_emotion.files import read_json, write_json
from model_build.evaluation.verification import verify
from model_build.release import release
from model_build.reporting.tables import print_next
from tests.support.build import write_own_classes
from tests.support.paths import ROOT

# The weights of the released network as they are: a checkpoint within seconds.
TRAIN = ("--variant", "nano-own", "--from", str(ROOT / "models" / "nano"), "--epochs", "0")


@pytest.fixture
def command(tmp_path, monkeypatch, capfd):
    """Runs a command line of model_build in `tmp_path`, in this process; returns status, stdout and lines of stderr."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> tuple[int, str, list[str]]:
        capfd.readouterr()
        monkeypatch.setattr(sys, "argv", ["model_build", *words])
        try:
            status = build_main.main(list(words))
        except SystemExit as ended:
            status = ended.code
        output, errors = capfd.readouterr()
        return status, output, errors.splitlines()

    return call


@pytest.fixture
def others(tmp_path) -> None:
    write_own_classes(tmp_path / "mine", train=12, test=3)
    write_own_classes(tmp_path / "theirs", train=12, test=4)


def test_a_build_folder_of_other_data_is_kept_until_it_is_told(command, others, tmp_path):
    assert command("train", "--data", "mine", *TRAIN, "--out", "build/x")[0] == 0
    made = tmp_path / "build/x/float/checkpoint.npz"
    before, said = made.read_bytes(), read_json(tmp_path / "build/x/config.json")
    for verb in ("train", "build"):
        status, _, errors = command(verb, "--data", "theirs", *TRAIN, "--out", "build/x")
        assert (status, errors[-1]) == (
            2,
            "error: build/x: holds what was made of other data (mine, not theirs); give another --out, or --replace "
            "to write over it",
        )
        assert made.read_bytes() == before and read_json(tmp_path / "build/x/config.json") == said
    # More pictures of one's own are the same data's next build.
    face = Image.fromarray(np.arange(48 * 48, dtype=np.uint8).reshape(48, 48))
    face.save(next((tmp_path / "mine/train").iterdir()) / "one more.png")
    assert command("train", "--data", "mine", *TRAIN, "--out", "build/x")[0] == 0
    assert made.read_bytes() != before
    assert command("train", "--data", "theirs", *TRAIN, "--out", "build/x", "--replace")[0] == 0
    assert read_json(tmp_path / "build/x/config.json")["dataset"]["name"] == "theirs"
    # A checkpoint that a training made is no place for one between two others.
    before = made.read_bytes()
    words = ("interpolate", "build/x/float/checkpoint.npz", "end.npz", "--data", "theirs", "--out")
    shutil.copy(made, tmp_path / "end.npz")
    status, _, errors = command(*words, "build/x")
    assert status == 2 and errors[-1].startswith(
        "error: build/x/float/checkpoint.npz: is there already, and not"
    )
    assert made.read_bytes() == before
    assert command(*words, "build/between")[0] == 0


@pytest.mark.parametrize("verb", ["train", "build"])
def test_a_folder_of_somebody_elses_files_is_no_place_for_a_build(command, others, tmp_path, verb):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "holiday.jpg").write_text("x")
    status, _, errors = command(verb, "--data", "mine", *TRAIN, "--out", "photos")
    assert status == 2 and "photos: holds files that are no build of this kit (holiday.jpg)" in errors[-1]
    released = shutil.copytree(ROOT / "models" / "nano", tmp_path / "nano")
    status, _, errors = command(verb, "--data", "mine", *TRAIN, "--out", "nano", "--replace")
    assert status == 2 and "nano: a released model, no build folder" in errors[-1]
    assert (released / "config.json").read_bytes() == (ROOT / "models/nano/config.json").read_bytes()


def test_an_audit_of_other_data_is_kept_until_it_is_told(command, others, tmp_path):
    assert command("audit", "--data", "mine", "--out", "found")[0] == 0
    assert command("audit", "--data", "mine", "--out", "found")[0] == 0
    status, _, errors = command("audit", "--data", "theirs", "--out", "found")
    assert status == 2 and "found: holds what was made of other data (mine, not theirs)" in errors[-1]
    assert read_json(tmp_path / "found/audit.json")["name"] == "mine"
    assert command("audit", "--data", "theirs", "--out", "found", "--replace")[0] == 0
    assert read_json(tmp_path / "found/audit.json")["name"] == "theirs"


@pytest.fixture
def of_others(tmp_path) -> Path:
    """A models folder in which FER2013's `nano` stands under the name `tiny`."""
    folder = tmp_path / "models" / "tiny"
    shutil.copytree(ROOT / "models" / "nano", folder)
    return folder


def test_a_released_model_of_other_data_is_kept_until_it_is_told(tiny_build, of_others, command):
    before = (of_others / "int8.tflite").read_bytes()
    status, output, errors = command("release", str(tiny_build), "--models", str(of_others.parent))
    assert (status, output) == (2, "")
    assert errors == [
        f"error: {of_others}: a model of other data is released there (FER2013, not drawn); give another name "
        "(--name tiny-mine), or --replace to put this one in its place"
    ]
    assert (of_others / "int8.tflite").read_bytes() == before
    assert command("release", str(tiny_build), "--models", str(of_others.parent), "--replace")[0] == 0
    assert (of_others / "int8.tflite").read_bytes() == (tiny_build / "int8.tflite").read_bytes()


def test_a_release_takes_another_name(tiny_build, of_others, command):
    models = str(of_others.parent)
    status, output, _ = command("release", str(tiny_build), "--models", models, "--name", "tiny-mine")
    folder = of_others.with_name("tiny-mine")
    assert (status, output) == (0, f"{folder}\n")
    assert read_json(folder / "manifest.json") == read_json(tiny_build / "manifest.json") | {
        "name": "tiny-mine"
    }
    assert read_json(folder / "config.json")["name"] == "tiny-mine"
    card, own = ((place / "MODEL_CARD.md").read_text() for place in (folder, tiny_build))
    assert card.splitlines()[0] == own.splitlines()[0].replace("tiny", "tiny-mine")
    assert len(card.splitlines()) == len(own.splitlines())
    assert verify(folder) == []
    status, _, errors = command("release", str(tiny_build), "--models", models, "--name", "../tiny")
    assert status == 2 and errors[0].startswith("error: --name ../tiny: use small letters")


def test_the_same_name_with_other_labels_votes_or_images_is_other_data(tiny_copy, tmp_path):
    target = release(tiny_copy, tmp_path / "models")
    manifest = read_json(target / "manifest.json")
    manifest["provenance"]["dataset"]["digest"] = "0" * 64
    write_json(target / "manifest.json", manifest)
    with pytest.raises(InputError, match="drawn of digest 000000000000, not "):
        release(tiny_copy, tmp_path / "models")


def test_a_folder_that_is_no_model_is_no_place_for_a_release(tiny_build, tmp_path):
    photos = tmp_path / "models" / "tiny"
    photos.mkdir(parents=True)
    (photos / "holiday.jpg").write_text("x")
    with pytest.raises(InputError, match="holds something else than a model"):
        release(tiny_build, tmp_path / "models")
    assert [path.name for path in photos.iterdir()] == ["holiday.jpg"]


def test_converters_write_over_their_own_kind_only_and_only_when_told(tmp_path, capsys):
    network, out = str(ROOT / "models/nano/int8.tflite"), tmp_path / "graph"
    assert convert(["tfjs", network, str(out)]) == 0
    first = (out / "model.json").stat().st_mtime_ns
    capsys.readouterr()
    assert convert(["tfjs", network, str(out)]) == 2
    said = f"error: {out}: is there already; name another, move it, or give --replace to write over it\n"
    assert capsys.readouterr().err.endswith(said)
    assert (out / "model.json").stat().st_mtime_ns == first
    assert convert(["tfjs", network, str(out), "--replace"]) == 0
    assert (out / "model.json").stat().st_mtime_ns != first
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/holiday.jpg").write_text("x")
    assert convert(["tfjs", network, str(tmp_path / "photos"), "--replace"]) == 2
    assert "photos: is a folder that holds other files" in capsys.readouterr().err
    assert (tmp_path / "photos/holiday.jpg").read_text() == "x"
    (tmp_path / "mine.tflite").write_text("x")
    for kind in (
        ["tflite", "nowhere", str(tmp_path / "mine.tflite")],
        ["stock", "nowhere", str(tmp_path / "photos")],
    ):
        assert convert(kind) == 2
        assert "nowhere" not in capsys.readouterr().err
    assert (tmp_path / "mine.tflite").read_text() == "x"


def test_what_a_build_ends_with_names_a_release_that_goes(tiny_build, of_others, command, tmp_path, capfd):
    """After a build beside a released model of other data and the same name: another name is proposed."""
    print_next(tiny_build)
    said = capfd.readouterr().out.splitlines()[-1]
    assert f"release {tiny_build} --name tiny-mine" in said and said.endswith(
        "models/tiny that is there stays"
    )
