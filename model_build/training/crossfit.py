"""Cross-fitting: targets for training images by networks that never saw them.

    python -m model_build crossfit --variant teacher --data fer2013.tar.gz --votes fer2013new.csv --folds 3 \\
        --out build/out-of-fold
    python -m model_build train --label-targets build/out-of-fold/label_targets.npz …

A teacher that learnt an image's label answers with that label, right or wrong. So the training images are dealt into
folds, a network is trained on all folds but one, and asked about that one; stacking.py makes label distributions of the
answers, which `train`, `build` and `quantize` take in place of the labels (Dao et al. 2021, "Knowledge distillation as
semiparametric inference"). Images that are alike pixel by pixel stand in one fold.

Writes OUT/fold-1/float and so on, each as `train` writes it, OUT/label_targets.npz and OUT/crossfit.json. An
interrupted run goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from face_emotion.arrays import Floats, Integers
from face_emotion.contract import LABELS_HEAD
from face_emotion.errors import InputError
from face_emotion.files import write_json
from model_build.data.dataset import SELECTION, TRAINING, Dataset
from model_build.data.stored import blocks
from model_build.network.checkpoint import Checkpoint
from model_build.network.engine import Engine
from model_build.training import label_targets
from model_build.training.selection import predict
from model_build.training.stacking import features_of, stacked
from model_build.training.teachers import averaged, mirrored
from model_build.training.train import TrainPlan, train

NAME = "crossfit.json"
PARTS = 10  # of the regression's own cross-fitting


@dataclass(frozen=True)
class Judged:
    """What distributions say of the labels that they were not fitted on: the share (0..1) of images whose likeliest
    class is the label, and the mean negative log likelihood (nats)."""

    accuracy: float
    log_loss: float


def folds_of(dataset: Dataset, count: int, seed: int = 0) -> Integers:
    """Returns each row's fold, int64 [N] in 0..count-1; pixel-identical images are in the same one."""
    _, group = np.unique(dataset.keys, return_inverse=True)
    fold: Integers = np.random.default_rng(seed).permutation(group.max() + 1)[group] % count
    return fold


def crossfit(
    plan: TrainPlan, folds: int, folder: Path, engine: Engine, say: Callable[[str], None] = print
) -> dict[str, Judged]:
    """Trains a network a fold, writes the label targets into `folder`; returns what they and each head are worth.

    plan: of every network; its seed grows by one a fold. Raises InputError for too few different images, and what
    `train` and `stacked` raise.
    """
    training = plan.dataset.split == TRAINING
    fold = folds_of(plan.dataset, folds)
    fitted = plan.dataset.part(TRAINING)
    if len(np.unique(fold[training])) < folds:
        raise InputError(f"--folds {folds}: more than the training images can be dealt into; give fewer")
    about = {"name": plan.dataset.name, "digest": plan.dataset.digest}
    write_json(folder / NAME, {"dataset": about, "folds": folds})
    answers = [np.zeros((len(fitted), len(fitted.class_names)), np.float32) for _ in plan.heads]
    for number in range(folds):
        seen = (training & (fold != number)) | (plan.dataset.split == SELECTION)
        settings = replace(plan.train, seed=plan.train.seed + number)
        own = replace(plan, dataset=plan.dataset.rows(seen), train=settings)
        made = train(own, folder / f"fold-{number + 1}" / "float", engine)
        unseen = fold[training] == number
        for head, answer in zip(answers, _asked(made, fitted.rows(unseen), engine), strict=True):
            head[unseen] = answer
        say(f"fold {number + 1} of {folds}: asked about the {int(unseen.sum()):,} images that it never saw")
    features = features_of(answers, fitted.votes)
    # Other parts than the folds: answers of all networks are then in every regression, which differ in their sureness.
    part = folds_of(fitted, PARTS, seed=1)
    targets = stacked(features, fitted.labels, part, len(fitted.class_names))
    label_targets.save(folder / label_targets.NAME, targets, plan.dataset)
    judged = {}
    if LABELS_HEAD in plan.heads:
        judged["out of fold"] = judge(answers[plan.heads.index(LABELS_HEAD)], fitted.labels)
    judged["label targets"] = judge(targets, fitted.labels)
    write_json(folder / NAME, {"dataset": about, "folds": folds, "figures": _figures(judged)})
    return judged


def judge(probabilities: Floats, labels: Integers) -> Judged:
    """Judges float [N, classes] against int64 [N]."""
    own = np.maximum(probabilities[np.arange(len(labels)), labels].astype(np.float64), 1e-12)
    return Judged(float((probabilities.argmax(axis=1) == labels).mean()), float(-np.log(own).mean()))


def _asked(network: Checkpoint, unseen: Dataset, engine: Engine) -> list[Floats]:
    """Returns what a network answers to images and their mirror images, float32 [N, classes] a head."""
    precision = network.details["settings"]["precision"]
    model = network.model(engine.keras, precision=precision)
    parts = []
    for block in blocks(unseen.images):
        sides = [predict(model, side, network.normalization) for side in (block, mirrored(block))]
        parts.append(averaged(sides, temperature=1.0))
    return [np.concatenate(head) for head in zip(*parts, strict=True)]


def _figures(judged: dict[str, Judged]) -> dict[str, Any]:
    return {name: {"accuracy": one.accuracy, "log_loss": one.log_loss} for name, one in judged.items()}
