"""What the kit uses of LiteRT's interpreter (ai-edge-litert comes without types), prepared without a word on stderr."""

from __future__ import annotations

import os
import sys
from numbers import Integral
from typing import Protocol, TypedDict

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from numpy.typing import NDArray

from face_emotion.arrays import Array
from face_emotion.errors import InputError
from face_emotion.native_log import without_lines
from face_emotion.trial import SOUND, limit_this_process, require_sound

MOST_THREADS = 256
GREETING = b"Created TensorFlow Lite XNNPACK delegate"


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


def interpreter(model: bytes, threads: int = 1, reference_kernels: bool = False) -> LiteRtInterpreter:
    """Returns a network that is ready to run.

    model: content of a .tflite file; threads: a whole number, 1 to 256 (InputError); reference_kernels: LiteRT's
    reference loops instead of XNNPACK's. Raises ValueError or RuntimeError, LiteRT's own, for what it cannot run, and
    ValueError for a model that does not run within the limits of trial.py.
    """
    if isinstance(threads, bool) or not isinstance(threads, Integral) or not 1 <= threads <= MOST_THREADS:
        raise InputError(f"threads {threads!r}: a whole number from 1 to {MOST_THREADS} is expected")
    require_sound(model, reference_kernels)
    return _prepared(model, int(threads), reference_kernels)


def try_once() -> None:
    """Runs the model that comes through stdin once, within the limits of trial.py, and prints "sound" or what is wrong.

    It is what trial.py starts a process for; the words of its command line are the
    modules' folders, the kernels, and the seconds of processor time.
    """
    model = sys.stdin.buffer.read()
    limit_this_process(int(sys.argv[3]))
    try:
        _prepared(model, 1, sys.argv[2] == "reference").invoke()
        verdict = SOUND
    except MemoryError:
        verdict = "it needs more memory than it may have"
    except Exception as error:
        verdict = (str(error).strip() or "LiteRT gives up within the limits of memory").splitlines()[0]
    print(verdict, flush=True)
    os._exit(0)  # what a damaged model left behind is not tidied up


def _prepared(model: bytes, threads: int, reference_kernels: bool) -> LiteRtInterpreter:
    kernels = OpResolverType.BUILTIN_REF if reference_kernels else OpResolverType.BUILTIN
    with without_lines(GREETING):
        made: LiteRtInterpreter = Interpreter(
            model_content=model, num_threads=threads, experimental_op_resolver_type=kernels
        )
        made.allocate_tensors()
    return made
