"""A platform's answers to the golden vectors: Python's own pass, each stage fails by itself, bad files are named."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from converters.__main__ import main
from converters.conformance import STAGES, Golden, compare
from converters.conformance_answers import answers_of
from face_emotion.errors import InputError
from face_emotion.files import write_json
from tests.support.paths import ROOT

SMALL = ROOT / "models/small"
ALL = [
    *("crops", "normalized", "logits", "answers", "softmax", "decoding", "parts"),
    *("near", "far", "video", "motions", "sequence", "baselines", "pictures"),
]
Answers = dict[str, Any]


@pytest.fixture(scope="module")
def golden() -> Golden:
    return Golden.read(SMALL)


@pytest.fixture(scope="module")
def answers() -> Answers:
    """The Python runtime's of the model small, as JSON gives them back."""
    found: Answers = json.loads(json.dumps(answers_of(SMALL)))
    return found


@pytest.mark.parametrize("name", ["nano", "small", "base"])
def test_the_python_runtime_conforms(name: str) -> None:
    folder = ROOT / "models" / name
    results = compare(Golden.read(folder), answers_of(folder))
    assert [(result.stage, result.passed) for result in results] == [(stage, True) for stage in ALL], results


def test_what_passes_says_how_far_off_it_is(golden: Golden, answers: Answers) -> None:
    texts = {result.stage: result.text for result in compare(golden, answers)}
    assert texts["normalized"] == "35 faces, at most 0 grey levels off (0 allowed)"
    assert texts["answers"] == "35 faces of 3 heads, equal"
    assert texts["baselines"] == "12 cases, equal"
    assert texts["pictures"] == "64 of 66 files read, the others refused"
    assert texts["video"].startswith("27 faces of 29 frames, at most ")


def _grey(text: str, by: int) -> str:
    levels = np.frombuffer(base64.b64decode(text), np.uint8).astype(int)
    levels[7] += by if levels[7] < 128 else -by
    return base64.b64encode(levels.astype(np.uint8).tobytes()).decode()


def _crop(given: Answers) -> None:
    given["crops"][3] = _grey(given["crops"][3], 3)


def _normalized(given: Answers) -> None:
    given["normalized"][0] = _grey(given["normalized"][0], 1)


def _logit(given: Answers) -> None:
    given["logits"][12][0] += 2
    given["answers"] = {}


def _share(given: Answers) -> None:
    given["answers"]["votes"][5][0] = float(
        np.nextafter(np.float32(given["answers"]["votes"][5][0]), np.float32(1))
    )


def _softmax(given: Answers) -> None:
    given["softmax"][1][0] = 1.0


def _decoding(given: Answers) -> None:
    given["decoding"][1][0]["points"][0][0] += 2e-6


def _parts(given: Answers) -> None:
    given["parts"][0].pop()


def _near(given: Answers) -> None:
    given["near"][0][0]["box"][0] += 0.8


def _far(given: Answers) -> None:
    given["far"][1].pop()


def _video(given: Answers) -> None:
    given["video"][8][0]["turn"] += 90


def _motion(given: Answers) -> None:
    given["motions"][6] = {"alpha": [1, 0], "tau": [0, 0]}


def _track(given: Answers) -> None:
    given["sequence"][0]["tracks"] = [2, 1]


def _smoothed(given: Answers) -> None:
    given["sequence"][2]["smoothed"][0][0] += 1e-6


def _baseline(given: Answers) -> None:
    given["baselines"][4]["offsets"][0] += 1


def _picture(given: Answers) -> None:
    given["pictures"]["orientation_6.jpg"] = given["pictures"]["grey.png"]


def _unread(given: Answers) -> None:
    given["pictures"]["plain.png"] = "refused"


def _seen(given: Answers) -> None:
    given["pictures"]["float_nan.tif"] = given["pictures"]["plain.png"]


