"""A person's own neutral through the real worker and networks in headless Chromium, and what a call refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from converters.golden import TOLERANCE
from face_emotion import Baseline, EmotionRecognizer
from face_emotion.files import read_json
from tests.support.engines import ENGINES, Evaluate, frame_with_one_face, images_of
from tests.support.paths import ROOT
from tests.support.runtime import DETECTOR

LOAD = """
const {Baseline, EmotionRecognizer} = await runtime('emotion');
const load = (model, options) => EmotionRecognizer.load(at(`models/${model}/manifest.json`), options);
const pictureOf = (text, size) => {
  const grey = bytes(text);
  const colours = Uint8ClampedArray.from({length: 4 * grey.length}, (_, k) => (k & 3) === 3 ? 255 : grey[k >> 2]);
  return new ImageData(colours, size);
};
const drawn = (image, places, width, height) => {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  const one = new OffscreenCanvas(image.width, image.height);
  one.getContext('2d').putImageData(image, 0, 0);
  for (const x of places) context.drawImage(one, x, 0);
  return canvas;
};
const told = (promise) => promise.then(() => 'accepted', ({name, message}) => [name, message]);
"""


def test_the_golden_baselines_in_the_browser(evaluate: Evaluate) -> None:
    cases = read_json(ROOT / "models/golden_baseline.json")["cases"]
    found = evaluate(
        """
        const {learnt, offsets} = await runtime('learning');
        const {probabilitiesOf, scores} = await runtime('softmax');
        return given.map(({labels, scale, zero_point: zero, weights, strength, frames, logits}) => {
          const scoresOf = (rows) => rows.map((row) => scores(Uint8Array.from(row), scale, zero, weights));
          const values = learnt(scoresOf(frames), labels);
          const taken = offsets(values, strength);
          const answers = scoresOf(logits).map((row) => row.map((score, place) => score - taken[place]));
          return {values: [...values], offsets: [...taken], scores: answers.map((row) => [...row]),
            probabilities: answers.map((row) => [...probabilitiesOf(row)])};
        });
        """,
        cases,
    )
    assert len(found) == 12
    for case, answer in zip(cases, found, strict=True):
        assert answer == {name: case[name] for name in ("values", "offsets", "scores", "probabilities")}


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_learnt_and_taken_off_is_what_python_says(
    engine: str, evaluate: Evaluate, served: Path
) -> None:
    faces = read_json(served / "small/golden.json")["faces"]
    found = evaluate(
        LOAD
        + """
        const recognizer = await load('personal', {engine: given.engine});
        const pictures = given.faces.map((face) => pictureOf(face, 48));
        const baseline = await recognizer.learnNeutral(pictures.slice(0, 4), {cropped: true});
        const single = await recognizer.learnNeutral(pictures[0], {cropped: true});
        const kept = Baseline.from(JSON.stringify(baseline));
        const result = {kept: JSON.stringify(baseline), single: single.values, answers: [], plain: []};
        for (const picture of pictures) {
          const [face] = await recognizer.recognize(picture, {cropped: true, baseline: kept});
          result.answers.push([...face.probabilities]);
          const [plain] = await recognizer.recognize(picture, {cropped: true});
          result.plain.push([...plain.probabilities]);
        }
        recognizer.dispose();
        return result;
        """,
        {"engine": engine, "faces": faces[::2]},
    )
    recognizer = EmotionRecognizer.load(served / "personal")
    images = images_of(faces[::2])
    expected = recognizer.learn_neutral(list(images[:4]), cropped=True)
    read = Baseline.from_dict(json.loads(found["kept"]))
    assert (read.model, read.head, read.labels) == (expected.model, expected.head, expected.labels)
    answers = [
        [
            list(recognizer.recognize(image, cropped=True, baseline=baseline)[0].probabilities.values())
            for image in images
        ]
        for baseline in (expected, None)
    ]
    assert np.abs(np.subtract(*answers)).max() > 0.05  # it changes something
    if engine == "litert":
        assert read == expected
        assert found["single"] == list(recognizer.learn_neutral(images[0], cropped=True).values)
        assert [found["answers"], found["plain"]] == answers
    else:
        assert np.abs(np.subtract(read.values, expected.values)).max() <= 256 * 0.5
        read_there = [
            list(recognizer.recognize(image, cropped=True, baseline=read)[0].probabilities.values())
            for image in images
        ]
        assert (
            np.abs(np.subtract(found["answers"], read_there)).max()
            <= TOLERANCE["tfjs_probability"] + np.abs(np.subtract(found["plain"], answers[1])).max()
        )


@pytest.mark.parametrize("engine", ENGINES)
def test_a_track_has_its_own_and_others_stay_as_they_are(engine: str, evaluate: Evaluate) -> None:
    found = evaluate(
        LOAD
        + """
        const recognizer = await load('personal', {engine: given.engine});
        const image = frameOf(given.frame);
        const two = drawn(image, [0, image.width], 2 * image.width, image.height);
        const plain = await recognizer.recognize(two, {time: 1, reach: 'near'});
        const baseline = await recognizer.learnNeutral([image, drawn(image, [0], image.width, image.height), image]);
        const [first, second] = plain.map(({track}) => track);
        const faces = {};
        const ways = {object: {[second]: baseline}, map: new Map([[second, baseline]]), every: baseline};
        for (const [name, value] of Object.entries(ways)) {
          await recognizer.reset();
          faces[name] = await recognizer.recognize(two, {time: 1, baseline: value, reach: 'near'});
        }
        const large = drawn(image, [0], image.width, image.height);
        const enlarged = new OffscreenCanvas(30 * image.width, 30 * image.height);
        enlarged.getContext('2d').drawImage(large, 0, 0, enlarged.width, enlarged.height);
        const [small] = await recognizer.recognize(image);
        const [big] = await recognizer.recognize(enlarged);
        const [cropped] = await recognizer.recognize(image, {cropped: true});
        recognizer.dispose();
        return {plain, faces, tracks: [first, second], small, big, cropped};
        """,
        {"engine": engine, "frame": frame_with_one_face()},
    )
    assert found["tracks"] == [1, 2]
    plain = [face["probabilities"] for face in found["plain"]]
    for name, changed in (("object", [1]), ("map", [1]), ("every", [0, 1])):
        for place, face in enumerate(found["faces"][name]):
            differs = face["probabilities"] != plain[place]
            assert differs == (place in changed), (name, place)
    names = read_json(DETECTOR / "manifest.json")["detector"]["keypoints"]
    assert len(names) == 5
    assert sorted(found["small"]["keypoints"]) == sorted(names)
    assert sorted(found["small"]["eyes"]) == sorted(
        found["small"]["keypoints"][name] for name in ("right_eye", "left_eye")
    )
    for name in names:
        np.testing.assert_allclose(
            found["big"]["keypoints"][name], np.multiply(30, found["small"]["keypoints"][name]), atol=30
        )
    assert found["cropped"]["keypoints"] is None
    for face in (found["small"], found["cropped"], *found["plain"]):
        shown = face["smoothed"] or face["probabilities"]
        assert face["certain"] == (max(shown) >= 0.5)


def test_what_a_baseline_cannot_be_learnt_from_or_used_with_is_one_line(evaluate: Evaluate) -> None:
    found = evaluate(
        LOAD
        + """
        const [recognizer, stranger, old, votes] = await Promise.all([
          load('personal'), load('stranger'), load('format1'), load('personal', {head: 'votes'})]);
        const image = frameOf(given);
        const two = drawn(image, [0, image.width], 2 * image.width, image.height);
        const none = new ImageData(64, 48);
        const baseline = await recognizer.learnNeutral(image);
        const [before] = await recognizer.recognize(image, {time: 1});
        const result = {
          two: await told(recognizer.learnNeutral([image, image, two, image])),
          none: await told(recognizer.learnNeutral(none)),
          empty: await told(recognizer.learnNeutral([])),
          unreadable: await told(recognizer.learnNeutral([image, 'me.jpg'])),
          strength: await told(old.learnNeutral(image)),
          useless: await told(old.recognize(image, {baseline})),
          stranger: await told(stranger.recognize(image, {baseline})),
          head: await told(votes.recognize(image, {baseline})),
          json: await told(recognizer.recognize(image, {baseline: JSON.parse(JSON.stringify(baseline))})),
          still: await told(recognizer.recognize(image, {baseline: {1: baseline}})),
        };
        const [after] = await recognizer.recognize(image, {time: 1.1, baseline: {[before.track]: baseline}});
        for (const one of [recognizer, stranger, old, votes]) one.dispose();
        return {result, tracks: [before.track, after.track]};
        """,
        frame_with_one_face(),
    )
    assert found["tracks"] == [1, 1]  # nothing was lost on the way
    result = found["result"]
    assert result.pop("unreadable")[0] == "UnsupportedImageError"
    assert {name for name, _ in result.values()} == {"BaselineError"}
    words = {
        "two": "frame 3 of 4: 2 faces where exactly one is expected; learn from",
        "none": "no face where exactly one is expected; learn from",
        "empty": "no frames",
        "strength": "(baseline_strength is 0); take a released model",
        "useless": "(baseline_strength is 0); take a released model",
        "stranger": "another model",
        "head": "another head (both where this recognizer has votes)",
        "json": "Baseline.from reads what was kept",
        "still": "needs a time",
    }
    for name, expected in words.items():
        assert expected in result[name][1] and "\n" not in result[name][1], name


def test_bad_pictures_and_times_are_one_line_and_nothing_is_lost(evaluate: Evaluate) -> None:
    found = evaluate(
        LOAD
        + """
        const recognizer = await load('small');
        const image = frameOf(given);
        const canvas = (width, height, colour = '#888') => {
          const made = new OffscreenCanvas(width, height);
          const context = made.getContext('2d');
          context.fillStyle = colour;
          context.fillRect(0, 0, width, height);
          return made;
        };
        const track = async (time, source) => (await recognizer.recognize(source, {time})).map((face) => face.track);
        const scaled = canvas(2 * image.width, 2 * image.height);
        const once = drawn(image, [0], image.width, image.height);
        scaled.getContext('2d').drawImage(once, 0, 0, scaled.width, scaled.height);
        const tracks = [await track(1, image)];
        const refused = {pixel: await told(recognizer.recognize(canvas(1, 1))),
          line: await told(recognizer.recognize(canvas(20000, 1)))};
        const times = {nan: NaN, infinite: Infinity, text: '1', big: 1n, object: {}, symbol: Symbol('now')};
        for (const [name, time] of Object.entries(times)) {
          refused[name] = await told(recognizer.recognize(image, {time}));
        }
        tracks.push(await track(1.1, image));
        const sizes = {};
        for (const [width, height] of [[20000, 8], [20000, 30], [9, 9], [33, 700], [640, 480], [800, 600]]) {
          sizes[`${width}x${height}`] = (await recognizer.recognize(canvas(width, height), {time: 1.2})).length;
        }
        tracks.push(await track(1.3, image), await track(1.4, scaled), await track(1.5, image));
        recognizer.dispose();
        return {tracks, refused, sizes};
        """,
        frame_with_one_face(),
    )
    assert found["tracks"][:3] == [[1], [1], [1]]
    assert [len(tracks) for tracks in found["tracks"]] == [
        1
    ] * 5  # frames that change their size are looked at
    assert set(found["sizes"].values()) == {0}
    refused = found["refused"]
    assert refused["pixel"] == [
        "UnsupportedImageError",
        "The picture has 1 × 1 pixels; at least 8 × 8 are needed.",
    ]
    assert refused["line"] == [
        "UnsupportedImageError",
        "The picture has 20000 × 1 pixels; at least 8 × 8 are needed.",
    ]
    times = {name: refused[name] for name in ("nan", "infinite", "text", "big", "object", "symbol")}
    assert {name for name, _ in times.values()} == {"RangeError"}
    assert all(message.endswith("a finite number of seconds is expected") for _, message in times.values())
