"""What a user who waits sees: bars on a terminal's stderr, and lines on stdout, which a log keeps as well."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from face_emotion.console import Console


@contextlib.contextmanager
def progress_bar(what: str, total: float) -> Iterator[Callable[[float], None]]:
    """Yields a function that moves a bar on stderr to the position it is given (0..total).

    The bar disappears when the block ends; where stderr is not a terminal nothing is drawn.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda position: progress.update(task, completed=position)


def tell(line: str) -> None:
    """Writes a line of progress, at once."""
    print(line, flush=True)


def duration(seconds: float) -> str:
    """Returns a length of time in words: "14 s", "4 min 20 s", "2 h 05 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"
