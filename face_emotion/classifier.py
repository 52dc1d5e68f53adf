"""The classifier: a .tflite network behind one interface, run by LiteRT (ai-edge-litert) without TensorFlow.

    folder = ModelFolder.open("models/small")
    classifier = TfliteClassifier(folder.artifact("int8"), folder.contract)
    probabilities = classifier.probabilities(images)     # uint8 [N,48,48] grey in, float32 [N,K] out

A crop is normalised (normalization.py), the network gives the logits of its heads, and their blend becomes
probabilities (softmax.py).

LiteRT has three families of kernels. On one int8 file they differ by a few steps of the output's scale,
because each rounds its intermediate sums in another way, so parity is always stated per family:

    BUILTIN (LiteRT's default)           XNNPACK where it knows the operation. LiteRT.js and Android's Java API
                                         run the same kernels; this class uses them unless told otherwise.
    BUILTIN_REF                          the plain reference loops that define an operation's result, about
                                         20 times slower. `reference_kernels=True`.
    BUILTIN_WITHOUT_DEFAULT_DELEGATES    LiteRT's own optimised kernels without XNNPACK. Not the reference
                                         ones: their answers differ from both other families. Not used here.
"""

from __future__ import annotations

import os

import numpy as np

from face_emotion.arrays import Array, Bytes, Floats, Integers
from face_emotion.contract import BOTH_HEADS, Contract
from face_emotion.errors import InputError
from face_emotion.files import require_file
from face_emotion.litert import LiteRtInterpreter, TensorDetail, interpreter
from face_emotion.normalization import normalized
from face_emotion.softmax import float_probabilities, float_scores, probabilities_of, scores
from face_emotion.turns import NETWORK, Turn

ONE_HEAD = Contract()
INPUT_SIZE = ONE_HEAD.input_size
SMALLEST_SHARE = (
    1 / 1024
)  # what a probability of 0, a quarter of its tensor's step, stands for in a logarithm


