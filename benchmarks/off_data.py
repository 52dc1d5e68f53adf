"""Our released models beside the peers' networks on other people's pictures: the same crops, the same intervals.

    python -m benchmarks off-data --data elsewhere.tar --detect

Faces are found and cut out once, by our detector and contract; a peer gets its own preprocessing after that.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.download import CACHE, fetch
from benchmarks.peers.measure import released
from benchmarks.peers.models import open_peer
from benchmarks.peers.networks import PEERS
from converters.golden import heads_of
from converters.manifest import read_contract
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import FER2013_LABELS, Contract
from face_emotion.detector import Detector
from face_emotion.model_files import packaged
from model_build.data.elsewhere import find_pictures, opened
from model_build.evaluation.off_data import cut_out, score_off_data


def measure(source: Path, models: Path, detect: bool, classes: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Returns by network what `score_off_data` says: ours first, then each peer.

    source: folder or .tar of class folders. Raises InputError as `find_pictures`, `fetch` and `released` do.
    """
    folders = released(models, FER2013_LABELS)
    packages = [(peer, fetch(peer, CACHE)) for peer in PEERS]
    with opened(source) as root:
        pictures = find_pictures(root, FER2013_LABELS, classes)
        detector = Detector.load(packaged("face_detector")) if detect else None
        faces = cut_out(pictures, Contract(), detector)
    rows = {
        f"{folder.name}/int8, {head}": score_off_data(
            TfliteClassifier(folder / "int8.tflite", read_contract(folder), head), faces, FER2013_LABELS
        )
        for folder in folders
        for head in heads_of(read_contract(folder))
    }
    with tempfile.TemporaryDirectory(prefix="peers-") as scratch:
        for peer, package in packages:
            opened_peer = open_peer(peer, package, Path(scratch), FER2013_LABELS)
            rows[peer.name] = score_off_data(opened_peer, faces, FER2013_LABELS)
    return rows
