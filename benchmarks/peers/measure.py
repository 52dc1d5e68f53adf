"""Our released networks beside those that other packages ship: same images, same clock, paired tests.

    python -m benchmarks peers --data fer2013.tar.gz --votes fer2013new.csv

Writes models/PEERS.json and assets/peers.png and prints the table of docs/RESULTS.md. Every network is scored on
every held-out set, one crop an image, each peer fed as its own code feeds it (peers.py). Networks of one runtime are
timed taking turns in one run: .tflite files in LiteRT, TF.js models in node on WebAssembly; one thread, one image,
from the network's input to its output.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from benchmarks.peers.download import CACHE, fetch
from benchmarks.peers.models import LiteRtNetwork, OpenPeer, open_peer
from benchmarks.peers.networks import PEERS, Peer
from converters import latency, tfjs_runtime
from converters.golden import heads_of
from converters.manifest import NAME as MANIFEST
from converters.manifest import bytes_of, read_contract, read_manifest
from face_emotion.arrays import Bytes, Flags, Floats
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import BOTH_HEADS
from face_emotion.errors import InputError
from face_emotion.files import read_json, write_json
from model_build.data.dataset import TEST, Dataset
from model_build.evaluation import metrics
from model_build.evaluation.artifacts import Classifier, open_artifact
from model_build.evaluation.evaluate import evaluation_sets, held_out
from model_build.evaluation.evaluation_file import rounded
from model_build.progress import progress_bar
from model_build.synthetic.faces import draw_faces

NAME = "PEERS.json"
LITERT, TFJS = "LiteRT, XNNPACK", "TF.js, WebAssembly"
KEPT = ("images", "accuracy", "interval", "macro_f1", "balanced_accuracy")
Images = TypeVar("Images", Bytes, Floats)
CHUNK = 1024  # bounds the memory of inputs that are five times as wide as the crops


def write_peers(
    dataset: Dataset, models: Path, command: str, rounds: int = 300, cache: Path = CACHE
) -> dict[str, Any]:
    """Measures everything and writes MODELS/PEERS.json; returns what was written (`measure` has its keys).

    Raises InputError if a package cannot be had, or `models` holds no released network of these classes.
    """
    folders = [(peer, fetch(peer, cache)) for peer in PEERS]
    with tempfile.TemporaryDirectory(prefix="peers-") as scratch:
        opened = [open_peer(peer, folder, Path(scratch), dataset.class_names) for peer, folder in folders]
        sizes = {peer.name: (folder / peer.weights).stat().st_size for peer, folder in folders}
        measured = measure(dataset, released(models, dataset.class_names), opened, sizes, rounds)
    result: dict[str, Any] = {"command": command} | rounded(measured)
    write_json(models / NAME, result)
    return result


def released(models: Path, labels: Sequence[str]) -> list[Path]:
    """Returns the folders of the released classifiers, by name; raises InputError if there is none of `labels`."""
    found = []
    for path in sorted(models.glob(f"*/{MANIFEST}")):
        if "contract" in read_json(path) and read_manifest(path.parent)["contract"]["labels"] == list(labels):
            found.append(path.parent)
    if not found:
        raise InputError(f"{models}: no released model that answers {', '.join(labels)}")
    return found


def measure(
    dataset: Dataset,
    variants: Sequence[Path],
    peers: Sequence[OpenPeer],
    peer_bytes: Mapping[str, int],
    rounds: int,
) -> dict[str, Any]:
    """Scores and times our variants and the peers.

    Returns "dataset", "headline_set" (the test split), "networks" {name: title, ours, head (ours only: "labels",
    "votes" or "both"), source, bytes, parameters, runtime, median_ms, p90_ms, sets {set: images, accuracy, interval,
    macro_f1, balanced_accuracy}} (ours are NAME/int8 and NAME/tfjs, and of two heads NAME/int8/HEAD), "comparisons"
    {ours: {set: {"peer": the best one on that set, only_a, only_b, p_value}}} (McNemar's exact test; a is ours),
    "machine", "rounds" and "versions".
    """
    ours = {
        f"{folder.name}/{kind}" + ("" if head == BOTH_HEADS else f"/{head}"): (folder, kind, head)
        for folder in variants
        for kind, head in _forms(folder)
    }
    classifiers: dict[str, Classifier] = {
        name: open_artifact(folder, kind, head) for name, (folder, kind, head) in ours.items()
    }
    classifiers |= {peer.peer.name: peer for peer in peers}
    answers = _predict(classifiers, dataset.images[held_out(dataset)])
    sets, scores = _score(answers, dataset)
    times = _time(ours, peers, rounds)
    networks = {name: _ours(*ours[name]) for name in ours}
    networks |= {peer.peer.name: _theirs(peer, peer_bytes[peer.peer.name]) for peer in peers}
    for name, entry in networks.items():
        entry |= latency.figures(times[name]) | {"sets": scores[name]}
    return {
        "dataset": {"name": dataset.name, "digest": dataset.digest},
        "headline_set": dataset.split_names[TEST],
        "networks": networks,
        "comparisons": {name: _compared(name, list(peer_bytes), sets, scores) for name in ours},
        "machine": latency.machine(),
        "rounds": rounds,
        "versions": {
            name: metadata.version(name) for name in ("ai-edge-litert", "tensorflow", "tf-keras", "numpy")
        },
    }


def _forms(folder: Path) -> list[tuple[str, str]]:
    """Artifact and head: both artifacts with the default answer, and the int8 file with each head's alone."""
    heads = [head for head in heads_of(read_contract(folder)) if head != BOTH_HEADS]
    return [
        ("int8", BOTH_HEADS),
        *[("int8", head) for head in heads if len(heads) > 1],
        ("tfjs", BOTH_HEADS),
    ]


def _predict(classifiers: Mapping[str, Classifier], images: Bytes) -> dict[str, Floats]:
    answers: dict[str, Floats] = {}
    with progress_bar("peers", len(classifiers) * len(images)) as advance:
        for name, classifier in classifiers.items():
            parts = []
            for start in range(0, len(images), CHUNK):
                parts.append(classifier.probabilities(images[start : start + CHUNK]))
                advance(len(answers) * len(images) + start)
            answers[name] = np.concatenate(parts)
    return answers


def _score(
    answers: Mapping[str, Floats], dataset: Dataset
) -> tuple[dict[str, dict[str, Flags]], dict[str, dict[str, Any]]]:
    """Returns by set and name whether each row is right (bool), and by name and set the figures that are kept."""
    rows = held_out(dataset)
    right: dict[str, dict[str, Flags]] = {}
    scores: dict[str, dict[str, Any]] = {name: {} for name in answers}
    for set_name, (chosen, labels) in evaluation_sets(dataset).items():
        places = np.searchsorted(rows, chosen)
        right[set_name] = {name: values[places].argmax(axis=1) == labels for name, values in answers.items()}
        for name, values in answers.items():
            score = metrics.score(values[places], labels, dataset.class_names)
            scores[name][set_name] = {key: score[key] for key in KEPT}
    return right, scores


def _compared(
    name: str, peers: Sequence[str], right: Mapping[str, Mapping[str, Flags]], scores: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    result = {}
    for set_name, by_name in right.items():
        best = max(peers, key=lambda peer: scores[peer][set_name]["accuracy"])
        result[set_name] = {"peer": best} | metrics.mcnemar(by_name[name], by_name[best])
    return result


def _time(
    ours: Mapping[str, tuple[Path, str, str]], peers: Sequence[OpenPeer], rounds: int
) -> dict[str, list[float]]:
    """Returns milliseconds by network; those of one runtime take turns. A head costs what its file costs."""
    face = draw_faces(1, seed=3)[0]
    runs: dict[str, Callable[[int], object]] = {}
    graphs: dict[str, tuple[Path, Bytes | Floats]] = {}
    for name, (folder, kind, head) in ours.items():
        if kind == "tfjs":
            graphs[name] = folder / "tfjs", face[0]
        elif head == BOTH_HEADS:
            classifier = TfliteClassifier(folder / "int8.tflite", read_contract(folder))
            runs[name] = _timed(classifier.raw, face)
    for peer in peers:
        row = peer.peer.prepare(face)
        if peer.timed.is_dir():
            graphs[peer.peer.name] = peer.timed, row[0].astype(np.float32)
        else:
            runs[peer.peer.name] = _timed(LiteRtNetwork(peer.timed).run, row)
    times = latency.interleaved(runs, rounds, progress_bar)
    found = tfjs_runtime.latency(
        [folder for folder, _ in graphs.values()], [row for _, row in graphs.values()], rounds
    )
    times |= {name: found[str(folder)] for name, (folder, _) in graphs.items()}
    return times | {
        name: times[f"{folder.name}/{kind}"]
        for name, (folder, kind, head) in ours.items()
        if head != BOTH_HEADS
    }


def _timed(run: Callable[[Images], object], row: Images) -> Callable[[int], object]:
    return lambda turn: run(row)


def _ours(folder: Path, kind: str, head: str) -> dict[str, Any]:
    name = f"{folder.name}/{'int8.tflite' if kind == 'int8' else 'tfjs'}"
    manifest = read_manifest(folder)
    heads = manifest["contract"]["heads"]
    return {
        "title": f"this kit, `models/{name}`" + ("" if head == BOTH_HEADS else f", {head} head"),
        "ours": True,
        "head": heads[0] if len(heads) == 1 else head,
        "source": {"folder": f"models/{folder.name}", "artifact": kind},
        "bytes": bytes_of(folder, kind),
        "parameters": manifest["network"]["parameters"],
        "runtime": LITERT if kind == "int8" else TFJS,
    }


def _theirs(opened: OpenPeer, size: int) -> dict[str, Any]:
    peer: Peer = opened.peer
    return {
        "title": peer.title,
        "ours": False,
        "source": {
            "registry": peer.package.registry,
            "package": peer.package.name,
            "version": peer.package.version,
            "licence": peer.licence,
            "file": peer.weights,
            "sha256": peer.files[peer.weights],
        },
        "bytes": size,
        "parameters": opened.parameters,
        "runtime": TFJS if opened.timed.is_dir() else LITERT,
    }
