"""What the audit found, as the report shows it: rows of words, and the classes' shares of each split."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from model_build.reporting.texts import percent


@dataclass(frozen=True)
class Balance:
    """One class's images in each split: their count, and their share (0..1) of the split."""

    name: str
    counts: list[int]
    shares: list[float]


def audit_rows(audit: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yields (what was looked at, what was found); audit: what audit.json holds, or {}."""
    if not audit:
        return
    splits = {name: sum(counts.values()) for name, counts in audit["class_balance"].items()}
    listed = ", ".join(f"{count:,} {name}" for name, count in splits.items())
    yield "Images", f"{audit['images']:,} ({listed}); {audit['distinct_images']:,} distinct"
    yield "Images of one flat grey", f"{audit['flat_images']['count']:,}"
    for name, found in audit["duplicates_within"].items():
        if found["groups"]:
            text = (
                f"{found['groups']:,} groups, {found['conflicting_groups']:,} of them with conflicting labels"
            )
            yield f"Duplicates within {name}", text
    for found in audit["duplicates_across"]:
        text = f"{found['images']:,} images ({percent(found['share'])})"
        yield f"{found['images_of']} also in {found['also_in']}", text
    for found in audit.get("near_copies") or []:
        yield (
            f"Near copies of the training part, {found['images_of']}",
            f"{found['near_copies']:,} of {found['images_without_copies']:,} images without copies",
        )
    for entry in audit.get("sources", []):
        shared = ", ".join(f"{count:,} {name}" for name, count in entry["also_in_others"].items() if count)
        if shared:
            yield f"{entry['name']}: images also in another data set", shared
    for name, found in ((audit["ferplus"] or {}).get("majority") or {}).items():
        text = f"{percent(found['agreement'])} of {found['images']:,} images"
        yield f"Label agrees with the FER+ majority, {name}", text
    if audit["bad_rows"]:
        yield "Rows left out", f"{len(audit['bad_rows']):,}"


def balance(counts: dict[str, dict[str, int]]) -> list[Balance]:
    """Returns the classes' counts and shares. counts: split -> class -> images, as evaluation.json has them."""
    totals = [max(1, sum(by_class.values())) for by_class in counts.values()]
    names = next(iter(counts.values()))
    rows = []
    for name in names:
        own = [by_class[name] for by_class in counts.values()]
        rows.append(Balance(name, own, [count / total for count, total in zip(own, totals, strict=True)]))
    return rows
