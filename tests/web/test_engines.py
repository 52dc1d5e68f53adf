"""Both engines in real headless Chromium, on the page's own files under its own policy: answers, memory, refusals."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from converters.golden import TOLERANCE
from converters.tfjs_runtime import TfjsModel
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import Normalization
from face_emotion.files import read_json
from face_emotion.model_files import ModelFolder
from model_build.synthetic.faces import draw_faces
from tests.support.browser import Record, chromium, require_chromium
from tests.support.paths import ROOT
from tests.support.runtime import DETECTOR
from tests.support.tflite import random_images
from tests.support.web import serving
from web.site import ENGINE_ARTIFACTS

ENGINES = ("tfjs", "litert")
VARIANTS = ("nano", "small", "base")
FORMAT_1 = ROOT / "tests/support/format1/nano"
IMAGES = 1000
# In the browser: `network(engine, model, role, shape)` loads one, `classifier(engine, model, head)` puts it behind the
# class that the runtime uses it by.
PRELUDE = """
const at = (path) => new URL(path, location.origin + '/').href;
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const runtime = (name) => import(at(`runtime/${name}.js`));
const network = async (engineName, folderName, role, shape) => {
  const {ModelFolder} = await runtime('model_files');
  const engine = await runtime(`engines/${engineName}`);
  const folder = await ModelFolder.open(at(`models/${folderName}/manifest.json`));
  const name = engine.artifacts[role];
  const loaded = await engine.load(await folder.artifact(name), shape);
  return {folder, loaded, artifact: folder.manifest.artifacts[name]};
};
const classifier = async (engineName, folderName, head = 'both') => {
  const {Classifier} = await runtime('classifier');
  const {readContract, weightsOf} = await runtime('contract');
  const {folder, loaded, artifact} = await network(engineName, folderName, 'classifier', [1, 48, 48, 1]);
  const contract = readContract(folder.manifest);
  return {contract, loaded, classifier: new Classifier(loaded, contract, weightsOf(contract, head), artifact)};
};
"""
Evaluate = Callable[..., Any]


@pytest.fixture(scope="module")
def models() -> Path:
    """The released models, or a folder like that which the environment variable MODELS names."""
    folder = Path(os.environ.get("MODELS", ROOT / "models"))
    if not (folder / "small/manifest.json").is_file():
        pytest.skip(f"{folder} holds no model `small`: build and release one first")
    return folder


@pytest.fixture(scope="module")
def served(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Those models, and beside them one of format 1, and `nano` with crops as they are: kind "none"."""
    folder = tmp_path_factory.mktemp("served")
    for name in (*VARIANTS, "face_detector"):
        (folder / name).symlink_to(models / name)
    _copy_for_the_browser(FORMAT_1, folder / "format1")
    plain = _copy_for_the_browser(models / "nano", folder / "plain")
    assert plain["contract"]["normalization"]["kind"] == "stretch"
    plain["contract"]["normalization"]["kind"] = "none"
    (folder / "plain/manifest.json").write_text(json.dumps(plain))
    return folder


