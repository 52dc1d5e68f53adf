"""The samples that the page offers: what the released `small` reads in them is what they show."""

from __future__ import annotations

import pytest

from face_emotion import EmotionRecognizer
from tests.support.paths import ROOT

SAMPLES = ROOT / "web" / "static" / "samples"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("portrait.jpg", ["happy"]),
        ("three-faces.jpg", ["surprise", "angry", "happy"]),
        ("surprised.jpg", ["surprise"]),
    ],
)
def test_a_sample_is_read_as_what_it_shows(name: str, expected: list[str]) -> None:
    faces = sorted(EmotionRecognizer.load().recognize(SAMPLES / name), key=lambda face: face.box[0])
    assert [face.label for face in faces] == expected
    assert all(face.certain for face in faces)
