"""The words of report, model card and tables: sets' names, percentages, sentences on how figures came about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from model_build.evaluation.evaluate import WITHOUT_LEAKED
from model_build.evaluation.finished_build import FinishedBuild


def shown_sets(build: FinishedBuild) -> list[str]:
    """Returns the sets' names without those "… without leaked" from which nothing had to be left out."""
    scores = build.evaluation["artifacts"][build.artifact]
    return [name for name in scores if not _is_the_same(scores, name)]


def shown_name(build: FinishedBuild, name: str) -> str:
    """Returns how a set is called for readers: its name, and nothing about leaks where there were none."""
    scores = build.evaluation["artifacts"][build.artifact]
    return name.removesuffix(WITHOUT_LEAKED).strip() if _is_the_same(scores, name) else name


def faces(build: FinishedBuild) -> str:
    """Returns what was classified, as every headline figure has to say it: "drawn faces" or "faces"."""
    return "drawn faces" if build.is_synthetic else "faces"


def seeds(config: dict[str, Any]) -> dict[str, Any]:
    """Returns the configuration's entries whose name ends in "seed"."""
    return {key: value for key, value in flat(config) if key.split(".")[-1].endswith("seed")}


def flat(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yields (dotted name, value) for every leaf of nested dicts; a list of plain values is one leaf."""
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from flat(entry, f"{prefix}.{key}" if prefix else str(key))
    elif isinstance(value, list):
        if any(isinstance(entry, dict | list) for entry in value):
            for index, entry in enumerate(value):
                yield from flat(entry, f"{prefix}.{index}")
        else:
            yield prefix, ", ".join(str(entry) for entry in value)
    else:
        yield prefix, value


def percent(value: float | None, digits: int = 1) -> str:
    """Returns a fraction as "67.9 %", and "–" for None."""
    return "–" if value is None else f"{100 * value:.{digits}f} %"


def interval_text(interval: list[float] | None) -> str:
    """Returns an interval of fractions as "66.3–69.4 %", and "–" for None."""
    return "–" if interval is None else f"{100 * interval[0]:.1f}–{100 * interval[1]:.1f} %"


def points(value: float) -> str:
    """Returns a difference of fractions as "+2.3 points"."""
    return f"{100 * value:+.1f} points"


def points_interval(interval: list[float]) -> str:
    """Returns an interval of such differences as "+0.8 to +3.7"."""
    return " to ".join(f"{100 * end:+.1f}" for end in interval)


def p_text(p_value: float) -> str:
    """Returns a p value as "p = 0.34" or "p < 0.001"."""
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.2g}"


def protocol_sentence(build: FinishedBuild) -> str:
    """Returns how the figures came about: fit on, chosen on, reported on, crops."""
    protocol = build.evaluation["protocol"]
    crops = "one crop" if protocol["crops"] == 1 else f"{protocol['crops']} crops"
    return (
        f"Fitted on {protocol['fitted_on']}; every choice made on "
        f"{shown_name(build, protocol['selected_on'])}; "
        f"{shown_name(build, build.set)} opened for the reported figure only; {crops} an image."
    )


def comparison_sentence(build: FinishedBuild, comparison: dict[str, Any]) -> str:
    """Returns one sentence on how two artifacts differ on the headline's set, with McNemar's p value."""
    a, b = comparison["a"], comparison["b"]
    scores = build.evaluation["artifacts"]
    test = comparison["sets"][build.set]
    points = 100 * (scores[b][build.set]["accuracy"] - scores[a][build.set]["accuracy"])
    relation = f"{abs(points):.1f} points {'above' if points > 0 else 'below'}" if points else "level with"
    verdict = "more than chance explains" if test["p_value"] < 0.05 else "no more than chance explains"
    return (
        f"{build.title(b)} is {relation} {build.title(a)} on {build.set}: {test['only_b']} images only it gets "
        f"right, {test['only_a']} only the other ({p_text(test['p_value'])}, {verdict})."
    )


def _is_the_same(scores: dict[str, Any], name: str) -> bool:
    whole = name.removesuffix(WITHOUT_LEAKED).strip()
    return whole != name and scores.get(whole, {}).get("images") == scores.get(name, {}).get("images")
