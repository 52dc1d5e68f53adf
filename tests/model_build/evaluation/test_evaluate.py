"""Held-out sets, comparisons and evaluation.json, on fabricated predictions and on small real files."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import FER2013_LABELS, Contract
from face_emotion.errors import InputError
from face_emotion.files import write_json
from model_build.data.dataset import SELECTION, TEST, TRAINING, Dataset
from model_build.data.splits import USAGES
from model_build.data.votes import ferplus_rule, majority
from model_build.evaluation import artifacts, evaluate
from model_build.evaluation.evaluation_file import read_evaluation
from model_build.training.calibration import fit_temperature
from tests.support.report import write_contract
from tests.support.tflite import random_images, write_saved_model, write_tflite


def dataset(votes: bool = False, names: tuple[str, str, str] = USAGES) -> Dataset:
    """40 training, 30 selection and 30 test rows; rows 40 and 70 repeat training images."""
    images = random_images(100, seed=3)
    images[40], images[70] = images[0], images[5]
    split = np.repeat([TRAINING, SELECTION, TEST], [40, 30, 30]).astype(np.uint8)
    counts = np.random.default_rng(4).multinomial(10, [0.3] + [0.7 / 9] * 9, 100).astype(np.uint8)
    return Dataset(
        images, np.arange(100) % 7, split, FER2013_LABELS, names, counts if votes else None, name="tiny"
    )


class Oracle:
    """Answers as told: the label of each image with the given probability, the next class otherwise."""

    def __init__(self, data: Dataset, wrong: tuple[int, ...] = (), top: float = 0.6) -> None:
        self.answers = {}
        for row, (image, label) in enumerate(zip(data.images, data.labels, strict=True)):
            answer = np.full(7, (1 - top) / 6, np.float32)
            answer[(label + (row in wrong)) % 7] = top
            self.answers[image.tobytes()] = self.answers[image[:, ::-1].tobytes()] = answer

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        return np.array([self.answers[image.tobytes()] for image in images])


def test_sets_without_votes():
    data = dataset()
    sets = evaluate.evaluation_sets(data)
    assert {name: len(rows) for name, (rows, _) in sets.items()} == {
        "PublicTest": 30,
        "PublicTest without leaked": 29,
        "PrivateTest": 30,
        "PrivateTest without leaked": 29,
    }
    rows, labels = sets["PrivateTest without leaked"]
    assert 70 not in rows
    np.testing.assert_array_equal(labels, data.labels[rows])


def test_votes_add_the_crowds_labels():
    data = dataset(votes=True)
    sets = evaluate.evaluation_sets(data)
    for title, rule in (("FER+ majority", majority), ("FER+ own rule", ferplus_rule)):
        rows, labels = sets[f"PublicTest {title}"]
        crowd = rule(data.votes)
        assert rows.tolist() == [row for row in range(40, 70) if crowd[row] >= 0]
        np.testing.assert_array_equal(labels, crowd[rows])
        assert not np.array_equal(labels, data.labels[rows])


def test_a_split_without_rows_has_no_set():
    data = dataset().rows(np.arange(70))
    assert set(evaluate.evaluation_sets(data)) == {"PublicTest", "PublicTest without leaked"}


def test_predictions_are_scored_on_the_right_rows():
    data = dataset()
    models = {"float": Oracle(data), "int8": Oracle(data, wrong=(41, 71, 72))}
    predictions = evaluate.predict(models, data.images[evaluate.held_out(data)], "test")
    result = evaluate.evaluate_predictions(predictions, data)
    accuracy = {name: score["accuracy"] for name, score in result["artifacts"]["int8"].items()}
    assert accuracy == {
        "PublicTest": pytest.approx(29 / 30),
        "PublicTest without leaked": pytest.approx(28 / 29),
        "PrivateTest": pytest.approx(28 / 30),
        "PrivateTest without leaked": pytest.approx(27 / 29),
    }
    assert result["artifacts"]["float"]["PrivateTest"]["accuracy"] == 1
    assert result["agreement"]["int8"] == {"float": pytest.approx(57 / 60), "int8": 1.0}
    assert result["comparisons"] == []


def test_qat_and_ptq_are_compared_image_by_image():
    data = dataset()
    models = {"int8": Oracle(data, wrong=(71,)), "int8_ptq": Oracle(data, wrong=(72, 73))}
    predictions = evaluate.predict(models, data.images[evaluate.held_out(data)], "test")
    (comparison,) = evaluate.evaluate_predictions(predictions, data)["comparisons"]
    assert (comparison["a"], comparison["b"]) == ("int8", "int8_ptq")
    assert comparison["sets"]["PrivateTest"] == {"only_a": 2, "only_b": 1, "p_value": 1.0}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.full((60, 5), 0.2), r"int8: answers of shape \[60, 5\] where the data set has 60 held-out"),
        (np.full((59, 7), 1 / 7), r"int8: answers of shape \[59, 7\]"),
        (np.full((60, 7), np.nan), "int8: rows that are no probabilities"),
        (np.full((60, 7), 0.9), "int8: rows that are no probabilities"),
    ],
)
def test_impossible_predictions_are_refused(values, message):
    with pytest.raises(InputError, match=message):
        evaluate.evaluate_predictions({"int8": values}, dataset())


def test_confident_errors_come_from_the_given_set_and_the_surest_is_first():
    data = dataset()
    test = np.arange(70, 100), data.labels[70:]
    probabilities = Oracle(data, wrong=(45, 80, 90)).probabilities(data.images[40:])
    probabilities[90 - 40] = np.roll(np.array([0.94] + [0.01] * 6), (90 % 7) + 1)
    first, second = evaluate.confident_errors(probabilities, data, *test)
    assert first == {"row": 90, "label": 90 % 7, "answer": 91 % 7, "probability": pytest.approx(0.94)}
    assert (second["row"], second["probability"]) == (80, pytest.approx(0.6))
    assert len(evaluate.confident_errors(probabilities, data, *test, count=1)) == 1


@pytest.fixture
def build(tmp_path):
    write_tflite(tmp_path / "float32.tflite", quantized=False)
    write_tflite(tmp_path / "int8.tflite")
    write_contract(tmp_path)
    return tmp_path


def test_evaluate_build_runs_every_artifact_in_the_folder(build):
    data = dataset()
    write_saved_model(build / "float" / "saved_model")
    report = evaluate.evaluate_build(build, data)
    assert list(report["artifacts"]) == ["float", "float32", "int8"]
    assert report == read_evaluation(build) == json.loads((build / "evaluation.json").read_text())
    assert report["protocol"] == {
        "fitted_on": "Training",
        "selected_on": "PublicTest without leaked",
        "calibrated_on": "PublicTest without leaked",
        "headline": {"artifact": "int8", "set": "PrivateTest"},
        "crops": 1,
    }
    assert report["dataset"]["digest"] == data.digest
    assert sum(report["dataset"]["counts"]["Training"].values()) == 40
    expected = TfliteClassifier(build / "int8.tflite").probabilities(data.images[70:])
    score = report["artifacts"]["int8"]["PrivateTest"]
    assert score["accuracy"] == pytest.approx((expected.argmax(axis=1) == data.labels[70:]).mean(), rel=1e-5)
    assert report["agreement"]["float32"]["int8"] > 0.8
    spread = report["kernel_spread"]["int8"]
    assert set(report["kernel_spread"]) == {"int8"}
    assert 0 < spread["mean_step"] <= spread["max_step"] < 60
    assert len(report["confident_errors"]) == round(30 * (1 - score["accuracy"]))
    assert report["heads"] == {}  # of one head, whose answers are the artifact's


def test_the_flip_figure_is_the_mean_with_the_mirror_image(build):
    data = dataset()
    report = evaluate.evaluate_build(build, data)
    assert set(report["flip"]) == {"int8"}
    classifier = TfliteClassifier(build / "int8.tflite")
    images = data.images[70:]
    mean = classifier.probabilities(images) + classifier.probabilities(
        np.ascontiguousarray(images[:, :, ::-1])
    )
    expected = (mean.argmax(axis=1) == data.labels[70:]).mean()
    assert report["flip"]["int8"]["PrivateTest"]["accuracy"] == pytest.approx(expected, rel=1e-5)


def test_given_models_replace_the_folders(build):
    data = dataset()
    report = evaluate.evaluate_build(build, data, {"float": Oracle(data), "int8": Oracle(data, wrong=(71,))})
    assert list(report["artifacts"]) == ["float", "float32", "int8"]
    assert report["artifacts"]["float"]["PrivateTest"]["accuracy"] == 1
    assert report["artifacts"]["int8"]["PrivateTest"]["accuracy"] == pytest.approx(29 / 30, rel=1e-5)
    assert report["kernel_spread"] == {}


def test_the_votes_head_alone_is_headlined_by_the_crowds_own_rule(build):
    data = dataset(votes=True)
    write_json(build / "contract.json", dataclasses.replace(Contract(), heads=("votes",)).to_dict())
    report = evaluate.evaluate_build(build, data)
    assert report["protocol"]["headline"]["set"] == "PrivateTest FER+ own rule"
    assert report["protocol"]["calibrated_on"] == "PublicTest without leaked, FER+ own rule"
    rows, crowd = evaluate.evaluation_sets(data)["PrivateTest FER+ own rule"]
    labels = dict(zip(rows.tolist(), crowd.tolist(), strict=True))
    errors = report["confident_errors"]
    assert errors
    assert all(labels[entry["row"]] == entry["label"] != entry["answer"] for entry in errors)
    with pytest.raises(
        InputError, match="'PrivateTest FER\\+ own rule': no such set; this data set has PublicTest, "
    ):
        evaluate.evaluate_build(build, dataset())


@pytest.mark.parametrize(
    ("heads", "expected"),
    [
        (("labels",), None),
        (("labels", "votes"), None),
        (("votes",), "test FER+ own rule"),
    ],
)
def test_the_headline_is_by_the_crowd_for_the_votes_head_alone(heads, expected):
    assert evaluate.headline_set(dataset(names=("train", "validation", "test")), heads) == expected


def test_the_temperature_is_that_of_the_labels_that_the_headline_goes_by():
    data = dataset(votes=True)
    crowd = ferplus_rule(data.votes)
    kept = np.flatnonzero((data.split == SELECTION) & ~data.leaked() & (crowd >= 0))
    assert len(kept) >= 5
    answers = np.full((60, 7), 0.2 / 6)
    answers[np.arange(60), np.where(crowd[40:] >= 0, crowd[40:], 0)] = 0.8
    answers[kept[:2] - 40] = np.roll(answers[kept[:2] - 40], 1, axis=1)  # wrong by the crowd
    by_crowd = evaluate.evaluate_predictions(
        {"int8": answers}, data, headline_set="PrivateTest FER+ own rule"
    )["temperature"]["int8"]
    by_label = evaluate.evaluate_predictions({"int8": answers}, data)["temperature"]["int8"]
    assert by_crowd == pytest.approx(fit_temperature(np.log(answers[kept - 40]), crowd[kept]))
    assert by_label > 1.5 * by_crowd


def test_nothing_to_evaluate_is_an_error(tmp_path):
    with pytest.raises(InputError, match="no artifact to evaluate; run build first"):
        evaluate.evaluate_build(tmp_path, dataset())
    with pytest.raises(InputError, match="no image outside the Training split"):
        evaluate.evaluate_build(tmp_path, dataset().part(TRAINING))


def test_a_damaged_artifact_is_named_and_nothing_is_written(build):
    (build / "int8.tflite").write_bytes(b"TFL3" * 100)
    with pytest.raises(InputError, match=r"int8\.tflite: damaged"):
        evaluate.evaluate_build(build, dataset())
    assert not (build / "evaluation.json").exists()


def test_a_network_with_another_number_of_classes_is_refused(build):
    data = dataset()
    fewer = dataclasses.replace(data, labels=data.labels % 3, class_names=("a", "b", "c"), digest="")
    with pytest.raises(InputError, match="held-out images and 3 classes"):
        evaluate.evaluate_build(build, fewer)


def test_a_saved_model_answers_image_by_image_like_its_formula(tmp_path):
    images = random_images(5, seed=9)
    model = write_saved_model(tmp_path / "model")
    probabilities = artifacts.SavedModelClassifier(model, Contract()).probabilities(images)
    pooled = (images / 255).reshape(5, 4, 12, 4, 12).mean(axis=(2, 4)).reshape(5, 16)
    logits = pooled @ np.random.default_rng(3).normal(0, 0.2, (16, 7)) * 10
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(probabilities, expected, atol=1e-5)


def test_unusable_saved_models_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"takes .* is expected"):
        artifacts.SavedModelClassifier(write_saved_model(tmp_path / "big", size=96), Contract())
    (tmp_path / "junk").mkdir()
    (tmp_path / "junk" / "saved_model.pb").write_bytes(b"junk")
    with pytest.raises(InputError, match="junk: a damaged SavedModel; make it again"):
        artifacts.SavedModelClassifier(tmp_path / "junk", Contract())


def test_a_tfjs_model_that_does_not_run_is_an_input_error(tmp_path):
    for name in ("model.json", "weights.bin"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(InputError):
        artifacts.TfjsClassifier(tmp_path, Contract()).probabilities(random_images(2))


@pytest.mark.parametrize("content", ["{}", "[]", '{"protocol": {"headline": {}}}', "{", ""])
def test_a_damaged_evaluation_is_refused(tmp_path, content):
    (tmp_path / "evaluation.json").write_text(content)
    with pytest.raises(InputError, match=r"evaluation\.json"):
        read_evaluation(tmp_path)


def test_fer2013_has_the_known_sets(fer2013):
    sets = evaluate.evaluation_sets(fer2013)
    sizes = {name: len(rows) for name, (rows, _) in sets.items() if name.startswith("PrivateTest")}
    assert sizes == {
        "PrivateTest": 3589,
        "PrivateTest without leaked": 3301,
        "PrivateTest FER+ majority": 3350,
        "PrivateTest FER+ own rule": 3137,
    }
    assert len(sets["PublicTest without leaked"][0]) == 3589 - 280
    rows, labels = sets["PrivateTest FER+ majority"]
    assert np.bincount(labels).tolist() == [316, 22, 92, 909, 424, 421, 1166]
    assert (fer2013.labels[rows] == labels).mean() == pytest.approx(0.656, abs=5e-4)
