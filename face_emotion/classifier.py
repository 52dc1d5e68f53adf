"""The classifier: a .tflite network behind one interface, run by LiteRT (ai-edge-litert) without TensorFlow.

    classifier = TfliteClassifier("models/small/int8.tflite")
    probabilities = classifier.probabilities(images)     # uint8 [N,48,48] grey in, float32 [N,K] out

LiteRT has three families of kernels. On one int8 file they differ by a few steps of the output's scale,
because each rounds its intermediate sums in another way, so parity is always stated per family:

    BUILTIN (LiteRT's default)           XNNPACK where it knows the operation. LiteRT.js and Android's default
                                         run the same kernels; this class uses them unless told otherwise.
    BUILTIN_REF                          the plain reference loops that define an operation's result, about
                                         20 times slower. `reference_kernels=True`.
    BUILTIN_WITHOUT_DEFAULT_DELEGATES    LiteRT's own optimised kernels without XNNPACK. Not the reference
                                         ones: their answers differ from both other families. Not used here.
"""

from __future__ import annotations

import os

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from face_emotion.arrays import Array, Bytes, Floats
from face_emotion.contract import Contract
from face_emotion.errors import InputError
from face_emotion.files import require_file
from face_emotion.litert import LiteRtInterpreter, TensorDetail

INPUT_SIZE = Contract().input_size


class TfliteClassifier:
    """A .tflite classifier of grey faces with uint8 or float32 input and output, batch 1.

    Attributes: path (str), class_count (K), input_type and output_type (NumPy dtypes), input_scale and
    output_scale ((scale, zero point) as the file states them, None for float32).
    """

    def __init__(
        self, path: str | os.PathLike[str], threads: int = 1, reference_kernels: bool = False
    ) -> None:
        """Loads the file into memory and prepares the interpreter.

        threads: >= 1. reference_kernels: run LiteRT's reference kernels instead of XNNPACK's.
        Raises InputError naming the file if it is missing, empty or damaged, or if its tensors are not
        one input [1,48,48,1] and one output [1,K], each uint8 (with a scale) or float32. LiteRT does not
        notice every damage (changed weights never): compare the file's sha256 with the manifest's first.
        """
        self.path = str(path)
        content = require_file(path, "model").read_bytes()
        kernels = OpResolverType.BUILTIN_REF if reference_kernels else OpResolverType.BUILTIN
        try:
            self._interpreter: LiteRtInterpreter = Interpreter(
                model_content=content, num_threads=threads, experimental_op_resolver_type=kernels
            )
            self._interpreter.allocate_tensors()
            self._interpreter.invoke()  # some damage only shows when an operation runs
        except (ValueError, RuntimeError) as error:
            reason = str(error).strip().splitlines()[0] if str(error).strip() else "unreadable"
            raise InputError(f"{self.path}: damaged or not a .tflite model ({reason})") from None
        given = self._only(self._interpreter.get_input_details(), "input")
        answer = self._only(self._interpreter.get_output_details(), "output")
        self._check_shape(given, answer)
        self.class_count = int(answer["shape"][1])
        self.input_type, self.input_scale = self._scale(given, "input")
        self.output_type, self.output_scale = self._scale(answer, "output")
        self._input_index, self._output_index = given["index"], answer["index"]
        self._input_of_byte = self._table()

    def raw(self, images: Bytes) -> Bytes | Floats:
        """Returns the output tensor's own numbers, [N,K] of `output_type`, for uint8 grey images [N,48,48].

        Raises ValueError for images of another shape or type.
        """
        images = np.asarray(images)
        if images.dtype != np.uint8 or images.shape[1:] != (INPUT_SIZE, INPUT_SIZE):
            expected = f"uint8 [N,{INPUT_SIZE},{INPUT_SIZE}]"
            raise ValueError(f"images are {images.dtype} {list(images.shape)} where {expected} is expected")
        answers: Array = np.empty((len(images), self.class_count), self.output_type)
        for image, answer in zip(images, answers, strict=True):
            self._interpreter.set_tensor(self._input_index, self._input_of_byte[image][None, :, :, None])
            self._interpreter.invoke()
            answer[:] = self._interpreter.get_tensor(self._output_index)[0]
        return answers

    def probabilities(self, images: Bytes) -> Floats:
        """Returns float32 [N,K] probabilities (0..1) for uint8 grey images [N,48,48]; ValueError as `raw`.

        A uint8 output q stands for scale * (q - zero point); such rows sum to 1 within K/2 steps.
        """
        answers = self.raw(images).astype(np.float32, copy=False)
        if self.output_scale is None:
            return answers
        scale, zero_point = self.output_scale
        return np.float32(scale) * (answers - zero_point)

    def _table(self) -> Bytes | Floats:
        """Returns the input value of each grey level 0..255: grey / 255, quantised if the input is uint8."""
        grey = np.arange(256, dtype=np.float64) / 255
        if self.input_scale is None:
            return grey.astype(np.float32)
        scale, zero_point = self.input_scale
        table: Bytes = np.clip(np.rint(grey / scale) + zero_point, 0, 255).astype(np.uint8)
        return table

    def _only(self, details: list[TensorDetail], what: str) -> TensorDetail:
        if len(details) != 1:
            raise InputError(f"{self.path}: {len(details)} {what} tensors where 1 is expected")
        return details[0]

    def _check_shape(self, given: TensorDetail, answer: TensorDetail) -> None:
        shape, expected = [int(side) for side in given["shape"]], [1, INPUT_SIZE, INPUT_SIZE, 1]
        if shape != expected:
            raise InputError(f"{self.path}: takes an input of shape {shape} where {expected} is expected")
        shape = [int(side) for side in answer["shape"]]
        if len(shape) != 2 or shape[0] != 1 or shape[1] < 2:
            raise InputError(f"{self.path}: gives an output of shape {shape} where [1, classes] is expected")

    def _scale(
        self, detail: TensorDetail, what: str
    ) -> tuple[type[np.uint8 | np.float32], tuple[float, int] | None]:
        if detail["dtype"] == np.float32:
            return np.float32, None
        if detail["dtype"] != np.uint8:
            kind = np.dtype(detail["dtype"]).name
            raise InputError(f"{self.path}: {what} of type {kind} where uint8 or float32 is expected")
        scale, zero_point = detail["quantization"]
        if not scale > 0:
            raise InputError(f"{self.path}: the uint8 {what} states no scale; convert the model again")
        return np.uint8, (float(scale), int(zero_point))