WRONG: list[tuple[Callable[[Answers], None], str, str]] = [
    (_crop, "crops", "crop 3 is 3 grey levels off (1 allowed), 1 of 7 are too far"),
    (_normalized, "normalized", "face 0 is 1 grey levels off (0 allowed), 1 of 35 are too far"),
    (_share, "answers", "answers of votes: face 5: ["),
    (_softmax, "softmax", "row 1: [1.0, "),
    (_decoding, "decoding", "case 'one row', face 0: points is 2e-06 pixels off (1e-06 allowed)"),
    (_parts, "parts", "640 × 480 pixels: [5, 4] numbers where [6, 4] are expected"),
    (_near, "near", "frame 'one face', face 0: box is 0.8 pixels off (0.75 allowed)"),
    (_far, "far", "frame 'two faces': 1 faces where 2 are expected"),
    (_video, "video", "frame 8 at 1.7 s, face 0: turned by "),
    (_motion, "motions", "case 'half covered': followed, which it is not"),
    (_track, "sequence", "frame 0: tracks [2, 1] where [1, 2] is expected"),
    (_smoothed, "sequence", "frame 2: smoothed is 1e-06 off (1e-09 allowed)"),
    (_baseline, "baselines", "case 4: offsets ["),
    (_picture, "pictures", "orientation_6.jpg (EXIF orientation 6): "),
    (_unread, "pictures", "plain.png ("),
    (_seen, "pictures", "float_nan.tif ("),
]


@pytest.mark.parametrize("spoil, stage, text", WRONG, ids=[spoil.__name__[1:] for spoil, *_ in WRONG])
def test_a_stage_fails_by_itself(
    spoil: Callable[[Answers], None], stage: str, text: str, golden: Golden, answers: Answers
) -> None:
    given = copy.deepcopy(answers)
    spoil(given)
    failed = [result for result in compare(golden, given) if not result.passed]
    assert [result.stage for result in failed] == [stage]
    assert failed[0].text.startswith(text), failed[0].text


def test_other_kernels_are_allowed_the_steps_that_are_named(golden: Golden, answers: Answers) -> None:
    given = copy.deepcopy(answers)
    _logit(given)
    (exact,) = compare(golden, given, only=["logits"])
    assert (exact.passed, exact.text) == (False, "face 12 is 2 steps off (0 allowed), 1 of 35 are too far")
    (allowed,) = compare(golden, given, only=["logits"], steps=3)
    assert (allowed.passed, allowed.text) == (True, "35 faces, at most 2 steps off (3 allowed)")


def test_answers_are_judged_by_the_platforms_own_logits(golden: Golden, answers: Answers) -> None:
    given = copy.deepcopy(answers)
    given["logits"][12][0] += 40
    failed = [result.stage for result in compare(golden, given) if not result.passed]
    assert failed == ["logits", "answers"]  # its answers were made of others


@pytest.mark.parametrize(
    "stage, value, text",
    [
        ("crops", ["no base64!"] * 7, "crop 0: no base64"),
        ("crops", [[1, 2, 3]] * 7, "crop 0: 3 numbers where 2304 are expected"),
        ("crops", [[256] * 2304] * 7, "crop 0: a number is no byte"),
        ("crops", [None] * 7, "crop 0: bytes are expected, in base64 or as a list"),
        ("crops", [], "0 where a list of 7 crops is expected"),
        ("normalized", {}, "dict where a list of 35 faces is expected"),
        ("logits", [[0] * 14] * 34, "logits: [34, 14] numbers where [35, 14] are expected"),
        ("logits", [[float("nan")] * 14] * 35, "logits: a number is not finite"),
        ("answers", {"both": []}, "an entry for each of both, labels, votes is expected"),
        ("softmax", "none", "row: no list of numbers"),
        ("near", [[{}]] + [[]] * 6, "frame 'one face', face 0: turn: "),
        ("video", [None] * 29, "frame 0 at 0 s: a list of faces is expected"),
        ("sequence", [[]] * 29, "frame 0: tracks [] where [1, 2] is expected"),
        ("baselines", [None] * 12, "case 0: values, offsets, scores and probabilities are expected"),
        ("pictures", {}, "orientation_1.jpg: width, height, channels (1 or 3) and rows"),
    ],
    ids=lambda value: value if isinstance(value, str) and value in STAGES else "",
)
def test_what_is_not_in_the_form_fails_in_one_line(
    stage: str, value: Any, text: str, golden: Golden, answers: Answers
) -> None:
    (result,) = compare(golden, answers | {stage: value}, only=[stage])
    assert not result.passed and result.text.startswith(text), result.text


