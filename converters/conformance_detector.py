"""The face detector's stages of a platform's answers, against models/face_detector/golden.json."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from converters.conformance_values import Off, entries, numbers

Check = Callable[[dict[str, Any], Mapping[str, Any]], str]


def _decoding(golden: dict[str, Any], answers: Mapping[str, Any]) -> str:
    cases, tolerance = golden["cases"], golden["tolerance"]
    for given, case in zip(entries(answers["decoding"], len(cases), "case"), cases, strict=True):
        where = f"case {case['name']!r}"
        for place, (face, wanted) in enumerate(_pairs(given, case["faces"], where)):
            what = f"{where}, face {place}"
            _near(
                face.get("points"), wanted["points"], tolerance["square_pixels"], f"{what}: points", "pixels"
            )
            _near(face.get("score"), wanted["score"], tolerance["score"], f"{what}: score", "")
    return f"{len(cases)} cases within {tolerance['square_pixels']:g} pixels"


def _parts(golden: dict[str, Any], answers: Mapping[str, Any]) -> str:
    sizes = golden["parts"]
    for given, size in zip(entries(answers["parts"], len(sizes), "size"), sizes, strict=True):
        wanted = np.array(size["parts"], float)
        where = f"{size['width']} × {size['height']} pixels"
        _near(given, wanted, 1e-9, where, "")
    return f"{len(sizes)} sizes, equal"


def _frames(reach: str) -> Check:
    def check(golden: dict[str, Any], answers: Mapping[str, Any]) -> str:
        frames = golden["frames"]
        most = 0.0
        for given, frame in zip(entries(answers[reach], len(frames), "frame"), frames, strict=True):
            most = max(most, _faces(given, frame[reach], golden["tolerance"], f"frame {frame['name']!r}"))
        return _summary([frame[reach] for frame in frames], most, golden)

    return check


def _video(golden: dict[str, Any], answers: Mapping[str, Any]) -> str:
    frames = golden["video"]["frames"]
    most = 0.0
    for place, (given, frame) in enumerate(
        zip(entries(answers["video"], len(frames), "frame"), frames, strict=True)
    ):
        where = f"frame {place} at {frame['time']:g} s"
        most = max(most, _faces(given, frame["faces"], golden["tolerance"], where))
    return _summary([frame["faces"] for frame in frames], most, golden)


def _motions(golden: dict[str, Any], answers: Mapping[str, Any]) -> str:
    cases, tolerance = golden["motions"], golden["tolerance"]["motion"]
    for given, case in zip(entries(answers["motions"], len(cases), "case"), cases, strict=True):
        where, wanted = f"case {case['name']!r}", case["motion"]
        if (given is None) != (wanted is None):
            raise Off(f"{where}: {'lost' if given is None else 'followed'}, which it is not")
        for key in () if wanted is None else ("alpha", "tau"):
            own = given.get(key) if isinstance(given, dict) else None
            _near(own, wanted[key], tolerance, f"{where}: {key}", "")
    return f"{len(cases)} cases within {tolerance:g}"


def _faces(given: Any, wanted: list[dict[str, Any]], tolerance: dict[str, float], where: str) -> float:
    """Compares the faces of a picture; returns how many pixels they are off at most."""
    most = 0.0
    for place, (face, stored) in enumerate(_pairs(given, wanted, where)):
        what = f"{where}, face {place}"
        turn = float(numbers(face.get("turn"), (), f"{what}: turn"))
        slant = abs((turn - stored["turn"] + 180) % 360 - 180)
        if slant > tolerance["frame_degrees"]:
            raise Off(f"{what}: turned by {turn:g} degrees where {stored['turn']:g} is expected")
        _near(face.get("score"), stored["score"], tolerance["frame_score"], f"{what}: score", "")
        points = face.get("keypoints")
        if not isinstance(points, dict) or set(points) != set(stored["keypoints"]):
            raise Off(f"{what}: keypoints {', '.join(stored['keypoints'])} are expected")
        for key in ("box", "upright_box", "eyes"):
            most = max(
                most, _near(face.get(key), stored[key], tolerance["frame_pixels"], f"{what}: {key}", "pixels")
            )
        for name, point in stored["keypoints"].items():
            most = max(
                most, _near(points[name], point, tolerance["frame_pixels"], f"{what}: {name}", "pixels")
            )
    return most


def _pairs(
    given: Any, wanted: list[dict[str, Any]], where: str
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    if not isinstance(given, list) or not all(isinstance(face, dict) for face in given):
        raise Off(f"{where}: a list of faces is expected")
    if len(given) != len(wanted):
        raise Off(f"{where}: {len(given)} faces where {len(wanted)} are expected")
    return list(zip(given, wanted, strict=True))


def _near(given: Any, wanted: Any, tolerance: float, what: str, unit: str) -> float:
    stored = np.asarray(wanted, float)
    drift = float(np.abs(numbers(given, stored.shape, what) - stored).max(initial=0))
    if drift > tolerance:
        raise Off(f"{what} is {drift:.3g}{f' {unit}' if unit else ''} off ({tolerance:g} allowed)")
    return drift


def _summary(faces: list[list[dict[str, Any]]], most: float, golden: dict[str, Any]) -> str:
    allowed = golden["tolerance"]["frame_pixels"]
    return f"{sum(map(len, faces))} faces of {len(faces)} frames, at most {most:.2g} pixels off ({allowed:g} allowed)"


DETECTOR_STAGES: dict[str, Check] = {
    "decoding": _decoding,
    "parts": _parts,
    "near": _frames("near"),
    "far": _frames("far"),
    "video": _video,
    "motions": _motions,
}
