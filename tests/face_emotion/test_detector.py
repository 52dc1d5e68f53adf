"""The face detector: decoding against a plain loop and the golden vectors, and drawn faces found in frames."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from converters import face_detector
from converters.detector_golden import outputs, pixels
from face_emotion.contract import Crop
from face_emotion.detector import (
    Candidates,
    Detection,
    Detector,
    DetectorSettings,
    anchors,
    decode,
    to_detections,
    weighted_suppression,
)
from face_emotion.errors import InputError
from face_emotion.files import read_json
from face_emotion.geometry import crop_transform
from face_emotion.letterbox import letterbox
from model_build.synthetic.golden import detector_frames
from model_build.synthetic.scenes import draw_frame

FOLDER = face_detector.FOLDER
SETTINGS = face_detector.SETTINGS
GOLDEN = read_json(FOLDER / "golden.json")


@pytest.fixture(scope="module")
def detector() -> Detector:
    """The released detector."""
    return Detector.load(FOLDER)


def faces_by_loops(boxes, scores, width, height, settings=SETTINGS):
    """The definition in detector.py's docstring, spelled out: [(box, score, key points)] in source pixels."""
    centers = []
    for stride, count in settings.anchors:
        cells = math.ceil(settings.input_size / stride)
        for row in range(cells):
            for column in range(cells):
                centers += [((column + 0.5) / cells, (row + 0.5) / cells)] * count
    rows = []
    for index, (box, raw) in enumerate(zip(boxes.tolist(), scores.tolist(), strict=True)):
        score = 1 / (1 + math.exp(-min(max(raw, -settings.score_clip), settings.score_clip)))
        x, y, w, h, *points = (value / settings.input_size for value in box)
        if score < settings.score_threshold or w <= 0 or h <= 0:
            continue
        ax, ay = centers[index]
        flat = [ax + x - w / 2, ay + y - h / 2, ax + x + w / 2, ay + y + h / 2]
        flat += [value + (ax, ay)[place % 2] for place, value in enumerate(points)]
        rows.append((score, index, flat))
    rows.sort(key=lambda row: (-row[0], row[1]))
    scale = settings.input_size / max(width, height)
    beside = [(settings.input_size - scale * side) / 2 for side in (width, height)]
    faces = []
    while rows:
        first = rows[0]
        same = [row for row in rows if row is first or overlap(first[2], row[2]) > settings.iou_threshold]
        rows = [row for row in rows if row not in same]
        total = sum(score for score, _, _ in same)
        mean = [sum(score * flat[k] for score, _, flat in same) / total for k in range(len(first[2]))]
        source = [(v * settings.input_size - beside[k % 2]) / scale for k, v in enumerate(mean)]
        faces.append((source[:4], first[0], source[4:]))
    return faces


def overlap(one, other):
    """Intersection over union of two boxes."""
    across = max(0, min(one[2], other[2]) - max(one[0], other[0]))
    down = max(0, min(one[3], other[3]) - max(one[1], other[1]))
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return across * down / (sum(areas) - across * down)


def decoded(boxes, scores, width, height, settings=SETTINGS):
    """The decoder's own answer."""
    found = decode(boxes, scores, anchors(settings), settings)
    return to_detections(weighted_suppression(found, settings.iou_threshold), width, height, settings)


def assert_same(found, box, score, keypoints, near=1e-6):
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
    boxes, scores = outputs(case, 896, 16, GOLDEN["background_score"])
    found = decoded(boxes, scores, case["width"], case["height"])
    expected = faces_by_loops(boxes, scores, case["width"], case["height"])
    assert len(found) == len(case["faces"]) == len(expected)
    for face, stored, plain in zip(found, case["faces"], expected, strict=True):
        assert_same(face, stored["box"], stored["score"], list(stored["keypoints"].values()))
        assert_same(face, *plain)


def test_golden_cases_hold_what_they_are_for():
    counts = {case["name"]: (len(case["rows"]), len(case["faces"])) for case in GOLDEN["cases"]}
    assert counts["nothing"] == (0, 0)
    assert counts["one face, several rows"] == (6, 1)
    assert counts["two faces and noise below the threshold"] == (6, 2)
    assert counts["scores at the threshold"] == (2, 1)
    assert counts["boxes without extent"] == (3, 1)
    assert DetectorSettings.from_dict(GOLDEN["settings"], "golden.json") == SETTINGS


def test_golden_frames(detector):
    for frame in GOLDEN["frames"]:
        found = detector.detect(pixels(frame))
        near = (
            GOLDEN["tolerance"]["frame_square_pixels"] / letterbox(frame["width"], frame["height"], 128).scale
        )
        assert len(found) == len(frame["faces"]), frame["name"]
        for face, stored in zip(found, frame["faces"], strict=True):
            assert np.allclose(face.box, stored["box"], atol=near, rtol=0)
            assert abs(face.score - stored["score"]) <= GOLDEN["tolerance"]["frame_score"]
            assert np.allclose(
                list(face.keypoints.values()), list(stored["keypoints"].values()), atol=near, rtol=0
            )


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


