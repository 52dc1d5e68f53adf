"""A small model folder with a manifest, for the tests of whatever loads one. The network is seeded, not trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from face_emotion.contract import FER2013_LABELS, Contract, Normalization, Smoothing
from face_emotion.files import sha256_of, write_json
from tests.support.paths import ROOT
from tests.support.tflite import tflite_bytes

DETECTOR = ROOT / "models" / "face_detector"


def write_model_folder(
    folder: Path,
    labels: tuple[str, ...] = FER2013_LABELS,
    smoothing: Smoothing | None = None,
    artifacts: tuple[str, ...] = ("int8", "float32"),
    heads: tuple[str, ...] = ("labels", "votes"),
    **contract_entries: Any,
) -> Path:
    """Writes the artifacts' .tflite files and a manifest.json of format 2 into a new folder and returns it.

    contract_entries: of the contract, beside those that have a parameter here.
    """
    folder.mkdir(parents=True)
    for name in artifacts:
        content = tflite_bytes(quantized=name == "int8", classes=len(labels), heads=len(heads))
        (folder / f"{name}.tflite").write_bytes(content)
    contract = Contract(
        labels=labels,
        heads=heads,
        blend=(0.75, 0.5)[: len(heads)],
        sharpness=(1.25, 2.0)[: len(heads)],
        smoothing=smoothing or Smoothing(),
        normalization=Normalization("stretch"),
        **contract_entries,
    )
    write_json(
        folder / "manifest.json",
        {
            "format": 2,
            "name": folder.name,
            "contract": contract.to_dict(),
            "artifacts": {name: described(folder / f"{name}.tflite") for name in artifacts},
        },
    )
    return folder


def described(path: Path) -> dict[str, Any]:
    """Returns an artifact's entry of a manifest for one file."""
    size = path.stat().st_size
    return {"files": [{"file": path.name, "bytes": size, "sha256": sha256_of(path)}], "bytes": size}
