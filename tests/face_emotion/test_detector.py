"""Loading a detector's folder: kinds and formats, what is refused and how, and when the network for far is read."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from face_emotion.contract import Crop
from face_emotion.detector import BlazeFace, Detector, YuNet
from face_emotion.errors import InputError
from face_emotion.files import read_json, sha256_of, write_json
from model_build.synthetic.scenes import draw_frame
from tests.support.detection import BLAZEFACE, detector_copy
from tests.support.runtime import DETECTOR

FRAME = draw_frame(320, 240, [(110.0, 60.0, 210.0, 160.0)], [3], 4)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the released detector's folder."""
    return detector_copy(DETECTOR, tmp_path / "face_detector")


def change(folder: Path, path: str, value: Any) -> None:
    """Writes another value of an entry, named by keys and points; None: takes it away."""
    manifest = read_json(folder / "manifest.json")
    *outer, name = path.split(".")
    entry = manifest
    for key in outer:
        entry = entry[key]
    if value is None:
        del entry[name]
    else:
        entry[name] = value
    write_json(folder / "manifest.json", manifest)


def replace(folder: Path, artifact: str, content: bytes) -> None:
    """Puts other content in place of an artifact's file, and says so in the manifest."""
    manifest = read_json(folder / "manifest.json")
    (entry,) = manifest["artifacts"][artifact]["files"]
    (folder / entry["file"]).write_bytes(content)
    entry |= {"bytes": len(content), "sha256": sha256_of(folder / entry["file"])}
    write_json(folder / "manifest.json", manifest)


def refusal(folder: Path) -> str:
    """The one line with which a folder is refused."""
    with pytest.raises(InputError) as caught:
        Detector.load(folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_folder_of_each_format_gives_its_kind(folder):
    assert isinstance(Detector.load(folder), YuNet)
    assert isinstance(Detector.load(folder / "manifest.json"), YuNet)
    assert isinstance(Detector.load(BLAZEFACE), BlazeFace)
    assert Detector.load(folder).keypoints == (
        "right_eye",
        "left_eye",
        "nose_tip",
        "right_mouth_corner",
        "left_mouth_corner",
    )


def test_its_own_crop_replaces_the_contracts_box_and_leaves_the_samples(folder):
    change(folder, "detector.crop", {"box_width": 0.5, "box_center": [0.25, 0.75]})
    crop = Detector.load(folder).crop(Crop(box_width=0.9, box_center=(0.1, 0.1), max_samples=7))
    assert crop == Crop(box_width=0.5, box_center=(0.25, 0.75), max_samples=7)
    assert Detector.load(DETECTOR).crop(Crop()) == Crop(0.795, (0.5, 0.527), 16)


@pytest.mark.parametrize("kind", ["retina", "blaze face", None, 7, ["yunet"], "YuNet"])
def test_another_kind_is_named(folder, kind):
    change(folder, "detector.kind", kind)
    assert refusal(folder).endswith(f"manifest.json: detector.kind {kind!r}: this kit knows yunet; update it")


def test_another_format_is_refused(folder):
    change(folder, "format", 3)
    assert "manifest.json: not a manifest of format 1 or 2" in refusal(folder)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("detector", None, "manifest.json: detector: an object is expected"),
        ("detector", [], "manifest.json: detector: an object is expected"),
        ("artifacts", None, "manifest.json: artifacts: an object is expected"),
        ("artifacts.tflite", None, "manifest.json: artifacts.tflite: there is no such artifact"),
        ("artifacts.tflite_far", None, "manifest.json: artifacts.tflite_far: there is no such artifact"),
        (
            "artifacts.tflite_far.files",
            [],
            "manifest.json: artifacts.tflite_far: 0 files where 1 is expected",
        ),
        ("detector.near_size", 200, "manifest.json: detector: near_size and far_size must be multiples"),
        ("detector.near_size", 256, "near.tflite: tensors [(1, 160, 160, 3)] and [(1, 525, 16)] where"),
        ("detector.strides", [8, 16], "near.tflite: tensors"),
        ("detector.keypoints", ["right_eye", "left_eye"], "near.tflite: tensors"),
        ("detector.far", None, "manifest.json: detector: unusable or missing entry ('far' is missing)"),
        ("detector.far.zoom", 0.5, "manifest.json: detector.far: zoom above 1"),
        (
            "detector.crop",
            None,
            "manifest.json: detector.crop: unusable or missing entry ('crop' is missing)",
        ),
        ("detector.crop", 7, "manifest.json: detector.crop: unusable or missing entry"),
        (
            "detector.crop.box_width",
            0,
            "manifest.json: detector.crop: finite numbers and a box_width above 0",
        ),
        ("detector.crop.box_width", "wide", "manifest.json: detector.crop: unusable or missing entry"),
        ("detector.crop.box_center", [0.5], "manifest.json: detector.crop: unusable or missing entry"),
        ("detector.crop.box_center", ["nan", 0.5], "manifest.json: detector.crop: finite numbers"),
    ],
)
def test_a_damaged_manifest_is_refused(folder, path, value, message):
    change(folder, path, value)
    assert message in refusal(folder)


