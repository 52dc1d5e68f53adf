"""What the sub-commands of `python -m model_build` that make and describe builds do with their parsed flags.

TensorFlow is imported by the commands that need it only, so that `--help` and `audit` are quick.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from face_emotion.errors import EXIT_BAD_INPUT, EXIT_SOME_SKIPPED, InputError
from face_emotion.files import read_json, sha256_of, write_json, write_text
from model_build.folder_lock import locked, require_build, require_folder
from model_build.origin import require_own_build

if TYPE_CHECKING:
    from model_build.data.sources import Source


def build(arguments: argparse.Namespace) -> int:
    """The whole pipeline; returns 0 if everything verified, else 2."""
    from converters.onnx_file import require_packages
    from model_build.network.engine import load_engine

    load_engine(arguments.engine)  # before what brings TensorFlow, which settles Keras 3's backend
    from model_build import pipeline
    from model_build.build_plan import plan_from_flags
    from model_build.reporting.tables import print_next, print_summary

    if arguments.onnx:
        require_packages()  # now, not after an hour of training
    plan = plan_from_flags(arguments)
    with locked(arguments.out or Path("build") / plan.name) as folder:
        require_own_build(folder, plan.dataset.name, arguments.replace)
        problems = pipeline.build(plan, folder)
        if arguments.onnx:
            pipeline.onnx_stage(plan, folder)
        print_summary(folder)
    if problems:
        raise InputError(f"{folder}: {len(problems)} problem(s), the first: {problems[0]}")
    print_next(folder)
    return 0


def audit(arguments: argparse.Namespace) -> int:
    """Prints what is wrong with a data set."""
    from model_build.data.audit import run, show
    from model_build.data.sources import load_from_flags, sources_of

    first, *others = sources_of(arguments)
    if others or first.named or arguments.classes:
        if arguments.keep_going:
            raise InputError(
                "--keep-going: audits one data set as it stands; leave other --data, names and --classes out"
            )
        dataset = load_from_flags(arguments)
        return show(dataset, (), arguments.out, arguments.replace, arguments.near_copies)
    return run(
        first.path,
        arguments.votes,
        arguments.out,
        arguments.keep_going,
        form=first.form,
        replace=arguments.replace,
        near=arguments.near_copies,
    )


def crop(arguments: argparse.Namespace) -> int:
    """Cuts the faces out of class folders of photographs; returns 1 if some pictures have no crop."""
    from model_build.data.cropping import crop_folder

    source, out = arguments.photographs, arguments.out
    if out.resolve().is_relative_to(source.resolve()):
        raise InputError(
            f"{out}: lies in {source}, and its crops would be taken for photographs; name another"
        )
    found = crop_folder(source, out, arguments.faces)
    for place in found.without:
        print(f"{source / place}: no face found", file=sys.stderr)
    for place, reason in found.broken:
        print(f"{source / place}: {reason}", file=sys.stderr)
    for place in found.loose:
        print(f"{source / place}: stands in no class folder", file=sys.stderr)
    unchanged = f", {found.unchanged:,} of them unchanged" if found.unchanged else ""
    print(
        f"{out}: {found.crops:,} faces of {found.pictures:,} pictures{unchanged}; {len(found.without):,} without a "
        f"face, {len(found.broken):,} unreadable, {len(found.loose):,} in no class folder"
    )
    return EXIT_SOME_SKIPPED if found.without or found.broken or found.loose else 0


def shard(arguments: argparse.Namespace) -> int:
    """Writes data sets as one folder of shards; what is read is held on the disk, not in memory."""
    from model_build.data.mixing import parse_classes
    from model_build.data.shards import spool_for, write_shards
    from model_build.data.sources import load_sources, sources_of

    sources, classes = sources_of(arguments), parse_classes(arguments.classes)
    with spool_for(arguments.out) as spool:
        dataset = load_sources(sources, arguments.votes, classes, cache=None, keep=spool)
        written = write_shards(dataset, arguments.out, arguments.records)
    shards = read_json(arguments.out / "shards.json")["shards"]
    what = f"{len(dataset):,} pictures in {len(shards)} shards"
    print(f"{arguments.out}: {what}" if written else f"{arguments.out}: unchanged ({what})")
    return 0


def train(arguments: argparse.Namespace) -> int:
    """Float training only, by this process or as one of several."""
    from model_build.hosts.cluster import cluster_of
    from model_build.network.engine import load_engine

    cluster = cluster_of(arguments.hosts, arguments.host, os.environ)
    if cluster is None:  # hosts are TensorFlow's
        load_engine(arguments.engine)  # before what brings TensorFlow, which settles Keras 3's backend
    from model_build import host_commands, pipeline
    from model_build.build_plan import plan_from_flags

    if cluster is not None:
        written = host_commands.train(arguments, cluster)
        if written is not None:
            _print_best(written / "float")
        return 0
    plan = plan_from_flags(arguments)
    with locked(arguments.out or Path("build") / plan.name) as folder:
        require_own_build(folder, plan.dataset.name, arguments.replace)
        write_json(folder / "config.json", plan.describe())
        pipeline.train_stage(plan, folder)
        _print_best(folder / "float")
    return 0


def quantize(arguments: argparse.Namespace) -> int:
    """Quantisation-aware fine-tuning of the float checkpoint in a build folder."""
    require_build(arguments.folder)
    from model_build import pipeline
    from model_build.build_plan import plan_from_folder

    with locked(arguments.folder) as folder:
        pipeline.quantize_stage(plan_from_folder(arguments), folder)
        _print_best(folder / "qat")
    return 0


def convert(arguments: argparse.Namespace) -> int:
    """Makes every .tflite file and the TF.js model anew from a build folder's SavedModels."""
    require_build(arguments.folder)
    from converters.manifest import read_contract
    from model_build import pipeline
    from model_build.build_plan import load_trained_on
    from model_build.describing import CONVERTED

    with locked(arguments.folder) as folder:
        config = read_json(folder / "config.json")
        if not isinstance(config, dict) or not isinstance(config.get("name"), str):
            raise InputError(f"{folder / 'config.json'}: not what this kit writes there; run build again")
        dataset = load_trained_on(
            arguments, config.get("dataset")
        )  # its images set the ranges of int8_ptq.tflite
        pipeline.convert_files(folder, dataset, read_contract(folder), config["name"])
        for name in CONVERTED:
            print(folder / name)
    return 0


