"""What the kit uses of LiteRT's interpreter: ai-edge-litert comes without types."""

from __future__ import annotations

from typing import Protocol, TypedDict

import numpy as np
from numpy.typing import NDArray

from face_emotion.arrays import Array


class TensorDetail(TypedDict):
    """How an interpreter describes an input or output; quantization: (scale, zero point), scale 0 where it has none."""

    name: str
    index: int
    shape: NDArray[np.int32]
    dtype: type[np.generic]
    quantization: tuple[float, int]


class LiteRtInterpreter(Protocol):
    """A prepared .tflite network, ai_edge_litert.interpreter.Interpreter."""

    def allocate_tensors(self) -> None:
        """Makes room for all tensors; to be called once, before all others."""

    def invoke(self) -> None:
        """Runs the network."""

    def get_input_details(self) -> list[TensorDetail]:
        """Returns one description for each input."""

    def get_output_details(self) -> list[TensorDetail]:
        """Returns one description for each output."""

    def set_tensor(self, tensor_index: int, value: Array) -> None:
        """Copies an array into an input."""

    def get_tensor(self, tensor_index: int) -> Array:
        """Returns a copy of an output: an array of the type that its description states."""
