"""Mean and spread of builds that differ in nothing but their seed.

    python -m model_build seeds build/small-seed-10 build/small-seed-11 build/small-seed-12 --out models/SEEDS.json

Reads config.json and evaluation.json of each, so it needs neither the data set nor the networks. Prints the sets of the
headline's artifact, and the sentence that stands in docs/TRAINING.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from rich.table import Table

from face_emotion.console import Console
from face_emotion.errors import InputError
from model_build.evaluation.finished_build import FinishedBuild, read_build
from model_build.reporting.texts import flat, protocol_sentence

FIGURES = ("accuracy", "macro_f1", "balanced_accuracy", "worst_recall", "negative_log_likelihood", "ece")
STATISTICS = {"mean": "mean", "std": "deviation", "min": "least", "max": "most"}  # pandas' name -> ours
_FREE = ("command", "settings.seed")  # what may differ between the builds


def summarise(folders: Sequence[str | Path]) -> dict[str, Any]:
    """Returns the figures of each build, and their mean and spread.

    "name" of the variant; "dataset"; "protocol", a sentence; "headline" {artifact, set}; "settings" that all share;
    "runs" [{folder, seed, command, artifacts: {artifact: {set: {images, and each of FIGURES}}}}];
    "spread" {artifact: {set: {figure: {mean, deviation, least, most}}}}, the deviation being that of a sample (n - 1).
    Accuracies, recalls, F1 and ECE are fractions, log losses nats. Only artifacts and sets that all builds have are
    kept. Raises InputError for fewer than two builds, for an evaluation on other images, for two builds of one seed,
    and for a configuration that differs in more than the seed.
    """
    builds = [read_build(folder) for folder in folders]
    _check(builds)
    first = builds[0]
    runs: list[dict[str, Any]] = [
        {
            "folder": build.folder.resolve().name,
            "seed": _seed(build),
            "command": build.config.get("command"),
            "artifacts": _scores(build, builds),
        }
        for build in builds
    ]
    return {
        "name": first.name,
        "dataset": {key: first.evaluation["dataset"][key] for key in ("name", "digest")},
        "protocol": protocol_sentence(first),
        "headline": first.evaluation["protocol"]["headline"],
        "settings": {name: value for name, value in first.config["settings"].items() if name != "seed"},
        "runs": runs,
        "spread": spread(table(runs)),
    }


def table(runs: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Returns `summarise`'s runs as rows: seed, artifact, set, images, and each of FIGURES (units as there)."""
    return pd.DataFrame(
        [
            {"seed": run["seed"], "artifact": artifact, "set": name, **figures}
            for run in runs
            for artifact, sets in run["artifacts"].items()
            for name, figures in sets.items()
        ]
    )


def spread(rows: pd.DataFrame) -> dict[str, dict[str, dict[str, dict[str, float]]]]:
    """Returns mean, sample standard deviation (n - 1), least and most over seeds: by artifact, set and figure.

    rows: as `table` returns them, of at least two seeds.
    """
    by_set = rows.groupby(["artifact", "set"], sort=False)[list(FIGURES)].agg(list(STATISTICS))
    by_set = by_set.rename(columns=STATISTICS, level=1)
    found: dict[str, dict[str, dict[str, dict[str, float]]]] = {}
    for (artifact, name), row in by_set.iterrows():
        found.setdefault(artifact, {})[name] = {figure: row[figure].to_dict() for figure in FIGURES}
    return found


def sentence(result: dict[str, Any]) -> str:
    """Returns what docs/TRAINING.md says of it: mean, deviation and range of the headline's accuracy."""
    artifact, name = result["headline"]["artifact"], result["headline"]["set"]
    found = result["spread"][artifact][name]["accuracy"]
    seeds = ", ".join(str(run["seed"]) for run in result["runs"])
    return (
        f"{len(result['runs'])} seeds of `{result['name']}` ({seeds}), nothing else changed: "
        f"{100 * found['mean']:.2f} ± {100 * found['deviation']:.2f} % of {name} "
        f"(mean and standard deviation, {artifact}, one crop; from {100 * found['least']:.2f} "
        f"to {100 * found['most']:.2f} %)."
    )


def print_spread(result: dict[str, Any]) -> None:
    """Prints the accuracy of every set, by seed and as mean and deviation, and the sentence."""
    artifact = result["headline"]["artifact"]
    rows = table(result["runs"]).query("artifact == @artifact")
    by_seed = rows.pivot_table("accuracy", "set", "seed", sort=False)
    shown = Table(title=f"{result['name']}, {artifact}: accuracy by seed")
    for index, head in enumerate(["set", *map(str, by_seed.columns), "mean", "±"]):
        shown.add_column(head, justify="right" if index else "left")
    for name, each in by_seed.iterrows():
        figures = [*(f"{value:.2%}" for value in each), f"{each.mean():.2%}", f"{100 * each.std():.2f}"]
        shown.add_row(name, *figures)
    Console(width=110).print(shown)
    print(sentence(result))


def _check(builds: Sequence[FinishedBuild]) -> None:
    if len(builds) < 2:
        raise InputError("one build has no spread; name at least two")
    first = builds[0]
    shared = _configuration(first)
    seen: dict[Any, Path] = {}
    for build in builds:
        if build.evaluation["dataset"]["digest"] != first.evaluation["dataset"]["digest"]:
            raise InputError(
                f"{build.folder}: evaluated on other images than {first.folder}; run "
                "`python -m model_build evaluate` on both with the same --data and --votes"
            )
        if build.evaluation["protocol"] != first.evaluation["protocol"]:
            raise InputError(
                f"{build.folder}: has another headline than {first.folder}; leave one of them out"
            )
        seed, found = _seed(build), _configuration(build)
        different = [name for name in {**shared, **found} if shared.get(name) != found.get(name)]
        if different:
            raise InputError(
                f"{build.folder}/config.json: differs from {first.folder} in more than the seed: "
                f"{', '.join(different)}; leave one of them out"
            )
        other = seen.setdefault(seed, build.folder)
        if other is not build.folder:
            raise InputError(f"{build.folder}: has the seed of {other}, {seed}; leave one of them out")


def _configuration(build: FinishedBuild) -> dict[str, Any]:
    return {name: value for name, value in flat(build.config) if name not in _FREE}


def _seed(build: FinishedBuild) -> int:
    try:
        seed: int = build.config["settings"]["seed"]
    except (KeyError, TypeError):
        raise InputError(f"{build.folder}/config.json: names no seed; give the folder of a build") from None
    return seed


def _scores(build: FinishedBuild, builds: Sequence[FinishedBuild]) -> dict[str, Any]:
    """Returns of one build the figures of those artifacts and sets that all builds have."""
    evaluations = [other.evaluation["artifacts"] for other in builds]
    return {
        artifact: {
            name: _figures(score)
            for name, score in sets.items()
            if all(name in other[artifact] for other in evaluations)
        }
        for artifact, sets in build.evaluation["artifacts"].items()
        if all(artifact in other for other in evaluations)
    }


def _figures(score: dict[str, Any]) -> dict[str, Any]:
    known = score | {"worst_recall": score["worst_class"]["recall"]}
    return {name: known[name] for name in ("images", *FIGURES)}
