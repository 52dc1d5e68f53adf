"""A finished build or released model as Python values: the files in its folder and the figures in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from converters.manifest import bytes_of
from face_emotion.errors import InputError
from face_emotion.files import read_json
from model_build.data.loading import FER2013, SYNTHETIC
from model_build.evaluation.artifacts import ARTIFACTS, title_of
from model_build.evaluation.evaluation_file import NAME, read_evaluation
from model_build.evaluation.off_data import read_off_data
from model_build.evaluation.own_neutral import read_baselines
from model_build.evaluation.robustness import read_robustness
from model_build.network import checkpoint

QAT = Path("qat/checkpoint.npz")


@dataclass(frozen=True)
class ArtifactRow:
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
class FinishedBuild:
    """A build folder's files as Python values; an empty dict or list for a file that is not there.

    quantized: the details of the QAT checkpoint. off_data: figures on other people's pictures, a dict a file;
    baselines: what a person's own neutral picture brings there, likewise.
    """

    folder: Path
    evaluation: dict[str, Any]
    config: dict[str, Any]
    histories: dict[str, list[dict[str, Any]]]
    benchmark: dict[str, Any]
    manifest: dict[str, Any]
    audit: dict[str, Any]
    robustness: dict[str, Any]
    quantized: dict[str, Any]
    off_data: list[dict[str, Any]]
    baselines: list[dict[str, Any]]

    @property
    def artifact(self) -> str:
        """The headline's artifact."""
        return str(self.evaluation["protocol"]["headline"]["artifact"])

    @property
    def set(self) -> str:
        """The headline's set."""
        return str(self.evaluation["protocol"]["headline"]["set"])

    @property
    def headline(self) -> dict[str, Any]:
        """The headline's figures, as metrics.score gives them."""
        figures: dict[str, Any] = self.evaluation["artifacts"][self.artifact][self.set]
        return figures

    @property
    def name(self) -> str:
        """The build's name: the configuration's, else the folder's."""
        return str(self.config.get("name") or self.folder.resolve().name)

    @property
    def is_fer2013(self) -> bool:
        """Whether the figures are FER2013's."""
        return self.origins == {FER2013}

    @property
    def is_synthetic(self) -> bool:
        """Whether the figures are those of drawn faces alone."""
        return self.origins == {SYNTHETIC}

    @property
    def holds_fer2013(self) -> bool:
        """Whether FER2013 is among the data sets that the figures are of."""
        return FER2013 in self.origins

    @property
    def sources(self) -> list[dict[str, Any]]:
        """The data sets that are mixed, as evaluation.json lists them; none where there is one."""
        found: list[dict[str, Any]] = self.evaluation["dataset"].get("sources", [])
        return found if len(found) > 1 else []

    @property
    def origins(self) -> frozenset[str]:
        """What the readers call the data sets that the figures are of."""
        about = self.evaluation["dataset"]
        found = [entry["origin"] for entry in about.get("sources", [])]
        return frozenset(found or [about["name"]])

    @property
    def uses_votes(self) -> bool:
        """Whether the configuration says that FER+ votes were part of the training."""
        return "votes" in self.config.get("heads", [])

    @property
    def fine_tuned(self) -> bool:
        """Whether the quantised network is one of the fine-tuning's epochs: epoch 0 is its calibrated start."""
        return bool(self.quantized.get("epoch") != 0)

    def title(self, artifact: str) -> str:
        """Returns what a reader sees for an artifact of this build."""
        return title_of(artifact, self.fine_tuned)

    @property
    def teachers(self) -> int:
        """How many checkpoints the configuration names as teachers."""
        return len(self.config.get("teachers", []))


def read_build(folder: str | Path, name: str = NAME) -> FinishedBuild:
    """Reads what stands in a build or models folder; name: of the evaluation file.

    Raises InputError if evaluation.json is missing, or any of the files is damaged.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(f"{folder}: no such build folder")
    evaluation = read_evaluation(folder, name)
    histories = {name: _optional(folder / name / "history.json", list) for name in ("float", "qat")}
    return FinishedBuild(
        folder=folder,
        evaluation=evaluation,
        config=_optional(folder / "config.json", dict),
        histories={name: rows for name, rows in histories.items() if rows},
        benchmark=_optional(folder / "benchmark.json", dict),
        manifest=_optional(folder / "manifest.json", dict),
        audit=_optional(folder / "audit" / "audit.json", dict),
        robustness=read_robustness(folder, evaluation),
        quantized=checkpoint.load(folder / QAT).details if (folder / QAT).exists() else {},
        off_data=read_off_data(folder),
        baselines=read_baselines(folder),
    )


def artifact_rows(build: FinishedBuild) -> list[ArtifactRow]:
    """Returns one row for each artifact that was evaluated or timed, checkpoints first."""
    timed = {_artifact_name(key): value for key, value in build.benchmark.get("artifacts", {}).items()}
    evaluated = build.evaluation["artifacts"]
    names = [*(name for name in ARTIFACTS if name in evaluated), *(set(evaluated) - set(ARTIFACTS))]
    return [
        _row(build, name, timed.get(name, {})) for name in [*names, *(n for n in timed if n not in names)]
    ]


def _row(build: FinishedBuild, name: str, timing: dict[str, Any]) -> ArtifactRow:
    score = build.evaluation["artifacts"].get(name, {}).get(build.set, {})
    agreement = build.evaluation.get("agreement", {}).get(name, {})
    size = bytes_of(build.folder, name)
    return ArtifactRow(
        name=name,
        title=build.title(name),
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


def _optional(path: Path, kind: type) -> Any:
    if not path.exists():
        return kind()
    value = read_json(path)
    if not isinstance(value, kind):
        raise InputError(f"{path}: not what this kit writes there; run build again")
    return value
