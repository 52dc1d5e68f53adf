"""The flags of every sub-command of `python -m model_build`; what they do stands in commands.py."""

from __future__ import annotations

import argparse
from pathlib import Path

from face_emotion.arguments import MOST_ROUNDS, SEEDS, file_path, number, path_text, plain_path, whole
from face_emotion.errors import CommandParser
from model_build import commands, experiment_commands
from model_build.data.shards import RECORDS
from model_build.data.sources import add_sources
from model_build.hosts.cluster import add_hosts
from model_build.settings import AugmentSettings, QuantizeSettings, TrainSettings, add_flags


def parser() -> argparse.ArgumentParser:
    """Returns the parser of every sub-command."""
    top = CommandParser(
        prog="python -m model_build",
        description="Trains, quantises, converts and measures a facial expression network.",
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="COMMAND")

    verb = verbs.add_parser("build", help="everything: audit, train, quantize, convert, verify, report")
    add_data(verb)
    add_plan(verb)
    add_settings(verb, TrainSettings, AugmentSettings, QuantizeSettings)
    verb.add_argument(
        "--onnx",
        action="store_true",
        help="also write float32.onnx, compared with float32.tflite (needs requirements-onnx.txt)",
    )
    verb.set_defaults(run=commands.build)

    verb = verbs.add_parser("audit", help="what is wrong with a data set")
    add_data(verb)
    verb.add_argument("--keep-going", action="store_true", help="leave bad rows out and list them all")
    verb.add_argument(
        "--near-copies",
        action="store_true",
        help="also count held-out images that look like one of Training without being its copy: other crops, frames",
    )
    verb.add_argument("--out", type=file_path, help="also write JSON, text and plots into this folder")
    add_replace(verb, "write over the audit of another data set")
    verb.set_defaults(run=commands.audit)

    verb = verbs.add_parser(
        "crop",
        help="class folders of photographs -> class folders of the faces in them, as a runtime cuts them",
    )
    verb.add_argument("photographs", type=file_path, metavar="PHOTOS", help="folder of class folders")
    verb.add_argument("out", type=file_path, metavar="OUT", help="folder of crops, new or of an earlier run")
    verb.add_argument(
        "--faces",
        choices=("largest", "all"),
        default="largest",
        help="which of a picture with several (default largest)",
    )
    verb.set_defaults(run=commands.crop)

    verb = verbs.add_parser(
        "shard", help="data sets -> a folder of TFRecord shards, to train on more than memory holds"
    )
    add_sources(verb, verb.add_argument_group("data"), required=True)
    verb.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="new folder of the shards")
    verb.add_argument(
        "--records",
        type=whole(16, 10_000_000),
        default=RECORDS,
        help=f"most pictures in a shard (default {RECORDS:,}, 39 MB)",
    )
    verb.set_defaults(run=commands.shard)

    verb = verbs.add_parser("train", help="float training only")
    add_data(verb)
    add_plan(verb)
    add_hosts(verb)
    add_settings(verb, TrainSettings, AugmentSettings)
    verb.set_defaults(run=commands.train)

    verb = verbs.add_parser("quantize", help="quantisation-aware fine-tuning of a trained build folder")
    _add_folder(verb)
    add_data(verb)
    verb.add_argument(
        "--teacher", type=file_path, nargs="+", default=[], metavar="NPZ", help="checkpoints to learn from"
    )
    add_settings(verb, TrainSettings, AugmentSettings, QuantizeSettings)
    verb.set_defaults(run=commands.quantize)

    verb = verbs.add_parser("convert", help="SavedModels of a build folder -> .tflite files and TF.js model")
    _add_folder(verb)
    add_data(verb)
    verb.set_defaults(run=commands.convert)

    verb = verbs.add_parser("golden", help="write the golden vectors that every runtime is tested against")
    _add_folder(verb)
    verb.set_defaults(run=commands.golden)

    verb = verbs.add_parser("evaluate", help="figures of every artifact in a build or models folder")
    _add_folder(verb)
    add_data(verb)
    verb.add_argument(
        "--detect",
        action="store_true",
        help="--data holds whole pictures in class folders: find the face in each first, as a runtime does",
    )
    verb.set_defaults(run=commands.evaluate)

    verb = verbs.add_parser(
        "report", help="report.html and MODEL_CARD.md of a build folder, or a comparison of two"
    )
    _add_folder(verb)
    verb.add_argument(
        "other", type=file_path, nargs="?", help="second build or models folder: compare the two instead"
    )
    add_data(verb)
    verb.add_argument("--out", type=file_path, help="of the comparison (default: build/compare-A-B.html)")
    verb.add_argument(
        "--rounds",
        type=whole(1, MOST_ROUNDS),
        default=200,
        help="of the comparison: timed runs of each artifact (default 200)",
    )
    verb.set_defaults(run=commands.report)

    verb = verbs.add_parser("verify", help="check every artifact against the manifest and the checkpoint")
    _add_folder(verb)
    group = verb.add_argument_group("data: with --data, every published figure is recomputed as well")
    add_sources(verb, group, drawn=False)
    verb.set_defaults(run=commands.verify)

    verb = verbs.add_parser("release", help="copy a verified build into models/")
    _add_folder(verb)
    verb.add_argument("--models", type=file_path, default=Path("models"), help="where to (default: models)")
    verb.add_argument("--name", help="of the released model, where it is not to be the build's own")
    add_replace(verb, "put it in the place of a released model of other data")
    verb.set_defaults(run=commands.release)

    verb = verbs.add_parser("robustness", help="accuracy on spoilt images of the selection split")
    _add_folder(verb)
    add_data(verb)
    verb.add_argument(
        "--artifact",
        help="int8, int8_ptq, float16, float32 or tfjs (default: the first of these that is there)",
    )
    verb.add_argument(
        "--seed", type=whole(0, SEEDS), default=0, help="of noise, places and directions (default 0)"
    )
    verb.set_defaults(run=commands.robustness)

    verb = verbs.add_parser("figures", help="the figures of builds as one table, for a spreadsheet or pandas")
    verb.add_argument("folders", type=file_path, nargs="+", metavar="FOLDER", help="build or models folders")
    verb.add_argument(
        "--csv", type=file_path, metavar="FILE", help="write them all there (default: print the accuracies)"
    )
    verb.set_defaults(run=commands.figures)

    verb = verbs.add_parser("stock", help="our TF.js writer against the stock converter (tensorflowjs)")
    _add_folder(verb)
    verb.add_argument(
        "--keep", type=file_path, metavar="FOLDER", help="new folder for the stock converter's model"
    )
    verb.add_argument(
        "--rounds", type=whole(1, MOST_ROUNDS), default=200, help="timed runs of each form (default 200)"
    )
    verb.set_defaults(run=commands.stock)

    verb = verbs.add_parser(
        "baseline", help="what a person's own neutral picture is worth; writes the strength into the contract"
    )
    _add_folder(verb)
    verb.add_argument(
        "--data",
        required=True,
        type=path_text,
        metavar="PATH",
        help="folder or .tar of class folders, files PERSON_NUMBER.jpg",
    )
    verb.add_argument(
        "--classes", nargs="+", default=[], metavar="LABEL=FOLDER", help="for class folders of other names"
    )
    verb.set_defaults(run=commands.baseline)

    verb = verbs.add_parser("architectures", help="parameters, MACs and int8 bytes of each variant")
    verb.set_defaults(run=commands.architectures)

    verb = verbs.add_parser(
        "face-detector", help="models/face_detector anew: model, golden vectors, manifest"
    )
    verb.set_defaults(run=commands.face_detector)
    _add_experiments(verbs)
    return top


