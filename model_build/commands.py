"""What each sub-command of `python -m model_build` does with its parsed flags.

TensorFlow is imported by the commands that need it only, so that `--help` and `audit` are quick.
"""

from __future__ import annotations

import argparse
import re
import shlex
import sys
from pathlib import Path
from typing import Any

from face_emotion.errors import InputError
from face_emotion.files import make_folder, read_json, require_file, write_json
from model_build.data import audit as audit_module
from model_build.data import loading as data
from model_build.evaluation.evaluation_file import read_evaluation
from model_build.settings import AugmentSettings, QuantizeSettings, TrainSettings, from_flags

NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")  # as manifest.schema.json has it: it becomes a folder's name

# Drawn faces are easy: a small network and few epochs (94 % in four minutes), so that a first build takes minutes.
SYNTHETIC_DEFAULTS = {"epochs": 18, "qat_epochs": 1, "ema": 0.98, "learning_rate": 0.15}


def build(arguments: argparse.Namespace) -> int:
    """The whole pipeline; returns 0 if everything verified, else 2."""
    plan = _plan(arguments)
    from model_build import pipeline
    from model_build.reporting.tables import print_summary

    folder = _out(arguments, plan.name)
    problems = pipeline.build(plan, folder)
    print_summary(folder)
    if problems:
        raise InputError(f"{folder}: {len(problems)} problem(s), the first: {problems[0]}")
    return 0


def audit(arguments: argparse.Namespace) -> int:
    """Prints what is wrong with a data set."""
    return audit_module.run(arguments.data, arguments.votes, arguments.out, arguments.keep_going)


def train(arguments: argparse.Namespace) -> int:
    """Float training only."""
    plan = _plan(arguments)
    from model_build import pipeline

    folder = _out(arguments, plan.name)
    write_json(folder / "config.json", pipeline.describe(plan))
    pipeline.train_stage(plan, folder)
    best = _last_best(folder / "float")
    print(f"{folder / 'float' / 'checkpoint.npz'}: selection accuracy {best:.4f}")
    return 0


def quantize(arguments: argparse.Namespace) -> int:
    """Quantisation-aware fine-tuning of the float checkpoint in a build folder."""
    plan = _stored_plan(arguments)
    from model_build import pipeline

    pipeline.quantize_stage(plan, arguments.folder)
    best = _last_best(arguments.folder / "qat")
    print(f"{arguments.folder / 'qat' / 'checkpoint.npz'}: selection accuracy {best:.4f}")
    return 0


def evaluate(arguments: argparse.Namespace) -> int:
    """Evaluates every artifact of a build or models folder and prints the table."""
    from converters.manifest import read_manifest

    manifest = read_manifest(arguments.folder)
    dataset = data.load(arguments.data, arguments.votes)
    from model_build.evaluation.verification import classifiers
    from model_build.evaluation import evaluate as evaluate_module
    from model_build import pipeline
    from model_build.reporting.tables import print_summary

    labels = tuple(manifest["contract"]["labels"])
    if labels != dataset.class_names:
        raise InputError(
            f"--data: {dataset.name} has other classes than {arguments.folder} ({', '.join(labels)})"
        )
    found = classifiers(arguments.folder, manifest["network"])
    kinds = {kind: found[kind] for kind in ("float", "qat")}
    headline = pipeline.headline_set(dataset, manifest["network"]["head"])
    evaluate_module.evaluate_build(arguments.folder, dataset, kinds, headline)
    print_summary(arguments.folder)
    return 0


def report(arguments: argparse.Namespace) -> int:
    """Writes report.html and MODEL_CARD.md anew; with a second folder, compares the two instead."""
    if arguments.other is not None:
        return _compare(arguments)
    from model_build.reporting.model_card import write_model_card
    from model_build.reporting.report import write_report

    drawn = read_evaluation(arguments.folder)["dataset"]["name"] == data.SYNTHETIC
    dataset = (
        data.load(arguments.data, arguments.votes) if arguments.data != data.SYNTHETIC or drawn else None
    )
    print(write_report(arguments.folder, dataset))
    print(write_model_card(arguments.folder))
    return 0


def _compare(arguments: argparse.Namespace) -> int:
    from model_build.evaluation.compare import compare
    from model_build.reporting.compare_report import print_comparison, write_comparison

    folders = (arguments.folder, arguments.other)
    result = compare(folders, arguments.rounds)
    names = [folder.resolve().name for folder in folders]
    path = arguments.out or Path("build") / f"compare-{'-'.join(names)}.html"
    print_comparison(result)
    print(write_comparison(result, path))
    return 0


def robustness(arguments: argparse.Namespace) -> int:
    """Measures accuracy on spoilt images and writes robustness.json and robustness.png beside evaluation.json."""
    from model_build.evaluation.robustness import write_robustness
    from model_build.reporting.robustness_table import print_robustness

    dataset = data.load(arguments.data, arguments.votes)
    result = write_robustness(arguments.folder, dataset, arguments.artifact, arguments.seed)
    print_robustness(result)
    print("now in report.html and MODEL_CARD.md after: python -m model_build report " + str(arguments.folder))
    return 0


