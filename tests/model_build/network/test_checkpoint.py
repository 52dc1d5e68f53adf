"""Checkpoints: round trip, one head out of two, and a one-line error for every file that is none."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from face_emotion.errors import InputError
from model_build.network import checkpoint
from model_build.network.engine import load_engine
from tests.support.training import BOTH, LABELS, TINY, untrained, untrained_checkpoint

IMAGES = np.random.default_rng(0).uniform(0, 1, (3, 48, 48, 1)).astype(np.float32)


@pytest.fixture(scope="module")
def two_heads() -> checkpoint.Checkpoint:
    """An untrained checkpoint with both heads."""
    return untrained_checkpoint(heads=BOTH)


@pytest.fixture
def path(tmp_path: Path, two_heads: checkpoint.Checkpoint) -> Path:
    """That checkpoint as a file."""
    checkpoint.save(tmp_path / "checkpoint.npz", two_heads)
    return tmp_path / "checkpoint.npz"


def test_round_trip(path: Path, two_heads: checkpoint.Checkpoint):
    loaded = checkpoint.load(path)
    for field in ("architecture", "heads", "labels", "details"):
        assert getattr(loaded, field) == getattr(two_heads, field)
    assert loaded.weights.keys() == two_heads.weights.keys()
    for name, value in two_heads.weights.items():
        assert loaded.weights[name].dtype == np.float32
        assert np.array_equal(loaded.weights[name], value)
    assert list(path.parent.iterdir()) == [path]  # no temporary is left


def test_a_model_gives_its_weights_back(two_heads: checkpoint.Checkpoint):
    weights = checkpoint.weights_of(two_heads.model(load_engine().keras))
    assert weights.keys() == two_heads.weights.keys()
    assert all(np.array_equal(weights[name], two_heads.weights[name]) for name in weights)


def test_one_head_of_two_gives_the_same_logits(two_heads: checkpoint.Checkpoint):
    keras = load_engine().keras
    both = two_heads.model(keras)(IMAGES)
    for index, head in enumerate(BOTH):
        alone = two_heads.model(keras, (head,))
        np.testing.assert_allclose(alone(IMAGES), both[index], atol=1e-5)
        assert alone.count_params() < two_heads.model(keras).count_params()
    assert not np.allclose(both[0], both[1], atol=1e-2)


def test_a_head_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="--head votes: the checkpoint has only labels"):
        untrained_checkpoint().model(load_engine().keras, ("votes",))


def test_saving_is_whole_or_not_at_all(path: Path, two_heads: checkpoint.Checkpoint):
    before = path.read_bytes()
    with pytest.raises(TypeError):
        checkpoint.save(path, dataclasses.replace(two_heads, details={"not JSON": object()}))
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "one byte": lambda content: b"P",
    "half": lambda content: content[: len(content) // 2],
    "without its end": lambda content: content[:-1],
    "another weight": lambda content: content.replace(content[4000:4004], b"\xde\xad\xbe\xef", 1),
    "text": lambda content: b"weights, but not ours\n" * 50,
    "zip head only": lambda content: content[:4] + bytes(300),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=list(DAMAGES))
def test_a_damaged_file_is_refused(path: Path, damage: Callable[[bytes], bytes]):
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(InputError) as caught:
        checkpoint.load(path)
    assert str(path) in str(caught.value)


def test_no_changed_byte_ends_in_another_error(path: Path):
    content, random = path.read_bytes(), np.random.default_rng(0)
    # The ends hold the zip's own headers, where a changed byte confuses the reader most.
    size = len(content)
    positions = [*range(60), *range(size - 120, size), *random.integers(0, size, 60)]
    for position in positions:
        changed = bytearray(content)
        changed[position] ^= int(random.integers(1, 256))
        path.write_bytes(bytes(changed))
        try:
            checkpoint.load(path)
        except InputError as error:
            assert str(path) in str(error)


def test_other_npz_and_npy_files_are_refused(tmp_path: Path, two_heads: checkpoint.Checkpoint):
    files = {
        "arrays.npz": {"a": np.zeros(3)},
        "list.npz": {"__checkpoint__": np.array("[1]")},
        "text.npz": {"__checkpoint__": np.array("no JSON")},
        "pickle.npz": {"__checkpoint__": np.array({"a": 1}, object)},
        "future.npz": {"__checkpoint__": np.array(json.dumps(_header(two_heads) | {"format": 2}))},
        "lacking.npz": {"__checkpoint__": np.array(json.dumps(_header(two_heads) | {"architecture": {}}))},
    }
    for name, arrays in files.items():
        np.savez(tmp_path / name, **arrays)
    np.save(tmp_path / "array.npy", np.zeros(3))
    for name in [*files, "array.npy"]:
        with pytest.raises(InputError, match=name):
            checkpoint.load(tmp_path / name)


def test_a_missing_file_or_a_folder_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="no such checkpoint"):
        checkpoint.load(tmp_path / "checkpoint.npz")
    with pytest.raises(InputError, match="is a folder"):
        checkpoint.load(tmp_path)


@pytest.mark.parametrize(
    "shape",
    [
        dataclasses.replace(TINY, head=32),
        dataclasses.replace(TINY, stages=TINY.stages[:1]),  # its head is as wide, but takes 8 channels
        dataclasses.replace(TINY, stem=((8, 2), (8, 1))),
    ],
    ids=["wider", "shorter", "longer"],
)
def test_weights_of_another_architecture_are_refused(two_heads: checkpoint.Checkpoint, shape):
    with pytest.raises(InputError, match=r"another architecture: weight .* is .* is expected"):
        checkpoint.set_weights(untrained(shape), two_heads.weights)


def _header(stored: checkpoint.Checkpoint) -> dict:
    return {
        "format": checkpoint.FORMAT,
        "architecture": stored.architecture.to_dict(),
        "heads": LABELS,
        "labels": stored.labels,
        "details": {},
    }
