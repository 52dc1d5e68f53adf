"""The clip that the page opens on: small, what its command makes, and read by the released `small` as it was drawn."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import av
import numpy as np
import pytest

from examples import page_clip
from face_emotion import EmotionRecognizer

CLIP = Path(__file__).parents[2] / "web" / "static" / "samples" / "clip.webm"


@pytest.fixture(scope="module")
def shown() -> list[np.ndarray]:
    """The frames of the committed file."""
    with av.open(str(CLIP)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def test_it_is_small_and_short(shown):
    assert CLIP.stat().st_size <= 300_000
    assert len(shown) == 288
    assert shown[0].shape == (360, 480, 3)


def test_it_is_what_the_command_makes(shown):
    """Within what VP9 at this quality changes: another drawing differs by more than ten times as much."""
    for number in (*range(0, 288, 24), 105, 287):
        error = np.abs(page_clip.frame(number).astype(int) - shown[number]).mean()
        assert error < 4, f"frame {number}: {error:.1f} grey levels"
        other = page_clip.frame((number + 144) % 288)
        assert np.abs(other.astype(int) - shown[number]).mean() > 8


def test_it_goes_round(shown):
    assert np.abs(shown[-1].astype(int) - shown[0]).mean() < 8


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ((0.2, 0.8), "neutral"),
        ((2.2, 3.2), "happy"),
        ((4.2, 4.8), "surprise"),
        ((6.0, 6.8), "neutral, happy, surprise"),
        ((11.0, 13.9), "happy"),
    ],
)
def test_it_is_read_as_it_was_drawn(shown, seconds, expected):
    """The answers of most frames; orders of faces are by how sure they are found, so these are sorted."""
    stream = EmotionRecognizer.load().stream()
    said: Counter[str] = Counter()
    first, last = (round(20 * second) for second in seconds)
    for number in range(first - 4, last):
        faces = stream.recognize(shown[number], time=number / 20)
        if number >= first:
            said[", ".join(sorted(face.label for face in faces))] += 1
    assert said.most_common(1)[0][0] == ", ".join(sorted(expected.split(", ")))
    assert said.most_common(1)[0][1] >= 0.8 * said.total()
