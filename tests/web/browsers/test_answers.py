"""What both engines answer in Firefox and WebKit: LiteRT the very steps of Python's int8, TF.js what node computes."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from converters.golden import TOLERANCE
from converters.tfjs_runtime import TfjsModel
from face_emotion.classifier import TfliteClassifier
from face_emotion.model_files import ModelFolder
from model_build.synthetic.faces import draw_faces
from tests.support.browsers.browser import Browser
from tests.support.tflite import random_images
from tests.support.web import Server, released_models


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    """200 grey images: half of them drawn faces, half random blobs."""
    return np.concatenate([draw_faces(100, 77)[0], random_images(100, seed=5)])


def asked(browser: Browser, server: Server, engine: str, images: np.ndarray) -> dict[str, list]:
    """What an engine answers of images: "raw", the network's own numbers, and "probabilities"."""
    browser.open(f"{server.url}ask.html")
    browser.until("window.ask")
    given = {
        "engine": engine,
        "model": "small",
        "count": len(images),
        "faces": base64.b64encode(images.tobytes()).decode(),
    }
    answer = browser.run("return window.ask(arguments[0])", given)
    browser.check()
    return answer


def test_litert_gives_the_bytes_that_python_gives(browser: Browser, server: Server, images: np.ndarray):
    answer = asked(browser, server, "litert", images)
    classifier = TfliteClassifier(
        released_models() / "small/int8.tflite", ModelFolder.open(released_models() / "small").contract
    )
    raw = np.array(answer["raw"])
    np.testing.assert_array_equal(raw, classifier.raw(images))
    assert raw.shape[0] == 200 and np.array_equal(raw, np.round(raw)) and np.unique(raw).size > 50
    probabilities = np.array(answer["probabilities"], np.float32)
    np.testing.assert_array_equal(probabilities, classifier.probabilities(images))
    assert np.unique(probabilities.argmax(axis=1)).size > 2


def test_tfjs_gives_what_it_gives_in_node(browser: Browser, server: Server, images: np.ndarray):
    found = np.array(asked(browser, server, "tfjs", images)["probabilities"])
    folder = released_models() / "small"
    expected = TfjsModel(folder / "tfjs", ModelFolder.open(folder).contract).probabilities(images)
    assert found.shape == expected.shape == (200, 7)
    assert np.abs(found - expected).max() <= TOLERANCE["tfjs_probability"]
