"""face-emotion --neutral: one person's neutral face, from a picture, a video or what was kept of it; and "unclear"."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest
from PIL import Image

from face_emotion import EmotionRecognizer
from face_emotion.command.annotation import GREY, annotate, label_text
from face_emotion.face import Face
from model_build.synthetic.scenes import draw_frame
from tests.support.cli import OTHER_BOX, colour_frame
from tests.support.runtime import DETECTOR, write_model_folder

BOX = (110.0, 60.0, 210.0, 160.0)


@pytest.fixture
def model(tmp_path):
    """A model folder that states a strength and is never certain."""
    return write_model_folder(tmp_path / "tiny", baseline_strength=0.4, unsure_below=1.0)


@pytest.fixture
def recognizer(model):
    """A recognizer of it."""
    return EmotionRecognizer.load(model, DETECTOR)


@pytest.fixture
def me(tmp_path):
    """A picture of a face at rest."""
    Image.fromarray(draw_frame(320, 240, [BOX], [6], 9)).save(tmp_path / "me.png")
    return tmp_path / "me.png"


def answers(ended) -> list[dict[str, float]]:
    """The probabilities of each picture's first face."""
    return [line["faces"][0]["probabilities"] for line in ended.lines]


def test_every_picture_is_read_less_the_persons_own_neutral(command, recognizer, model, me, folder, tmp_path):
    words = ("--format", "jsonl", "--model", model, "--detector", DETECTOR)
    plain = answers(command(*words, folder / "one.png"))[0]
    ended = command(*words, "--neutral", me, "--save-neutral", tmp_path / "kept/me.json", folder / "one.png")
    assert (ended.status, ended.err) == (0, "1 file: 1 read\n")
    baseline = recognizer.learn_neutral(me)
    (face,) = recognizer.recognize(folder / "one.png", baseline=baseline)
    assert answers(ended)[0] == pytest.approx(face.probabilities, abs=6e-5) != pytest.approx(plain, abs=1e-3)
    assert json.loads((tmp_path / "kept/me.json").read_text()) == baseline.to_dict()
    again = command(*words, "--neutral", tmp_path / "kept/me.json", folder / "one.png")
    assert answers(again) == answers(ended)


def test_a_video_teaches_too_and_is_read_with_it(command, recognizer, model, tmp_path):
    frames = [draw_frame(320, 240, [BOX], [6], seed) for seed in (1, 2, 3)]
    writer = cv2.VideoWriter(str(tmp_path / "me.avi"), cv2.VideoWriter_fourcc(*"MJPG"), 10, (320, 240))
    for frame in frames:
        writer.write(cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR))
    writer.release()
    words = ("--format", "jsonl", "--model", model, "--detector", DETECTOR, tmp_path / "me.avi")
    ended = command(*words, "--neutral", tmp_path / "me.avi")
    assert (ended.status, len(ended.lines)) == (0, 3)
    assert np.mean([shares["neutral"] for shares in answers(ended)]) > np.mean(
        [shares["neutral"] for shares in answers(command(*words))]
    )


def test_what_teaches_nothing_is_named(command, model, me, folder, tmp_path):
    words = ("--model", model, "--detector", DETECTOR, folder / "one.png")
    (tmp_path / "other.json").write_text(
        '{"format": 1, "model": "0", "head": "both", "values": {"neutral": 0}}'
    )
    (tmp_path / "text.png").write_text("no image")
    for file, reason in (
        (folder / "nobody.png", "no face where exactly one is expected"),
        (folder / "deep/two.png", "2 faces where exactly one is expected"),
        (tmp_path / "none.png", "no such file"),
        (tmp_path / "text.png", "not an image"),
        (tmp_path / "other.json", "learnt with another model"),
    ):
        ended = command("--neutral", file, *words)
        assert (ended.status, ended.out) == (2, "")
        assert ended.err.startswith(f"error: --neutral {file}: ") and reason in ended.err
        assert ended.err.count("\n") == 1 and ended.err.count(str(file)) == 1
    ended = command("--neutral", me, "--save-neutral", me / "me.json", *words)
    assert ended.status == 2 and "a file stands where a folder should be" in ended.err
    assert command("--save-neutral", tmp_path / "x.json", *words).status == 2


def test_what_is_kept_takes_the_place_of_no_picture_and_no_other_file(command, model, me, folder, tmp_path):
    words = ("--model", model, "--detector", DETECTOR, folder / "one.png", "--neutral", me, "--save-neutral")
    (tmp_path / "notes.json").write_text('{"mine": 1}')
    (tmp_path / "folder.json").mkdir()
    for place, reason in (
        (me, "a name that ends in .json is expected"),
        (tmp_path / "notes.json", "would write over what is no baseline"),
        (tmp_path / "folder.json", "would write over what is no baseline"),
    ):
        before = place.read_bytes() if place.is_file() else None
        ended = command(*words, place)
        assert (ended.status, ended.out) == (2, "")
        assert ended.err == f"error: --save-neutral {place}: {reason}" + (
            "\n" if place == me else "; choose another name\n"
        )
        assert (place.read_bytes() if place.is_file() else None) == before
    for _ in range(2):  # a baseline of before may be learnt anew
        assert command(*words, tmp_path / "me.json").status == 0


def test_what_is_not_certain_is_unclear_but_keeps_its_numbers(command, model, folder, tmp_path):
    words = ("--model", model, "--detector", DETECTOR, folder / "one.png")
    (line,) = command("--format", "jsonl", *words).lines
    (row,) = command("--format", "csv", *words).rows
    (face,) = line["faces"]
    assert face["certain"] is False and face["label"] == max(
        face["probabilities"], key=face["probabilities"].get
    )
    assert (row["certain"], row["label"]) == ("false", face["label"])
    assert float(row[f"p_{face['label']}"]) == pytest.approx(face["probabilities"][face["label"]], abs=1e-4)
    table = command(*words).out
    assert "unclear" in table and face["label"] in table


def test_the_annotated_copy_says_unclear_in_grey():
    pixels = np.zeros((240, 320, 3), np.uint8)
    shares = {"happy": 0.4, "sad": 0.35, "neutral": 0.25}
    sure = Face((50.0, 60.0, 150.0, 160.0), 0.9, None, shares, "happy")
    unsure = Face(sure.box, 0.9, 2, shares, "happy", certain=False)
    assert (label_text(sure), label_text(unsure)) == ("happy 40 %", "2 unclear")
    grey = tuple(int(GREY[place : place + 2], 16) for place in (1, 3, 5))
    drawn = np.asarray(annotate(pixels, [unsure]))
    assert tuple(drawn[110, 50]) == grey
    assert tuple(np.asarray(annotate(pixels, [sure]))[110, 50]) != grey


def test_a_crowd_gets_no_ones_baseline_in_silence(command, model, me, tmp_path):
    """--neutral is of one person: where a picture shows several, the command says so."""
    Image.fromarray(colour_frame([BOX, OTHER_BOX], [5, 3])).save(tmp_path / "two.png")
    ended = command("--neutral", me, "--model", model, "--detector", DETECTOR, tmp_path / "two.png")
    assert ended.status == 0
    assert "two.png" in ended.err and "2 faces" in ended.err and "one person" in ended.err
