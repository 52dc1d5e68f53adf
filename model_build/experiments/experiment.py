"""A declared list of networks, each trained with the same settings: accuracy, bytes and milliseconds side by side.

    python -m model_build experiment                                                    drawn faces
    python -m model_build experiment --data fer2013.tar.gz --votes fer2013new.csv --epochs 12
    python -m model_build experiment … --only reference wide vgg

All variants see the same images as often (one budget). Each becomes an int8 file by PTQ, which is scored on the images
on which choices are made, never on the test split. Writes OUT/experiment.json and OUT/pareto.png; a variant that is
finished is skipped, one that was interrupted goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from converters import latency
from converters.manifest import CONTRACT, read_contract
from face_emotion.arrays import Bytes
from face_emotion.classifier import TfliteClassifier
from face_emotion.files import read_json, write_json, write_text
from model_build import pipeline
from model_build.build_plan import BuildPlan
from model_build.data.dataset import SELECTION
from model_build.evaluation import metrics
from model_build.evaluation.evaluate import WITHOUT_LEAKED
from model_build.evaluation.evaluation_file import rounded
from model_build.evaluation.frames import csv_text
from model_build.experiments.plots import draw
from model_build.experiments.ptq import FILE, quantized
from model_build.network import architecture
from model_build.progress import progress_bar
from model_build.settings import to_dict
from model_build.stages import digests, run_stage
from model_build.synthetic.faces import draw_faces
from model_build.training.selection import selection_set

NAME, TABLE, PICTURE, ROW = "experiment.json", "experiment.csv", "pareto.png", "row.json"


def run(
    plan: BuildPlan, variants: Mapping[str, architecture.Architecture], folder: Path, rounds: int = 200
) -> dict[str, Any]:
    """Trains and measures every variant; writes and returns FOLDER/experiment.json.

    plan: what all share; its architecture is replaced. Keys: "command", "dataset" {name, digest}, "set", "settings",
    "rows" [{variant, parameters, macs, bytes, accuracy, interval, median_ms, p90_ms, pareto}], sorted by accuracy,
    "machine" and "rounds". A row is on the Pareto front if none is at least as good in all of accuracy, bytes and
    milliseconds and better in one.
    """
    rows = []
    for number, (name, shape) in enumerate(variants.items(), 1):
        plan.say(f"{name} ({number} of {len(variants)})")
        job = replace(plan, name=name, architecture=shape)
        pipeline.train_stage(job, folder / name)
        _measure_stage(job, folder / name)
        rows.append({"variant": name} | read_json(folder / name / ROW))
    face = draw_faces(1, seed=3)[0]
    runs = {name: _timed(_classifier(folder / name), face) for name in variants}
    times = latency.interleaved(runs, rounds, progress_bar)
    rows = [row | latency.figures(times[row["variant"]]) for row in rows]
    front = pareto(rows)
    ranked = sorted(
        ({**row, "pareto": row["variant"] in front} for row in rows), key=lambda row: -row["accuracy"]
    )
    result = {
        "command": plan.command,
        "dataset": {"name": plan.dataset.name, "digest": plan.dataset.digest},
        "set": f"{plan.dataset.split_names[SELECTION]} {WITHOUT_LEAKED}",
        "settings": to_dict(plan.train, plan.augment) | {"heads": list(plan.heads)},
        "rows": ranked,
        "machine": latency.machine(),
        "rounds": rounds,
    }
    write_json(folder / NAME, result)
    write_text(folder / TABLE, csv_text(table(ranked)))
    draw(result, folder / PICTURE)
    return result


def table(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Returns experiment.json's rows as a table, the interval's ends as the columns low and high (fractions)."""
    frame = pd.DataFrame(rows)
    place = frame.columns.get_loc("interval")
    ends = pd.DataFrame(frame.pop("interval").tolist(), columns=["low", "high"])
    return pd.concat([frame.iloc[:, :place], ends, frame.iloc[:, place:]], axis=1)


def pareto(rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """Returns the variants that no other beats: more accuracy, fewer bytes, fewer milliseconds (median)."""
    points = {row["variant"]: (-row["accuracy"], row["bytes"], row["median_ms"]) for row in rows}
    return {
        name
        for name, own in points.items()
        if not any(
            all(a <= b for a, b in zip(other, own, strict=True)) and other != own for other in points.values()
        )
    }


def print_table(result: Mapping[str, Any]) -> None:
    """Prints the rows; those on the Pareto front are marked."""
    from rich.table import Table

    from face_emotion.console import Console

    table = Table(title=f"{result['set']}, int8 by PTQ, {result['settings']['epochs']} epochs each")
    heads = ("variant", "parameters", "million MACs", "bytes", "accuracy (95 %)", "ms", "Pareto")
    for index, head in enumerate(heads):
        table.add_column(head, justify="right" if index else "left")
    for row in result["rows"]:
        low, high = row["interval"]
        table.add_row(
            row["variant"],
            f"{row['parameters']:,}",
            f"{row['macs'] / 1e6:.1f}",
            f"{row['bytes']:,}",
            f"{row['accuracy']:.2%} ({low:.1%}–{high:.1%})",
            f"{row['median_ms']:.3f}",
            "front" if row["pareto"] else "",
        )
    Console(width=110).print(table)


def _measure_stage(plan: BuildPlan, folder: Path) -> None:
    """row.json and the int8 file of a trained variant."""
    inputs = {"train": digests(folder, (pipeline.FLOAT,)), "dataset": plan.dataset.digest}
    run_stage(folder, "measure", inputs, [FILE, CONTRACT, ROW], lambda: _measure(plan, folder), plan.say)


def _measure(plan: BuildPlan, folder: Path) -> None:
    exported, classifier = quantized(folder, plan.dataset, "variant")
    selection = selection_set(plan.dataset, plan.heads[0])
    answers = classifier.probabilities(selection.images).argmax(axis=1)
    right = int((answers == selection.labels).sum())
    model = exported.model
    row = {
        "parameters": int(model.count_params()),
        "macs": architecture.multiply_accumulates(model),
        "bytes": (folder / FILE).stat().st_size,
        "accuracy": right / len(selection.labels),
        "interval": metrics.wilson_interval(right, len(selection.labels)),
    }
    write_json(folder / ROW, rounded(row))


def _classifier(folder: Path) -> TfliteClassifier:
    return TfliteClassifier(folder / FILE, read_contract(folder))


def _timed(classifier: TfliteClassifier, face: Bytes) -> Callable[[int], object]:
    return lambda turn: classifier.raw(face)
