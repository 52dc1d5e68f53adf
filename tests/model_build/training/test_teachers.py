"""Teachers: the average of several checkpoints' probabilities at the temperature of distillation."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from face_emotion.contract import AS_IT_IS, FER2013_LABELS, Normalization
from face_emotion.errors import InputError
from model_build.network import checkpoint
from model_build.network.engine import load_engine
from model_build.training.teachers import load_teachers
from tests.support.training import BOTH, LABELS, TINY, always, softmax, untrained_checkpoint

IMAGES = np.random.default_rng(0).uniform(0, 1, (5, 48, 48, 1)).astype(np.float32)


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two teachers with both heads; the second has another architecture than the first."""
    folder = tmp_path_factory.mktemp("teachers")
    for index, shape in enumerate((TINY, dataclasses.replace(TINY, head=40))):
        checkpoint.save(folder / f"{index}.npz", untrained_checkpoint(shape, heads=BOTH, seed=index))
    return [folder / "0.npz", folder / "1.npz"]


def logits(path: Path) -> list[np.ndarray]:
    """Returns each head's logits of IMAGES."""
    return checkpoint.load(path).model(load_engine().keras).predict_on_batch(IMAGES)


def test_no_teacher():
    assert load_teachers(load_engine(), (), LABELS, FER2013_LABELS, 2.0) is None


@pytest.mark.parametrize("temperature", [0.5, 2.0])
def test_probabilities_are_averaged_at_the_temperature(paths: list[Path], temperature: float):
    teach = load_teachers(load_engine(), paths, BOTH, FER2013_LABELS, temperature)
    answers = teach(always(IMAGES))
    assert len(answers) == 2
    for head, answer in enumerate(answers):
        expected = np.mean([softmax(logits(path)[head] / temperature) for path in paths], axis=0)
        np.testing.assert_allclose(answer, expected, atol=1e-5)
        np.testing.assert_allclose(answer.sum(axis=1), 1, atol=1e-5)
    assert not np.allclose(answers[0], answers[1], atol=1e-3)


def test_a_teacher_that_answers_both_ways_says_the_same_of_the_mirror_image(paths: list[Path]):
    one_way = load_teachers(load_engine(), paths, BOTH, FER2013_LABELS, 0.02)
    both_ways = load_teachers(load_engine(), paths, BOTH, FER2013_LABELS, 0.02, mirror=True)
    sided = IMAGES * np.linspace(0, 1, 48, dtype=np.float32)[:, None]
    there, back = one_way(always(sided)), one_way(always(sided[:, :, ::-1]))
    for index, answer in enumerate(both_ways(always(sided))):
        assert np.abs(there[index] - back[index]).max() > 1e-4
        np.testing.assert_allclose(answer, (there[index] + back[index]) / 2, atol=1e-6)
        np.testing.assert_allclose(answer, both_ways(always(sided[:, :, ::-1]))[index], atol=1e-6)


def test_a_teacher_answers_in_the_precision_that_it_was_trained_in(tmp_path: Path):
    stored = untrained_checkpoint()
    answers = {}
    for precision in ("float32", "bfloat16"):
        details = stored.details | {"settings": {"precision": precision}}
        checkpoint.save(tmp_path / precision, dataclasses.replace(stored, details=details))
        (answers[precision],) = load_teachers(
            load_engine(), [tmp_path / precision], LABELS, FER2013_LABELS, 1.0
        )(always(IMAGES))
    difference = np.abs(answers["float32"] - answers["bfloat16"]).max()
    assert 0 < difference < 0.02


def test_a_student_with_one_head_asks_for_that_one(paths: list[Path]):
    (answer,) = load_teachers(load_engine(), paths[:1], ("votes",), FER2013_LABELS, 1.0)(always(IMAGES))
    np.testing.assert_allclose(answer, softmax(logits(paths[0])[1]), atol=1e-5)


def test_a_teacher_without_the_head_is_refused(tmp_path: Path):
    checkpoint.save(tmp_path / "labels.npz", untrained_checkpoint())
    with pytest.raises(InputError, match=r"^--teacher .*labels\.npz: .*only labels"):
        load_teachers(load_engine(), [tmp_path / "labels.npz"], BOTH, FER2013_LABELS, 1.0)


@pytest.mark.parametrize("labels", [FER2013_LABELS[:2], FER2013_LABELS[::-1]], ids=["fewer", "reordered"])
def test_a_teacher_of_other_classes_is_refused(tmp_path: Path, labels: tuple[str, ...]):
    checkpoint.save(tmp_path / "other.npz", untrained_checkpoint(labels=labels))
    with pytest.raises(InputError, match=r"^--teacher .*other\.npz: knows other classes"):
        load_teachers(load_engine(), [tmp_path / "other.npz"], LABELS, FER2013_LABELS, 1.0)


def test_a_quantised_teacher_is_refused_by_its_name(tmp_path: Path):
    float_ = untrained_checkpoint()
    weights = {f"quant_{name}": value for name, value in float_.weights.items()}
    checkpoint.save(tmp_path / "qat.npz", dataclasses.replace(float_, weights=weights))
    with pytest.raises(InputError, match=r"^--teacher .*qat\.npz: .*another architecture"):
        load_teachers(load_engine(), [tmp_path / "qat.npz"], LABELS, FER2013_LABELS, 1.0)


def test_weights_are_those_of_the_average_also_of_both_sides(paths: list[Path]):
    one = [load_teachers(load_engine(), [path], BOTH, FER2013_LABELS, 0.05, mirror=True) for path in paths]
    both = load_teachers(load_engine(), paths, BOTH, FER2013_LABELS, 0.05, mirror=True, weights=(0.25, 0.75))
    first, second = (teach(always(IMAGES)) for teach in one)
    for index, answer in enumerate(both(always(IMAGES))):
        assert answer.dtype == np.float32
        np.testing.assert_allclose(answer, 0.25 * first[index] + 0.75 * second[index], atol=1e-6)
    assert not np.allclose(first[0], second[0], atol=1e-3)


def test_another_number_of_weights_is_refused(paths: list[Path]):
    with pytest.raises(InputError, match=r"--teacher-weights: 3 for 2 teachers; give one for each"):
        load_teachers(load_engine(), paths, BOTH, FER2013_LABELS, 2.0, weights=(0.2, 0.3, 0.5))


def test_each_teacher_sees_images_normalised_as_its_own_were(paths: list[Path], tmp_path: Path):
    stretched = Normalization("stretch")
    checkpoint.save(
        tmp_path / "stretched.npz",
        dataclasses.replace(checkpoint.load(paths[1]), normalization=stretched),
    )
    teach = load_teachers(load_engine(), [paths[0], tmp_path / "stretched.npz"], BOTH, FER2013_LABELS, 1.0)
    seen = {AS_IT_IS: IMAGES, stretched: IMAGES[::-1] / 2}
    asked = []

    def batch_of(normalization: Normalization) -> np.ndarray:
        asked.append(normalization)
        return seen[normalization]

    answers = teach(batch_of)
    assert sorted(normalization.kind for normalization in asked) == ["none", "stretch"]  # once each
    first = logits(paths[0])
    second = checkpoint.load(paths[1]).model(load_engine().keras).predict_on_batch(seen[stretched])
    for head, answer in enumerate(answers):
        np.testing.assert_allclose(answer, (softmax(first[head]) + softmax(second[head])) / 2, atol=1e-5)
