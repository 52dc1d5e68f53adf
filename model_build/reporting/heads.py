"""The default answer and each head's own, side by side on the sets that ask their questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from face_emotion.contract import BOTH_HEADS
from model_build.evaluation.evaluate import OWN_RULE
from model_build.evaluation.finished_build import FinishedBuild


@dataclass(frozen=True)
class HeadRow:
    """One answer of a network: whose it is, and its figures (metrics.score) on each of `head_sets`, in their order."""

    title: str
    scores: list[dict[str, Any]]


def head_title(head: str) -> str:
    """Returns what a reader sees for whose answer it is: "both", "labels" or "votes"."""
    return "default answer, both heads" if head == BOTH_HEADS else f"{head} head"


def head_sets(build: FinishedBuild) -> list[str]:
    """Returns the sets on which the heads stand side by side: the headline's, and the crowd's labels of its images."""
    known = build.evaluation["artifacts"][build.artifact]
    return [name for name in (build.set, f"{build.set} {OWN_RULE}") if name in known]


def head_rows(build: FinishedBuild) -> list[HeadRow]:
    """Returns the default answer's row and one for each head; none for a network with one head."""
    heads = build.evaluation["heads"]
    if not heads:
        return []
    answers = {BOTH_HEADS: build.evaluation["artifacts"][build.artifact]} | heads
    return [
        HeadRow(head_title(head), [by_set[name] for name in head_sets(build)])
        for head, by_set in answers.items()
    ]
