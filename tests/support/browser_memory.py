"""How much memory the pages of a browser take that this process started (Linux alone tells).

with peak_of_pages() as peak: ...
assert peak() < 1_000_000                            # kB, of the page that took most
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

PROC = Path("/proc")


@contextlib.contextmanager
def peak_of_pages() -> Iterator[Callable[[], int]]:
    """Yields what tells the most kB that a renderer of Chromium has held since the block began (VmHWM)."""
    for pid in _renderers():
        with contextlib.suppress(OSError):
            (PROC / str(pid) / "clear_refs").write_text("5")  # the peak begins anew
    yield lambda: max(filter(None, map(_peak, _renderers())), default=0)


def _renderers() -> list[int]:
    found = []
    for path in PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if b"--type=renderer" in (path / "cmdline").read_bytes() and _is_ours(int(path.name)):
                found.append(int(path.name))
    return found


def _is_ours(pid: int) -> bool:
    while pid > 1:
        if pid == os.getpid():
            return True
        pid = int((PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[1])
    return False


def _peak(pid: int) -> int | None:
    with contextlib.suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+) kB", (PROC / str(pid) / "status").read_text())
        return int(found[1]) if found else None
    return None
