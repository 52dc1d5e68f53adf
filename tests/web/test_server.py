"""The server of the page: what it sends, what it refuses, and that it needs Flask and waitress only."""

from __future__ import annotations

import base64
import gzip
import hashlib
import http.client
import json
import re
import threading
import time
from pathlib import Path

import pytest

from tests.support.headers import POLICY, SECURITY, policy_of
from tests.support.paths import ROOT
from tests.support.web import Server, serving, write_model

pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")
from web.app import create_app
from web.headers import host_headers
from web.site import INDEX, build_site, precached

TRAVERSALS = (
    "/../pyproject.toml",
    "/..%2fpyproject.toml",
    "/%2e%2e/pyproject.toml",
    "/%2e%2e%2fpyproject.toml",
    "/..%5cpyproject.toml",
    "/%252e%252e%252fpyproject.toml",
    "/..%c0%afpyproject.toml",
    "/..%ef%bc%8fpyproject.toml",
    "/models/small/../../../pyproject.toml",
    "/models/small/..%2f..%2f..%2fpyproject.toml",
    "//etc/passwd",
    "/%2fetc%2fpasswd",
    "/vendor/....//....//pyproject.toml",
    "/page/main.js%00.css",
    "/models/small/manifest.json/..;/..;/pyproject.toml",
    "\\..\\pyproject.toml",
)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two made-up models."""
    folder = tmp_path_factory.mktemp("models")
    write_model(folder / "small")
    write_model(folder / "nano", labels=("plain", "smiling"))
    return folder


@pytest.fixture(scope="module")
def server(models: Path):
    """A running `python -m web`."""
    with serving("--models", str(models)) as running:
        yield running


@pytest.fixture(scope="module")
def client(models: Path):
    """Flask's test client."""
    return create_app(models).test_client()


def test_serve_prints_its_address_within_a_few_seconds_and_sends_the_page(models: Path):
    start = time.perf_counter()
    with serving("--models", str(models)) as running:
        waited = time.perf_counter() - start
        status, headers, body = running.request("/")
    assert status == 200 and headers["content-type"] == "text/html; charset=utf-8"
    assert b"<!doctype html>" in body[:40].lower()
    assert waited < 10, f"up after {waited:.1f} s"


@pytest.mark.parametrize("target", TRAVERSALS)
def test_path_traversal_finds_nothing(server: Server, target: str):
    status, headers, body = server.request(target)
    assert status in (400, 404), (status, body[:100])
    assert b"[tool.ruff]" not in body and b"root:" not in body
    if status == 404:
        assert policy_of(headers["content-security-policy"]).items() >= POLICY.items()


@pytest.mark.parametrize(
    "target", ["/models/large/manifest.json", "/models/", "/models/small", "/models/small/x.bin"]
)
def test_an_unknown_variant_or_file_is_a_404(client, target: str):
    response = client.get(target)
    assert response.status_code == 404 and response.text == "404 Not Found\n"


@pytest.mark.parametrize(
    "target", ["/", "/sw.js", "/page/main.js", "/runtime/emotion.js", "/nothing", "/models/index.json"]
)
def test_every_response_has_the_security_headers(client, target: str):
    for response in (client.get(target), client.head(target), client.post(target)):
        for name, value in SECURITY.items():
            assert response.headers.getlist(name) == [value]
        (policy,) = response.headers.getlist("Content-Security-Policy")
        assert policy_of(policy).items() >= POLICY.items()
        assert "Set-Cookie" not in response.headers
    assert client.post(target).status_code in (404, 405)


