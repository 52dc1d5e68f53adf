"""Both engines in real headless Chromium, under the page's own policy: the whole way, memory, refusals."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from face_emotion.files import read_json
from tests.support.engines import ENGINES, Evaluate, frame_called, frame_with_one_face


def test_tensors_are_freed(evaluate: Evaluate) -> None:
    counts = evaluate(
        """
        const tf = await import(at('vendor/tfjs/tfjs.js'));
        const {loaded: face} = await network('tfjs', 'small', 'classifier', [1, 48, 48, 1]);
        const before = [];
        const {loaded: square} = await network('tfjs', 'face_detector', 'detector', [1, 160, 160, 3]);
        const grey = new Uint8Array(2304).fill(100);
        const frame = new Float32Array(160 * 160 * 3);
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
        const image = frameOf(given.frame);
        const {width, height} = image;
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
        {"engine": engine, "frame": frame_with_one_face()},
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


@pytest.mark.parametrize("engine", ENGINES)
def test_the_network_for_far_is_fetched_when_it_is_first_needed(engine: str, evaluate: Evaluate) -> None:
    """Small and turned faces through the worker, and what is fetched for them; near ones cost no second network."""
    recorded = evaluate.record.requests
    start = len(recorded)
    result = evaluate(
        """
        const {EmotionRecognizer} = await runtime('emotion');
        const recognizer = await EmotionRecognizer.load(at('models/small/manifest.json'), {engine: given.engine});
        const [one, four, lying] = [given.one, given.four, given.lying].map(frameOf);
        const result = {near: await recognizer.recognize(four, {reach: 'near'})};
        result.frame = await recognizer.recognize(four, {time: 1, reach: 'near'});
        await recognizer.learnNeutral(one).catch(() => {}); // this model takes no baseline: it is not looked at
        await fetch(at('models/index.json?now'));
        // A video glances far once the network for that is there; its frames do not wait for it.
        result.live = [];
        for (let k = 0; k < 200 && result.live.at(-1) !== 4; k++) {
          result.live.push((await recognizer.recognize(four, {time: 2 + k})).length);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        result.far = await recognizer.recognize(four, {reach: 'far'});
        result.lying = await recognizer.recognize(lying, {reach: 'far'});
        result.moving = await recognizer.recognize(lying, {reach: 'far', time: 1.1});
        result.refused = [];
        for (const reach of ['wide', '', 7]) {
          result.refused.push(await recognizer.recognize(one, {reach}).catch(({name, message}) => [name, message]));
        }
        const large = new OffscreenCanvas(12 * four.width, 12 * four.height);
        const drawn = await createImageBitmap(four);
        large.getContext('2d').drawImage(drawn, 0, 0, large.width, large.height);
        result.large = await recognizer.recognize(large, {reach: 'far'});
        recognizer.dispose();
        return result;
        """,
        {
            "engine": engine,
            "one": frame_called("one face"),
            "four": frame_called("four small faces"),
            "lying": frame_called("lying on the side"),
        },
    )
    fetched = [url.split("/models/", 1)[-1] for url in recorded[start:]]
    now = fetched.index("index.json?now")
    names = {"tfjs": ("tfjs/weights.bin", "tfjs_far/weights.bin"), "litert": ("near.tflite", "far.tflite")}
    near, far = (f"face_detector/{name}" for name in names[engine])
    assert near in fetched[:now] and far not in fetched[:now], fetched
    assert fetched[now:].count(far) == 1, fetched
    assert (len(result["near"]), len(result["frame"])) == (0, 0)
    assert result["live"][0] == 0 and result["live"][-1] == 4
    assert len(result["far"]) == 4
    assert [face["small"] for face in result["far"]] == [True] * 4  # about 20 pixels wide
    assert [len(face["keypoints"]) for face in result["lying"]] == [5]
    assert result["moving"][0]["track"] is not None and result["lying"][0]["track"] is None
    assert result["refused"] == [
        ["RangeError", f"reach {reach}: near or far is expected"] for reach in ("wide", "", 7)
    ]
    # 5760 pixels: scaled down to 4096, which is above what near takes, and back.
    assert len(result["large"]) == 4
    for face, expected in zip(
        sorted(result["large"], key=lambda one: one["box"]["x"]),
        sorted(result["far"], key=lambda one: one["box"]["x"]),
        strict=True,
    ):
        assert face["box"]["x"] == pytest.approx(12 * expected["box"]["x"], abs=40)
        assert face["small"] is False


