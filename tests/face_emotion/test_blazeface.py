"""BlazeFace, the detector of manifests of format 1: its decoder, its golden vectors, and its folder from end to end."""

from __future__ import annotations

import base64
import dataclasses
import math

import numpy as np
import pytest

from face_emotion import EmotionRecognizer
from face_emotion.blazeface import BlazeFaceSettings, anchors, decode
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import Crop
from face_emotion.detection import Detection
from face_emotion.detector import BlazeFace, Detector
from face_emotion.errors import InputError
from face_emotion.far import detections
from face_emotion.files import read_json
from face_emotion.geometry import crop_transform, sample_grey
from face_emotion.letterbox import letterbox, unletterbox
from face_emotion.model_files import ModelFolder
from face_emotion.suppression import Candidates, weighted_suppression
from model_build.synthetic.scenes import draw_frame
from tests.support.detection import BLAZEFACE, overlap, suppressed_by_loops
from tests.support.runtime import write_model_folder

GOLDEN = read_json(BLAZEFACE / "golden.json")
ENTRY = read_json(BLAZEFACE / "manifest.json")["detector"]
SETTINGS = BlazeFaceSettings.from_dict(ENTRY, "manifest.json")
MODEL = BLAZEFACE / "face_detection_short_range.tflite"
BOX = (260.0, 120.0, 430.0, 290.0)


@pytest.fixture(scope="module")
def detector() -> Detector:
    """BlazeFace."""
    return Detector.load(BLAZEFACE)


def outputs(case: dict) -> tuple[np.ndarray, np.ndarray]:
    """The two network outputs that a golden case of format 1 stands for: float32 [896,16] and [896]."""
    boxes, scores = np.zeros((896, 16), np.float32), np.full(896, -8, np.float32)
    for row in case["rows"]:
        boxes[row["index"]], scores[row["index"]] = row["box"], row["score"]
    return boxes, scores


def decoded(boxes: np.ndarray, scores: np.ndarray, width: int, height: int) -> list[Detection]:
    """The decoder's own answer, in source pixels."""
    found = weighted_suppression(decode(boxes, scores, anchors(SETTINGS), SETTINGS), 0.3)
    place = letterbox(width, height, 128)
    return detections(Candidates(unletterbox(found.points * 128, place), found.scores), SETTINGS.keypoints)


def faces_by_loops(boxes: np.ndarray, scores: np.ndarray, width: int, height: int):
    """The definition in blazeface.py's docstring, spelled out: [(box, score, key points)] in source pixels."""
    centers = []
    for cells, count in ((16, 2), (8, 6)):  # strides of 8 and 16
        for row in range(cells):
            for column in range(cells):
                centers += [((column + 0.5) / cells, (row + 0.5) / cells)] * count
    rows = []
    for index, (box, raw) in enumerate(zip(boxes.tolist(), scores.tolist(), strict=True)):
        score = 1 / (1 + math.exp(-min(max(raw, -100), 100)))
        x, y, w, h, *points = (value / 128 for value in box)
        if score < 0.6 or w <= 0 or h <= 0:
            continue
        ax, ay = centers[index]
        flat = [ax + x - w / 2, ay + y - h / 2, ax + x + w / 2, ay + y + h / 2]
        flat += [value + (ax, ay)[place % 2] for place, value in enumerate(points)]
        rows.append((score, flat))
    scale = 128 / max(width, height)
    beside = [(128 - scale * side) / 2 for side in (width, height)]
    faces = []
    for score, mean in suppressed_by_loops(rows, 0.3):
        source = [(value * 128 - beside[k % 2]) / scale for k, value in enumerate(mean)]
        faces.append((source[:4], score, source[4:]))
    return faces


def assert_same(found: Detection, box, score, keypoints, near=1e-6) -> None:
    """Compares a Detection with plain numbers."""
    assert np.allclose(found.box, box, atol=near, rtol=0)
    assert found.score == pytest.approx(score, abs=1e-9)
    assert np.allclose(np.ravel(list(found.keypoints.values())), np.ravel(keypoints), atol=near, rtol=0)


def test_anchors_are_those_of_the_network():
    centers = anchors(SETTINGS)
    assert centers.shape == (896, 2)
    assert (centers[0] == 1 / 32).all()
    assert np.array_equal(centers[0], centers[1])
    assert centers[2].tolist() == [3 / 32, 1 / 32]  # rows of cells: x runs first
    assert centers[512].tolist() == [1 / 16, 1 / 16]
    assert np.array_equal(centers[512:518], np.repeat(centers[512:513], 6, axis=0))
    assert centers[-1].tolist() == [15 / 16, 15 / 16]
    odd = dataclasses.replace(SETTINGS, input_size=20, anchors=((8, 1),))
    assert len(anchors(odd)) == 9


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["name"])
def test_golden_cases(case):
    boxes, scores = outputs(case)
    found = decoded(boxes, scores, case["width"], case["height"])
    expected = faces_by_loops(boxes, scores, case["width"], case["height"])
    assert len(found) == len(case["faces"]) == len(expected)
    for face, stored, plain in zip(found, case["faces"], expected, strict=True):
        assert_same(face, stored["box"], stored["score"], list(stored["keypoints"].values()))
        assert_same(face, *plain)


