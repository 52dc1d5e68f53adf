"""YuNet's decoder: cells, scores and boxes as literals, random outputs against a plain loop, the golden cases."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest

from converters import face_detector
from converters.detector_golden import output
from face_emotion.errors import InputError
from face_emotion.files import read_json
from face_emotion.suppression import weighted_suppression
from face_emotion.yunet import YuNetSettings, cells, decode
from tests.support.detection import suppressed_by_loops

GOLDEN = read_json(face_detector.FOLDER / "golden.json")
ENTRY = read_json(face_detector.FOLDER / "manifest.json")["detector"]
PLACES = cells((8, 16, 32), 192)
CELL = 576 + 1 * 12 + 2  # of stride 16: row 1, column 2


def rows_by_loops(raw: np.ndarray, threshold: float, size: int = 192) -> list[tuple[float, list[float]]]:
    """Steps 2 to 4 of yunet.py's docstring, spelled out for five key points."""
    rows, index = [], 0
    for stride in (8, 16, 32):
        for row in range(size // stride):
            for column in range(size // stride):
                c, o, *numbers = (float(number) for number in raw[index])
                index += 1
                chances = [1 / (1 + math.exp(-min(max(logit, -100), 100))) for logit in (c, o)]
                score = math.sqrt(chances[0] * chances[1])
                if score < threshold or not all(map(math.isfinite, numbers)):
                    continue
                x, y = (column + numbers[0]) * stride, (row + numbers[1]) * stride
                w, h = (math.exp(min(number, 20)) * stride for number in numbers[2:4])
                marks = [
                    (number + (column, row)[place % 2]) * stride for place, number in enumerate(numbers[4:])
                ]
                rows.append((score, [x - w / 2, y - h / 2, x + w / 2, y + h / 2, *marks]))
    return rows


def one_row(*values: float, index: int = CELL) -> np.ndarray:
    """An output in which one row is (class, objectness, b0, …), the others far below any threshold."""
    raw = np.full((756, 16), -8, np.float32)
    raw[index] = np.pad(np.array(values, np.float32), (0, 16 - len(values)))
    return raw


def test_cells_run_through_columns_rows_and_strides():
    assert PLACES.shape == (756, 3)
    assert [PLACES[index].tolist() for index in (0, 1, 24, 575, 576, CELL, 720, 755)] == [
        [0, 0, 8],
        [1, 0, 8],
        [0, 1, 8],
        [23, 23, 8],
        [0, 0, 16],
        [2, 1, 16],
        [0, 0, 32],
        [5, 5, 32],
    ]
    assert len(cells((8, 16, 32), 640)) == 8400


def test_a_row_is_a_box_and_points_in_pixels_of_the_square():
    raw = one_row(9, 9, 0.5, 0.25, 0, math.log(2), 0, 0, 1, 0, 0.5, 0.5, 0, 1, -2, -1)
    found = decode(raw, PLACES, 0.6)
    assert found.boxes[0] == pytest.approx([32, 4, 48, 36], abs=1e-5)
    assert found.points[0, 2:].tolist() == [[32, 16], [48, 16], [40, 24], [32, 32], [0, 0]]


@pytest.mark.parametrize(
    ("logits", "score"),
    [
        ((0, 0), 0.5),
        ((math.log(3), -math.log(3)), 0.4330127),  # the root of 0.75 * 0.25
        ((100, 0), 0.7071068),
        ((1e9, 1e9), 1.0),
        ((-1e9, 1e9), 1.93e-22),  # held to -100: the root of exp(-100)
    ],
)
def test_scores(logits, score):
    found = decode(one_row(*logits), PLACES, 0.0)
    assert found.scores[CELL] == pytest.approx(score, rel=1e-3, abs=0)


def test_a_score_at_the_threshold_counts():
    assert len(decode(one_row(0, 0), PLACES, 0.5).scores) == 1
    assert len(decode(one_row(0, 0), PLACES, math.nextafter(0.5, 1)).scores) == 0


def test_sizes_are_bounded():
    (box,) = decode(one_row(9, 9, 0, 0, 90, 20), PLACES, 0.6).boxes
    assert box == pytest.approx([32 - 3.8813e9, 16 - 3.8813e9, 32 + 3.8813e9, 16 + 3.8813e9], rel=1e-4)


@pytest.mark.parametrize("place", [2, 5, 15])
@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_no_faces(place, number):
    raw = one_row(9, 9)
    raw[0, :2] = 9
    raw[CELL, place] = number
    assert decode(raw, PLACES, 0.6).points[:, 2:].tolist() == [
        [[-64, -64]] * 5
    ]  # the other row, -8 cells of 8


def test_a_logit_that_is_no_number_is_no_face():
    assert len(decode(one_row(np.nan, 9), PLACES, 0.0).scores) == 755


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["name"])
def test_golden_cases(case):
    raw = output(case, 525, 16, -8.0)
    found = weighted_suppression(decode(raw, cells((8, 16, 32), 160), case["threshold"]), 0.3)
    plain = suppressed_by_loops(rows_by_loops(raw, case["threshold"], size=160), 0.3)
    assert len(found.scores) == len(case["faces"]) == len(plain)
    for points, score, stored, (loop_score, flat) in zip(
        found.points, found.scores, case["faces"], plain, strict=True
    ):
        np.testing.assert_allclose(points, stored["points"], atol=1e-6, rtol=1e-12)
        np.testing.assert_allclose(points.ravel(), flat, atol=1e-6, rtol=1e-12)
        assert (score, loop_score) == (pytest.approx(stored["score"], abs=1e-9),) * 2


def test_golden_cases_hold_what_they_are_for():
    counts = {case["name"]: (len(case["rows"]), len(case["faces"])) for case in GOLDEN["cases"]}
    assert counts == {
        "nothing": (0, 0),
        "one row": (1, 1),
        "one face, rows of three strides": (6, 1),
        "two faces and noise below the threshold": (6, 2),
        "the same at the threshold of proposals": (6, 3),
        "overlapping faces that stay two": (3, 2),
        "equal scores": (4, 2),
        "a large and a small box of one face": (2, 1),
        "cut off by the corner": (2, 1),
        "logits beyond the clip": (2, 1),
        "a size beyond all bounds": (1, 1),
    }
    assert (GOLDEN["format"], GOLDEN["rows"], GOLDEN["background"]) == (2, 525, -8.0)
    assert GOLDEN["settings"] == {name: entry for name, entry in ENTRY.items() if name != "crop"}


@pytest.mark.parametrize("seed", range(3))
def test_random_outputs_equal_the_loop(seed):
    random = np.random.default_rng(seed)
    raw = random.normal(0, 1, (756, 16)).astype(np.float32)
    raw[:, :2] = random.normal(-1, 2, (756, 2))
    found, plain = decode(raw, PLACES, 0.6), rows_by_loops(raw, 0.6)
    assert len(found.scores) == len(plain) > 50
    np.testing.assert_allclose(found.scores, [score for score, _ in plain], atol=1e-12)
    np.testing.assert_allclose(found.points.reshape(len(plain), -1), [flat for _, flat in plain], atol=1e-9)


def test_settings_are_read_and_written():
    settings = YuNetSettings.from_dict(ENTRY, "here")
    assert (settings.near_size, settings.far_size, settings.strides) == (160, 640, (8, 16, 32))
    assert (settings.rows(160), settings.rows(640)) == (525, 8400)
    assert settings.to_dict() | {"crop": ENTRY["crop"]} == ENTRY


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("near_size", 0, "0 is no whole number above 0"),
        ("near_size", 192.0, r"192\.0 is no whole number"),
        ("near_size", 200, "must be multiples of each stride"),
        ("far_size", True, "True is no whole number"),
        ("far_size", 648, "must be multiples of each stride"),
        ("strides", [], "must be multiples of each stride"),
        ("strides", [8, "16"], "'16' is no whole number"),
        ("strides", 8, "an entry is of another kind"),
        ("keypoints", ["nose_tip"], "right_eye and left_eye are expected"),
        ("score_threshold", 1.5, "1.5 is not from 0 to 1"),
        ("score_threshold", math.nan, "nan is not from 0 to 1"),
        ("iou_threshold", -0.1, "-0.1 is not from 0 to 1"),
        ("iou_threshold", None, "an entry is of another kind"),
        ("far", 7, "an entry is of another kind"),
        ("far.proposal_threshold", "much", "much"),
        ("far.confirm_threshold", 2, "2 is not from 0 to 1"),
        ("far.sure_score", -1, "-1 is not from 0 to 1"),
        ("far.zoom", 1, "zoom above 1"),
        ("far.zoom", math.nan, "zoom above 1"),
        ("far.zoom", math.inf, "zoom above 1"),
        ("far.overlap", 640, "overlap below far_size"),
        ("far.fine_side", 0, "0 is no whole number"),
        ("far.most_parts", 0.5, "0.5 is no whole number"),
        ("far.most_proposals", "512", "'512' is no whole number"),
        ("far.most_turned", 0, "0 is no whole number"),
    ],
)
def test_unusable_settings_are_refused_in_one_line(path, value, message):
    entry = copy.deepcopy(ENTRY)
    *outer, name = path.split(".")
    (entry[outer[0]] if outer else entry)[name] = value
    with pytest.raises(InputError, match=rf"^here: detector.*{message}") as caught:
        YuNetSettings.from_dict(entry, "here")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("path", [*(name for name in ENTRY if name not in ("kind", "crop")), "far.zoom"])
def test_missing_settings_are_named(path):
    entry = copy.deepcopy(ENTRY)
    *outer, name = path.split(".")
    del (entry[outer[0]] if outer else entry)[name]
    with pytest.raises(InputError, match=rf"^here: detector: .*'{name}' is missing"):
        YuNetSettings.from_dict(entry, "here")
