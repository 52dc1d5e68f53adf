"""How often a model is certain, and right: on the data set that it was built from, and on other people's pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from face_emotion.contract import BOTH_HEADS
from model_build.evaluation.finished_build import FinishedBuild
from model_build.reporting.texts import percent, shown_name


@dataclass(frozen=True)
class CertaintyRow:
    """name: of the pictures, for a reader; found: what evaluation.coverage.coverage_figures returned."""

    name: str
    found: dict[str, Any]


def certainty_rows(build: FinishedBuild) -> list[CertaintyRow]:
    """Returns the headline's set, the set that the threshold was chosen on, and each set of other people's pictures."""
    certainty = build.evaluation["certainty"]
    names = dict.fromkeys((build.set, build.evaluation["protocol"]["selected_on"]))
    rows = [CertaintyRow(shown_name(build, name), certainty[name]) for name in names if name in certainty]
    for found in build.off_data:
        if BOTH_HEADS in found["heads"]:
            rows.append(CertaintyRow(found["data"], found["heads"][BOTH_HEADS]["certainty"]))
    return rows


def certainty_sentence(build: FinishedBuild) -> str:
    """Returns what docs/PYTHON.md says of a model's certain answers."""
    first, *rest = certainty_rows(build)
    others = "; ".join(
        f"{row.name}: {percent(row.found['coverage'], 0)}, {percent(row.found['accuracy'])}"
        for row in rest
        if row.name != build.evaluation["protocol"]["selected_on"]
    )
    return (
        f"Of `{build.name}`'s answers with at least {100 * first.found['threshold']:.0f} % probability, "
        f"{percent(first.found['coverage'], 0)} of {first.name}, {percent(first.found['accuracy'])} are right"
        f"{f' ({others})' if others else ''}."
    )
