"""The last stages of a build: manifest, model card and report from what the others left, then their verification."""

from __future__ import annotations

from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

import model_build.reporting
from converters import golden, latency, manifest, tflite
from face_emotion import __version__
from face_emotion.files import read_json, write_json
from face_emotion.kernel_check import NAME as KERNELS
from model_build.build_plan import BuildPlan
from model_build.evaluation import off_data, own_neutral, robustness, stock_tfjs, verification
from model_build.network import architecture, checkpoint
from model_build.reporting import model_card, report
from model_build.stages import digests, run_stage

WRITTEN = (manifest.NAME, model_card.NAME, report.NAME)
# All that these stages read of a build folder, but the .tflite files and the TF.js model.
READ = (
    "config.json",
    "audit",
    *(
        f"{kind}/{name}"
        for kind in ("float", "qat")
        for name in ("checkpoint.npz", "history.json", "saved_model")
    ),
    manifest.CONTRACT,
    golden.NAME,
    KERNELS,
    latency.NAME,
    "evaluation.json",
    robustness.NAME,
    off_data.NAME,
    own_neutral.NAME,
    stock_tfjs.NAME,
    report.CROP_CALIBRATION,
)
CONVERTED = (*(f"{kind}.tflite" for kind in tflite.KINDS), "tfjs")
SOURCES = Path(model_build.reporting.__file__).parent


class NotVerified(Exception):
    """What `verify` found wrong: such a verification is not remembered as done."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(problems)
        self.problems = problems


def describe_stage(plan: BuildPlan, folder: Path) -> None:
    """manifest.json, MODEL_CARD.md and report.html; made anew as well where the kit or its report's sources changed."""
    inputs = {
        "plan": plan.describe(),
        "files": digests(folder, (*READ, *CONVERTED)),
        "kit": __version__,
        "packages": {name: metadata.version(name) for name in manifest.PACKAGES},
        "reporting": digests(SOURCES.parent, [SOURCES.name]),
    }
    run_stage(folder, "describe", inputs, WRITTEN, lambda: _describe(plan, folder), plan.say)


def verify_stage(plan: BuildPlan, folder: Path) -> list[str]:
    """Verifies all artifacts; returns what is wrong. Skipped while what was found right is unchanged."""
    inputs = {"files": digests(folder, (*READ, *CONVERTED, manifest.NAME)), "kit": __version__}
    try:
        run_stage(folder, "verify", inputs, [], lambda: _verify(folder), plan.say)
    except NotVerified as error:
        return error.problems
    return []


def _describe(plan: BuildPlan, folder: Path) -> None:
    contract = manifest.read_contract(folder)
    value = manifest.build_manifest(
        folder,
        plan.name,
        contract,
        network_facts(checkpoint.load(folder / "float" / "checkpoint.npz"), plan),
        read_json(folder / "evaluation.json"),
        {"command": plan.command, "settings": plan.describe()["settings"]},
        verification.synthetic_check(verification.classifiers(folder, contract)),
    )
    write_json(folder / manifest.NAME, value)
    model_card.write_model_card(folder)
    report.write_report(folder, plan.dataset)


def _verify(folder: Path) -> None:
    problems = verification.verify(folder)
    if problems:
        raise NotVerified(problems)


def network_facts(stored: checkpoint.Checkpoint, plan: BuildPlan) -> dict[str, Any]:
    """Returns the manifest's "network": what is exported, its size and cost."""
    model = architecture.build_exported(
        plan.engine.keras, stored.architecture, len(stored.labels), len(stored.heads)
    )
    return {
        "architecture": asdict(stored.architecture),
        "parameters": int(model.count_params()),
        "macs": architecture.multiply_accumulates(model),
    }
