"""Names in an .onnx file that are the same each time: tf2onnx counts its own, and counts on through a process.

    rename(model)

A node keeps its layer's name or is called after its operator and place, a value after its node, a constant after the
first node that takes it and the place there.
"""

from __future__ import annotations

import re
from typing import Any

_COUNTED = re.compile(r"__\d+|^const_fold_opt")


def rename(model: Any) -> None:
    """Renames nodes, values and constants of a model in place and sorts constants by their first use."""
    graph = model.graph
    kept = {entry.name for entry in (*graph.input, *graph.output)}
    constants = {entry.name: entry for entry in graph.initializer}
    names: dict[str, str] = {}
    for number, node in enumerate(graph.node):
        counted = not node.name or _COUNTED.search(node.name)
        node.name = f"{node.op_type.lower()}_{number}" if counted else node.name
        for place, value in enumerate(node.input):
            if value in constants and value not in names:
                names[value] = f"{node.name}/{place}"
        for place, value in enumerate(node.output):
            if value not in kept:
                names[value] = node.name if place == 0 else f"{node.name}/out{place}"
    for node in graph.node:
        node.input[:] = [names.get(value, value) for value in node.input]
        node.output[:] = [names.get(value, value) for value in node.output]
    used = [constants[name] for name in names if name in constants]
    for entry in used:
        entry.name = names[entry.name]
    ordered = [type(entry).FromString(entry.SerializeToString()) for entry in used]
    del graph.initializer[:]
    graph.initializer.extend(ordered)
