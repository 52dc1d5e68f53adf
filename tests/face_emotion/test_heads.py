"""Whose answer it is: each head alone, their blend, folders of format 1, and released models to the bit."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from face_emotion import EmotionRecognizer, Face
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import Contract, Crop
from face_emotion.detector import Detector
from face_emotion.errors import InputError
from face_emotion.files import read_json
from face_emotion.geometry import crop_transform, sample_grey
from face_emotion.model_files import ModelFolder
from model_build.synthetic.scenes import draw_frame
from tests.support.paths import ROOT
from tests.support.runtime import DETECTOR, write_model_folder


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A models folder: tiny/ beside face_detector/."""
    root = tmp_path_factory.mktemp("models")
    write_model_folder(root / "tiny")
    (root / "face_detector").symlink_to(DETECTOR)
    return root


@pytest.fixture(scope="module")
def frame():
    """Grey uint8 [240,320] with one drawn face."""
    return draw_frame(320, 240, [(110.0, 60.0, 210.0, 160.0)], [3], 4)


def classifier(models):
    """The tiny network's int8 file, opened by itself."""
    return TfliteClassifier(models / "tiny/int8.tflite", ModelFolder.open(models / "tiny").contract)


def values(face: Face) -> np.ndarray:
    """A face's probabilities in the order of the contract."""
    return np.array(list(face.probabilities.values()))


@pytest.mark.parametrize("head", ["labels", "votes", "both"])
def test_a_head_answers_alone_or_with_the_other(models, frame, head):
    (found,) = EmotionRecognizer.load(models / "tiny", head=head).recognize(frame)
    face = Detector.load(DETECTOR).detect(frame)[0]
    place = crop_transform(face.box, face.eyes, Crop(box_width=0.795, box_center=(0.5, 0.527)))
    grey = sample_grey(frame, place, 48, (0.299, 0.587, 0.114), 16)
    logits = classifier(models).raw(grey[None])[0].astype(float)
    scale, zero_point = classifier(models).output_scale
    labels, votes = (scale * (logits - zero_point)).reshape(2, 7)
    blended = {"labels": 1.25 * labels, "votes": 2.0 * votes, "both": 0.75 * labels + 0.5 * votes}[head]
    powers = np.exp(blended - blended.max())
    np.testing.assert_allclose(values(found), powers / powers.sum(), atol=0.01)
    assert values(found).sum() == pytest.approx(1, abs=1e-6)


def test_the_heads_do_differ(models, frame):
    answers = {
        head: tuple(values(EmotionRecognizer.load(models / "tiny", head=head).recognize(frame)[0]))
        for head in ("labels", "votes", "both")
    }
    assert len(set(answers.values())) == 3
    assert EmotionRecognizer.load(models / "tiny").recognize(frame) == EmotionRecognizer.load(
        models / "tiny", head="both"
    ).recognize(frame)


def test_a_head_that_the_network_lacks_is_refused(tmp_path):
    alone = write_model_folder(tmp_path / "alone", heads=("labels",))
    assert EmotionRecognizer.load(alone, DETECTOR, head="labels").contract.heads == ("labels",)
    with pytest.raises(InputError, match="head 'votes': use one of labels, both") as caught:
        EmotionRecognizer.load(alone, DETECTOR, head="votes")
    assert "\n" not in str(caught.value)


def test_a_folder_of_format_1_still_answers_as_it_did():
    folder = ROOT / "tests/support/format1/nano"
    recognizer = EmotionRecognizer.load(folder, DETECTOR)
    vectors = read_json(folder / "golden.json")
    assert (recognizer.contract.heads, recognizer.contract.normalization.kind) == (("labels",), "none")
    for face, outputs in zip(vectors["faces"], vectors["int8"]["outputs"], strict=True):
        grey = np.frombuffer(base64.b64decode(face), np.uint8).reshape(48, 48)
        (found,) = recognizer.recognize(grey, cropped=True)
        np.testing.assert_array_equal(values(found), np.array(outputs, np.float32) / 256)


@pytest.mark.parametrize("name", ["nano", "small", "base"])
def test_a_released_model_gives_its_golden_answers_to_the_bit(name):
    folder = ROOT / "models" / name
    vectors = read_json(folder / "golden.json")
    faces = [np.frombuffer(base64.b64decode(face), np.uint8).reshape(48, 48) for face in vectors["faces"]]
    assert vectors["labels"] == list(Contract().labels) and len(faces) == 35
    for head in ("both", "labels", "votes"):
        recognizer = EmotionRecognizer.load(folder, DETECTOR, head=head)
        for face, stated in zip(faces, vectors["int8"]["probabilities"][head], strict=True):
            assert values(recognizer.recognize(face, cropped=True)[0]).tolist() == stated
