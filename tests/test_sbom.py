"""`make sbom`: CycloneDX of wheel, page and APK, with versions, licences and hashes, in the schema."""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import importlib.util
import json
import subprocess
from pathlib import Path

import pytest

from tests.support.paths import ROOT

TOOLS = ROOT / ".venv-package" / "bin" / "python"  # made by `make test`
_spec = importlib.util.spec_from_file_location("sbom_command", ROOT / ".ci" / "sbom.py")
sbom = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(sbom)

WHEEL = {
    "face_detector": "0047ac24afb1a50a0c6105001c89d1b5b805dbf1",
    "small": "2.0.0",
    "ai-edge-litert": "2.3.0",
    "backports-strenum": "1.2.8",
    "colorama": "0.4.6",
    "flatbuffers": "25.12.19",
    "markdown-it-py": "4.3.0",
    "mdurl": "0.1.2",
    "ml-dtypes": "0.6.0",
    "numpy": "2.1.3",
    "opencv-python": "5.0.0.93",
    "pillow": "13.0.0",
    "protobuf": "5.29.6",
    "pygments": "2.21.0",
    "rich": "15.0.0",
    "tqdm": "4.70.1",
    "typing-extensions": "4.16.0",
}
PAGE = {
    "base": "2.0.0",
    "face_detector": "0047ac24afb1a50a0c6105001c89d1b5b805dbf1",
    "nano": "2.0.0",
    "small": "2.0.0",
    "@tensorflow/tfjs-core": "4.22.0",
    "@tensorflow/tfjs-converter": "4.22.0",
    "long": "4.0.0",
    "@tensorflow/tfjs-backend-wasm": "4.22.0",
    "@tensorflow/tfjs-backend-cpu": "4.22.0",
    "seedrandom": "3.0.5",
    "@litertjs/core": "2.5.3",
    "@litertjs/wasm-utils": "2.5.3",
    "vendor/tfjs/tfjs.js": None,
    "vendor/tfjs/tfjs-backend-wasm-simd.wasm": None,
    "vendor/litert/litert.js": None,
    "vendor/litert/litert.wasm": None,
    "Eileen Collins, photographed by NASA": None,
}
APK = {
    "face_detector": "0047ac24afb1a50a0c6105001c89d1b5b805dbf1",
    "small": "2.0.0",
    "kotlin-stdlib": "2.1.0",
    "tensorflow-lite": "2.16.1",
    "tensorflow-lite-api": "2.16.1",
}
XNNPACK = {"XNNPACK", "cpuinfo", "pthreadpool", "FP16", "FXdiv"}
WEB_LIBRARIES = XNNPACK | {"Emscripten", "musl"}
LITE = {"Abseil", "FlatBuffers", "gemmlowp", "ruy", "FarmHash", "Eigen", "FFT package"}


@pytest.fixture(scope="module")
def made() -> dict[str, dict]:
    """The three documents."""
    return sbom.documents()


def by_name(document: dict) -> dict[str, dict]:
    """The components by their names."""
    return {part["name"]: part for part in document["components"]}


@pytest.mark.parametrize(("name", "expected"), [("wheel", WHEEL), ("page", PAGE), ("apk", APK)])
def test_the_components_are_these(made, name, expected):
    assert {part["name"]: part.get("version") for part in made[name]["components"]} == expected
    assert len(made[name]["components"]) == len(expected)
    assert made[name]["metadata"]["component"]["version"] == "2.0.0"
    (first, *_) = made[name]["dependencies"]
    assert len(first["dependsOn"]) == len(expected)


@pytest.mark.parametrize("name", ["wheel", "page", "apk"])
def test_each_has_a_licence_and_a_hash(made, name):
    for part in made[name]["components"]:
        (licence,) = part["licenses"]
        assert licence.get("expression") or licence["license"].get("id") or licence["license"]["name"]
        hashed = part.get("hashes") or [one for inner in part["components"] for one in inner["hashes"]]
        assert hashed, part["name"]
        for one in hashed:
            assert len(one["content"]) == {"SHA-256": 64, "SHA-512": 128}[one["alg"]]


def test_what_is_compiled_in_is_named(made):
    page, apk = by_name(made["page"]), by_name(made["apk"])

    def inside(part: dict) -> set[str]:
        return {one["name"] for one in part["components"]}

    assert inside(page["vendor/tfjs/tfjs-backend-wasm-simd.wasm"]) == WEB_LIBRARIES
    assert inside(page["vendor/litert/litert.wasm"]) == WEB_LIBRARIES | LITE | {
        "TensorFlow Lite",
        "Protocol Buffers",
    }
    assert inside(apk["tensorflow-lite"]) == XNNPACK | LITE | {"libc++", "libc++abi", "libunwind"}
    libraries = {one["name"]: one["licenses"] for one in apk["tensorflow-lite"]["components"]}
    assert libraries["libc++"] == [{"expression": "Apache-2.0 WITH LLVM-exception"}]
    assert libraries["FFT package"] == [{"license": {"name": "Ooura (free use)"}}]
    assert libraries["Eigen"] == [{"license": {"id": "MPL-2.0"}}]


