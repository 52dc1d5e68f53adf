"""The vendored runtimes: every file is the one that VENDOR.json names, with its licence, and the page loads it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from face_emotion.files import read_json, sha256_of, write_json
from web.licences import notices
from web.vendor import LOCK, VENDOR, bundled, check, check_lock
from web.vendor_packages import RUNTIMES

LIMIT = 25_000_000


def test_files_are_those_of_the_record() -> None:
    assert check() == []
    assert sum(path.stat().st_size for path in VENDOR.rglob("*") if path.is_file()) < LIMIT


@pytest.mark.parametrize("change", ["changed", "removed", "added"])
def test_another_file_is_found(change: str, tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    shutil.copytree(VENDOR, vendor, ignore=shutil.ignore_patterns("*.wasm"))
    before = check(vendor)
    script = vendor / "tfjs/tfjs.js"
    if change == "changed":
        script.write_bytes(script.read_bytes() + b"\n")
    elif change == "removed":
        script.unlink()
    else:
        (vendor / "tfjs/extra.js").touch()
    (new,) = set(check(vendor)) - set(before)
    assert new.startswith("tfjs/extra.js" if change == "added" else "tfjs/tfjs.js")


def test_every_package_and_library_has_its_licence() -> None:
    record = read_json(VENDOR / "VENDOR.json")
    for runtime in RUNTIMES:
        stated = record[runtime.name]
        assert {entry["package"]: entry["version"] for entry in stated["packages"]} == {
            package: version for package, (version, *_) in runtime.packages.items()
        }
        for entry in stated["packages"] + stated["embedded_in_wasm"]:
            assert entry["licence"]
            assert (VENDOR / runtime.name / entry["text"]).stat().st_size > 1000
        texts = (VENDOR / runtime.name / "LICENSE-wasm.txt").read_text(encoding="utf-8")
        for library, licence in runtime.embedded.items():
            assert library in texts or licence == "Apache-2.0", library


def test_only_what_the_page_loads() -> None:
    """Each script and binary is named by an engine module or by the bundle itself."""
    engines = VENDOR.parent / "runtime" / "engines"
    for runtime in RUNTIMES:
        loaded = (engines / f"{runtime.name}.js").read_text(encoding="utf-8")
        loaded += (VENDOR / runtime.name / f"{runtime.name}.js").read_text(encoding="utf-8")
        for path in (VENDOR / runtime.name).iterdir():
            assert path.suffix == ".txt" or path.name in loaded, path.name


def test_the_engine_knows_its_webassembly_file():
    text = (VENDOR.parent / "runtime/engines/tfjs.js").read_text(encoding="utf-8")
    (stated,) = re.findall(r"^const WASM_SHA256 = '([0-9a-f]{64})';$", text, re.MULTILINE)
    assert stated == sha256_of(VENDOR / "tfjs/tfjs-backend-wasm-simd.wasm")


def test_the_lock_is_that_of_the_pins() -> None:
    assert check_lock() == []
    packages = read_json(LOCK / "package-lock.json")["packages"]
    assert packages["node_modules/@tensorflow/tfjs-core"]["version"] == "4.22.0"
    assert packages["node_modules/@litertjs/core"]["version"] == "2.5.3"
    assert packages["node_modules/esbuild"]["version"] == "0.28.2"
    assert "://" not in (LOCK / "package-lock.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("version", "4.21.0", "has @tensorflow/tfjs-core 4.21.0, web/vendor_packages.py 4.22.0"),
        ("integrity", "sha1-abc", "node_modules/@tensorflow/tfjs-core has no sha512"),
        (
            "resolved",
            "https://example.invalid/core.tgz",
            "node_modules/@tensorflow/tfjs-core has an address in it",
        ),
    ],
)
def test_a_lock_that_says_something_else_is_named(key: str, value: str, fault: str, tmp_path: Path) -> None:
    folder = tmp_path / "vendored"
    shutil.copytree(LOCK, folder)
    lock = read_json(folder / "package-lock.json")
    lock["packages"]["node_modules/@tensorflow/tfjs-core"][key] = value
    write_json(folder / "package-lock.json", lock)
    assert check_lock(folder) == [f"package-lock.json: {fault}"]


def test_a_package_that_is_not_pinned_any_more_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "vendored"
    shutil.copytree(LOCK, folder)
    manifest = read_json(folder / "package.json")
    del manifest["dependencies"]["long"]
    write_json(folder / "package.json", manifest)
    assert check_lock(folder) == ["package.json: names other packages than web/vendor_packages.py"]


def test_what_is_bundled_is_read_of_the_bundlers_record() -> None:
    inputs = {
        "node_modules/@tensorflow/tfjs-core/dist/a.js": {"bytesInOutput": 7},
        "node_modules/long/src/long.js": {"bytesInOutput": 9},
        "node_modules/a/node_modules/b/index.js": {"bytesInOutput": 1},
        "node_modules/node-fetch/browser.js": {"bytesInOutput": 0},
        "tfjs-entry.js": {"bytesInOutput": 5},
    }
    assert bundled({"outputs": {"out.js": {"inputs": inputs}}}) == {"@tensorflow/tfjs-core", "long", "b"}


def test_the_page_names_each_part_with_a_text_that_it_has() -> None:
    text = notices(["models/face_detector/LICENSE.txt"]).decode()
    lines = re.findall(r"^(?:  )?(\S.*?)(?: \d\S*|, compiled in)?: (\S.*), (\S+\.txt)$", text, re.MULTILINE)
    named = {part for part, *_ in lines}
    assert named >= {
        *(
            "Face Emotion Kit",
            "@tensorflow/tfjs-core",
            "@tensorflow/tfjs-converter",
            "@tensorflow/tfjs-backend-wasm",
        ),
        *("@tensorflow/tfjs-backend-cpu", "long", "seedrandom", "@litertjs/core", "@litertjs/wasm-utils"),
        *("XNNPACK", "cpuinfo", "pthreadpool", "Emscripten", "musl", "FP16", "FXdiv"),
        *(
            "TensorFlow Lite",
            "Abseil",
            "FlatBuffers",
            "gemmlowp",
            "ruy",
            "Protocol Buffers",
            "FarmHash",
            "Eigen",
        ),
        "FFT package",
    }
    for part, licence, place in lines:
        if place.startswith("vendor/"):
            found = (VENDOR.parent / place).read_text(encoding="utf-8")
            assert part in found or "Apache License" in found, (part, licence)
    assert "face_detector: models/face_detector/LICENSE.txt" in text
    assert "NASA, public domain" in text
