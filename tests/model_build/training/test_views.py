"""Views: the same seeded augmentations every few epochs, and teachers that are asked once for each."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from face_emotion.contract import AS_IT_IS
from face_emotion.errors import InputError
from model_build.settings import AugmentSettings, TrainSettings
from model_build.training import augment
from model_build.training.batches import epoch_batches
from model_build.training.crew import Share
from model_build.training.teachers import Teachers
from model_build.training.views import Views, views_of
from tests.support.training import always

ENGINE = SimpleNamespace(name="test", compile_augmentation=lambda function: function)
COUNT, CLASSES = 300, 7
IMAGES = np.random.default_rng(0).integers(0, 256, (COUNT, 48, 48), dtype=np.uint8)
TARGETS = [np.eye(CLASSES, dtype=np.float32)[np.arange(COUNT) % CLASSES]] * 2


class Model:
    """A teacher whose logits are sums over an image's rows, so that they tell which pixels it has seen."""

    def __init__(self, factor: float):
        self.factor, self.asked = factor, 0

    def predict_on_batch(self, batch: np.ndarray) -> list[np.ndarray]:
        """Returns logits of two heads."""
        self.asked += len(batch)
        rows = self.factor * batch[:, : CLASSES * 6, :, 0].reshape(len(batch), CLASSES, -1).mean(axis=2)
        return [rows, -rows]


@pytest.fixture
def views(tmp_path: Path) -> Views:
    """Three views of IMAGES by two teachers."""
    teachers = Teachers((Model(3.0), Model(5.0)), ("a", "b"), ("labels", "votes"), 2.0, (AS_IT_IS,) * 2)
    return Views(ENGINE, teachers, IMAGES, "digest", AugmentSettings(), 3, 2.0, tmp_path)


def asked(views: Views) -> list[int]:
    """Returns how many images each teacher has answered to."""
    return [model.asked for model in views.teachers.models]


def epoch(views: Views, number: int) -> list[tuple[Any, list[np.ndarray]]]:
    """Returns the batches of an epoch."""
    return list(
        epoch_batches(
            ENGINE, IMAGES, TARGETS, AugmentSettings(), 100, (0, number), None, 0.5, views.of(number)
        )
    )


def pixels(batches: list[tuple[Any, list[np.ndarray]]]) -> set[bytes]:
    """Returns the images of an epoch, without their order."""
    return {image.tobytes() for batch, _ in batches for image in batch}


def test_a_view_comes_back_in_another_order(views: Views):
    first, second, fourth = epoch(views, 0), epoch(views, 1), epoch(views, 3)
    assert pixels(first) == pixels(fourth)
    assert not pixels(first) & pixels(second)
    assert not np.array_equal(first[0][0], fourth[0][0])


def test_rows_hold_the_teachers_averaged_answer_to_that_very_image(views: Views):
    for batch, rows in epoch(views, 2):
        for row, answer in zip(rows, views.teachers(always(batch)), strict=True):
            np.testing.assert_allclose(row[:, CLASSES:], 0.5 * answer, atol=1e-3)
            np.testing.assert_allclose(row[:, :CLASSES].sum(axis=1), 0.5)


def test_teachers_are_asked_once_for_each_view(views: Views):
    for number in range(7):
        views.of(number)
    assert asked(views) == [3 * COUNT, 3 * COUNT]
    another = dataclasses.replace(views, count=4, temperature=1.0)  # another student of the same teachers
    for number in range(4):
        another.of(number)
    assert asked(views) == [4 * COUNT, 4 * COUNT]


def test_answers_are_kept_for_each_teacher(views: Views):
    views.of(0)
    newcomer = Teachers(
        (views.teachers.models[0], Model(1.0)), ("a", "c"), ("labels", "votes"), 2.0, (AS_IT_IS,) * 2
    )
    dataclasses.replace(views, teachers=newcomer).of(0)
    assert asked(views) == [COUNT, COUNT]
    assert newcomer.models[1].asked == COUNT


@pytest.mark.parametrize(
    "change",
    [{"digest": "other"}, {"settings": AugmentSettings(rotate=3)}, {"images": IMAGES[:200]}],
    ids=lambda change: next(iter(change)),
)
def test_other_inputs_ask_again(views: Views, change: dict[str, Any]):
    views.of(0)
    changed = dataclasses.replace(views, **change)
    changed.of(0)
    assert asked(views) == [COUNT + len(changed.images)] * 2


