"""A .tflite file behind a pipe: the native call that a script in node cannot make itself.

    python -m tests.support.tflite_process FILE.tflite

First a line of JSON with its inputs and outputs; then, for as many bytes as its one input has, those of its outputs.
"""

from __future__ import annotations

import json
import sys

import numpy as np
from ai_edge_litert.interpreter import Interpreter


def main(path: str) -> None:
    """Answers until standard input ends."""
    interpreter = Interpreter(path, num_threads=1)
    interpreter.allocate_tensors()
    (taken,), given = interpreter.get_input_details(), interpreter.get_output_details()
    out = sys.stdout.buffer
    out.write(
        json.dumps({"inputs": [_described(taken)], "outputs": list(map(_described, given))}).encode() + b"\n"
    )
    out.flush()
    size = int(np.prod(taken["shape"])) * np.dtype(taken["dtype"]).itemsize
    while len(content := sys.stdin.buffer.read(size)) == size:
        interpreter.set_tensor(taken["index"], np.frombuffer(content, taken["dtype"]).reshape(taken["shape"]))
        interpreter.invoke()
        for one in given:
            out.write(np.ascontiguousarray(interpreter.get_tensor(one["index"])).tobytes())
        out.flush()


def _described(tensor: dict) -> dict:
    return {
        "name": tensor["name"],
        "dataType": np.dtype(tensor["dtype"]).name,
        "shape": [int(size) for size in tensor["shape"]],
    }


if __name__ == "__main__":
    main(sys.argv[1])
