import assert from 'node:assert/strict';
import {test} from 'node:test';

import {RUNTIME, vectors} from './vectors.mjs';

const {Classifier} = await import(new URL('classifier.js', RUNTIME));
const {readContract} = await import(new URL('contract.js', RUNTIME));
const {ModelDamagedError, UnsupportedImageError} = await import(new URL('errors.js', RUNTIME));
const {loadParts} = await import(new URL('loading.js', RUNTIME));
const {Recognizer} = await import(new URL('recognizer.js', RUNTIME));
const contract = readContract(vectors);
const image = {data: new Uint8ClampedArray(4 * 64 * 48).fill(90), width: 64, height: 48};
const box = [10, 8, 40, 38];
const eyes = [[18, 18], [32, 18]];

/** Probabilities that favour one class, by `lead`. */
const favouring = (index, lead = 0.5) =>
  Float32Array.from(contract.labels, (_, k) => (k === index ? lead : (1 - lead) / (contract.labels.length - 1)));

/** A recognizer whose detector and classifier answer what is queued, and a log of what they were asked. */
function recognizerOf(detections, answers) {
  const log = [];
  const detector = {detect: async () => (log.push('detect'), detections.shift())};
  const classifier = {probabilities: async (greys) => {
    log.push(`classify ${greys.map(({length}) => length)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return greys.map(() => answers.shift());
  }};
  return {log, recognizer: new Recognizer({contract, manifest: {}, classifier, detector, networks: []})};
}

test('bytes become probabilities as in Python, floats are passed on', async () => {
  const answer = (values) => ({run: async () => [values]});
  const grey = [new Uint8Array(2304)];
  const [bytes] = await new Classifier(answer(Uint8Array.of(0, 3, 255)), 3, {scale: 1 / 256, zero_point: 0})
    .probabilities(grey);
  assert.deepEqual([...bytes], [0, 3 / 256, 255 / 256]);
  const [shifted] = await new Classifier(answer(Uint8Array.of(2, 12)), 2, {scale: 0.1, zero_point: 2}).probabilities(grey);
  assert.deepEqual([...shifted], [0, Math.fround(Math.fround(0.1) * 10)]);
  const floats = Float32Array.of(0.25, 0.75);
  assert.deepEqual(await new Classifier(answer(floats), 2).probabilities(grey), [floats]);
  assert.deepEqual(await new Classifier(answer(floats), 2).probabilities([]), []);
  await assert.rejects(new Classifier(answer(floats), 7).probabilities(grey), ModelDamagedError);
});

test('a still image has neither tracks nor smoothing', async () => {
  const {recognizer, log} = recognizerOf([[{box, score: 0.9, eyes}]], [favouring(3)]);
  const {faces: [face], timings} = await recognizer.recognize(image);
  assert.deepEqual(face, {box: {x: 10, y: 8, width: 30, height: 30}, score: 0.9, track: null,
    probabilities: favouring(3), smoothed: null, label: contract.labels[3], eyes});
  assert.ok(timings.detect >= 0 && timings.classify >= 4);
  assert.deepEqual(log, ['detect', 'classify 2304']);
});

test('frames of a video have tracks, and a label that does not flicker', async () => {
  const frames = Array.from({length: 3}, () => [{box, score: 0.9, eyes}]);
  const {recognizer} = recognizerOf(frames, [favouring(3), favouring(6, 0.6), favouring(6, 0.6)]);
  const seen = [];
  for (const time of [0, 0.05, 0.6]) seen.push((await recognizer.recognize(image, {time})).faces[0]);
  assert.deepEqual(seen.map(({track}) => track), [1, 1, 1]);
  assert.deepEqual(seen.map(({label}) => label), [3, 3, 6].map((index) => contract.labels[index]));
  assert.ok(seen[1].smoothed[3] > seen[1].smoothed[6] && seen[1].probabilities[6] > 0.5);
});

test('a reset begins the numbers anew', async () => {
  const far = [200, 200, 230, 230];
  const {recognizer} = recognizerOf([[{box, score: 1, eyes}], [{box: far, score: 1, eyes}], [{box, score: 1, eyes}]],
    [favouring(0), favouring(0), favouring(0)]);
  const tracks = [];
  for (const time of [0, 0.1]) tracks.push((await recognizer.recognize(image, {time})).faces[0].track);
  recognizer.reset();
  tracks.push((await recognizer.recognize(image, {time: 0.2})).faces[0].track);
  assert.deepEqual(tracks, [1, 2, 1]);
});

test('calls are answered one after the other, a refused one stops nothing', async () => {
  const {recognizer, log} = recognizerOf([[], []], [favouring(1)]);
  const [first, tiny, cropped, second] = await Promise.allSettled([
    recognizer.recognize(image), recognizer.recognize({...image, width: 7}),
    recognizer.recognize(image, {cropped: true}), recognizer.recognize(image)]);
  assert.deepEqual([first.value.faces, second.value.faces], [[], []]);
  assert.ok(tiny.reason instanceof UnsupportedImageError);
  assert.deepEqual(cropped.value.faces[0].box, {x: 0, y: 0, width: 64, height: 48});
  assert.equal(cropped.value.faces[0].eyes, null);
  assert.deepEqual(log, ['detect', 'classify ', 'classify 2304', 'detect', 'classify ']);
});

test('where there is no secure context, no SIMD or no such engine, nothing is fetched', async () => {
  globalThis.fetch = () => assert.fail('fetched');
  const options = {manifestUrl: 'https://kit.example/m/manifest.json'};
  await assert.rejects(loadParts({...options, engine: 'webgl'}), RangeError);
  const {validate} = WebAssembly;
  WebAssembly.validate = () => false;
  await assert.rejects(loadParts(options), {name: 'SimdMissingError'});
  WebAssembly.validate = validate;
  globalThis.isSecureContext = false;
  await assert.rejects(loadParts(options), {name: 'InsecureContextError'});
  delete globalThis.isSecureContext;
});