def test_scripts_are_the_pages_own_files_webassembly_and_what_the_page_begins_with(client):
    response = client.get("/")
    (inline,) = re.findall(r"<script>(.*?)</script>", response.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
    policy = policy_of(response.headers["Content-Security-Policy"])
    assert policy == {**POLICY, "script-src": f"'self' 'wasm-unsafe-eval' 'sha256-{digest}'"}


def test_what_is_refused_is_said_in_a_line_and_not_kept(client):
    missing, posted = client.get("/nothing"), client.post("/sw.js")
    assert (missing.status_code, missing.text) == (404, "404 Not Found\n")
    assert (posted.status_code, posted.text) == (405, "405 Method Not Allowed\n")
    assert set(posted.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    for response in (missing, posted):
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    none = client.get("/sw.js", headers={"Accept-Encoding": "identity;q=0, *;q=0"})
    assert (none.status_code, none.text) == (406, "406 Not Acceptable\n")


def test_an_exported_page_has_the_same_headers_for_its_host(client):
    lines = host_headers().splitlines()
    assert lines[1] == "/*"
    stated = dict(line.strip().split(": ", 1) for line in lines[2 : lines.index("/*.wasm")])
    policy = client.get("/").headers["Content-Security-Policy"]
    assert stated == {**SECURITY, "Content-Security-Policy": policy, "Cache-Control": "no-cache"}
    assert lines[lines.index("/*.wasm") + 1] == "  Content-Type: application/wasm"
    assert lines[lines.index("/*.mjs") + 1] == "  Content-Type: text/javascript; charset=utf-8"


def test_media_types_are_right(client, models: Path):
    expected = {
        "vendor/tfjs/tfjs-backend-wasm-simd.wasm": "application/wasm",
        "models/small/int8.tflite": "application/octet-stream",
        "manifest.webmanifest": "application/manifest+json",
        "page/main.js": "text/javascript; charset=utf-8",
        "style.css": "text/css; charset=utf-8",
        INDEX: "application/json",
    }
    for url, media_type in expected.items():
        assert client.get(f"/{url}").headers["Content-Type"] == media_type, url


def test_head_states_what_get_sends(server: Server):
    for target in ("/", "/sw.js", "/vendor/tfjs/tfjs-backend-wasm-simd.wasm"):
        get, head = server.request(target), server.request(target, "HEAD")
        assert head[0] == 200 and head[2] == b""
        assert int(head[1]["content-length"]) == len(get[2])
        assert head[1]["etag"] == get[1]["etag"]


def test_ranges_are_of_the_file_as_it_is(server: Server):
    target = "/vendor/tfjs/tfjs-backend-wasm-simd.wasm"
    whole = server.request(target)[2]
    status, headers, part = server.request(target, Range="bytes=10-19", Accept_Encoding="gzip, br")
    assert (status, part) == (206, whole[10:20])
    assert headers["content-range"] == f"bytes 10-19/{len(whole)}" and "content-encoding" not in headers
    assert server.request(target, Range="bytes=-7")[2] == whole[-7:]
    assert server.request(target, Range=f"bytes={len(whole)}-")[0] == 416
    stale = server.request(target, Range="bytes=0-3", If_Range='"another"')
    assert (stale[0], stale[2]) == (200, whole)


def test_an_etag_names_one_form_and_revalidates(client):
    plain, packed = (client.get("/sw.js", headers={"Accept-Encoding": kind}) for kind in ("identity", "gzip"))
    assert plain.headers["ETag"] != packed.headers["ETag"] and not packed.headers["ETag"].startswith("W/")
    assert gzip.decompress(packed.data) == plain.data and packed.headers["Content-Encoding"] == "gzip"
    again = client.get("/sw.js", headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Content-Security-Policy"] == plain.headers["Content-Security-Policy"]


def test_brotli_is_sent_where_it_was_made_and_is_the_file(client):
    response = client.get("/vendor/tfjs/tfjs.js", headers={"Accept-Encoding": "gzip, br"})
    assert response.headers["Content-Encoding"] == "br"
    assert len(response.data) < 110_000
    assert (
        client.get("/vendor/tfjs/tfjs.js", headers={"Accept-Encoding": "gzip, br;q=0"}).headers[
            "Content-Encoding"
        ]
        == "gzip"
    )


def test_only_an_address_with_its_own_hash_is_immutable(client, models: Path):
    digest = hashlib.sha256((models / "small" / "int8.tflite").read_bytes()).hexdigest()
    target = "/models/small/int8.tflite"
    kept = client.get(f"{target}?sha256={digest}")
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert kept.headers["Vary"] == "Accept-Encoding"
    for other in (target, f"{target}?sha256={'0' * 64}", "/sw.js", "/"):
        assert client.get(other).headers["Cache-Control"] == "no-cache", other


def test_a_file_that_changes_gets_another_etag(tmp_path: Path):
    write_model(tmp_path / "small")
    client = create_app(tmp_path).test_client()
    first = client.get("/models/small/int8.tflite").headers["ETag"]
    (tmp_path / "small" / "int8.tflite").write_bytes(b"another file")
    assert client.get("/models/small/int8.tflite").headers["ETag"] != first


def test_the_index_names_every_variant_and_starts_with_the_default(client):
    index = client.get(f"/{INDEX}").json
    assert index["default"] == "small"
    assert [entry["name"] for entry in index["models"]] == ["small", "nano"]
    for entry in index["models"]:
        assert client.get(f"/models/{entry['manifest']}").status_code == 200


def test_the_service_worker_knows_every_file_by_its_hash(client, models: Path):
    text = client.get("/sw.js").text
    known = json.loads(text.split("\n", 1)[0].removeprefix("self.SITE = ").removesuffix(";"))
    site = build_site(models)
    assert known["files"] == {url: entry.digest() for url, entry in site.items() if url != "sw.js"}
    assert known["precache"] == precached(site, "small")
    assert {"index.html", "vendor/tfjs/tfjs-backend-wasm-simd.wasm", "models/small/tfjs/weights.bin"} <= set(
        known["precache"]
    )
    kept_out = ("models/nano", "vendor/litert", "models/small/int8.tflite")
    assert not [url for url in known["precache"] if url.startswith(kept_out)]


def test_of_the_detector_both_networks_are_served_and_kept_for_pictures_offline():
    site = build_site(ROOT / "models")
    networks = {f"{name}/{file}" for name in ("tfjs", "tfjs_far") for file in ("model.json", "weights.bin")}
    served = {
        url.removeprefix("models/face_detector/") for url in site if url.startswith("models/face_detector/")
    }
    assert served == networks | {"near.tflite", "far.tflite", "manifest.json", "LICENSE.txt"}
    kept = {
        url.removeprefix("models/face_detector/")
        for url in precached(site, "small")
        if "face_detector" in url
    }
    assert kept == networks | {"manifest.json"}


def test_five_thousand_requests_at_concurrency_32(server: Server):
    targets = [
        "/",
        "/sw.js",
        "/page/main.js",
        "/models/index.json",
        "/models/small/manifest.json",
        "/nothing",
    ]
    failures: list[object] = []

    def worker(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        for index in range(5000 // 32 + (number < 5000 % 32)):
            target = targets[(number + index) % len(targets)]
            try:
                connection.request("GET", target, headers={"Accept-Encoding": "gzip"})
                response = connection.getresponse()
                body = response.read()
            except (OSError, http.client.HTTPException) as error:
                failures.append(error)
                return
            if response.status != (404 if target == "/nothing" else 200) or not body:
                failures.append((target, response.status))
        connection.close()

    threads = [threading.Thread(target=worker, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
