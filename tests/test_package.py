"""`pip install .`: what the wheel holds, and that it runs outside the repository without TensorFlow."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest
from PIL import Image

from face_emotion import __version__
from tests.support.cli import colour_frame
from tests.support.paths import ROOT

LARGEST = 3_000_000  # bytes
MODEL = {"manifest.json", "int8.tflite", "kernels.json", "MODEL_CARD.md"}
DETECTOR = {"manifest.json", "near.tflite", "far.tflite", "README.md", "LICENSE"}


TOOLS = ROOT / ".venv-package" / "bin" / "python"  # made by `make test`


def pip(*words: str | Path, python: str | Path = sys.executable) -> None:
    """Runs pip, which finds all it needs on this machine."""
    command = [str(python), "-m", "pip", *map(str, words), "--no-deps", "--no-index", "--quiet"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    if not TOOLS.exists():
        pytest.skip("make .venv-package/ready builds what this test needs")
    pip("wheel", "--no-build-isolation", "--wheel-dir", folder, ROOT, python=TOOLS)
    (path,) = folder.iterdir()
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """A folder into which the wheel was installed, the script in bin/."""
    target = wheel.parent / "installed"
    pip("install", "--target", target, wheel)
    return target


def run(installed: Path, *command: str | Path, cwd: Path) -> subprocess.CompletedProcess:
    """Runs a command outside the repository that finds the installed package, and what it depends on."""
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_wheel_is_small_and_holds_the_model_and_the_detector(wheel):
    assert wheel.name == f"face_emotion_kit-{__version__}-py3-none-any.whl"
    assert wheel.stat().st_size < LARGEST
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        for folder, expected in (("small", MODEL), ("face_detector", DETECTOR)):
            inside = f"face_emotion/models/{folder}/"
            assert {name.removeprefix(inside) for name in names if name.startswith(inside)} == expected
            for name in expected:
                assert archive.read(inside + name) == (ROOT / "models" / folder / name).read_bytes()
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "face_emotion").rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == modules
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_it_depends_on_what_the_requirements_pin_and_on_no_tensorflow_unless_asked(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        metadata = HeaderParser().parsestr(archive.read(name).decode())
    lines = metadata.get_all("Requires-Dist")

    def needed(extra: str | None) -> set[str]:
        asked = [
            line for line in lines if (f"extra == '{extra}'" in line if extra else "extra ==" not in line)
        ]
        return {re.match(r"[\w-]+", line)[0] for line in asked}

    assert needed(None) | needed("video") == pinned_in("requirements-runtime.txt")
    assert needed("video") == {"opencv-python"}
    assert needed("heic") == {"pillow-heif"} <= pinned_in("requirements-dev.txt")
    assert needed("onnx") == pinned_in("requirements-onnx.txt")
    assert needed("web") == pinned_in("requirements-web.txt")
    assert needed("build") - {"opencv-python", "flask", "waitress"} == pinned_in("requirements.txt")
    assert metadata["Requires-Python"] == ">=3.11"


def pinned_in(name: str) -> set[str]:
    """The packages that a requirements file itself pins."""
    return {re.match(r"[\w-]+", line)[0] for line in _pins(name)}


def _pins(name: str) -> list[str]:
    lines = (line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines())
    return [line for line in lines if "==" in line]


def test_the_build_extra_is_pinned_as_in_requirements():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert set(extras["build"]) - {"face-emotion-kit[video,web]"} == set(_pins("requirements.txt"))
    assert set(extras["onnx"]) == set(_pins("requirements-onnx.txt"))


def test_one_command_installs_all_that_the_design_names():
    found, files = set(), ["requirements.txt"]
    for name in files:
        found |= pinned_in(name)
        files += re.findall(r"^-r (\S+)", (ROOT / name).read_text(), re.MULTILINE)
    assert found >= {
        "tensorflow",
        "tensorflowjs",
        "tensorflow-model-optimization",
        "numpy",
        "pandas",
        "scikit-learn",
        "opencv-python",
        "flask",
    }


def test_what_tensorflowjs_breaks_on_is_held_back():
    pins = dict(re.split(r"==", line) for line in _pins("constraints.txt"))
    assert (pins["tensorflowjs"], pins["ydf"]) == ("4.22.0", "0.12.0")
    assert int(pins["packaging"].split(".")[0]) < 24
    assert int(pins["setuptools"].split(".")[0]) < 81
    assert "hatchling" not in pins and "hatchling" in pinned_in("requirements-package.txt")


@pytest.mark.parametrize("part", ["", "-runtime", "-web", "-dev"], ids=["build", "runtime", "web", "dev"])
def test_a_direct_pin_is_that_of_the_constraints(part):
    def pins(name: str) -> set[str]:
        return {line.split(";")[0].strip().lower().replace("_", "-") for line in _pins(name)}

    assert pins(f"requirements{part}.txt") <= pins("constraints.txt")


def test_the_console_script_runs_outside_the_repository(installed, tmp_path):
    Image.fromarray(colour_frame()).save(tmp_path / "face.png")
    done = run(
        installed,
        installed / "bin" / "face-emotion",
        "--format",
        "csv",
        "face.png",
        ROOT / "assets/synthetic_faces.png",
        cwd=tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "2 files: 2 read\n")
    heading, face, *others = done.stdout.splitlines()
    assert heading.startswith("source,time,face") and face.startswith("face.png,,1,")
    assert others and all("synthetic_faces.png" in line for line in others)
    shown = run(
        installed, installed / "bin" / "face-emotion", "--benchmark", "--seconds", "0.1", cwd=tmp_path
    )
    assert "images/s" in shown.stdout, shown.stderr


def test_the_package_uses_its_own_model_and_no_tensorflow(installed, tmp_path):
    Image.fromarray(colour_frame()).save(tmp_path / "face.png")
    code = (
        "import sys\n"
        "from face_emotion import EmotionRecognizer\n"
        "from face_emotion.model_files import packaged\n"
        "(face,) = EmotionRecognizer.load().recognize('face.png')\n"
        "assert 'tensorflow' not in sys.modules\n"
        "print(packaged('small'))"
    )
    done = run(installed, sys.executable, "-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(installed / "face_emotion" / "models" / "small")


def test_the_source_distribution_carries_the_models_too():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    mapped = project["targets"]["wheel"]["force-include"]
    kept = project["targets"]["sdist"]["only-include"]
    assert set(mapped) == {name for name in kept if name != "face_emotion"}
    assert all((ROOT / source).is_file() for source in mapped)
