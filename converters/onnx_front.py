"""What stands in front of the network in an .onnx file: grey bytes become the network's numbers, contrast and all.

    nodes, constants = front("image", "unit", contract)

It is face_emotion/normalization.py in ONNX's operators, in whole numbers, so that the bytes are the same. A crop that
is stretched already comes through as it is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from face_emotion.contract import NONE, Contract, Normalization


def front(given: str, result: str, contract: Contract) -> tuple[list[Any], list[Any]]:
    """Returns ONNX nodes and constants that make float32 [N,1,S,S] of 0..1 (`result`) of uint8 [N,1,S,S] (`given`)."""
    nodes, side = _Nodes(), contract.input_size
    grey = nodes.add(
        "Reshape", [nodes.add("Cast", [given], to=_int32()), nodes.constant([0, side * side], np.int64)]
    )
    if contract.normalization.kind != NONE:
        grey = _stretched(nodes, grey, contract.normalization, side * side)
    unit = nodes.add("Div", [nodes.add("Cast", [grey], to=_float()), nodes.constant(255, np.float32)])
    nodes.add("Reshape", [unit, nodes.constant([0, 1, side, side], np.int64)], result)
    return nodes.made, nodes.constants


class _Nodes:
    """Collects nodes; `add` and `constant` return the name of the value."""

    def __init__(self) -> None:
        self.made: list[Any] = []
        self.constants: list[Any] = []

    def add(self, kind: str, inputs: list[str], result: str = "", **attributes: Any) -> str:
        from onnx import helper

        name = result or f"front/{kind.lower()}_{len(self.made)}"
        outputs = [name, f"{name}/places"] if kind == "TopK" else [name]
        self.made.append(helper.make_node(kind, inputs, outputs, name=name, **attributes))
        return name

    def constant(self, value: int | list[int], kind: type[np.generic] = np.int32) -> str:
        from onnx import numpy_helper

        name = f"front/c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(value, kind), name))
        return name


def _stretched(nodes: _Nodes, grey: str, wanted: Normalization, pixels: int) -> str:
    """int32 [N,pixels] -> int32 [N,pixels]; the terms are those of `normalized`, which says why."""
    rank = pixels * wanted.tail_permille // 1000
    darkest, brightest = (_ranked(nodes, grey, rank, largest) for largest in (0, 1))
    spread = nodes.add("Sub", [brightest, darkest])
    divided = nodes.add("Max", [spread, nodes.constant(1)])
    above = nodes.add("Sub", [grey, darkest])
    scaled = nodes.add("Mul", [above, nodes.constant(2 * (wanted.high - wanted.low))])
    moved = nodes.add("Mul", [divided, nodes.constant(2 * wanted.low + 1)])
    twice = nodes.add("Mul", [divided, nodes.constant(2)])
    # ONNX cuts a quotient off towards 0, the formula downwards: below 0 both are 0 in the end.
    level = nodes.add("Div", [nodes.add("Add", [scaled, moved]), twice])
    level = nodes.add("Max", [level, nodes.constant(0)])
    level = nodes.add("Min", [level, nodes.constant(255)])
    flat = nodes.add("Less", [spread, nodes.constant(wanted.smallest_range)])
    return nodes.add("Where", [flat, grey, level])


def _ranked(nodes: _Nodes, grey: str, rank: int, largest: int) -> str:
    """The grey level with `rank` pixels below it, or above it, of each crop: int32 [N,1]."""
    extreme = nodes.add(
        "TopK", [grey, nodes.constant([rank + 1], np.int64)], axis=1, largest=largest, sorted=1
    )
    return nodes.add("Gather", [extreme, nodes.constant([rank], np.int64)], axis=1)


def _int32() -> int:
    from onnx import TensorProto

    return int(TensorProto.INT32)


def _float() -> int:
    from onnx import TensorProto

    return int(TensorProto.FLOAT)
