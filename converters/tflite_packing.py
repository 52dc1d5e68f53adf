"""Packs a .tflite file with each distinct list of numbers in it once.

    pack(model)      # the bytes of a schema.ModelT

A quantised constant has a scale and a zero point of eight bytes for each channel, and so has its bias. All of those
zero points are 0: an eighth of `small`'s int8 file. A FlatBuffer refers to its vectors by offset, so tables may
share them, and every runtime reads such a file as it reads any other.
"""

from __future__ import annotations

from typing import Protocol

import flatbuffers

from converters.tflite_reader import IDENTIFIER
from face_emotion.arrays import Array


class Model(Protocol):
    """What is used of a schema.ModelT, which comes without types."""

    def Pack(self, builder: flatbuffers.Builder) -> int:
        """Writes the model and returns its offset."""


def pack(model: Model) -> bytes:
    """Returns the .tflite file of a model, a schema.ModelT; the same model gives the same bytes."""
    builder = _SharingBuilder(1 << 20)
    builder.Finish(model.Pack(builder), IDENTIFIER)
    return bytes(builder.Output())


class _SharingBuilder(flatbuffers.Builder):  # type: ignore[misc]  # flatbuffers comes without types
    """A builder that writes a vector of numbers only if it did not write the same one before."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self._written: dict[tuple[str, bytes], int] = {}

    def CreateNumpyVector(self, x: Array) -> int:
        """Returns the offset of a vector with the numbers of `x`, a one-dimensional array."""
        # The type belongs to the key: it decides how the vector is aligned and how long it says that it is.
        key = (x.dtype.str, x.tobytes())
        if key not in self._written:
            self._written[key] = super().CreateNumpyVector(x)
        return self._written[key]
