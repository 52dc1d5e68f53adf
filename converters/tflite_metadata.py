"""TFLite Metadata: what a .tflite file says of itself, in the form that TensorFlow Lite's own tools read.

    content = with_metadata(content, "small", contract)     # bytes of a .tflite file in, bytes out

Names and meaning of input and outputs, how grey levels become numbers, and the class names as associated files, in a
zip archive behind the model (unzip lists them). Written with flatbuffers alone: the package tflite-support needs a
protobuf that TensorFlow does not run with. Field numbers are those of metadata_schema.fbs, version 1.5.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence

import flatbuffers
from ai_edge_litert import schema_py_generated as schema

from converters.tflite_packing import pack
from face_emotion.carried import LABELS_FILE, LOGITS_FILE
from face_emotion.contract import NONE, Contract

NAME = "TFLITE_METADATA"
IDENTIFIER = b"M001"
MIN_PARSER_VERSION = "1.0.0"
# Values of enumerations and unions of the schema.
_AXIS_LABELS, _GRAYSCALE, _IMAGE_PROPERTIES, _FEATURE_PROPERTIES, _NORMALIZATION = 2, 2, 2, 1, 1
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the archive's dates: the same model gives the same bytes


def with_metadata(content: bytes, name: str, contract: Contract) -> bytes:
    """Returns a classifier's .tflite file with its metadata and associated files.

    content: of a file with the input "image" and the outputs "probabilities" and "logits". name: of the model.
    """
    model = schema.ModelT.InitFromPackedBuf(content)
    buffer, entry = schema.BufferT(), schema.MetadataT()
    buffer.data = list(_metadata(name, contract))
    entry.name, entry.buffer = NAME.encode(), len(model.buffers)
    model.buffers.append(buffer)
    model.metadata = [*(model.metadata or []), entry]
    archive = io.BytesIO(pack(model))
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as files:
        for file, lines in associated_files(contract).items():
            text = "".join(f"{line}\n" for line in lines)
            info = zipfile.ZipInfo(file, _LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            files.writestr(info, text)
    return archive.getvalue()


def associated_files(contract: Contract) -> dict[str, list[str]]:
    """Returns the lines of each associated file: what stands at each place of the outputs."""
    return {
        LABELS_FILE: list(contract.labels),
        LOGITS_FILE: [f"{head} {label}" for head in contract.heads for label in contract.labels],
    }


def _metadata(name: str, contract: Contract) -> bytes:
    builder = flatbuffers.Builder(1024)
    text = builder.CreateString
    shown = _table(
        builder,
        {
            0: text("image"),
            1: text(f"Grey face, {contract.input_size} pixels a side. {_normalization_text(contract)}"),
            3: _content(builder, _IMAGE_PROPERTIES, {0: _byte(builder, _GRAYSCALE)}),
            4: _vector(builder, [_process_unit(builder)]),
            5: _table(builder, {0: _floats(builder, [1.0]), 1: _floats(builder, [0.0])}),
        },
    )
    outputs = [
        _output(builder, "probabilities", "Of each class, heads blended.", LABELS_FILE),
        _output(builder, "logits", f"Of each head and class: {', '.join(contract.heads)}.", LOGITS_FILE),
    ]
    graph = _table(builder, {2: _vector(builder, [shown]), 3: _vector(builder, outputs)})
    model = _table(
        builder,
        {
            0: text(f"Face Emotion Kit {name}"),
            1: text("Facial expression of one face."),
            3: _vector(builder, [graph]),
            4: text("Face Emotion Kit"),
            7: text(MIN_PARSER_VERSION),
        },
    )
    builder.Finish(model, IDENTIFIER)
    return bytes(builder.Output())


def _normalization_text(contract: Contract) -> str:
    given = contract.normalization
    if given.kind == NONE:
        return "Its grey levels as they are."
    return (
        f"Contrast stretched: the grey levels with {given.tail_permille} of 1000 pixels below and above become "
        f"{given.low} and {given.high}; a range of less than {given.smallest_range} stays."
    )


def _output(builder: flatbuffers.Builder, name: str, description: str, file: str) -> int:
    labels = _table(builder, {0: builder.CreateString(file), 2: _byte(builder, _AXIS_LABELS)})
    return _table(
        builder,
        {
            0: builder.CreateString(name),
            1: builder.CreateString(description),
            3: _content(builder, _FEATURE_PROPERTIES, {}),
            6: _vector(builder, [labels]),
        },
    )


def _content(
    builder: flatbuffers.Builder, kind: int, properties: dict[int, int | Callable[[int], None]]
) -> int:
    return _table(builder, {0: _byte(builder, kind), 1: _table(builder, properties)})


def _process_unit(builder: flatbuffers.Builder) -> int:
    options = _table(builder, {0: _floats(builder, [0.0]), 1: _floats(builder, [255.0])})
    return _table(builder, {0: _byte(builder, _NORMALIZATION), 1: options})


def _table(builder: flatbuffers.Builder, entries: dict[int, int | Callable[[int], None]]) -> int:
    """Writes a table: offsets of what was written before, or functions that write a number into their place."""
    builder.StartObject(max(entries, default=-1) + 1)
    for place, value in entries.items():
        if callable(value):
            value(place)
        else:
            builder.PrependUOffsetTRelativeSlot(place, value, 0)
    end: int = builder.EndObject()
    return end


def _byte(builder: flatbuffers.Builder, value: int) -> Callable[[int], None]:
    return lambda place: builder.PrependUint8Slot(place, value, 0)


def _vector(builder: flatbuffers.Builder, offsets: Sequence[int]) -> int:
    builder.StartVector(4, len(offsets), 4)
    for offset in reversed(offsets):
        builder.PrependUOffsetTRelative(offset)
    end: int = builder.EndVector()
    return end


def _floats(builder: flatbuffers.Builder, values: Sequence[float]) -> int:
    builder.StartVector(4, len(values), 4)
    for value in reversed(values):
        builder.PrependFloat32(value)
    end: int = builder.EndVector()
    return end
