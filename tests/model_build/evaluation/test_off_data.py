"""Other people's pictures: class folders or a .tar, names mapped, faces found by the detector, people's intervals."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

import benchmarks.__main__ as benchmarks_main
import model_build.__main__ as build_main
from converters.manifest import read_contract
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import FER2013_LABELS, Contract
from face_emotion.detector import Detector
from face_emotion.errors import InputError
from face_emotion.files import read_json
from model_build.data.elsewhere import find_pictures, is_elsewhere, opened
from model_build.evaluation.metrics import calibration_bins, calibration_error
from model_build.evaluation.off_data import Faces, bootstrap, cut_out, score_off_data
from model_build.synthetic.scenes import draw_frame
from tests.support.paths import ROOT

LABELS = ("angry", "happy", "neutral")


def write_picture(path: Path, pixels: np.ndarray | None = None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((60, 50), 128, np.uint8) if pixels is None else pixels).save(path)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Whole pictures: a happy and a neutral drawn face of two people each, and a wall without a face."""
    root = tmp_path / "elsewhere"
    for label, index in (("happy", 3), ("neutral", 6)):
        for person in range(2):
            frame = draw_frame(320, 240, [(90.0, 60.0, 200.0, 170.0)], [index], person)
            write_picture(root / "test" / label / f"p{person}_1.png", frame)
    write_picture(root / "test" / "neutral" / "p9_1.png", np.full((240, 320), 90, np.uint8))
    return root


def test_a_test_part_alone_is_somebody_elses_set(elsewhere: Path, tmp_path: Path):
    assert is_elsewhere(elsewhere) and is_elsewhere(Path("some.tar"))
    (elsewhere / "train").mkdir()
    assert not is_elsewhere(elsewhere)
    assert not is_elsewhere(elsewhere / "test") and not is_elsewhere(Path("fer2013.tar.gz"))


def test_people_are_told_by_name_and_pictures_sorted(elsewhere: Path):
    with opened(elsewhere) as root:
        found = find_pictures(root, LABELS)
    assert [(picture.label, picture.person) for picture in found] == [
        (1, "p0"),
        (1, "p1"),
        (2, "p0"),
        (2, "p1"),
        (2, "p9"),
    ]


@pytest.mark.parametrize(
    ("folders", "classes", "message"),
    [
        (
            ("happy", "contempt"),
            (),
            r"contempt: not a class of the model \(angry, happy, neutral\); say",
        ),
        (
            ("happy", "anger"),
            ("angry=anger,joyful=happy",),
            "--classes joyful=happy: LABEL=FOLDER is expected",
        ),
        (("happy",), ("angry",), "--classes angry: LABEL=FOLDER is expected"),
        (("happy",), ("angry=wrath",), "has no folder wrath"),
        (("happy",), ("=happy",), "every folder is left out"),
        ((), (), "no class folders"),
    ],
)
def test_names_that_do_not_fit_are_one_line(folders, classes, message, tmp_path: Path):
    for name in folders:
        write_picture(tmp_path / name / "a_1.png")
    with pytest.raises(InputError, match=message):
        find_pictures(tmp_path, LABELS, classes)


def test_names_are_mapped_and_folders_left_out(tmp_path: Path):
    for name in ("anger", "happy", "contempt"):
        write_picture(tmp_path / name / "x.png")
    found = find_pictures(tmp_path, LABELS, ("angry=anger", "=contempt"))
    assert [picture.label for picture in found] == [0, 1]
    (tmp_path / "neutral").mkdir()
    with pytest.raises(InputError, match="neutral: no picture in this class folder"):
        find_pictures(tmp_path, LABELS, ("angry=anger", "=contempt"))


def test_a_face_that_is_not_found_is_a_wrong_answer(elsewhere: Path):
    class Knowing:
        def probabilities(self, images: np.ndarray) -> np.ndarray:
            return np.eye(3, dtype=np.float32)[[1, 1, 2, 2, 2]]

    with opened(elsewhere) as root:
        faces = cut_out(
            find_pictures(root, LABELS), Contract(), Detector.load(ROOT / "models" / "face_detector")
        )
    assert faces.found.tolist() == [True, True, True, True, False]
    result = score_off_data(Knowing(), faces, LABELS)
    assert (result["pictures"], result["people"], result["not_found"]) == (5, 3, 1)
    assert (result["accuracy"], result["accuracy_found"]) == (0.8, 1.0)
    assert result["recall"] == {
        "happy": {"recall": 1.0, "pictures": 2},
        "neutral": {"recall": pytest.approx(2 / 3), "pictures": 3},
    }
    assert (result["mean_recall"], result["classes"]) == (None, [])  # too few pictures of each


def test_cropped_faces_are_their_own_crops(elsewhere: Path):
    with opened(elsewhere) as root:
        faces = cut_out(find_pictures(root, LABELS), Contract(), None)
    assert faces.found.all()
    expected = cv2.resize(
        cv2.imread(str(elsewhere / "test/happy/p0_1.png"), 0)[:, 40:280], (48, 48), interpolation=3
    )
    np.testing.assert_array_equal(faces.crops[0], expected)


def test_intervals_are_over_people_not_pictures():
    right = np.repeat([True, False] * 10, 50)  # twenty people, fifty pictures each, all alike

    def figure(weights):
        return float((weights * right).sum() / weights.sum())

    low, high = bootstrap(figure, np.repeat(np.arange(20), 50))
    assert 0.25 < low < 0.35 and 0.65 < high < 0.75  # about 1.96 * sqrt(0.25 / 20) = 0.22 on either side
    low, high = bootstrap(figure, np.arange(1000))
    assert 0.46 < low < 0.48 and 0.52 < high < 0.54  # 0.031 if each picture were a person
    assert bootstrap(figure, np.arange(1000)) == [low, high]


