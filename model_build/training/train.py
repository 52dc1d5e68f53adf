"""Float training of one network: labels, FER+ votes or both, alone or taught by other checkpoints.

    python -m model_build train --variant small --data fer2013.tar.gz --votes fer2013new.csv --out build/small

Writes into OUT/float: checkpoint.npz (averaged weights of the best epoch), history.json, logs/ for
TensorBoard, and state.npz, from which an interrupted run goes on to exactly the same weights.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from face_emotion.contract import Normalization
from face_emotion.errors import InputError
from face_emotion.files import sha256_of
from model_build.data.dataset import TRAINING, Dataset
from model_build.data.loading import DEFAULT_CACHE
from model_build.hosts.company import Company
from model_build.network import architecture, checkpoint
from model_build.network.architecture import Architecture
from model_build.network.engine import Engine
from model_build.network.growth import grown
from model_build.network.keras_protocol import KerasModel
from model_build.settings import LAST, AugmentSettings, TrainSettings, shares, to_dict
from model_build.training.batches import steps_per_epoch
from model_build.training.crew import ALONE, Crew
from model_build.training.fitting import Best, Job, compile_model, fit, follow
from model_build.training.optimizers import optimizer_of
from model_build.training.selection import VERSION, jury_of
from model_build.training.shuffling import order_of
from model_build.training.targets import target_rows
from model_build.training.teachers import load_teachers
from model_build.training.together import Together
from model_build.training.views import views_of


@dataclass(frozen=True)
class TrainPlan:
    """What one float training is made from: everything that its result depends on.

    initial: a checkpoint to start from (fine-tuning), or None. teachers: checkpoints to learn from.
    """

    dataset: Dataset
    architecture: Architecture
    heads: tuple[str, ...]
    train: TrainSettings
    augment: AugmentSettings
    teachers: tuple[Path, ...] = ()
    initial: Path | None = None

    @property
    def normalization(self) -> Normalization:
        """Of the crops that the network is trained on."""
        return Normalization(self.train.normalization)

    def describe(self) -> dict[str, Any]:
        """Returns the JSON-able description that a resumed run must share."""
        about = {
            "architecture": self.architecture.to_dict(),
            "heads": list(self.heads),
            "dataset": self.dataset.digest,
            "teachers": [sha256_of(path) for path in self.teachers],
            "initial": sha256_of(self.initial) if self.initial else None,
            "selection": VERSION,
        }
        return to_dict(self.train, self.augment) | about | order_of(self.dataset.images)


def train(
    plan: TrainPlan, folder: Path, engine: Engine, company: Company | None = None
) -> checkpoint.Checkpoint:
    """Trains by `plan` into `folder` and returns the checkpoint of the epoch that is kept: the best or the last.

    The best epoch has the lowest score (selection.py) on the selection split without the images that also stand in
    the training split (they reward memorising). Goes on from FOLDER/state.npz if that was
    written by the same plan. company: the processes that train together, this one being host 0; the others call
    train_along. Raises InputError for an unusable teacher or initial checkpoint, or no images.
    """
    if not plan.train.epochs and plan.initial is None:
        raise InputError("--epochs 0: keeps the weights of another network; give --from")
    job = _job(plan, engine, Together(company) if company else ALONE)
    best, _ = fit(job, folder, start_at_zero=not plan.train.epochs)
    job.judge.set_weights(best.weights)
    result = checkpoint.Checkpoint(
        plan.architecture,
        plan.heads,
        plan.dataset.class_names,
        checkpoint.weights_of(job.judge),
        _details(plan, best),
        plan.normalization,
    )
    checkpoint.save(folder / "checkpoint.npz", result)
    return result


def train_along(plan: TrainPlan, engine: Engine, company: Company) -> None:
    """Takes part in the training that host 0 of a company is doing; writes nothing."""
    follow(_job(plan, engine, Together(company)))


def _job(plan: TrainPlan, engine: Engine, crew: Crew) -> Job:
    settings = plan.train
    fitted = plan.dataset.part(TRAINING)
    if not len(fitted):
        raise InputError(f"{plan.dataset.name}: there are no training images")
    classes = len(plan.dataset.class_names)
    engine.keras.utils.set_random_seed(settings.seed)

    def build() -> KerasModel:
        return architecture.build(engine.keras, plan.architecture, classes, plan.heads, settings.precision)

    model = build()
    if plan.initial is not None:
        _start_from(model, plan.architecture, plan.initial, plan.dataset.class_names)
    model = crew.own(model, build)
    steps = steps_per_epoch(len(fitted), settings.batch_size) * max(settings.epochs, 1)
    with crew.scope():
        optimizer = optimizer_of(
            engine,
            model,
            settings.optimizer,
            settings.learning_rate,
            settings.muon_rate,
            settings.warmup,
            steps,
            settings.weight_decay,
        )
        compile_model(
            engine, model, optimizer, len(plan.heads), classes, settings.temperature, settings.votes_weight
        )
    teachers = load_teachers(
        engine,
        plan.teachers,
        plan.heads,
        plan.dataset.class_names,
        settings.temperature,
        bool(settings.teacher_mirror),
        shares(settings.teacher_weights),
    )
    return Job(
        name="train",
        engine=engine,
        model=model,
        judge=architecture.build(engine.keras, plan.architecture, classes, plan.heads),
        images=fitted.images,
        targets=target_rows(fitted, plan.heads, settings.label_smoothing, settings.class_weight),
        selection=jury_of(plan.dataset, plan.heads, plan.normalization),
        augment=plan.augment,
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        ema=settings.ema,
        seed=settings.seed,
        description=plan.describe(),
        teacher=teachers,
        teacher_noise=bool(settings.teacher_noise),
        distill=settings.distill,
        keep_last=settings.keep == LAST,
        views=views_of(
            engine, teachers, fitted.images, plan.dataset.digest, plan.augment, settings, DEFAULT_CACHE, crew
        ),
        normalization=plan.normalization,
        crew=crew,
    )


def _start_from(model: KerasModel, shape: Architecture, path: Path, labels: tuple[str, ...]) -> None:
    """Takes the body's weights from a checkpoint, and the classifiers' if it knows the same classes.

    A checkpoint of a smaller network of the family is grown into `shape` first.
    """
    stored = checkpoint.load(path)
    fresh = checkpoint.weights_of(model)
    classifiers = {name for name in fresh if name.startswith("classifier_")}
    unwanted = set() if stored.labels == labels else classifiers
    weights = {name: value for name, value in stored.weights.items() if name not in unwanted}
    try:
        if stored.architecture == shape:
            heads = {name: fresh[name] for name in classifiers}
            checkpoint.set_weights(model, heads | weights)
        else:
            checkpoint.set_weights(model, grown(stored.architecture, weights, shape, fresh))
    except InputError as error:
        raise InputError(f"--from {path}: {error}") from None


def _details(plan: TrainPlan, best: Best) -> dict[str, Any]:
    return {
        "kind": "float",
        "epoch": best.epoch,
        "selection_accuracy": best.judgement.accuracy,
        "selection_log_loss": best.judgement.log_loss,
        "selection_spoilt_log_loss": best.judgement.spoilt_log_loss,
        "settings": json.loads(json.dumps(plan.describe())),
    }
