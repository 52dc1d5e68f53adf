"""No client can keep the server waiting for long: a real process, real connections, the times as they are shipped."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.slow_clients import ask, connect, half_open, seconds_until_ended
from tests.support.web import Server, serving, write_model

pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")
from web import server as times

MACHINE = 12.0  # seconds that a machine busy with something else may add


@pytest.fixture(scope="module", autouse=True)
def enough_files() -> Iterator[None]:
    """This process may have as many connections open as the tests need."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4096 if hard < 0 else min(4096, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def seconds_to_answer(server: Server) -> float:
    start = time.monotonic()
    status, _, body = server.request("/")
    assert status == 200 and body.startswith(b"<!doctype html>")
    return time.monotonic() - start


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHos"], ids=["nothing", "half a request"])
def test_1100_half_open_connections_shut_nobody_out(server: Server, said: bytes):
    with half_open(server.port, 1100, said):
        waited = seconds_to_answer(server)
    assert waited < 2 * times.CROWDED_REQUEST_SECONDS + MACHINE, f"{waited:.1f} s"


def test_clients_that_take_no_answer_shut_nobody_out_and_need_no_memory(tmp_path: Path):
    write_model(tmp_path / "small")
    with serving("--models", str(tmp_path)) as server, contextlib.ExitStack() as stack:
        before = memory(server)
        for _ in range(50):
            stack.enter_context(ask(server.port))
        grown = memory(server) - before
        assert grown < 120e6, f"{grown / 1e6:.0f} MB for 50 answers of 9 MB"


def test_as_many_connections_as_files_may_be_open(tmp_path: Path):
    write_model(tmp_path / "small")
    with few_files(tmp_path, times.SPARE_FILES + 40) as server:
        with half_open(server.port, 200):
            assert seconds_to_answer(server) < 6 * times.CROWDED_REQUEST_SECONDS + MACHINE
        with contextlib.ExitStack() as stack:
            for _ in range(39):
                stack.enter_context(ask(server.port))
            assert seconds_to_answer(server) < 2 * times.CROWDED_STALL_SECONDS + MACHINE


@contextlib.contextmanager
def few_files(models: Path, count: int) -> Iterator[Server]:
    """Runs `python -m web` where a process may have only so many files open."""
    words = [sys.executable, "-m", "web", "--port", "0", "--models", str(models)]
    process = subprocess.Popen(
        ["sh", "-c", f'ulimit -n {count}; exec "$@"', "sh", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    url = process.stdout.readline().split()[3]
    yield Server(url, int(url.rstrip("/").rsplit(":", 1)[1]), process)
    process.terminate()
    _, errors = process.communicate(timeout=20)
    assert errors == "" and process.returncode == 0


def memory(server: Server) -> int:
    """Returns the bytes of memory that the server's process has."""
    fields = Path(f"/proc/{server.process.pid}/statm").read_text(encoding="ascii").split()
    return int(fields[1]) * resource.getpagesize()


WAITING = {
    "nothing": (b"", b""),
    "half a request": (b"GET / HTTP/1.1\r\nHos", b""),
    "a header byte by byte": (b"GET / HTTP/1.1\r\nX-Slow: ", b"a" * 100),
    "a body byte by byte": (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n", b"a" * 100),
}


def test_a_request_that_does_not_come_is_given_up(server: Server):
    def wait(said: bytes, drip: bytes) -> float:
        with connect(server.port) as client:
            client.sendall(said)
            return seconds_until_ended(client, drip)

    with ThreadPoolExecutor() as pool:
        waited = dict(zip(WAITING, pool.map(wait, *zip(*WAITING.values(), strict=True)), strict=True))
    late = {
        name: seconds
        for name, seconds in waited.items()
        if not times.REQUEST_SECONDS - 1 < seconds < times.REQUEST_SECONDS + MACHINE
    }
    assert late == {}


def test_a_connection_that_is_kept_for_nothing_is_ended_after_its_answer(server: Server):
    with connect(server.port) as client:
        time.sleep(2)  # the time counts from the answer, not from the start
        client.sendall(b"GET /models/index.json HTTP/1.1\r\nHost: a\r\n\r\n")
        assert client.recv(12) == b"HTTP/1.1 200"
        waited = seconds_until_ended(client)
    assert times.REQUEST_SECONDS - 1 < waited < times.REQUEST_SECONDS + MACHINE


def test_a_body_is_not_received(server: Server):
    with connect(server.port) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n" + bytes(1000))
        assert client.recv(12) == b"HTTP/1.1 413"
    with connect(server.port) as client:
        client.sendall(b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 2 * times.HEAD_BYTES)
        assert client.recv(12) == b"HTTP/1.0 431"  # its version was not read yet
