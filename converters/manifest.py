"""manifest.json: the one file in which a runtime finds the contract, the artifacts and how good they are.

Written at the end of a build, read by page, phone and Python. Its JSON Schema is
face_emotion/manifest.schema.json.
"""

from __future__ import annotations

import dataclasses
import json
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as flatbuffer

from face_emotion.consistency import WHEN_SURE
from face_emotion.contract import Contract
from face_emotion.errors import InputError
from face_emotion.files import read_json, sha256_of, write_json
from face_emotion.litert import TensorDetail, interpreter

NAME = "manifest.json"
SCHEMA = Path(__file__).parents[1] / "face_emotion" / "manifest.schema.json"
FORMAT = 2
CONTRACT = "contract.json"  # of a build that has no manifest yet
PLACES = {
    "float": "float/checkpoint.npz",
    "qat": "qat/checkpoint.npz",
    "float32": "float32.tflite",
    "float16": "float16.tflite",
    "int8": "int8.tflite",
    "int8_ptq": "int8_ptq.tflite",
    "tfjs": "tfjs/model.json",
    "golden": "golden.json",
}
PACKAGES = ("tensorflow", "tf-keras", "tensorflow-model-optimization", "ai-edge-litert", "numpy")


def build_manifest(
    folder: Path,
    name: str,
    contract: Contract,
    network: dict[str, Any],
    evaluation: dict[str, Any],
    provenance: dict[str, Any],
    synthetic_check: dict[str, Any],
) -> dict[str, Any]:
    """Returns the manifest of the artifacts in `folder`, checked against the schema.

    network: {"architecture", "parameters", "macs"}. evaluation: evaluation.json.
    provenance: command, settings and seeds. synthetic_check: what verify.synthetic_check returns.
    """
    value = {
        "format": FORMAT,
        "name": name,
        "contract": contract.to_dict(),
        "network": network,
        "artifacts": {
            artifact: describe_artifact(folder, artifact)
            for artifact, place in PLACES.items()
            if (folder / place).exists()
        },
        "metrics": metrics_of(evaluation),
        "synthetic_check": synthetic_check,
        "provenance": provenance
        | {
            "dataset": evaluation["dataset"],
            "protocol": evaluation["protocol"],
            "packages": {package: metadata.version(package) for package in PACKAGES},
        },
    }
    check_schema(value, folder / NAME)
    return value


def read_manifest(folder: Path) -> dict[str, Any]:
    """Reads FOLDER/manifest.json; raises InputError if it is missing, damaged or against the schema."""
    value: dict[str, Any] = read_json(folder / NAME)
    if isinstance(value, dict) and value.get("format") == 1:
        raise InputError(
            f"{folder / NAME}: format 1: the runtimes still read it, this toolchain does not; build the model again, "
            "or use release 1.0.0 of this kit"
        )
    check_schema(value, folder / NAME)
    Contract.from_dict(value["contract"])
    return value


def read_contract(folder: Path) -> Contract:
    """Returns the contract of a build folder (contract.json) or of a released model (its manifest).

    Raises InputError if neither file is there, or it is damaged.
    """
    if not (folder / CONTRACT).exists():
        return Contract.from_dict(read_manifest(folder)["contract"])
    value = read_json(folder / CONTRACT)
    try:
        return Contract.from_dict(value)
    except InputError as error:
        raise InputError(f"{folder / CONTRACT}: {error}; run convert again") from None


def set_baseline_strength(folder: Path, strength: float) -> None:
    """Writes a strength (0..1) into the contract of a build or model folder, wherever it stands."""
    contract = dataclasses.replace(read_contract(folder), baseline_strength=strength)
    if (folder / CONTRACT).exists():
        write_json(folder / CONTRACT, contract.to_dict())
    if (folder / NAME).exists():
        write_json(folder / NAME, read_manifest(folder) | {"contract": contract.to_dict()})


