"""Quantisation-aware fine-tuning of a float checkpoint: few epochs at a low rate, same targets, teacher allowed.

    python -m model_build quantize build/small --data fer2013.tar.gz --votes fer2013new.csv

Batch-norm statistics are frozen: the float network's are good, and a few epochs of fake-quantised batches only make
them noisier. Writes BUILD/qat: checkpoint.npz, history.json, logs/ and state.npz, as float training does.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from face_emotion.arrays import Floats
from face_emotion.files import sha256_of, write_json
from model_build.data.dataset import TRAINING, Dataset
from model_build.data.loading import DEFAULT_CACHE
from model_build.network import checkpoint
from model_build.network.engine import Engine, load_engine
from model_build.progress import tell
from model_build.quantization.closeness import FLOOR, float_answers
from model_build.quantization.fake_quantization import calibrate, fake_quantized, set_weight_ranges
from model_build.settings import AugmentSettings, QuantizeSettings, TrainSettings, shares, to_dict
from model_build.training.batches import epoch_batches, steps_per_epoch
from model_build.training.fitting import Best, Job, compile_model, fit
from model_build.training.optimizers import optimizer_of
from model_build.training.selection import VERSION, jury_of
from model_build.training.shuffling import order_of
from model_build.training.targets import target_rows
from model_build.training.teachers import load_teachers
from model_build.training.views import views_of

CALIBRATION_EPOCH = 1_000_000  # an epoch number that training never reaches: its batches are new


@dataclass(frozen=True)
class QuantizePlan:
    """What a fine-tuning is made from.

    teachers: checkpoints to learn from beside the targets, may be empty. source_sha256: of the file that `source` was
    read from, which the result names; "" if it was read from none.
    """

    dataset: Dataset
    source: checkpoint.Checkpoint
    train: TrainSettings
    quantize: QuantizeSettings
    augment: AugmentSettings
    teachers: tuple[Path, ...] = ()
    source_sha256: str = ""

    def describe(self) -> dict[str, Any]:
        """Returns the JSON-able description that a resumed run must share."""
        about = {
            "source": self.source.details,
            "heads": list(self.source.heads),
            "dataset": self.dataset.digest,
            "teachers": [sha256_of(path) for path in self.teachers],
            "selection": VERSION,
        }
        return to_dict(self.train, self.quantize, self.augment) | about | order_of(self.dataset.images)


def quantize(plan: QuantizePlan, folder: Path) -> checkpoint.Checkpoint:
    """Fine-tunes with fake quantisation into `folder` and returns the checkpoint of the best epoch.

    The calibrated network before its first step competes as epoch 0, and is kept where fine-tuning made another network
    of it (closeness.py). Always runs on TensorFlow.
    Raises InputError for an unusable teacher or when the loss stops being finite.
    """
    job = _job(plan, load_engine("tensorflow"))
    start = [weight.copy() for weight in job.crew.weights_of(job.model)]
    best, history = fit(job, folder, start_at_zero=True)
    if best.epoch and (line := _moved_off(plan, job, best, start)):
        tell(line)
        job.judge.set_weights(start)
        job.settle(job.judge)
        best = Best(job.selection.judge(job.judge), 0, start)
        write_json(folder / "history.json", [row | {"kept": False} for row in history])
    job.judge.set_weights(best.weights)
    set_weight_ranges(job.judge)
    details = {
        "kind": "qat",
        "epoch": best.epoch,
        "selection_accuracy": best.judgement.accuracy,
        "selection_log_loss": best.judgement.log_loss,
        "selection_spoilt_log_loss": best.judgement.spoilt_log_loss,
        "settings": json.loads(json.dumps(plan.describe())),
    }
    if plan.source_sha256:
        details["source_sha256"] = plan.source_sha256
    source = plan.source
    result = checkpoint.Checkpoint(
        source.architecture,
        source.heads,
        source.labels,
        checkpoint.weights_of(job.judge),
        details,
        source.normalization,
    )
    checkpoint.save(folder / "checkpoint.npz", result)
    return result


def _moved_off(plan: QuantizePlan, job: Job, best: Best, start: list[Floats]) -> str:
    """Returns why the calibrated start is to be kept, or "": the best epoch answers too often as the float does not."""
    asked = float_answers(plan.source.model(job.engine.keras), job.selection, job.images)
    found = []
    for weights in (best.weights, start):
        job.judge.set_weights(weights)
        job.settle(job.judge)
        found.append(asked.closeness(job.judge))
    tuned, calibrated = found
    if tuned.enough or calibrated.share <= tuned.share:
        return ""
    return (
        f"quantize: epoch {best.epoch} answers as the float network on {tuned.share:.1%} of {tuned.images} images only "
        f"({FLOOR:.0%} are asked for), the calibrated start on {calibrated.share:.1%} of {calibrated.images}: that is "
        "kept, as with --qat-epochs 0"
    )


def _job(plan: QuantizePlan, engine: Engine) -> Job:
    source, train = plan.source, plan.train
    fitted = plan.dataset.part(TRAINING)
    targets = target_rows(fitted, source.heads, train.label_smoothing, train.class_weight)
    engine.keras.utils.set_random_seed(train.seed)
    float_model = source.model(engine.keras)
    model, judge = fake_quantized(float_model), fake_quantized(float_model)
    calibration = epoch_batches(
        engine,
        fitted.images,
        targets,
        plan.augment,
        train.batch_size,
        (train.seed, CALIBRATION_EPOCH),
        normalization=source.normalization,
    )
    calibrate(
        model,
        float_model,
        [batch for batch, _ in itertools.islice(calibration, plan.quantize.qat_calibration)],
    )
    steps = steps_per_epoch(len(fitted), train.batch_size) * max(plan.quantize.qat_epochs, 1)
    tuning = plan.quantize
    optimizer = optimizer_of(
        engine,
        model,
        train.optimizer,
        tuning.qat_learning_rate,
        tuning.qat_muon_rate,
        train.warmup,
        steps,
    )
    compile_model(
        engine, model, optimizer, len(source.heads), len(source.labels), train.temperature, train.votes_weight
    )
    teachers = load_teachers(
        engine,
        plan.teachers,
        source.heads,
        source.labels,
        train.temperature,
        bool(train.teacher_mirror),
        shares(train.teacher_weights),
    )
    return Job(
        name="quantize",
        engine=engine,
        model=model,
        judge=judge,
        images=fitted.images,
        targets=targets,
        selection=jury_of(plan.dataset, source.heads, source.normalization),
        augment=plan.augment,
        epochs=plan.quantize.qat_epochs,
        batch_size=train.batch_size,
        ema=train.ema,
        seed=train.seed + 1,
        description=plan.describe(),
        teacher=teachers,
        teacher_noise=bool(train.teacher_noise),
        distill=train.distill,
        views=views_of(
            engine, teachers, fitted.images, plan.dataset.digest, plan.augment, train, DEFAULT_CACHE
        ),
        settle=set_weight_ranges,
        normalization=source.normalization,
        rate_flag="--qat-learning-rate",
    )
