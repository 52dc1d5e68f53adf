"""A models folder of format 1, as it was before YuNet: BlazeFace and its model, in headless Chromium."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import numpy as np
import pytest

from face_emotion import EmotionRecognizer
from face_emotion.files import read_json
from tests.support.browser import require_chromium
from tests.support.engines import BLAZEFACE, ENGINES, FORMAT_1, Evaluate, copy_for_the_browser, evaluating

GOLDEN = read_json(BLAZEFACE / "golden.json")
FRAMES = [frame | {"bytes": frame["rgb"], "channels": 3} for frame in GOLDEN["frames"]]


@pytest.fixture(scope="module")
def evaluate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evaluate]:
    """As the other tests' `evaluate`, over a folder with a model and a detector of format 1."""
    require_chromium()
    folder = tmp_path_factory.mktemp("format1")
    copy_for_the_browser(FORMAT_1, folder / "nano")
    (folder / "face_detector").symlink_to(BLAZEFACE)
    with evaluating(folder) as run:
        yield run


@pytest.mark.parametrize("engine", ENGINES)
def test_blazeface_finds_its_golden_faces(engine: str, evaluate: Evaluate) -> None:
    found = evaluate(
        """
        const blazeface = await detector(given.engine, 'face_detector');
        const results = [];
        for (const frame of given.frames) {
          for (const reach of ['near', 'far']) results.push(await blazeface.detect(frameOf(frame), reach));
        }
        blazeface.dispose();
        return results;
        """,
        {"engine": engine, "frames": FRAMES},
    )
    tolerance = GOLDEN["tolerance"]
    assert sum(len(frame["faces"]) for frame in FRAMES) >= 1
    assert found[0::2] == found[1::2]  # it has no far
    for frame, faces in zip(FRAMES, found[0::2], strict=True):
        pixel = max(frame["width"], frame["height"]) / GOLDEN["settings"]["input_size"]
        assert len(faces) == len(frame["faces"]), frame["name"]
        for face, expected in zip(faces, frame["faces"], strict=True):
            difference = np.abs(np.array(face["box"]) - expected["box"]).max() / pixel
            assert difference <= tolerance["frame_square_pixels"], frame["name"]
            assert abs(face["score"] - expected["score"]) <= tolerance["frame_score"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_folder_of_format_1_from_end_to_end(engine: str, evaluate: Evaluate) -> None:
    """The whole way through the worker; the crop is the contract's, the answers are Python's."""
    frame = next(frame for frame in FRAMES if len(frame["faces"]) == 1)
    found = evaluate(
        """
        const {EmotionRecognizer} = await runtime('emotion');
        const recognizer = await EmotionRecognizer.load(at('models/nano/manifest.json'), {engine: given.engine});
        const image = frameOf(given.frame);
        const result = [];
        for (const options of [{}, {reach: 'far'}, {time: 1}]) result.push(await recognizer.recognize(image, options));
        recognizer.dispose();
        return result;
        """,
        {"engine": engine, "frame": frame},
    )
    still, far, moving = found
    assert still == far and len(still) == 1 and moving[0]["track"] == 1
    assert list(still[0]["keypoints"]) == GOLDEN["settings"]["keypoints"]
    pixels = np.frombuffer(base64.b64decode(frame["rgb"]), np.uint8)
    python = EmotionRecognizer.load(FORMAT_1, BLAZEFACE)
    (expected,) = python.recognize(pixels.reshape(frame["height"], frame["width"], 3))
    assert (still[0]["label"], still[0]["small"]) == (expected.label, expected.small)
    difference = np.subtract(still[0]["probabilities"], list(expected.probabilities.values()))
    assert np.abs(difference).max() <= 0.06
