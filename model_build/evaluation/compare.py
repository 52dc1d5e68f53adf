"""Two builds or released models on the same images: paired tests, classes, calibration, drift, latency.

    python -m model_build report build/small models/small

Pairs what evaluation.json keeps of each image ("right"), so it needs neither the data set nor the networks; only the
clock runs the artifacts that both folders have, taking turns.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from converters import tfjs_runtime
from converters.latency import figures, interleaved
from converters.manifest import bytes_of, read_contract
from face_emotion.arrays import Bytes
from face_emotion.classifier import TfliteClassifier
from face_emotion.errors import InputError
from model_build.evaluation import metrics
from model_build.evaluation.evaluation_file import unpack_bits
from model_build.evaluation.finished_build import FinishedBuild, read_build
from model_build.progress import progress_bar
from model_build.synthetic.faces import draw_faces

TIMED = ("int8", "int8_ptq", "float16", "float32")
DRIFTING = ("float", "qat", "int8", "tfjs")


def compare(folders: Sequence[str | Path], rounds: int = 200) -> dict[str, Any]:
    """Compares two folders, A and B, each by the artifact of its headline.

    Returns "names" [A, B], "artifacts" and "fine_tuned" (whether its quantised network is); "dataset"; "headline"
    (A's set); "sets" [{name, images, a, b, difference, interval, only_a, only_b, p_value}] (accuracies as
    fractions, difference = b - a with its 95 % interval, McNemar's exact test); "classes" [{name, support,
    recall_a, recall_b, f1_a, f1_b}] on the headline's set; "calibration" [{ece, negative_log_likelihood,
    temperature, reliability}] of A and B; "drift" [{artifact: {accuracy, agreement}}] of A and B, the agreement
    with the float checkpoint over all held-out images; "latency" {artifact: [{"bytes", "median_ms", "p90_ms"}, …]}
    of the artifacts that both have, timed taking turns.
    Raises InputError if a folder has no evaluation.json, or they were evaluated on different images.
    """
    builds = [read_build(folder) for folder in folders]
    _check(builds)
    first, second = builds
    shared = [
        name
        for name in _scores(first)
        if name in _scores(second) and _images(first, name, second) is not None
    ]
    headline = first.set if first.set in shared else shared[0]
    return {
        "names": _names(builds),
        "artifacts": [build.artifact for build in builds],
        "fine_tuned": [build.fine_tuned for build in builds],
        "dataset": first.evaluation["dataset"]["name"],
        "headline": headline,
        "sets": [_set(builds, name) for name in shared],
        "classes": _classes(builds, headline),
        "calibration": [_calibration(build, headline) for build in builds],
        "drift": [_drift(build, headline) for build in builds],
        "latency": latency(builds, rounds),
    }


def difference_interval(only_a: int, only_b: int, count: int) -> tuple[float, float]:
    """Returns the 95 % interval of accuracy B - accuracy A for paired answers on `count` images.

    only_a, only_b: images that only one gets right. Wald's interval for matched pairs with Agresti and Min's
    half a count added to each cell (2005, "Simple improved confidence intervals for comparing matched proportions").
    """
    total = count + 2
    first, second = only_a + 0.5, only_b + 0.5
    center = (second - first) / total
    spread = 1.96 * math.sqrt(first + second - (second - first) ** 2 / total) / total
    return center - spread, center + spread


def latency(builds: Sequence[FinishedBuild], rounds: int) -> dict[str, list[dict[str, float | None]]]:
    """Times the artifacts that every build's folder has, one thread and one image, taking turns."""
    face = draw_faces(1, seed=3)[0]
    kinds = [kind for kind in TIMED if all((build.folder / f"{kind}.tflite").is_file() for build in builds)]
    runs = {
        (kind, index): _timed(
            TfliteClassifier(build.folder / f"{kind}.tflite", read_contract(build.folder)), face
        )
        for kind in kinds
        for index, build in enumerate(builds)
    }
    times = interleaved(runs, rounds, progress_bar) if runs else {}
    graphs = [build.folder / "tfjs" for build in builds]
    if all((graph / "model.json").is_file() for graph in graphs) and len(set(graphs)) == len(graphs):
        found = tfjs_runtime.latency(graphs, face[0], rounds)
        times |= {("tfjs", index): found[str(graph)] for index, graph in enumerate(graphs)}
    return {
        kind: [
            {"bytes": bytes_of(build.folder, kind)} | figures(times[kind, index])
            for index, build in enumerate(builds)
        ]
        for kind in dict.fromkeys(key[0] for key in times)
    }


