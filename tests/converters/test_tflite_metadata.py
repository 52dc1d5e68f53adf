"""converters.tflite_metadata: what TensorFlow Lite's own tools read there, read here by the schema's field numbers."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import flatbuffers
import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema
from flatbuffers import number_types
from flatbuffers.table import Table

from converters.manifest import minimum_runtime, read_contract
from converters.tflite_metadata import with_metadata
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import Contract
from model_build.network.architecture import INT8_LIMITS
from tests.support.paths import ROOT
from tests.support.tflite import random_images, tflite_bytes

CONTRACT = Contract(
    labels=("ja", "nein", "später"), heads=("labels", "votes"), blend=(1, 1), sharpness=(1, 1)
)


def field(table: Table, number: int) -> int:
    """Returns where a field of a table stands, which must be there."""
    offset = table.Offset(4 + 2 * number)
    assert offset, f"field {number} is missing"
    return table.Pos + offset


def text(table: Table, number: int) -> str:
    return table.String(field(table, number)).decode()


def byte(table: Table, number: int) -> int:
    return table.Get(number_types.Uint8Flags, field(table, number))


def inner(table: Table, number: int) -> Table:
    return Table(table.Bytes, table.Indirect(field(table, number)))


def entries(table: Table, number: int) -> list[Table]:
    offset = field(table, number) - table.Pos
    start = table.Vector(offset)
    return [Table(table.Bytes, table.Indirect(start + 4 * i)) for i in range(table.VectorLen(offset))]


def floats(table: Table, number: int) -> list[float]:
    offset = field(table, number) - table.Pos
    start = table.Vector(offset)
    return [
        table.Get(number_types.Float32Flags, start + 4 * index) for index in range(table.VectorLen(offset))
    ]


def metadata_of(content: bytes) -> Table:
    """Returns the root of the metadata in a .tflite file."""
    model = schema.ModelT.InitFromPackedBuf(content)
    (entry,) = [found for found in model.metadata if found.name == b"TFLITE_METADATA"]
    data = bytes(model.buffers[entry.buffer].data)
    assert data[4:8] == b"M001"
    return Table(bytearray(data), flatbuffers.encode.Get(flatbuffers.packer.uoffset, data, 0))


@pytest.fixture(scope="module")
def content() -> bytes:
    return with_metadata(tflite_bytes(classes=3, heads=2), "mine", CONTRACT)


def test_names_input_and_outputs_can_be_read_back(content: bytes):
    model = metadata_of(content)
    assert text(model, 0) == "Face Emotion Kit mine"
    assert text(model, 7) == "1.0.0"
    (graph,) = entries(model, 3)
    (shown,) = entries(graph, 2)
    assert (text(shown, 0), text(shown, 1)) == (
        "image",
        "Grey face, 48 pixels a side. Its grey levels as they are.",
    )
    properties = inner(shown, 3)
    assert byte(properties, 0) == 2  # an image
    assert byte(inner(properties, 1), 0) == 2  # in grey
    (unit,) = entries(shown, 4)
    assert byte(unit, 0) == 1  # a normalisation
    assert (floats(inner(unit, 1), 0), floats(inner(unit, 1), 1)) == ([0.0], [255.0])
    assert (floats(inner(shown, 5), 0), floats(inner(shown, 5), 1)) == ([1.0], [0.0])
    found = []
    for output in entries(graph, 3):
        (file,) = entries(output, 6)
        assert byte(file, 2) == 2  # labels of an axis
        found.append((text(output, 0), text(file, 0)))
    assert found == [("probabilities", "labels.txt"), ("logits", "logits.txt")]


def test_class_names_stand_in_an_archive_behind_the_model(content: bytes):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert files == {
        "labels.txt": "ja\nnein\nspäter\n",
        "logits.txt": "labels ja\nlabels nein\nlabels später\nvotes ja\nvotes nein\nvotes später\n",
    }


def test_the_network_answers_as_before(content: bytes, tmp_path: Path):
    (tmp_path / "with.tflite").write_bytes(content)
    (tmp_path / "without.tflite").write_bytes(tflite_bytes(classes=3, heads=2))
    answers = [
        TfliteClassifier(tmp_path / f"{name}.tflite", CONTRACT).raw(random_images(20))
        for name in ("with", "without")
    ]
    np.testing.assert_array_equal(*answers)
    assert minimum_runtime(tmp_path / "with.tflite") == minimum_runtime(tmp_path / "without.tflite")


def test_the_same_model_gives_the_same_bytes(content: bytes):
    assert with_metadata(tflite_bytes(classes=3, heads=2), "mine", CONTRACT) == content


@pytest.mark.parametrize("name", ["nano", "small", "base"])
def test_a_released_file_says_what_it_takes_within_its_bytes(name: str):
    folder = ROOT / "models" / name
    content = (folder / "int8.tflite").read_bytes()
    assert len(content) <= INT8_LIMITS[name]
    model = metadata_of(content)
    assert text(model, 0) == f"Face Emotion Kit {name}"
    (graph,) = entries(model, 3)
    (shown,) = entries(graph, 2)
    assert "20 of 1000 pixels below and above become 12 and 242" in text(shown, 1)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("labels.txt").decode().split() == list(read_contract(folder).labels)
