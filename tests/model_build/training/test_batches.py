"""Batches: order by seed and epoch, targets beside their images, teachers' rows, and the prefetching thread."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest

from face_emotion.contract import AS_IT_IS, Normalization
from model_build.settings import AugmentSettings
from model_build.training.batches import epoch_batches, prefetched, steps_per_epoch
from tests.support.training import UNCHANGED

ENGINE = SimpleNamespace(compile_augmentation=lambda function: function)
COUNT = 50
# Image i is evenly grey i, so that a batch tells which images it holds.
IMAGES = np.repeat(np.arange(COUNT, dtype=np.uint8), 48 * 48).reshape(COUNT, 48, 48)
TARGETS = [np.eye(COUNT, dtype=np.float32), np.eye(COUNT, dtype=np.float32)[::-1]]


def batches(seed: tuple[int, ...] = (0, 0), settings: AugmentSettings = UNCHANGED, size: int = 16, **options):
    """Returns one epoch's batches."""
    return list(epoch_batches(ENGINE, IMAGES, TARGETS, settings, size, seed, **options))


def order(seed: tuple[int, ...]) -> list[int]:
    """Returns which images an epoch shows, in order."""
    return [round(image.mean() * 255) for batch, _ in batches(seed) for image in batch]


def test_only_full_batches_and_each_image_at_most_once():
    shown = order((0, 0))
    assert steps_per_epoch(COUNT, 16) == 3
    assert len(shown) == 48 == len(set(shown))


def test_a_small_set_makes_one_smaller_batch():
    assert steps_per_epoch(COUNT, 64) == 1
    ((batch, rows),) = batches(size=64)
    assert len(batch) == len(rows[0]) == COUNT


def test_order_is_the_seeds_and_changes_with_the_epoch():
    assert order((7, 0)) == order((7, 0))
    assert order((7, 0)) != order((7, 1))
    assert order((7, 0)) != order((8, 0))
    assert order((7, 0)) != sorted(order((7, 0)))


def test_augmentation_is_the_seeds_too():
    first, again, later = (batches(seed, AugmentSettings(mixup=0.2)) for seed in ((7, 0), (7, 0), (7, 1)))
    for (batch, rows), (batch_again, rows_again) in zip(first, again, strict=True):
        assert np.array_equal(batch, batch_again)
        assert np.array_equal(rows, rows_again)
    assert not np.array_equal(first[0][0], later[0][0])


def test_targets_stand_beside_their_images():
    for batch, (first, second) in batches():
        shown = np.rint(batch.mean(axis=(1, 2, 3)) * 255).astype(int)
        assert np.array_equal(first.argmax(axis=1), shown)
        assert np.array_equal(second.argmax(axis=1), COUNT - 1 - shown)


def test_teachers_answer_stands_behind_the_hard_targets():
    seen = []

    def teacher(batch_of: Callable[[Normalization], np.ndarray]) -> list[np.ndarray]:
        batch = batch_of(AS_IT_IS)
        seen.append(batch)
        return [np.full((len(batch), COUNT), 1 / COUNT), np.full((len(batch), COUNT), 2 / COUNT)]

    plain, taught = batches(), batches(teacher=teacher, distill=0.7)
    for (_, hard), (batch, rows), taken in zip(plain, taught, seen, strict=True):
        assert taken is batch  # the teacher sees the student's own augmented view
        for head, answer in ((0, 1 / COUNT), (1, 2 / COUNT)):
            assert rows[head].dtype == np.float32
            np.testing.assert_allclose(rows[head][:, :COUNT], 0.3 * hard[head], rtol=1e-6)
            np.testing.assert_allclose(rows[head][:, COUNT:], 0.7 * answer, rtol=1e-6)


def test_prefetched_keeps_the_order():
    assert list(prefetched(iter(range(100)))) == list(range(100))
    assert list(prefetched(iter(()))) == []


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt])
def test_prefetched_passes_exceptions_on(kind: type[BaseException]):
    def failing():
        yield 1
        raise kind("in the thread")

    consumer = prefetched(failing())
    assert next(consumer) == 1
    with pytest.raises(kind, match="in the thread"):
        next(consumer)


def test_prefetched_works_ahead_but_not_far():
    produced = []

    def counting():
        for number in itertools.count():
            produced.append(number)
            yield number

    consumer = prefetched(counting(), ahead=2)
    next(consumer)
    deadline = time.monotonic() + 5
    while len(produced) < 4 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.2)
    consumer.close()
    assert 3 <= len(produced) <= 4  # one taken, two waiting, one at the door


@pytest.mark.parametrize("how", ["close", "exception"])
def test_the_thread_ends_when_the_consumer_stops_early(how: str):
    threads = []

    def endless():
        threads.append(threading.current_thread())
        yield from itertools.count()

    if how == "close":
        consumer = prefetched(endless())
        next(consumer)
        consumer.close()
    else:
        with pytest.raises(RuntimeError, match="a failing step"):
            _consume_and_fail(prefetched(endless()))
    threads[0].join(timeout=5)
    assert threads[0] is not threading.current_thread()
    assert not threads[0].is_alive()


def _consume_and_fail(consumer) -> None:
    for _ in consumer:
        raise RuntimeError("a failing step")


def test_a_teacher_that_never_saw_noise_is_spared_it_and_nothing_else():
    seen: dict[bool, list[np.ndarray]] = {True: [], False: []}
    settings = AugmentSettings(noise=0.2)

    def teacher(noise: bool):
        return lambda batch_of: seen[noise].append(batch_of(AS_IT_IS)) or [np.zeros((16, 7), np.float32)] * 2

    noisy = batches(settings=settings, teacher=teacher(True), distill=0.5)
    batches(settings=settings, teacher=teacher(False), distill=0.5, teacher_noise=False)
    without = batches(settings=settings, teacher=None)
    for (batch, _), (same, _), shown, spared in zip(noisy, without, seen[True], seen[False], strict=True):
        np.testing.assert_array_equal(batch, same)
        assert shown is batch
        assert 0.005 < np.abs(spared - batch).mean() < 0.2
    calm = batches(settings=settings, teacher=teacher(False), distill=0.5, teacher_noise=False)
    np.testing.assert_array_equal(calm[0][0], noisy[0][0])  # the student sees it all the same


def test_the_student_sees_normalised_images_and_a_teacher_of_another_normalisation_its_own():
    stretched = Normalization("stretch")
    images = np.stack([np.full((48, 48), 100, np.uint8)] * COUNT)
    images[:, :, 24:] = 120
    seen = []

    def teacher(batch_of: Callable[[Normalization], np.ndarray]) -> list[np.ndarray]:
        seen.append(batch_of(AS_IT_IS))
        assert batch_of(stretched) is batch_of(stretched)  # made once: it is the student's
        return [np.zeros((16, COUNT), np.float32)] * 2

    (first, *_) = epoch_batches(
        ENGINE, images, TARGETS, UNCHANGED, 16, (0, 0), teacher, 0.5, normalization=stretched
    )
    student = np.rint(first[0] * 255)
    assert set(np.unique(student)) == {12.0, 242.0}
    assert set(np.unique(np.rint(seen[0] * 255))) == {100.0, 120.0}
