"""How good teachers are, each alone and averaged as a student learns from them, on the images that choose epochs.

    python -m model_build.ensemble models/teachers/residual-muon.npz models/small/float/checkpoint.npz \\
        --data fer2013.tar.gz --votes fer2013new.csv

Prints accuracy and log loss (nats, at the best temperature) on the selection split without leaked images, one crop;
with --head votes of that head, on the images of it for which FER+'s own rule has a label. The test split is not opened.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from face_emotion.errors import run_command
from face_emotion.files import require_file
from model_build.data import Dataset, load
from model_build.engine import Engine, load_engine
from model_build.network import LABELS_HEAD, VOTES_HEAD
from model_build.selection import Judgement, predict, selection_set
from model_build.teachers import averaged, load_teachers


def judge(
    paths: Sequence[Path], dataset: Dataset, engine: Engine, head: str = LABELS_HEAD
) -> list[Judgement]:
    """Returns what the selection set says of each checkpoint's head, and last of their averaged probabilities.

    Raises InputError for an unusable checkpoint, or one of other classes.
    """
    teachers = load_teachers(engine, paths, (head,), dataset.class_names, temperature=1.0)
    selection = selection_set(dataset, head)
    logits = [predict(model, selection.images) for model in teachers.models]
    (together,) = averaged(logits, temperature=1.0)
    return [selection.judge_logits(answer) for (answer,) in logits] + [
        selection.judge_logits(np.log(np.maximum(together, 1e-30)))
    ]


def _main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m model_build.ensemble", description=__doc__.split("\n", 1)[0]
    )
    parser.add_argument("checkpoints", type=Path, nargs="+", metavar="NPZ", help="float checkpoints")
    parser.add_argument(
        "--data", required=True, metavar="PATH", help="data set, as for python -m model_build"
    )
    parser.add_argument("--votes", metavar="CSV", help="FER+ votes of the data set")
    parser.add_argument(
        "--head", choices=(LABELS_HEAD, VOTES_HEAD), default=LABELS_HEAD, help="the head that answers"
    )
    arguments = parser.parse_args()
    paths = [require_file(path, "checkpoint") for path in arguments.checkpoints]
    found = judge(paths, load(arguments.data, arguments.votes), load_engine(), arguments.head)
    for name, judgement in zip([*map(str, paths), "averaged"], found, strict=True):
        print(f"{judgement.accuracy:7.2%}  log loss {judgement.log_loss:.4f}  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(run_command(_main))
