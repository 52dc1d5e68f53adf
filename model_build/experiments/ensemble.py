"""How good teachers are, each alone and averaged as a student learns from them, on the images that choose epochs.

    python -m model_build ensemble models/teachers/residual-muon.npz models/small/float/checkpoint.npz \\
        --data fer2013.tar.gz --votes fer2013new.csv

Prints accuracy and log loss (nats, at the best temperature) on the selection split without leaked images, one crop;
with --head votes of that head, on the images of it for which FER+'s own rule has a label; with --mirror each answers
to the mirror image as well, as with --teacher-mirror 1 in training. The test split is not opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from model_build.data.dataset import Dataset
from model_build.network.architecture import LABELS_HEAD
from model_build.network.engine import Engine
from model_build.training.selection import Judgement, predict, selection_set
from model_build.training.teachers import averaged, load_teachers, mirrored


def judge(
    paths: Sequence[Path], dataset: Dataset, engine: Engine, head: str = LABELS_HEAD, mirror: bool = False
) -> list[Judgement]:
    """Returns what the selection set says of each checkpoint's head, and last of their averaged probabilities.

    paths: of checkpoints; nothing is said of none.
    mirror: the probabilities of an image and of its mirror image are averaged, of each checkpoint too.
    Raises InputError for an unusable checkpoint, or one of other classes.
    """
    teachers = load_teachers(engine, paths, (head,), dataset.class_names, temperature=1.0)
    if teachers is None:
        return []
    selection = selection_set(dataset, head)
    sides = [selection.images] + [mirrored(selection.images)] * mirror
    logits = [[predict(model, images) for images in sides] for model in teachers.models]
    groups = [*logits, [answer for answers in logits for answer in answers]]
    means = [averaged(group, temperature=1.0)[0] for group in groups]
    return [selection.judge_logits(np.log(np.maximum(mean, 1e-30))) for mean in means]
