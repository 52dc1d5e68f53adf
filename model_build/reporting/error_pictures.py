"""The most confident errors as pictures inside the report's file, and what may be done with them."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

from PIL import Image

from face_emotion.arrays import Bytes
from face_emotion.contract import FER2013_LABELS
from model_build.data.dataset import Dataset
from model_build.data.votes import majority
from model_build.evaluation.finished_build import FinishedBuild


def error_pictures(build: FinishedBuild, dataset: Dataset) -> list[dict[str, Any]]:
    """Returns {row, label, answer, probability, crowd, source (a data: address)} of each confident error."""
    names = dataset.class_names
    votes = dataset.votes
    crowd = None if votes is None else majority(votes)
    return [
        {
            "row": entry["row"],
            "label": names[entry["label"]],
            "answer": names[entry["answer"]],
            "probability": entry["probability"],
            # Among several data sets, some have no votes at all.
            "crowd": _crowd_name(int(crowd[entry["row"]]))
            if crowd is not None and votes is not None and votes[entry["row"]].any()
            else None,
            "source": _png_source(_png(dataset.images[entry["row"]])),
        }
        for entry in build.evaluation["confident_errors"]
    ]


def errors_note(build: FinishedBuild) -> str:
    """Returns what the pictures are, and whether the file may be shared."""
    what = "The answers that the network is surest of and that differ from the label."
    if build.is_synthetic:
        return f"{what} The faces are drawn."
    if build.holds_fer2013:
        return (
            f"{what} These are images of FER2013, which may not be redistributed: this file is for your own "
            "eyes. Do not share, publish or commit it; without --data the report leaves this section out."
        )
    return f"{what} These are images of your data: share this file only if you may share them."


def picture_source(path: Path) -> str | None:
    """Returns a PNG file as a data: address, None if it is not there."""
    return _png_source(path.read_bytes()) if path.is_file() else None


def _crowd_name(label: int) -> str:
    return FER2013_LABELS[label] if label >= 0 else "undecided"


def _png(image: Bytes) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, format="PNG", optimize=True)
    return stream.getvalue()


def _png_source(content: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(content).decode('ascii')}"
