"""What wheel, page and APK consist of, as CycloneDX 1.6: build/sbom/{wheel,page,apk}.cdx.json.

    make sbom                                       or: .venv-package/bin/python .ci/sbom.py [--target DIR]

Of locks/ (versions and sha256 of what pip installs beside the wheel), web/vendored (sha512 of the npm packages in the
page), mobile/android/ci/components.json (sha256 of the APK's archives) and the manifests of models/. What was built
before, into build/packages and build/android, is named with its own sha256. Asks no registry; each file is checked
against CycloneDX's schema before it is written. The same sources make the same bytes.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / ".ci"), str(ROOT)]

from face_emotion import __version__  # noqa: E402
from face_emotion.files import make_folder, read_json, sha256_of  # noqa: E402
from locks import hashes, pins, plain  # noqa: E402
from mobile.android.ci.assets import asset_files  # noqa: E402
from mobile.android.ci.components import components  # noqa: E402

SAMPLE = ROOT / "web" / "static" / "samples" / "portrait.jpg"
# What the wheel asks for and does not hold. Packages say their licences in many ways; a test compares with theirs.
LICENCES = {
    "ai-edge-litert": "Apache-2.0",
    "backports-strenum": "MIT",
    "colorama": "BSD-3-Clause",
    "flatbuffers": "Apache-2.0",
    "markdown-it-py": "MIT",
    "mdurl": "MIT",
    "ml-dtypes": "Apache-2.0",
    "numpy": "BSD-3-Clause",
    "opencv-python": "Apache-2.0",
    "pillow": "MIT-CMU",
    "protobuf": "BSD-3-Clause",
    "pygments": "BSD-2-Clause",
    "rich": "MIT",
    "tqdm": "MPL-2.0 AND MIT",
    "typing-extensions": "PSF-2.0",
}
EXTRAS = ("opencv-python",)  # of the extra [video]
SPDX = re.compile(r"[A-Za-z0-9.+-]+")
Entry = dict[str, Any]


def main(words: list[str]) -> int:
    """Writes the three files; returns the exit status: 2 if one would not be CycloneDX or something is missing."""
    parser = argparse.ArgumentParser(prog=".ci/sbom.py", description="What wheel, page and APK consist of.")
    parser.add_argument("--target", type=Path, default=ROOT / "build" / "sbom", help="folder to write into")
    target = parser.parse_args(words).target
    try:
        make_folder(target)
        for name, made in documents().items():
            text = json.dumps(made, indent=2, ensure_ascii=False) + "\n"
            if fault := fault_of(text):
                raise RuntimeError(f"{name}: not CycloneDX: {fault}")
            path = target / f"{name}.cdx.json"
            partial = path.with_name(f"{path.name}.partial")
            partial.write_text(text, encoding="utf-8")
            partial.replace(path)
            built = made["metadata"]["component"].get("hashes", [])
            said = "".join(f", of the build with sha256 {one['content']}" for one in built)
            print(f"{path}: {len(made['components'])} components{said}")
    except (OSError, KeyError, ValueError, RuntimeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def fault_of(text: str) -> str | None:
    """Returns the first thing in which a text is not CycloneDX 1.6, None if nothing; needs .venv-package."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    return str(fault).splitlines()[0] if fault else None


def documents() -> dict[str, Entry]:
    """Returns wheel, page and apk; raises InputError, OSError or KeyError if what they are made of is missing."""
    wheel = ROOT / "build" / "packages" / f"face_emotion_kit-{__version__}-py3-none-any.whl"
    apk = ROOT / "build" / "android" / "face-emotion-sample.apk"
    return {
        "wheel": document(own("library", f"pkg:pypi/face-emotion-kit@{__version__}", wheel), in_wheel()),
        "page": document(own("application", f"pkg:generic/face-emotion-kit-page@{__version__}"), in_page()),
        "apk": document(
            own("application", f"pkg:generic/face-emotion-kit-sample@{__version__}", apk), in_apk()
        ),
    }


def document(main_component: Entry, parts: list[Entry]) -> Entry:
    """Returns one CycloneDX document, without time and serial number, so that it changes with its contents alone."""
    asked = [{"ref": part["bom-ref"]} for part in parts]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": main_component},
        "components": parts,
        "dependencies": [
            {"ref": main_component["bom-ref"], "dependsOn": [part["bom-ref"] for part in parts]},
            *asked,
        ],
    }


def own(kind: str, purl: str, built: Path | None = None) -> Entry:
    """Returns the component that a document is about, with its sha256 if it was built."""
    entry = part(kind, purl.partition("/")[2].partition("@")[0], __version__, "Apache-2.0", purl=purl)
    return entry | ({"hashes": [sha256(sha256_of(built))]} if built and built.is_file() else {})


