"""The table of how bad inputs ended: as text for a terminal, as Markdown for docs/BAD_INPUTS.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from tests.bad_inputs.case import OUTCOMES, Case

KINDS = {
    "usage": "flags and sub-commands that are not there",
    "flag": "values of flags: of another kind, out of range, huge, no text",
    "place": "no file, another kind of file, a link in a circle, a device, a pipe",
    "path": "paths that no file can have, that lead in circles, or whose bytes are no text",
    "content": "files cut off, overwritten, with other values, of another format",
    "output": "results that cannot be written where they should be",
    "around": "working folders, locales, closed streams, full disks, readers that go away",
    "memory": "limits of addresses",
    "interrupt": "Ctrl-C at twelve times",
}

Counts = Mapping[tuple[str, str], int]


def text(ended: Sequence[tuple[Case, str]]) -> str:
    """Returns a line for each command: how many of its inputs ended how. ended: cases with their outcomes."""
    counts = Counter((case.command, outcome) for case, outcome in ended)
    shown = [outcome for outcome in OUTCOMES if any(found == outcome for _, found in ended)]
    lines = [f"{'command':32}" + "".join(f"{outcome.lower():>11}" for outcome in shown)]
    for command in dict.fromkeys(case.command for case, _ in ended):
        lines.append(f"{command:32}" + "".join(f"{counts[command, outcome]:>11}" for outcome in shown))
    return "\n".join(lines)


def markdown(ended: Sequence[tuple[Case, str]], command: str) -> str:
    """Returns the page: by the kind of the damage, and by the command. command: the line that made it."""
    lines = [
        "# Bad input: what was tried",
        "",
        f"Made by `{command}`",
        "in one run on Linux (x86-64, Python 3.11). *Clear*: one of our statuses and at most two lines that name the",
        "file, row or flag (SECURITY.md). *Accepted*: the command did what it was asked for, and the damage did not",
        "matter to it, or Ctrl-C came after its last step.",
        "",
        *_rows(Counter((case.kind, outcome) for case, outcome in ended), "damage", KINDS),
        "",
        *_rows(Counter((case.command, outcome) for case, outcome in ended), "command", {}),
    ]
    return "\n".join(lines) + "\n"


def _rows(counts: Counter[tuple[str, str]], title: str, names: Mapping[str, str]) -> Iterator[str]:
    yield f"| {title} | inputs | " + " | ".join(outcome.lower() for outcome in OUTCOMES) + " |"
    yield "| --- |" + " ---: |" * (len(OUTCOMES) + 1)
    first = sorted(
        {row for row, _ in counts}, key=lambda row: (list(names).index(row) if row in names else -1, row)
    )
    for row in first:
        shown = f"{row}: {names[row]}" if row in names else f"`{row}`"
        yield _row(shown, [counts[row, outcome] for outcome in OUTCOMES])
    yield _row("all", [sum(counts[row, outcome] for row in first) for outcome in OUTCOMES])


def _row(name: str, numbers: Sequence[int]) -> str:
    return f"| {name} | {sum(numbers):,} | " + " | ".join(f"{number:,}" for number in numbers) + " |"
