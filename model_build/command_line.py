"""The flags of every sub-command of `python -m model_build`; what they do stands in commands.py."""

from __future__ import annotations

import argparse
from pathlib import Path

from face_emotion.errors import CommandParser
from model_build import commands
from model_build.settings import AugmentSettings, QuantizeSettings, TrainSettings, add_flags

DATA_HELP = (
    "fer2013.csv, fer2013.tar.gz, icml_face_data.csv or a folder of class folders; "
    "default: drawn synthetic faces, which need no download"
)


def parser() -> argparse.ArgumentParser:
    """Returns the parser of every sub-command."""
    top = CommandParser(
        prog="python -m model_build",
        description="Trains, quantises, converts and measures a facial expression network.",
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="COMMAND")

    verb = verbs.add_parser("build", help="everything: audit, train, quantize, convert, verify, report")
    _add_data(verb)
    _add_plan(verb)
    _add_settings(verb, TrainSettings, AugmentSettings, QuantizeSettings)
    verb.set_defaults(run=commands.build)

    verb = verbs.add_parser("audit", help="what is wrong with a data set")
    _add_data(verb)
    verb.add_argument("--keep-going", action="store_true", help="leave bad rows out and list them all")
    verb.add_argument("--out", type=Path, help="also write JSON, text and plots into this folder")
    verb.set_defaults(run=commands.audit)

    verb = verbs.add_parser("train", help="float training only")
    _add_data(verb)
    _add_plan(verb)
    _add_settings(verb, TrainSettings, AugmentSettings)
    verb.set_defaults(run=commands.train)

    verb = verbs.add_parser("quantize", help="quantisation-aware fine-tuning of a trained build folder")
    _add_folder(verb)
    _add_data(verb)
    verb.add_argument(
        "--teacher", type=Path, nargs="+", default=[], metavar="NPZ", help="checkpoints to learn from"
    )
    _add_settings(verb, TrainSettings, AugmentSettings, QuantizeSettings)
    verb.set_defaults(run=commands.quantize)

    verb = verbs.add_parser("evaluate", help="figures of every artifact in a build or models folder")
    _add_folder(verb)
    _add_data(verb)
    verb.set_defaults(run=commands.evaluate)

    verb = verbs.add_parser(
        "report", help="report.html and MODEL_CARD.md of a build folder, or a comparison of two"
    )
    _add_folder(verb)
    verb.add_argument(
        "other", type=Path, nargs="?", help="second build or models folder: compare the two instead"
    )
    _add_data(verb)
    verb.add_argument("--out", type=Path, help="of the comparison (default: build/compare-A-B.html)")
    verb.add_argument(
        "--rounds", type=int, default=200, help="of the comparison: timed runs of each artifact (default 200)"
    )
    verb.set_defaults(run=commands.report)

    verb = verbs.add_parser("robustness", help="accuracy on spoilt images of the selection split")
    _add_folder(verb)
    _add_data(verb)
    verb.add_argument(
        "--artifact",
        help="int8, int8_ptq, float16, float32 or tfjs (default: the first of these that is there)",
    )
    verb.add_argument("--seed", type=int, default=0, help="of noise, places and directions (default 0)")
    verb.set_defaults(run=commands.robustness)

    verb = verbs.add_parser(
        "experiment", help="declared variants of the network under one budget: accuracy, bytes, ms"
    )
    _add_data(verb)
    verb.add_argument("--only", nargs="+", default=[], metavar="VARIANT", help="some of them (default: all)")
    verb.add_argument("--out", type=Path, help="folder that it goes on in (default: build/experiment)")
    verb.add_argument(
        "--head", choices=("labels", "votes"), help="the head that is measured (default: the first trained)"
    )
    verb.add_argument("--rounds", type=int, default=200, help="timed runs of each variant (default 200)")
    _add_settings(verb, TrainSettings, AugmentSettings)
    verb.set_defaults(run=commands.experiment, variant=None, teacher=[], initial=None, engine="tensorflow")

    verb = verbs.add_parser("benchmark", help="training speed: the whole loop beside the pure step")
    _add_data(verb)
    _add_plan(verb)
    _add_settings(verb, TrainSettings, AugmentSettings)
    verb.add_argument("--steps", type=int, default=30, help="steps that are timed of each (default 30)")
    verb.set_defaults(run=commands.benchmark)

    verb = verbs.add_parser("architectures", help="parameters, MACs and int8 bytes of each variant")
    verb.set_defaults(run=commands.architectures)
    return top


def _add_data(verb: argparse.ArgumentParser) -> None:
    group = verb.add_argument_group("data")
    group.add_argument("--data", default="synthetic", metavar="PATH", help=DATA_HELP)
    group.add_argument(
        "--votes", type=Path, metavar="PATH", help="FER+'s fer2013new.csv: ten crowd votes an image"
    )


def _add_plan(verb: argparse.ArgumentParser) -> None:
    group = verb.add_argument_group("what to build")
    group.add_argument(
        "--variant",
        help="nano, small, base or teacher, or one of them with a name behind a dash"
        " (default: small; nano on synthetic faces)",
    )
    group.add_argument("--out", type=Path, help="build folder (default: build/VARIANT)")
    group.add_argument(
        "--head",
        choices=("labels", "votes"),
        help="the head to export, which also chooses the epochs (default: the first trained)",
    )
    group.add_argument(
        "--teacher", type=Path, nargs="+", default=[], metavar="NPZ", help="checkpoints to learn from"
    )
    group.add_argument(
        "--from",
        dest="initial",
        type=Path,
        metavar="PATH",
        help="fine-tune this checkpoint or models folder; a smaller network of the family is grown first",
    )
    group.add_argument(
        "--engine", default="tensorflow", help="tensorflow, or jax for float training on an accelerator"
    )


def _add_folder(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("folder", type=Path, help="build folder, for example build/small")


def _add_settings(verb: argparse.ArgumentParser, *classes: type) -> None:
    for cls in classes:
        add_flags(verb, cls)
