"""Views: a seeded set of augmentations of every training image, to which teachers answer once.

    python -m model_build train … --teacher A.npz B.npz --views 16

Teachers cost more than the student that learns from them. With --views N, epoch e shows view e modulo N of every
image, in an order of its own, and each teacher's answers to a view (float16, 0.8 MB for FER2013's Training and two
heads) are kept in build/.cache: later epochs, other students and QAT find them there. A view depends on nothing but
its number and the augmentation's settings.

Where several processes train, each asks the teachers for its share of a view's batches, all are given the answers of
all, and host 0 alone keeps them; answers that it has kept it gives to the others.

With --teacher-mirror 1 they also answer to each view's mirror image, so that it serves as a view of its own: every
second time a view is shown mirrored.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from face_emotion.arrays import Array, Floats
from face_emotion.errors import InputError
from model_build.data.cache import read_entry, write_entry
from model_build.data.stored import Images
from model_build.network.engine import Engine
from model_build.progress import progress_bar
from model_build.settings import AugmentSettings, TrainSettings, to_dict
from model_build.training import augment
from model_build.training.crew import ALONE, Crew
from model_build.training.teachers import Teachers, mirrored

BATCH = 256
_VERSION = 1  # raise it whenever a view's number would give other pixels


@dataclass(frozen=True)
class View:
    """One augmentation of all images: `augment.draw`'s parameters, the answers of the teachers' average,
    float32 probabilities [N, classes] a head, and whether the augmented images are to be mirrored."""

    parameters: dict[str, Array]
    answers: list[Floats]
    mirrored: bool = False


@dataclass(frozen=True)
class Views:
    """The views of one set of images.

    images: uint8 [N, 48, 48]; digest: of the data set that they are the training split of. count: how many views.
    temperature: at which the teachers' logits become probabilities. folder: where answers are kept.
    noise: whether the teachers see the noise, blur and JPEG of the augmentation. crew: who trains.
    """

    engine: Engine
    teachers: Teachers
    images: Images
    digest: str
    settings: AugmentSettings
    count: int
    temperature: float
    folder: Path
    noise: bool = True
    crew: Crew = ALONE

    def of(self, epoch: int) -> View:
        """Returns the view that an epoch (from 0) shows; asks those teachers whose answers are not kept yet."""
        turn, number = divmod(epoch, self.count)
        parameters = augment.draw(np.random.default_rng((_VERSION, number)), len(self.images), self.settings)
        sides = (False, True) if self.teachers.mirror else (False,)
        teachers = range(len(self.teachers.models))
        logits = [self._kept(teacher, number, parameters, side) for teacher in teachers for side in sides]
        return View(
            parameters,
            self.teachers.averaged(logits, self.temperature),
            self.teachers.mirror and turn % 2 == 1,
        )

    def _kept(
        self, teacher: int, number: int, parameters: dict[str, Array], mirror: bool
    ) -> NDArray[np.float16]:
        """Returns float16 logits [heads, N, classes] of one teacher, of the images or of their mirror images."""
        key = self._key(teacher, number, mirror)
        path = self.folder / f"view-{key}.cache"
        kept = self._read(path, key) if self._first else None
        if self._from_host_0(kept is not None):
            classes = self._from_host_0(kept.shape[2] if kept is not None else 0)
            return self._sum({} if kept is None else {0: kept}, classes)
        what = f"teacher {teacher + 1}, view {number + 1}/{self.count}" + ", mirrored" * mirror
        parts = self._ask(teacher, what, parameters, mirror)
        answers = self._sum(parts, self._from_host_0(parts[0].shape[2] if self._first else 0))
        if self._first:
            write_entry(path, key, {"logits": answers})
        return answers

    @property
    def _first(self) -> bool:
        return self.crew.share.rank == 0

    def _read(self, path: Path, key: str) -> NDArray[np.float16] | None:
        entry = read_entry(path, key)  # None: not there, or damaged, which its checksum tells
        if entry is None or entry["logits"].shape[:2] != (len(self.teachers.heads), len(self.images)):
            return None
        kept: NDArray[np.float16] = entry["logits"]
        return kept

    def _from_host_0(self, value: int) -> int:
        """Host 0's value, in every process."""
        return int(self.crew.total(np.array(value if self._first else 0, np.int32)))

    def _sum(self, parts: dict[int, NDArray[np.float16]], classes: int) -> NDArray[np.float16]:
        """Returns all processes' parts [heads, n, classes], by their first rows, as one array, bit by bit."""
        bits = np.zeros((len(self.teachers.heads), len(self.images), classes), np.int32)
        for start, part in parts.items():
            bits[:, start : start + part.shape[1]] = np.ascontiguousarray(part).view(np.uint16)
        answers: NDArray[np.float16] = self.crew.total(bits).astype(np.uint16).view(np.float16)
        return answers

    def _ask(
        self, teacher: int, what: str, parameters: dict[str, Array], mirror: bool
    ) -> dict[int, NDArray[np.float16]]:
        """Returns the answers to this process's share of the batches, which are those that one process would make."""
        transform = self.engine.compile_augmentation(augment.apply)
        seen = parameters if self.noise else augment.undamaged(parameters)
        normalization = self.teachers.normalizations[teacher]
        share, parts = self.crew.share, {}
        with progress_bar(what, len(self.images)) as advance:
            for start in range(share.rank * BATCH, len(self.images), share.count * BATCH):
                rows = np.arange(start, min(start + BATCH, len(self.images)))
                places, chosen = augment.of_rows(seen, rows)
                batch = transform(self.images[places], chosen, normalization=normalization)[: len(rows)]
                answers = self.teachers.logits(teacher, mirrored(batch) if mirror else batch)
                parts[start] = np.stack(answers).astype(np.float16)
                advance(start)
        return parts

    def _key(self, teacher: int, number: int, mirror: bool) -> str:
        about = {
            "version": _VERSION,
            "teacher": self.teachers.digests[teacher],
            "engine": self.engine.name,
            "heads": list(self.teachers.heads),
            "dataset": self.digest,
            "augmentation": to_dict(self.settings),
            "view": number,
        }
        about |= ({"mirrored": True} if mirror else {}) | ({} if self.noise else {"noise": False})
        return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:20]


def views_of(
    engine: Engine,
    teachers: Teachers | None,
    images: Images,
    digest: str,
    settings: AugmentSettings,
    train: TrainSettings,
    folder: Path,
    crew: Crew = ALONE,
) -> Views | None:
    """Returns the views that a training's settings ask for, None for none; the arguments are those of Views.

    Raises InputError for views without a teacher.
    """
    if not train.views:
        return None
    if teachers is None:
        raise InputError(
            f"--views {train.views}: keeps the answers of teachers; give --teacher, or leave it out"
        )
    noise = bool(train.teacher_noise)
    return Views(
        engine, teachers, images, digest, settings, train.views, train.temperature, folder, noise, crew
    )
