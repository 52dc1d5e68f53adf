"""A progress bar on stderr for what the command is reading."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

Advance = Callable[[str], None]
LONGEST = 24  # characters of a text beside the bar


@contextlib.contextmanager
def progress_bar(what: str, total: int, wanted: bool = True) -> Iterator[Advance]:
    """Yields a function that moves the bar one step and shows a text beside it.

    what: stands before the bar; total: steps, 0 if unknown. The bar disappears when the block ends; where stderr is
    no terminal, or it is not wanted, nothing is drawn.
    """
    if not (wanted and sys.stderr.isatty()):
        yield lambda text: None
        return
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from face_emotion.console import Console

    columns = (TextColumn("{task.description}"), BarColumn(20), MofNCompleteColumn(), TimeRemainingColumn())
    text_beside = TextColumn("{task.fields[text]}")
    with Progress(*columns, text_beside, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(escape(_short(what)), total=total or None, text="")
        yield lambda text: progress.update(task, advance=1, text=escape(_short(text)))


def _short(text: str) -> str:
    """The text if it is short, else its end (of a path the file's name): the line must not wrap."""
    return text if len(text) <= LONGEST else f"…{text[1 - LONGEST :]}"
