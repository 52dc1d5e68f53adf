"""The page as a set of files: which addresses there are and what stands behind each.

Server and static export both take their files from here, so they cannot differ. An address that is not in the
set does not exist: nothing that a request says is ever turned into a path.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from face_emotion.consistency import require_consistent
from face_emotion.errors import InputError
from face_emotion.model_files import MANIFEST, ModelFolder
from web.headers import MEDIA_TYPES
from web.integrity import artifact_paths
from web.licences import OWN, notices

STATIC = Path(__file__).parent / "static"
MODELS = Path(__file__).parents[1] / "models"
WORKER = "sw.js"
INDEX = "models/index.json"
DETECTOR = "face_detector"
DEFAULT_VARIANT = "small"
ENGINE_ARTIFACTS = ("tfjs", "int8")  # of a classifier: what the two engines load
DETECTOR_ARTIFACTS = (
    "tfjs",
    "tfjs_far",
    "tflite",
    "tflite_far",
)  # of the face detector, which has two networks
PRECACHED_ARTIFACTS = ("tfjs", "tfjs_far")  # a picture is searched far, also offline
PAPERS = ("MODEL_CARD.md", "golden.json", "NOTICE.md", "LICENSE")
DETECTOR_PAPERS = ("LICENSE",)
LICENSE = Path(__file__).parents[1] / "LICENSE"
# Parts of the page that few visits need: loaded when they are first used, kept with what else works offline.
ROOMS = (
    *("page/batch/", "page/compare/", "page/share/", "page/video/"),
    *("styles/batch.css", "styles/compare.css", "styles/video.css"),
)
# Not loaded by a page on the default engine: fetched, and then kept, on first use.
NOT_PRECACHED = ("example.html", "samples/", "vendor/VENDOR.json", *ROOMS)


# What the page says in a language beside English: kept at once for those who prefer it, later for everybody.
LANGUAGE = re.compile(r"page/words/(?!en\.)([a-z]{2})\.js")


@dataclass
class Entry:
    """A file of the page: its address relative to the page, and its path or, if made at start, its bytes."""

    url: str
    path: Path | None = None
    data: bytes = b""
    _known: tuple[tuple[int, int], str, bytes] | None = field(default=None, repr=False)

    def content(self) -> bytes:
        """Returns the file's bytes as they are now.

        The same object while the file is the same: all answers that run share it, however slowly they are fetched.
        """
        return self._current()[1]

    def digest(self) -> str:
        """Returns the sha256 of the file as it is now, 64 hexadecimal digits."""
        return self._current()[0]

    def _current(self) -> tuple[str, bytes]:
        state = (0, 0)
        if self.path:
            status = self.path.stat()
            state = (status.st_mtime_ns, status.st_size)
        known = self._known
        if known is None or known[0] != state:
            content = self.path.read_bytes() if self.path else self.data
            known = self._known = state, hashlib.sha256(content).hexdigest(), content
        return known[1:]

    @property
    def suffix(self) -> str:
        """The suffix that decides the media type, e.g. ".wasm"."""
        return Path(self.url).suffix

    @property
    def media_type(self) -> str:
        """The Content-Type."""
        return MEDIA_TYPES[self.suffix]


def build_site(models: Path) -> dict[str, Entry]:
    """Returns address → Entry of everything that the page consists of.

    Raises InputError if `models` is missing or holds no model, a model file is not what its manifest says, or a
    manifest's names are not those that its files carry.
    """
    site = {entry.url: entry for entry in _static_entries()}
    variants, detector = _model_folders(models)
    for folder in variants:
        require_consistent(folder.path)
    for folder in [*variants, *([detector] if detector else [])]:
        site |= {entry.url: entry for entry in _model_entries(folder)}
    names = [folder.path.name for folder in variants]
    default = DEFAULT_VARIANT if DEFAULT_VARIANT in names else names[0]
    index = {
        "default": default,
        "models": [
            {"name": name, "manifest": f"{name}/{MANIFEST}"}
            for name in sorted(names, key=lambda name: (name != default, name))
        ],
        "detector": f"{DETECTOR}/{MANIFEST}" if detector else None,
    }
    site[INDEX] = Entry(INDEX, data=(json.dumps(index, indent=2) + "\n").encode())
    site[OWN] = Entry(OWN, LICENSE)
    site["licences.txt"] = Entry(
        "licences.txt", data=notices(url for url in site if url.startswith("models/") and url.endswith(OWN))
    )
    site[WORKER] = Entry(WORKER, data=_service_worker(site, default))
    return site


def precached(site: dict[str, Entry], default: str) -> list[str]:
    """Returns the addresses that the default model on the default engine needs, without their licence texts.

    The page starts without all of them: it asks for the worker, which fetches the others, once it is there.
    """
    wanted = []
    for url in site:
        if url.startswith((*NOT_PRECACHED, *ROOMS)) or url == WORKER or Path(url).name.startswith("LICENSE"):
            continue
        if url.startswith("vendor/"):
            # The page asks for WebAssembly SIMD before it loads an engine: the plain variant is never fetched.
            keep = url.startswith("vendor/tfjs/") and not url.endswith("tfjs-backend-wasm.wasm")
        elif url.startswith("models/"):
            _, name, *rest = url.split("/")
            keep = url == INDEX or (
                name in (default, DETECTOR) and rest[0] in (MANIFEST, *PRECACHED_ARTIFACTS)
            )
        else:
            kinds = {".html", ".css", ".js", ".webmanifest", ".svg"}
            keep = Path(url).suffix in kinds and not LANGUAGE.fullmatch(url)
        if keep:
            wanted.append(url)
    return sorted(wanted)


def kept_later(site: dict[str, Entry], default: str) -> list[str]:
    """Returns the addresses that the worker fetches once the page has been in use: what else works offline then.

    All languages, all rooms, all models on the default engine, licences, model cards and the example. The second engine
    is left out: its megabytes are fetched, and kept, by whoever chooses it.
    """
    others = (*PRECACHED_ARTIFACTS, MANIFEST, "MODEL_CARD.md")
    wanted = [
        url
        for url in site
        if url == "example.html"
        or url.startswith(ROOMS)
        or LANGUAGE.fullmatch(url)
        or Path(url).name.startswith(("LICENSE", "licences"))
        or (url.startswith("models/") and url != INDEX and url.split("/")[2] in others)
    ]
    return sorted(set(wanted) - set(precached(site, default)))


def languages(site: dict[str, Entry]) -> dict[str, str]:
    """Returns language → address of what the page says in it, beside English."""
    return {match[1]: url for url in site if (match := LANGUAGE.fullmatch(url))}


def _static_entries() -> list[Entry]:
    paths = sorted(path for path in STATIC.rglob("*") if path.is_file() and path.suffix in MEDIA_TYPES)
    return [Entry(path.relative_to(STATIC).as_posix(), path) for path in paths if path.name != WORKER]


def _model_folders(models: Path) -> tuple[list[ModelFolder], ModelFolder | None]:
    if not models.is_dir():
        raise InputError(f"{models}: no such models folder; name one with --models")
    folders = [ModelFolder.open(path.parent) for path in sorted(models.glob(f"*/{MANIFEST}"))]
    variants = [folder for folder in folders if folder.path.name != DETECTOR]
    if not variants:
        raise InputError(
            f"{models}: holds no model ({models / 'NAME' / MANIFEST}); build and release one first"
        )
    return variants, next((folder for folder in folders if folder.path.name == DETECTOR), None)


def _model_entries(folder: ModelFolder) -> list[Entry]:
    """The manifest, what the engines load and the papers; every artifact is checked, served or not."""
    checked = {name: artifact_paths(folder, name) for name in folder.manifest["artifacts"]}
    is_detector = folder.path.name == DETECTOR
    artifacts, papers = (DETECTOR_ARTIFACTS, DETECTOR_PAPERS) if is_detector else (ENGINE_ARTIFACTS, PAPERS)
    paths = [folder.path / MANIFEST]
    paths += [path for name, files in checked.items() if name in artifacts for path in files]
    paths += [folder.path / name for name in papers if (folder.path / name).is_file()]
    entries = []
    for path in paths:
        url = f"models/{folder.path.name}/{path.relative_to(folder.path).as_posix()}"
        # A licence is named without a suffix, by which a browser would save it instead of showing it.
        entries.append(Entry(url if path.suffix else f"{url}.txt", path))
    return [entry for entry in entries if entry.suffix in MEDIA_TYPES]


def _service_worker(site: dict[str, Entry], default: str) -> bytes:
    """The worker's script with the addresses and hashes that it works from: another file, another worker."""
    known: dict[str, Any] = {
        "files": {url: entry.digest() for url, entry in sorted(site.items())},
        "precache": precached(site, default),
        "later": kept_later(site, default),
        "languages": languages(site),
    }
    return f"self.SITE = {json.dumps(known)};\n".encode() + (STATIC / WORKER).read_bytes()
