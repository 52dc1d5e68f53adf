"""Whether the page's recognizer grows: frame after frame, and what it holds after forced garbage collection.

    python -m benchmarks page --leaks 10000

Counted per engine: TF.js's tensors, WebAssembly memory, and the JavaScript heaps of page and worker with the array
buffers that belong to them. The first tenth of the frames is warm-up: compilers and buffers settle.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.page.chrome import ask
from benchmarks.page.host import Host
from benchmarks.page.table import aligned

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ENGINES = ("tfjs", "litert")
INTERVALS = 10
MOST_GROWTH = (
    1_000_000  # bytes that the heaps may vary by; a leak of 100 bytes a frame exceeds it in 10,000 frames
)


@dataclass(frozen=True)
class Held:
    """What is held after `frames` frames: tensors (None where the engine has none) and bytes."""

    frames: int
    tensors: int | None
    wasm: int
    page_heap: int
    worker_heap: int


def watch(
    browser: Browser, host: Host, engine: str, frames: int, advance: Callable[[int], None]
) -> list[Held]:
    """Recognizes `frames` frames on an engine and returns what is held after each tenth of them.

    `advance` is told how many frames are done. Raises RuntimeError if no face is found in a frame.
    """
    step = max(1, frames // INTERVALS)
    held = []
    with contextlib.closing(browser.new_page()) as page:
        heaps = _Heaps(page)
        page.goto(f"{host.url}benchmark/leaks.html?engine={engine}")
        done = 0
        for interval in range(1, INTERVALS + 1):
            while done < interval * step:
                count = min(100, interval * step - done)
                found = ask(page, f"runFrames({count})")
                if found != count:
                    raise RuntimeError(f"{engine}: {found} faces in {count} frames of one face")
                advance(done := done + count)
            worker = ask(page, "measureWorker()")
            held.append(Held(done, worker["tensors"], worker["wasm"], *heaps.used()))
    return held


def growth(held: list[Held]) -> list[str]:
    """Returns a line for each figure that is larger at the end than after the first interval; none is good."""
    first, last = asdict(held[0]), asdict(held[-1])
    allowed = {"tensors": 0, "wasm": 0, "page_heap": MOST_GROWTH, "worker_heap": MOST_GROWTH}
    return [
        f"{name} grows from {first[name]:,} to {last[name]:,} in {last['frames'] - first['frames']:,} frames"
        for name, most in allowed.items()
        if first[name] is not None and last[name] - first[name] > most
    ]


def table(engine: str, held: list[Held]) -> str:
    """Returns what is held at each interval as text for a terminal."""
    rows = [[f"{engine}: frames", "tensors", "WebAssembly", "heap of the page", "heap of the worker"]]
    rows += [["–" if value is None else f"{value:,}" for value in asdict(one).values()] for one in held]
    return "\n".join(aligned(rows))


class _Heaps:
    """The JavaScript heaps of a page and of its worker, through Chromium's debugging protocol."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session = page.context.new_cdp_session(page)
        self._workers: list[str] = []
        self._answers: dict[int, dict[str, Any]] = {}
        self._count = 0
        self._session.on("Target.attachedToTarget", lambda event: self._workers.append(event["sessionId"]))
        self._session.on("Target.receivedMessageFromTarget", self._received)
        self._session.send(
            "Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": False}
        )

    def used(self) -> tuple[int, int]:
        """Returns the bytes in use of page and worker after garbage was collected in both."""
        both = (self._session.send, self._send_to_worker)
        for send in both:
            send("HeapProfiler.collectGarbage")
        page, worker = (send("Runtime.getHeapUsage") for send in both)
        return _bytes(page), _bytes(worker)

    def _received(self, event: dict[str, Any]) -> None:
        answer = json.loads(event["message"])
        if "id" in answer:
            self._answers[answer["id"]] = answer["result"]

    def _send_to_worker(self, method: str) -> dict[str, Any]:
        self._count += 1
        message = json.dumps({"id": self._count, "method": method})
        (worker,) = self._workers
        self._session.send("Target.sendMessageToTarget", {"sessionId": worker, "message": message})
        while self._count not in self._answers:
            self._page.wait_for_timeout(20)
        return self._answers.pop(self._count)


def _bytes(usage: dict[str, Any]) -> int:
    return int(usage["usedSize"] + usage["backingStorageSize"])