def in_wheel() -> list[Entry]:
    """Returns the models in the wheel, and what pip installs beside it, in the tested versions.

    A package has the sha256 of each of its files that the lock lets pass: one of them is installed.
    """
    lock = (ROOT / "locks" / "requirements-runtime.txt").read_text(encoding="utf-8")
    digests = hashes(lock)
    found = [model(name, files) for name, files in packed_models().items()]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {plain(re.split(r"[^\w.-]", one)[0]) for one in project["dependencies"]}
    for package, version in sorted(pins(lock).items()):
        entry = part("library", package, version, LICENCES[package], purl=f"pkg:pypi/{package}@{version}")
        entry["scope"] = "optional" if package in EXTRAS else "required"
        entry["description"] = (
            "asked for by the wheel" if package in asked else "asked for by what it asks for"
        )
        if package in EXTRAS:
            entry["description"] = "asked for by the extra [video]"
        found.append(entry | {"hashes": [sha256(digest) for digest in digests[package]]})
    return found


def in_page() -> list[Entry]:
    """Returns models, npm packages with what is compiled into their binaries, and the portrait of the page."""
    found = []
    for manifest in sorted((ROOT / "models").glob("*/manifest.json")):
        artifacts = read_json(manifest)["artifacts"]
        names = ("tfjs", "tfjs_far", "tflite", "tflite_far", "int8")
        listed = [entry for name in names if name in artifacts for entry in artifacts[name]["files"]]
        files = {entry["file"]: entry["sha256"] for entry in listed}
        found.append(model(manifest.parent.name, files))
    lock = read_json(ROOT / "web" / "vendored" / "package-lock.json")["packages"]
    for runtime, record in read_json(ROOT / "web" / "static" / "vendor" / "VENDOR.json").items():
        if not isinstance(record, dict):
            continue
        for package in record["packages"]:
            name, version = package["package"], package["version"]
            purl = f"pkg:npm/{name.replace('@', '%40')}@{version}"
            entry = part("library", name, version, package["licence"], purl=purl)
            digest = base64.b64decode(lock[f"node_modules/{name}"]["integrity"].removeprefix("sha512-")).hex()
            found.append(entry | {"hashes": [{"alg": "SHA-512", "content": digest}]})
        for file in record["files"]:
            if file["file"].endswith((".js", ".wasm")):
                path = f"vendor/{runtime}/{file['file']}"
                libraries = record["embedded_in_wasm"] if path.endswith(".wasm") else []
                inside = {one["library"]: one["licence"] for one in libraries}
                # The file as a whole goes under what its own project's packages go under.
                found.append(binary(path, file["sha256"], record["packages"][0]["licence"], inside))
    portrait = part(
        "data", "Eileen Collins, photographed by NASA", None, "public domain", "samples/portrait.jpg"
    )
    return [*found, portrait | {"hashes": [sha256(sha256_of(SAMPLE))]}]


def in_apk() -> list[Entry]:
    """Returns models, archives and what is compiled into their native code."""
    found = [model(name, files) for name, files in packed_models().items()]
    for one in components():
        purl = f"pkg:maven/{one.group}/{one.name}@{one.version}"
        entry = part("library", one.name, one.version, one.licence, purl=purl) | {"group": one.group}
        entry["hashes"] = [sha256(one.sha256)]
        found.append(entry | inside(one.compiled_in, purl))
    return found


def packed_models() -> dict[str, dict[str, str]]:
    """Returns model -> file -> sha256 of the networks that wheel and APK hold."""
    found: dict[str, dict[str, str]] = {}
    for name, path in sorted(asset_files(ROOT / "models").items()):
        if name.endswith(".tflite"):
            _, folder, file = name.split("/")
            found.setdefault(folder, {})[file] = sha256_of(path)
    return found


def model(name: str, files: dict[str, str]) -> Entry:
    """Returns a model with its files."""
    manifest = read_json(ROOT / "models" / name / "manifest.json")
    licence = manifest.get("licence", "Apache-2.0")
    version = manifest.get("provenance", {}).get("commit", __version__)
    entry = part("machine-learning-model", name, version, licence, ref=f"model/{name}")
    return entry | {"components": [binary(f"models/{name}/{file}", digest) for file, digest in files.items()]}


def binary(path: str, digest: str, licence: str = "", compiled_in: dict[str, str] | None = None) -> Entry:
    """Returns a file with what is compiled into it; files have no version but their sha256."""
    entry = part("file", path, None, licence, ref=path) | {"hashes": [sha256(digest)]}
    return entry | inside(compiled_in or {}, path)


def inside(compiled_in: dict[str, str], place: str) -> Entry:
    """Returns the libraries compiled into something, whose versions it does not say."""
    found = [
        part("library", name, None, licence, ref=f"{place}#{name.replace(' ', '-')}")
        for name, licence in sorted(compiled_in.items())
    ]
    return {"components": found} if found else {}


def part(
    kind: str, name: str, version: str | None, licence: str, ref: str = "", purl: str | None = None
) -> Entry:
    """Returns a component. licence: an SPDX identifier or expression, another's name, "" for that of what it is in."""
    entry: Entry = {"type": kind, "bom-ref": purl or ref, "name": name}
    entry |= {"version": version} if version else {}
    entry |= {"purl": purl} if purl else {}
    if " AND " in licence or " WITH " in licence:
        return entry | {"licenses": [{"expression": licence}]}
    key = "id" if SPDX.fullmatch(licence) else "name"
    return entry | ({"licenses": [{"license": {key: licence}}]} if licence else {})


def sha256(digest: str) -> Entry:
    """Returns a sha256 as CycloneDX writes it."""
    return {"alg": "SHA-256", "content": digest}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