def _copy_for_the_browser(model: Path, target: Path) -> dict[str, Any]:
    """Copies a model's networks that the engines load, names no others in its manifest, and returns that."""
    manifest = read_json(model / "manifest.json")
    manifest["artifacts"] = {name: manifest["artifacts"][name] for name in ENGINE_ARTIFACTS}
    for artifact in manifest["artifacts"].values():
        for entry in artifact["files"]:
            (target / entry["file"]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(model / entry["file"], target / entry["file"])
    (target / "manifest.json").write_text(json.dumps(manifest))
    return manifest


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    """1,000 grey images: half of them drawn faces, half random blobs."""
    return np.concatenate([draw_faces(IMAGES // 2, 77)[0], random_images(IMAGES // 2, seed=5)])


@pytest.fixture(scope="module")
def evaluate(served: Path) -> Iterator[Evaluate]:
    """Runs an async JavaScript function's body, with PRELUDE and `given`, in a document of the page's origin."""
    require_chromium()
    with serving("--models", str(served)) as server, chromium() as browser:
        context = browser.new_context(service_workers="block")
        record = Record(server.url)
        record.watch(context)
        page = context.new_page()
        page.set_default_timeout(180_000)
        page.goto(f"{server.url}models/index.json")

        def run(body: str, given: Any = None) -> Any:
            late = "new Promise((_, reject) => setTimeout(() => reject(new Error('no answer')), 180_000))"
            script = f"(given) => Promise.race([{late}, (async () => {{ {PRELUDE} {body} }})()])"
            return page.evaluate(script, given)

        run.page, run.server, run.record = page, server, record
        yield run
        assert record.foreign == []
        assert [error for error in record.errors if "Content Security Policy" in error] == []


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
        ).probabilities(_images_of(golden["faces"]))
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
    images = _images_of(faces)
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
def test_detector_finds_the_golden_faces(engine: str, evaluate: Evaluate, models: Path) -> None:
    golden = read_json(models / "face_detector/golden.json")
    found = evaluate(
        """
        const {Detector, readSettings} = await runtime('detector');
        const {loaded, folder} = await network(given.engine, 'face_detector', 'detector', [1, 128, 128, 3]);
        const detector = new Detector(loaded, readSettings(folder.manifest));
        const results = [];
        for (const {rgb, width, height} of given.frames) {
          const colours = bytes(rgb);
          const data = Uint8ClampedArray.from({length: 4 * width * height},
            (_, k) => (k & 3) === 3 ? 255 : colours[3 * (k >> 2) + (k & 3)]);
          results.push(await detector.detect({data, width, height}));
        }
        loaded.dispose();
        return results;
        """,
        {"engine": engine, "frames": golden["frames"]},
    )
    tolerance = golden["tolerance"]
    assert sum(len(frame["faces"]) for frame in golden["frames"]) >= 1
    for frame, faces in zip(golden["frames"], found, strict=True):
        pixel = max(frame["width"], frame["height"]) / golden["settings"]["input_size"]
        assert len(faces) == len(frame["faces"]), frame["name"]
        for face, expected in zip(faces, frame["faces"], strict=True):
            difference = np.abs(np.array(face["box"]) - expected["box"]).max() / pixel
            assert difference <= tolerance["frame_square_pixels"], frame["name"]
            assert abs(face["score"] - expected["score"]) <= tolerance["frame_score"]


def test_tensors_are_freed(evaluate: Evaluate) -> None:
    counts = evaluate(
        """
        const tf = await import(at('vendor/tfjs/tfjs.js'));
        const {loaded: face} = await network('tfjs', 'small', 'classifier', [1, 48, 48, 1]);
        const before = [];
        const {loaded: square} = await network('tfjs', 'face_detector', 'detector', [1, 128, 128, 3]);
        const grey = new Uint8Array(2304).fill(100);
        const frame = new Float32Array(128 * 128 * 3);
        await face.run(grey);
        for (let k = 0; k < 200; k++) {
          await face.run(grey);
          if (k % 10 === 0) await square.run(frame);
          before.push(tf.memory().numTensors);
        }
        square.dispose();
        return {runs: [...new Set(before)], disposed: tf.memory().numTensors};
        """
    )
    assert len(counts["runs"]) == 1, counts
    assert counts["disposed"] < counts["runs"][0]


@pytest.mark.parametrize("engine", ENGINES)
def test_webassembly_memory_does_not_grow(engine: str, evaluate: Evaluate) -> None:
    evaluate.page.reload()  # the engine starts anew, so that its memory can be got hold of
    sizes = evaluate(
        """
        const memories = [];
        for (const name of ['instantiate', 'instantiateStreaming']) {
          const original = WebAssembly[name];
          WebAssembly[name] = async (...args) => {
            const result = await original.apply(WebAssembly, args);
            const exported = Object.values(result.instance?.exports ?? {});
            const found = exported.find((entry) => entry instanceof WebAssembly.Memory);
            if (found) memories.push(found);
            return result;
          };
        }
        const {loaded} = await network(given, 'small', 'classifier', [1, 48, 48, 1]);
        const grey = new Uint8Array(2304).fill(100);
        const sizes = [];
        for (let k = 0; k < 700; k++) {
          await loaded.run(grey);
          if (k >= 200) sizes.push(memories.reduce((total, {buffer}) => total + buffer.byteLength, 0));
        }
        loaded.dispose();
        return [...new Set(sizes)];
        """,
        engine,
    )
    assert len(sizes) == 1 and sizes[0] > 1_000_000, sizes


@pytest.mark.parametrize("engine", ENGINES)
def test_recognizer_in_its_worker(engine: str, evaluate: Evaluate) -> None:
    """The whole way, as an embedder goes it: progress, a still image, a sequence, a cropped face, the end."""
    result = evaluate(
        """
        const {EmotionRecognizer, UnsupportedImageError} = await runtime('emotion');
        const steps = [];
        const recognizer = await EmotionRecognizer.load(at('models/small/manifest.json'), {
          engine: given.engine, onProgress: (progress) => steps.push(progress)});
        const {rgb, width, height} = given.frame;
        const colours = bytes(rgb);
        const image = new ImageData(Uint8ClampedArray.from({length: 4 * width * height},
          (_, k) => (k & 3) === 3 ? 255 : colours[3 * (k >> 2) + (k & 3)]), width, height);
        const canvas = new OffscreenCanvas(width, height);
        canvas.getContext('2d').putImageData(image, 0, 0);
        const still = await recognizer.recognize(image);
        const drawn = await recognizer.recognize(canvas);
        const large = new OffscreenCanvas(40 * width, 40 * height);
        large.getContext('2d').drawImage(canvas, 0, 0, 40 * width, 40 * height);
        const scaled = await recognizer.recognize(large);
        const both = await Promise.all([1, 1.1].map((time) => recognizer.recognize(image, {time})));
        await recognizer.reset();
        const [again] = await recognizer.recognize(image, {time: 1.2});
        const cropped = await recognizer.recognize(image, {cropped: true});
        const refused = {};
        for (const [name, source] of Object.entries({
          nothing: null, text: 'picture.png', empty: new Image(), tiny: new ImageData(1, 1),
          video: document.createElement('video'), canvas: Object.assign(document.createElement('canvas'), {width: 0}),
        })) {
          await recognizer.recognize(source).then(() => { refused[name] = 'accepted'; },
            (error) => { refused[name] = error instanceof UnsupportedImageError ? 'refused' : String(error); });
        }
        const usable = (await recognizer.recognize(image)).length;
        const waiting = recognizer.recognize(image);
        recognizer.dispose();
        const ended = await waiting.then(() => 'answered', (error) => error.name);
        return {steps, still, timings: still.timings, enumerable: Object.keys(still), drawn, scaled, both, again,
          cropped, refused, usable, ended, labels: recognizer.labels};
        """,
        {"engine": engine, "frame": _frame_with_one_face()},
    )
    done = [step["done"] for step in result["steps"]]
    assert done == sorted(done) and done[0] == 0 and done[-1] == 1
    assert [step["step"] for step in result["steps"]][-1] == "ready"
    (still,) = result["still"]
    assert still["track"] is None and still["smoothed"] is None and still["label"] in result["labels"]
    assert sum(still["probabilities"]) == pytest.approx(1, abs=0.02)
    assert result["enumerable"] == ["0"] and set(result["timings"]) == {"detect", "classify"}
    assert result["drawn"][0]["box"] == still["box"]
    for side, value in result["scaled"][0]["box"].items():
        assert value == pytest.approx(40 * still["box"][side], abs=40)
    assert [faces[0]["track"] for faces in result["both"]] == [1, 1]
    assert result["both"][0][0]["smoothed"] is not None
    assert result["again"]["track"] == 1
    assert result["cropped"][0]["box"] == {"x": 0, "y": 0, "width": 96, "height": 72}
    assert result["cropped"][0]["eyes"] is None
    assert set(result["refused"].values()) == {"refused"}, result["refused"]
    assert result["usable"] == 1 and result["ended"] == "AbortError"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("fault", ["damaged", "missing", "no network", "not there"])
def test_a_model_that_cannot_be_used(engine: str, fault: str, evaluate: Evaluate, models: Path) -> None:
    """What the page is told, by type: the bytes on the way are changed, since the server refuses such files."""
    file = {"tfjs": "small/tfjs/model.json", "litert": "small/int8.tflite"}[engine]
    content = (models / file).read_bytes()
    answers: dict[str, dict[str, Any]] = {
        "damaged": {"body": content[:-1] + bytes([content[-1] ^ 1])},
        "missing": {"status": 404, "body": ""},
        "no network": {"body": b"{}" + b" " * (len(content) - 2)},
        "not there": {},
    }
    answer = answers[fault]
    page = evaluate.page

    def reply(route) -> None:
        route.fulfill(**answer) if answer else route.abort()

    manifest = read_json(models / "small/manifest.json")
    if fault == "no network":
        for entry in manifest["artifacts"][{"tfjs": "tfjs", "litert": "int8"}[engine]]["files"]:
            if entry["file"] == file.removeprefix("small/"):
                entry["sha256"] = _sha256(answer["body"])
        page.route("**/models/small/manifest.json", lambda route: route.fulfill(body=json.dumps(manifest)))
    page.route(f"**/models/{file}", reply)
    try:
        found = evaluate(
            """
            const {EmotionRecognizer} = await runtime('emotion');
            return EmotionRecognizer.load(at('models/small/manifest.json'), {engine: given})
              .then(() => 'loaded', (error) => error.name);
            """,
            engine,
        )
    finally:
        page.unroute_all()
    expected = "ModelDamagedError" if fault in ("damaged", "no network") else "ModelMissingError"
    assert found == expected


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _images_of(faces: list[str]) -> np.ndarray:
    """Golden faces, base64, as uint8 [N,48,48]."""
    content = b"".join(base64.b64decode(face) for face in faces)
    return np.frombuffer(content, np.uint8).reshape(-1, 48, 48)


def _frame_with_one_face() -> dict[str, Any]:
    frames = read_json(DETECTOR / "golden.json")["frames"]
    return next(frame for frame in frames if len(frame["faces"]) == 1)
