"""Lets one TF.js graph model take its weights from another's file: the same network for another size of picture.

    share_weights("tfjs_far", "tfjs")      # tfjs_far/weights.bin keeps what differs: the sizes

A browser that has the one network then fetches next to nothing for the other. The result is a graph model as any: its
weights are two groups, whose paths `tf.loadGraphModel` finds from model.json on.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from converters.tfjs_graph import write_model
from face_emotion.files import read_json

Weight = tuple[dict[str, Any], bytes]  # as model.json describes it, and its content


def share_weights(folder: str | os.PathLike[str], other: str | os.PathLike[str]) -> None:
    """Writes the model in `folder` anew, without the weights that the one in `other` has under the same name as well.

    Both are as convert_tfjs writes them.
    """
    folder, other = Path(folder), Path(other)
    model, theirs = read_json(folder / "model.json"), _weights(other)
    own = [weight for weight in _weights(folder) if weight not in theirs]
    taken = {spec["name"] for spec, _ in theirs}
    names = {spec["name"]: f"{spec['name']}/own" for spec, _ in own if spec["name"] in taken}
    for part in ("modelTopology", "modelInitializer"):
        for node in model.get(part, {"node": []})["node"]:
            node["name"] = names.get(node["name"], node["name"])
            if "input" in node:
                node["input"] = [names.get(name, name) for name in node["input"]]
    shared = Path(os.path.relpath(other, folder)).as_posix()
    model["weightsManifest"] = [
        {"paths": [f"{shared}/weights.bin"], "weights": [spec for spec, _ in theirs]},
        {
            "paths": ["weights.bin"],
            "weights": [spec | {"name": names.get(spec["name"], spec["name"])} for spec, _ in own],
        },
    ]
    write_model(folder, model, b"".join(content for _, content in own))


def _weights(folder: Path) -> list[Weight]:
    (group,) = read_json(folder / "model.json")["weightsManifest"]
    content, found, start = (folder / "weights.bin").read_bytes(), [], 0
    for spec in group["weights"]:
        stored = np.dtype(spec.get("quantization", spec)["dtype"])
        end = start + int(np.prod(spec["shape"])) * stored.itemsize
        found.append((spec, content[start:end]))
        start = end
    return found