def test_a_text_or_nothing_in_place_of_the_manifest_is_refused(folder, tmp_path):
    (folder / "manifest.json").write_text("{")
    assert "manifest.json" in refusal(folder)
    (folder / "manifest.json").unlink()
    assert "manifest.json" in refusal(folder)
    assert "elsewhere: no such model folder" in refusal(tmp_path / "elsewhere")


@pytest.mark.parametrize("file", ["near.tflite", "far.tflite"])
def test_a_missing_or_changed_network_is_refused_when_it_is_loaded(folder, file):
    content = bytearray((folder / file).read_bytes())
    content[1000] ^= 1
    (folder / file).write_bytes(content)
    assert f"{file}: damaged or changed: 176340 bytes" in refusal(folder)
    (folder / file).unlink()
    assert f"{file}: no such model file" in refusal(folder)


def test_a_file_that_is_no_network_is_refused(folder):
    replace(folder, "tflite", b"no network")
    assert "near.tflite: damaged or not a .tflite model" in refusal(folder)


def test_the_network_for_far_is_prepared_when_it_is_needed(folder):
    replace(folder, "tflite_far", (folder / "near.tflite").read_bytes())
    detector = Detector.load(folder)
    assert len(detector.detect(FRAME)) == 1
    with pytest.raises(InputError, match=r"far\.tflite: tensors \[\(1, 160, 160, 3\)\]"):
        detector.detect(FRAME, "far")
    (folder / "far.tflite").write_bytes(b"no network")
    with pytest.raises(InputError, match=r"far\.tflite: damaged or not a \.tflite model"):
        detector.detect(FRAME, "far")
    (folder / "far.tflite").unlink()
    with pytest.raises(InputError, match=r"far\.tflite: no such model file"):
        detector.detect(FRAME, "far")
    assert len(detector.detect(FRAME)) == 1
    (folder / "far.tflite").write_bytes((DETECTOR / "far.tflite").read_bytes())
    assert len(detector.detect(FRAME, "far")) == 1


def test_the_file_for_far_is_read_once(folder):
    detector = Detector.load(folder)
    wanted = detector.detect(FRAME, "far")
    (folder / "far.tflite").unlink()
    assert detector.detect(FRAME, "far") == wanted


def test_threads_that_all_need_far_first_get_the_same(folder):
    detector, answers = Detector.load(folder), []
    threads = [
        threading.Thread(target=lambda: answers.append(detector.detect(FRAME, "far"))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [Detector.load(folder).detect(FRAME, "far")] * 4


@pytest.mark.parametrize("reach", ["wide", "", "Near", None, 1, True, ["near"]])
@pytest.mark.parametrize("source", [DETECTOR, BLAZEFACE], ids=["yunet", "blazeface"])
def test_another_reach_is_refused(source, reach):
    with pytest.raises(InputError, match="near or far is expected") as caught:
        Detector.load(source).detect(FRAME, reach)
    assert str(caught.value) == f"reach {reach!r}: near or far is expected"


@pytest.mark.parametrize("reach", ["near", "far"])
@pytest.mark.parametrize(
    "image", [np.zeros((9, 9), np.float32), np.zeros((9, 9, 2), np.uint8), np.zeros((0, 9), np.uint8)]
)
def test_other_images_are_refused(reach, image):
    with pytest.raises(InputError):
        Detector.load(DETECTOR).detect(image, reach)
