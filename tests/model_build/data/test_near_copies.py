"""Near copies: mirrored, shifted, relit and noisy images are found, strangers and pixel-identical copies are not."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from face_emotion.contract import FER2013_LABELS
from face_emotion.files import read_json
from model_build.data.audit import audit, run
from model_build.data.audit_text import format_text
from model_build.data.dataset import Dataset
from model_build.data.near_copies import nearest, signatures
from model_build.data.stored import ImageFile, StoredImages
from model_build.reporting.audit_rows import audit_rows
from tests.support.data import csv_text

RANDOM = np.random.default_rng(3)
# Soft patterns, one as unlike the other as strangers' faces are.
FACES = np.stack([cv2.resize(RANDOM.uniform(40, 210, (6, 6)), (48, 48)) for _ in range(40)]).astype(np.uint8)


def shifted(image: np.ndarray) -> np.ndarray:
    """Returns an image one pixel further right."""
    return np.concatenate([image[:, :1], image[:, :-1]], axis=1)


LIKE = {
    "mirrored": FACES[0][:, ::-1],
    "shifted": shifted(FACES[1]),
    "relit": (FACES[2] * 0.5 + 20).astype(np.uint8),
    "noisy": np.clip(FACES[3] + RANDOM.normal(0, 12, (48, 48)), 0, 255).astype(np.uint8),
    "mirrored and relit": (FACES[4][:, ::-1] * 0.7).astype(np.uint8),
}
UNLIKE = {
    "a stranger": FACES[30],
    "flat": np.full((48, 48), 128, np.uint8),
    "upside down": FACES[5][::-1],
    "a negative": 255 - FACES[6],
}


def data_set(images: np.ndarray, labels: list[int]) -> Dataset:
    """Returns 30 faces of label 3 as Training, then these as PublicTest, the last one as PrivateTest."""
    splits = [0] * 30 + [1] * (len(images) - 1) + [2]
    return Dataset(
        np.concatenate([FACES[:30], images]),
        np.array([3] * 30 + labels),
        np.array(splits, np.uint8),
        FER2013_LABELS,
        ("Training", "PublicTest", "PrivateTest"),
        None,
        "mine",
    )


@pytest.mark.parametrize("kind", LIKE)
def test_what_looks_alike_is_near(kind: str):
    best, place = nearest(LIKE[kind][None], FACES[:30])
    assert best[0] >= 0.93
    assert place[0] == list(LIKE).index(kind)


@pytest.mark.parametrize("kind", UNLIKE)
def test_what_does_not_is_not(kind: str):
    best, _ = nearest(UNLIKE[kind][None], FACES[:30])
    assert best[0] < 0.8


def test_a_correlation_is_numpys():
    halved = FACES[:2].reshape(2, 24, 2, 24, 2).mean(axis=(2, 4)).reshape(2, -1)
    first, second = signatures(FACES[:2])
    assert first @ second == pytest.approx(np.corrcoef(halved)[0, 1], abs=1e-5)


def test_they_are_counted_by_split_and_label_without_pixel_identical_copies():
    images = np.stack([LIKE["mirrored"], LIKE["noisy"], FACES[7], FACES[31], LIKE["relit"]])
    found = audit(data_set(images, [3, 5, 3, 3, 3]), near=True)
    assert found["near_copies"] == [
        {"images_of": "PublicTest", "images_without_copies": 3, "near_copies": 2, "same_label": 1},
        {"images_of": "PrivateTest", "images_without_copies": 1, "near_copies": 1, "same_label": 1},
    ]
    assert json.loads(json.dumps(found)) == found
    assert "Near copies of Training" in format_text(found)
    rows = dict(audit_rows(found))
    assert rows["Near copies of the training part, PublicTest"] == "2 of 3 images without copies"


def test_nobody_asked_for_them():
    found = audit(data_set(np.stack([LIKE["noisy"]] * 2), [3, 3]))
    assert found["near_copies"] is None
    assert "Near copies" not in format_text(found)
    assert not [name for name, _ in audit_rows(found) if "Near" in name]


def test_images_on_the_disk_and_in_blocks_are_found_alike(tmp_path: Path):
    many = np.concatenate([RANDOM.integers(0, 256, (5000, 48, 48), dtype=np.uint8), FACES[:30]])
    best, place = nearest(np.stack(list(LIKE.values())), many)
    assert place.tolist() == [5000, 5001, 5002, 5003, 5004]
    (tmp_path / "images").write_bytes(many.tobytes())
    stored = StoredImages((ImageFile(tmp_path / "images", 0, 2304, len(many)),), np.arange(len(many)))
    again = nearest(np.stack(list(LIKE.values())), stored)
    assert np.array_equal(again[0], best) and np.array_equal(again[1], place)


@pytest.mark.parametrize(("images", "training"), [(0, 30), (3, 0)])
def test_nothing_to_compare_is_no_error(images: int, training: int):
    best, place = nearest(FACES[:images], FACES[:training])
    assert best.shape == place.shape == (images,)
    assert (best == -1).all()


def test_the_command_writes_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    images = np.concatenate([FACES[:30], LIKE["noisy"][None], FACES[31:33]])
    usages = ["Training"] * 30 + ["PublicTest"] + ["PrivateTest"] * 2
    path = tmp_path / "mine.csv"
    path.write_text(csv_text(images, np.arange(33) % 7, usages))
    assert run(path, out=tmp_path / "out", cache=None, near=True) == 0
    assert "Near copies of Training" in capsys.readouterr().out
    counts = [entry["near_copies"] for entry in read_json(tmp_path / "out/audit.json")["near_copies"]]
    assert counts == [1, 0]


def test_fer2013s_near_copies(fer2013: Dataset):
    """Figures that docs/TRAINING.md gives."""
    assert audit(fer2013, near=True)["near_copies"] == [
        {"images_of": "PublicTest", "images_without_copies": 3309, "near_copies": 223, "same_label": 192},
        {"images_of": "PrivateTest", "images_without_copies": 3301, "near_copies": 239, "same_label": 206},
    ]
