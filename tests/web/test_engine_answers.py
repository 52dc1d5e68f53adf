"""What both engines answer in real headless Chromium, on the page's own files: golden vectors, of every stage."""

from __future__ import annotations

import base64
import dataclasses
from pathlib import Path

import numpy as np
import pytest

from converters.golden import TOLERANCE
from converters.tfjs_runtime import TfjsModel
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import Normalization
from face_emotion.files import read_json
from face_emotion.kernel_check import KernelCheck, mosaic
from face_emotion.model_files import ModelFolder
from model_build.synthetic.faces import draw_faces
from tests.support.engines import ENGINES, FORMAT_1, VARIANTS, Evaluate, images_of
from tests.support.tflite import random_images

IMAGES = 1000


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    """1,000 grey images: half of them drawn faces, half random blobs."""
    return np.concatenate([draw_faces(IMAGES // 2, 77)[0], random_images(IMAGES // 2, seed=5)])


@pytest.mark.parametrize("engine", ENGINES)
def test_classifier_answers(engine: str, evaluate: Evaluate, models: Path, images: np.ndarray) -> None:
    if engine == "tfjs":
        images = images[::4]  # its answers are compared within an error, and it takes longer
    found = evaluate(
        """
        const {classifier: small, loaded} = await classifier(given.engine, 'small');
        const all = bytes(given.images);
        const greys = Array.from({length: given.count}, (_, k) => all.subarray(k * 2304, (k + 1) * 2304));
        const answers = await small.probabilities(greys);
        loaded.dispose();
        return answers.map((answer) => [...answer]);
        """,
        {
            "engine": engine,
            "count": len(images),
            "images": base64.b64encode(images.tobytes()).decode(),
        },
    )
    found = np.array(found, np.float32)
    contract = ModelFolder.open(models / "small").contract
    expected = TfliteClassifier(models / "small/int8.tflite", contract).probabilities(images)
    assert np.unique(expected.argmax(axis=1)).size > 2
    if engine == "litert":
        np.testing.assert_array_equal(found, expected)
        return
    agreement = (found.argmax(axis=1) == expected.argmax(axis=1)).mean()
    print(f"TF.js and int8: agreement {agreement:.3f}, largest error {np.abs(found - expected).max():.4f}")
    in_node = TfjsModel(models / "small/tfjs", contract).probabilities(images)
    assert np.abs(found - in_node).max() <= TOLERANCE["tfjs_probability"]
    assert agreement >= 0.95


def test_other_zero_points_than_0_are_the_files_own(evaluate: Evaluate, served: Path) -> None:
    faces = random_images(60, seed=5)
    found = evaluate(
        """
        const {classifier: odd, loaded} = await classifier('litert', 'zero');
        const faces = given.map(bytes);
        const raws = [];
        for (const face of faces) raws.push([...await odd.raw(face)]);
        const answers = await odd.probabilities(faces);
        loaded.dispose();
        return {raws, answers: answers.map((answer) => [...answer])};
        """,
        [base64.b64encode(face.tobytes()).decode() for face in faces],
    )
    python = TfliteClassifier(served / "zero/int8.tflite", ModelFolder.open(served / "zero").contract)
    assert python.input_scale[1] == 60 and python.output_scale[1] > 50
    np.testing.assert_array_equal(found["raws"], python.raw(faces))
    np.testing.assert_array_equal(np.array(found["answers"], np.float32), python.probabilities(faces))


@pytest.mark.parametrize("variant", VARIANTS)
def test_litert_runs_xnnpacks_kernels(variant: str, evaluate: Evaluate, models: Path) -> None:
    """The twenty inputs by which Python and Android see it when they load a model; here it is part of the runtime."""
    check = KernelCheck.of(ModelFolder.open(models / variant))
    assert check is not None
    mosaics = [base64.b64encode(mosaic(number).tobytes()).decode() for number in check.inputs]
    found = evaluate(
        """
        const {classifier: own, loaded} = await classifier('litert', given.variant);
        const answers = [];
        for (const face of given.faces.map(bytes)) answers.push([...await own.raw(face)]);
        loaded.dispose();
        return answers;
        """,
        {"variant": variant, "faces": mosaics},
    )
    assert found == [list(row) for row in check.logits]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("variant", VARIANTS)
def test_golden_vectors(variant: str, engine: str, evaluate: Evaluate, models: Path) -> None:
    """Each stage between a face and the answers of its heads, against the file that Python wrote."""
    golden = read_json(models / variant / "golden.json")
    assert golden["format"] == 2 and len(golden["faces"]) == 35
    found = evaluate(
        """
        const {normalized} = await runtime('normalization');
        const {probabilitiesOf} = await runtime('softmax');
        const faces = given.faces.map(bytes);
        const text = (values) => btoa(String.fromCharCode(...values));
        const result = {probabilities: {}};
        for (const head of given.heads) {
          const {classifier: own, contract, loaded} = await classifier(given.engine, given.variant, head);
          result.probabilities[head] = (await own.probabilities(faces)).map((answer) => [...answer]);
          if (head === 'both') {
            result.labels = contract.labels;
            result.normalized = faces.map((face) => text(normalized(face, contract.normalization)));
            result.logits = [];
            for (const face of faces) result.logits.push([...await own.raw(face)]);
          }
          loaded.dispose();
        }
        result.softmax = given.scores.map((row) => [...probabilitiesOf(row)]);
        return result;
        """,
        {
            "engine": engine,
            "variant": variant,
            "heads": ["both", "labels", "votes"],
            "faces": golden["faces"],
            "scores": golden["softmax"]["scores"],
        },
    )
    assert found["labels"] == golden["labels"]
    assert found["normalized"] == golden["normalized"]
    assert found["softmax"] == golden["softmax"]["probabilities"]
    answers = found["probabilities"]
    if engine == "litert":
        assert found["logits"] == golden["int8"]["logits"]
        assert answers == golden["int8"]["probabilities"]
        return
    tolerance = golden["tolerance"]["tfjs_probability"]
    assert np.abs(np.subtract(answers["both"], golden["tfjs"]["probabilities"])).max() <= tolerance
    for head in ("labels", "votes"):
        in_node = TfjsModel(
            models / variant / "tfjs", ModelFolder.open(models / variant).contract, head
        ).probabilities(images_of(golden["faces"]))
        assert np.abs(answers[head] - in_node).max() <= tolerance, head


@pytest.mark.parametrize("engine", ENGINES)
def test_a_model_of_format_1_gives_its_golden_answers(engine: str, evaluate: Evaluate) -> None:
    golden = read_json(FORMAT_1 / "golden.json")
    assert golden["format"] == 1 and len(golden["faces"]) == 28
    found = evaluate(
        """
        const {classifier: old, contract, loaded} = await classifier(given.engine, 'format1');
        const faces = given.faces.map(bytes);
        const raw = [];
        for (const face of faces) raw.push([...await old.raw(face)]);
        const answers = (await old.probabilities(faces)).map((answer) => [...answer]);
        loaded.dispose();
        return {heads: contract.heads, raw, answers};
        """,
        {"engine": engine, "faces": golden["faces"]},
    )
    assert found["heads"] == ["labels"]
    if engine == "litert":
        assert found["raw"] == golden["int8"]["outputs"]
        assert (golden["int8"]["scale"], golden["int8"]["zero_point"]) == (1 / 256, 0)
        assert found["answers"] == [[step / 256 for step in row] for row in golden["int8"]["outputs"]]
    else:
        difference = np.abs(np.subtract(found["answers"], golden["tfjs"]["probabilities"])).max()
        assert difference <= golden["tolerance"]["tfjs_probability"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_model_whose_crops_stay_as_they_are(engine: str, evaluate: Evaluate, models: Path) -> None:
    """Faces in bad light, of which a stretch makes something else."""
    golden = read_json(models / "nano/golden.json")
    faces = golden["faces"][28:]
    found = evaluate(
        """
        const result = {};
        for (const model of ['plain', 'nano']) {
          const {classifier: own, loaded} = await classifier(given.engine, model);
          result[model] = (await own.probabilities(given.faces.map(bytes))).map((answer) => [...answer]);
          loaded.dispose();
        }
        return result;
        """,
        {"engine": engine, "faces": faces},
    )
    stated = ModelFolder.open(models / "nano").contract
    contract = dataclasses.replace(stated, normalization=Normalization("none"))
    images = images_of(faces)
    if engine == "litert":
        expected = TfliteClassifier(models / "nano/int8.tflite", contract).probabilities(images)
        np.testing.assert_array_equal(np.array(found["plain"], np.float32), expected)
    else:
        expected = TfjsModel(models / "nano/tfjs", contract).probabilities(images)
        assert np.abs(found["plain"] - expected).max() <= TOLERANCE["tfjs_probability"]
    differs = np.abs(np.subtract(found["plain"], found["nano"])).max(axis=1)
    flat = np.array([face == seen for face, seen in zip(faces, golden["normalized"][28:], strict=True)])
    assert flat[6] and (differs[flat] == 0).all(), differs  # one grey: nothing to stretch
    assert differs[2] > 0.05, differs  # a tenth of the contrast


def test_load_gives_the_answer_of_the_head_that_is_asked_for(evaluate: Evaluate, models: Path) -> None:
    """The whole way of golden faces, as cropped pictures through a recognizer's worker."""
    golden = read_json(models / "small/golden.json")
    old = read_json(FORMAT_1 / "golden.json")
    found = evaluate(
        """
        const {EmotionRecognizer} = await runtime('emotion');
        const pictureOf = (text) => {
          const grey = bytes(text);
          const colours = Uint8ClampedArray.from({length: 4 * 2304}, (_, k) => (k & 3) === 3 ? 255 : grey[k >> 2]);
          return new ImageData(colours, 48);
        };
        const answers = async (model, faces, options) => {
          const url = at(`models/${model}/manifest.json`);
          const recognizer = await EmotionRecognizer.load(url, {engine: 'litert', ...options});
          const result = [];
          for (const face of faces) {
            const [{probabilities}] = await recognizer.recognize(pictureOf(face), {cropped: true});
            result.push([...probabilities]);
          }
          recognizer.dispose();
          return result;
        };
        const refused = (model, head) =>
          answers(model, [], {head}).then(() => 'loaded', ({name, message}) => [name, message]);
        const result = {default: await answers('small', given.faces), heads: {}};
        for (const head of ['both', 'labels', 'votes']) {
          result.heads[head] = await answers('small', given.faces, {head});
        }
        result.old = [];
        for (const head of ['both', 'labels']) result.old.push(await answers('format1', given.old, {head}));
        result.refused = [await refused('format1', 'votes'), await refused('small', 'crowd')];
        return result;
        """,
        {"faces": golden["faces"][::3], "old": old["faces"][::3]},
    )
    expected = {head: rows[::3] for head, rows in golden["int8"]["probabilities"].items()}
    assert found["heads"] == expected
    assert found["default"] == expected["both"]
    assert expected["both"] != expected["labels"] != expected["votes"]
    steps = [[step / 256 for step in row] for row in old["int8"]["outputs"][::3]]
    assert found["old"] == [steps, steps]
    assert found["refused"] == [
        ["RangeError", "head votes: labels or both is expected of this model"],
        ["RangeError", "head crowd: labels or votes or both is expected of this model"],
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_detector_finds_the_golden_faces_near_and_far(engine: str, evaluate: Evaluate, models: Path) -> None:
    golden = read_json(models / "face_detector/golden.json")
    found = evaluate(
        """
        const yunet = await detector(given.engine, 'face_detector');
        const results = [];
        for (const frame of given.frames) {
          const image = frameOf(frame);
          results.push({near: await yunet.detect(image, 'near'), far: await yunet.detect(image, 'far')});
        }
        yunet.dispose();
        return results;
        """,
        {"engine": engine, "frames": golden["frames"]},
    )
    counts = {reach: [len(frame[reach]) for frame in golden["frames"]] for reach in ("near", "far")}
    assert sum(counts["near"]) >= 4 and sum(counts["far"]) >= 9
    for frame, faces in zip(golden["frames"], found, strict=True):
        for reach in ("near", "far"):
            assert_faces(faces[reach], frame[reach], golden["tolerance"], f"{frame['name']}, {reach}")


@pytest.mark.parametrize("engine", ENGINES)
def test_live_search_finds_the_golden_faces_of_a_video(engine: str, evaluate: Evaluate, models: Path) -> None:
    golden = read_json(models / "face_detector/golden.json")
    video = golden["video"]
    (picture,) = (frame for frame in golden["frames"] if frame["name"] == video["picture"])
    found = evaluate(
        """
        const yunet = await detector(given.engine, 'face_detector');
        const upright = frameOf(given.picture);
        const live = yunet.live();
        await yunet.openFar();
        live.faces(upright, -100); // asks for the network for far, which is there
        await new Promise((resolve) => setTimeout(resolve));
        const {width, height, data} = upright;
        const shown = (quarters, [right, down]) => {
          if (quarters === null) return {width, height, data: new Uint8ClampedArray(data.length).fill(128)};
          let from = new Uint32Array(data.slice().buffer);
          for (let quarter = 0; quarter < quarters; quarter++) {
            from = from.map((_, place) => from[(place % width) * width + width - 1 - Math.floor(place / width)]);
          }
          from = from.map((_, place) => from[(Math.floor(place / width) + height - down) % height * width +
            (place % width + width - right) % width]);
          return {width, height, data: new Uint8ClampedArray(from.buffer)};
        };
        const results = [];
        const video = yunet.live();
        for (const {time, quarters, shift} of given.frames) {
          results.push(await video.faces(shown(quarters, shift), time));
        }
        yunet.dispose();
        return results;
        """,
        {"engine": engine, "picture": picture, "frames": video["frames"]},
    )
    counts = [len(frame["faces"]) for frame in video["frames"]]
    assert counts == [2, 2, 2, 2, *[0] * 4, 1, 1, 1, *[0] * 5, *[1] * 10, 2, 2, 2]
    for faces, frame in zip(found, video["frames"], strict=True):
        assert_faces(faces, frame["faces"], golden["tolerance"], f"{frame['time']} s")


def assert_faces(found: list[dict], expected: list[dict], tolerance: dict, where: str) -> None:
    """Compares faces of the page with golden ones."""
    assert len(found) == len(expected), where
    for face, golden in zip(found, expected, strict=True):
        assert abs((face["turn"] - golden["turn"] + 180) % 360 - 180) <= tolerance["frame_degrees"], where
        names = list(golden["keypoints"])
        assert list(face["keypoints"]) == names
        pairs = [(face["box"], golden["box"]), (face["uprightBox"], golden["upright_box"])]
        pairs += [(face["keypoints"][name], golden["keypoints"][name]) for name in names]
        pairs += [(face["eyes"], golden["eyes"])]
        assert max(np.abs(np.subtract(*pair)).max() for pair in pairs) <= tolerance["frame_pixels"], where
        assert abs(face["score"] - golden["score"]) <= tolerance["frame_score"], where
