"""What pip may install, to the byte: locks/ has each requirements*.txt with all that it pulls in, by sha256.

    .venv-package/bin/python .ci/locks.py                      writes locks/ anew (uv asks the registry)
    .venv/bin/python .ci/locks.py --check                      names what is stale, offline
    pip install --require-hashes -r locks/requirements.txt     what `make` does

A run changes nothing that the requirements and constraints.txt leave as it is; --upgrade takes the newest of what
neither pins. The locks hold the files of every platform; those of what builds are for the Pythons and machines that
`make` takes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# File -> the first Python that it is not for. What packages and Ray live by themselves, without constraints.txt.
LOCKS = {
    "requirements.txt": "3.13",
    "requirements-dev.txt": "3.13",
    "requirements-onnx.txt": "3.13",
    "requirements-package.txt": "3.14",
    "requirements-ray.txt": "3.14",
    "requirements-runtime.txt": "3.14",
    "requirements-web.txt": "3.14",
}
CONSTRAINTS = "constraints.txt"
UNCONSTRAINED = ("requirements-package.txt", "requirements-ray.txt")
BUILDS = "3.13"  # TensorFlow has packages for these machines alone
MACHINES = (("arm64", "darwin"), ("aarch64", "linux"), ("x86_64", "linux"))
PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^]]+\])?==([^\s;\\]+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
OPTIONS = [
    "--universal",
    "--generate-hashes",
    "--no-annotate",
    "--no-header",
    "--no-emit-index-url",
    "--quiet",
]
OPTIONS += ["--no-strip-extras"]  # pip finds no hash for coverage[toml] where coverage alone is named


def main(words: list[str]) -> int:
    """Writes or checks the locks; returns the exit status: 2 if one is stale or uv fails."""
    parser = argparse.ArgumentParser(prog=".ci/locks.py", description="Hashes of all that pip installs.")
    parser.add_argument("--check", action="store_true", help="only name what is stale; asks no registry")
    parser.add_argument("--upgrade", action="store_true", help="take the newest of what is pinned nowhere")
    arguments = parser.parse_args(words)
    if arguments.check:
        faults = [fault for name in LOCKS for fault in stale(ROOT, name)]
        for fault in faults:
            print(f"error: {fault}; run: .venv-package/bin/python .ci/locks.py", file=sys.stderr)
        return 2 if faults else 0
    for name in LOCKS:
        try:
            count = write(ROOT, name, arguments.upgrade)
        except (OSError, subprocess.CalledProcessError) as error:
            said = getattr(error, "stderr", "") or str(error)
            print(f"error: {name}: uv: {' '.join(said.split())}", file=sys.stderr)
            return 2
        print(f"locks/{name}: {count} packages")
    return 0


def write(root: Path, name: str, upgrade: bool = False) -> int:
    """Writes the lock of one file of requirements; returns how many packages are in it.

    Raises CalledProcessError if uv finds no set of versions, OSError if there is no uv beside this Python.
    """
    target = root / "locks" / name
    with tempfile.TemporaryDirectory() as scratch:
        # uv reads which environments count from a project only.
        project = {"name": "locks", "version": "0", "requires-python": f">=3.11,<{LOCKS[name]}"}
        lines = [f"{key} = {json.dumps(value)}" for key, value in project.items()]
        lines = ["[project]", *lines, "[tool.uv]", f"environments = {json.dumps(environments(name))}"]
        Path(scratch, "pyproject.toml").write_text("\n".join(lines), encoding="utf-8")
        made = Path(scratch, name)
        if target.is_file():
            made.write_bytes(target.read_bytes())  # whose versions uv keeps
        command = [Path(sys.executable).parent / "uv", "pip", "compile", *OPTIONS, "--python-version", "3.11"]
        command += ["--upgrade"] if upgrade else []
        command += [] if name in UNCONSTRAINED else ["-c", root / CONSTRAINTS]
        command += [root / name, "-o", made]
        subprocess.run(list(map(str, command)), cwd=scratch, check=True, stderr=subprocess.PIPE, text=True)
        text = without(everywhere(name), made.read_text(encoding="utf-8"))
    text = f"# {digest_line(root, name)}\n# Written by .ci/locks.py; not by hand.\n{text}"
    target.parent.mkdir(exist_ok=True)
    partial = target.with_name(f"{name}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(target)
    return len(pins(text))


def environments(name: str) -> list[str]:
    """Returns the markers of the environments that a lock is for."""
    python = f"python_full_version < '{LOCKS[name]}'"
    if LOCKS[name] != BUILDS:
        return [python]
    return [f"{python} and platform_machine == '{cpu}' and sys_platform == '{os}'" for cpu, os in MACHINES]


def everywhere(name: str) -> str:
    """Returns the marker that uv writes at what every environment of a lock installs: nobody needs to read it."""
    python = f"python_full_version < '{LOCKS[name]}'"
    if LOCKS[name] != BUILDS:
        return python
    machines = [f"(platform_machine == '{cpu}' and sys_platform == '{os}')" for cpu, os in MACHINES]
    return f"{python} and ({' or '.join(machines)})"


def without(marker: str, text: str) -> str:
    """Returns the text of a lock without this marker, where it stands alone and where it is the first of several."""
    text = re.sub(rf" ; {re.escape(marker)}(?=$| \\$)", "", text, flags=re.MULTILINE)
    return text.replace(f" ; {marker} and ", " ; ")


def stale(root: Path, name: str) -> list[str]:
    """Returns a line for each way in which a lock is not that of its requirements; asks nobody."""
    path = root / "locks" / name
    if not path.is_file():
        return [f"locks/{name}: missing"]
    text = path.read_text(encoding="utf-8")
    faults = []
    if f"# {digest_line(root, name)}" != text.partition("\n")[0]:
        faults.append(f"locks/{name}: made of other requirements or another {CONSTRAINTS}")
    locked = pins(text)
    for file in inputs(root, name):
        for package, version in pins((root / file).read_text(encoding="utf-8")).items():
            if package not in locked and file != CONSTRAINTS:
                faults.append(f"locks/{name}: lacks {package}, which {file} names")
            elif package in locked and locked[package] != version:
                faults.append(f"locks/{name}: has {package} {locked[package]}, {file} {version}")
    faults += [f"locks/{name}: {package} has no hash" for package, found in hashes(text).items() if not found]
    if "://" in text:
        faults.append(f"locks/{name}: has an address in it")
    return faults


def inputs(root: Path, name: str) -> list[str]:
    """Returns the files that a lock is made of: the requirements, those that they ask for, and constraints.txt."""
    found, waiting = [], [name]
    while waiting:
        file = waiting.pop(0)
        if file not in found:
            found.append(file)
            waiting += re.findall(r"^-[rc] (\S+)$", (root / file).read_text(encoding="utf-8"), re.MULTILINE)
    return sorted({*found, *([] if name in UNCONSTRAINED else [CONSTRAINTS])})


def digest_line(root: Path, name: str) -> str:
    """Returns what a lock says of its inputs: their names, and one sha256 over their lines without comments."""
    digest = hashlib.sha256()
    for file in inputs(root, name):
        lines = (line.partition("#")[0].strip() for line in (root / file).read_text("utf-8").splitlines())
        digest.update("\n".join([file, *sorted(filter(None, lines)), ""]).encode())
    return f"of {', '.join(inputs(root, name))}: sha256 {digest.hexdigest()}"


def pins(text: str) -> dict[str, str]:
    """Returns package -> version of all lines that pin one; names as PEP 503 writes them."""
    return {plain(package): version for package, version in PIN.findall(text)}


def hashes(text: str) -> dict[str, list[str]]:
    """Returns package -> the sha256 of its files that a lock lets pass, each 64 hexadecimal digits."""
    found: dict[str, list[str]] = {}
    for block in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE):
        for package in pins(block):
            found[package] = sorted({*found.get(package, []), *HASH.findall(block)})
    return found


def plain(package: str) -> str:
    """Returns a package's name in lower case, with hyphens alone."""
    return re.sub(r"[-_.]+", "-", package).lower()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
