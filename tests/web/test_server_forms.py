"""Which form of a file the server sends: the coding that the client likes best, the whole or one range."""

from __future__ import annotations

import gzip

import pytest

from tests.support.paths import ROOT
from tests.support.web import Server

pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")

TARGET = "/runtime/emotion.js"
FILE = ROOT / "web/static/runtime/emotion.js"


def test_the_file_of_these_tests_is_there_in_all_forms(server: Server):
    for coding in ("br", "gzip"):
        assert server.request(TARGET, Accept_Encoding=coding)[1]["content-encoding"] == coding


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.1, gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.5", "br"),
        ("br;q=0.2, gzip;q=0.3, identity;q=0.8", None),
        ("identity, gzip;q=0.5", None),
        ("identity, gzip", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("br;q=0, *;q=0.1", "gzip"),
        ("*;q=0, gzip;q=0.001", "gzip"),
        ("gzip;q=0.001", "gzip"),
        ("*", "br"),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("deflate", None),
        ("gzip;q=2", None),  # no q: as if that part were not there
        ("", None),
    ],
)
def test_the_coding_that_the_client_likes_best_is_sent(server: Server, accepted: str, coding: str | None):
    status, headers, body = server.request(TARGET, Accept_Encoding=accepted)
    assert (status, headers.get("content-encoding"), headers["vary"]) == (200, coding, "Accept-Encoding")
    if coding == "gzip":
        assert gzip.decompress(body) == FILE.read_bytes()
    elif coding is None:
        assert body == FILE.read_bytes()
    else:
        assert len(body) < len(FILE.read_bytes())


def test_who_takes_no_file_as_it_is_gets_none(server: Server):
    """Neither as a whole nor as a range; what is small or compressed already is packed all the same."""
    for target in ("/samples/portrait.jpg", "/models/index.json"):
        plain = server.request(target)[2]
        for refusal in ("gzip, identity;q=0", "gzip, *;q=0"):
            status, headers, body = server.request(target, Accept_Encoding=refusal, Range="bytes=0-3")
            assert (status, headers["content-encoding"]) == (200, "gzip")
            assert gzip.decompress(body) == plain
    status, headers, body = server.request(TARGET, Accept_Encoding="identity;q=0")
    assert (status, body) == (406, b"406 Not Acceptable\n") and "content-encoding" not in headers


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-3", slice(0, 4)),
        ("Bytes = 0-3", slice(0, 4)),
        ("bytes=4-", slice(4, None)),
        ("bytes=-5", slice(-5, None)),
        ("bytes=0-0,", slice(0, 1)),
        ("bytes=10-" + 40 * "9", slice(10, None)),
    ],
)
def test_one_range_is_sent(server: Server, wanted: str, part: slice):
    status, headers, body = server.request(TARGET, Range=wanted)
    whole = FILE.read_bytes()
    assert (status, body) == (206, whole[part])
    first = whole.index(body) if part.start != 0 else 0
    assert headers["content-range"] == f"bytes {first}-{first + len(body) - 1}/{len(whole)}"


@pytest.mark.parametrize(
    "wanted",
    [
        "bytes=0-1,4-5",
        "bytes=0-1, -2",
        "bytes=0-1,99999999-",
        "bytes=" + ",".join(f"{start}-{start}" for start in range(0, 2000, 2)),
        "lines=0-1",
        "bytes=5-2",
        "bytes=a-b",
        "bytes=-",
        "bytes",
        "bytes=" + 5000 * "9" + "-",
    ],
    ids=lambda wanted: wanted[:20],
)
def test_several_ranges_and_what_is_none_are_the_whole_file(server: Server, wanted: str):
    status, headers, body = server.request(TARGET, Range=wanted)
    assert (status, body) == (200, FILE.read_bytes())
    assert "content-range" not in headers and headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize("wanted", ["bytes=99999999-", "bytes=" + 40 * "9" + "-", "bytes=-0"])
def test_a_range_behind_the_end_is_refused_with_the_length(server: Server, wanted: str):
    status, headers, _ = server.request(TARGET, Range=wanted)
    assert (status, headers["content-range"]) == (416, f"bytes */{FILE.stat().st_size}")


def test_a_range_is_of_get_alone(server: Server):
    status, headers, body = server.request(TARGET, "HEAD", Range="bytes=0-3")
    assert (status, body, int(headers["content-length"])) == (200, b"", FILE.stat().st_size)
