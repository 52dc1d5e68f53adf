"""The vendored runtimes: every file is the one that VENDOR.json names, with its licence, and the page loads it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from face_emotion.files import read_json, sha256_of
from web.vendor import VENDOR, check
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
