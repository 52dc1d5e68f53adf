"""A network trained on each data set alone and one on all of them, each tested on every set.

    python -m model_build matrix --data fer2013.tar.gz --data mine=my_faces
    python -m model_build matrix … --on validation      where the test parts are to stay closed

All trainings have the same settings and see their images as often. Each becomes an int8 file by PTQ, which is scored on
every set's test part without the images that it was trained on. Writes OUT/matrix.json, matrix.csv and matrix.svg; a
training that is finished is skipped, one that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.table import Table

from converters.manifest import CONTRACT
from face_emotion.classifier import TfliteClassifier
from face_emotion.console import Console
from face_emotion.errors import InputError
from face_emotion.files import read_json, write_json, write_text
from model_build import pipeline
from model_build.build_plan import BuildPlan, described
from model_build.data.dataset import SELECTION, TEST, TRAINING, Dataset
from model_build.data.stored import Keys
from model_build.evaluation import metrics
from model_build.evaluation.evaluation_file import rounded
from model_build.evaluation.frames import csv_text
from model_build.experiments.ptq import FILE, quantized
from model_build.reporting.charts.matrix import matrix_chart
from model_build.reporting.page import standalone
from model_build.reporting.texts import interval_text, percent
from model_build.settings import to_dict
from model_build.stages import digests, run_stage
from model_build.training.targets import heads_for

NAME, CSV, PICTURE, ROW = "matrix.json", "matrix.csv", "matrix.svg", "row.json"
PARTS = {"test": TEST, "validation": SELECTION}
DEFAULTS = {"epochs": 12, "ema": 0.99}
ALL = "all of them"
FIGURES = ("accuracy", "low", "high", "macro_f1", "balanced_accuracy")


def run(plan: BuildPlan, folder: Path, on: str = "test") -> dict[str, Any]:
    """Trains and tests every network; writes and returns FOLDER/matrix.json.

    plan: what all share; its data set is replaced. on: test or validation. Keys: "command", "dataset", "on",
    "variant", "settings" and "rows" [{trained_on, heads, cells [{tested_on, images, left_out, accuracy, low, high,
    macro_f1, balanced_accuracy}]}]: fractions and a 95 % Wilson interval, None where no image is left; left_out: images
    that also stand in what the network was trained on. Raises InputError for fewer than two data sets.
    """
    jobs = jobs_of(plan)
    rows = []
    for number, (name, job) in enumerate(jobs.items(), 1):
        plan.say(f"{name} ({number} of {len(jobs)})")
        place = folder / _folder_name(name, number, len(jobs))
        pipeline.train_stage(job, place)
        _test_stage(job, plan.dataset, PARTS[on], place)
        rows.append({"trained_on": name, "heads": list(job.heads)} | read_json(place / ROW))
    result = {
        "command": plan.command,
        "dataset": described(plan.dataset),
        "on": on,
        "variant": plan.name,
        "settings": to_dict(plan.train, plan.augment),
        "rows": rows,
    }
    write_json(folder / NAME, result)
    write_text(folder / CSV, csv_of(result))
    write_text(folder / PICTURE, standalone(_chart(result)))
    return result


def jobs_of(plan: BuildPlan) -> dict[str, BuildPlan]:
    """Returns by the name of what it is trained on: the plan for each data set alone, then the one for all.

    A set without votes trains the label head only. Raises InputError for fewer than two data sets.
    """
    whole = plan.dataset
    if whole.source is None:
        raise InputError("--data: a matrix compares data sets; name at least two: --data A --data B")
    alone = {name: whole.of_source(place) for place, name in enumerate(whole.sources)}
    return {
        name: replace(plan, dataset=dataset, heads=heads_for(plan.train.targets, dataset))
        for name, dataset in {**alone, ALL: whole}.items()
    }


def csv_of(result: Mapping[str, Any]) -> str:
    """Returns a line a cell: trained on, tested on, images, those left out, and FIGURES (empty where none is left)."""
    cells = [{"trained_on": row["trained_on"], **cell} for row in result["rows"] for cell in row["cells"]]
    return csv_text(pd.DataFrame(cells, columns=["trained_on", "tested_on", "images", "left_out", *FIGURES]))


def print_table(result: Mapping[str, Any]) -> None:
    """Prints a row a training and a column a data set: accuracy and its interval."""
    first = result["rows"][0]["cells"]
    settings = result["settings"]
    table = Table(
        title=f"right, {result['on']} part of each data set; {result['variant']}, int8 by PTQ, "
        f"{settings['epochs']} epochs each"
    )
    table.add_column("trained on ↓  tested on →")
    for cell in first:
        table.add_column(cell["tested_on"], justify="right")
    for row in result["rows"]:
        table.add_row(row["trained_on"], *(_said(cell) for cell in row["cells"]))
    Console(width=max(80, 30 + 26 * len(first))).print(table)
    left = sum(cell["left_out"] for row in result["rows"] for cell in row["cells"])
    if left:
        print(f"left out: {left:,} answers to images that the network was trained on ({CSV} says where)")


def _said(cell: Mapping[str, Any]) -> str:
    if cell["accuracy"] is None:
        return "–"
    return f"{percent(cell['accuracy'])} ({interval_text([cell['low'], cell['high']])})"


def _chart(result: Mapping[str, Any]) -> Any:
    rows = result["rows"]
    return matrix_chart(
        [row["trained_on"] for row in rows],
        [cell["tested_on"] for cell in rows[0]["cells"]],
        [[(cell["accuracy"], _below(cell)) for cell in row["cells"]] for row in rows],
    )


def _below(cell: Mapping[str, Any]) -> str:
    return "no image" if cell["accuracy"] is None else interval_text([cell["low"], cell["high"]])


def _folder_name(name: str, number: int, count: int) -> str:
    """Returns a training's folder: a number, so that no two names meet in one, and what letters the name has."""
    if number == count:
        return "all"
    return f"{number}-{re.sub(r'[^A-Za-z0-9]+', '-', name).strip('-')}".rstrip("-")


def _test_stage(job: BuildPlan, whole: Dataset, part: int, folder: Path) -> None:
    """row.json and the int8 file of a trained network."""
    inputs = {
        "train": digests(folder, (pipeline.FLOAT,)),
        "dataset": job.dataset.digest,
        "tested": [whole.digest, part],
    }
    outputs = [FILE, CONTRACT, ROW]
    run_stage(folder, "test", inputs, outputs, lambda: _test(job, whole, part, folder), job.say)


def _test(job: BuildPlan, whole: Dataset, part: int, folder: Path) -> None:
    _, classifier = quantized(folder, job.dataset, job.name)
    seen = job.dataset.keys[job.dataset.split == TRAINING]
    cells = [
        {"tested_on": name} | _tested(classifier, whole.of_source(place).part(part), seen)
        for place, name in enumerate(whole.sources)
    ]
    write_json(folder / ROW, rounded({"cells": cells}))


def _tested(classifier: TfliteClassifier, dataset: Dataset, seen: Keys) -> dict[str, Any]:
    """Returns the figures of a matrix's cell; seen: the keys of the images that the network was trained on."""
    kept = ~np.isin(dataset.keys, seen)
    counts = {"images": int(kept.sum()), "left_out": int((~kept).sum())}
    if not kept.any():
        return counts | dict.fromkeys(FIGURES)
    answers = classifier.probabilities(dataset.images[kept])
    score = metrics.score(answers, dataset.labels[kept], dataset.class_names)
    low, high = score["interval"]
    known = score | {"low": low, "high": high}
    return counts | {key: known[key] for key in FIGURES}
