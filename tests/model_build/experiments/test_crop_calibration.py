"""Where detections stand in training crops: the arithmetic, drawn faces, and the crop of the detector's manifest."""

from __future__ import annotations

import numpy as np
import pytest

from face_emotion.contract import Crop
from face_emotion.detection import Detection
from face_emotion.detector import Detector
from face_emotion.errors import InputError
from face_emotion.model_files import ModelFolder
from model_build.data.dataset import TRAINING
from model_build.data.synthetic import synthetic_dataset
from model_build.experiments import crop_calibration
from model_build.experiments.crop_calibration import (
    detect_all,
    framed,
    plot,
    positions,
    summary,
    through_detector,
)
from model_build.synthetic.faces import draw_faces
from tests.support.runtime import DETECTOR, write_model_folder


@pytest.fixture(scope="module")
def detector() -> Detector:
    """The released detector."""
    return Detector.load(DETECTOR)


def detection(box, eyes) -> Detection:
    """A detection given in fractions of the crop, in the pixels of its frame."""
    points = {
        "right_eye": eyes[0],
        "left_eye": eyes[1],
        "nose_tip": (0.5, 0.6),
        "right_mouth_corner": (0.35, 0.8),
        "left_mouth_corner": (0.65, 0.8),
    }
    pixels = {name: tuple((np.array(point) * 48 + 17) * 4) for name, point in points.items()}
    return Detection(tuple((np.array(box) * 48 + 17) * 4), 0.9, pixels)


def test_a_framed_face_stands_in_the_middle():
    canvas = framed(draw_faces(1, 0)[0][0])
    assert canvas.shape == (4 * (48 + 34), 4 * (48 + 34))
    assert len(np.unique(canvas[:50])) == 1


def test_positions_are_fractions_of_the_crop():
    level = detection((0.1, 0.2, 0.9, 1.0), ((0.3, 0.4), (0.7, 0.4)))
    places = positions([None, level], 48)
    assert places["box_width"] == pytest.approx([0.8])
    assert places["box_center"] == pytest.approx(np.array([[0.5, 0.6]]))
    assert places["right_eye"] == pytest.approx(np.array([[0.3, 0.4]]))
    turned = detection(
        (0.1, 0.2, 0.9, 1.0), ((0.5, 0.2), (0.5 + 1e-9, 0.6))
    )  # eyes one above the other: by 90°
    assert positions([turned], 48)["box_center"] == pytest.approx(np.array([[0.6, 0.5]]), abs=1e-6)


def test_drawn_faces_stand_as_the_manifest_says(detector):
    faces, _ = draw_faces(70, 11)
    result, places = summary(detect_all(faces, detector), 48)
    assert result["found"] >= 0.95
    assert result["median"]["box_width"] == pytest.approx(0.795, abs=0.1)
    assert result["median"]["box_center"] == pytest.approx([0.5, 0.527], abs=0.06)
    assert set(places) == {
        "box_width",
        "box_center",
        "right_eye",
        "left_eye",
        "nose_tip",
        "right_mouth_corner",
        "left_mouth_corner",
    }
    assert len(places["left_mouth_corner"]) == round(result["found"] * result["faces"])


def test_no_face_is_an_error(detector):
    with pytest.raises(InputError, match="no face found in 3"):
        summary(detect_all(np.full((3, 48, 48), 90, np.uint8), detector), 48)


def test_what_detecting_costs(detector, tmp_path):
    dataset = synthetic_dataset(3, 35, 7, 7).part(TRAINING)
    model = ModelFolder.open(write_model_folder(tmp_path / "tiny", artifacts=("int8",)))
    cost = through_detector(dataset, detector, model)
    assert cost["faces"] == 35
    assert cost["found"] > 0.9
    assert 0 <= cost["direct"] <= 1
    assert 0 <= cost["cropped"] <= 1
    own = ModelFolder.open(write_model_folder(tmp_path / "own", ("a", "b", "c"), artifacts=("int8",)))
    with pytest.raises(InputError, match="labels"):
        through_detector(dataset, detector, own)


def test_the_plot_is_written(detector, tmp_path):
    _, places = summary(detect_all(draw_faces(5, 1)[0], detector), 48)
    plot(places, detector.crop(Crop()), tmp_path / "crop.png")
    assert (tmp_path / "crop.png").read_bytes().startswith(b"\x89PNG")


def test_training_faces_confirm_the_manifest(fer2013, detector):
    faces = fer2013.part(TRAINING).images
    chosen = faces[np.random.default_rng(1).choice(len(faces), 300, replace=False)]
    result, _ = summary(detect_all(chosen, detector), 48)
    assert result["found"] > 0.87
    assert result["median"]["box_width"] == pytest.approx(0.795, abs=0.03)
    assert result["median"]["box_center"] == pytest.approx([0.5, 0.527], abs=0.02)


def test_the_command_prints_the_manifests_crop_beside_the_medians(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(crop_calibration, "load", lambda _: synthetic_dataset(3, 35, 7, 7))
    crop_calibration.run("any", 20, None, tmp_path / "crop.png")
    lines = capsys.readouterr().out.splitlines()
    assert "of 20 Training faces found" in lines[0]
    assert [line.split()[0] for line in lines[1:-1]][:2] == ["box_width", "box_center"]
    assert lines[-1] == "the manifest       box_width 0.795, box_center [0.5, 0.527]"
    assert (tmp_path / "crop.png").is_file()