@pytest.mark.parametrize("damage", ["cut", "one bit"])
def test_a_damaged_file_asks_again(views: Views, tmp_path: Path, damage: str):
    before = views.of(0)
    for path in tmp_path.iterdir():
        content = bytearray(path.read_bytes())
        content[-1001] ^= 1  # the last bit of a logit: another target, were it believed
        path.write_bytes(content[:200] if damage == "cut" else content)
    after = views.of(0)
    assert asked(views) == [2 * COUNT, 2 * COUNT]
    for old, new in zip(before.answers, after.answers, strict=True):
        np.testing.assert_array_equal(old, new)


def test_a_view_is_drawn_like_any_augmentation(views: Views):
    view = views.of(1)
    batch = augment.apply(IMAGES[:5], {name: values[:5] for name, values in view.parameters.items()})
    assert batch.shape == (5, 48, 48, 1)
    assert batch.min() >= 0 and batch.max() <= 1


def test_none_are_asked_for(tmp_path: Path):
    assert views_of(ENGINE, None, IMAGES, "", AugmentSettings(), TrainSettings(), tmp_path) is None


def test_views_need_teachers(tmp_path: Path):
    with pytest.raises(InputError, match=r"^--views 4: .*--teacher"):
        views_of(ENGINE, None, IMAGES, "", AugmentSettings(), TrainSettings(views=4), tmp_path)


@pytest.mark.parametrize("noise", [True, False])
def test_teachers_answer_to_the_mixed_image_that_the_student_sees(views: Views, noise: bool):
    settings = AugmentSettings(mixup=1.0, noise=0.1)
    mixed = dataclasses.replace(views, settings=settings, noise=noise)
    view = mixed.of(0)
    # All images at once, as they are mixed with one another, where the views are made 256 at a time.
    whole = augment.apply(IMAGES, view.parameters)
    seen = whole if noise else augment.apply(IMAGES, augment.undamaged(view.parameters))
    for found, expected in zip(view.answers, views.teachers(always(seen)), strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-3)
    share = view.parameters["share"][:, None]
    hard = TARGETS[0] * (1 - share) + TARGETS[0][view.parameters["partner"]] * share
    assert share.max() > 0.4
    rows_of = {image.tobytes(): row for row, image in enumerate(whole)}
    shown = epoch(mixed, 0)
    assert len(shown) == 3
    for batch, targets in shown:
        rows = [rows_of[image.tobytes()] for image in batch]
        for target, answers in zip(targets, view.answers, strict=True):
            np.testing.assert_allclose(target[:, :CLASSES], 0.5 * hard[rows], rtol=1e-5)
            np.testing.assert_allclose(target[:, CLASSES:], 0.5 * answers[rows], rtol=1e-5)


@pytest.fixture
def both_ways(views: Views) -> Views:
    """The same views whose teachers answer to the mirror image as well; their logits tell left from right."""

    class Sided(Model):
        def predict_on_batch(self, batch: np.ndarray) -> list[np.ndarray]:
            return super().predict_on_batch(batch * np.linspace(0, 2, 48, dtype=np.float32)[:, None])

    teachers = dataclasses.replace(views.teachers, models=(Sided(3.0), Sided(5.0)), mirror=True)
    return dataclasses.replace(views, teachers=teachers)


def test_a_mirrored_view_has_answers_of_its_own_for_teachers_that_answer_both_ways(both_ways: Views):
    plain = dataclasses.replace(both_ways, teachers=dataclasses.replace(both_ways.teachers, mirror=False))
    one_way = plain.of(1).answers
    view = both_ways.of(1)
    assert asked(both_ways) == [2 * COUNT, 2 * COUNT], (
        "the plain answers were kept, the mirrored ones are new"
    )
    assert max(np.abs(a - b).max() for a, b in zip(one_way, view.answers, strict=True)) > 0.01
    batch = augment.apply(IMAGES, view.parameters)
    for found, a, b in zip(
        view.answers, plain.teachers(always(batch)), plain.teachers(always(batch[:, :, ::-1])), strict=True
    ):
        np.testing.assert_allclose(found, (a + b) / 2, atol=1e-3)