@pytest.mark.parametrize("frame", GOLDEN["frames"], ids=lambda frame: frame["name"])
def test_golden_frames(detector, frame):
    picture = np.frombuffer(base64.b64decode(frame["rgb"]), np.uint8)
    found = detector.detect(picture.reshape(frame["height"], frame["width"], 3))
    near = 0.5 * max(frame["width"], frame["height"]) / 128  # half a pixel of the square
    assert len(found) == len(frame["faces"])
    for face, stored in zip(found, frame["faces"], strict=True):
        assert np.allclose(face.box, stored["box"], atol=near, rtol=0)
        assert abs(face.score - stored["score"]) <= 0.02
        points = list(stored["keypoints"].values())
        assert np.allclose(list(face.keypoints.values()), points, atol=near, rtol=0)


@pytest.mark.parametrize("seed", range(4))
def test_decoding_of_random_outputs_equals_the_loop(seed):
    random = np.random.default_rng(seed)
    boxes = random.normal(0, 8, (896, 16)).astype(np.float32)
    boxes[:, 2:4] = random.uniform(-5, 70, (896, 2))
    scores = random.normal(-2, 2, 896).astype(np.float32)
    found, expected = decoded(boxes, scores, 640, 480), faces_by_loops(boxes, scores, 640, 480)
    assert len(found) == len(expected) > 5
    for face, plain in zip(found, expected, strict=True):
        assert_same(face, *plain)


def test_numbers_that_are_not_finite_are_no_faces():
    boxes, scores = np.full((896, 16), 10, np.float32), np.full(896, -9, np.float32)
    scores[:3] = 5, 5, np.nan
    boxes[0, 7] = np.inf
    found = decode(boxes, scores, anchors(SETTINGS), SETTINGS)
    assert found.points.shape == (1, 8, 2)
    assert found.scores[0] == pytest.approx(1 / (1 + math.exp(-5)))


def test_drawn_faces_are_found_and_far_is_its_one_pass(detector):
    found = []
    for seed in range(7):
        image = draw_frame(640, 480, [BOX], [seed % 7], seed)
        faces = detector.detect(image)
        assert detector.detect(image, "far") == faces
        assert all((face.turn, face.upright_box) == (0, face.box) for face in faces)
        found += [overlap(face.box, BOX) for face in faces]
    assert len(found) == 7
    assert np.median(found) > 0.75


def test_the_contracts_crop_stays(detector):
    crop = Crop(box_width=0.7, box_center=(0.4, 0.6), max_samples=3)
    assert detector.crop(crop) == Crop(box_width=0.7, box_center=(0.4, 0.6), max_samples=3)


def test_a_folder_of_format_1_works_from_end_to_end(detector, tmp_path):
    model = write_model_folder(tmp_path / "tiny", artifacts=("int8",), reach="far", baseline_strength=0.5)
    image = draw_frame(640, 480, [BOX], [3], 4)
    recognizer = EmotionRecognizer.load(model, BLAZEFACE)
    (face,) = recognizer.recognize(image)
    (found,) = detector.detect(image)
    assert (face.box, face.keypoints, face.small) == (found.box, found.keypoints, False)
    assert set(face.keypoints) == {"right_eye", "left_eye", "nose_tip", "mouth", "right_ear", "left_ear"}
    crop = Crop(box_width=0.83, box_center=(0.5, 0.58))
    grey = sample_grey(image, crop_transform(face.box, face.eyes, crop), 48, (0.299, 0.587, 0.114), 16)
    classifier = TfliteClassifier(model / "int8.tflite", ModelFolder.open(model).contract)
    wanted = classifier.probabilities(grey[None])[0]
    np.testing.assert_allclose(list(face.probabilities.values()), wanted)
    assert [one.box for one in recognizer.recognize(image, time=0.0, reach="far")] == [face.box]
    assert recognizer.learn_neutral(image).labels == recognizer.labels


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"input_size": 0}, "range"),
        ({"anchors": []}, "no anchors"),
        ({"anchors": [{"stride": 8}]}, "count"),
        ({"score_threshold": 1.5}, "range"),
        ({"score_clip": "much"}, "much"),
        ({"keypoints": ["nose_tip"]}, "right_eye"),
    ],
)
def test_unusable_settings_are_refused(changes, message):
    with pytest.raises(InputError, match=message):
        BlazeFaceSettings.from_dict(ENTRY | changes, "manifest.json")


def test_settings_are_written_as_they_were_read():
    assert SETTINGS.to_dict() == ENTRY == GOLDEN["settings"]


@pytest.mark.parametrize(
    "changes", [{"anchors": ((8, 2),)}, {"input_size": 192}, {"keypoints": ("right_eye", "left_eye")}]
)
def test_a_model_that_does_not_fit_its_settings_is_refused(changes):
    with pytest.raises(InputError, match="tensors"):
        BlazeFace(MODEL.read_bytes(), dataclasses.replace(SETTINGS, **changes))


def test_a_damaged_model_is_refused():
    with pytest.raises(InputError, match=r"here: damaged or not a \.tflite model"):
        BlazeFace(MODEL.read_bytes()[:1000], SETTINGS, name="here")
