"""The HTML and JavaScript that the READMEs show runs in Chromium under the headers that we ship."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from skimage.data import astronaut

from tests.support.browser import chromium, on_canvas, page_of, require_chromium, until, write_camera
from tests.support.paths import ROOT
from tests.support.static_host import Host
from tests.support.web import Server, serving
from web.export import export
from web.headers import SECURITY, host_headers
from web.npm import write_package
from web.site import MODELS

require_chromium()
BLOCK = re.compile(r"^```(html|javascript|js|mjs|jsx|typescript|ts)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SOURCE = re.compile(r'<script type="module" src="([\w.-]+)"></script>')


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """Chromium, its camera before somebody who smiles."""
    frame = on_canvas(astronaut()[:300, :400])
    with chromium(write_camera(tmp_path_factory.mktemp("camera") / "portrait.mjpeg", [frame] * 3)) as running:
        yield running


def write_page(folder: Path, readme: Path) -> str:
    """Writes a README's page into a folder, as its reader would; returns the page's name."""
    ((kind, page), (script_kind, script)) = BLOCK.findall(readme.read_text(encoding="utf-8"))
    assert (kind, script_kind) == ("html", "javascript")
    (name,) = SOURCE.findall(page)
    (folder / "camera.html").write_text(f"<!doctype html>{page}", encoding="utf-8")
    (folder / name).write_text(script, encoding="utf-8")
    (folder / "favicon.ico").touch()  # every browser asks for it; it is no part of what is shown
    return "camera.html"


def test_no_other_readme_shows_a_page() -> None:
    done = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True)
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in done.stdout.splitlines()}
    assert {name for name, text in texts.items() if BLOCK.search(text)} == {
        "README.md",
        "mobile/react-native/README.md",  # no page: tests/mobile/react_native typechecks its lines
        "web/package/README.md",
    }


def test_ten_lines_embed_the_page(browser, tmp_path: Path) -> None:
    readme = ROOT / "README.md"
    ((_, _), (_, script)) = BLOCK.findall(readme.read_text(encoding="utf-8"))
    assert len([line for line in script.splitlines() if line.strip("}")]) == 10
    export(tmp_path / "site", MODELS)
    name = write_page(tmp_path / "site", readme)
    with Host(tmp_path / "site") as host, page_of(browser, host.url + name) as page:
        until(page, "document.getElementById('answer').textContent === 'happy'", 60)


def test_the_packages_page(browser, tmp_path: Path) -> None:
    write_package(tmp_path / "face-emotion-kit", MODELS)
    name = write_page(tmp_path, ROOT / "web/package/README.md")
    with Host(tmp_path, host_headers()) as host, page_of(browser, host.url + name) as page:
        until(page, "document.getElementById('answer').textContent === '1 happy'", 60)


def test_the_host_of_these_tests_sends_what_our_server_sends(tmp_path: Path) -> None:
    """Else a page could pass here that our own headers refuse."""
    export(tmp_path / "site", MODELS)
    with Host(tmp_path / "site") as host, serving() as ours:
        port = int(host.url.rstrip("/").rsplit(":", 1)[1])
        for target in ("/index.html", "/runtime/worker.js", "/vendor/tfjs/tfjs-backend-wasm-simd.wasm"):
            status, sent, body = Server(host.url, port, ours.process).request(target)
            wanted_status, wanted, wanted_body = ours.request(target)
            assert (status, body) == (wanted_status, wanted_body) == (200, wanted_body)
            for header in (*SECURITY, "Cache-Control"):
                assert sent[header.lower()] == wanted[header.lower()], (target, header)


def test_a_script_in_the_page_itself_is_refused(browser, tmp_path: Path) -> None:
    (tmp_path / "favicon.ico").touch()
    (tmp_path / "inline.html").write_text("<!doctype html><p></p><script>document.title = 'ran'</script>")
    with (
        Host(tmp_path, host_headers()) as host,
        page_of(browser, f"{host.url}inline.html", check=False) as page,
    ):
        assert page.title() == ""
        (refused,) = page.record.errors
        assert "Content Security Policy" in refused
