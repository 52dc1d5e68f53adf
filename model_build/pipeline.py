"""The whole build: audit, train, quantize, convert, benchmark, evaluate, robustness, stock, describe, verify, report.

    python -m model_build build                                                     synthetic faces
    python -m model_build build --data fer2013.tar.gz --votes fer2013new.csv        the real thing

Each stage is skipped while its inputs are unchanged; an interrupted build goes on where it stopped.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from converters import golden, kernels, latency, manifest, onnx_check, onnx_file, tfjs, tfjs_stock, tflite
from face_emotion.arrays import Floats, Integers
from face_emotion.baseline import NEUTRAL
from face_emotion.contract import BOTH_HEADS, Contract
from face_emotion.files import sha256_of, write_json
from face_emotion.kernel_check import NAME as KERNELS
from face_emotion.softmax import float_probabilities
from model_build.build_plan import BuildPlan
from model_build.data import audit
from model_build.data.dataset import TRAINING, Dataset
from model_build.describing import CONVERTED, describe_stage, verify_stage
from model_build.evaluation import coverage, evaluate, robustness, stock_tfjs
from model_build.evaluation.evaluation_file import file_for
from model_build.evaluation.robustness_damage import DAMAGES
from model_build.hosts.company import Company
from model_build.network import checkpoint
from model_build.progress import progress_bar
from model_build.quantization.export import Exported, export
from model_build.quantization.quantize import QuantizePlan, quantize
from model_build.reporting.robustness_plots import PICTURE, draw_png
from model_build.stages import digests, run_stage
from model_build.synthetic.faces import draw_faces
from model_build.synthetic.golden import golden_pictures
from model_build.training import calibration
from model_build.training.selection import selection_set
from model_build.training.train import TrainPlan, train

REPRESENTATIVE = 500
BASELINE_STRENGTH = 0.25
CONVERT_VERSION, EVALUATE_VERSION = (
    5,
    4,
)  # of what these stages write: one that an earlier kit wrote is made anew
FLOAT, QAT = "float/checkpoint.npz", "qat/checkpoint.npz"
SAVED = ("float/saved_model", "qat/saved_model")
ONNX = "float32.onnx"


def build(plan: BuildPlan, folder: Path) -> list[str]:
    """Runs every stage into `folder`; returns what `verify` finds wrong (nothing, if all is well)."""
    write_json(folder / "config.json", plan.describe())
    _audit(plan, folder)
    train_stage(plan, folder)
    quantize_stage(plan, folder)
    convert_stage(plan, folder)
    measure_stage(plan, folder)
    robustness_stage(plan, folder)
    stock_stage(plan, folder)
    describe_stage(plan, folder)
    problem = stock_tfjs.problem_of(stock_tfjs.read_stock(folder))
    return [*([problem] if problem else []), *verify_stage(plan, folder)]


def _audit(plan: BuildPlan, folder: Path) -> None:
    run_stage(
        folder,
        "audit",
        {"dataset": plan.dataset.digest},
        ["audit"],
        lambda: audit.write_audit(plan.dataset, folder / "audit"),
        plan.say,
    )


def training_of(plan: BuildPlan) -> TrainPlan:
    """Returns what a build's float training is made from."""
    return TrainPlan(
        plan.dataset,
        plan.architecture,
        plan.heads,
        plan.train,
        plan.augment,
        plan.teachers,
        plan.initial,
    )


def train_stage(plan: BuildPlan, folder: Path, company: Company | None = None) -> bool:
    """Float training into FOLDER/float; returns whether there was something to train.

    company: the processes that train together, of which this is host 0.
    """
    job = training_of(plan)

    def action() -> None:
        if company is not None:
            company.say("training", "begins")
        train(job, folder / "float", plan.engine, company)

    inputs = job.describe() | {"engine": plan.engine.name}
    return run_stage(folder, "train", inputs, [FLOAT], action, plan.say)


