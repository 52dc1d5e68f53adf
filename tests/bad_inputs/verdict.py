"""Whether a command ended clearly: SECURITY.md says what that is."""

from __future__ import annotations

import re
from pathlib import Path

from tests.bad_inputs.case import ACCEPTED, CLEAR, KILLED, TIMED_OUT, TRACEBACK, UNCLEAR, Case, Ended

STATUSES = {0, 1, 2, 130, 143}
BROKEN_PIPE = 141  # of a command whose reader has gone, as a shell reports SIGPIPE
LINES, LONGEST = 2, 200
SERVES = "(Ctrl-C stops it)"
# What Python says to those who program in it.
PYTHONS = re.compile(
    r"Errno|object has no attribute|NoneType|<class |object is not|Error\(|unhashable|subscriptable"
    r"|not supported between|codec can't|pickle|JSONDecodeError|^\w+Error\b|invalid \w+ value|concatenate",
    re.MULTILINE,
)


def judge(case: Case, ended: Ended, folder: Path) -> tuple[str, str]:
    """Returns the outcome and why it is no clear one ("" where it is).

    folder: the case's own, whose path does not count in a line's length.
    """
    if ended.timed_out and SERVES in ended.output:
        return ACCEPTED, ""
    if ended.timed_out:
        return TIMED_OUT, "did not end"
    if "Traceback (most recent call last)" in ended.errors or "Exception ignored" in ended.errors:
        return TRACEBACK, _last(ended.errors)
    if case.interrupt is not None:
        return _of_interrupted(ended)
    gone = case.stdout == "gone"
    if ended.status == BROKEN_PIPE and gone:
        return (
            (CLEAR, "") if not _told(ended.errors) else (UNCLEAR, "a word about a pipe whose reader has gone")
        )
    if ended.status not in STATUSES:
        return (KILLED if ended.status < 0 else UNCLEAR), f"status {ended.status}: {_last(ended.errors)}"
    if ended.left:
        return UNCLEAR, f"half written: {', '.join(ended.left)}"
    if ended.status == 0:
        return ACCEPTED, ""
    why = _unclear(case, ended, folder)
    return (UNCLEAR, why) if why else (CLEAR, "")


def _of_interrupted(ended: Ended) -> tuple[str, str]:
    """A command that was interrupted ends with 130 and one line, or had come to its end."""
    if ended.left:
        return UNCLEAR, f"half written: {', '.join(ended.left)}"
    if ended.status == 0:
        return ACCEPTED, ""
    lines = _told(ended.errors)
    if ended.status != 130:
        return (KILLED if ended.status < 0 else UNCLEAR), f"status {ended.status}: {_last(ended.errors)}"
    if len(lines) != 1 or not lines[0].startswith("interrupted"):
        return UNCLEAR, f"{len(lines)} lines: {' / '.join(lines)[:300]}"
    return CLEAR, ""


def _told(errors: str) -> list[str]:
    """Returns the lines on stderr but for warnings and notes, which are of other things."""
    return [
        line for line in errors.split("\n") if line.strip() and not line.startswith(("warning:", "note:"))
    ]


def _unclear(case: Case, ended: Ended, folder: Path) -> str:
    lines = _told(ended.errors)
    if ended.status == 1 and not lines:  # a check that says what differs on stdout
        lines = [line for line in ended.output.split("\n") if line.strip()][-1:]
    if not lines:
        return "says nothing"
    if (
        lines[-1].endswith(")") and "left out (" in lines[-1]
    ):  # of many pictures: a line for each, and their number
        many = [line for line in lines[:-1] if not line.startswith(("error: ", "skipped: "))]
        lines = lines if many else [lines[0], lines[-1]]
    if len(lines) > LINES:
        return f"{len(lines)} lines: {_last(ended.errors)}"
    for line in lines:
        if len(bare := without_paths(line, case, folder)) > LONGEST:
            return f"a line of {len(bare)} characters: {bare[:120]}…"
    said = "\n".join(lines)
    if found := PYTHONS.search(said):
        return f"{found[0]!r} in: {said}"
    if case.said and not any(text in said for text in case.said):
        return f"names none of {', '.join(case.said)}: {said}"
    return ""


def without_paths(line: str, case: Case, folder: Path) -> str:
    """Returns a line without the paths that the user gave, which may be as long as he likes."""
    paths = {
        str(folder),
        str(folder.resolve()),
        *case.words,
        *(word.partition("=")[2] for word in case.words),
    }
    for path in sorted(filter(lambda path: "/" in path or "." in path, paths), key=len, reverse=True):
        line = line.replace(path, "")
    return re.sub(r"\S*/\S*", "", line)


def _last(text: str) -> str:
    lines = [line for line in text.split("\n") if line.strip()]
    return lines[-1][:300] if lines else ""
