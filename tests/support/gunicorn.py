"""gunicorn as the README starts it, on a free port."""

from __future__ import annotations

import contextlib
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from tests.support.paths import ROOT
from tests.support.web import Server


def stated_line() -> list[str]:
    """Returns the words of the README's line for gunicorn, without the program's name."""
    (line,) = re.findall(r"`gunicorn (.+?)`", (ROOT / "docs" / "PAGE.md").read_text(encoding="utf-8"))
    return shlex.split(line)


@contextlib.contextmanager
def serving_by_gunicorn(models: Path) -> Iterator[tuple[Server, list[str]]]:
    """Runs that line for a models folder until the block ends; yields the server and what it logs meanwhile."""
    words = stated_line()
    assert words[-1] == "web.app:create_app()"
    words[-1] = f"web.app:create_app({str(models)!r})"
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", *words],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        logged: list[str] = []
        found = None
        while not found:
            line = process.stderr.readline()
            assert line, "".join(logged)
            logged.append(line)
            found = re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", line)
        reader = threading.Thread(target=lambda: logged.extend(process.stderr), daemon=True)
        reader.start()
        yield Server("", int(found[1]), process), logged
    finally:
        process.terminate()
        process.wait(20)
        reader.join(5)
        process.stderr.close()
