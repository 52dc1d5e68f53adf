"""`python -m model_build crop`: faces out of photographs, as the recognizer cuts them, whole, resumable, told."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

import model_build.__main__ as build_main
from face_emotion.contract import FAR, Contract
from face_emotion.detector import Detector
from face_emotion.geometry import crop_transform, sample_grey
from model_build.data import cropping
from model_build.data.cropping import names_of
from tests.support.paths import ROOT

DETECTOR = ROOT / "models" / "face_detector"


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
        return status, output, [line for line in errors.splitlines() if not line.startswith("INFO: ")]

    return call


def two_faces() -> np.ndarray:
    """The astronaut, and herself at half the size to the left: uint8 [512,768,3]."""
    large = data.astronaut()
    picture = np.full((512, 768, 3), 127, np.uint8)
    picture[:256, :256] = cv2.resize(large, (256, 256), interpolation=cv2.INTER_AREA)
    picture[:, 256:] = large
    return picture


@pytest.fixture
def photos(tmp_path) -> Path:
    """Portraits in two class folders of two splits, one of two people; a landscape and a broken picture."""
    root = tmp_path / "photos"
    large, both = Image.fromarray(data.astronaut()), Image.fromarray(two_faces())
    for part in ("train", "test"):
        for number, name in enumerate(("glad", "calm")):
            (root / part / name).mkdir(parents=True)
            for size in (300, 400, 512):
                large.rotate(5 * number).resize((size, size)).save(root / part / name / f"ann_{size}.jpg")
    both.save(root / "train/glad/two_1.png")
    Image.fromarray(data.coffee()).save(root / "train/calm/coffee.jpg")
    (root / "test/calm/broken.jpg").write_bytes(b"no picture")
    (root / "notes.txt").write_text("mine")
    return root


def test_what_is_cut_out_is_what_the_recognizer_sees_and_trains(command, photos, tmp_path):
    status, output, errors = command("crop", "photos", "faces")
    assert status == 1
    assert output == "faces: 13 faces of 15 pictures; 1 without a face, 1 unreadable, 0 in no class folder\n"
    assert errors[0] == "photos/train/calm/coffee.jpg: no face found"
    assert errors[1].startswith("photos/test/calm/broken.jpg: ") and len(errors) == 2
    made = sorted(
        path.relative_to(tmp_path / "faces").as_posix() for path in (tmp_path / "faces").rglob("*.png")
    )
    assert made == sorted(
        [
            f"{part}/{name}/ann_{size}.png"
            for part in ("train", "test")
            for name in ("calm", "glad")
            for size in (300, 400, 512)
        ]
        + ["train/glad/two_1.png"]
    )
    # The crop of the recognizer's own steps, whose classifier is given it.
    detector, contract = Detector.load(DETECTOR), Contract()
    pixels = np.asarray(Image.open(photos / "train/glad/two_1.png"))
    found = detector.detect(pixels, FAR)
    largest = max(found, key=lambda face: face.box[2] - face.box[0])
    assert len(found) == 2 and largest.box[0] > 256
    crop = detector.crop(contract.crop)
    place = crop_transform(largest.upright_box, largest.eyes, crop)
    expected = sample_grey(pixels, place, 48, contract.luma, crop.max_samples)
    written = Image.open(tmp_path / "faces/train/glad/two_1.png")
    assert (written.mode, written.size) == ("L", (48, 48))
    np.testing.assert_array_equal(np.asarray(written), expected)
    # And it is a data set.
    words = (
        "train",
        "--data",
        "faces",
        "--variant",
        "nano-own",
        "--from",
        str(ROOT / "models/nano"),
        "--epochs",
        "1",
    )
    status, output, errors = command(*words, "--out", "build/x")
    assert status == 0, errors
    assert (tmp_path / "build/x/float/checkpoint.npz").is_file()


def test_all_faces_and_names_that_would_be_one(command, tmp_path):
    folder = tmp_path / "photos" / "glad"
    folder.mkdir(parents=True)
    for name in ("a.png", "a.jpg", "b.png"):
        Image.fromarray(two_faces()).save(folder / name)
    status, _, errors = command("crop", "photos", "faces", "--faces", "all")
    assert (status, errors) == (0, [])
    made = sorted(path.name for path in (tmp_path / "faces/glad").iterdir())
    assert made == ["a.jpg+2.png", "a.jpg.png", "a.png+2.png", "a.png.png", "b+2.png", "b.png"]
    first, second = (np.asarray(Image.open(tmp_path / "faces/glad" / name)) for name in ("b.png", "b+2.png"))
    assert np.abs(first.astype(int) - second).mean() < 12  # the same face, the larger one first
    assert names_of(["x/a+2.jpg", "x/a.jpg", "x/b.c.jpg"]) == {
        "x/a+2.jpg": "x/a+2.jpg",
        "x/a.jpg": "x/a",
        "x/b.c.jpg": "x/b.c",
    }


def test_it_goes_on_where_it_was_stopped_and_takes_what_has_changed(command, photos, tmp_path, monkeypatch):
    cut, asked = cropping._cut, []

    def stopped(path, faces):
        if len(asked) == 4:
            raise KeyboardInterrupt
        asked.append(path)
        return cut(path, faces)

    monkeypatch.setattr(cropping, "_cut", stopped)
    assert command("crop", "photos", "faces")[0] == 130
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "faces").rglob("*.png")}
    assert len(before) == 3  # of four, one broken
    assert not [path for path in (tmp_path / "faces").rglob("*") if "partial" in path.name]
    with open(tmp_path / "faces" / cropping.RECORD, "a", encoding="utf-8") as record:
        record.write('{"picture": "train/gl')  # as a power cut would leave it
    asked.clear()
    monkeypatch.setattr(cropping, "_cut", lambda path, faces: asked.append(path) or cut(path, faces))
    status, output, _ = command("crop", "photos", "faces")
    assert status == 1 and "13 faces of 15 pictures, 3 of them unchanged" in output
    assert len(asked) == 12 and {path: path.stat().st_mtime_ns for path in before} == before
    asked.clear()
    Image.fromarray(data.coffee()).save(photos / "train/glad/ann_300.jpg")
    status, output, errors = command("crop", "photos", "faces")
    assert [path.name for path in asked] == ["broken.jpg", "ann_300.jpg"]
    assert not (tmp_path / "faces/train/glad/ann_300.png").exists()
    assert "12 faces of 15 pictures" in output and "photos/train/glad/ann_300.jpg: no face found" in errors


def test_nothing_of_somebody_else_is_written_over(command, photos, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/holiday.jpg").write_text("x")
    status, _, errors = command("crop", "photos", "mine")
    assert status == 2
    assert errors == [
        "error: mine: holds files that are no crops of this command (holiday.jpg); give another folder"
    ]
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["holiday.jpg"]
    status, _, errors = command("crop", "photos", "photos/crops")
    assert status == 2 and errors[0].startswith("error: photos/crops: lies in photos")
    for path in photos.rglob("*.jpg"):
        path.unlink()  # leaves two_1.png
    assert command("crop", "photos", "faces")[0] == 0
    status, _, errors = command("crop", "photos", "faces", "--faces", "all")
    assert status == 2 and "faces: holds crops of another run (photos, --faces largest)" in errors[0]
    Image.fromarray(two_faces()).save(photos / "train/glad/mine.png")
    (tmp_path / "faces/train/glad/mine.png").write_text("x")
    status, _, errors = command("crop", "photos", "faces")
    assert (
        status == 2
        and "faces/train/glad/mine.png: is there already, and no crop of this command" in errors[0]
    )
    assert (tmp_path / "faces/train/glad/mine.png").read_text() == "x"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere", "faces"), "nowhere: no such folder of class folders"),
        (("empty", "faces"), "empty: no picture in a class folder"),
        (("photos", "a file"), "a file: a file stands where a folder should be"),
    ],
)
def test_bad_input_is_one_line(command, photos, tmp_path, words, said):
    (tmp_path / "empty").mkdir()
    (tmp_path / "a file").write_text("x")
    status, output, errors = command("crop", *words)
    assert (status, output, len(errors)) == (2, "", 1)
    assert errors[0].startswith(f"error: {said}")
    assert not (tmp_path / "faces").exists()


def test_workers_find_what_one_process_finds(photos, tmp_path, monkeypatch):
    alone = cropping.crop_folder(photos, _folder(tmp_path / "alone"))
    monkeypatch.setattr(cropping, "FEW", 0)
    monkeypatch.setattr(cropping, "available_cores", lambda: 2)
    together = cropping.crop_folder(photos, _folder(tmp_path / "together"))
    assert together == alone
    made = sorted(path.relative_to(tmp_path / "alone") for path in (tmp_path / "alone").rglob("*.png"))
    assert len(made) == 13
    for path in made:
        assert (tmp_path / "alone" / path).read_bytes() == (tmp_path / "together" / path).read_bytes()


def _folder(path: Path) -> Path:
    path.mkdir()
    return path
