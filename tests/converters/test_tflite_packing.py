"""converters.tflite_packing: equal lists of numbers stand in a file once, and nothing else about it changes."""

from __future__ import annotations

from pathlib import Path

import flatbuffers
import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from converters.tflite_packing import pack
from converters.tflite_reader import IDENTIFIER, read_tflite
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import Contract
from tests.support.paths import ROOT
from tests.support.tflite import random_images

MODEL = ROOT / "models" / "small" / "int8.tflite"
IMAGES = random_images(40)
CONTRACT = Contract(heads=("labels", "votes"), blend=(0.5, 0.5), sharpness=(1.0, 1.0))


def _model(path: Path = MODEL) -> schema.ModelT:
    return schema.ModelT.InitFromPackedBuf(path.read_bytes())


@pytest.fixture(scope="module")
def unshared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The released int8 file with every list written out, as a plain builder does."""
    builder = flatbuffers.Builder(1 << 20)
    builder.Finish(_model().Pack(builder), IDENTIFIER)
    path = tmp_path_factory.mktemp("packing") / "unshared.tflite"
    path.write_bytes(bytes(builder.Output()))
    return path


@pytest.fixture
def shared(unshared: Path, tmp_path: Path) -> Path:
    """`unshared`, packed."""
    path = tmp_path / "shared.tflite"
    path.write_bytes(pack(_model(unshared)))
    return path


def test_zero_points_no_longer_take_eight_bytes_a_channel(unshared: Path, shared: Path):
    channels = sum(
        tensor.quantization.scale.size for tensor in read_tflite(unshared).tensors if tensor.quantization
    )
    saved = unshared.stat().st_size - shared.stat().st_size
    assert 0.75 * 8 * channels < saved < unshared.stat().st_size / 4


def test_every_tensor_reads_as_before(unshared: Path, shared: Path):
    before, after = read_tflite(unshared), read_tflite(shared)
    assert len(before.tensors) == len(after.tensors)
    for old, new in zip(before.tensors, after.tensors, strict=True):
        assert (old.name, old.shape, old.dtype) == (new.name, new.shape, new.dtype)
        assert (old.data is None) == (new.data is None)
        if old.data is not None:
            assert np.array_equal(old.data, new.data)
        assert (old.quantization is None) == (new.quantization is None)
        if old.quantization is not None:
            assert np.array_equal(old.quantization.scale, new.quantization.scale)
            assert np.array_equal(old.quantization.zero_point, new.quantization.zero_point)


@pytest.mark.parametrize("reference_kernels", [False, True])
def test_answers_are_the_same_to_the_bit(unshared: Path, shared: Path, reference_kernels: bool):
    before, after = (
        TfliteClassifier(path, CONTRACT, reference_kernels=reference_kernels).probabilities(IMAGES)
        for path in (unshared, shared)
    )
    assert np.array_equal(before, after)
    assert len(np.unique(before, axis=0)) > 5


def test_lists_of_another_type_are_not_shared_though_their_bytes_are_the_same(tmp_path: Path):
    """Four zeros of eight bytes are eight zeros of four: one vector would have a wrong length for one of them."""
    model = _model()
    tensors = model.subgraphs[0].tensors
    first, second = [tensor for tensor in tensors if tensor.quantization is not None][:2]
    first.quantization.scale = np.zeros(8, np.float32)
    second.quantization.zeroPoint = np.zeros(4, np.int64)
    path = tmp_path / "mixed.tflite"
    path.write_bytes(pack(model))
    after = _model(path).subgraphs[0].tensors
    found = [tensor for tensor in after if tensor.quantization is not None][:2]
    assert len(found[0].quantization.scale) == 8 and len(found[1].quantization.zeroPoint) == 4


def test_a_file_that_is_packed_already_stays_as_it_is(shared: Path):
    assert pack(_model(shared)) == shared.read_bytes()
    assert shared.read_bytes()[4:8] == IDENTIFIER