def quantize_stage(plan: BuildPlan, folder: Path) -> None:
    """Quantisation-aware fine-tuning into FOLDER/qat."""
    source = checkpoint.load(folder / FLOAT)
    digest = sha256_of(folder / FLOAT)
    job = QuantizePlan(
        plan.dataset, source, plan.train, plan.quantize, plan.augment, plan.teachers, source_sha256=digest
    )
    inputs = job.describe() | {"float": digest}
    run_stage(folder, "quantize", inputs, [QAT], lambda: quantize(job, folder / "qat"), plan.say)


def convert_stage(plan: BuildPlan, folder: Path) -> None:
    """Calibrated SavedModels, then every artifact made from them, then the golden vectors."""
    inputs = {
        "float": sha256_of(folder / FLOAT),
        "qat": sha256_of(folder / QAT),
        "dataset": plan.dataset.digest,
        "version": CONVERT_VERSION,
    }
    outputs = [*SAVED, manifest.CONTRACT, *CONVERTED, golden.NAME, KERNELS]
    run_stage(folder, "convert", inputs, outputs, lambda: _convert(plan, folder), plan.say)


def _convert(plan: BuildPlan, folder: Path) -> None:
    stored = {kind: checkpoint.load(folder / kind / "checkpoint.npz") for kind in ("float", "qat")}
    contract = calibrated(export(stored["qat"]), plan.dataset)
    for kind in stored:
        export(stored[kind], contract).save(folder / kind / "saved_model")
    write_json(folder / manifest.CONTRACT, contract.to_dict())
    convert_files(folder, plan.dataset, contract, plan.name)
    golden.write_golden(folder, contract, golden_pictures())
    kernels.write_kernels(folder, contract)
    if kernels.reference_classifier(folder / kernels.INT8, contract) is None:
        plan.say(f"warning: {folder / kernels.INT8}: {kernels.REFUSED}")


def convert_files(folder: Path, dataset: Dataset, contract: Contract, name: str) -> None:
    """Makes every .tflite and the TF.js model of `folder` from its SavedModels; `name` is the model's, for metadata."""
    fitted = dataset.part(TRAINING).images
    chosen = np.random.default_rng(0).permutation(len(fitted))[:REPRESENTATIVE]
    for kind in tflite.KINDS:
        source = SAVED[1] if kind == "int8" else SAVED[0]
        tflite.convert(folder / source, folder / f"{kind}.tflite", kind, fitted[chosen], contract, name)
    tfjs.convert_tfjs(folder / "int8.tflite", folder / "tfjs")


def calibrated(network_: Exported, dataset: Dataset) -> Contract:
    """Returns a network's contract with what its answers are made by, fitted on the selection set (four digits).

    sharpness: by which each head's own answer has the lowest log loss on its labels. blend: of all heads, by which the
    mean of those log losses is lowest. unsure_below: of the blend, on all heads' labels (fit_threshold).
    baseline_strength: one that suits most networks, where there is a neutral class; the command `baseline` chooses it
    on pictures of people.
    """
    asked = list(questions(network_, dataset).values())
    temperatures = [
        calibration.fit_temperature(logits[:, place], labels) for place, (logits, labels) in enumerate(asked)
    ]
    sharpness = tuple(round(1 / temperature, 4) for temperature in temperatures)
    blend = sharpness
    if len(asked) > 1:
        blend = tuple(round(weight, 4) for weight in calibration.fit_blend(asked))
    answers = [float_probabilities(logits.reshape(len(logits), -1), blend) for logits, _ in asked]
    unsure_below = coverage.fit_threshold(
        [
            (answer.max(axis=1), answer.argmax(axis=1) == labels)
            for answer, (_, labels) in zip(answers, asked, strict=True)
        ]
    )
    strength = BASELINE_STRENGTH if NEUTRAL in network_.contract.labels else 0.0
    return dataclasses.replace(
        network_.contract,
        sharpness=sharpness,
        blend=blend,
        unsure_below=unsure_below,
        baseline_strength=strength,
    )