def golden(arguments: argparse.Namespace) -> int:
    """Writes the golden vectors of a build or models folder."""
    from converters.golden import NAME as GOLDEN
    from converters.golden import golden as golden_vectors
    from converters.manifest import NAME, read_contract
    from model_build.synthetic.golden import golden_pictures

    known = (arguments.folder / NAME).exists()
    vectors = golden_vectors(arguments.folder, read_contract(arguments.folder), golden_pictures())
    if known and read_json(arguments.folder / GOLDEN) != vectors:
        raise InputError(
            f"{arguments.folder / GOLDEN}: would no longer be what {NAME} states; run build, which writes both"
        )
    write_json(arguments.folder / GOLDEN, vectors)
    print(arguments.folder / GOLDEN)
    return 0


def face_detector(arguments: argparse.Namespace) -> int:
    """Writes models/face_detector anew: model, golden vectors, manifest."""
    from converters.face_detector import FOLDER, write
    from model_build.synthetic.golden import detector_frames

    manifest = write(detector_frames())
    entries = [entry for artifact in manifest["artifacts"].values() for entry in artifact["files"]]
    for file, size in {entry["file"]: entry["bytes"] for entry in entries}.items():  # two may have one file
        print(f"{size:>9}  {FOLDER.name}/{file}")
    return 0


def evaluate(arguments: argparse.Namespace) -> int:
    """Evaluates every artifact of a build or models folder and prints the table."""
    from model_build.data.elsewhere import is_elsewhere
    from model_build.data.loading import FOLDER, kind_of
    from model_build.data.sources import sources_of

    source, *others = sources_of(arguments)  # refuses a wrong flag before anything is read
    if others and arguments.detect:
        raise InputError("--detect: whole pictures are measured on one data set at a time; give one --data")
    # A folder and --classes: as for pictures that are only measured on, unless it is named as training names it.
    mapped = arguments.classes and not source.named and kind_of(source.path) == FOLDER
    if not others and (arguments.detect or mapped or is_elsewhere(Path(source.path))):
        return _evaluate_off_data(arguments, source)
    from converters.manifest import read_contract, read_manifest
    from model_build.data.sources import load_from_flags
    from model_build.evaluation.evaluate import evaluate_build
    from model_build.evaluation.evaluation_file import NAME, file_for
    from model_build.evaluation.verification import classifiers
    from model_build.reporting.tables import print_summary

    manifest = read_manifest(arguments.folder)
    dataset = load_from_flags(arguments)
    labels = tuple(manifest["contract"]["labels"])
    if labels != dataset.class_names:
        raise InputError(
            f"--data: {dataset.name} has other classes than {arguments.folder} ({', '.join(labels)})"
        )
    contract = read_contract(arguments.folder)
    found = classifiers(arguments.folder, contract)
    evaluate_build(arguments.folder, dataset, {kind: found[kind] for kind in ("float", "qat")})
    name = file_for(arguments.folder, NAME, dataset.name, dataset.digest)
    print_summary(arguments.folder, name)
    if name != NAME:
        print(
            f"{arguments.folder / name}: {dataset.name} is not what {arguments.folder} was built from; {NAME} stays"
        )
    return 0


