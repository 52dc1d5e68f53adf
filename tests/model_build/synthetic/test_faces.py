"""Synthetic faces: the same for the same seed, held-out people, expressions that can be learned."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from face_emotion.contract import FER2013_LABELS, Contract
from face_emotion.errors import InputError, run_command
from face_emotion.geometry import crop_transform, sample_grey
from model_build.data.dataset import SELECTION, TEST, TRAINING
from model_build.data.synthetic import synthetic_dataset
from model_build.synthetic import drawing
from model_build.synthetic import faces as synthetic
from model_build.synthetic.__main__ import faces_per_second, main
from model_build.synthetic.contact_sheet import contact_sheet
from model_build.synthetic.drawing import render
from model_build.synthetic.faces import IDENTITY, draw_faces, sample_faces
from model_build.synthetic.scenes import draw_frame
from tests.support.paths import ROOT

SHEET = ROOT / "assets" / "synthetic_faces.png"


@pytest.fixture(scope="module")
def faces() -> tuple[np.ndarray, np.ndarray]:
    return draw_faces(2100, 1)


@pytest.fixture(scope="module")
def others() -> tuple[np.ndarray, np.ndarray]:
    return draw_faces(700, 2)


def _linear_accuracy(train: np.ndarray, labels: np.ndarray, test: np.ndarray, truth: np.ndarray) -> float:
    train, test = (images.reshape(len(images), -1) / 255 for images in (train, test))
    return LogisticRegression(C=0.01, max_iter=200).fit(train, labels).score(test, truth)


def _correlation(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.corrcoef(first.ravel(), second.ravel())[0, 1])


def test_shapes_types_and_turns(faces):
    images, labels = faces
    assert images.shape == (2100, 48, 48)
    assert images.dtype == np.uint8
    assert labels.dtype == np.int64
    np.testing.assert_array_equal(labels, np.arange(2100) % 7)


def test_faces_do_not_depend_on_count_or_chunk(faces, monkeypatch):
    np.testing.assert_array_equal(draw_faces(100, 1)[0], faces[0][:100])
    for chunk in (7, 1000):
        monkeypatch.setattr(synthetic, "FACES_A_CHUNK", chunk)
        np.testing.assert_array_equal(draw_faces(100, 1)[0], faces[0][:100])


def test_every_face_is_another_and_none_is_flat(faces, others):
    images = np.concatenate([faces[0], others[0]])
    assert len({image.tobytes() for image in images}) == len(images)
    assert images.std(axis=(1, 2)).min() > 8
    assert 80 < images.mean() < 170


def test_larger_faces_are_the_same_drawing():
    small, large = draw_faces(21, 5)[0], draw_faces(21, 5, size=96)[0]
    assert large.shape == (21, 96, 96)
    shrunk = large.reshape(21, 48, 2, 48, 2).mean(axis=(2, 4))
    for first, second in zip(small, shrunk, strict=True):
        assert _correlation(first, second) > 0.9
        assert abs(first.mean() - second.mean()) < 4


def test_classes_are_gone_through_in_turn():
    images, labels = draw_faces(10, 0, classes=[3, 6])
    assert labels.tolist() == [3, 6] * 5
    assert len(images) == 10


@pytest.mark.parametrize(
    "arguments", [(-1, 0), (1, 0, 8), (1, 0, 48, [7]), (1, 0, 48, [-1]), (1, 0, 48, []), (1, -3)]
)
def test_unusable_requests_are_refused(arguments):
    with pytest.raises(InputError):
        draw_faces(*arguments)


def test_no_face_is_asked_for():
    assert draw_faces(0, 0)[0].shape == (0, 48, 48)


def test_a_person_keeps_face_and_changes_expression():
    labels, persons = np.arange(70) % 7, np.arange(70) // 7
    parameters = sample_faces(labels, persons, 4)
    for name in IDENTITY:
        values = parameters[name].reshape(10, 7)
        assert (values == values[:, :1]).all(), name
    assert len(np.unique(parameters["face_width"])) == 10
    happy = parameters["corner_pull"].reshape(10, 7)[:, FER2013_LABELS.index("happy")]
    neutral = parameters["corner_pull"].reshape(10, 7)[:, FER2013_LABELS.index("neutral")]
    assert happy.min() > neutral.max()


def test_dataset_holds_people_out():
    dataset = synthetic_dataset(seed=3, train=140, select=35, test=36)
    assert dataset.name == "synthetic"
    assert dataset.class_names == FER2013_LABELS
    assert dataset.split_names == ("train", "validation", "test")
    assert dataset.votes is None
    assert np.bincount(dataset.split).tolist() == [140, 35, 36]
    assert not dataset.leaked().any()
    people: list[set] = []
    for split, count in ((TRAINING, 140), (SELECTION, 35), (TEST, 36)):
        part, seed = dataset.part(split), (3, split + 1)
        np.testing.assert_array_equal(part.images, draw_faces(count, seed)[0])
        assert np.ptp(np.bincount(part.labels, minlength=7)) <= 1
        people.append(set(sample_faces(part.labels, np.arange(count) // 7, seed)["face_width"].tolist()))
    people.append(set(sample_faces(np.zeros(140, int), np.arange(140) // 7, 3)["face_width"].tolist()))
    for index, first in enumerate(people):
        assert all(first.isdisjoint(second) for second in people[:index])
    assert dataset.digest == synthetic_dataset(seed=3, train=140, select=35, test=36).digest
    assert dataset.digest != synthetic_dataset(seed=4, train=140, select=35, test=36).digest


def test_streams_of_a_seed_never_meet():
    first = [
        synthetic.generator(seed, stream).random() for seed in (0, 1, (0, 1), (0, 2)) for stream in range(4)
    ]
    assert len(set(first)) == len(first)


def test_a_split_without_every_class_is_refused():
    with pytest.raises(InputError, match="at least 7"):
        synthetic_dataset(train=70, select=6, test=70)


def test_expressions_can_be_learned_but_not_by_the_border(faces, others):
    accuracy = _linear_accuracy(faces[0][:, ::2, ::2], faces[1], others[0][:, ::2, ::2], others[1])
    assert 0.35 < accuracy < 0.9
    edges = [
        np.concatenate([images[:, :3], images[:, :, :3].swapaxes(1, 2)], 1)
        for images in (faces[0], others[0])
    ]
    assert _linear_accuracy(edges[0], faces[1], edges[1], others[1]) < 0.25


def test_what_an_expression_does_shows_where_it_should(faces):
    images, labels = faces
    mean = {name: images[labels == index].mean(axis=0) for index, name in enumerate(FER2013_LABELS)}
    mouth = np.s_[36:42, 20:28]  # below the closed lips, where an open mouth is dark
    assert mean["surprise"][mouth].mean() < mean["neutral"][mouth].mean() - 15
    frown = np.s_[14:18, 21:27]
    assert mean["angry"][frown].mean() < mean["surprise"][frown].mean() - 8


def test_the_windows_cut_nothing_off(faces, monkeypatch):
    for name in ("_EYES", "_BROWS", "_NOSE", "_MOUTH"):
        monkeypatch.setattr(drawing, name, (9, -9, 9))
    whole = draw_faces(700, 1)[0]
    assert np.abs(whole.astype(int) - faces[0][:700]).max() <= 1


def test_fast_enough_for_tests_on_a_busy_machine():
    assert faces_per_second(rounds=2) > 800


def test_contact_sheet_is_the_one_in_assets():
    sheet = contact_sheet()
    assert sheet.shape[0] == 7 * 96
    stored = cv2.imread(str(SHEET), cv2.IMREAD_GRAYSCALE)
    assert stored.shape == sheet.shape, "run python -m model_build.synthetic --out assets/synthetic_faces.png"
    assert np.abs(stored.astype(int) - sheet).mean() < 0.5


def test_command_line(tmp_path, capsys):
    target = tmp_path / "sheet.png"
    assert run_command(lambda: main(["--out", str(target), "--people", "2", "--size", "32"])) == 0
    assert cv2.imread(str(target), cv2.IMREAD_GRAYSCALE).shape[0] == 7 * 32
    assert run_command(lambda: main(["--benchmark", "--size", "16"])) == 0
    assert "faces/s at 16x16" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments, named",
    [
        (["--out", "sheet.jpg"], "sheet.jpg"),
        (["--out", "sheet.png", "--people", "0"], "--people: '0': a whole number from 1 to 1,000"),
        (["--out", "sheet.png", "--size", "8"], "--size: '8': a whole number from 16 to 1,024"),
        (["--out", "sheet.png", "--seed", "-1"], "--seed: '-1': a whole number from 0 to 2,147,483,648"),
        (["--out", "file/sheet.png"], "file"),
    ],
)
def test_command_line_refuses(arguments, named, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("not a folder")
    try:
        status = run_command(lambda: main(arguments))
    except SystemExit as ended:  # by the parser
        status = ended.code
    assert status == 2
    error = capsys.readouterr().err
    assert named in error
    assert len(error.splitlines()) == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_frame_shows_each_face_where_its_box_says():
    boxes = [(100.0, 120.5, 190.3, 210.0), (300.0, 60.0, 460.0, 230.0), (480.0, 300.0, 540.0, 372.0)]
    labels = np.array([3, 5, 0])
    frame = draw_frame(640, 480, boxes, labels, 8)
    assert frame.shape == (480, 640)
    np.testing.assert_array_equal(frame, draw_frame(640, 480, boxes, labels, 8))
    contract = Contract()
    faces = sample_faces(labels, np.arange(3), 8)
    for index, box in enumerate(boxes):
        turn = float(faces["roll"][index])
        eyes = ((0.0, 0.0), (np.cos(turn), np.sin(turn)))
        crop = sample_grey(frame, crop_transform(box, eyes, contract.crop), 48, contract.luma, 16)
        face = {name: value[index : index + 1].copy() for name, value in faces.items()}
        face["roll"][:] = face["shift_x"][:] = face["shift_y"][:] = 0
        face["scale"][:] = 1
        grey, coverage = (layer[0] for layer in render(face, 48))
        head = coverage > 0.99
        assert _correlation(crop[head], grey[head]) > 0.9


def test_frame_takes_boxes_that_reach_outside():
    outside = [(-40.0, -30.0, 60.0, 80.0), (600.0, 430.0, 700.0, 540.0), (-400.0, -400.0, -300.0, -300.0)]
    assert draw_frame(640, 480, outside, [0, 1, 2], 0).shape == (480, 640)
    assert draw_frame(33, 17, [], [], 0).shape == (17, 33)


@pytest.mark.parametrize(
    "boxes, labels",
    [([(0, 0, 0, 9)], [0]), ([(0, 9, 9, 0)], [0]), ([(0, 0, 9, 9)], [7]), ([(0, 0, 9, 9)], [])],
)
def test_frame_refuses(boxes, labels):
    with pytest.raises(InputError, match="draw_frame"):
        draw_frame(64, 48, boxes, labels, 0)
