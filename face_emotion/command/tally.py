"""The line that ends a run: how many files were seen, read and left out, and for what reasons.

tally(3, problems, others)    # "6 files: 3 read, 3 left out (2 neither picture nor video, 1 the file is empty)"
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from face_emotion.command.inputs import Problem
from face_emotion.heic import NEEDS_EXTRA

_SHORT = {NEEDS_EXTRA: "HEIC: pip install 'face-emotion-kit[heic]'"}
_TOO_SMALL = re.compile(r"\d+×\d+ pixels where at least \d+ a side are needed")
_DETAIL = re.compile(r" \((?:[^()]|\([^()]*\))*\)|; .*")  # Pillow's own words may have brackets in them


def tally(read: int, problems: Sequence[Problem], others: Mapping[str, int]) -> str | None:
    """Returns the line; None where there is nothing to count, or one problem's own line says it all.

    read: files; problems: those that count are files left out; others: how many more are, by reason. Reasons that
    differ in what stands in brackets or behind a semicolon are one; the most frequent come first.
    """
    reasons = Counter(others)
    reasons.update(_group(problem.reason) for problem in problems if problem.counts)
    left_out = reasons.total()
    seen = read + left_out
    if not seen or (seen == 1 and not read and problems):
        return None
    why = ", ".join(f"{count:,} {reason}" for reason, count in reasons.most_common())
    said = f", {left_out:,} left out ({why})" if left_out else ""
    return f"{seen:,} file{'' if seen == 1 else 's'}: {read:,} read{said}"


def _group(reason: str) -> str:
    reason = _TOO_SMALL.sub("too small", _SHORT.get(reason, reason))
    return " ".join(_DETAIL.sub("", reason).split())