def check_schema(value: Any, path: Path) -> None:
    """Raises InputError naming the entry of `value` that is against the JSON Schema."""
    import jsonschema  # only now: who only reads a file's tensors needs none

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(value))
    if error is not None:
        where = ".".join(str(part) for part in error.absolute_path) or "the file"
        raise InputError(f"{path}: {where}: {error.message[:200]}")


def describe_artifact(folder: Path, artifact: str) -> dict[str, Any]:
    """Returns {"files": [{"file", "bytes", "sha256"}], "bytes"} and for .tflite its tensors and oldest runtime."""
    place = folder / PLACES[artifact]
    paths = sorted(place.parent.iterdir()) if artifact == "tfjs" else [place]
    files = [
        {"file": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "sha256": sha256_of(path)}
        for path in paths
    ]
    described: dict[str, Any] = {"files": files, "bytes": sum(entry["bytes"] for entry in files)}
    if place.suffix == ".tflite":
        described |= tensors_of(place) | {"minimum_runtime": minimum_runtime(place)}
    return described


def bytes_of(folder: Path, artifact: str) -> int | None:
    """Returns the bytes of an artifact's files (a checkpoint's .npz for float and qat); None if it is not there."""
    place = folder / PLACES.get(artifact, artifact)
    if artifact == "tfjs":
        place = place.parent
    if place.is_dir():
        return sum(entry.stat().st_size for entry in place.rglob("*") if entry.is_file())
    return place.stat().st_size if place.exists() else None


def minimum_runtime(path: Path) -> str:
    """Returns the oldest TensorFlow Lite version that reads a .tflite, e.g. "2.3.0".

    It is what the converter derived from the versions of the file's operators (metadata "min_runtime_version").
    Raises InputError if the file does not say.
    """
    model = flatbuffer.Model.GetRootAs(path.read_bytes(), 0)
    for index in range(model.MetadataLength()):
        entry = model.Metadata(index)
        if entry.Name() == b"min_runtime_version":
            text: bytes = model.Buffers(entry.Buffer()).DataAsNumpy().tobytes()
            return text.rstrip(b"\0").decode("ascii")
    raise InputError(f"{path}: has no metadata min_runtime_version; convert it with this kit")


def tensors_of(path: Path) -> dict[str, Any]:
    """Returns what a manifest says of a .tflite file's input and outputs: shape, type, scale and zero point of each."""
    network = interpreter(path.read_bytes())

    def describe(detail: TensorDetail) -> dict[str, Any]:
        scale, zero_point = detail["quantization"]
        described = {"shape": [int(side) for side in detail["shape"]], "type": np.dtype(detail["dtype"]).name}
        return described | ({"scale": float(scale), "zero_point": int(zero_point)} if scale else {})

    return {
        "input": describe(network.get_input_details()[0]),
        "outputs": [{"name": detail["name"]} | describe(detail) for detail in network.get_output_details()],
    }


def metrics_of(evaluation: dict[str, Any]) -> dict[str, Any]:
    """Returns what the manifest says of evaluation.json: all figures of int8, the accuracy of the others."""
    kept = ("images", "accuracy", "interval", "macro_f1", "top2", "ece", "worst_class", "per_class")
    return {
        "headline": evaluation["protocol"]["headline"],
        "heads": {
            head: {name: {key: score[key] for key in kept[:7]} for name, score in sets.items()}
            for head, sets in evaluation["heads"].items()
        },
        "artifacts": {
            artifact: {
                name: {key: score[key] for key in (kept if artifact == "int8" else kept[:3])}
                for name, score in sets.items()
            }
            for artifact, sets in evaluation["artifacts"].items()
        },
        "agreement": evaluation["agreement"],
        "kernel_spread": evaluation["kernel_spread"],
        "flip": evaluation["flip"],
        **{name: evaluation[name] for name in (WHEN_SURE,) if name in evaluation},
    }
