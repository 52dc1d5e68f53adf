"""Checks every artifact of a build or released model, and fails loudly.

    python -m model_build verify models/small
    python -m model_build verify models/small --data fer2013.tar.gz --votes fer2013new.csv

Without a data set: the manifest against its schema, sizes, sha256, whether all of it goes together
(face_emotion.consistency), golden vectors, kernels.json, and on synthetic faces the agreement and probability error of
every artifact with the checkpoint. With the data set: every published accuracy and agreement too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from converters.golden import NAME as GOLDEN
from converters.golden import check_golden
from converters.kernels import check_kernels
from converters.manifest import NAME as MANIFEST
from converters.manifest import PLACES, describe_artifact, read_manifest
from converters.tfjs_runtime import TfjsModel
from face_emotion.classifier import TfliteClassifier
from face_emotion.consistency import WHEN_SURE, consistent, floor_problems
from face_emotion.contract import Contract
from face_emotion.errors import InputError
from face_emotion.files import read_json, sha256_of
from model_build.data.dataset import Dataset
from model_build.data.stored import taken
from model_build.evaluation.evaluate import evaluate_predictions, held_out, predict
from model_build.evaluation.metrics import agreement_when_sure
from model_build.network import checkpoint
from model_build.quantization.export import export
from model_build.synthetic.faces import draw_faces

SYNTHETIC_FACES = 350
SYNTHETIC_SEED = 7
AGREEMENT_SLACK = (
    0.01  # another processor may round a sum in another way, on a face that lies between two classes
)
ERROR_SLACK = 0.01
FIGURE_SLACK = 0.001  # some images of thousands, for the same reason


def classifiers(folder: Path, contract: Contract) -> dict[str, Any]:
    """Returns every artifact in `folder` by name, each with `.probabilities(images)`.

    The checkpoints are rebuilt by Keras from their .npz, so this imports TensorFlow.
    """
    found: dict[str, Any] = {}
    for kind in ("float", "qat"):
        stored = checkpoint.load(folder / kind / "checkpoint.npz")
        found[kind] = export(stored, contract)
    for kind in ("float32", "float16", "int8", "int8_ptq"):
        if (folder / f"{kind}.tflite").is_file():
            found[kind] = TfliteClassifier(folder / f"{kind}.tflite", contract)
    if (folder / "tfjs").is_dir():
        found["tfjs"] = TfjsModel(folder / "tfjs", contract)
    return found


def synthetic_check(found: dict[str, Any]) -> dict[str, Any]:
    """Returns agreement and largest probability error on synthetic faces of each artifact with its checkpoint.

    Files made from the QAT network are compared with the QAT checkpoint, the others with the float one.
    """
    faces, _ = draw_faces(SYNTHETIC_FACES, SYNTHETIC_SEED)
    answers = {name: classifier.probabilities(faces) for name, classifier in found.items()}
    agreement, error = {}, {}
    for name, values in answers.items():
        reference = answers["qat" if name in ("int8", "tfjs") else "float"]
        agreement[name] = float(np.mean(values.argmax(axis=1) == reference.argmax(axis=1)))
        error[name] = round(float(np.abs(values - reference).max()), 5)
    # On drawn faces a network of other classes may be sure of nothing, which says nothing of its files.
    sure = {name: entry for name, entry in agreement_when_sure(answers).items() if entry["sure"]}
    return {
        "count": SYNTHETIC_FACES,
        "seed": SYNTHETIC_SEED,
        "agreement": agreement,
        "probability_error": error,
        WHEN_SURE: sure,
    }


def verify(folder: Path, dataset: Dataset | None = None) -> list[str]:
    """Returns one line for each thing in `folder` that is not as its manifest says; none means verified.

    Raises InputError if the manifest is missing or damaged, or `dataset` is not the one of the manifest.
    """
    manifest = read_manifest(folder)
    problems = _check_files(folder, manifest)
    if problems:
        return problems
    problems += consistent(folder)
    if problems:
        return problems
    contract = Contract.from_dict(manifest["contract"])
    problems += check_golden(folder, contract, read_json(folder / GOLDEN))
    problems += check_kernels(folder, contract)
    found = classifiers(folder, contract)
    drawn = synthetic_check(found)
    problems += _check_synthetic(manifest["synthetic_check"], drawn) + floor_problems(drawn, "drawn faces")
    if dataset is not None:
        problems += _check_figures(found, manifest, dataset)
    return problems


def _check_files(folder: Path, manifest: dict[str, Any]) -> list[str]:
    problems = []
    for name, stated in manifest["artifacts"].items():
        if name not in PLACES:
            raise InputError(
                f"{folder / MANIFEST}: artifacts.{name}: unknown; this kit has {', '.join(PLACES)}"
            )
        missing = [entry["file"] for entry in stated["files"] if not (folder / entry["file"]).is_file()]
        if missing:
            problems += [f"{folder / file}: missing" for file in missing]
            continue
        found = describe_files(folder, stated)
        for was, now in zip(stated["files"], found, strict=True):
            if was != now:
                problems.append(
                    f"{folder / was['file']}: {now['bytes']} bytes, sha256 {now['sha256'][:12]}… where the manifest "
                    f"says {was['bytes']} and {was['sha256'][:12]}…"
                )
        if not problems and describe_artifact(folder, name) != stated:
            problems.append(f"{folder}: the tensors or files of {name} are not as the manifest says")
    return problems


def describe_files(folder: Path, stated: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the files of an artifact of the manifest as they are now: file, bytes, sha256."""
    return [
        {
            "file": entry["file"],
            "bytes": (folder / entry["file"]).stat().st_size,
            "sha256": sha256_of(folder / entry["file"]),
        }
        for entry in stated["files"]
    ]


