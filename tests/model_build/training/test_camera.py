"""What a camera does, as array code: the same as OpenCV's blur, resizing and JPEG, in NumPy and in jax.numpy."""

from __future__ import annotations

import numpy as np
import pytest

from model_build.data import damage
from model_build.synthetic.faces import draw_faces
from model_build.training import camera

FACES = draw_faces(12, seed=3)[0]
FLOATS = FACES.astype(np.float32)
ANY = np.random.default_rng(0)


def kinds(kind: int) -> np.ndarray:
    return np.full(len(FACES), kind)


@pytest.mark.parametrize(("kind", "deviation"), [(1, 0.5), (3, 1.0), (6, 1.75)])
def test_a_blur_is_opencvs(kind: int, deviation: float):
    expected = np.stack([damage.blur(face, deviation, ANY) for face in FACES]).astype(float)
    found = camera.soften(FLOATS, kinds(kind), np)
    assert np.abs(found - expected).max() < 2
    assert np.abs(FLOATS - expected).mean() > 1


@pytest.mark.parametrize(("kind", "side"), [(7, 18), (9, 26), (12, 38)])
def test_an_enlargement_is_opencvs(kind: int, side: int):
    expected = np.stack([damage.small(face, side, ANY) for face in FACES]).astype(float)
    found = camera.soften(FLOATS, kinds(kind), np)
    assert np.abs(found - expected).max() < 2
    assert np.abs(FLOATS - expected).mean() > 0.5


def test_there_are_twelve_ways_to_be_soft_and_none_is_as_it_is():
    assert camera.SOFTENERS == 12
    np.testing.assert_allclose(camera.soften(FLOATS, kinds(0), np), FLOATS, atol=1e-4)


@pytest.mark.parametrize("quality", [15, 40, 80])
def test_jpeg_is_opencvs(quality: int):
    expected = np.stack([damage.jpeg(face, quality, ANY) for face in FACES]).astype(float)
    found = camera.compress(FLOATS, np.full(len(FACES), quality, np.float32), np)
    error = np.abs(np.clip(found, 0, 255) - expected)
    assert error.mean() < 1  # rounded at other places
    assert np.abs(FLOATS - expected).mean() > 3 * error.mean()


def test_only_those_with_a_quality_are_compressed():
    qualities = np.where(np.arange(len(FACES)) % 2, 20, 0).astype(np.float32)
    found = camera.compress(FLOATS, qualities, np)
    np.testing.assert_array_equal(found[::2], FLOATS[::2])
    assert (np.abs(found[1::2] - FLOATS[1::2]).max(axis=(1, 2)) > 3).all()


def test_an_accelerator_computes_the_same():
    jax_numpy = pytest.importorskip("jax.numpy")
    soft = np.arange(len(FACES)) % (camera.SOFTENERS + 1)
    qualities = np.linspace(0, 90, len(FACES)).astype(np.float32)
    for xp in (np, jax_numpy):
        result = np.asarray(camera.soften(xp.asarray(FLOATS), xp.asarray(soft), xp))
        np.testing.assert_allclose(result, camera.soften(FLOATS, soft, np), atol=1e-2)
    # A coefficient that lies between two steps may fall to either side.
    found = np.asarray(camera.compress(jax_numpy.asarray(FLOATS), jax_numpy.asarray(qualities), jax_numpy))
    assert np.abs(found - camera.compress(FLOATS, qualities, np)).mean() < 0.05