def questions(network_: Exported, dataset: Dataset) -> dict[str, tuple[Floats, Integers]]:
    """Returns by head what it is asked on the selection set: logits of all heads [N,heads,K], and its labels [N]."""
    heads = network_.contract.heads
    found = {}
    for head in heads:
        selection = selection_set(dataset, head)
        logits = network_.logits(selection.images)
        found[head] = logits.reshape(len(logits), len(heads), -1), selection.labels
    return found


def measure_stage(plan: BuildPlan, folder: Path) -> None:
    """benchmark.json and evaluation.json."""
    files = digests(folder, CONVERTED)
    run_stage(
        folder,
        "benchmark",
        {"files": files},
        [latency.NAME],
        lambda: write_json(folder / latency.NAME, measure_latency(folder)),
        plan.say,
    )
    made_from = digests(folder, (FLOAT, QAT, manifest.CONTRACT))
    inputs = {"files": files | made_from, "dataset": plan.dataset.digest, "version": EVALUATE_VERSION}
    run_stage(
        folder, "evaluate", inputs, ["evaluation.json"], lambda: evaluate_folder(plan, folder), plan.say
    )


def robustness_stage(plan: BuildPlan, folder: Path) -> None:
    """robustness.json and its plot: the int8 file on spoilt images of the selection split."""
    inputs = {
        "files": digests(folder, ("int8.tflite", manifest.CONTRACT)),
        "dataset": plan.dataset.digest,
        "damages": [[damage.name, *damage.amounts] for damage in DAMAGES],
    }
    run_stage(
        folder,
        "robustness",
        inputs,
        [robustness.NAME, PICTURE],
        lambda: measure_robustness(folder, plan.dataset, "int8"),
        plan.say,
    )


def stock_stage(plan: BuildPlan, folder: Path) -> None:
    """stock_tfjs.json: our TF.js writer beside the stock converter; a word where that cannot be had."""
    if not tfjs_stock.installed():
        plan.say(f"stock: left out, {tfjs_stock.PACKAGE} is not installed")
        return
    # The checkpoints stand for their SavedModels, whose bytes are not always the same.
    files = digests(folder, (FLOAT, QAT, manifest.CONTRACT, "float32.tflite", "tfjs"))
    run_stage(
        folder,
        "stock",
        {"files": files},
        [stock_tfjs.NAME],
        lambda: stock_tfjs.compare_stock(folder, say=lambda line: None),
        plan.say,
    )


def measure_latency(folder: Path, rounds: int = 300) -> dict[str, Any]:
    """Times every artifact of `folder` on drawn faces; returns what benchmark.json holds."""
    return latency.artifact_latency(folder, draw_faces(8, seed=3)[0], rounds, progress_bar)


def measure_robustness(
    folder: Path, dataset: Dataset, artifact: str | None = None, seed: int = 0, head: str = BOTH_HEADS
) -> dict[str, Any]:
    """Measures an artifact on spoilt images as `write_robustness` does, and draws its plot beside the figures."""
    result = robustness.write_robustness(folder, dataset, artifact, seed, head)
    draw_png(result, folder / file_for(folder, PICTURE, dataset.name, dataset.digest))
    return result


def evaluate_folder(plan: BuildPlan, folder: Path) -> None:
    """Evaluates every artifact; the checkpoints run in batches through Keras, which is faster than batch 1."""
    contract = manifest.read_contract(folder)
    models = {
        kind: export(checkpoint.load(folder / kind / "checkpoint.npz"), contract) for kind in ("float", "qat")
    }
    evaluate.evaluate_build(folder, plan.dataset, models)


def onnx_stage(plan: BuildPlan, folder: Path) -> None:
    """float32.onnx, compared with float32.tflite; no part of what is verified and released."""

    def write() -> None:
        onnx_file.convert_onnx(folder, folder / ONNX, plan.name)
        plan.say(f"{ONNX}: {onnx_check.check(folder / ONNX, folder).sentence()}")

    inputs = {"files": digests(folder, ("float32.tflite", manifest.CONTRACT)), "version": onnx_file.VERSION}
    run_stage(folder, "onnx", inputs, [ONNX], write, plan.say)
