"""Augmented batches, drawn from one seed an epoch and prepared one step ahead in a thread.

Batch b of epoch e depends on (seed, e) alone, so that a resumed run sees what the uninterrupted one would have.
Images in memory are drawn by a permutation of all, images in shards as `shuffling` deals them.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from face_emotion.arrays import Array, Bytes, Floats, Integers
from face_emotion.contract import AS_IT_IS, Normalization
from model_build.data.stored import Images, StoredImages
from model_build.network.engine import Engine
from model_build.network.keras_protocol import Tensor
from model_build.settings import AugmentSettings
from model_build.training import augment
from model_build.training.crew import Share
from model_build.training.shuffling import from_shards
from model_build.training.teachers import mirrored
from model_build.training.views import View

WHOLE = Share()
LEAST_STEPS = 32  # an epoch: batch statistics and the averaged weights need some hundred steps in all
SMALLEST_BATCH = 8
Teacher = Callable[[Callable[[Normalization], Tensor]], list[Floats]]


def batch_size_for(count: int, usual: int) -> int:
    """Returns how many of `count` images make a step: `usual`, halved until an epoch has LEAST_STEPS of them.

    Never below SMALLEST_BATCH, unless `usual` is: batch normalisation wants some images.
    """
    size = usual
    while size // 2 >= SMALLEST_BATCH and steps_per_epoch(count, size) < LEAST_STEPS:
        size //= 2
    return size


def steps_per_epoch(count: int, batch_size: int) -> int:
    """Returns the full batches in `count` images, at least 1 (a smaller set makes one smaller batch)."""
    return max(1, count // batch_size)


def epoch_batches(
    engine: Engine,
    images: Images,
    targets: list[Floats],
    settings: AugmentSettings,
    batch_size: int,
    seed: tuple[int, ...],
    teacher: Teacher | None = None,
    distill: float = 0.0,
    view: View | None = None,
    teacher_noise: bool = True,
    normalization: Normalization = AS_IT_IS,
    share: Share = WHOLE,
) -> Iterator[tuple[Tensor, list[Floats]]]:
    """Yields (float32 [batch, 48, 48, 1], targets) for one epoch.

    images: uint8 [N, 48, 48], in memory or in shards.  targets: one float32 [N, classes] array a head.
    teacher: maps the augmented batch, which it asks for by its normalisation, to one array of probabilities
    [batch, classes] a head; its answer, weighted by `distill` (0..1), stands behind the hard targets, which are
    weighted by 1 - distill: rows are then [batch, 2 * classes], as losses.py reads them. view: augmentations of all
    images with the teacher's answers to them, used instead of new ones and of `teacher`. teacher_noise: whether the
    teacher sees the noise, blur and JPEG that the student sees. normalization: of the student's images. share: of every
    batch, where other processes take the rest: what it holds is what stands there in the whole batch.
    """
    random = np.random.default_rng(seed)
    transform = engine.compile_augmentation(augment.apply)
    for rows, pixels in _shuffled(images, random, batch_size):
        if view is None:
            places, parameters, ours = share.take(augment.draw(random, len(rows), settings), len(rows))
            rows, pixels = rows[places], pixels[places]
        else:
            own = rows[share.of(len(rows))]
            rows, parameters = augment.of_rows(view.parameters, own)
            ours = len(own)
            pixels = images[rows] if len(rows) > ours else pixels[share.of(len(pixels))]
        batch = transform(pixels, parameters, normalization=normalization)[:ours]
        if view is not None and view.mirrored:
            batch = mirrored(batch)
        hard = [augment.mix_targets(target[rows], parameters)[:ours] for target in targets]
        soft = None
        if view is not None:
            soft = [answer[rows[:ours]] for answer in view.answers]
        elif teacher is not None:
            seen = parameters if teacher_noise else augment.undamaged(parameters)
            made = (
                {normalization: batch} if teacher_noise else {}
            )  # the teacher may see what the student sees
            soft = teacher(partial(_batch_of, transform, pixels, seen, made, ours))
        if soft is not None:
            hard = [
                np.concatenate([(1 - distill) * h, distill * s], axis=1).astype(np.float32)
                for h, s in zip(hard, soft, strict=True)
            ]
        yield batch, hard


def _shuffled(
    images: Images, random: np.random.Generator, batch_size: int
) -> Iterator[tuple[Integers, Bytes]]:
    """Yields an epoch's batches as the rows' indices and their images."""
    steps = steps_per_epoch(len(images), batch_size)
    if isinstance(images, StoredImages):
        yield from from_shards(images, random, batch_size, steps)
        return
    order = random.permutation(len(images))
    for step in range(steps):
        rows = order[step * batch_size : (step + 1) * batch_size]
        yield rows, images[rows]


def _batch_of(
    transform: Callable[..., Tensor],
    images: Bytes,
    parameters: dict[str, Array],
    made: dict[Normalization, Tensor],
    ours: int,
    normalization: Normalization,
) -> Tensor:
    known = made.get(normalization)
    return transform(images, parameters, normalization=normalization)[:ours] if known is None else known


def prefetched(batches: Iterator[Any], ahead: int = 2) -> Iterator[Any]:
    """Runs an iterator in a thread, `ahead` items before its consumer; its exceptions are raised here."""
    items: queue.Queue[tuple[Any, BaseException | None]] = queue.Queue(maxsize=ahead)
    stopped = threading.Event()
    end = object()

    def put(item: Any) -> None:
        while not stopped.is_set():
            with contextlib.suppress(queue.Full):
                items.put(item, timeout=0.1)
                return

    def produce() -> None:
        try:
            for item in batches:
                put((item, None))
                if stopped.is_set():
                    return
            put((end, None))
        except BaseException as error:
            put((end, error))

    thread = threading.Thread(target=produce, daemon=True)
    thread.start()
    try:
        while True:
            item, error = items.get()
            if error is not None:
                raise error
            if item is end:
                return
            yield item
    finally:
        stopped.set()
        thread.join()
