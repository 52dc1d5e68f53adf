"""Annotated copies of pictures: what is drawn, where it is saved, and what is never overwritten."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from face_emotion.command.annotation import annotate, label_text
from face_emotion.face import Face
from tests.support.cli import BOX, colour_frame


def face(label: str = "happy", track: int | None = None, box: tuple = BOX) -> Face:
    return Face(box=box, score=0.9, track=track, probabilities={label: 0.876, "other": 0.124}, label=label)


def save(path: Path, frame: np.ndarray | None = None, **options) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(colour_frame() if frame is None else frame).save(path, **options)
    return path


def test_the_label_has_track_name_and_percent():
    assert label_text(face()) == "happy 88 %"
    assert label_text(face(track=7)) == "7 happy 88 %"


def test_a_box_and_a_label_are_drawn_and_nothing_else():
    frame = colour_frame()
    before = frame.copy()
    drawn = np.asarray(annotate(frame, [face()]))
    assert np.array_equal(frame, before)
    changed = (drawn != frame).any(axis=2)
    rows, columns = np.nonzero(changed)
    assert (columns.min(), rows.max()) == (BOX[0], BOX[3])
    assert rows.min() < BOX[1] - 10  # the label stands above the box
    assert not changed[70:150, 120:200].any()  # the face itself is left alone
    assert np.array_equal(np.asarray(annotate(frame[..., 0], [])), np.stack([frame[..., 0]] * 3, axis=2))


@pytest.mark.parametrize(
    "box", [(-30, -20, 60, 70), (280, 200, 380, 300), (0, 0, 320, 240), (300, 5, 318, 20)]
)
def test_labels_stay_inside_the_picture(box):
    plain = np.zeros((240, 320, 3), np.uint8)
    drawn = np.asarray(annotate(plain, [face("überrascht", 12, box)]))
    assert (drawn.max(axis=2) > 0).sum() > 600  # the label's background is there, whole


def test_labels_of_other_words_look_different():
    plain = np.zeros((240, 320, 3), np.uint8)
    pictures = [np.asarray(annotate(plain, [face(label)])) for label in ("überrascht", "uberrascht", "sad")]
    assert not np.array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[1], pictures[2])


def test_copies_keep_the_folders_below_the_one_that_was_named(command, tmp_path):
    save(tmp_path / "in/a.jpg")
    save(tmp_path / "in/deep/a.bmp")
    save(tmp_path / "other/a.png")
    save(tmp_path / "other/a.gif")
    ended = command(
        "--save", tmp_path / "out", tmp_path / "in", tmp_path / "other/a.png", tmp_path / "other/a.gif"
    )
    assert (ended.status, ended.err) == (0, "4 files: 4 read\n")
    saved = {path.relative_to(tmp_path / "out").as_posix(): path for path in tmp_path.glob("out/**/*.*")}
    assert sorted(saved) == ["a-2.png", "a.jpg", "a.png", "deep/a.png"]
    for path in saved.values():
        picture = np.asarray(Image.open(path).convert("RGB"))
        assert picture.shape == (240, 320, 3)
        assert np.abs(picture.astype(int) - colour_frame()).max() > 100


def test_an_input_is_never_overwritten(command, tmp_path):
    path = save(tmp_path / "a.png")
    content = path.read_bytes()
    ended = command("--save", tmp_path, path)
    assert ended.status == 2
    assert ended.err == f"error: --save {tmp_path}: would write over the input {path}; name another folder\n"
    assert path.read_bytes() == content


def test_a_place_that_cannot_be_written_is_one_line(command, tmp_path):
    path = save(tmp_path / "a.png")
    (tmp_path / "out").write_text("a file")
    ended = command("--save", tmp_path / "out", path)
    assert (ended.status, ended.err.count("\n")) == (2, 1)
    assert "a file stands where a folder should be" in ended.err


def test_a_copy_stands_upright(command, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    save(tmp_path / "a.jpg", np.ascontiguousarray(np.rot90(colour_frame())), exif=exif)
    assert command("--save", tmp_path / "out", tmp_path / "a.jpg").status == 0
    assert Image.open(tmp_path / "out/a.jpg").size == (320, 240)
