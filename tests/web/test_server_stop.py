"""SIGTERM and Ctrl-C let answers that run be finished, for ten seconds at most; nobody else is waited for."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.slow_clients import LARGE, ask, body_of, connect, half_open
from tests.support.web import write_model

pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")
from web.server import STOP_SECONDS

MACHINE = 5.0  # seconds that a machine busy with something else may add
SIGNALS = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])


@contextlib.contextmanager
def started(folder: Path) -> Iterator[tuple[subprocess.Popen, int]]:
    """Runs `python -m web` with a made-up model; yields its process and port."""
    write_model(folder / "small")
    process = subprocess.Popen(
        [sys.executable, "-m", "web", "--port", "0", "--models", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        # A shell starts its background jobs with Ctrl-C's signal ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        yield process, int(process.stdout.readline().split()[3].rstrip("/").rsplit(":", 1)[1])
    finally:
        process.kill()
        process.communicate(timeout=20)


def ended(process: subprocess.Popen) -> tuple[int, str, float]:
    """Waits for the end; returns exit status, what was said about errors, and the seconds that it took."""
    start = time.monotonic()
    _, errors = process.communicate(timeout=30)
    return process.returncode, errors, time.monotonic() - start


@SIGNALS
def test_an_answer_that_runs_is_finished(tmp_path: Path, number: int):
    with started(tmp_path) as (process, port), ask(port) as client:
        process.send_signal(number)
        time.sleep(1)
        with pytest.raises(ConnectionRefusedError):
            connect(port)
        assert body_of(client) == (ROOT / "web/static").joinpath(LARGE[1:]).read_bytes()
        status, errors, seconds = ended(process)
    assert (status, errors) == (0, "") and seconds < MACHINE


@SIGNALS
def test_who_has_no_answer_coming_is_not_waited_for(tmp_path: Path, number: int):
    with (
        started(tmp_path) as (process, port),
        half_open(port, 20),
        half_open(port, 20, b""),
        connect(port) as client,
    ):
        client.sendall(b"GET /models/index.json HTTP/1.1\r\nHost: a\r\n\r\n")
        body_of(client)  # and the connection is kept for another request
        process.send_signal(number)
        status, errors, seconds = ended(process)
    assert (status, errors) == (0, "") and seconds < MACHINE


def test_who_takes_no_answer_is_waited_for_ten_seconds(tmp_path: Path):
    with started(tmp_path) as (process, port), ask(port):
        process.terminate()
        status, errors, seconds = ended(process)
    assert (status, errors) == (0, "stopped with 1 answer unfinished after 10 s\n")
    assert STOP_SECONDS - 1 < seconds < STOP_SECONDS + MACHINE


def test_a_second_signal_ends_it_at_once(tmp_path: Path):
    with started(tmp_path) as (process, port), ask(port):
        process.send_signal(signal.SIGINT)
        time.sleep(1)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        status, errors, seconds = ended(process)
    assert status == 0 and len(errors.splitlines()) == 1 and seconds < MACHINE