@pytest.mark.parametrize("engine", ENGINES)
def test_seconds_between_looks_are_the_callers_choice(engine: str, evaluate: Evaluate) -> None:
    """A second face comes in beside one that is followed: looks at each frame, every half second, never."""
    found = evaluate(
        """
        const {EmotionRecognizer} = await runtime('emotion');
        const load = (lookEvery) =>
          EmotionRecognizer.load(at('models/small/manifest.json'), {engine: given.engine, lookEvery});
        const one = frameOf(given.frame);
        const {width, height} = one;
        const shown = (count) => {
          const context = new OffscreenCanvas(2 * width, height).getContext('2d');
          context.fillStyle = 'gray';
          context.fillRect(0, 0, 2 * width, height);
          for (let k = 0; k < count; k++) context.putImageData(one, k * width, 0);
          return context.getImageData(0, 0, 2 * width, height);
        };
        const counts = [];
        for (const lookEvery of [0, undefined, 1e9]) {
          const recognizer = await load(lookEvery);
          const own = [];
          for (const [time, count] of [[0, 1], [0.1, 2], [0.2, 2], [0.6, 2]]) {
            own.push((await recognizer.recognize(shown(count), {time})).map(({track}) => track));
          }
          recognizer.dispose();
          counts.push(own);
        }
        const refused = [];
        for (const lookEvery of [-1, NaN, '0.5']) {
          refused.push(await load(lookEvery).catch(({name, message}) => `${name}: ${message}`));
        }
        return {counts, refused};
        """,
        {"engine": engine, "frame": frame_called("one face")},
    )
    assert found["counts"] == [
        [[1], [1, 2], [1, 2], [1, 2]],
        [[1], [1], [1], [1, 2]],
        [[1], [1], [1], [1]],
    ]
    assert found["refused"] == [
        f"RangeError: lookEvery {wrong}: a finite number of seconds, 0 or more, is expected"
        for wrong in ("-1", "NaN", "0.5")
    ]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("fault", ["damaged", "missing", "not there"])
def test_a_network_for_far_that_cannot_be_used(
    engine: str, fault: str, evaluate: Evaluate, models: Path
) -> None:
    """Told of by the call that needs it; near goes on, and the next call tries again."""
    file = f"face_detector/{ {'tfjs': 'tfjs_far/weights.bin', 'litert': 'far.tflite'}[engine] }"
    content = (models / file).read_bytes()
    answers: dict[str, dict[str, Any]] = {
        "damaged": {"body": content[:-1] + bytes([content[-1] ^ 1])},
        "missing": {"status": 404, "body": ""},
        "not there": {},
    }
    answer = answers[fault]
    left = 1

    def reply(route) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            return route.continue_()
        return route.fulfill(**answer) if answer else route.abort()

    evaluate.page.route(f"**/models/{file}", reply)
    try:
        found = evaluate(
            """
            const {EmotionRecognizer} = await runtime('emotion');
            const recognizer = await EmotionRecognizer.load(at('models/small/manifest.json'), {engine: given.engine});
            const image = frameOf(given.frame);
            const look = (reach) => recognizer.recognize(image, {reach})
              .then(({length}) => length, ({name, message}) => [name, message]);
            const result = [];
            for (const reach of ['near', 'far', 'near', 'far']) result.push(await look(reach));
            recognizer.dispose();
            return result;
            """,
            {"engine": engine, "frame": frame_called("four small faces")},
        )
    finally:
        evaluate.page.unroute_all()
    near, refused, again, far = found
    assert (near, again, far) == (0, 0, 4)
    assert refused[0] == ("ModelDamagedError" if fault == "damaged" else "ModelMissingError")
    assert file in refused[1] and "\n" not in refused[1]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
