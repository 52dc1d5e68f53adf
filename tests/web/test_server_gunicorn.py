"""The page behind gunicorn, started by the README's own line."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.gunicorn import serving_by_gunicorn
from tests.support.headers import POLICY, SECURITY, policy_of
from tests.support.paths import ROOT
from tests.support.slow_clients import LARGE, ask, body_of, connect, half_open, seconds_until_ended
from tests.support.web import Server, write_model

pytest.importorskip("gunicorn", reason="gunicorn is not installed: pip install -r requirements-dev.txt")
from web import gunicorn_settings as times

MACHINE = 15.0  # seconds that a machine busy with something else may add


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """gunicorn with a made-up model."""
    folder = tmp_path_factory.mktemp("models")
    write_model(folder / "small")
    with serving_by_gunicorn(folder) as (running, logged):
        yield running
    assert not re.findall("ERROR|CRITICAL|Traceback", "".join(logged)), "".join(logged)


def test_it_sends_the_page(server: Server):
    status, headers, body = server.request("/")
    assert status == 200 and b"<!doctype html>" in body[:40].lower()
    assert policy_of(headers["content-security-policy"]).items() >= POLICY.items()
    assert {name: headers[name.lower()] for name in SECURITY} == SECURITY
    status, headers, part = server.request("/page/main.js", Range="bytes=0-3")
    assert (status, len(part)) == (206, 4)


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHos"], ids=["nothing", "half a request"])
def test_half_open_connections_shut_nobody_out(server: Server, said: bytes):
    with half_open(server.port, 1), half_open(server.port, 600, said):
        start = time.monotonic()
        assert server.request("/")[0] == 200
        waited = time.monotonic() - start
    assert waited < 600 / times.threads * (times.CROWDED_REQUEST_SECONDS + 1) + MACHINE, f"{waited:.1f} s"


@pytest.mark.parametrize("start", [b"", b"GET / HTTP/1.1\r\nX-Slow: "], ids=["nothing", "a header"])
def test_a_request_that_does_not_come_is_given_up(server: Server, start: bytes):
    with connect(server.port) as client:
        client.sendall(start)
        waited = seconds_until_ended(client, b"a" * 100 if start else b"")
    least = times.REQUEST_SECONDS if start else times.keepalive
    assert least - 1 < waited < least + MACHINE


def test_sigterm_lets_an_answer_that_runs_be_finished(tmp_path: Path):
    write_model(tmp_path / "small")
    with serving_by_gunicorn(tmp_path) as (server, logged), ask(server.port) as client:
        server.process.terminate()
        time.sleep(1)
        assert body_of(client) == (ROOT / "web/static").joinpath(LARGE[1:]).read_bytes()
        assert server.process.wait(20) == 0
    assert not re.findall("ERROR|CRITICAL|Traceback", "".join(logged)), "".join(logged)


def test_sigterm_waits_for_nobody_for_more_than_ten_seconds(tmp_path: Path):
    write_model(tmp_path / "small")
    with serving_by_gunicorn(tmp_path) as (server, _), ask(server.port):
        server.process.terminate()
        start = time.monotonic()
        server.process.wait(30)
        assert times.graceful_timeout - 1 < time.monotonic() - start < times.graceful_timeout + MACHINE
