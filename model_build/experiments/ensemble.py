"""How good teachers are, each alone and averaged as a student learns from them, on the images that choose epochs.

    python -m model_build ensemble models/teachers/residual-muon.npz models/small/float/checkpoint.npz \\
        --data fer2013.tar.gz --votes fer2013new.csv [--head votes] [--mirror] [--views 4 --noise 0.05] [--fit-weights]

Prints accuracy and log loss (nats, at the best temperature) on the selection split without leaked images; with --head
votes of that head, on the images of it for which FER+'s own rule has a label; with --mirror each answers to the mirror
image as well, as with --teacher-mirror 1 in training. A student shows its teachers augmented images, not clean ones:
with --views N they answer to N augmentations of each selection image, drawn as in training, instead of to the image
itself. --fit-weights fits the weights of --teacher-weights and says what they are worth on images that they were not
fitted on. The test split is not opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import softmax

from face_emotion.arrays import Bytes, Doubles, Floats, Integers
from face_emotion.contract import LABELS_HEAD
from model_build.data.dataset import Dataset
from model_build.network.engine import Engine
from model_build.settings import AugmentSettings
from model_build.training import augment
from model_build.training.selection import Judgement, SelectionSet, predict, selection_set
from model_build.training.teachers import averaged, load_teachers, mirrored

FOLDS = 10
LEAST = 1e-30  # probabilities are floored here before their logarithm


@dataclass(frozen=True)
class Answers:
    """What teachers answer to images. selection: the images, uint8 [N,48,48], with their labels. probabilities:
    float32 [teacher,N,classes], at temperature 1. source: int64 [N], which selection image each was made from."""

    selection: SelectionSet
    probabilities: Floats
    source: Integers

    def judge(self, weights: Doubles | None = None) -> Judgement:
        """Judges the teachers' average; weights: float [teacher] that sum to 1, none for all alike."""
        mean = np.average(self.probabilities, axis=0, weights=weights)
        return self.selection.judge_logits(np.log(np.maximum(mean, LEAST)))


def ask(
    paths: Sequence[Path],
    dataset: Dataset,
    engine: Engine,
    head: str = LABELS_HEAD,
    mirror: bool = False,
    views: int = 0,
    settings: AugmentSettings | None = None,
) -> Answers:
    """Returns the answers of at least one checkpoint to the selection images, or to `views` augmentations of each.

    mirror: the probabilities of an image and of its mirror image are averaged. settings: of the augmentation.
    Raises InputError for an unusable checkpoint, or one of other classes.
    """
    teachers = load_teachers(engine, paths, (head,), dataset.class_names, temperature=1.0)
    assert teachers is not None, "at least one checkpoint"
    chosen = selection_set(dataset, head)
    source = np.tile(np.arange(len(chosen.images)), max(views, 1))
    images = chosen.images if not views else _augmented(chosen, views, engine, settings or AugmentSettings())
    sides = [images] + [mirrored(images)] * mirror
    probabilities = [
        averaged([predict(model, side, normalization) for side in sides], temperature=1.0)[0]
        for model, normalization in zip(teachers.models, teachers.normalizations, strict=True)
    ]
    return Answers(SelectionSet(images, chosen.labels[source]), np.stack(probabilities), source)


def fit_weights(answers: Answers) -> tuple[Doubles, Judgement]:
    """Fits the weights whose average has the lowest log loss, and judges such weights on images that did not fit them.

    Returns the weights fitted on all images, float [teacher], which sum to 1, and what ten folds over the images say:
    all augmentations of an image stand in one fold.
    """
    folds = np.random.default_rng(0).permutation(int(answers.source.max()) + 1)[answers.source] % FOLDS
    mean = np.empty(answers.probabilities.shape[1:])
    for fold in range(FOLDS):
        inside, outside = folds != fold, folds == fold
        weights = _fitted(answers.probabilities[:, inside], answers.selection.labels[inside])
        mean[outside] = np.average(answers.probabilities[:, outside], axis=0, weights=weights)
    judged = answers.selection.judge_logits(np.log(np.maximum(mean, LEAST)))
    return _fitted(answers.probabilities, answers.selection.labels), judged


def _augmented(chosen: SelectionSet, views: int, engine: Engine, settings: AugmentSettings) -> Bytes:
    """Returns uint8 [views * N,48,48]: the selection images as a student would show them."""
    transform = engine.compile_augmentation(augment.apply)
    parts = []
    for number in range(views):
        parameters = augment.draw(np.random.default_rng((0, number)), len(chosen.images), settings)
        parts.append(np.asarray(transform(chosen.images, parameters))[..., 0])
    levels: Bytes = np.rint(np.concatenate(parts) * 255).astype(np.uint8)
    return levels


def _fitted(probabilities: Floats, labels: Integers) -> Doubles:
    own = probabilities[:, np.arange(len(labels)), labels].astype(np.float64)  # of the label, by teacher

    def loss(logits: Doubles) -> float:
        return float(-np.log(np.maximum(softmax(logits) @ own, LEAST)).mean())

    found = minimize(loss, np.zeros(len(own)), method="BFGS")
    weights: Doubles = softmax(found.x)
    return weights
