"""TensorFlow Lite for a process without one: networks over standard input and output, the native call of node's tests.

    node … | python -m tests.support.tflite_child | node …

In: a line of JSON {"path": file} opens a network; {"run": its number, "bytes": n} is followed by n bytes of its input.
Out: a line of JSON {"inputs", "outputs"}: name, dataType and shape of each; or {"bytes": [n, …]} and the bytes of each
output; or {"error": text}.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter


def _tensor(detail: dict[str, Any]) -> dict[str, Any]:
    kind = np.dtype(detail["dtype"]).name
    return {"name": detail["name"], "dataType": kind, "shape": [int(side) for side in detail["shape"]]}


def _answer(message: dict[str, Any], networks: list[Interpreter]) -> tuple[dict[str, Any], list[bytes]]:
    if "path" in message:
        network = Interpreter(message["path"], num_threads=1)
        network.allocate_tensors()
        networks.append(network)
        inputs, outputs = network.get_input_details(), network.get_output_details()
        return {"inputs": list(map(_tensor, inputs)), "outputs": list(map(_tensor, outputs))}, []
    network = networks[message["run"]]
    (detail,) = network.get_input_details()
    given = np.frombuffer(sys.stdin.buffer.read(message["bytes"]), detail["dtype"])
    network.set_tensor(detail["index"], given.reshape(detail["shape"]))
    network.invoke()
    found = [network.get_tensor(output["index"]).tobytes() for output in network.get_output_details()]
    return {"bytes": [len(one) for one in found]}, found


def main() -> None:
    """Answers until the other side closes."""
    networks: list[Interpreter] = []
    for line in iter(sys.stdin.buffer.readline, b""):
        try:
            head, parts = _answer(json.loads(line), networks)
        except (ValueError, RuntimeError) as error:
            head, parts = {"error": str(error)}, []
        sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + b"".join(parts))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
