"""Pictures of one person in Chromium, by both engines: which way up a face is, and where near finds nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from face_emotion.files import read_json
from tests.support.engines import ENGINES, Evaluate


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("name", "near", "portrait"),
    [
        ("one face", [0], [0]),
        ("upside down", [0], [180]),
        ("lying on the side", [], [90]),
        ("no face", [], []),
    ],
)
def test_a_portrait_is_the_right_way_up(
    engine: str, name: str, near: list, portrait: list, evaluate: Evaluate, models: Path
) -> None:
    golden = read_json(models / "face_detector/golden.json")
    (frame,) = (frame for frame in golden["frames"] if frame["name"] == name)
    found = evaluate(
        """
        const yunet = await detector(given.engine, 'face_detector');
        const turns = (faces) => faces.map(({turn}) => turn);
        const image = frameOf(given.frame);
        return [turns(await yunet.detect(image)), turns(await yunet.portrait(image))];
        """,
        {"engine": engine, "frame": frame},
    )
    assert found == [near, portrait]
