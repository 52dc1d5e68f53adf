"""What the APK is made of: archives with their sha256, and the texts of all their licences where the APK has them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from face_emotion.errors import InputError
from mobile.android.ci import components, package_apk
from mobile.android.ci.versions import reactor_entry
from tests.support.paths import ROOT

TEXTS = {"LICENSE.txt", "LICENSE-tensorflow-lite.txt", "LICENSE-native.txt", "licences.txt"}


def test_the_versions_are_the_reactors() -> None:
    assert [(one.name, one.version) for one in components.components()] == [
        ("kotlin-stdlib", reactor_entry("kotlin.version")),
        ("tensorflow-lite", reactor_entry("tflite.version")),
        ("tensorflow-lite-api", reactor_entry("tflite.version")),
    ]
    pom = (ROOT / "mobile/android/ci/app/pom.xml").read_text(encoding="utf-8")
    for one in components.components():  # Maven copies each to where it is compared
        assert f"<artifactId>{one.name}</artifactId>" in pom


def test_each_licence_has_its_text_among_the_assets() -> None:
    found = {path.name: path.read_text(encoding="utf-8") for path in components.LICENCES.iterdir()}
    assert found.keys() == TEXTS
    assert found["LICENSE.txt"] == (ROOT / "LICENSE").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^ *(\w[^,:\n]*).*: .+, (\S+)$", found["licences.txt"], re.MULTILINE))
    assert listed.pop("Face Emotion Kit") == "LICENSE.txt"
    assert listed.pop("face_detector (YuNet)") == "../face_emotion_kit/face_detector/LICENSE"
    assert listed.pop("Kotlin standard library") == "LICENSE.txt"
    assert listed.pop("TensorFlow Lite") == "LICENSE-tensorflow-lite.txt"
    (compiled_in,) = [one.compiled_in for one in components.components() if one.compiled_in]
    assert listed.keys() == compiled_in.keys()
    for library, licence in compiled_in.items():
        text = found[listed[library]]
        assert library in text or (licence, listed[library]) == ("Apache-2.0", "LICENSE.txt"), library
        assert f"{library}, compiled in: {licence}," in found["licences.txt"]
    assert "Mozilla Public License Version 2.0" in found["LICENSE-native.txt"]
    assert "LLVM Exceptions to the Apache 2.0 License" in found["LICENSE-native.txt"]
    assert "The Regents of the University of California" in found["LICENSE-tensorflow-lite.txt"]
    assert "http" not in found["licences.txt"]


@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_another_archive_is_not_packed(damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaging = tmp_path / "maven" / "app" / "packaging"
    for folder in ("core", "emotion", "app", "tflite-api"):
        classes = tmp_path / "maven" / folder / "classes"
        classes.mkdir(parents=True)
        (classes / "A.class").write_bytes(b"")
    packaging.mkdir(parents=True)
    if damage == "changed":
        (packaging / "kotlin-stdlib.jar").write_bytes(b"another")
    monkeypatch.setattr(package_apk, "require_tools", lambda *_: None)
    message = r"kotlin-stdlib\.jar: its sha256 is not kotlin-stdlib 2\.1\.0's in components\.json"
    with pytest.raises(InputError, match=message if damage == "changed" else r"kotlin-stdlib\.jar"):
        package_apk.package_apk(tmp_path / "maven", tmp_path)
    assert not (tmp_path / "face-emotion-sample.apk").exists()