def _evaluate_off_data(arguments: argparse.Namespace, data: Source) -> int:
    """Scores the int8 file on pictures that nothing was trained or chosen on, and writes the figures beside its own."""
    from converters.golden import heads_of
    from converters.manifest import read_contract
    from face_emotion.classifier import TfliteClassifier
    from face_emotion.detector import Detector
    from face_emotion.files import require_file
    from face_emotion.model_files import packaged
    from model_build.data.elsewhere import find_pictures, opened
    from model_build.evaluation.evaluation_file import beside, write_figures
    from model_build.evaluation.off_data import NAME, cut_out, score_off_data
    from model_build.reporting.off_data_table import print_off_data
    from model_build.reporting.tables import print_coverage

    if arguments.votes is not None:
        raise InputError(f"--votes {arguments.votes}: FER+ votes go with FER2013's rows only")
    if flag := data.form.given():
        raise InputError(
            f"{flag}: of no use for pictures that are only measured on; --classes LABEL=FOLDER maps them"
        )
    folder, source = arguments.folder, Path(data.path)
    contract = read_contract(folder)
    file = require_file(folder / "int8.tflite", "int8 file")
    classifiers = {head: TfliteClassifier(file, contract, head) for head in heads_of(contract)}
    with opened(source) as root:
        pictures = find_pictures(root, contract.labels, arguments.classes)
        detector = Detector.load(packaged("face_detector")) if arguments.detect else None
        faces = cut_out(pictures, contract, detector)
    rows = {
        head: score_off_data(classifier, faces, contract.labels, contract.unsure_below)
        for head, classifier in classifiers.items()
    }
    path = folder / beside(NAME, source.stem)
    about = {"data": source.name, "sha256": sha256_of(file), "detected": arguments.detect}
    about |= {"detector": detector.title if detector else None}
    write_figures(path, about | {"heads": rows})
    print_off_data({f"{folder.resolve().name}, {head}": row for head, row in rows.items()}, source.name)
    print_coverage({f"{source.name}, {head}": row["certainty"] for head, row in rows.items()})
    print(path)
    return 0


def baseline(arguments: argparse.Namespace) -> int:
    """Measures what a person's own neutral picture is worth, writes the figures and the strength that they choose."""
    from converters.manifest import read_contract, set_baseline_strength
    from face_emotion.classifier import TfliteClassifier
    from face_emotion.detector import Detector
    from face_emotion.files import require_file
    from face_emotion.model_files import packaged
    from model_build.data.elsewhere import find_pictures, opened
    from model_build.evaluation.evaluation_file import beside, write_figures
    from model_build.evaluation.off_data import cut_out
    from model_build.evaluation.own_neutral import NAME, measure, others_of
    from model_build.reporting.own_neutral_table import print_own_neutral

    folder, source = arguments.folder, Path(arguments.data)
    contract = read_contract(folder)
    file = require_file(folder / "int8.tflite", "int8 file")
    classifier = TfliteClassifier(file, contract)
    with opened(source) as root:
        pictures = find_pictures(root, contract.labels, arguments.classes)
        faces = cut_out(pictures, contract, Detector.load(packaged("face_detector")))
    others = others_of(faces, classifier.scores(classifier.raw(faces.crops)), contract.labels)
    result = measure(others, contract.labels)
    path = folder / beside(NAME, source.stem)
    set_baseline_strength(folder, result["strength"])
    write_figures(path, {"data": source.name, "sha256": sha256_of(file)} | result)
    print_own_neutral(result, source.name)
    print(path)
    return 0


