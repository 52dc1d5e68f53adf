"""The page's recognizer does not grow: a short form of `python -m benchmarks page --leaks 10000`, on both engines."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from benchmarks.page.chrome import chromium
from benchmarks.page.command import PORTRAIT
from benchmarks.page.host import hosting
from benchmarks.page.leaks import ENGINES, MOST_GROWTH, Held, growth, table, watch
from tests.support.browser import require_chromium
from tests.support.web import released_models

require_chromium()

FRAMES = 600


def test_nothing_grows_while_frames_are_recognized(tmp_path: Path):
    camera = Path(shutil.copy(PORTRAIT, tmp_path / "portrait.mjpeg"))
    with hosting(released_models()) as host, chromium(camera) as browser:
        for engine in ENGINES:
            held = watch(browser, host, engine, FRAMES, lambda done: None)
            print(table(engine, held))
            assert growth(held) == [], engine
            assert held[-1].frames == FRAMES and held[0].wasm > 1_000_000
            assert held[0].worker_heap > 500_000, "the worker's heap is not seen"
            assert (held[0].tensors is None) == (engine == "litert")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"tensors": 101}, "tensors grows from 100 to 101 in 900 frames"),
        ({"wasm": 2**25}, "wasm grows"),
        ({"page_heap": 2_000_000 + MOST_GROWTH}, "page_heap grows"),
        ({"worker_heap": 3_000_001 + MOST_GROWTH}, "worker_heap grows"),
    ],
)
def test_growth_is_named(change: dict, word: str):
    first = Held(frames=100, tensors=100, wasm=2**24, page_heap=1_900_000, worker_heap=3_000_000)
    last = dataclasses.replace(first, frames=1000)
    assert growth([first, last]) == []
    (line,) = growth([first, dataclasses.replace(last, **change)])
    assert word in line
