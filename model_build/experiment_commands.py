"""What the sub-commands of `python -m model_build` that compare builds and teachers do with their parsed flags."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from face_emotion.errors import InputError
from face_emotion.files import require_file
from model_build.folder_lock import locked, require_build
from model_build.origin import require_own_record


def experiment(arguments: argparse.Namespace) -> int:
    """Trains and measures a declared list of networks under one budget."""
    from model_build.build_plan import plan_from_flags
    from model_build.experiments.experiment import NAME, PICTURE, print_table, run
    from model_build.experiments.variants import chosen_variants

    variants = chosen_variants(arguments.only)
    if arguments.rounds < 1:
        raise InputError(f"--rounds {arguments.rounds}: must be at least 1")
    plan = plan_from_flags(arguments)
    with locked(arguments.out or Path("build") / "experiment") as folder:
        require_own_record(folder / NAME, plan.dataset.name, arguments.replace)
        print_table(run(plan, variants, folder, arguments.rounds))
        print(folder / PICTURE)
    return 0


def matrix(arguments: argparse.Namespace) -> int:
    """Trains on each data set and on all, tests each network on every set, writes table and picture."""
    from model_build.build_plan import plan_from_flags
    from model_build.experiments.matrix import CSV, DEFAULTS, NAME, PICTURE, print_table, run

    plan = plan_from_flags(arguments, defaults=DEFAULTS, variant="nano")
    with locked(arguments.out or Path("build") / "matrix") as folder:
        require_own_record(folder / NAME, plan.dataset.name, arguments.replace)
        print_table(run(plan, folder, arguments.on))
        print(folder / CSV)
        print(folder / PICTURE)
    return 0


def released(arguments: argparse.Namespace) -> int:
    """Runs, or prints, the commands that led to a released model."""
    from model_build.experiments.released import run

    data, votes = arguments.data, arguments.votes
    if arguments.print:
        data, votes = data or "fer2013.tar.gz", votes or "fer2013new.csv"
    elif not (data and votes):
        raise InputError(
            "give --data fer2013.tar.gz and --votes fer2013new.csv, or --print to see the commands only"
        )
    return run(arguments.model, data, votes, arguments.seeds, arguments.print)


def seeds(arguments: argparse.Namespace) -> int:
    """Prints mean and spread of builds that differ in nothing but their seed."""
    from model_build.evaluation.evaluation_file import write_figures
    from model_build.experiments.seeds import print_spread, summarise

    result = summarise(arguments.folders)
    print_spread(result)
    if arguments.out:
        write_figures(arguments.out, result)
        print(arguments.out)
    return 0


def ensemble(arguments: argparse.Namespace) -> int:
    """Prints how good teachers are, each alone and averaged, on the images that choose epochs."""
    paths = [require_file(path, "checkpoint") for path in arguments.checkpoints]
    from model_build.data.sources import load_from_flags
    from model_build.experiments.ensemble import ask, fit_weights
    from model_build.network.engine import load_engine
    from model_build.settings import AugmentSettings, from_flags

    if arguments.views < 0:
        raise InputError(f"--views {arguments.views}: must be at least 0")
    settings = from_flags(AugmentSettings, arguments)
    dataset = load_from_flags(arguments)
    answers = ask(paths, dataset, load_engine(), arguments.head, arguments.mirror, arguments.views, settings)
    rows = [(answers.judge(alone), str(path)) for alone, path in zip(np.eye(len(paths)), paths, strict=True)]
    rows.append((answers.judge(), "averaged"))
    if arguments.fit_weights:
        weights, judged = fit_weights(answers)
        said = ",".join(f"{weight:.2f}" for weight in weights)
        rows.append(
            (judged, f"averaged by fitted weights (of other images: ten folds); --teacher-weights {said}")
        )
    for judgement, name in rows:
        print(f"{judgement.accuracy:7.2%}  log loss {judgement.log_loss:.4f}  {name}")
    return 0


def interpolate(arguments: argparse.Namespace) -> int:
    """Writes the best network between the ends of a fine-tuning, or the one at --share."""
    paths = (require_file(arguments.start, "checkpoint"), require_file(arguments.end, "checkpoint"))
    from model_build.data.sources import load_from_flags
    from model_build.network.engine import load_engine
    from model_build.training.interpolation import interpolate as between
    from model_build.training.interpolation import require_own

    dataset = load_from_flags(arguments)
    with locked(arguments.out) as folder:
        require_own(require_build(folder), paths, arguments.share, arguments.replace)
        between(paths, dataset, load_engine(), folder, arguments.share)
        print(folder / "float/checkpoint.npz")
    return 0


def crop_calibration(arguments: argparse.Namespace) -> int:
    """Prints where the detector's boxes and key points stand in training crops, and what detecting costs."""
    from model_build.experiments.crop_calibration import run
    from model_build.reporting.report import CROP_CALIBRATION

    if arguments.count < 1:
        raise InputError(f"--count {arguments.count}: must be at least 1")
    plot = arguments.plot
    if plot == Path():
        if arguments.model is None:
            raise InputError("--plot: name a file, or give --model to draw into its folder")
        plot = arguments.model / CROP_CALIBRATION
    run(arguments.data, arguments.count, arguments.model, plot)
    return 0
