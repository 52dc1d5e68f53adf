"""A detector's network: one square picture in, numbers out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from face_emotion.arrays import Floats
from face_emotion.errors import InputError
from face_emotion.litert import LiteRtInterpreter, interpreter
from face_emotion.turns import NETWORK, Turn


class SquareNetwork:
    """A .tflite network over squares; threads may share it, and take turns. Attributes: size (pixels)."""

    def __init__(
        self,
        model: bytes,
        size: int,
        outputs: Sequence[tuple[int, ...]],
        threads: int = 1,
        name: str = "detector",
    ) -> None:
        """Prepares the network of a .tflite file's content; `name` stands in messages.

        outputs: the shapes of what it gives, all different; threads: 1 to 256. Raises InputError if the content is
        damaged or its tensors are others.
        """
        self.size = size
        self._lock = Turn(NETWORK)
        try:
            self._interpreter: LiteRtInterpreter = interpreter(model, threads)
        except (ValueError, RuntimeError) as error:
            reason = (str(error).strip() or "unreadable").splitlines()[0]
            raise InputError(f"{name}: damaged or not a .tflite model ({reason})") from None
        given, answers = self._interpreter.get_input_details(), self._interpreter.get_output_details()
        found = {tuple(int(side) for side in detail["shape"]): detail["index"] for detail in answers}
        shapes = [tuple(int(side) for side in detail["shape"]) for detail in given]
        if shapes != [(1, size, size, 3)] or set(found) != set(outputs):
            raise InputError(
                f"{name}: tensors {shapes} and {sorted(found)} where the manifest's settings give "
                f"{[(1, size, size, 3)]} and {sorted(outputs)}"
            )
        if any(detail["dtype"] != np.float32 for detail in (*given, *answers)):
            raise InputError(f"{name}: tensors of another type than float32")
        try:
            self._interpreter.invoke()  # some damage only shows when an operation runs
        except (ValueError, RuntimeError) as error:
            reason = (str(error).strip() or "unreadable").splitlines()[0]
            raise InputError(f"{name}: damaged, it does not run ({reason})") from None
        self._input, self._outputs = given[0]["index"], [found[shape] for shape in outputs]

    def run(self, square: Floats) -> list[Floats]:
        """Returns what the network gives for a square float32 [S,S,3]: each output without its first axis."""
        with self._lock:
            self._interpreter.set_tensor(self._input, square[None])
            self._interpreter.invoke()
            return [self._interpreter.get_tensor(index)[0] for index in self._outputs]