class TfliteClassifier:
    """A .tflite classifier of grey faces with uint8 or float32 input and outputs, batch 1.

    Threads may share it, and take turns. Attributes: path (str), head (str), class_count (K), input_type and
    output_type (NumPy dtypes), input_scale and output_scale ((scale, zero point) as the file states them, None for
    float32). The output is that which answers are made from: `logits` of all heads, [1,heads*K], the second of two; of
    a file of format 1 `probabilities`, [1,K].
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        contract: Contract = ONE_HEAD,
        head: str = BOTH_HEADS,
        threads: int = 1,
        reference_kernels: bool = False,
    ) -> None:
        """Loads the file into memory and prepares the interpreter.

        contract: the model's, whose normalisation, heads and blend make the answer. head: "labels", "votes" or "both".
        threads: 1 to 256. reference_kernels: run LiteRT's reference kernels instead of XNNPACK's.
        Raises InputError naming the file if it is missing, empty or damaged, lacks the head, or if its tensors are not
        one input [1,48,48,1] and outputs as above, each uint8 (with a scale) or float32. LiteRT does not
        notice every damage (changed weights never): compare the file's sha256 with the manifest's first.
        """
        self.path, self.head = str(path), head
        self._lock = Turn(NETWORK)
        content = require_file(path, "model").read_bytes()
        try:
            self._interpreter: LiteRtInterpreter = interpreter(content, threads, reference_kernels)
            self._interpreter.invoke()  # some damage only shows when an operation runs
        except InputError:
            raise
        except (ValueError, RuntimeError) as error:
            reason = str(error).strip().splitlines()[0] if str(error).strip() else "unreadable"
            raise InputError(f"{self.path}: damaged or not a .tflite model ({reason})") from None
        given = self._interpreter.get_input_details()
        if len(given) != 1:
            raise InputError(f"{self.path}: {len(given)} input tensors where 1 is expected")
        self._outputs = self._interpreter.get_output_details()
        self._check_shapes(given[0], len(contract.heads))
        self.class_count = int(self._outputs[0]["shape"][1])
        self.input_type, self.input_scale = self._scale(given[0], "input")
        self.output_type, self.output_scale = self._scale(self._outputs[-1], "output")
        self._input_index = given[0]["index"]
        self._input_of_byte = self._table()
        self._normalization, self._weights = contract.normalization, self._weights_of(contract, head)

    def raw(self, images: Bytes) -> Bytes | Floats:
        """Returns the numbers of the output that answers are made from, [N,heads*K] or [N,K] of `output_type`.

        images: uint8 grey [N,48,48], which are normalised first. Raises ValueError for another shape or type.
        """
        return self.outputs(images)[-1]

    def outputs(self, images: Bytes) -> list[Bytes | Floats]:
        """Returns the numbers of every output in the file's order; images and errors as `raw`."""
        images = np.asarray(images)
        if images.dtype != np.uint8 or images.shape[1:] != (INPUT_SIZE, INPUT_SIZE):
            expected = f"uint8 [N,{INPUT_SIZE},{INPUT_SIZE}]"
            raise ValueError(f"images are {images.dtype} {list(images.shape)} where {expected} is expected")
        answers: list[Array] = [
            np.empty((len(images), output["shape"][1]), output["dtype"]) for output in self._outputs
        ]
        for row, image in enumerate(normalized(images, self._normalization)):
            given = self._input_of_byte[image][None, :, :, None]
            with self._lock:
                self._interpreter.set_tensor(self._input_index, given)
                self._interpreter.invoke()
                for output, answer in zip(self._outputs, answers, strict=True):
                    answer[row] = self._interpreter.get_tensor(output["index"])[0]
        return answers

    def probabilities(self, images: Bytes) -> Floats:
        """Returns float32 [N,K] probabilities (0..1) for uint8 grey images [N,48,48]; ValueError as `raw`."""
        return self.answers(self.raw(images))

    def answers(self, raw: Bytes | Floats, offsets: Integers | None = None) -> Floats:
        """Returns float32 [N,K] probabilities (0..1): what the numbers that `raw` returns mean.

        offsets: int64 [K], taken off the scores of each class (baseline.py), in 1 / 256 of the natural logarithm.
        From an int8 network's logits they are softmax.py's. Of a file of format 1, whose uint8 output q stands for
        scale * (q - zero point), rows sum to 1 within K/2 steps.
        """
        if len(self._outputs) > 1 and self.output_scale is None:
            return float_probabilities(raw.astype(np.float32), self._weights, offsets)
        if len(self._outputs) > 1 or offsets is not None:
            return probabilities_of(self.scores(raw) - (0 if offsets is None else offsets))
        return self._real(raw)

    def scores(self, raw: Bytes | Floats) -> Integers:
        """Returns the scores that probabilities are the softmax of, int64 [N,K], in 1 / 256 of the natural logarithm.

        raw: what `raw` returns. Of a file of format 1, which gives probabilities, they are the logarithms of these.
        """
        if len(self._outputs) > 1 and self.output_scale is not None:
            return scores(raw.astype(np.uint8), *self.output_scale, self._weights)
        if len(self._outputs) > 1:
            return float_scores(raw.astype(np.float32), self._weights)
        return float_scores(np.log(np.maximum(self._real(raw).astype(np.float64), SMALLEST_SHARE)), (1.0,))

    def _real(self, raw: Bytes | Floats) -> Floats:
        given = raw.astype(np.float32, copy=False)
        if self.output_scale is None:
            return given
        scale, zero_point = self.output_scale
        return np.float32(scale) * (given - zero_point)

    def _weights_of(self, contract: Contract, head: str) -> tuple[float, ...]:
        try:
            return contract.weights(head)
        except InputError as error:
            raise InputError(f"{self.path}: {error}") from None

    def _table(self) -> Bytes | Floats:
        """Returns the input value of each grey level 0..255: grey / 255, quantised if the input is uint8."""
        grey = np.arange(256, dtype=np.float64) / 255
        if self.input_scale is None:
            return grey.astype(np.float32)
        scale, zero_point = self.input_scale
        table: Bytes = np.clip(np.rint(grey / scale) + zero_point, 0, 255).astype(np.uint8)
        return table

    def _check_shapes(self, given: TensorDetail, heads: int) -> None:
        shape, expected = [int(side) for side in given["shape"]], [1, INPUT_SIZE, INPUT_SIZE, 1]
        if shape != expected:
            raise InputError(f"{self.path}: takes an input of shape {shape} where {expected} is expected")
        shapes = [[int(side) for side in output["shape"]] for output in self._outputs]
        classes = shapes[0][-1]
        if not ((len(shapes) == 1 and heads == 1) or len(shapes) == 2):
            raise InputError(
                f"{self.path}: {len(shapes)} output tensors where probabilities and logits are expected"
            )
        if classes < 2 or shapes != [[1, classes], [1, heads * classes]][: len(shapes)]:
            raise InputError(
                f"{self.path}: gives outputs of shapes {shapes} where [1, classes] and "
                f"[1, {heads} x classes] are expected"
            )

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
