"""Float training by several processes, on one machine or many: `python -m model_build train … --hosts … --host N`.

Host 0 locks the build folder, judges and writes; the others read the data, take their share of every batch and write
nothing. All are given the same command line but for --host.
"""

from __future__ import annotations

import argparse
import importlib.metadata
from pathlib import Path
from typing import Any

from face_emotion import __version__
from face_emotion.errors import InputError
from face_emotion.files import write_json
from model_build import pipeline
from model_build.build_plan import BuildPlan, plan_from_flags
from model_build.data.dataset import TRAINING
from model_build.folder_lock import locked
from model_build.hosts.cluster import Cluster
from model_build.hosts.company import Company, gathered
from model_build.limits import within
from model_build.origin import require_own_build
from model_build.progress import tell
from model_build.settings import TrainSettings, from_flags
from model_build.training.state import differences
from model_build.training.train import train_along

ALIKE = ("tensorflow", "tf_keras", "numpy")  # packages whose versions the hosts share


def train(arguments: argparse.Namespace, cluster: Cluster) -> Path | None:
    """Trains as one process of a cluster; returns the build folder on host 0, None on the others.

    Raises InputError where the hosts cannot train together, or one of them is lost.
    """
    within("hosts_wait", arguments.hosts_wait, 1, 86_400)
    if arguments.engine != "tensorflow":
        raise InputError(f"--engine {arguments.engine}: trains in one process; leave it or --hosts out")
    batch = from_flags(TrainSettings, arguments).batch_size
    if batch % cluster.count:
        raise InputError(
            f"--batch-size {batch}: {cluster.count} hosts take equal shares of it; give a multiple of {cluster.count}"
        )
    arguments.batch_size = batch  # whatever the number of images: the hosts have agreed on their shares of it
    with gathered(cluster, arguments.hosts_wait) as company:
        tell(f"{cluster.name(cluster.rank)} of {cluster.count}: all are here")
        plan = plan_from_flags(arguments)
        require_even(plan, cluster)
        company.agree(_about(plan), differences)
        folder = None
        if cluster.rank:
            if company.hear("training") == "begins":
                train_along(pipeline.training_of(plan), plan.engine, company)
        else:
            folder = _write(plan, arguments.out or Path("build") / plan.name, company, arguments.replace)
        company.finish()
        return folder


def require_even(plan: BuildPlan, cluster: Cluster) -> None:
    """Raises InputError if there are fewer images than a batch holds, and the processes cannot share them evenly."""
    batch, images = plan.train.batch_size, int((plan.dataset.split == TRAINING).sum())
    if images < batch and images % cluster.count:
        raise InputError(
            f"--batch-size {batch}: the {images} training images are one batch, which {cluster.count} hosts cannot "
            "share evenly; give a smaller one"
        )


def _write(plan: BuildPlan, folder: Path, company: Company, replace: bool) -> Path:
    with locked(folder):
        require_own_build(folder, plan.dataset.name, replace)
        write_json(folder / "config.json", plan.describe())
        if not pipeline.train_stage(plan, folder, company):
            company.say("training", "is done")
    return folder


def _about(plan: BuildPlan) -> dict[str, Any]:
    """What must be the same on all hosts, by the names that a line gives it."""
    versions = {f"{name}'s version": importlib.metadata.version(name) for name in ALIKE}
    return pipeline.training_of(plan).describe() | {"this kit's version": __version__} | versions