def verify(arguments: argparse.Namespace) -> int:
    """Checks every artifact of a build or models folder; returns 2 if one is not as its manifest says."""
    from model_build.data.form import form_of
    from model_build.data.sources import load_from_flags
    from model_build.evaluation.verification import verify as find_problems

    if arguments.votes and not arguments.data:
        raise InputError(f"--votes {arguments.votes}: give --data too, the votes belong to its rows")
    flag = form_of(arguments).given() or (arguments.classes and f"--classes {arguments.classes[0]}")
    if not arguments.data and flag:
        raise InputError(f"{flag}: give --data too, it says what form that has")
    dataset = load_from_flags(arguments) if arguments.data else None
    problems = find_problems(arguments.folder, dataset)
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    if problems:
        return EXIT_BAD_INPUT
    scope = "files, golden vectors, agreement with the checkpoint" + (", every accuracy" if dataset else "")
    print(f"{arguments.folder}: verified ({scope})")
    return 0


def release(arguments: argparse.Namespace) -> int:
    """Copies a verified build into models/."""
    from model_build.release import release as copy

    print(copy(arguments.folder, arguments.models, arguments.name, arguments.replace))
    return 0


def report(arguments: argparse.Namespace) -> int:
    """Writes report.html and MODEL_CARD.md anew; with a second folder, compares the two instead."""
    if arguments.other is not None:
        return _compare(arguments)
    from model_build.data.loading import SYNTHETIC
    from model_build.data.sources import load_from_flags
    from model_build.evaluation.evaluation_file import read_evaluation
    from model_build.reporting.model_card import write_model_card
    from model_build.reporting.report import write_report

    drawn = read_evaluation(arguments.folder)["dataset"]["name"] == SYNTHETIC
    dataset = load_from_flags(arguments) if arguments.data or drawn else None
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
    from model_build.data.sources import load_from_flags
    from model_build.evaluation.evaluation_file import file_for
    from model_build.evaluation.robustness import NAME
    from model_build.pipeline import measure_robustness
    from model_build.reporting.robustness_table import print_robustness

    dataset = load_from_flags(arguments)
    print_robustness(measure_robustness(arguments.folder, dataset, arguments.artifact, arguments.seed))
    name = file_for(arguments.folder, NAME, dataset.name, dataset.digest)
    if name != NAME:
        print(
            f"{arguments.folder / name}: {dataset.name} is not what {arguments.folder} was built from; {NAME} stays"
        )
        return 0
    print(f"now in report.html and MODEL_CARD.md after: python -m model_build report {arguments.folder}")
    return 0


def figures(arguments: argparse.Namespace) -> int:
    """Prints the accuracies of builds side by side, or writes all their figures as comma-separated values."""
    from model_build.evaluation.frames import csv_text, figures_frame
    from model_build.reporting.tables import print_accuracies

    frame = figures_frame(arguments.folders)
    if arguments.csv is None:
        print_accuracies(frame)
    else:
        write_text(arguments.csv, csv_text(frame))
        print(f"{arguments.csv}: {len(frame)} rows")
    return 0


def stock(arguments: argparse.Namespace) -> int:
    """Compares our TF.js writer with the stock converter; returns 2 if they differ by more than 1e-5."""
    from model_build.evaluation.stock_tfjs import NAME, compare_stock, is_build, problem_of
    from model_build.reporting.stock_table import print_stock

    folder = require_folder(arguments.folder)
    found = compare_stock(folder, arguments.keep, arguments.rounds)
    print_stock(folder, found)
    if is_build(folder):
        print(f"{folder / NAME}: in report.html after: python -m model_build report {folder}")
    else:
        print(f"not written: {folder} is no build folder, and a released one changes by release only")
    if problem := problem_of(found):
        raise InputError(problem)
    return 0


def architectures(arguments: argparse.Namespace) -> int:
    """Prints parameters, MACs and int8 bytes of each variant."""
    from model_build.reporting.tables import print_architectures

    print_architectures()
    return 0


def _print_best(folder: Path) -> None:
    from model_build.network import checkpoint

    path = folder / "checkpoint.npz"
    print(f"{path}: selection accuracy {checkpoint.load(path).details['selection_accuracy']:.4f}")
