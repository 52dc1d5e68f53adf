"""A models folder made up for tests of the server and the page, and a server on a free port."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from face_emotion.contract import FER2013_LABELS, Contract
from tests.support.paths import ROOT


def released_models() -> Path:
    """The models folder that the environment variable FACE_MODELS names, or models/; skips without a classifier."""
    models = Path(os.environ.get("FACE_MODELS", ROOT / "models"))
    if not (models / "small" / "manifest.json").exists():
        pytest.skip("models/small is not released: python -m model_build release build/small")
    return models


def write_model(folder: Path, labels: tuple[str, ...] = FER2013_LABELS, accuracy: float = 0.7) -> Path:
    """Writes a model folder whose files hold no network, other ones for each name; returns it."""
    contents = {
        "int8.tflite": b"\x00TFL3" * 4000 + folder.name.encode(),
        "tfjs/model.json": b'{"a": "' + b"1" * 3200 + b'"}',
        "tfjs/weights.bin": b"w" * 9000,
    }
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

    def artifact(*names: str) -> dict:
        files = [
            {"file": name, "bytes": len(contents[name]), "sha256": hashlib.sha256(contents[name]).hexdigest()}
            for name in names
        ]
        return {"files": files, "bytes": sum(entry["bytes"] for entry in files)}

    score = {
        "images": 3589,
        "accuracy": accuracy,
        "interval": [accuracy - 0.015, accuracy + 0.015],
        "macro_f1": accuracy - 0.02,
        "top2": accuracy + 0.12,
        "ece": 0.02,
        "worst_class": {"name": labels[2 % len(labels)], "recall": 0.45},
        "per_class": [
            {
                "name": label,
                "precision": 0.6,
                "recall": 0.45 + 0.07 * ((3 * index) % 7),
                "f1": 0.6,
                "support": 500,
            }
            for index, label in enumerate(labels)
        ],
    }
    manifest = {
        "format": 2,
        "name": folder.name,
        "contract": Contract(labels=labels, unsure_below=0.5, baseline_strength=0.25).to_dict(),
        "network": {
            "architecture": {"name": folder.name},
            "parameters": 300000,
            "macs": 35000000,
        },
        "artifacts": {
            "int8": artifact("int8.tflite"),
            "tfjs": artifact("tfjs/model.json", "tfjs/weights.bin"),
        },
        "metrics": {
            "headline": {"artifact": "int8", "set": "PrivateTest"},
            "heads": {},
            "artifacts": {"int8": {"PrivateTest": score}},
            "agreement": {},
            "kernel_spread": {},
            "flip": {},
        },
        "synthetic_check": {"count": 1, "seed": 0, "agreement": {}, "probability_error": {}},
        "provenance": {"command": "made up", "dataset": {"name": "FER2013"}, "protocol": {}, "packages": {}},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


ONE_FACE = [[0.3, 0.2, 0.3, 0.4]]  # boxes for the stand-in recognizer: left, top, width, height as shares
TWO_FACES = [[0.1, 0.2, 0.3, 0.4], [0.55, 0.2, 0.3, 0.4]]


@dataclass
class Server:
    """A running `python -m web`: its address, port and process."""

    url: str
    port: int
    process: subprocess.Popen

    def request(self, target: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Sends `target` to the byte as it is (no normalisation); returns status, headers, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(connection):
            connection.putrequest(method, target, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            response = connection.getresponse()
            return (
                response.status,
                {key.lower(): value for key, value in response.getheaders()},
                response.read(),
            )

    def stop(self) -> None:
        """Ends the process."""
        self.process.terminate()
        self.process.wait(20)


# `python -m web`, with another folder in place of web/static, which is the first argument.
OTHER_PAGE = """import pathlib, sys, web.site
web.site.STATIC = pathlib.Path(sys.argv.pop(1))
from web.__main__ import main
sys.exit(main())"""


@contextlib.contextmanager
def serving(*arguments: str, static: Path | None = None) -> Iterator[Server]:
    """Runs `python -m web` on a free port until the block ends; with `static`, on that folder's page."""
    command = ["-m", "web"] if static is None else ["-c", OTHER_PAGE, str(static)]
    process = subprocess.Popen(
        [sys.executable, *command, *([] if "--port" in arguments else ["--port", "0"]), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline()
        assert "http://" in line, f"no address printed: {line!r}"
        url = line.split()[3]
        yield Server(url, int(url.rstrip("/").rsplit(":", 1)[1]), process)
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


@contextlib.contextmanager
def serving_made_up_models(folder: Path) -> Iterator[Server]:
    """Serves two models that hold no network: "small", and "many" with fifty classes."""
    write_model(folder / "small", accuracy=0.712)
    write_model(folder / "many", labels=tuple(f"a rather long class name {index}" for index in range(50)))
    with serving("--models", str(folder)) as running:
        yield running
