"""A person's own neutral: its definition, the golden file, and what a recognizer makes of it."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from PIL import Image

from converters import golden_baseline
from face_emotion import Baseline, EmotionRecognizer
from face_emotion.baseline import learnt, offsets
from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from face_emotion.files import read_json, write_json
from face_emotion.softmax import probabilities_of, scores
from model_build.synthetic.faces import draw_faces
from model_build.synthetic.scenes import draw_frame
from tests.support.paths import ROOT
from tests.support.runtime import DETECTOR, write_model_folder

STRENGTH = 0.4
BOX = (110.0, 60.0, 210.0, 160.0)
OTHER = (20.0, 20.0, 90.0, 90.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A model folder that states a strength."""
    return write_model_folder(tmp_path_factory.mktemp("models") / "tiny", baseline_strength=STRENGTH)


@pytest.fixture(scope="module")
def recognizer(folder):
    """A recognizer of it."""
    return EmotionRecognizer.load(folder, DETECTOR)


def frame_of(*faces: tuple[tuple[float, float, float, float], int]) -> np.ndarray:
    """A drawn frame of faces: box and expression."""
    return draw_frame(320, 240, [box for box, _ in faces], [label for _, label in faces], 4)


def logs(face) -> np.ndarray:
    """The log probabilities of a face."""
    return np.log(np.array(list(face.probabilities.values()), np.float64))


def test_the_definition_by_hand():
    # Three frames of three classes; the neutral one is the second. ln(0.2 / (0.8 * 2)) * 256 = -532.3.
    found = np.array([[100, 300, 40], [150, 250, 90], [120, 400, 10]])
    # Ratios: (-200, 0, -260), (-100, 0, -160), (-280, 0, -390); medians -200 and -260.
    assert learnt(found, ("sad", "neutral", "happy")) == (-200 + 532, 0, -260 + 532)
    # Of two frames the middle is (-200 - 101) / 2 = -150.5, rounded down.
    assert learnt(np.array([[100, 300], [150, 251]]), ("sad", "neutral")) == (-151 + 355, 0)
    assert offsets((332, 0, -7), 0.5).tolist() == [166, 0, -3]
    assert offsets((332, 0, -7), 0.0).tolist() == [0, 0, 0]


def test_the_golden_file():
    golden = read_json(ROOT / "models/golden_baseline.json")
    assert golden == golden_baseline.golden_baseline()
    assert len(golden["cases"]) == 12
    for case in golden["cases"]:
        quantised = case["scale"], case["zero_point"], case["weights"]
        frames = scores(np.array(case["frames"], np.uint8), *quantised)
        assert list(learnt(frames, case["labels"])) == case["values"]
        assert offsets(case["values"], case["strength"]).tolist() == case["offsets"]
        answers = scores(np.array(case["logits"], np.uint8), *quantised) - np.array(case["offsets"])
        assert answers.tolist() == case["scores"]
        assert probabilities_of(answers).tolist() == case["probabilities"]
    assert any(case["strength"] == 0 for case in golden["cases"])
    assert any(len(case["frames"]) % 2 == 0 for case in golden["cases"])


def test_a_neutral_face_that_reads_sad_reads_as_far_less_sad(recognizer):
    """Log probabilities lose the strength times (the neutral picture's minus those of an ideal neutral answer)."""
    image = frame_of((BOX, 6))
    (before,) = recognizer.recognize(image)
    baseline = recognizer.learn_neutral(image)
    (after,) = recognizer.recognize(image, baseline=baseline)
    ideal = np.log([0.2 / 6] * 6 + [0.8])
    expected = logs(before) - STRENGTH * (logs(before) - ideal)
    expected -= math.log(np.exp(expected).sum())
    np.testing.assert_allclose(logs(after), expected, atol=0.01)
    assert after.probabilities["neutral"] > before.probabilities["neutral"]
    assert (after.box, after.score) == (before.box, before.score)


def test_every_face_of_a_picture_gets_it_and_a_track_its_own(recognizer):
    baseline = recognizer.learn_neutral(frame_of((BOX, 6)))
    image = frame_of((BOX, 3), (OTHER, 4))
    plain, changed = recognizer.recognize(image), recognizer.recognize(image, baseline=baseline)
    assert len(plain) == 2
    assert all(a.probabilities != b.probabilities for a, b in zip(plain, changed, strict=True))
    stream = recognizer.stream()
    first = stream.recognize(image, time=0.0, reach="near")
    assert [face.track for face in first] == [1, 2]
    # New tracks: nothing is smoothed.
    second = stream.recognize(image, time=1e9, baseline={3: baseline}, reach="near")
    assert [face.track for face in second] == [3, 4]
    assert second[0].probabilities == pytest.approx(changed[0].probabilities)
    assert second[1].probabilities == pytest.approx(plain[1].probabilities)


def test_frames_give_their_median(recognizer):
    crops = list(draw_faces(5, 8, 48, [6] * 5)[0])
    alone = np.array([recognizer.learn_neutral(crop, cropped=True).values for crop in crops])
    whole = recognizer.learn_neutral(crops, cropped=True)
    assert whole.values == tuple(np.median(alone, axis=0).astype(int))
    assert recognizer.learn_neutral((crop for crop in crops), cropped=True) == whole
    assert recognizer.learn_neutral(np.stack(crops), cropped=True) == whole


def test_float_networks_and_int8_agree(folder):
    image = frame_of((BOX, 4))
    answers = []
    for name in ("int8.tflite", "float32.tflite"):
        recognizer = EmotionRecognizer.load(folder / name, DETECTOR)
        (face,) = recognizer.recognize(image, baseline=recognizer.learn_neutral(frame_of((BOX, 6))))
        answers.append(list(face.probabilities.values()))
    np.testing.assert_allclose(*answers, atol=0.05)


