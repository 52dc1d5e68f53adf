"""What the report and the model card tell of a build folder: its files and the figures in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from face_emotion.errors import InputError
from face_emotion.files import read_json
from model_build.evaluation.artifacts import ARTIFACTS, title_of
from converters.manifest import bytes_of
from model_build.evaluation.evaluate import WITHOUT_LEAKED
from model_build.evaluation.evaluation_file import read_evaluation


@dataclass(frozen=True)
class Row:
    """One artifact in the comparing table; None where a figure is not known.

    bytes: of its files; accuracy, interval: on the headline's set; agreement: with the float and the QAT
    checkpoint over all held-out images (fractions); median_ms, p90_ms: one image on the benchmark's machine.
    """

    name: str
    title: str
    bytes: int | None
    accuracy: float | None
    interval: list[float] | None
    agreement_float: float | None
    agreement_qat: float | None
    median_ms: float | None
    p90_ms: float | None


@dataclass(frozen=True)
class Build:
    """A build folder's files as Python values; an empty dict or list for a file that is not there."""

    folder: Path
    evaluation: dict[str, Any]
    config: dict[str, Any]
    histories: dict[str, list[dict[str, Any]]]
    benchmark: dict[str, Any]
    manifest: dict[str, Any]
    audit: dict[str, Any]
    robustness: dict[str, Any]

    @property
    def artifact(self) -> str:
        """The headline's artifact."""
        return self.evaluation["protocol"]["headline"]["artifact"]

    @property
    def set(self) -> str:
        """The headline's set."""
        return self.evaluation["protocol"]["headline"]["set"]

    @property
    def headline(self) -> dict[str, Any]:
        """The headline's figures, as metrics.score gives them."""
        return self.evaluation["artifacts"][self.artifact][self.set]

    @property
    def name(self) -> str:
        """The build's name: the configuration's, else the folder's."""
        return str(self.config.get("name") or self.folder.resolve().name)

    @property
    def is_fer2013(self) -> bool:
        """Whether the figures are FER2013's."""
        return self.evaluation["dataset"]["name"] == "FER2013"

    @property
    def is_synthetic(self) -> bool:
        """Whether the figures are those of drawn faces."""
        return self.evaluation["dataset"]["name"] == "synthetic"

    @property
    def uses_votes(self) -> bool:
        """Whether the configuration says that FER+ votes were part of the training."""
        return "votes" in self.config.get("heads", [])

    @property
    def teachers(self) -> int:
        """How many checkpoints the configuration names as teachers."""
        return len(self.config.get("teachers", []))


def read_build(folder: str | Path) -> Build:
    """Reads what stands in a build or models folder.

    Raises InputError if evaluation.json is missing, or any of the files is damaged.
    """
    from model_build.evaluation.robustness import read_robustness

    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(f"{folder}: no such build folder")
    evaluation = read_evaluation(folder)
    histories = {name: _optional(folder / name / "history.json", list) for name in ("float", "qat")}
    return Build(
        folder=folder,
        evaluation=evaluation,
        config=_optional(folder / "config.json", dict),
        histories={name: rows for name, rows in histories.items() if rows},
        benchmark=_optional(folder / "benchmark.json", dict),
        manifest=_optional(folder / "manifest.json", dict),
        audit=_optional(folder / "audit" / "audit.json", dict),
        robustness=read_robustness(folder, evaluation),
    )


def artifact_rows(build: Build) -> list[Row]:
    """Returns one row for each artifact that was evaluated or timed, checkpoints first."""
    timed = {_artifact_name(key): value for key, value in build.benchmark.get("artifacts", {}).items()}
    evaluated = build.evaluation["artifacts"]
    names = [*(name for name in ARTIFACTS if name in evaluated), *(set(evaluated) - set(ARTIFACTS))]
    return [
        _row(build, name, timed.get(name, {})) for name in [*names, *(n for n in timed if n not in names)]
    ]


def shown_sets(build: Build) -> list[str]:
    """Returns the sets' names without those "… without leaked" from which nothing had to be left out."""
    scores = build.evaluation["artifacts"][build.artifact]
    return [name for name in scores if not _is_the_same(scores, name)]


def shown_name(build: Build, name: str) -> str:
    """Returns how a set is called for readers: its name, and nothing about leaks where there were none."""
    scores = build.evaluation["artifacts"][build.artifact]
    return name.removesuffix(WITHOUT_LEAKED).strip() if _is_the_same(scores, name) else name


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


def p_text(p_value: float) -> str:
    """Returns a p value as "p = 0.34" or "p < 0.001"."""
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.2g}"


def protocol_sentence(build: Build) -> str:
    """Returns how the figures came about: fit on, chosen on, reported on, crops."""
    protocol = build.evaluation["protocol"]
    crops = "one crop" if protocol["crops"] == 1 else f"{protocol['crops']} crops"
    return (
        f"Fitted on {protocol['fitted_on']}; every choice made on "
        f"{shown_name(build, protocol['selected_on'])}; "
        f"{shown_name(build, build.set)} opened for the reported figure only; {crops} an image."
    )


def comparison_sentence(build: Build, comparison: dict[str, Any]) -> str:
    """Returns one sentence on how two artifacts differ on the headline's set, with McNemar's p value."""
    a, b = comparison["a"], comparison["b"]
    scores = build.evaluation["artifacts"]
    test = comparison["sets"][build.set]
    points = 100 * (scores[b][build.set]["accuracy"] - scores[a][build.set]["accuracy"])
    relation = f"{abs(points):.1f} points {'above' if points > 0 else 'below'}" if points else "level with"
    verdict = "more than chance explains" if test["p_value"] < 0.05 else "no more than chance explains"
    return (
        f"{title_of(b)} is {relation} {title_of(a)} on {build.set}: {test['only_b']} images only it gets "
        f"right, {test['only_a']} only the other ({p_text(test['p_value'])}, {verdict})."
    )


def _row(build: Build, name: str, timing: dict[str, Any]) -> Row:
    score = build.evaluation["artifacts"].get(name, {}).get(build.set, {})
    agreement = build.evaluation.get("agreement", {}).get(name, {})
    size = bytes_of(build.folder, name)
    return Row(
        name=name,
        title=title_of(name),
        bytes=timing.get("bytes") if size is None else size,
        accuracy=score.get("accuracy"),
        interval=score.get("interval"),
        agreement_float=agreement.get("float"),
        agreement_qat=agreement.get("qat"),
        median_ms=timing.get("median_ms"),
        p90_ms=timing.get("p90_ms"),
    )


def _artifact_name(key: str) -> str:
    """Returns the artifact's name for a benchmark's key, which may also be its place in the folder."""
    places = {place: name for name, (place, *_) in ARTIFACTS.items()}
    return places.get(key.rstrip("/"), key)


def _is_the_same(scores: dict[str, Any], name: str) -> bool:
    whole = name.removesuffix(WITHOUT_LEAKED).strip()
    return whole != name and scores.get(whole, {}).get("images") == scores.get(name, {}).get("images")


def _optional(path: Path, kind: type) -> Any:
    if not path.exists():
        return kind()
    value = read_json(path)
    if not isinstance(value, kind):
        raise InputError(f"{path}: not what this kit writes there; run build again")
    return value
