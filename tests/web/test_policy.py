"""Content-Security-Policies of other people's pages: a loading works or says which directive forbids it.

Released networks, a real server that sends the header with every file, headless Chromium.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import waitress

from tests.support.browser import chromium, page_of, require_chromium, until, wait_for_state
from tests.support.web import released_models

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")

ENGINES = ["tfjs", "litert"]
STRICT = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"
LOAD = """async (engine) => {
  const {EmotionRecognizer} = await import('/runtime/emotion.js');
  try {
    const recognizer = await EmotionRecognizer.load('/models/nano/manifest.json', {engine});
    const faces = await recognizer.recognize(new ImageData(64, 64));
    recognizer.dispose();
    return `${faces.length} faces`;
  } catch ({name, message}) {
    return `${name}: ${message}`.replaceAll(location.origin, '');
  }
}"""


class Headers:
    """A server of the page that sends these headers in place of its own policy."""

    def __init__(self) -> None:
        from web.app import create_app

        self.sent: dict[str, str] = {}
        self._application = create_app(released_models())
        self._server = waitress.create_server(self._answer, host="127.0.0.1", port=0)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.effective_port}/"

    def _answer(self, environ: dict, start_response) -> object:
        def start(status: str, headers: list[tuple[str, str]], error=None) -> object:
            kept = [(name, value) for name, value in headers if name != "Content-Security-Policy"]
            return start_response(status, [*kept, *self.sent.items()], error)

        return self._application(environ, start)

    def stop(self) -> None:
        self._server.close()
        self._thread.join(5)


@pytest.fixture(scope="module")
def server() -> Iterator[Headers]:
    running = Headers()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with chromium() as running:
        yield running


def loaded(server: Headers, browser, engine: str, policy: str, before: str = "", **headers: str) -> str:
    """What `load` and `recognize` say in an empty document, without the origin; `before` runs there first."""
    server.sent = {"Content-Security-Policy": policy} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    address = f"{server.url}models/index.json"
    with page_of(browser, address, check=False, service_workers="block") as page:
        if before:
            page.evaluate(before)
        return page.evaluate(LOAD, engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_policy_of_the_readme_is_enough(server: Headers, browser, engine: str):
    assert loaded(server, browser, engine, STRICT) == "0 faces"


@pytest.mark.parametrize("engine", ENGINES)
def test_every_directive_by_itself_is_enough(server: Headers, browser, engine: str):
    policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'"
    assert loaded(server, browser, engine, policy) == "0 faces"


@pytest.mark.parametrize("engine", ENGINES)
def test_without_wasm_unsafe_eval_that_is_said(server: Headers, browser, engine: str):
    assert loaded(server, browser, engine, "default-src 'self'") == (
        "PolicyError: The Content-Security-Policy of /runtime/worker.js forbids WebAssembly: "
        "its script-src must have 'wasm-unsafe-eval'."
    )


@pytest.mark.parametrize("directive", ["worker-src", "child-src"])  # the second stands in for a missing first
def test_without_a_worker_that_is_said(server: Headers, browser, directive: str):
    assert loaded(server, browser, "tfjs", f"{STRICT}; {directive} 'none'") == (
        "PolicyError: The Content-Security-Policy of /models/index.json refuses /runtime/worker.js: "
        "its worker-src must have 'self'."
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_without_connections_that_is_said(server: Headers, browser, engine: str):
    said = loaded(server, browser, engine, f"{STRICT}; connect-src 'none'")
    words = "PolicyError: The Content-Security-Policy of /runtime/worker.js refuses /"
    assert said.startswith(words) and said.endswith(": its connect-src must have 'self'.")


TRUSTED = f"{STRICT}; require-trusted-types-for 'script'"


def test_trusted_types_are_asked_for(server: Headers, browser):
    assert loaded(server, browser, "tfjs", TRUSTED) == (
        "PolicyError: The Content-Security-Policy of /models/index.json has require-trusted-types-for 'script': "
        "a policy must let runtime/worker.js be loaded before, such as "
        "trustedTypes.createPolicy('default', {createScriptURL: (address) => address})."
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_trusted_types_are_used(server: Headers, browser, engine: str):
    permitted = "void trustedTypes.createPolicy('default', {createScriptURL: (address) => address})"
    assert loaded(server, browser, engine, TRUSTED, permitted) == "0 faces"


@pytest.mark.parametrize("engine", ENGINES)
def test_cross_origin_isolation_is_neither_needed_nor_in_the_way(server: Headers, browser, engine: str):
    isolated = {"Cross_Origin_Opener_Policy": "same-origin", "Cross_Origin_Embedder_Policy": "require-corp"}
    assert loaded(server, browser, engine, STRICT, **isolated) == "0 faces"


def test_the_page_says_it_too(server: Headers, browser):
    server.sent = {"Content-Security-Policy": "default-src 'self'"}
    with page_of(browser, server.url, check=False, service_workers="block") as page:
        wait_for_state(page, "failed")
        until(page, "document.getElementById('card-text').textContent.includes(\"'wasm-unsafe-eval'\")")
