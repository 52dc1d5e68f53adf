"""What one build is made from, resolved from flags or from a build folder's config.json before anything long begins."""

from __future__ import annotations

import argparse
import re
import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from face_emotion.errors import InputError, why
from face_emotion.files import read_json, require_file, sha256_of
from face_emotion.streams import printed
from model_build.data.dataset import TRAINING, Dataset
from model_build.data.loading import SYNTHETIC
from model_build.data.sources import load_from_flags, sources_of
from model_build.network.architecture import Architecture, architecture
from model_build.network.engine import Engine, load_engine
from model_build.progress import tell
from model_build.settings import AugmentSettings, QuantizeSettings, TrainSettings, from_flags, to_dict
from model_build.training.batches import batch_size_for, steps_per_epoch
from model_build.training.targets import heads_for

NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")  # as manifest.schema.json has it: it becomes a folder's name

# Drawn faces are easy: a small network and few epochs (94 % in four minutes), so that a first build takes minutes.
SYNTHETIC_DEFAULTS = {"epochs": 18, "qat_epochs": 1, "ema": 0.98, "learning_rate": 0.15}


@dataclass(frozen=True)
class BuildPlan:
    """What one build is made from.

    name: of the variant and of the released folder. heads: that are trained, and all exported. command: the
    command line that repeats it. say: takes progress lines.
    """

    name: str
    dataset: Dataset
    architecture: Architecture
    heads: tuple[str, ...]
    train: TrainSettings
    augment: AugmentSettings
    quantize: QuantizeSettings
    engine: Engine
    command: str
    teachers: tuple[Path, ...] = ()
    initial: Path | None = None
    say: Callable[[str], None] = print

    def describe(self) -> dict[str, Any]:
        """Returns the resolved configuration, JSON-able, as config.json holds it."""
        return {
            "name": self.name,
            "command": self.command,
            "dataset": described(self.dataset),
            "architecture": self.architecture.to_dict(),
            "heads": list(self.heads),
            "teachers": [sha256_of(path) for path in self.teachers],
            "initial": sha256_of(self.initial) if self.initial else None,
            "engine": self.engine.name,
            "settings": to_dict(self.train, self.augment, self.quantize),
        }


def described(dataset: Dataset) -> dict[str, Any]:
    """Returns name and digest of a data set, and the names of those that it is mixed from."""
    sources = {"sources": list(dataset.sources)} if dataset.source is not None else {}
    return {"name": dataset.name, "digest": dataset.digest} | sources


def plan_from_flags(
    arguments: argparse.Namespace,
    package: str = "model_build",
    defaults: Mapping[str, Any] | None = None,
    variant: str = "small",
) -> BuildPlan:
    """Resolves parsed flags into a BuildPlan; raises InputError for the first flag that cannot be used.

    package: whose command line it is, for the plan's `command`. defaults, variant: of what is not given; on drawn
    faces alone, without `defaults`, those that suffice for them.
    """
    synthetic = all(source.path == SYNTHETIC for source in sources_of(arguments))
    if defaults is None:
        defaults = SYNTHETIC_DEFAULTS if synthetic else {}
    train_settings = from_flags(TrainSettings, arguments, **defaults)
    augment_settings = from_flags(AugmentSettings, arguments)
    quantize_settings = from_flags(QuantizeSettings, arguments, **defaults)
    variant = arguments.variant or ("nano" if synthetic else variant)
    shape = architecture(variant)
    if not NAME.fullmatch(variant):
        raise InputError(f"--variant {variant}: use small letters, digits, '.', '_' and '-' only")
    dataset = load_from_flags(arguments)
    heads = heads_for(train_settings.targets, dataset)
    if arguments.batch_size is None:
        train_settings = _in_batches(train_settings, dataset, arguments.initial)
    return BuildPlan(
        name=variant,
        dataset=dataset,
        architecture=shape,
        heads=heads,
        train=train_settings,
        augment=augment_settings,
        quantize=quantize_settings,
        engine=load_engine(arguments.engine),
        command=command_line(package),
        teachers=tuple(require_file(path, "checkpoint") for path in arguments.teacher),
        initial=_initial(arguments.initial),
    )


def _in_batches(settings: TrainSettings, dataset: Dataset, initial: Path | None) -> TrainSettings:
    """Returns settings whose batches suit the number of training images, and says so where they are not the usual."""
    count = int((dataset.split == TRAINING).sum())
    size = batch_size_for(count, settings.batch_size)
    if size == settings.batch_size:
        return settings
    steps = steps_per_epoch(count, size)
    start = "" if initial else "; few pictures learn more from a released network: --from models/nano"
    tell(
        f"training: batches of {size}, so that the {count:,} training images make {steps} steps an epoch "
        f"(--batch-size {settings.batch_size} for the usual){start}"
    )
    return replace(settings, batch_size=size)


def plan_from_folder(arguments: argparse.Namespace) -> BuildPlan:
    """Resolves a build folder's config.json, and flags that override it, into a BuildPlan.

    Raises InputError for a config.json that this kit did not write, and for another data set than it names.
    """
    path = arguments.folder / "config.json"
    config = read_json(path)
    try:
        trained_on, settings = config["dataset"], config["settings"]
        known = {
            "name": config["name"],
            "architecture": Architecture.from_dict(config["architecture"]),
            "heads": tuple(config["heads"]),
            "train": from_flags(TrainSettings, arguments, **settings),
            "augment": from_flags(AugmentSettings, arguments, **settings),
            "quantize": from_flags(QuantizeSettings, arguments, **settings),
            "command": config["command"],
        }
    except (KeyError, TypeError) as error:
        raise InputError(f"{path}: not what this kit writes there ({why(error)}); run build again") from None
    dataset = load_trained_on(arguments, trained_on)
    teachers = tuple(require_file(path, "checkpoint") for path in arguments.teacher)
    return BuildPlan(dataset=dataset, engine=load_engine("tensorflow"), teachers=teachers, **known)


def load_trained_on(arguments: argparse.Namespace, trained_on: Any) -> Dataset:
    """Loads the data set that flags name; InputError if it is none that a build's config.json names.

    trained_on: that file's "dataset".
    """
    path = arguments.folder / "config.json"
    try:
        name, digest = trained_on["name"], trained_on["digest"]
    except (KeyError, TypeError) as error:
        raise InputError(f"{path}: not what this kit writes there ({why(error)}); run build again") from None
    dataset = load_from_flags(arguments)
    if dataset.digest != digest:
        raise InputError(
            f"--data: not the data set that {arguments.folder} was trained on ({name}); "
            f"--split, --labels, --classes and the like must be as in {path}"
        )
    return dataset


def command_line(package: str) -> str:
    """Returns the command line that repeats this run, with folders cut from data paths: they differ elsewhere."""
    return printed(shlex.join(["python", "-m", package, *map(_without_folder, sys.argv[1:])]))


def _without_folder(word: str) -> str:
    """Returns a word of a command line without the folder of a path in it, also behind --data=, NAME= and NAME:."""
    flag, equals, rest = word.partition("=")
    if equals and flag.startswith("--"):
        return f"{flag}={_without_folder(rest)}"
    label, path = re.fullmatch(r"((?:[^/=:]+[=:])?)(.*)", word, re.DOTALL).groups()  # type: ignore[union-attr]
    return label + Path(path).name if Path(path).is_absolute() or path.startswith("..") else word


def _initial(path: Path | None) -> Path | None:
    if path is None:
        return None
    return require_file(path / "float" / "checkpoint.npz" if path.is_dir() else path, "checkpoint")
