"""`python -m web`: its errors in one line, the static export, and that it needs Flask and waitress only."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.headers import POLICY, SECURITY, policy_of
from tests.support.paths import ROOT
from tests.support.web import write_model

pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")
from web.app import create_app
from web.export import export
from web.site import INDEX, build_site


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two made-up models."""
    folder = tmp_path_factory.mktemp("models")
    write_model(folder / "small")
    write_model(folder / "nano", labels=("plain", "smiling"))
    return folder


@pytest.fixture(scope="module")
def client(models: Path):
    """Flask's test client."""
    return create_app(models).test_client()


def run_web(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "web", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60
    )


def assert_one_line(done: subprocess.CompletedProcess, word: str) -> None:
    assert done.returncode == 2, done
    assert len(done.stderr.splitlines()) == 1 and word in done.stderr, done.stderr


@pytest.mark.parametrize("package", ["flask", "waitress"])
def test_without_a_package_it_says_what_to_install(package: str, models: Path):
    script = f"import sys; sys.modules[{package!r}] = None; from web.__main__ import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", script, "--models", str(models), "--port", "0"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert_one_line(
        done, f"lacks the package {package}; run `make serve`, or `pip install -r requirements-web.txt`"
    )


def test_a_busy_port_is_one_line(models: Path):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = str(busy.getsockname()[1])
        assert_one_line(run_web("--models", str(models), "--port", port), port)


def test_a_missing_or_empty_models_folder_is_one_line(tmp_path: Path):
    assert_one_line(run_web("--port", "0", "--models", str(tmp_path / "none")), "no such models folder")
    assert_one_line(run_web("--port", "0", "--models", str(tmp_path)), "holds no model")
    assert_one_line(run_web("--port", "0", "--host", "no.such.host.invalid"), "no such address")


@pytest.mark.parametrize("file", ["int8.tflite", "tfjs/weights.bin", "manifest.json"])
def test_a_tampered_model_is_one_line(tmp_path: Path, file: str):
    path = write_model(tmp_path / "small") / file
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert_one_line(run_web("--port", "0", "--models", str(tmp_path)), path.name)
    assert_one_line(run_web("export", str(tmp_path / "out"), "--models", str(tmp_path)), path.name)
    assert not (tmp_path / "out").exists()


def test_a_manifest_that_leads_out_of_its_folder_is_one_line(tmp_path: Path):
    path = write_model(tmp_path / "small") / "manifest.json"
    path.write_text(path.read_text().replace("int8.tflite", "../int8.tflite"))
    assert_one_line(run_web("--port", "0", "--models", str(tmp_path)), "leads out")


def test_export_holds_what_the_server_sends(models: Path, tmp_path: Path, client):
    folder = tmp_path / "site"
    count = export(folder, models)
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert len(files) == count and {"index.html", "sw.js", INDEX, "_headers", ".nojekyll"} <= files
    for name in files - {"_headers", ".nojekyll"}:
        assert client.get(f"/{name}").data == (folder / name).read_bytes(), name
    stated = (folder / "_headers").read_text()
    assert all(f"  {name}: {value}\n" in stated for name, value in SECURITY.items())
    (policy,) = re.findall(r"^  Content-Security-Policy: (.*)$", stated, re.MULTILINE)
    assert policy_of(policy).items() >= POLICY.items()
    assert_one_line(run_web("export", str(folder), "--models", str(models)), "not an empty folder")


def test_every_licence_goes_with_the_page(tmp_path: Path):
    folder = tmp_path / "site"
    export(folder, ROOT / "models")
    for original, text in (
        (ROOT / "LICENSE", "LICENSE.txt"),
        (ROOT / "models/face_detector/LICENSE", "models/face_detector/LICENSE.txt"),
    ):
        assert (folder / text).read_bytes() == original.read_bytes()
    stated = (folder / "licences.txt").read_text(encoding="utf-8")
    named = set(re.findall(r"[\w/.-]*LICENSE[\w.-]*", stated))
    assert {"LICENSE.txt", "models/face_detector/LICENSE.txt", "vendor/tfjs/LICENSE-tfjs.txt"} <= named
    assert named == {path.relative_to(folder).as_posix() for path in folder.rglob("LICENSE*")}
    for package in ("@tensorflow/tfjs-core 4.22.0", "@litertjs/core 2.5.3", "XNNPACK", "Eigen"):
        assert package in stated
    assert 'href="licences.txt"' in (folder / "index.html").read_text(encoding="utf-8")


def test_the_page_names_no_absolute_address(models: Path):
    for url, entry in build_site(models).items():
        if entry.suffix in {".html", ".css", ".webmanifest"} or url.startswith("page/"):
            text = entry.content().decode()
            for mark in (
                'href="/',
                'src="/',
                "url(/",
                "from '/",
                'src="http',
                'href="http',
                "fetch('/",
                "import('/",
            ):
                assert mark not in text, (url, mark)


def test_export_refuses_a_model_whose_manifest_has_other_names(tmp_path: Path):
    for name in ("small", "face_detector"):
        shutil.copytree(ROOT / "models" / name, tmp_path / "models" / name)
    path = tmp_path / "models" / "small" / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["contract"]["labels"]
    path.write_text(json.dumps(manifest))
    ended = run_web("export", str(tmp_path / "out"), "--models", str(tmp_path / "models"))
    assert_one_line(ended, "contract.labels: missing")
    manifest["contract"]["labels"] = ["happy", "disgust", "fear", "angry", "sad", "surprise", "neutral"]
    path.write_text(json.dumps(manifest))
    ended = run_web("export", str(tmp_path / "out"), "--models", str(tmp_path / "models"))
    assert_one_line(ended, "checkpoint.npz: its classes are angry, disgust")
    assert not (tmp_path / "out").exists()


def test_neither_server_nor_export_imports_a_heavy_package(models: Path, tmp_path: Path):
    script = (
        "import sys; from pathlib import Path; import web.__main__, web.app; from web.export import export\n"
        f"web.app.create_app({str(models)!r}); export(Path({str(tmp_path / 'out')!r}), Path({str(models)!r}))\n"
        "print(sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(eval(done.stdout))
    assert not loaded & {
        "tensorflow",
        "keras",
        "tf_keras",
        "numpy",
        "cv2",
        "ai_edge_litert",
        "jax",
        "PIL",
        "rich",
    }
    assert "flask" in loaded


def test_interrupting_the_server_is_no_traceback(models: Path):
    process = subprocess.Popen(
        [sys.executable, "-m", "web", "--port", "0", "--models", str(models)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        # A shell starts its background jobs with the signal ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert "http://" in process.stdout.readline()
    time.sleep(0.5)
    process.send_signal(2)
    _, errors = process.communicate(timeout=10)
    assert errors == "" and process.returncode == 0