def _add_experiments(verbs: argparse._SubParsersAction[CommandParser]) -> None:
    verb = verbs.add_parser(
        "experiment", help="declared variants of the network under one budget: accuracy, bytes, ms"
    )
    add_data(verb)
    verb.add_argument("--only", nargs="+", default=[], metavar="VARIANT", help="some of them (default: all)")
    verb.add_argument("--out", type=plain_path, help="folder that it goes on in (default: build/experiment)")
    add_replace(verb, "write over an experiment on other data")
    verb.add_argument(
        "--rounds", type=whole(1, MOST_ROUNDS), default=200, help="timed runs of each variant (default 200)"
    )
    add_settings(verb, TrainSettings, AugmentSettings)
    verb.set_defaults(
        run=experiment_commands.experiment, variant=None, teacher=[], initial=None, engine="tensorflow"
    )

    verb = verbs.add_parser(
        "matrix",
        help="a network trained on each data set, and one on all: each tested on every set",
        description="Trains a network on each data set and one on all of them, and tests each on every set; 12 epochs "
        "with --ema 0.99 unless said otherwise.",
    )
    add_data(verb)
    add_variant(verb, "nano")
    verb.add_argument(
        "--on",
        choices=("test", "validation"),
        default="test",
        help="the parts that are tested on (default test)",
    )
    verb.add_argument("--out", type=plain_path, help="folder that it goes on in (default: build/matrix)")
    add_replace(verb, "write over a matrix of other data sets")
    add_settings(verb, TrainSettings, AugmentSettings)
    verb.set_defaults(run=experiment_commands.matrix, teacher=[], initial=None, engine="tensorflow")

    verb = verbs.add_parser("released", help="the commands that led to a released model, one after another")
    verb.add_argument("model", choices=("base", "nano", "small"), help="which folder of models/")
    verb.add_argument("--data", metavar="PATH", help="FER2013")
    verb.add_argument("--votes", metavar="CSV", help="FER+'s fer2013new.csv")
    verb.add_argument("--seeds", action="store_true", help="several seeds, their mean and spread (small)")
    verb.add_argument("--print", action="store_true", help="print the commands and run none; needs no data")
    verb.set_defaults(run=experiment_commands.released)

    verb = verbs.add_parser("seeds", help="mean and spread of builds that differ in nothing but their seed")
    verb.add_argument("folders", type=file_path, nargs="+", metavar="FOLDER", help="build folders")
    verb.add_argument("--out", type=file_path, metavar="JSON", help="file to write all figures to")
    verb.set_defaults(run=experiment_commands.seeds)

    verb = verbs.add_parser("ensemble", help="how good teachers are, each alone and averaged")
    verb.add_argument("checkpoints", type=file_path, nargs="+", metavar="NPZ", help="float checkpoints")
    add_sources(verb, verb.add_argument_group("data"), required=True)
    verb.add_argument(
        "--head", choices=("labels", "votes"), default="labels", help="the head that answers (default labels)"
    )
    verb.add_argument(
        "--mirror", action="store_true", help="average the answers to an image and its mirror image"
    )
    verb.add_argument(
        "--views",
        type=whole(0, 10_000),
        default=0,
        metavar="N",
        help="ask about N augmentations of each image, as a student does, instead of the image (default 0)",
    )
    verb.add_argument("--fit-weights", action="store_true", help="also fit the weights of --teacher-weights")
    add_settings(verb, AugmentSettings)
    verb.set_defaults(run=experiment_commands.ensemble)

    verb = verbs.add_parser("interpolate", help="the best network between the ends of a fine-tuning")
    verb.add_argument("start", type=file_path, metavar="START.npz", help="checkpoint that it began from")
    verb.add_argument("end", type=file_path, metavar="END.npz", help="checkpoint that it ended with")
    add_sources(verb, verb.add_argument_group("data"), required=True)
    verb.add_argument(
        "--out", type=file_path, required=True, metavar="FOLDER", help="gets float/checkpoint.npz"
    )
    verb.add_argument(
        "--share",
        type=number(0, 1),
        help="write the network this far on the way (0: START, 1: END), not the best",
    )
    add_replace(verb, "write over another checkpoint there")
    verb.set_defaults(run=experiment_commands.interpolate)

    verb = verbs.add_parser("crop-calibration", help="where detected faces stand in the training crops")
    verb.add_argument(
        "--data", type=path_text, required=True, metavar="PATH", help="a data set, as build takes one"
    )
    verb.add_argument(
        "--count", type=whole(1), default=600, help="Training faces that are measured (default 600)"
    )
    verb.add_argument(
        "--model", type=file_path, help="model folder: also measure accuracy on the selection split"
    )
    verb.add_argument(
        "--plot",
        type=file_path,
        nargs="?",
        const=Path(),
        metavar="PNG",
        help="draw the key points into this file (default: MODEL/crop_calibration.png, which the report shows)",
    )
    verb.set_defaults(run=experiment_commands.crop_calibration)


