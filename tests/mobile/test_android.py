"""The Android library on the JVM: one run of the Maven reactor over its modules, then each test class by name.

Needs Java 17 and Maven: apt-get install -y --no-install-recommends openjdk-17-jdk-headless maven. App and packages
are in test_android_app.py. The reactor's own gate fails the run on hidden Android API or API newer than Android 8.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from face_emotion.errors import InputError
from face_emotion.files import read_json
from mobile.android.ci.check_versions import disagreements, gradle_explicit, maven_explicit
from mobile.android.ci.maven import run_maven
from tests.support.android import MODELS, write_vectors
from tests.support.paths import ROOT

ANDROID = ROOT / "mobile" / "android"
README = (ANDROID / "README.md").read_text(encoding="utf-8")
TEST_FOLDERS = {
    "core": ANDROID / "core" / "src" / "test" / "kotlin",
    "emotion": ANDROID / "ci" / "emotion" / "src" / "test" / "kotlin",
    "flow": ANDROID / "ci" / "flow" / "src" / "test" / "kotlin",
    "api": ANDROID / "ci" / "api" / "src" / "test" / "kotlin",
}
CLASSES = [
    (module, path.stem)
    for module, folder in TEST_FOLDERS.items()
    for path in sorted(folder.rglob("*Test.kt"))
]


@pytest.fixture(scope="session")
def reactor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Maven made: the modules compiled, through the API gate, JVM tests run on what Python computes now."""
    if not (shutil.which("mvn") and shutil.which("javac")):
        pytest.skip("install openjdk-17-jdk-headless and maven to run this test")
    folder = tmp_path_factory.mktemp("android")
    command = [
        *("mvn", "-f", str(ANDROID / "ci" / "pom.xml"), "verify", "-Dmaven.test.failure.ignore=true"),
        *(f"-Dvectors={write_vectors(folder / 'vectors.json')}", f"-Dbuild.folder={folder}"),
    ]
    run_maven(command, folder / "maven.log", limit=1800)
    return folder


def test_everything_compiles_and_passes_the_gate(reactor: Path) -> None:
    for module in ("core", "tflite-jvm", "emotion", "flow"):
        assert [*(reactor / module).glob("*.jar")], module


@pytest.mark.parametrize(("module", "name"), CLASSES, ids=[name for _, name in CLASSES])
def test_jvm(reactor: Path, module: str, name: str) -> None:
    reports = [*(reactor / module / "surefire-reports").glob(f"TEST-*.{name}.xml")]
    assert len(reports) == 1, (reactor / "maven.log").read_text(encoding="utf-8")[-6000:]
    suite = ElementTree.parse(reports[0]).getroot()
    assert int(suite.get("tests", 0)) > 0
    for case in suite.iter("testcase"):
        for problem in (*case.iter("failure"), *case.iter("error"), *case.iter("skipped")):
            pytest.fail(f"{name}: {case.get('name')}: {problem.get('message')}\n{problem.text or ''}"[:3000])


def test_each_of_the_vocabulary_has_a_test_class() -> None:
    names = {name for _, name in CLASSES}
    assert names >= {"GeometryTest", "SequenceTest", "DetectorTest", "ModelFolderTest", "YuvFrameTest"}
    assert names >= {"NormalizationTest", "SoftmaxTest", "ClassifierTest"}
    assert names >= {"BlazeFaceTest", "ReachTest", "FaceDetectorTest"}
    assert names >= {"FollowerTest", "LiveTest", "GlanceTest", "FollowingTest"}
    assert names >= {
        "FrameSourceTest",
        "FaceTest",
        "FrameFormsTest",
        "RecognizerOptionsTest",
        "UnfitModelsTest",
    }
    assert names >= {"EmotionStreamTest", "EmotionFlowTest", "ApiTest"}
    assert names >= {"ReleasedModelsTest", "TfliteRunnerTest", "EmotionRecognizerTest", "BareFileTest"}


def test_sources_are_small_and_core_knows_no_android() -> None:
    sources = [path for path in ANDROID.rglob("*.kt") if "build" not in path.parts]
    assert len(sources) > 20
    for path in sources:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 260, path
    for path in (ANDROID / "core" / "src" / "main").rglob("*.kt"):
        text = path.read_text(encoding="utf-8")
        assert "import android" not in text and "import org.tensorflow" not in text, path


def test_the_library_asks_for_no_permission_and_holds_no_copy_of_a_model() -> None:
    manifest = (ANDROID / "emotion" / "src" / "main" / "AndroidManifest.xml").read_text(encoding="utf-8")
    assert "uses-permission" not in manifest
    assert not [path for path in ANDROID.rglob("*") if path.suffix in (".tflite", ".jar", ".so", ".aar")]


