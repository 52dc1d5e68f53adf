"""`python -m benchmarks page`: this kit and its peers in one run, or a long run that watches the memory.

python -m benchmarks page                   # needs requirements-dev.txt, Chromium, and npm the first time
python -m benchmarks page --leaks 10000
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.page import leaks, opening, peers, report, speed
from benchmarks.page.chrome import chromium
from benchmarks.page.host import Host, hosting
from face_emotion.arguments import MOST_ROUNDS, file_path, whole
from face_emotion.errors import InputError
from face_emotion.files import write_json
from web.site import MODELS, STATIC

if TYPE_CHECKING:
    from playwright.sync_api import Browser

OUT = Path(__file__).parents[2] / "build" / "web-benchmark.json"
PORTRAIT = STATIC / "samples" / "portrait.jpg"
EXIT_GROWS = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's flags."""
    parser.add_argument(
        "--rounds",
        type=whole(2, MOST_ROUNDS),
        default=150,
        help="runs of every subject (default: %(default)s)",
    )
    parser.add_argument(
        "--openings",
        type=whole(1, MOST_ROUNDS),
        default=5,
        help="openings of every page (default: %(default)s)",
    )
    parser.add_argument("--any-core", action="store_true", help="do not keep the timed browser on one core")
    parser.add_argument(
        "--leaks",
        type=whole(0, MOST_ROUNDS),
        metavar="FRAMES",
        help="recognize so many frames on each engine instead, watch memory",
    )
    parser.add_argument(
        "--models", type=file_path, default=MODELS, metavar="DIR", help="folder of released models"
    )
    parser.add_argument("--out", type=file_path, default=OUT, metavar="FILE", help="where the JSON goes")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Measures, prints a table and writes the JSON; returns the exit status: 1 if the memory grows."""
    if options.leaks is not None:
        return _watch_memory(options.models, options.leaks)
    if options.rounds < 2 or options.openings < 1:
        raise InputError("--rounds: at least 2, and --openings: at least 1")
    folders = peers.fetch()
    with hosting(options.models, folders) as host, _camera() as camera:
        with chromium(camera, one_core=not options.any_core) as browser:
            version = browser.version
            with _progress("speed", 2 * options.rounds) as advance:
                times = speed.measure(browser, host, options.rounds, advance)
        with chromium(camera) as browser:
            measured = _measure_openings(browser, host, options.openings, times)
    settings = {"rounds": options.rounds, "openings": options.openings, "one_core": not options.any_core}
    command = f"python -m benchmarks page --rounds {options.rounds} --openings {options.openings}"
    command += " --any-core" if options.any_core else ""
    result = report.to_json(
        measured, command, version, settings | {"backend": "wasm, 1 thread", "frame": "640x480"}
    )
    write_json(options.out, result)
    print(report.table(result))
    print(f"\n{options.out}")
    return 0


def _measure_openings(
    browser: Browser, host: Host, count: int, times: dict[str, speed.Times]
) -> report.Measured:
    opening.bytes_of_first_visit(browser, host)  # the server packs files on their first request
    smallest: dict[str, list[tuple[float, int]]] = {name: [] for name in opening.SUBJECTS}
    with _progress("openings", count * 2 + 1) as advance:
        for name in opening.SUBJECTS:
            opening.open_smallest(browser, host, name)
        advance(1)
        for turn in range(count):
            for name, found in smallest.items():
                found.append(opening.open_smallest(browser, host, name))
            advance(turn + 2)
        done = count + 1
        openings = opening.open_page(browser, host, count, lambda turn: advance(done + turn))
    return report.Measured(times, openings, smallest, opening.bytes_of_first_visit(browser, host))


def _watch_memory(models: Path, frames: int) -> int:
    if frames < leaks.INTERVALS * 2:
        raise InputError(f"--leaks {frames}: at least {leaks.INTERVALS * 2} frames")
    faults = []
    with hosting(models) as host, _camera() as camera, chromium(camera) as browser:
        for engine in leaks.ENGINES:
            with _progress(f"{engine}, frames", frames) as advance:
                held = leaks.watch(browser, host, engine, frames, advance)
            print(leaks.table(engine, held), end="\n\n", flush=True)
            faults += [f"{engine}: {fault}" for fault in leaks.growth(held)]
    print("\n".join(faults) if faults else "nothing grows")
    return EXIT_GROWS if faults else 0


@contextlib.contextmanager
def _camera() -> Iterator[Path]:
    """Yields a film for Chromium's fake camera: the sample portrait."""
    with tempfile.TemporaryDirectory(prefix="camera-") as name:
        film = Path(name) / "portrait.mjpeg"
        shutil.copyfile(PORTRAIT, film)
        yield film


@contextlib.contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Shows a bar on stderr, where that is a terminal; yields a function that is told how much is done."""
    from rich.progress import Progress

    from face_emotion.console import Console

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.update(task, completed=done)