def test_every_second_time_a_view_is_shown_mirrored_if_the_teachers_answer_both_ways(both_ways: Views):
    first, second, third = (epoch(both_ways, number) for number in (1, 4, 7))
    assert pixels(first) == pixels(third) and not pixels(first) & pixels(second)
    assert pixels(first) == {image[:, ::-1].tobytes() for batch, _ in second for image in batch}
    for batch, rows in second:  # a mirrored image keeps its answer
        for row, answer in zip(rows, both_ways.teachers(always(batch)), strict=True):
            np.testing.assert_allclose(row[:, CLASSES:], 0.5 * answer, atol=1e-3)


def test_a_teacher_that_never_saw_noise_is_asked_without_it_and_kept_apart(views: Views):
    settings = AugmentSettings(noise=0.2, soften=0.5, jpeg=0.5)
    noisy = dataclasses.replace(views, settings=settings)
    spared = dataclasses.replace(noisy, noise=False)
    first, second = noisy.of(0), spared.of(0)
    assert asked(views) == [2 * COUNT, 2 * COUNT]  # neither takes the other's answers for its own
    assert "noise" in second.parameters  # the student still sees it
    np.testing.assert_array_equal(first.parameters["noise"], second.parameters["noise"])
    calm = {
        name: values for name, values in second.parameters.items() if name not in ("noise", "soften", "jpeg")
    }
    pixels_seen = augment.apply(IMAGES, calm)
    expected = views.teachers(always(pixels_seen))
    for answer, wanted in zip(second.answers, expected, strict=True):
        np.testing.assert_allclose(answer, wanted, atol=2e-3)
    assert not np.allclose(first.answers[0], second.answers[0], atol=2e-3)


def test_weights_count_in_the_average_of_kept_answers(views: Views):
    weighted = dataclasses.replace(views.teachers, weights=(0.9, 0.1))
    first = dataclasses.replace(views, teachers=weighted).of(0)
    alone = [
        dataclasses.replace(
            views, teachers=Teachers((model,), (digest,), ("labels", "votes"), 2.0, (AS_IT_IS,))
        )
        .of(0)
        .answers[0]
        for model, digest in zip(views.teachers.models, "ab", strict=True)
    ]
    np.testing.assert_allclose(first.answers[0], 0.9 * alone[0] + 0.1 * alone[1], atol=1e-5)
    assert asked(views) == [COUNT, COUNT]


def test_the_settings_reach_the_views(views: Views, tmp_path: Path):
    train = TrainSettings(views=2, teacher_noise=0)
    assert not views_of(ENGINE, views.teachers, IMAGES, "d", AugmentSettings(), train, tmp_path).noise


class Pair:
    """One of two processes that train together: here threads, whose integers are added up."""

    def __init__(self, rank: int, given: list[Any], meeting: threading.Barrier):
        self.share, self.given, self.meeting = Share(rank, 2), given, meeting

    def total(self, values: np.ndarray) -> np.ndarray:
        """Returns the sum of what both give."""
        self.given[self.share.rank] = values
        self.meeting.wait(60)
        found = self.given[0] + self.given[1]
        self.meeting.wait(60)
        return found


def together(views: Views, folders: Sequence[Path]) -> list[Views]:
    """Returns the same views as two processes have them, each with a folder and teachers of its own."""
    given, meeting = [None, None], threading.Barrier(2)
    return [
        dataclasses.replace(
            views,
            folder=folder,
            crew=Pair(rank, given, meeting),
            teachers=dataclasses.replace(views.teachers, models=(Model(3.0), Model(5.0))),
        )
        for rank, folder in enumerate(folders)
    ]


def test_two_processes_ask_for_a_share_each_and_the_first_keeps_what_one_would_keep(
    views: Views, tmp_path: Path
):
    folders = [tmp_path / name for name in ("alone", "first", "second")]
    alone = dataclasses.replace(views, folder=folders[0])
    wanted = alone.of(1)
    for asked_for in ([256, 44], [0, 0]):  # BATCH is 256; the second time host 0 has them
        pair = together(views, folders[1:])
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda each: each.of(1), pair))
        for view in found:
            for ours, theirs in zip(view.answers, wanted.answers, strict=True):
                np.testing.assert_array_equal(ours, theirs)
        assert [asked(each) for each in pair] == [[count] * 2 for count in asked_for]
    kept = [{path.name: path.read_bytes() for path in folder.glob("*")} for folder in folders]
    assert len(kept[0]) == 2 and kept[1] == kept[0] and not kept[2]
