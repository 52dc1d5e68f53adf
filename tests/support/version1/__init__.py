"""The page of version 1, as browsers have it in their cache.

Where git knows the last commit of version 1, it is that commit's own page, exported by its own code. In a clone
without that history it is a stand-in: version 1's own service worker and its code that registers it (sw.js and
offline.js as they were; .txt, as nobody should mend them), with the least that these need of a page.
"""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path

from tests.support.paths import ROOT

LAST = "1fe28a8568c78a951f344b743b28bd3dc962d248"  # the last whose models have format 1
HERE = Path(__file__).parent


def has_history() -> bool:
    """Whether git knows that commit here."""
    command = ["git", "cat-file", "-e", f"{LAST}^{{commit}}"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0


def export_commit(folder: Path, sources: Path) -> None:
    """Exports that commit's page into `folder` by its own code, which is put into `sources`."""
    command = ["git", "archive", LAST, "web", "models", "face_emotion", "LICENSE"]
    packed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(sources, filter="data")
    subprocess.run([sys.executable, "-m", "web", "export", str(folder)], cwd=sources, check=True)


def write_stand_in(folder: Path) -> None:
    """Writes the stand-in."""
    contents = {
        "index.html": (HERE / "index.html").read_bytes(),
        "style.css": b"body { margin: 40px; }\n",
        **{
            f"page/{name}": (HERE / f"{name}.txt").read_bytes()
            for name in ("elements.js", "main.js", "offline.js")
        },
        "models/index.json": b'{"default": "small", "models": [], "detector": null}\n',
    }
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    known = {
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(contents.items())},
        "precache": sorted(contents),
    }
    worker = f"self.SITE = {json.dumps(known)};\n".encode() + (HERE / "sw.js.txt").read_bytes()
    (folder / "sw.js").write_bytes(worker)