def add_data(verb: argparse.ArgumentParser) -> None:
    """Adds the flags that name data sets."""
    add_sources(verb, verb.add_argument_group("data"))


def add_plan(verb: argparse.ArgumentParser) -> None:
    """Adds the flags that say what to build."""
    group = verb.add_argument_group("what to build")
    add_variant(group, "small; nano on synthetic faces")
    group.add_argument("--out", type=plain_path, help="build folder (default: build/VARIANT)")
    add_replace(group, "write over a build on other data")
    group.add_argument(
        "--teacher", type=file_path, nargs="+", default=[], metavar="NPZ", help="checkpoints to learn from"
    )
    group.add_argument(
        "--from",
        dest="initial",
        type=file_path,
        metavar="PATH",
        help="fine-tune this checkpoint or models folder; a smaller network of the family is grown first",
    )
    group.add_argument(
        "--engine", default="tensorflow", help="tensorflow, or jax for float training on an accelerator"
    )


def add_variant(group: argparse._ActionsContainer, default: str) -> None:
    """Adds --variant; default: what stands for it, in words."""
    group.add_argument(
        "--variant",
        help=f"nano, small, base or teacher, or one of them with a name behind a dash (default: {default})",
    )


def add_replace(group: argparse._ActionsContainer, help_text: str) -> None:
    """Adds --replace, without which nothing of another origin is written over."""
    group.add_argument("--replace", action="store_true", help=help_text)


def _add_folder(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("folder", type=plain_path, help="build folder, for example build/small")


def add_settings(verb: argparse.ArgumentParser, *classes: type) -> None:
    """Adds a flag for each field of settings classes."""
    for cls in classes:
        add_flags(verb, cls)