def test_a_stage_that_is_not_answered_fails(golden: Golden, answers: Answers) -> None:
    given = {key: value for key, value in answers.items() if key not in ("video", "pictures")}
    failed = [result for result in compare(golden, given) if not result.passed]
    assert [(result.stage, result.text) for result in failed] == [
        ("video", "not answered")
    ]  # pictures need not be read
    assert [result.stage for result in compare(golden, given, only=["parts", "crops"])] == ["crops", "parts"]


@pytest.mark.parametrize("value", [None, [], {"format": 2}, {"runtime": "mine"}])
def test_what_are_no_answers_are_refused(value: Any, golden: Golden) -> None:
    with pytest.raises(
        InputError, match=r'^answers: an object with "format": 1 is expected; see docs/CONFORMANCE\.md$'
    ):
        compare(golden, value)


def test_stages_that_there_are_not_are_refused(golden: Golden, answers: Answers) -> None:
    with pytest.raises(InputError, match=r"^answers: crop is no stage; the stages are crops, normalized, "):
        compare(golden, answers | {"crop": []})
    with pytest.raises(InputError, match=r"^--only crop: the stages are crops, normalized, "):
        compare(golden, answers, only=["crop"])


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture, answers: Answers) -> None:
    file = tmp_path / "answers.json"
    assert main(["answers", str(SMALL), str(file)]) == 0
    assert main(["conformance", str(SMALL), "--answers", str(file), "--only", "crops", "softmax"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == str(file)
    assert lines[1].startswith("face_emotion, Python 3.") and lines[1].endswith(f", against {SMALL}")
    assert lines[2].startswith("crops       pass  7 crops, at most ")
    assert lines[3:] == ["softmax     pass  4 rows, equal", "2 of 2 stages pass"]
    write_json(file, {key: answers[key] for key in ("format", "crops")})
    assert main(["conformance", str(SMALL), "--answers", str(file), "--only", "crops", "softmax"]) == 1
    assert capsys.readouterr().out.splitlines()[2:] == [
        "softmax     FAIL  not answered",
        "1 of 2 stages pass",
    ]


@pytest.mark.parametrize(
    "words, message",
    [
        (["conformance", "models/small", "--answers", "{file}.none"], "answers.json.none: no such file"),
        (["conformance", "{file}", "--answers", "{file}"], "manifest.json"),
        (["answers", "models/small", "{file}"], "answers.json: is there already; name another file"),
    ],
    ids=["missing", "no model", "there already"],
)
def test_bad_input_is_one_line(
    words: list[str],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    file = tmp_path / "answers.json"
    file.write_text("{}")
    assert main([word.format(file=file) for word in words]) == 2
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1
    assert file.read_text() == "{}"


def test_steps_below_none_are_refused_by_the_parser(capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["conformance", "models/small", "--answers", "answers.json", "--steps", "-1"])
    error = capsys.readouterr().err
    assert ended.value.code == 2 and error.count("\n") == 1
    assert error.startswith("error: argument --steps: '-1': a whole number from 0 to 255 is expected; see ")


def test_a_build_without_a_detector_beside_it_is_compared_with_the_released_one(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("manifest.json", "golden.json", "int8.tflite"):
        (folder / name).write_bytes((SMALL / name).read_bytes())
    found = answers_of(folder)
    assert all(result.passed for result in compare(Golden.read(folder), found))
