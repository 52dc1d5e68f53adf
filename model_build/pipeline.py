"""The whole build: audit, train, quantize, convert, benchmark, evaluate, robustness, describe, verify, report.

    python -m model_build build                                                     synthetic faces
    python -m model_build build --data fer2013.tar.gz --votes fer2013new.csv        the real thing

Each stage is skipped while its inputs are unchanged; an interrupted build goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from converters import latency as benchmark, golden, manifest, tfjs, tflite
from model_build.evaluation import verification as verify
from face_emotion.contract import Contract
from face_emotion.errors import InputError
from face_emotion.files import read_json, sha256_of, write_json
from model_build.data import audit
from model_build.network import checkpoint, architecture as network
from model_build.evaluation import evaluate, metrics, robustness
from model_build.reporting import model_card, report
from model_build.data.dataset import TRAINING, Dataset
from model_build.network.engine import Engine
from model_build.quantization.export import Exported, export
from model_build.quantization.quantize import QuantizePlan, quantize
from model_build.training.selection import selection_set
from model_build.settings import AugmentSettings, QuantizeSettings, TrainSettings, to_dict
from model_build.stages import digests, run_stage
from model_build.training.train import TrainPlan, train

REPRESENTATIVE = 500
FLOAT, QAT = "float/checkpoint.npz", "qat/checkpoint.npz"
SAVED = ("float/saved_model", "qat/saved_model")
CONVERTED = (*(f"{kind}.tflite" for kind in tflite.KINDS), "tfjs")


@dataclass(frozen=True)
class Build:
    """What one build is made from.

    name: of the variant and of the released folder. head: "labels" or "votes", the one that is exported.
    command: the command line that repeats it. say: takes progress lines.
    """

    name: str
    dataset: Dataset
    architecture: network.Architecture
    heads: tuple[str, ...]
    head: str
    train: TrainSettings
    augment: AugmentSettings
    quantize: QuantizeSettings
    engine: Engine
    command: str
    teachers: tuple[Path, ...] = ()
    initial: Path | None = None
    say: Callable[[str], None] = print

    @property
    def contract(self) -> Contract:
        """The contract of the data set's classes."""
        return Contract(labels=self.dataset.class_names)


def build(plan: Build, folder: Path) -> list[str]:
    """Runs every stage into `folder`; returns what `verify` finds wrong (nothing, if all is well)."""
    write_json(folder / "config.json", describe(plan))
    _audit(plan, folder)
    train_stage(plan, folder)
    quantize_stage(plan, folder)
    convert_stage(plan, folder)
    measure_stage(plan, folder)
    robustness_stage(plan, folder)
    return describe_stage(plan, folder)


def describe(plan: Build) -> dict[str, Any]:
    """Returns the resolved configuration, JSON-able, as config.json holds it."""
    return {
        "name": plan.name,
        "command": plan.command,
        "dataset": {"name": plan.dataset.name, "digest": plan.dataset.digest},
        "architecture": plan.architecture.to_dict(),
        "heads": list(plan.heads),
        "head": plan.head,
        "teachers": [sha256_of(path) for path in plan.teachers],
        "initial": sha256_of(plan.initial) if plan.initial else None,
        "engine": plan.engine.name,
        "settings": to_dict(plan.train, plan.augment, plan.quantize),
    }


def _audit(plan: Build, folder: Path) -> None:
    run_stage(
        folder,
        "audit",
        {"dataset": plan.dataset.digest},
        ["audit"],
        lambda: audit.write_audit(plan.dataset, folder / "audit"),
        plan.say,
    )


def train_stage(plan: Build, folder: Path) -> None:
    """Float training into FOLDER/float."""
    job = Plan(
        plan.dataset,
        plan.architecture,
        plan.heads,
        plan.train,
        plan.augment,
        plan.teachers,
        plan.initial,
        plan.head,
    )
    inputs = job.describe() | {"engine": plan.engine.name}
    run_stage(folder, "train", inputs, [FLOAT], lambda: train(job, folder / "float", plan.engine), plan.say)


def quantize_stage(plan: Build, folder: Path) -> None:
    """Quantisation-aware fine-tuning into FOLDER/qat."""
    source = checkpoint.load(folder / FLOAT)
    job = QuantizePlan(
        plan.dataset, source, plan.train, plan.quantize, plan.augment, plan.teachers, plan.head
    )
    inputs = job.describe() | {"float": sha256_of(folder / FLOAT)}
    run_stage(folder, "quantize", inputs, [QAT], lambda: quantize(job, folder / "qat"), plan.say)


def convert_stage(plan: Build, folder: Path) -> None:
    """Calibrated SavedModels, then every artifact made from them, then the golden vectors."""
    inputs = {
        "float": sha256_of(folder / FLOAT),
        "qat": sha256_of(folder / QAT),
        "dataset": plan.dataset.digest,
        "head": plan.head,
    }
    outputs = [*SAVED, "temperature.json", *CONVERTED, golden.NAME]
    run_stage(folder, "convert", inputs, outputs, lambda: _convert(plan, folder), plan.say)