def test_an_overlap_at_the_threshold_stays_a_face_of_its_own():
    points = np.zeros((2, 8, 2))
    points[:, 1] = 1
    points[1, 1, 0] = 0.3  # three tenths of the first box: IoU 0.3, not above it
    found = weighted_suppression(Candidates(points, np.array([0.7, 0.9])), 0.3)
    assert found.scores.tolist() == [0.9, 0.7]
    assert len(weighted_suppression(Candidates(points, np.array([0.7, 0.9])), 0.29).scores) == 1


def test_eyes_are_ordered_on_the_image():
    right, left = (30.0, 10.0), (50.0, 12.0)
    upright = Detection((0, 0, 80, 80), 0.9, {"right_eye": right, "left_eye": left})
    turned = Detection((0, 0, 80, 80), 0.9, {"right_eye": left, "left_eye": right})
    assert upright.eyes == turned.eyes == (right, left)


@pytest.mark.parametrize("side", [110, 200])
def test_drawn_faces_are_found_where_they_are(detector, side):
    found = []
    for seed in range(14):
        box = (260.0, 120.0, 260.0 + side, 120.0 + side)
        faces = detector.detect(draw_frame(640, 480, [box], [seed % 7], seed))
        assert len(faces) <= 1
        found += [overlap(face.box, box) for face in faces]
    assert len(found) >= 13
    assert np.median(found) > 0.75


def test_two_faces_nobody_and_noise(detector):
    boxes = [(60.0, 140.0, 220.0, 300.0), (380.0, 160.0, 560.0, 340.0)]
    faces = sorted(detector.detect(draw_frame(640, 480, boxes, [3, 6], 1)), key=lambda face: face.box[0])
    assert [overlap(face.box, box) > 0.6 for face, box in zip(faces, boxes, strict=True)] == [True, True]
    assert detector.detect(draw_frame(640, 480, [], [], 1)) == []
    noise = np.random.default_rng(0).integers(0, 256, (240, 320, 3), dtype=np.uint8)
    assert detector.detect(noise) == []
    assert detector.detect(np.zeros((1, 1), np.uint8)) == []


def test_grey_colour_and_mirrored_images_agree(detector):
    grey = draw_frame(320, 240, [(110.0, 60.0, 210.0, 160.0)], [3], 4)
    face = detector.detect(grey)[0]
    colour = detector.detect(np.stack([grey] * 3, axis=2))[0]
    assert np.allclose(colour.box, face.box, atol=1e-3)
    mirrored = detector.detect(np.ascontiguousarray(grey[:, ::-1]))[0]
    assert np.allclose(
        np.subtract(320, mirrored.box)[[2, 1, 0, 3]][[0, 2]], np.take(face.box, [0, 2]), atol=5
    )
    (left, _), (right, _) = face.eyes
    assert face.box[0] < left < right < face.box[2]
    transform = crop_transform(face.box, face.eyes, Crop())
    assert abs(transform.angle) < 0.4


def test_a_detection_does_not_change_the_next_one(detector):
    frames = [draw_frame(320, 240, [(x, 60.0, x + 100, 160.0)], [3], 4) for x in (40.0, 180.0)]
    first = detector.detect(frames[0])
    detector.detect(frames[1])
    assert detector.detect(frames[0]) == first


def test_the_manifest_is_what_the_command_writes():
    assert read_json(FOLDER / "manifest.json") == face_detector.build_manifest(FOLDER)
    assert read_json(FOLDER / "manifest.json")["artifacts"]["tflite"]["bytes"] == 229_032
    assert "Apache License" in (FOLDER / "LICENSE").read_text(encoding="utf-8")


def test_the_command_writes_the_same_files_again(tmp_path):
    folder = tmp_path / "face_detector"
    folder.mkdir()
    (folder / face_detector.FILE).write_bytes((FOLDER / face_detector.FILE).read_bytes())
    manifest = face_detector.write(detector_frames(), folder, offline=True)
    assert manifest["detector"] == SETTINGS.to_dict()
    written = read_json(folder / "golden.json")
    for entry in ("settings", "tolerance", "anchors"):
        assert written[entry] == GOLDEN[entry], entry
    assert [case["rows"] for case in written["cases"]] == [case["rows"] for case in GOLDEN["cases"]]
    damaged = bytearray((folder / face_detector.FILE).read_bytes())
    damaged[1000] ^= 1
    (folder / face_detector.FILE).write_bytes(damaged)
    (folder / "golden.json").unlink()
    with pytest.raises(InputError, match="sha256"):
        face_detector.write(detector_frames(), folder, offline=True)
    assert not (folder / "golden.json").exists()


@pytest.mark.parametrize(
    "changes, message",
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
        DetectorSettings.from_dict(SETTINGS.to_dict() | changes, "manifest.json")


def test_a_model_that_does_not_fit_its_settings_is_refused():
    content = (FOLDER / face_detector.FILE).read_bytes()
    for changes in ({"anchors": ((8, 2),)}, {"input_size": 192}, {"keypoints": ("right_eye", "left_eye")}):
        with pytest.raises(InputError, match="tensors"):
            Detector(content, dataclasses.replace(SETTINGS, **changes))
    with pytest.raises(InputError, match="damaged"):
        Detector(content[:1000], SETTINGS)