def _check_synthetic(stated: dict[str, Any], found: dict[str, Any]) -> list[str]:
    problems = []
    for name, agreement in stated["agreement"].items():
        now, error = found["agreement"].get(name, 0.0), found["probability_error"].get(name, 1.0)
        if now < agreement - AGREEMENT_SLACK:
            problems.append(
                f"{name}: agrees with its checkpoint on {now:.3f} of synthetic faces, was {agreement:.3f}"
            )
        if error > stated["probability_error"][name] + ERROR_SLACK:
            problems.append(
                f"{name}: differs from its checkpoint by {error:.4f} in probability on synthetic faces, "
                f"was {stated['probability_error'][name]:.4f}"
            )
    return problems


def _check_figures(found: dict[str, Any], manifest: dict[str, Any], dataset: Dataset) -> list[str]:
    if dataset.digest != manifest["provenance"]["dataset"]["digest"]:
        raise InputError(f"--data: {dataset.name} is not the data set that the manifest's figures come from")
    predictions = predict(found, taken(dataset.images, held_out(dataset)), "verify")
    now = evaluate_predictions(predictions, dataset)
    problems = floor_problems(now, f"held-out images of {dataset.name}")
    for name, sets in manifest["metrics"]["artifacts"].items():
        for title, stated in sets.items():
            score = now["artifacts"].get(name, {}).get(title)
            if score is None:
                problems.append(
                    f"{name} on {title}: the manifest gives figures, but there is nothing to measure"
                )
                continue
            for figure in ("images", "accuracy"):
                if abs(score[figure] - stated[figure]) > FIGURE_SLACK:
                    problems.append(
                        f"{name} on {title}: {figure} {score[figure]:.6g}, the manifest says {stated[figure]:.6g}"
                    )
    for name, others in manifest["metrics"]["agreement"].items():
        for other, stated in others.items():
            agreement = now["agreement"].get(name, {}).get(other, 0.0)
            if abs(agreement - stated) > FIGURE_SLACK:
                problems.append(
                    f"{name} and {other}: agree on {agreement:.4f}, the manifest says {stated:.4f}"
                )
    return problems