def experiment(arguments: argparse.Namespace) -> int:
    """Trains and measures a declared list of networks under one budget."""
    from model_build.experiments.variants import chosen_variants

    variants = chosen_variants(arguments.only)
    if arguments.rounds < 1:
        raise InputError(f"--rounds {arguments.rounds}: must be at least 1")
    plan = _plan(arguments)
    from model_build.experiments import experiment as experiment_module

    result = experiment_module.run(plan, variants, _out(arguments, "experiment"), arguments.rounds)
    experiment_module.print_table(result)
    print(_out(arguments, "experiment") / experiment_module.PICTURE)
    return 0


def benchmark(arguments: argparse.Namespace) -> int:
    """Prints images/s of the training loop and of the bare step."""
    if arguments.steps < 1:
        raise InputError(f"--steps {arguments.steps}: must be at least 1")
    plan = _plan(arguments)
    from benchmarks.training import measure

    speed = measure(plan, arguments.steps)
    print(
        f"{plan.name}, {speed['parameters']:,} parameters, {speed['macs'] / 1e6:.1f} M MACs, "
        f"batch {plan.train.batch_size}: loop {speed['loop']:.0f} images/s, bare step {speed['step']:.0f} images/s, "
        f"ratio {speed['loop'] / speed['step']:.3f}"
    )
    return 0


def architectures(arguments: argparse.Namespace) -> int:
    """Prints parameters, MACs and int8 bytes of each variant."""
    from model_build.reporting.tables import print_architectures

    print_architectures()
    return 0


def _plan(arguments: argparse.Namespace) -> Any:
    """Resolves flags into a pipeline.Build; every flag is checked before anything long begins."""
    synthetic = arguments.data == data.SYNTHETIC
    defaults = SYNTHETIC_DEFAULTS if synthetic else {}
    train_settings = from_flags(TrainSettings, arguments, **defaults)
    augment_settings = from_flags(AugmentSettings, arguments)
    quantize_settings = from_flags(QuantizeSettings, arguments, **defaults)
    from model_build.network import architecture as network

    variant = arguments.variant or ("nano" if synthetic else "small")
    shape = network.architecture(variant)
    if not NAME.fullmatch(variant):
        raise InputError(f"--variant {variant}: use small letters, digits, '.', '_' and '-' only")
    dataset = data.load(arguments.data, arguments.votes)
    from model_build import pipeline
    from model_build.training import targets
    from model_build.network.engine import load_engine

    heads = targets.heads_for(train_settings.targets, dataset)
    return pipeline.Build(
        name=variant,
        dataset=dataset,
        architecture=shape,
        heads=heads,
        head=pipeline.chosen_head(arguments.head, heads),
        train=train_settings,
        augment=augment_settings,
        quantize=quantize_settings,
        engine=load_engine(arguments.engine),
        command=command_line(),
        teachers=tuple(require_file(path, "checkpoint") for path in arguments.teacher),
        initial=_initial(arguments.initial),
    )


def _stored_plan(arguments: argparse.Namespace) -> Any:
    """Resolves a build folder's config.json, and flags that override it, into a pipeline.Build."""
    path = arguments.folder / "config.json"
    config = read_json(path)
    from model_build.network import architecture as network
    from model_build import pipeline
    from model_build.network.engine import load_engine

    try:
        trained_on, settings = config["dataset"], config["settings"]
        known = {
            "name": config["name"],
            "architecture": network.Architecture.from_dict(config["architecture"]),
            "heads": tuple(config["heads"]),
            "head": config["head"],
            "train": from_flags(TrainSettings, arguments, **settings),
            "augment": from_flags(AugmentSettings, arguments, **settings),
            "quantize": from_flags(QuantizeSettings, arguments, **settings),
            "command": config["command"],
        }
        name, digest = trained_on["name"], trained_on["digest"]
    except (KeyError, TypeError) as error:
        raise InputError(f"{path}: not what this kit writes there ({error!r}); run build again") from None
    dataset = data.load(arguments.data, arguments.votes)
    if dataset.digest != digest:
        raise InputError(f"--data: not the data set that {arguments.folder} was trained on ({name})")
    teachers = tuple(require_file(path, "checkpoint") for path in arguments.teacher)
    return pipeline.Build(dataset=dataset, engine=load_engine("tensorflow"), teachers=teachers, **known)


def command_line(package: str = "model_build") -> str:
    """Returns the command line that repeats this run, with folders cut from data paths: they differ elsewhere."""
    words = [
        Path(word).name if Path(word).is_absolute() or word.startswith("..") else word
        for word in sys.argv[1:]
    ]
    return shlex.join(["python", "-m", package, *words])


def _out(arguments: argparse.Namespace, name: str) -> Path:
    return make_folder(arguments.out or Path("build") / name)


def _initial(path: Path | None) -> Path | None:
    if path is None:
        return None
    return require_file(path / "float" / "checkpoint.npz" if path.is_dir() else path, "checkpoint")


def _last_best(folder: Path) -> float:
    from model_build.network import checkpoint

    return checkpoint.load(folder / "checkpoint.npz").details["selection_accuracy"]