def test_a_folder_of_format_1_with_a_strength(tmp_path, monkeypatch):
    recognizer = EmotionRecognizer.load(ROOT / "tests/support/format1/nano", DETECTOR)
    image = frame_of((BOX, 6))
    with pytest.raises(InputError, match="states no strength for a baseline"):
        recognizer.learn_neutral(image)
    object.__setattr__(recognizer.contract, "baseline_strength", 1.0)
    (after,) = recognizer.recognize(image, baseline=recognizer.learn_neutral(image))
    # At full strength a person's neutral picture gets the ideal answer.
    assert after.probabilities["neutral"] == pytest.approx(0.8, abs=0.005)
    assert after.probabilities["sad"] == pytest.approx(0.2 / 6, abs=0.002)


def test_it_is_kept_as_json(recognizer, folder, tmp_path):
    baseline = recognizer.learn_neutral(frame_of((BOX, 6)))
    baseline.save(tmp_path / "me.json")
    stored = json.loads((tmp_path / "me.json").read_text())
    manifest = read_json(folder / "manifest.json")
    assert stored["model"] == manifest["artifacts"]["int8"]["files"][0]["sha256"]
    assert (stored["format"], stored["head"]) == (1, "both")
    assert tuple(stored["values"]) == FER2013_LABELS and stored["values"]["neutral"] == 0
    assert Baseline.load(tmp_path / "me.json") == baseline
    for form in ("int8.tflite", "float32.tflite"):  # one model, whatever file of its folder answers
        again = EmotionRecognizer.load(folder / form, DETECTOR)
        again.recognize(frame_of((BOX, 6)), baseline=Baseline.load(tmp_path / "me.json"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "not a baseline of format 1"),
        ("[1]", "not a baseline of format 1"),
        ("nonsense", "not valid JSON"),
        ("", "empty"),
        ('{"format": 2}', "not a baseline of format 1"),
        ('{"format": 1, "model": "a", "head": "both"}', "model, head and values are expected"),
        ('{"format": 1, "model": "a", "head": "both", "values": {"sad": 1.5}}', "whole numbers"),
        ('{"format": 1, "model": "a", "head": "both", "values": {"sad": true}}', "whole numbers"),
        (
            '{"format": 1, "model": "a", "head": "both", "values": {"sad": 1e999}}',
            "1e999 is too large a number",
        ),
        (
            '{"format": 1, "model": "a", "head": "both", "values": {"sad": 99999999999999999999}}',
            "is too large a number",
        ),
    ],
)
def test_a_file_that_is_none_is_named(tmp_path, text, message):
    (tmp_path / "me.json").write_text(text)
    with pytest.raises(InputError, match=message) as caught:
        Baseline.load(tmp_path / "me.json")
    assert str(tmp_path / "me.json") in str(caught.value) and "\n" not in str(caught.value)
    with pytest.raises(InputError, match="no such file"):
        Baseline.load(tmp_path / "none.json")


def test_another_model_or_head_refuses_it(recognizer, folder, tmp_path):
    baseline = recognizer.learn_neutral(frame_of((BOX, 6)))
    other = write_model_folder(tmp_path / "other", baseline_strength=STRENGTH)
    manifest = read_json(other / "manifest.json")
    manifest["artifacts"]["int8"]["files"][0]["sha256"] = "0" * 64
    write_json(other / "manifest.json", manifest)
    image = frame_of((BOX, 3))
    for model, head, message in (
        (other / "float32.tflite", "both", r"learnt with another model .* learn the neutral face again"),
        (folder, "votes", "another head"),
    ):
        stranger = EmotionRecognizer.load(model, DETECTOR, head=head)
        for given in ({}, {"time": 1.0}):
            with pytest.raises(InputError, match=message):
                stranger.recognize(image, baseline=baseline, **given)
        with pytest.raises(InputError, match=message):
            stranger.recognize(image, time=2.0, baseline={7: baseline})
        assert (
            stranger.recognize(image, time=3.0)[0].track == 1
        )  # the refused frames have left nothing behind
    with pytest.raises(InputError, match="baseline of type str: a Baseline is expected"):
        recognizer.recognize(image, baseline="me.json")
    with pytest.raises(InputError, match="a still image has no tracks"):
        recognizer.recognize(image, baseline={1: baseline})


def test_pictures_without_exactly_one_face_teach_nothing(recognizer, tmp_path):
    one, none, two = frame_of((BOX, 6)), frame_of(), frame_of((BOX, 6), (OTHER, 6))
    with pytest.raises(InputError, match=r"^no face where exactly one is expected"):
        recognizer.learn_neutral(none)
    with pytest.raises(InputError, match=r"^2 faces where exactly one is expected"):
        recognizer.learn_neutral(two)
    with pytest.raises(InputError, match=r"^frame 2: 2 faces where"):
        recognizer.learn_neutral([one, two, one])
    with pytest.raises(InputError, match="no frame to learn"):
        recognizer.learn_neutral([])
    with pytest.raises(InputError, match=r"frame 1: .*none\.png"):
        recognizer.learn_neutral([tmp_path / "none.png"])
    with pytest.raises(InputError, match="int: an array"):
        recognizer.learn_neutral(5)
    Image.fromarray(one).save(tmp_path / "one.png")
    assert recognizer.learn_neutral(tmp_path / "one.png") == recognizer.learn_neutral([one])


def test_own_classes_without_neutral_take_none(tmp_path):
    own = write_model_folder(tmp_path / "own", ("glad", "cross"), baseline_strength=STRENGTH)
    with pytest.raises(InputError, match="no class 'neutral'"):
        EmotionRecognizer.load(own, DETECTOR).learn_neutral(frame_of((BOX, 6)))
