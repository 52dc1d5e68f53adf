"""The audit's findings as tables for a terminal and for audit.txt."""

from __future__ import annotations

import io
from typing import Any

from rich.table import Table

from face_emotion.console import Console

_WIDTH = 110


def format_text(findings: dict[str, Any]) -> str:
    """Returns what `audit.audit` found as plain text of at most 110 columns."""
    text = io.StringIO()
    console = Console(file=text, width=_WIDTH, color_system=None, highlight=False, markup=False)
    console.print(
        f"{findings['name']}: {findings['images']:,} images, {findings['distinct_images']:,} distinct"
    )
    flat = findings["flat_images"]
    console.print(f"{flat['count']} of one flat grey level{_rows(flat['rows'])}\n")
    for table in (_balance(findings), _within(findings), _across(findings)):
        console.print(table)
    if findings["near_copies"]:
        console.print(_near_copies(findings))
    if findings["sources"]:
        console.print(_sources(findings["sources"]))
    if findings["ferplus"]:
        console.print(_ferplus(findings["ferplus"]))
        console.print(f"{findings['ferplus']['images_without_votes']} images that no voter took for a face")
    bad = findings["bad_rows"]
    if bad:
        console.print(f"\n{len(bad):,} bad rows or images left out:")
        for entry in bad:
            where = f"row {entry['row']}" if isinstance(entry["row"], int) else entry["row"]
            console.print(f"  {where}: {entry['reason']}", soft_wrap=True)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def _balance(findings: dict[str, Any]) -> Table:
    splits = findings["split_names"]
    table = _table("Class balance", "class", *splits)
    totals = {split: sum(findings["class_balance"][split].values()) for split in splits}
    for name in findings["class_names"]:
        counts = [findings["class_balance"][split][name] for split in splits]
        shares = [count / max(1, totals[split]) for count, split in zip(counts, splits, strict=True)]
        cells = (f"{count:,} ({share:.1%})" for count, share in zip(counts, shares, strict=True))
        table.add_row(name, *cells)
    table.add_row("all", *(f"{totals[split]:,}" for split in splits))
    return table


def _within(findings: dict[str, Any]) -> Table:
    table = _table("Duplicates inside a split", "split", "groups", "extra copies", "groups with two labels")
    for split, found in findings["duplicates_within"].items():
        values = (found["groups"], found["extra_copies"], found["conflicting_groups"])
        table.add_row(split, *(f"{value:,}" for value in values))
    return table


def _across(findings: dict[str, Any]) -> Table:
    table = _table(
        "Duplicates across splits", "images of", "that also stand in", "images", "share", "relabelled"
    )
    for found in findings["duplicates_across"]:
        table.add_row(
            found["images_of"],
            found["also_in"],
            f"{found['images']:,}",
            f"{found['share']:.1%}",
            f"{found['with_a_label_not_found_there']:,}",
        )
    return table


def _near_copies(findings: dict[str, Any]) -> Table:
    title = f"Near copies of {findings['split_names'][0]}"
    table = _table(title, "images of", "without copies", "near copies", "of the same label")
    for found in findings["near_copies"]:
        values = (found["images_without_copies"], found["near_copies"], found["same_label"])
        table.add_row(found["images_of"], *(f"{value:,}" for value in values))
    return table


def _sources(sources: list[dict[str, Any]]) -> Table:
    splits = list(sources[0]["images"])
    table = _table("Data sets, and in brackets what stands in another one too", "data set", *splits)
    for entry in sources:
        cells = (f"{entry['images'][split]:,} ({entry['also_in_others'][split]:,})" for split in splits)
        table.add_row(entry["name"], *cells)
    return table


def _ferplus(findings: dict[str, Any]) -> Table:
    labels = list(next(iter(findings["majority"].values()))["classes"])
    table = _table("Agreement with FER+", "rule, split", "images", "same label", *labels)
    for rule in ("majority", "ferplus_rule"):
        for split, found in findings[rule].items():
            counts = (f"{found['classes'][label]:,}" for label in labels)
            name = f"{rule.replace('ferplus_rule', 'FER+ rule')}, {split}"
            table.add_row(name, f"{found['images']:,}", f"{found['agreement']:.1%}", *counts)
    return table


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _rows(rows: list[int], most: int = 12) -> str:
    if not rows:
        return ""
    more = f" and {len(rows) - most:,} more" if len(rows) > most else ""
    return f" (row {', '.join(map(str, rows[:most]))}{more})"