def _timed(classifier: TfliteClassifier, face: Bytes) -> Callable[[int], object]:
    return lambda turn: classifier.raw(face)


def _check(builds: Sequence[FinishedBuild]) -> None:
    first, second = builds
    if first.evaluation["dataset"]["digest"] != second.evaluation["dataset"]["digest"]:
        raise InputError(
            f"{second.folder}: evaluated on other images than {first.folder}; run "
            "`python -m model_build evaluate` on both with the same --data and --votes"
        )
    for build in builds:
        if build.artifact not in build.evaluation.get("right", {}):
            raise InputError(
                f"{build.folder}/evaluation.json: does not say which images are right; run "
                f"`python -m model_build evaluate {build.folder}` again"
            )


def _names(builds: Sequence[FinishedBuild]) -> list[str]:
    names = [build.name for build in builds]
    return names if len(set(names)) == len(names) else [str(build.folder) for build in builds]


def _scores(build: FinishedBuild) -> dict[str, Any]:
    scores: dict[str, Any] = build.evaluation["artifacts"][build.artifact]
    return scores


def _images(first: FinishedBuild, name: str, second: FinishedBuild) -> int | None:
    """Returns the number of images of a set, None if the two do not hold the same number."""
    counts = {_scores(build)[name]["images"] for build in (first, second)}
    return counts.pop() if len(counts) == 1 else None


def _set(builds: Sequence[FinishedBuild], name: str) -> dict[str, Any]:
    scores = [_scores(build)[name] for build in builds]
    count = scores[0]["images"]
    try:
        right = [unpack_bits(build.evaluation["right"][build.artifact][name], count) for build in builds]
    except (KeyError, ValueError, TypeError) as error:
        raise InputError(f"evaluation.json: {name}: damaged ({error}); run evaluate again") from None
    test = metrics.mcnemar(*right)
    return {
        "name": name,
        "images": count,
        "a": scores[0]["accuracy"],
        "b": scores[1]["accuracy"],
        "difference": scores[1]["accuracy"] - scores[0]["accuracy"],
        "interval": difference_interval(test["only_a"], test["only_b"], count),
        **test,
    }


def _classes(builds: Sequence[FinishedBuild], name: str) -> list[dict[str, Any]]:
    pairs = zip(*(_scores(build)[name]["per_class"] for build in builds), strict=True)
    return [
        {"name": a["name"], "support": a["support"]}
        | {"recall_a": a["recall"], "recall_b": b["recall"], "f1_a": a["f1"], "f1_b": b["f1"]}
        for a, b in pairs
    ]


def _calibration(build: FinishedBuild, name: str) -> dict[str, Any]:
    score = _scores(build)[name]
    kept = {key: score[key] for key in ("ece", "negative_log_likelihood", "reliability")}
    return kept | {"temperature": build.evaluation["temperature"].get(build.artifact)}


def _drift(build: FinishedBuild, name: str) -> dict[str, dict[str, float | None]]:
    artifacts, agreement = build.evaluation["artifacts"], build.evaluation["agreement"]
    return {
        kind: {
            "accuracy": artifacts[kind][name]["accuracy"],
            "agreement": agreement.get(kind, {}).get("float"),
        }
        for kind in DRIFTING
        if kind in artifacts
    }