def test_mean_recall_is_over_the_classes_of_twenty_pictures():
    labels = np.repeat([0, 1, 2], [30, 20, 19])
    right = np.concatenate([np.arange(30) < 15, np.arange(20) < 20, np.arange(19) < 0])

    class Answers:
        def probabilities(self, images: np.ndarray) -> np.ndarray:
            return np.eye(3, dtype=np.float32)[np.where(right, labels, (labels + 1) % 3)]

    people = [str(number) for number in range(69)]
    faces = Faces(np.zeros((69, 48, 48), np.uint8), np.ones(69, bool), labels, people)
    result = score_off_data(Answers(), faces, LABELS)
    assert (result["classes"], result["mean_recall"]) == (["angry", "happy"], 0.75)
    assert result["accuracy"] == pytest.approx(35 / 69)


def test_the_command_reads_a_tar_and_writes_beside_the_models_own_figures(
    elsewhere: Path, tmp_path: Path, capsys
):
    archive = tmp_path / "elsewhere.tar"
    with tarfile.open(archive, "w") as tar:
        tar.add(elsewhere, "elsewhere")
    model = tmp_path / "nano"
    shutil.copytree(ROOT / "models" / "nano", model)
    before = (model / "evaluation.json").read_bytes()
    assert build_main.main(["evaluate", str(model), "--data", str(archive), "--detect"]) == 0
    result = read_json(model / "off_data.elsewhere.json")
    assert (result["data"], result["detected"], list(result["heads"])) == (
        "elsewhere.tar", True, ["both", "labels", "votes"],
    )  # fmt: skip
    with opened(archive) as root:
        detector = Detector.load(ROOT / "models" / "face_detector")
        faces = cut_out(find_pictures(root, FER2013_LABELS), Contract(), detector)
    for head, row in result["heads"].items():
        answers = TfliteClassifier(model / "int8.tflite", read_contract(model), head).probabilities(
            faces.crops
        )
        right = (answers.argmax(axis=1) == faces.labels) & faces.found
        assert (row["pictures"], row["people"], row["not_found"]) == (5, 3, 1)
        assert row["accuracy"] == pytest.approx(right.mean())
        expected = calibration_error(calibration_bins(answers[:4].max(axis=1), right[:4]))
        assert row["ece"] == pytest.approx(expected, rel=1e-5)
    assert len({row["ece"] for row in result["heads"].values()}) == 3
    assert (model / "evaluation.json").read_bytes() == before
    said = capsys.readouterr().out
    assert "5 pictures of 3 people, 1 not found (counted as wrong)" in said
    assert all(f"nano, {head}" in said for head in ("both", "labels", "votes"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--data", "{tmp}/none.tar"], "none.tar: no such file or folder"),
        (["--data", "{tmp}/text.tar"], "text.tar: neither a folder nor a .tar"),
        (
            ["--data", "{tmp}/elsewhere", "--votes", "v.csv"],
            "--votes v.csv: FER+ votes go with FER2013's rows only",
        ),
        (["--data", "{tmp}/elsewhere", "--classes", "angry=wrath"], "--classes: test has no folder wrath"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(elsewhere: Path, tmp_path: Path, words, message, capsys):
    (tmp_path / "text.tar").write_text("no archive")
    model = tmp_path / "nano"
    shutil.copytree(ROOT / "models" / "nano", model)
    before = sorted(path.name for path in model.iterdir())
    assert build_main.main(["evaluate", str(model), *(word.format(tmp=tmp_path) for word in words)]) == 2
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1
    assert sorted(path.name for path in model.iterdir()) == before


def test_a_picture_that_cannot_be_read_is_named(elsewhere: Path, tmp_path: Path):
    (elsewhere / "test/happy/broken_1.png").write_text("no picture")
    with opened(elsewhere) as root, pytest.raises(InputError, match=r"happy/broken_1\.png: "):
        cut_out(find_pictures(root, LABELS), Contract(), None)


def test_peers_and_ours_are_scored_on_the_same_crops(
    monkeypatch: pytest.MonkeyPatch, elsewhere: Path, capsys, tmp_path
):
    class Constant:
        def probabilities(self, images: np.ndarray) -> np.ndarray:
            assert images.shape == (5, 48, 48) and (images[4] == 0).all()
            return np.tile(np.eye(7, dtype=np.float32)[3], (len(images), 1))

    monkeypatch.setattr("benchmarks.off_data.fetch", lambda peer, cache: tmp_path)
    monkeypatch.setattr("benchmarks.off_data.open_peer", lambda *_: Constant())
    words = ["off-data", "--data", str(elsewhere), "--detect", "--out", str(tmp_path / "off.json")]
    assert benchmarks_main.main(words) == 0
    networks = read_json(tmp_path / "off.json")["networks"]
    ours = {
        f"{name}/int8, {head}" for name in ("nano", "small", "base") for head in ("both", "labels", "votes")
    }
    assert ours == {name for name in networks if "/" in name}
    assert {"human", "face-api", "fer-tflite"} <= networks.keys()
    for name in ("nano", "small", "base"):
        assert len({networks[f"{name}/int8, {head}"]["ece"] for head in ("both", "labels", "votes")}) == 3
    assert networks["human"]["recall"] == {
        "happy": {"recall": 1.0, "pictures": 2},
        "neutral": {"recall": 0.0, "pictures": 3},
    }
    assert FER2013_LABELS[3] == "happy" and "face-api" in capsys.readouterr().out
