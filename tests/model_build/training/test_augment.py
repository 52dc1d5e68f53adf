"""The training-time transforms: identity, exact mirror, range, seeds, mixup, erasing, NumPy against jax.numpy."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from face_emotion.contract import Normalization
from face_emotion.errors import InputError
from face_emotion.normalization import normalized
from model_build.settings import STRONGEST, AugmentSettings
from model_build.synthetic.faces import draw_faces
from model_build.training.augment import apply, draw, mix_targets, network_input
from tests.support.training import UNCHANGED

FACES = draw_faces(20, seed=1)[0]
IDENTITY = {
    "matrix": np.tile(np.float32([[1, 0, 0], [0, 1, 0]]), (20, 1, 1)),
    "light": np.tile(np.float32([1, 0, 0, 0]), (20, 1)),
    "erase": np.zeros((20, 5), np.float32),
}


def augmented(seed: int = 0, **strengths: float) -> np.ndarray:
    """Returns FACES [20, 48, 48] under transforms that are off unless a strength is given."""
    return apply(FACES, draw(np.random.default_rng(seed), 20, dataclasses.replace(UNCHANGED, **strengths)))[
        ..., 0
    ]


def test_no_strength_is_the_identity():
    assert np.abs(augmented() - FACES / 255).max() < 1e-4


def test_shape_and_type_are_the_networks():
    result = apply(FACES, draw(np.random.default_rng(0), 20, AugmentSettings()))
    assert (result.shape, result.dtype) == ((20, 48, 48, 1), np.float32)
    assert (network_input(FACES).shape, network_input(FACES).dtype) == ((20, 48, 48, 1), np.float32)
    assert network_input(np.full((1, 48, 48), 255, np.uint8)).max() == 1.0


def test_flip_is_an_exact_mirror():
    np.testing.assert_allclose(augmented(flip=1), FACES[:, :, ::-1] / 255, atol=1e-6)


def test_flip_turns_about_half_of_the_faces():
    faces = np.repeat(FACES[:1], 400, axis=0)
    chosen = dataclasses.replace(UNCHANGED, flip=0.5)
    result = apply(faces, draw(np.random.default_rng(0), 400, chosen))[..., 0]
    flipped = np.abs(result - faces[:, :, ::-1] / 255).max(axis=(1, 2)) < 1e-4
    assert 160 < flipped.sum() < 240


def test_default_values_stay_in_range_and_change_every_face():
    result = augmented(**dataclasses.asdict(AugmentSettings(mixup=0.4)))
    assert result.min() >= 0
    assert result.max() <= 1
    assert (np.abs(result - FACES / 255).max(axis=(1, 2)) > 0.02).all()


@given(
    seed=st.integers(0, 2**31),
    strengths=st.fixed_dictionaries({name: st.floats(0, highest) for name, highest in STRONGEST.items()}),
)
@settings(max_examples=60, deadline=None)
def test_any_strength_keeps_values_in_range(seed: int, strengths: dict[str, float]):
    contrasts = np.concatenate(
        [FACES[:2], np.zeros((1, 48, 48), np.uint8), np.full((1, 48, 48), 255, np.uint8)]
    )
    result = apply(contrasts, draw(np.random.default_rng(seed), 4, AugmentSettings(**strengths)))
    assert np.isfinite(result).all()
    assert result.min() >= 0
    assert result.max() <= 1


def test_same_seed_same_result_and_another_seed_another():
    strengths = dataclasses.asdict(AugmentSettings(mixup=0.3))
    assert np.array_equal(augmented(5, **strengths), augmented(5, **strengths))
    assert not np.array_equal(augmented(5, **strengths), augmented(6, **strengths))


def test_numpy_and_jax_agree():
    jax = pytest.importorskip("jax")
    parameters = draw(np.random.default_rng(2), 20, AugmentSettings(noise=0.1, erase=1, mixup=0.4))
    compiled = jax.jit(lambda images, given: apply(images, given, jax.numpy))
    np.testing.assert_allclose(compiled(FACES, parameters), apply(FACES, parameters), atol=1e-4)


def test_a_shift_mirrors_what_lies_outside():
    shifted = {**IDENTITY, "matrix": IDENTITY["matrix"] + np.float32([[0, 0, 3], [0, 0, 0]])}
    result = apply(FACES, shifted)[..., 0] * 255
    np.testing.assert_allclose(result[:, :, :45], FACES[:, :, 3:], atol=1e-3)
    np.testing.assert_allclose(result[:, :, 45:], FACES[:, :, [46, 45, 44]], atol=1e-3)


def test_half_a_pixel_is_the_mean_of_two():
    shifted = {**IDENTITY, "matrix": IDENTITY["matrix"] + np.float32([[0, 0, 0], [0, 0, 0.5]])}
    result = apply(FACES, shifted)[..., 0] * 255
    mean = (FACES[:, :-1].astype(float) + FACES[:, 1:]) / 2
    np.testing.assert_allclose(result[:, :-1], mean, atol=1e-3)


def test_contrast_keeps_the_mean_and_brightness_adds():
    greys = np.clip(FACES, 100, 150)
    light = IDENTITY["light"].copy()
    light[:, 0], light[:, 1] = 1.5, 20
    result = apply(greys, {**IDENTITY, "light": light})[..., 0] * 255
    mean = greys.mean(axis=(1, 2), keepdims=True)
    np.testing.assert_allclose(result, (greys - mean) * 1.5 + mean + 20, atol=1e-2)


def test_gradient_rises_from_left_to_right():
    light = IDENTITY["light"].copy()
    light[:, 2] = 1
    result = apply(np.full((20, 48, 48), 100, np.uint8), {**IDENTITY, "light": light})[0, ..., 0] * 255
    np.testing.assert_allclose(result, np.tile(np.arange(48) + 76.5, (48, 1)), atol=1e-2)


def test_noise_has_another_deviation_a_face_up_to_the_largest():
    greys = np.full((400, 48, 48), 128, np.uint8)
    chosen = dataclasses.replace(UNCHANGED, noise=0.1)
    added = apply(greys, draw(np.random.default_rng(0), 400, chosen))[..., 0] * 255 - 128
    deviations = added.std(axis=(1, 2)) / 255
    assert np.abs(added.mean(axis=(1, 2))).max() < 5 * 25.5 / 48
    assert 0.095 < deviations.max() < 0.105 and deviations.min() < 0.005
    assert 0.045 < deviations.mean() < 0.055


def test_noise_is_drawn_after_everything_that_a_recipe_without_it_draws():
    with_noise, without = (
        draw(np.random.default_rng(0), 20, AugmentSettings(noise=noise)) for noise in (0.1, 0.0)
    )
    assert all(np.array_equal(with_noise[name], value) for name, value in without.items())


def test_erase_covers_only_its_rectangle():
    parameters = draw(np.random.default_rng(3), 20, dataclasses.replace(UNCHANGED, erase=1))
    result = apply(FACES, parameters)[..., 0]
    centres = np.arange(48) + 0.5
    for face, pixels, (left, top, right, bottom, fill) in zip(
        FACES, result, parameters["erase"], strict=True
    ):
        inside = np.outer((centres >= top) & (centres < bottom), (centres >= left) & (centres < right))
        assert 0 < inside.sum() < 0.4 * 48 * 48
        np.testing.assert_allclose(pixels[inside], fill / 255, atol=1e-6)
        np.testing.assert_allclose(pixels[~inside], face[~inside] / 255, atol=1e-6)


def test_mixup_mixes_image_and_target_with_the_same_share():
    parameters = draw(np.random.default_rng(4), 20, dataclasses.replace(UNCHANGED, mixup=1.0))
    share, partner = parameters["share"], parameters["partner"]
    assert sorted(partner) == list(range(20))
    assert share.max() <= 0.5  # the image itself keeps the larger part
    assert np.ptp(share) > 0.1
    targets = np.eye(20, dtype=np.float32)
    mixed = mix_targets(targets, parameters)
    np.testing.assert_allclose(mixed.sum(axis=1), 1, atol=1e-6)
    own = FACES / 255
    expected = own * (1 - share[:, None, None]) + own[partner] * share[:, None, None]
    np.testing.assert_allclose(apply(FACES, parameters)[..., 0], expected, atol=1e-5)
    # What a target says about the shares is what the image was mixed from.
    np.testing.assert_allclose(np.tensordot(mixed, own, 1), expected, atol=1e-5)


def test_without_mixup_targets_are_left_alone():
    targets = np.eye(20, dtype=np.float32)
    assert mix_targets(targets, draw(np.random.default_rng(4), 20, AugmentSettings())) is targets


@pytest.mark.parametrize("name", STRONGEST)
@pytest.mark.parametrize("value", ["below", "above", float("nan")])
def test_absurd_strength_is_refused_by_its_flag(name: str, value: str | float):
    bad = {"below": -0.01, "above": STRONGEST[name] + 0.01}.get(value, value)
    with pytest.raises(InputError, match=f"^--{name} "):
        AugmentSettings(**{name: bad})


def test_every_field_has_a_limit():
    assert set(STRONGEST) == {field.name for field in dataclasses.fields(AugmentSettings)}


def test_an_augmented_image_is_normalised_as_a_runtime_normalises_its_bytes():
    stretched = Normalization("stretch")
    found = apply(FACES, draw(np.random.default_rng(0), 20, UNCHANGED), normalization=stretched)[..., 0]
    np.testing.assert_array_equal(np.rint(found * 255), normalized(FACES, stretched))
    assert np.abs(found - FACES / 255).max() > 0.02
    np.testing.assert_array_equal(network_input(FACES, stretched)[..., 0] * 255, normalized(FACES, stretched))


def test_what_is_held_in_front_is_not_stretched():
    parameters = draw(np.random.default_rng(3), 20, dataclasses.replace(UNCHANGED, erase=1))
    parameters["erase"][:, :] = [4, 4, 30, 30, 99]
    found = apply(FACES, parameters, normalization=Normalization("stretch"))[..., 0]
    np.testing.assert_allclose(found[:, 5:29, 5:29], 99 / 255, atol=1e-6)


def test_gamma_keeps_black_and_white_and_moves_what_is_between():
    parameters = draw(np.random.default_rng(0), 20, dataclasses.replace(UNCHANGED, gamma=1.0))
    assert 0.5 <= parameters["gamma"].min() < 0.7 and 1.4 < parameters["gamma"].max() <= 2.0
    parameters["gamma"][:] = 2.0
    ramp = np.tile(np.arange(48, dtype=np.uint8) * 5, (20, 48, 1))
    found = apply(ramp, parameters)[..., 0] * 255
    np.testing.assert_allclose(found[0, 0], (np.arange(48) * 5) ** 2 / 255, atol=1e-3)


@pytest.mark.parametrize("name", ["soften", "jpeg"])
def test_a_share_of_the_images_is_spoilt_and_the_others_stay(name: str):
    faces = np.repeat(FACES[:1], 200, axis=0)
    parameters = draw(np.random.default_rng(0), 200, dataclasses.replace(UNCHANGED, **{name: 0.25}))
    found = apply(faces, parameters)[..., 0]
    changed = np.abs(found - faces / 255).max(axis=(1, 2)) > 1e-3
    np.testing.assert_array_equal(changed, parameters[name] > 0)
    assert 30 < changed.sum() < 70
    assert found.min() >= 0 and found.max() <= 1


def test_what_is_not_asked_for_is_not_drawn():
    before = draw(np.random.default_rng(5), 20, AugmentSettings(noise=0.1))
    after = draw(np.random.default_rng(5), 20, AugmentSettings(noise=0.1, gamma=0.5, soften=0.5, jpeg=0.5))
    assert set(after) - set(before) == {"gamma", "soften", "jpeg"}
    for name, values in before.items():
        np.testing.assert_array_equal(values, after[name])
