"""The comparison of two builds as one HTML file that fetches nothing, and as a summary in the terminal.

python -m model_build report build/small models/small
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from face_emotion.console import Console
from face_emotion.files import write_text
from model_build.data.loading import SYNTHETIC
from model_build.evaluation.artifacts import title_of
from model_build.reporting import texts
from model_build.reporting.charts.bars import difference_bar, interval_mark
from model_build.reporting.charts.colours import SERIES
from model_build.reporting.charts.coverage import legend
from model_build.reporting.charts.reliability import reliability_pair
from model_build.reporting.page import html_environment


def write_comparison(result: dict[str, Any], path: Path) -> Path:
    """Writes what `compare.compare` returned as an HTML file and returns its path."""
    write_text(path, render(result))
    return path


def render(result: dict[str, Any]) -> str:
    """Returns the comparison's HTML."""
    environment = html_environment()
    environment.filters["points"] = points
    names, sets = result["names"], result["sets"]
    reach = [end for entry in sets for end in entry["interval"]]
    scale = min(0.0, *reach), max(0.0, *reach)
    widest = max(
        (abs(gain) for entry in result["classes"] if (gain := gained(entry)) is not None), default=0.0
    )
    return environment.get_template("compare.html.j2").render(
        result,
        drawn=_is_drawn(result),
        chosen=next(entry for entry in sets if entry["name"] == result["headline"]),
        verdict=verdict(result),
        mark=lambda entry: interval_mark(
            entry["interval"][0], entry["difference"], entry["interval"][1], scale, zero=True
        ),
        gained=gained,
        difference=lambda entry: difference_bar(gained(entry) or 0.0, widest, SERIES[0]),
        reliability=reliability_pair([entry["reliability"] for entry in result["calibration"]], names),
        legend=legend(names),
        title=lambda kind: row_title(kind, result),
        lead=" and ".join(map(title_of, result["artifacts"], result["fine_tuned"])),
        kinds=[kind for kind in result["drift"][0] if kind in result["drift"][1]],
    )


def gained(entry: Mapping[str, Any]) -> float | None:
    """Returns how much more of a class (of compare.compare's "classes") the second finds; None without images of it."""
    a, b = entry["recall_a"], entry["recall_b"]
    return None if a is None or b is None else float(b - a)


def row_title(kind: str, result: dict[str, Any]) -> str:
    """Returns what a reader sees for an artifact of both builds, of which one may be fine-tuned and the other not."""
    titles = [title_of(kind, fine_tuned) for fine_tuned in result["fine_tuned"]]
    if titles[0] == titles[1]:
        return titles[0]
    return "; ".join(f"{name}: {title}" for name, title in zip(result["names"], titles, strict=True))


def points(value: float | None) -> str:
    """Returns a difference of fractions as signed points, "+1.2", and "–" for None."""
    return "–" if value is None else f"{100 * value:+.1f}"


def verdict(result: dict[str, Any]) -> str:
    """Returns one sentence: which is better on the headline's set, by how much, and whether chance explains it."""
    entry = next(entry for entry in result["sets"] if entry["name"] == result["headline"])
    a, b = result["names"]
    low, high = (100 * end for end in entry["interval"])
    explained = "more than chance explains" if entry["p_value"] < 0.05 else "no more than chance explains"
    images = "images of drawn faces" if _is_drawn(result) else "images"
    return (
        f"On {entry['name']} ({entry['images']:,} {images}) {b} is {points(entry['difference'])} points from {a} "
        f"(95 % interval {low:+.1f} to {high:+.1f}): {entry['only_b']} images only {b} gets right, "
        f"{entry['only_a']} only {a} ({texts.p_text(entry['p_value'])}, {explained})."
    )


def print_comparison(result: dict[str, Any]) -> None:
    """Prints the sets, the classes and the clock as tables, and the verdict."""
    a, b = result["names"]
    console = Console(width=110)
    console.print(
        _table(f"{a} against {b}, {result['dataset']}", ["set", a, b, "points", "p"], _sets(result))
    )
    rows = [
        [entry["name"], f"{entry['support']:,}", *_pair(entry, "recall"), *_pair(entry, "f1")]
        for entry in result["classes"]
    ]
    heads = ["class", "images", f"recall {a}", b, "points", f"F1 {a}", b, "points"]
    console.print(_table(result["headline"], heads, rows))
    timed = [
        [row_title(kind, result), *(f"{entry['median_ms']:.3f}" for entry in pair)]
        for kind, pair in result["latency"].items()
    ]
    if timed:
        console.print(_table("median ms, one image, one thread, taking turns", ["artifact", a, b], timed))
    print(verdict(result))


def _is_drawn(result: Mapping[str, Any]) -> bool:
    return bool(result["dataset"] == SYNTHETIC)


def _sets(result: dict[str, Any]) -> list[list[str]]:
    return [
        [
            entry["name"],
            f"{entry['a']:.2%}",
            f"{entry['b']:.2%}",
            points(entry["difference"]),
            texts.p_text(entry["p_value"]).removeprefix("p ").removeprefix("= "),
        ]
        for entry in result["sets"]
    ]


def _pair(entry: dict[str, Any], figure: str) -> list[str]:
    a, b = entry[f"{figure}_a"], entry[f"{figure}_b"]
    known = a is not None and b is not None
    return [texts.percent(a), texts.percent(b), points(b - a if known else None)]


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(title=title)
    for index, head in enumerate(heads):
        table.add_column(head, justify="right" if index else "left")
    for row in rows:
        table.add_row(*row)
    return table
