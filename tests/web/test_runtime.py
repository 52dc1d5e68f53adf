"""The page's modules in node: twins of face_emotion, tested against what Python computes.

Each tests/js/NAME.test.mjs runs under node's own test runner; Python writes the vectors that it reads.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.javascript import run_node_tests, write_vectors
from tests.support.paths import ROOT

SCRIPTS = Path(__file__).parent / "js"
RUNTIME = ROOT / "web" / "static" / "runtime"


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the scripts compare with."""
    return write_vectors(tmp_path_factory.mktemp("vectors") / "vectors.json")


@pytest.mark.parametrize(
    "name",
    [
        "baseline",
        "agreement",
        "batch",
        "blazeface",
        "carried",
        "classifier",
        "contract",
        "detector",
        "follower",
        "geometry",
        "hostile",
        "live",
        "normalization",
        "occlusion",
        "partly",
        "recognizer",
        "sequence",
        "smoother",
        "sought",
        "softmax",
        "suppression",
        "run",
        "share",
        "tags",
        "timeline",
        "tracker",
        "cards",
        "loop",
        "words",
        "sentences",
        "video",
    ],
)
def test_twin(name: str, vectors: Path) -> None:
    output = run_script(name, vectors)
    assert int(re.search(r"^# pass (\d+)$", output, re.MULTILINE)[1]) > 0, output
    for line in re.findall(r"^# .* ms.*$", output, re.MULTILINE):
        print(line)


def test_every_script_is_run() -> None:
    found = {path.name.removesuffix(".test.mjs") for path in SCRIPTS.glob("*.test.mjs")}
    assert found == set(test_twin.pytestmark[0].args[1])


def test_modules_are_small_and_reach_no_other_host() -> None:
    page = RUNTIME.parent / "page"
    lists = {
        page / "words" / "en.js",
        page / "words" / "de.js",
    }  # all that is said in a language stands in one
    for path in [*RUNTIME.rglob("*.js"), *page.rglob("*.js")]:
        text = path.read_text(encoding="utf-8")
        assert path in lists or len(text.splitlines()) <= 160, path.name
        outside = set(re.findall(r"https?://[a-z][^']*", text))
        assert outside <= {"http://www.w3.org/2000/svg"}, path.name  # a name, not an address


def test_the_page_has_no_state_beside_its_objects_and_one_place_that_gathers_its_elements() -> None:
    page = {path.name: path.read_text(encoding="utf-8") for path in (RUNTIME.parent / "page").rglob("*.js")}
    stateful = [name for name, text in page.items() if re.search(r"^(export )?let ", text, re.MULTILINE)]
    assert stateful == ["words.js"]  # the language of the document
    asking = [
        name for name, text in page.items() if re.search(r"getElementById|querySelectorAll\('\[id", text)
    ]
    assert sorted(asking) == ["elements.js", "example.js"]  # example.js is a page of its own


def test_page_and_worker_name_all_that_they_import() -> None:
    static = RUNTIME.parent
    page = (static / "index.html").read_text(encoding="utf-8")
    preloaded = re.findall(r'rel="modulepreload" href="([^"]+)"', page)
    # Firefox takes a module that is a script of the page and preloaded as well for one that did not load.
    scripts = set(re.findall(r'<script type="module" src="([^"]+)"', page))
    assert not scripts & set(preloaded)
    assert set(preloaded) | scripts == _imported("page/main.js", static) | {"page/main.js"}
    assert _imports(RUNTIME / "worker.js", static) == _imported("runtime/worker.js", static)


def _imports(path: Path, static: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    found = re.findall(r"^(?:import|export)\s(?:[^;']*?from )?'(\.[^']+)'", text, re.MULTILINE)
    return {(path.parent / name).resolve().relative_to(static).as_posix() for name in found}


def _imported(entry: str, static: Path) -> set[str]:
    """Every module that one imports, also through others, without itself."""
    found, waiting = set(), [entry]
    while waiting:
        new = _imports(static / waiting.pop(), static) - found - {entry}
        found |= new
        waiting += new
    return found


def run_script(name: str, vectors: Path) -> str:
    """Runs tests/js/NAME.test.mjs in node and returns what it printed (TAP); fails the test if it fails."""
    status, output = run_node_tests(SCRIPTS / f"{name}.test.mjs", vectors)
    assert status == 0, output
    return output