def _convert(plan: Build, folder: Path) -> None:
    temperatures = {}
    for kind in ("float", "qat"):
        stored = checkpoint.load(folder / kind / "checkpoint.npz")
        temperatures[kind] = fit_temperature(export(stored, plan.head), plan.dataset, plan.head)
        export(stored, plan.head, temperatures[kind]).save(folder / kind / "saved_model")
    write_json(folder / "temperature.json", temperatures)
    convert_files(folder, plan.dataset)
    golden.write_golden(folder, plan.contract)


def convert_files(folder: Path, dataset: Dataset) -> None:
    """Makes every .tflite and the TF.js model of `folder` from its SavedModels."""
    fitted = dataset.part(TRAINING).images
    chosen = np.random.default_rng(0).permutation(len(fitted))[:REPRESENTATIVE]
    for kind in tflite.KINDS:
        source = SAVED[1] if kind == "int8" else SAVED[0]
        tflite.convert(folder / source, folder / f"{kind}.tflite", kind, fitted[chosen])
    tfjs.convert_tfjs(folder / "int8.tflite", folder / "tfjs")


def fit_temperature(network_: Exported, dataset: Dataset, head: str) -> float:
    """Returns the temperature (> 0, four digits) that fits a head's logits on the selection set best."""
    selection = selection_set(dataset, head)
    return round(metrics.fit_temperature(network_.logits(selection.images), selection.labels), 4)


def measure_stage(plan: Build, folder: Path) -> None:
    """benchmark.json and evaluation.json."""
    files = digests(folder, CONVERTED)
    run_stage(
        folder,
        "benchmark",
        {"files": files},
        [benchmark.NAME],
        lambda: benchmark.write_benchmark(folder),
        plan.say,
    )
    made_from = digests(folder, (FLOAT, QAT, "temperature.json"))
    inputs = {"files": files | made_from, "dataset": plan.dataset.digest, "head": plan.head}
    run_stage(
        folder, "evaluate", inputs, ["evaluation.json"], lambda: evaluate_folder(plan, folder), plan.say
    )


def robustness_stage(plan: Build, folder: Path) -> None:
    """robustness.json and its plot: the int8 file on spoilt images of the selection split."""
    inputs = {
        "files": digests(folder, ("int8.tflite",)),
        "dataset": plan.dataset.digest,
        "head": plan.head,
        "damages": [[damage.name, *damage.amounts] for damage in robustness.DAMAGES],
    }
    run_stage(
        folder,
        "robustness",
        inputs,
        [robustness.NAME, robustness.PICTURE],
        lambda: robustness.write_robustness(folder, plan.dataset, "int8", head=plan.head),
        plan.say,
    )


def evaluate_folder(plan: Build, folder: Path) -> None:
    """Evaluates every artifact; the checkpoints run in batches through Keras, which is faster than batch 1."""
    temperatures = read_json(folder / "temperature.json")
    models = {
        kind: export(checkpoint.load(folder / kind / "checkpoint.npz"), plan.head, temperatures[kind])
        for kind in ("float", "qat")
    }
    evaluate.evaluate_build(folder, plan.dataset, models, headline_set(plan.dataset, plan.head))


def headline_set(dataset: Dataset, head: str) -> str | None:
    """The votes head answers the crowd's question, so its headline is FER+'s own rule on the test split."""
    return f"{dataset.split_names[2]} {evaluate.OWN_RULE}" if head == network.VOTES_HEAD else None


def describe_stage(plan: Build, folder: Path) -> list[str]:
    """manifest.json, MODEL_CARD.md and report.html, then the verification of all artifacts."""
    temperatures = read_json(folder / "temperature.json")
    facts = network_facts(checkpoint.load(folder / FLOAT), plan, temperatures)
    found = verify.classifiers(folder, facts)
    value = manifest.build_manifest(
        folder,
        plan.name,
        plan.contract,
        facts,
        read_json(folder / "evaluation.json"),
        {"command": plan.command, "settings": describe(plan)["settings"]},
        verify.synthetic_check(found),
    )
    write_json(folder / manifest.NAME, value)
    model_card.write_model_card(folder)
    plan.say("verify …")
    problems = verify.verify(folder)
    report.write_report(folder, plan.dataset)
    return problems


def network_facts(
    stored: checkpoint.Checkpoint, plan: Build, temperatures: dict[str, float]
) -> dict[str, Any]:
    """Returns the manifest's "network": what is exported, its size and cost."""
    model = stored.model(plan.engine.keras, (plan.head,))
    return {
        "architecture": asdict(stored.architecture),
        "parameters": int(model.count_params()),
        "macs": network.multiply_accumulates(model),
        "head": plan.head,
        "temperature": temperatures,
    }


def chosen_head(head: str | None, heads: tuple[str, ...]) -> str:
    """Returns the head to export: the given one, else the first; raises InputError if it is not trained."""
    if head is not None and head not in heads:
        raise InputError(f"--head {head}: --targets trains only {', '.join(heads)}")
    return head or heads[0]
