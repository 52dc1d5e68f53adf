"""What a build's figures say, in sentences for people who know none of the terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from face_emotion.contract import BOTH_HEADS
from model_build.evaluation.finished_build import FinishedBuild
from model_build.evaluation.robustness import worst_damage
from model_build.reporting.source_rows import SourceRow, source_rows
from model_build.reporting.texts import faces, percent, shown_name

SHOWN = 3  # confusions that are told
LEVEL = 0.02  # of mean confidence and accuracy: closer than that, they are called level


@dataclass(frozen=True)
class Confusion:
    """Faces of one class that are taken for another: count of them, and share (0..1) of the class."""

    true: str
    answer: str
    count: int
    share: float


def in_short(build: FinishedBuild) -> list[tuple[str, str]]:
    """Returns (a question, its answer in a sentence or two): right for what, confused by what, how sure, where else."""
    answers = {
        "What is it right for?": right_for(build.headline, faces(build)),
        "What does it confuse?": confused(build.headline),
        "And on each data set?": each_set(source_rows(build)),
        "Does it know when it is unsure?": " ".join(sure(build)),
        "And on other pictures?": " ".join(elsewhere(build)),
    }
    return [(question, answer) for question, answer in answers.items() if answer]


def right_for(score: Mapping[str, Any], noun: str) -> str:
    """Returns which classes are found most and least often. score: as metrics.score gives it; noun: "faces"."""
    known = [entry for entry in score["per_class"] if entry["recall"] is not None]
    ranked = sorted(known, key=lambda entry: -entry["recall"])
    best, *others = ranked[: 2 if len(ranked) > 3 else 1]
    said = f"It finds {percent(best['recall'], 0)} of the {noun} labelled {best['name']}"
    said += "".join(
        f" and {percent(entry['recall'], 0)} of those labelled {entry['name']}" for entry in others
    )
    if len(ranked) < 2:
        return f"{said}; there were no others."
    return f"{said}; worst: {percent(ranked[-1]['recall'], 0)} of those labelled {ranked[-1]['name']}."


def confusions(score: Mapping[str, Any]) -> list[Confusion]:
    """Returns every confusion that occurred, by share of the true class, largest first."""
    names = [entry["name"] for entry in score["per_class"]]
    found = [
        Confusion(names[true], names[answer], count, count / sum(row))
        for true, row in enumerate(score["confusion"])
        for answer, count in enumerate(row)
        if answer != true and count
    ]
    return sorted(found, key=lambda entry: (-entry.share, -entry.count))


def confused(score: Mapping[str, Any]) -> str:
    """Returns the most frequent confusions as a sentence."""
    found = confusions(score)[:SHOWN]
    if not found:
        return "Nothing in this set."
    told = [f"{one.true} for {one.answer} ({percent(one.share, 0)} of all {one.true})" for one in found]
    return f"Most often it takes {', '.join(told)}."


def each_set(rows: Sequence[SourceRow]) -> str:
    """Returns how much is right of each of the data sets that were mixed, "" for none."""
    told = [f"{percent(row.score['accuracy'], 0)} of {row.name}" for row in rows]
    return f"It is right on {', '.join(told[:-1])} and {told[-1]}." if told else ""


def sure(build: FinishedBuild) -> Iterator[str]:
    """Yields how often answers are certain and right, and whether the stated confidence is too high or too low."""
    found = build.evaluation["certainty"].get(build.set)
    noun = faces(build)
    if found and found["accuracy"] is not None:
        rest = "; on the rest it says “unclear”" if found["coverage"] < 1 else ""
        yield (
            f"It is certain on {percent(found['coverage'], 0)} of the {noun} and right on "
            f"{percent(found['accuracy'], 0)} of these{rest}."
        )
    yield stated_confidence(build.headline["reliability"])


def stated_confidence(bins: Sequence[Mapping[str, float]]) -> str:
    """Returns how the mean confidence compares with the share of right answers. bins: of calibration_bins."""
    total = sum(entry["count"] for entry in bins)
    gap = sum(entry["count"] * (entry["confidence"] - entry["accuracy"]) for entry in bins) / total
    if abs(gap) < LEVEL:
        return "Its probabilities are about as high as it is often right."
    return f"Its probabilities are {100 * abs(gap):.0f} points too {'high' if gap > 0 else 'low'} on average."


def elsewhere(build: FinishedBuild) -> Iterator[str]:
    """Yields what it is worth on other people's pictures, and under the damage that costs most."""
    for found in build.off_data:
        row = found["heads"].get(BOTH_HEADS)
        if row is not None:
            yield (
                f"{percent(row['accuracy'], 0)} right on {row['pictures']:,} pictures of {row['people']:,} other "
                f"people ({found['data']})."
            )
    worst = worst_damage(build.robustness)
    if worst:
        clean = percent(build.robustness["clean"]["accuracy"], 0)
        yield (
            f"Of all damage, {worst['name']} costs most: {percent(worst['accuracy'], 0)} right at its worst, "
            f"{clean} without damage ({shown_name(build, build.robustness['set'])})."
        )
