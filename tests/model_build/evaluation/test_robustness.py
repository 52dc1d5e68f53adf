"""Accuracy on spoilt images: each damage, the same figures for the same seed, and never on the test split."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

import model_build.__main__ as build_main
from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from face_emotion.files import read_json, write_json
from model_build.data.dataset import SELECTION, TEST, TRAINING, Dataset
from model_build.evaluation.artifacts import ARTIFACTS
from model_build.evaluation.robustness import damaged, measure, write_robustness
from model_build.evaluation.robustness_damage import DAMAGES
from model_build.pipeline import measure_robustness
from model_build.reporting.model_card import write_model_card
from model_build.reporting.report import write_report
from model_build.reporting.robustness_table import print_robustness
from model_build.synthetic.faces import draw_faces
from tests.support.paths import ROOT
from tests.support.report import Noisy, Page, dataset, write_build, write_contract

RELEASED = ROOT / "models" / "small"
NAMES = [damage.name for damage in DAMAGES]


class Recorder:
    """Answers class 0 always and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked = []

    def probabilities(self, images):
        self.asked.append(images)
        return np.eye(7, dtype=np.float32)[np.zeros(len(images), int)]


def drawn(counts=(14, 14, 7)) -> Dataset:
    """Returns a few drawn faces in three splits, with FER2013's labels."""
    parts = [draw_faces(count, (9, split)) for split, count in enumerate(counts)]
    return Dataset(
        images=np.concatenate([images for images, _ in parts]),
        labels=np.concatenate([labels for _, labels in parts]),
        split=np.repeat(np.uint8([TRAINING, SELECTION, TEST]), counts),
        class_names=FER2013_LABELS,
        name="drawn",
    )


@pytest.fixture
def folder(tmp_path):
    """A build folder with a real int8 file and an evaluation."""
    build = write_build(tmp_path / "small")
    shutil.copy(RELEASED / "int8.tflite", build)
    write_json(build / "contract.json", read_json(RELEASED / "manifest.json")["contract"])
    return build


@pytest.mark.parametrize("damage", DAMAGES, ids=NAMES)
def test_a_damage_grows_with_its_degree_and_leaves_the_original_alone(damage):
    images, _ = draw_faces(24, seed=1)
    before = images.copy()
    spoilt = [damaged(images, damage, level, seed=0) for level in range(5)]
    assert all(entry.shape == images.shape and entry.dtype == np.uint8 for entry in spoilt)
    change = [np.abs(entry.astype(int) - images).mean() for entry in spoilt]
    assert change[0] > 0.1
    assert change == sorted(change)
    np.testing.assert_array_equal(images, before)


@pytest.mark.parametrize("damage", DAMAGES, ids=NAMES)
def test_the_same_seed_spoils_in_the_same_way(damage):
    images, _ = draw_faces(4, seed=1)
    first, again, other = (damaged(images, damage, 2, seed) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    random = damage.name not in ("contrast", "blur", "JPEG", "small face")
    assert (first != other).any() == random


def test_a_flat_image_survives_what_keeps_it_flat():
    flat = np.full((1, 48, 48), 100, np.uint8)
    for damage in DAMAGES:
        spoilt = damaged(flat, damage, 4, seed=0)
        if damage.name in ("contrast", "blur", "rotation", "scale", "small face"):
            np.testing.assert_array_equal(spoilt, flat)


def test_every_degree_is_measured_on_the_same_images():
    images, labels = draw_faces(21, seed=2)
    recorder = Recorder()
    result = measure(recorder, images, labels, seed=0)
    share = float((labels == 0).mean())
    assert len(recorder.asked) == 1 + 5 * len(DAMAGES)
    np.testing.assert_array_equal(recorder.asked[0], images)
    assert [entry["name"] for entry in result["damages"]] == NAMES
    for entry in (result["clean"], *(level for found in result["damages"] for level in found["levels"])):
        assert entry["accuracy"] == share
        assert entry["interval"][0] < share < entry["interval"][1]


def test_it_is_measured_on_the_selection_split_without_leaks(folder, monkeypatch):
    recorder = Recorder()
    monkeypatch.setitem(ARTIFACTS, "int8", ("int8.tflite", "int8", lambda path, contract, head: recorder))
    data = drawn()
    data.images[14] = data.images[0]  # a copy of a training image
    result = write_robustness(folder, data)
    assert (result["images"], result["set"]) == (13, "validation without leaked")
    np.testing.assert_array_equal(recorder.asked[0], data.images[15:28])


def test_figures_repeat_and_are_written_beside_the_evaluation(folder, capsys):
    result = measure_robustness(folder, drawn(), seed=3)
    assert read_json(folder / "robustness.json") == result
    assert (folder / "robustness.png").read_bytes().startswith(b"\x89PNG")
    assert write_robustness(folder, drawn(), seed=3) == result
    print_robustness(result)
    assert "JPEG" in capsys.readouterr().out


def test_report_and_card_show_it_while_it_is_of_the_artifact_that_stands_there(folder):
    data = dataset()
    measure_robustness(folder, data)
    page = Page(write_report(folder))
    assert "robustness" in page.sections
    assert "PublicTest without leaked" in page.text
    card = write_model_card(folder).read_text(encoding="utf-8")
    assert "## Robustness" in card and "![" in card and "(robustness.png)" in card
    assert card.count("\n| JPEG |") == 1
    shutil.copy(RELEASED / "int8_ptq.tflite", folder / "int8.tflite")
    assert "robustness" not in Page(write_report(folder)).sections
    assert "## Robustness" not in write_model_card(folder).read_text(encoding="utf-8")


def test_a_damaged_file_is_named(folder):
    write_robustness(folder, dataset())
    write_json(folder / "robustness.json", {"artifact": "int8"})
    with pytest.raises(InputError, match=r"robustness\.json: not what this kit writes there"):
        write_report(folder)


def test_the_report_shows_the_crop_calibration_where_the_folder_has_one(folder):
    assert "crop-calibration" not in Page(write_report(folder)).sections
    (folder / "crop_calibration.png").write_bytes(b"\x89PNG figure")
    page = Page(write_report(folder))
    assert "crop-calibration" in page.sections
    assert "data:image/png;base64,iVBORyBmaWd1cmU=" in page.addresses


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--artifact", "int9"], "--artifact int9: use one of int8, "),
        (["--artifact", "float32"], "has no float32 to measure"),
    ],
)
def test_bad_flags_are_one_line(folder, capsys, arguments, message):
    assert build_main.main(["robustness", str(folder), *arguments]) == 2
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1
    assert not (folder / "robustness.json").exists()


def test_other_classes_are_refused(folder):
    write_contract(folder, ("cat", "dog"))
    with pytest.raises(InputError, match=r"has other classes than .* \(cat, dog\)"):
        write_robustness(folder, dataset())


def test_a_perfect_answer_is_lost_where_the_image_is(folder):
    data = dataset()
    rows = np.flatnonzero(data.split == SELECTION)
    known = Noisy(data, set())

    class Known:
        def probabilities(self, images):
            flat = np.full(7, 1 / 7, np.float32)
            return np.array([known.answers.get(image.tobytes(), flat) for image in images])

    result = measure(Known(), data.images[rows], data.labels[rows], seed=0)
    assert result["clean"]["accuracy"] == 1.0
    assert all(level["accuracy"] < 0.5 for found in result["damages"] for level in found["levels"])
