"""The Android packages: made once from the sources, then looked into.

Needs Java 17, Maven and Debian's aapt, apksigner, dexdump, enjarify and android-framework-res. The fixture's Maven run
also runs the app's own tests (presenters; the activity under Robolectric), the consumer's, and the app as R8 left it.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import textwrap
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from face_emotion.errors import InputError
from mobile.android.ci import align, package, package_apk, package_maven, package_resources, tools, undex
from mobile.android.ci.components import LICENCES
from mobile.android.ci.versions import APPLICATION_ID, MIN_SDK, TARGET_SDK
from tests.support.paths import ROOT

ANDROID = ROOT / "mobile" / "android"
APP = ANDROID / "app" / "src" / "main"
APP_TESTS = "org.faceemotionkit.sample.*Test,ConsumerTest,WholeAppTest"
SHORT_APK = [
    ("classes.dex", b"dex" * 99, False),
    ("lib/x86/a.so", b"\x7fELF", True),
    ("b.tflite", b"TFL3" * 9, True),
]


@pytest.fixture(scope="session")
def packages() -> Path:
    """The folder with maven-repository and face-emotion-sample.apk, made from the sources as they stand."""
    target = ROOT / "build" / "android"
    package.package(target, APP_TESTS)
    return target


@pytest.fixture(scope="session")
def apk(packages: Path) -> Path:
    """The sample app."""
    return packages / "face-emotion-sample.apk"


@pytest.fixture(scope="session")
def badging(apk: Path) -> str:
    """What aapt2 says of the app."""
    return tools.run_tool(["aapt2", "dump", "badging", apk])


def test_the_jvm_tests_of_app_and_consumer_ran(packages: Path) -> None:
    reports = [*(packages / "maven" / "app").glob("surefire-reports/*.xml")]
    consumer = [*(packages / "maven" / "consumer").glob("surefire-reports/*.xml")]
    shrunk = [*(packages / "maven" / "shrunk").glob("surefire-reports/*.xml")]
    assert len(shrunk) == 1
    suites = [ElementTree.parse(path).getroot() for path in reports + consumer + shrunk]
    assert sum(int(suite.get("failures", 0)) + int(suite.get("errors", 0)) for suite in suites) == 0
    assert sum(int(suite.get("skipped", 0)) for suite in suites) == 0
    ran = {suite.get("name").rpartition(".")[2]: int(suite.get("tests")) for suite in suites}
    assert ran.keys() >= {
        "CameraActivityTest",
        "ScreenPresenterTest",
        "PlacementTest",
        "ConsumerTest",
        "WholeAppTest",
    }
    assert min(ran.values()) >= 1


def test_badging_names_versions_and_asks_for_the_camera_alone(badging: str) -> None:
    assert f"package: name='{APPLICATION_ID}'" in badging
    assert f"sdkVersion:'{MIN_SDK}'" in badging
    assert f"targetSdkVersion:'{TARGET_SDK}'" in badging
    assert re.findall(r"uses-permission: name='([^']+)'", badging) == ["android.permission.CAMERA"]
    assert "launchable-activity: name='org.faceemotionkit.sample.CameraActivity'" in badging
    assert "native-code: 'arm64-v8a' 'armeabi-v7a' 'x86' 'x86_64'" in badging


def test_no_camera_feature_is_required(badging: str) -> None:
    assert "uses-feature-not-required: name='android.hardware.camera'" in badging
    assert (
        re.findall(r"^  uses-(?:implied-)?feature: name='(android\.hardware\.camera[^']*)'", badging, re.M)
        == []
    )


def test_signature_verifies_with_scheme_2_and_3(apk: Path) -> None:
    verdict = tools.run_tool(["apksigner", "verify", "--verbose", "--min-sdk-version", str(MIN_SDK), apk])
    assert "Verified using v2 scheme (APK Signature Scheme v2): true" in verdict
    assert "Verified using v3 scheme (APK Signature Scheme v3): true" in verdict


def test_native_libraries_begin_at_pages_of_16_kb(apk: Path) -> None:
    with zipfile.ZipFile(apk) as archive:
        entries = [entry for entry in archive.infolist() if entry.filename.endswith(".so")]
        assert len(entries) == 4
        for entry in entries:
            assert entry.compress_type == zipfile.ZIP_STORED
            assert align.data_offset(archive, entry) % 16_384 == 0
        resources = archive.getinfo("resources.arsc")  # Android 11 refuses an app where it is otherwise
        assert resources.compress_type == zipfile.ZIP_STORED
        assert align.data_offset(archive, resources) % 4 == 0


@pytest.mark.parametrize("name", ["face-emotion-sample.apk", package.LIBRARY])
def test_models_are_the_released_ones(packages: Path, name: str) -> None:
    with zipfile.ZipFile(packages / name) as archive:
        found = {name for name in archive.namelist() if name.startswith("assets/face_emotion_kit/")}
        for model, artifact in (
            ("small", "int8"),
            ("face_detector", "tflite"),
            ("face_detector", "tflite_far"),
        ):
            manifest = json.loads((ROOT / "models" / model / "manifest.json").read_text(encoding="utf-8"))
            (file,) = manifest["artifacts"][artifact]["files"]
            content = archive.read(f"assets/face_emotion_kit/{model}/{file['file']}")
            assert hashlib.sha256(content).hexdigest() == file["sha256"]
            assert archive.read(f"assets/face_emotion_kit/{model}/manifest.json") == (
                (ROOT / "models" / model / "manifest.json").read_bytes()
            )
        kernels = archive.read("assets/face_emotion_kit/small/kernels.json")
        assert kernels == (ROOT / "models/small/kernels.json").read_bytes()
        assert {Path(name).name for name in found} == {
            *("manifest.json", "int8.tflite", "kernels.json", "near.tflite", "far.tflite", "LICENSE"),
        }


def test_the_texts_of_all_licences_are_in_the_app(apk: Path) -> None:
    with zipfile.ZipFile(apk) as archive:
        texts = {
            name: archive.read(name) for name in archive.namelist() if name.startswith("assets/licences/")
        }
        assert b"Shiqi Yu" in archive.read("assets/face_emotion_kit/face_detector/LICENSE")
    assert texts == {f"assets/licences/{path.name}": path.read_bytes() for path in LICENCES.iterdir()}
    assert len(texts) == 4


def test_models_are_stored_uncompressed(apk: Path) -> None:
    with zipfile.ZipFile(apk) as archive:
        models = [entry for entry in archive.infolist() if entry.filename.endswith(".tflite")]
        assert len(models) == 3
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in models)


def test_dex_has_the_library_and_no_invoke_custom(apk: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(apk) as archive:
        dex = [name for name in archive.namelist() if name.endswith(".dex")]
        archive.extractall(tmp_path, dex)
    assert dex == ["classes.dex"]
    code = tools.run_tool(["dexdump", "-d", tmp_path / "classes.dex"])
    assert "invoke-virtual" in code
    assert "invoke-custom" not in code
    classes = set(re.findall(r"Class descriptor +: 'L([^;]+);'", code))
    # What Android and the native library find by name.
    assert classes >= {
        "org/faceemotionkit/sample/CameraActivity",
        "org/faceemotionkit/sample/SampleApplication",
        "org/faceemotionkit/sample/OverlayView",
        "org/tensorflow/lite/NativeInterpreterWrapper",
        "org/tensorflow/lite/TensorImpl",
    }
    assert not [name for name in classes if name.startswith(("android/", "org/robolectric/", "com/sun/jna/"))]


def test_what_r8_left_reads_pictures_as_what_it_was_given(packages: Path) -> None:
    labels = {}
    for name in ("portrait", "two-faces", "three-faces"):
        shared = [
            json.loads((packages / "maven" / module / "results" / f"{name}.json").read_text(encoding="utf-8"))
            for module in ("app", "shrunk")
        ]
        for result in shared:  # what hangs on the machine's clock
            assert result.pop("milliseconds") > 0 and result.pop("time").endswith("Z")
        assert shared[0] == shared[1]
        labels[name] = [face["label"] for face in shared[1]["faces"]]
    assert labels == {
        "portrait": ["happy"],
        "two-faces": ["sad", "surprise"],
        "three-faces": ["happy", "angry", "surprise"],
    }


def test_the_shrunk_classes_are_the_dex_alone(packages: Path) -> None:
    folder = packages / "maven" / "shrunk" / "classes"
    classes = {path.relative_to(folder).as_posix() for path in folder.rglob("*.class")}
    assert "org/faceemotionkit/sample/CameraActivity.class" in classes
    assert not [name for name in classes if name.startswith(("org/tensorflow/", "kotlin/"))]
    # R8 gave nearly every class a name of its own: none of the library's is left.
    assert not [
        name
        for name in classes
        if "faceemotionkit" in name and not name.startswith("org/faceemotionkit/sample/")
    ]
    assert len(classes) > 100


def test_aar_has_both_modules_and_rules(packages: Path) -> None:
    with zipfile.ZipFile(packages / package.LIBRARY) as archive:
        assert set(archive.namelist()) >= {"AndroidManifest.xml", "R.txt", "proguard.txt", "META-INF/LICENSE"}
        assert b"-keep class org.tensorflow.lite" in archive.read("proguard.txt")
        assert b"uses-permission" not in archive.read("AndroidManifest.xml")
        with zipfile.ZipFile(io.BytesIO(archive.read("classes.jar"))) as jar:
            classes = {name for name in jar.namelist() if name.endswith(".class")}
    assert {"org/faceemotionkit/EmotionRecognizer.class", "org/faceemotionkit/core/Face.class"} <= classes
    assert all(name.startswith("org/faceemotionkit/") for name in classes)


def test_colours_are_those_of_the_page() -> None:
    page = (ROOT / "web" / "static" / "page" / "palette.js").read_text(encoding="utf-8")
    kotlin = (APP / "kotlin/org/faceemotionkit/sample/Palette.kt").read_text(encoding="utf-8")
    *shades, unclear = re.findall(r"'#([0-9a-f]{6})'", page)
    assert len(shades) == 7
    assert re.findall(r"0x([0-9a-f]{6})\b", kotlin) == shades
    # What is unclear has a grey of its own on each: the app's stands on the dark stage alone.
    assert unclear not in shades
    style = (ROOT / "web" / "static" / "style.css").read_text(encoding="utf-8")
    light, dark = style.split("@media (prefers-color-scheme: dark)")[:2]
    for folder, text in (("values", light), ("values-night", dark)):
        colours = ElementTree.parse(APP / "res" / folder / "colors.xml").getroot()
        values = {entry.get("name"): entry.text for entry in colours}
        for name in ("paper", "surface", "sunken", "ink", "muted", "line", "accent"):
            assert re.search(rf"--{name}: {values[name]};", text), f"{folder}: {name}"


def test_the_consumer_has_the_lines_of_the_readme() -> None:
    readme = (ANDROID / "README.md").read_text(encoding="utf-8")
    lines = readme.partition("## Embed it")[2].partition("## Only the .tflite file")[0]
    consumer = ANDROID / "ci" / "consumer" / "src" / "consumer"
    sources = [consumer / "Expressions.kt", consumer / "Readers.kt", consumer / "JavaExpressions.java"]
    sources.append(ANDROID / "ci/flow/src/test/kotlin/org/faceemotionkit/flow/ReadmeFlow.kt")
    texts = [path.read_text(encoding="utf-8") for path in sources]
    blocks = re.findall(r"```(?:kotlin|java)\n(.*?)```", lines, re.S)
    assert [sum(block in text for block in blocks) for text in texts] == [1, 3, 1, 1]
    assert len(blocks) == 6
    (short,) = re.findall(r"```kotlin\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    assert textwrap.indent(short, "    ") in (consumer / "Smallest.kt").read_text(encoding="utf-8")
    for word in ("load(context)", "ModelSource.folder(", ".nv21(", ".rgba(", "EmotionStream(", ".faces("):
        assert any(word in block for block in blocks), word
    (untested,) = re.findall(
        r"```\n(.*?)```", re.sub(r"```(?:kotlin|java)\n.*?```", "", lines, flags=re.S), re.S
    )
    assert "proxy" in untested and "CameraX and Compose. **Not compiled here**" in lines


def test_sentences_stand_in_the_resources() -> None:
    layouts = "".join(path.read_text(encoding="utf-8") for path in (APP / "res").glob("layout*/*.xml"))
    assert re.findall(r'android:(?:text|contentDescription)="(?!@string/)[^"]*"', layouts) == []


def test_padding_puts_data_on_the_page(tmp_path: Path) -> None:
    path = tmp_path / "short.apk"
    align.write_aligned(path, SHORT_APK)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        offsets = {entry.filename: align.data_offset(archive, entry) for entry in archive.infolist()}
    assert offsets["lib/x86/a.so"] % 16_384 == 0
    assert offsets["b.tflite"] % 4 == 0
    with pytest.raises(InputError, match="twice"):
        align.write_aligned(path, SHORT_APK * 2)


def test_aligning_keeps_every_file_and_gives_the_same_bytes_again(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "plain.apk", "w") as archive:
        for name, content, stored in SHORT_APK:
            archive.writestr(name, content, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    for name in ("one.apk", "two.apk"):
        align.align(tmp_path / "plain.apk", tmp_path / name)
    assert list(align.entries_of(tmp_path / "one.apk")) == SHORT_APK
    assert (tmp_path / "one.apk").read_bytes() == (tmp_path / "two.apk").read_bytes()


def test_bad_input_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "bad.apk").write_bytes(b"no zip")
    assert align.main([str(tmp_path / "bad.apk"), str(tmp_path / "out.apk")]) == 2
    assert "bad.apk: not a zip" in capsys.readouterr().err
    assert not (tmp_path / "out.apk").exists()
    assert package_maven.main(["--maven", str(tmp_path), "--target", str(tmp_path / "repository")]) == 2
    assert "no classes" in capsys.readouterr().err
    assert undex.main([str(tmp_path / "none.apk"), str(tmp_path / "classes")]) == 2
    assert "none.apk" in capsys.readouterr().err
    assert undex.main([str(tmp_path / "bad.apk"), str(tmp_path / "classes")]) == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1 and "bad.apk: not an APK" in line
    assert not (tmp_path / "classes").exists()
    with pytest.raises(InputError, match="no <application>"):
        package_resources.merged_manifest("<manifest></manifest>", APPLICATION_ID)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert package.main(["--target", str(tmp_path)]) == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert "mvn" in line and "apt-get install" in line and "openjdk-17-jdk-headless" in line


def test_a_failing_tool_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"keytool failed: .*nowhere"):
        tools.run_tool(["keytool", "-list", "-keystore", tmp_path / "nowhere", "-storepass", "android"])


def test_the_key_stays(tmp_path: Path) -> None:
    keystore = tmp_path / "debug.keystore"
    keystore.write_bytes(b"made before")
    package_apk.make_key(keystore)
    assert keystore.read_bytes() == b"made before"
