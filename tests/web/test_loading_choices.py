"""What an embedder says to load() besides the model: giving up, and where the package is."""

from __future__ import annotations

import base64
import contextlib
import http.server
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.browser import page_of
from tests.support.engines import PRELUDE, Evaluate, frame_with_one_face
from tests.support.paths import ROOT
from tests.support.static_host import Host

# In the browser: `running`, of each worker that was started, and `lost`, promises whose failure nobody heard of.
WATCHED = """
const {EmotionRecognizer} = await runtime('emotion');
const running = [], lost = [];
const Original = Worker;
globalThis.Worker = class extends Original {
  #number = running.push(true) - 1;
  terminate() { running[this.#number] = false; super.terminate(); }
};
const listen = ({reason}) => { lost.push(String(reason)); };
addEventListener('unhandledrejection', listen);
const ended = async () => {
  await new Promise((resolve) => setTimeout(resolve, 50));
  globalThis.Worker = Original;
  removeEventListener('unhandledrejection', listen);
  return {running, lost};
};
const load = (options) => EmotionRecognizer.load(at('models/small/manifest.json'), options);
"""


class Stalling(http.server.SimpleHTTPRequestHandler):
    """Sends the page's files, of WebAssembly ones the first bytes; `gone`: of which the browser gave the rest up."""

    models: Path
    gone: list[str]

    def translate_path(self, path: str) -> str:
        """The file behind an address."""
        place = path.removeprefix("/models/")
        return str(ROOT / "web/static" / path[1:] if place == path else self.models / place)

    def do_GET(self) -> None:
        """Answers."""
        if self.path == "/favicon.ico":  # every browser asks for it
            self.send_response(204)
            self.end_headers()
        elif self.path.endswith(".wasm"):
            self._stall()
        else:
            super().do_GET()

    def _stall(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/wasm")
        self.send_header("Content-Length", "400000")
        self.end_headers()
        self.wfile.write(bytes(1000))
        if self.connection.recv(1) == b"":  # waits until the browser closes the connection
            self.gone.append(self.path)

    def end_headers(self) -> None:
        """Lets pages of other origins read the files."""
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextlib.contextmanager
def stalling(models: Path) -> Iterator[tuple[str, list[str]]]:
    """Runs such a server: its address, and `gone`."""
    handler = type("Handler", (Stalling,), {"models": models, "gone": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", handler.gone
        server.shutdown()


def eventually(page, holds: Callable[[], bool]) -> bool:
    """Whether something becomes true within ten seconds."""
    end = time.monotonic() + 10
    while not holds() and time.monotonic() < end:
        page.wait_for_timeout(20)
    return holds()


def test_a_signal_that_was_given_before_starts_nothing(evaluate: Evaluate) -> None:
    found = evaluate(
        WATCHED
        + """
        const reason = new Error('not wanted');
        const refused = await load({signal: AbortSignal.abort(reason)}).catch((error) => error);
        const usual = await load({signal: AbortSignal.abort()}).catch(({name}) => name);
        return {same: refused === reason, usual, ...await ended()};
        """
    )
    assert found == {"same": True, "usual": "AbortError", "running": [], "lost": []}


@pytest.mark.parametrize("engine", ["tfjs", "litert"])
def test_a_signal_ends_the_worker_and_what_it_fetches(engine: str, evaluate: Evaluate, models: Path) -> None:
    body = """
        const control = new AbortController(), reason = new Error('not wanted');
        const steps = [];
        const loading = load({engine: given, signal: control.signal, onProgress: ({done, step}) => {
          steps.push(step);
          if (done > 0.39) setTimeout(() => control.abort(reason), 300); // the networks are there, the engine is not
        }}).catch((error) => error);
        const same = await loading === reason;
        const told = steps.length;
        return {same, ...await ended(), quiet: steps.length === told};
        """
    browser, document = evaluate.page.context.browser, "models/small/manifest.json"
    with stalling(models) as (url, gone), page_of(browser, f"{url}{document}") as page:
        found = page.evaluate(f"async (given) => {{ {PRELUDE} {WATCHED} {body} }}", engine)
        assert found == {"same": True, "running": [False], "lost": [], "quiet": True}
        name = {"tfjs": "tfjs/tfjs-backend-wasm-simd.wasm", "litert": "litert/litert.wasm"}[engine]
        assert eventually(page, lambda: gone == [f"/vendor/{name}"]), gone
        assert eventually(page, lambda: page.workers == [])


def test_a_signal_after_loading_changes_nothing(evaluate: Evaluate) -> None:
    found = evaluate(
        WATCHED
        + """
        const control = new AbortController();
        const recognizer = await load({signal: control.signal});
        control.abort();
        const faces = await recognizer.recognize(frameOf(given));
        const before = [...running];
        recognizer.dispose();
        return {faces: faces.length, before, ...await ended()};
        """,
        frame_with_one_face(),
    )
    assert found == {"faces": 1, "before": [True], "running": [False], "lost": []}


def test_the_package_may_be_in_another_folder(evaluate: Evaluate) -> None:
    """Worker, engine and networks come from there, the detector's too; only this page's own origin will do."""
    page, recorded = evaluate.page, evaluate.record.requests
    page.route(
        "**/kit/**",
        lambda route: route.fulfill(response=route.fetch(url=route.request.url.replace("kit/", ""))),
    )
    start = len(recorded)
    try:
        found = evaluate(
            """
            const {EmotionRecognizer} = await runtime('emotion');
            const load = (assets) => EmotionRecognizer.load('models/small/manifest.json', {assets});
            const counts = [];
            for (const assets of [at('kit/'), '/kit', new URL('/kit/', location.href)]) {
              const recognizer = await load(assets);
              counts.push((await recognizer.recognize(frameOf(given))).length);
              recognizer.dispose();
            }
            const refused = await load('https://elsewhere.test/kit').catch(({name, message}) => [name, message]);
            return {counts, refused};
            """,
            frame_with_one_face(),
        )
    finally:
        page.unroute_all()
    assert found == {
        "counts": [1, 1, 1],
        "refused": [
            "RangeError",
            "assets https://elsewhere.test/kit/: a folder of this page's own origin is expected,"
            " no worker starts from another",
        ],
    }
    fetched = [url.removeprefix(evaluate.server.url) for url in recorded[start:]]
    for place in ("runtime/worker.js", "vendor/tfjs/tfjs.js", "models/small/tfjs/model.json"):
        assert fetched.count(f"kit/{place}") >= 1 and place not in fetched, fetched
    assert "kit/models/face_detector/manifest.json" in fetched


def test_a_module_of_another_origin_cannot_start_its_worker(evaluate: Evaluate, models: Path) -> None:
    browser, document = evaluate.page.context.browser, "models/small/manifest.json"
    with stalling(models) as (url, _), page_of(browser, f"{url}{document}", check=False) as page:
        found = page.evaluate(
            """
            async (other) => {
              const {EmotionRecognizer} = await import(`${other}runtime/emotion.js`);
              return EmotionRecognizer.load('models/small/manifest.json').catch(({name, message}) => [name, message]);
            }
            """,
            url.replace("127.0.0.1", "insecure.test"),
        )
    assert found[0] == "ModelMissingError"
    assert found[1].startswith("The worker cannot run: ") and "origin" in found[1], found


def test_files_may_have_names_and_places_of_their_own(evaluate: Evaluate, models: Path) -> None:
    """As bundlers give them: hashed, or written into the script, from where nothing is fetched."""
    page, recorded = evaluate.page, evaluate.record.requests
    names = {
        "a1.json": "small/manifest.json",
        "b2.tflite": "small/int8.tflite",
        "c3.tflite": "face_detector/near.tflite",
    }

    def reply(route) -> None:
        route.fulfill(body=(models / names[route.request.url.rsplit("/", 1)[1]]).read_bytes())

    page.route("**/out/*", reply)
    text = base64.b64encode((models / "face_detector/manifest.json").read_bytes()).decode()
    start = len(recorded)
    try:
        found = evaluate(
            """
            const {EmotionRecognizer} = await runtime('emotion');
            const {fetchFile} = await runtime('fetching');
            const model = {
              manifest: '/out/a1.json', files: {'int8.tflite': at('out/b2.tflite')},
              detector: {manifest: given.detector, files: {'near.tflite': '/out/c3.tflite'}},
            };
            const recognizer = await EmotionRecognizer.load(model, {engine: 'litert'});
            const faces = await recognizer.recognize(frameOf(given.frame), {reach: 'near'});
            recognizer.dispose();
            const plain = new TextDecoder().decode(await fetchFile('data:text/plain,a%20b,%C3%A4'));
            return {faces: faces.length, plain};
            """,
            {"frame": frame_with_one_face(), "detector": f"data:application/json;base64,{text}"},
        )
    finally:
        page.unroute_all()
    assert found == {"faces": 1, "plain": "a b,ä"}
    fetched = [url.removeprefix(evaluate.server.url) for url in recorded[start:]]
    assert sorted(url for url in fetched if url.startswith(("out/", "models/", "data:"))) == [
        f"out/{name}" for name in names
    ]


def test_what_is_no_model_is_said_of_the_address_that_was_given(evaluate: Evaluate) -> None:
    """What an embedder gives by mistake; of two addresses that are wrong the one that somebody wrote is named."""
    page = evaluate.page
    page.route("**/app/**", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.route("**/nowhere/*", lambda route: route.fulfill(status=404))
    try:
        found = evaluate(
            """
            const {EmotionRecognizer} = await runtime('emotion');
            const refused = (model) => EmotionRecognizer.load(model).catch(({name, message}) => `${name}: ${message}`);
            const manifest = await (await fetch(at('models/small/manifest.json'))).json();
            const said = [];
            const elsewhere = ['/nowhere/manifest.json', '/app/manifest.json'];
            for (const model of [undefined, null, '', manifest, 'http://', ...elsewhere]) {
              said.push((await refused(model)).replace(location.origin, ''));
            }
            return said;
            """
        )
    finally:
        page.unroute_all()
    expected = "is no address: that of a manifest.json, or what models/NAME.js exports, is expected"
    assert found == [
        *(f"RangeError: {what} {expected}" for what in ("Undefined", "Null", '""', "Object", '"http://"')),
        "ModelMissingError: /nowhere/manifest.json cannot be loaded: the server answers 404.",
        "ModelMissingError: /app/manifest.json is a page, not a manifest.json: the server has no such file.",
    ]


def test_an_address_beside_the_manifest_is_answered_with_the_right_one(
    models: Path, evaluate: Evaluate
) -> None:
    """A folder, with and without its slash, other files of it: of a server that lists folders as pages, and of ours."""
    addresses = ["models/nano/", "models/nano", "models/nano/tfjs/model.json", "models/nano/int8.tflite"]
    load = """
        const {EmotionRecognizer} = await runtime('emotion');
        const said = [];
        for (const model of [...given.map(at), {model: '/models/nano/'}]) {
          said.push(await EmotionRecognizer.load(model).catch(({name, message}) => `${name}: ${message}`));
        }
        return said.map((one) => one.replaceAll(location.origin, ''));
    """
    right = "Expected is /models/nano/manifest.json."
    listed = "is a page, not a manifest.json: the server has no such file."
    no_format = "is not a manifest of format 1 or 2; take a released model."
    no_json = "is damaged: it is not JSON, or nested too deeply."
    first = "RangeError: the address of a manifest.json comes first, what else is wanted after it: "
    first += "load(manifest, {engine})"
    page = evaluate.page
    with Host(models, "") as host:  # lists folders
        page.route(
            lambda url: url.endswith(("/models/nano/", "/models/nano")),
            lambda route: route.fulfill(response=route.fetch(url=f"{host.url}nano/")),
        )
        try:
            listing = evaluate(load, addresses)
        finally:
            page.unroute_all()
    assert listing == [
        f"ModelMissingError: /models/nano/ {listed} {right}",
        f"ModelMissingError: /models/nano {listed} {right}",
        f"ModelDamagedError: /models/nano/tfjs/model.json {no_format} {right}",
        f"ModelDamagedError: /models/nano/int8.tflite {no_json} {right}",
        first,
    ]
    missing = "cannot be loaded: the server answers 404."
    assert evaluate(load, addresses[:2]) == [
        f"ModelMissingError: /models/nano/ {missing} {right}",
        f"ModelMissingError: /models/nano {missing} {right}",
        first,
    ]