@pytest.mark.parametrize("name", ["nano", "small", "base"])
def test_the_readme_states_the_tensors_of_the_released_files(name: str) -> None:
    manifest = read_json(MODELS / name / "manifest.json")
    int8 = manifest["artifacts"]["int8"]
    for index, title, tensor in (
        (0, "input", int8["input"]),
        *((index, tensor["name"], tensor) for index, tensor in enumerate(int8["outputs"])),
    ):
        row = f"| {index} | {title} | {tensor['shape']} | {tensor['type']} |"
        if title == "logits":  # whose scale is another in each file
            row += " the file's own | the file's own |"
        else:
            row += f" {tensor['scale']:.8g} | {tensor['zero_point']} |"
        assert row in README, row
    assert f"Labels in the order of each output: {', '.join(manifest['contract']['labels'])}." in README
    assert f"any TensorFlow Lite from {int8['minimum_runtime']} on" in README


def test_the_readmes_lines_for_the_bare_file_are_the_tested_ones() -> None:
    lines = README.partition("## Only the .tflite file")[2].partition("```kotlin\n")[2].partition("```")[0]
    text = (TEST_FOLDERS["emotion"] / "org" / "faceemotionkit" / "BareFile.kt").read_text(encoding="utf-8")
    assert lines.startswith("fun normalized(") and text.endswith(lines)
    for name in ("nano", "small", "base"):
        normalization = read_json(MODELS / name / "manifest.json")["contract"]["normalization"]
        assert normalization["kind"] == "stretch"
        tail, low, high, range_ = (
            normalization[entry] for entry in ("tail_permille", "low", "high", "smallest_range")
        )
        assert f"* {tail} / 1000 // tail_permille" in lines and f"< {range_}) return grey" in lines
        assert f"low {low}, high {high}" in lines and f"({high} - {low}) + (2 * {low} + 1)" in lines


def test_gradle_and_maven_agree() -> None:
    assert disagreements(ANDROID, MODELS) == []
    assert (
        maven_explicit(ANDROID / "ci" / "pom.xml") == gradle_explicit(ANDROID) == ["core", "emotion", "flow"]
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("gradle/libs.versions.toml", 'kotlin = "2.1.0"', 'kotlin = "2.2.0"', "kotlin"),
        ("gradle/libs.versions.toml", 'coroutines = "1.', 'coroutines = "2.', "coroutines"),
        ("gradle/libs.versions.toml", 'kit = "2.0.0"', 'kit = "2.1.0"', "kit"),
        ("gradle/libs.versions.toml", 'robolectric = "4.', 'robolectric = "5.', "robolectric"),
        ("gradle/libs.versions.toml", 'minSdk = "26"', 'minSdk = "24"', "minSdk's API gate"),
        ("gradle/libs.versions.toml", 'litert = "1.4.2"', 'litert = "2.0.1"', "litert"),
        ("ci/pom.xml", "<json.version>2", "<json.version>1", "json"),
        ("ci/pom.xml", "<module>emotion</module>", "", "modules"),
        ("emotion/build.gradle.kts", "explicitApi()", "explicitApiWarning()", "explicit API"),
        ("ci/core/pom.xml", "<explicit.api>strict", "<explicit.api>disable", "explicit API"),
        ("emotion/build.gradle.kts", "$variant/int8.tflite", "$variant/int8_ptq.tflite", "assets"),
        ("emotion/build.gradle.kts", "face_detector/far.tflite", "face_detector/far_int8.tflite", "assets"),
        ("emotion/build.gradle.kts", 'getOrElse("small")', 'getOrElse("nano")', "assets"),
    ],
)
def test_a_disagreement_is_named(tmp_path: Path, file: str, old: str, new: str, named: str) -> None:
    android = _build_files(tmp_path)
    text = (android / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (android / file).write_text(text.replace(old, new), encoding="utf-8")
    found = disagreements(android, MODELS)
    assert any(line.startswith(f"{named}:") for line in found), found


@pytest.mark.parametrize("file", ["gradle/libs.versions.toml", "ci/pom.xml"])
def test_a_damaged_build_file_is_named(tmp_path: Path, file: str) -> None:
    android = _build_files(tmp_path)
    (android / file).write_text("<[", encoding="utf-8")
    with pytest.raises(InputError, match=Path(file).name):
        disagreements(android, MODELS)


def _build_files(folder: Path) -> Path:
    """Copies what describes the two builds, and the modules' folders without their content."""
    for path in ANDROID.rglob("*"):
        if path.suffix in (".toml", ".xml", ".kts") and "src" not in path.parts:
            target = folder / path.relative_to(ANDROID)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    for module in ("app", "core", "emotion", "flow"):
        (folder / module / "src").mkdir()
    return folder
