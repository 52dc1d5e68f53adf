"""What the Python runtime makes of the golden vectors, written as any platform writes it.

    python -m converters answers models/small answers.json

An example of the file that `python -m converters conformance` compares, and the proof of one of our own runtimes.
"""

from __future__ import annotations

import base64
import platform
from pathlib import Path
from typing import Any

import numpy as np

from converters.conformance import FORMAT, MODELS, Golden
from converters.detector_golden import output, pixels, video_frame
from converters.follower_golden import levels
from converters.golden import crop_again, heads_of
from converters.golden_decoding import FOLDER
from converters.golden_sequence import replay
from face_emotion.arrays import Bytes
from face_emotion.baseline import learnt, offsets
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import FAR, NEAR, Smoothing
from face_emotion.detection import Detection
from face_emotion.detector import Detector
from face_emotion.follower import Template
from face_emotion.normalization import normalized
from face_emotion.parts import parts
from face_emotion.pictures import decode_pixels
from face_emotion.softmax import probabilities_of, scores
from face_emotion.suppression import weighted_suppression
from face_emotion.yunet import YuNetSettings, cells, decode


def answers_of(folder: Path) -> dict[str, Any]:
    """Returns the Python runtime's answers for a model's folder; raises InputError if a file is missing or damaged."""
    golden = Golden.read(folder)
    contract = golden.contract
    size = contract.input_size
    faces = np.stack([np.frombuffer(base64.b64decode(face), np.uint8) for face in golden.model["faces"]])
    faces = faces.reshape(-1, size, size)
    logits = TfliteClassifier(folder / "int8.tflite", contract).raw(faces).astype(np.uint8)
    int8 = golden.model["int8"]
    return {
        "format": FORMAT,
        "runtime": f"face_emotion, Python {platform.python_version()}, {platform.machine()}",
        "crops": [_text(crop_again(entry, contract)) for entry in golden.model["crops"]],
        "normalized": [_text(face) for face in normalized(faces, contract.normalization)],
        "logits": logits.tolist(),
        "answers": {
            head: _floats(scores(logits, int8["scale"], int8["zero_point"], contract.weights(head)))
            for head in heads_of(contract)
        },
        "softmax": _floats(np.array(golden.model["softmax"]["scores"])),
        **_detected(golden.detector, _detector(folder)),
        "sequence": replay(golden.sequence["frames"], Smoothing(**golden.sequence["smoothing"])),
        "baselines": [_baseline(case) for case in golden.baseline["cases"]],
        "pictures": {file["file"]: _picture(file) for file in golden.decoding["files"]},
    }


def _detector(folder: Path) -> Detector:
    own = folder.parent / "face_detector"
    return Detector.load(own if own.exists() else MODELS / "face_detector")


def _detected(golden: dict[str, Any], detector: Detector) -> dict[str, Any]:
    settings = YuNetSettings.from_dict(golden["settings"], "golden.json")
    places = cells(settings.strides, settings.near_size)
    shown = {frame["name"]: pixels(frame) for frame in golden["frames"]}
    live, video = detector.live(), golden["video"]

    def decoded(case: dict[str, Any]) -> list[dict[str, Any]]:
        raw = output(case, golden["rows"], 6 + 2 * len(settings.keypoints), golden["background"])
        found = weighted_suppression(decode(raw, places, case["threshold"]), settings.iou_threshold)
        return [
            {"points": points.tolist(), "score": float(score)}
            for points, score in zip(found.points, found.scores, strict=True)
        ]

    def motion(case: dict[str, Any]) -> dict[str, Any] | None:
        known = Template.of(levels(case["template"]).astype(np.float64))
        found = None if known is None else known.motion(levels(case["window"]).astype(np.float64))
        return found and {
            key: [value.real, value.imag] for key, value in zip(("alpha", "tau"), found, strict=True)
        }

    return {
        "decoding": [decoded(case) for case in golden["cases"]],
        "parts": [
            [
                [place.scale, place.left, place.top, place.samples]
                for place in parts(size["width"], size["height"], settings)
            ]
            for size in golden["parts"]
        ],
        **{
            reach: [[_face(face) for face in detector.detect(picture, reach)] for picture in shown.values()]
            for reach in (NEAR, FAR)
        },
        "video": [
            [
                _face(face)
                for face in live.faces(
                    video_frame(shown[video["picture"]], frame["quarters"], frame["shift"]), frame["time"]
                )
            ]
            for frame in video["frames"]
        ],
        "motions": [motion(case) for case in golden["motions"]],
    }


def _face(face: Detection) -> dict[str, Any]:
    return {
        "box": list(face.box),
        "upright_box": list(face.upright_box),
        "score": float(face.score),
        "turn": face.turn,
        "keypoints": {name: list(point) for name, point in face.keypoints.items()},
        "eyes": [list(point) for point in face.eyes],
    }


def _baseline(case: dict[str, Any]) -> dict[str, Any]:
    def found(rows: list[list[int]]) -> Any:
        return scores(np.array(rows, np.uint8), case["scale"], case["zero_point"], case["weights"])

    values = learnt(found(case["frames"]), case["labels"])
    taken = offsets(values, case["strength"])
    left = found(case["logits"]) - taken
    return {
        "values": list(values),
        "offsets": taken.tolist(),
        "scores": left.tolist(),
        "probabilities": _floats(left),
    }


def _picture(file: dict[str, Any]) -> Any:
    """A picture file's pixels, or "refused"."""
    try:
        found = decode_pixels((FOLDER / file["file"]).read_bytes())
    except ValueError:
        return "refused"
    height, width = found.shape[:2]
    rows = [row.tobytes().hex() for row in np.ascontiguousarray(found)]
    return {"width": width, "height": height, "channels": 3 if found.ndim == 3 else 1, "rows": rows}


def _floats(found: Any) -> list[list[float]]:
    rows: list[list[float]] = probabilities_of(found).astype(float).tolist()
    return rows


def _text(values: Bytes) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