def test_hashes_are_those_of_the_files_and_packages(made):
    wheel, page, apk = by_name(made["wheel"]), by_name(made["page"]), by_name(made["apk"])
    for part in (wheel["small"], apk["small"]):
        (network,) = part["components"]
        assert network["name"] == "models/small/int8.tflite"
        content = (ROOT / "models/small/int8.tflite").read_bytes()
        assert network["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}]
    networks = {one["name"] for one in apk["face_detector"]["components"]}
    assert networks == {"models/face_detector/near.tflite", "models/face_detector/far.tflite"}
    content = (ROOT / "web/static/vendor/litert/litert.wasm").read_bytes()
    assert page["vendor/litert/litert.wasm"]["hashes"][0]["content"] == hashlib.sha256(content).hexdigest()
    lock = json.loads((ROOT / "web/vendored/package-lock.json").read_text())["packages"]["node_modules/long"]
    digest = page["long"]["hashes"][0]["content"]
    assert lock["integrity"] == "sha512-" + base64.b64encode(bytes.fromhex(digest)).decode()
    assert apk["kotlin-stdlib"]["hashes"] == [
        {"alg": "SHA-256", "content": "d6f91b7b0f306cca299fec74fb7c34e4874d6f5ec5b925a0b4de21901e119c3f"}
    ]
    assert apk["kotlin-stdlib"]["purl"] == "pkg:maven/org.jetbrains.kotlin/kotlin-stdlib@2.1.0"
    assert page["@litertjs/core"]["purl"] == "pkg:npm/%40litertjs/core@2.5.3"
    assert wheel["opencv-python"]["scope"] == "optional" and wheel["numpy"]["scope"] == "required"


SAID = {
    "License :: OSI Approved :: Apache Software License": {"Apache-2.0"},
    "License :: OSI Approved :: MIT License": {"MIT"},
    "License :: OSI Approved :: BSD License": {"BSD-2-Clause", "BSD-3-Clause"},
    "3-Clause BSD License": {"BSD-3-Clause"},
}


@pytest.mark.parametrize("package", sorted(set(WHEEL) - {"small", "face_detector", "colorama"}))
def test_the_licences_are_those_that_the_installed_packages_state(package):
    data = importlib.metadata.metadata(package)
    said = [data.get("License-Expression"), data.get("License"), *data.get_all("Classifier", [])]
    allowed = {one for word in said if word for one in SAID.get(word, {word})}
    assert sbom.LICENCES[package] in allowed


def test_the_command_writes_what_is_in_cyclonedxs_schema(tmp_path):
    if not TOOLS.exists():
        pytest.skip("make .venv-package/ready builds what this test needs")
    command = [TOOLS, ROOT / ".ci" / "sbom.py", "--target", tmp_path / "sbom"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "sbom").iterdir()} == {
        *("wheel.cdx.json", "page.cdx.json", "apk.cdx.json"),
    }
    written = json.loads((tmp_path / "sbom" / "apk.cdx.json").read_text(encoding="utf-8"))
    assert (written["bomFormat"], written["specVersion"]) == ("CycloneDX", "1.6")
    assert written["components"] == sbom.in_apk()
    text = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "sbom").iterdir())
    assert "://" not in text and str(ROOT) not in text


@pytest.mark.parametrize(
    "damage",
    [
        'made["components"][0]["licenses"] = [{"license": {"id": "Apache-9"}}]',
        'made["components"][0]["type"] = "model"',
        'made["components"][2]["hashes"][0]["content"] = "short"',
    ],
    ids=["licence", "type", "hash"],
)
def test_what_is_not_in_the_schema_is_refused(damage):
    if not TOOLS.exists():
        pytest.skip("make .venv-package/ready builds what this test needs")
    script = f"import sys, json; sys.path.insert(0, {str(ROOT / '.ci')!r}); import sbom; "
    script += "made = sbom.documents()['apk']; assert sbom.fault_of(json.dumps(made)) is None; "
    script += f"{damage}; print(sbom.fault_of(json.dumps(made)) is not None)"
    done = subprocess.run([TOOLS, "-c", script], capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.returncode) == ("True\n", 0), done.stderr


def test_a_package_without_a_known_licence_ends_the_command(monkeypatch, capsys, tmp_path: Path):
    monkeypatch.setattr(sbom, "LICENCES", {k: v for k, v in sbom.LICENCES.items() if k != "numpy"})
    assert sbom.main(["--target", str(tmp_path / "sbom")]) == 2
    assert "numpy" in capsys.readouterr().err
    assert list((tmp_path / "sbom").iterdir()) == []
