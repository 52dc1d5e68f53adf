import assert from 'node:assert/strict';
import {test} from 'node:test';

import {readContract} from '../../../web/static/runtime/contract.js';
import {UnsupportedImageError} from '../../../web/static/runtime/errors.js';
import {loadParts} from '../../../web/static/runtime/loading.js';
import {Recognizer} from '../../../web/static/runtime/recognizer.js';
import {released, support, vectors} from './vectors.mjs';

const contract = readContract(vectors);
const image = {data: new Uint8ClampedArray(4 * 64 * 48).fill(90), width: 64, height: 48};
/** @typedef {import('../../../web/static/runtime/decoding.js').Detection} Detection */
/** @type {Detection} */
const found = {box: [10, 8, 40, 38], score: 0.9, keypoints: {}, eyes: [[18, 18], [32, 18]]};

/**
 * Probabilities that favour one class, by `lead`.
 * @param {number} index
 */
const favouring = (index, lead = 0.5) =>
  Float32Array.from(contract.labels, (_, k) => (k === index ? lead : (1 - lead) / (contract.labels.length - 1)));

/**
 * A recognizer whose detector and classifier answer what is queued, and a log of what they were asked.
 * @param {Detection[][]} detections
 * @param {Float32Array[]} answers
 */
function recognizerOf(detections, answers) {
  /** @type {string[]} */
  const log = [];
  /** @template T @param {T[]} queue */
  const next = (queue) => queue.shift() ?? assert.fail('asked once more than expected');
  const detector = {detect: () => {
    log.push('detect');
    return Promise.resolve(next(detections));
  }};
  const classifier = {probabilities: async (/** @type {Uint8Array[]} */ greys) => {
    log.push(`classify ${greys.map(({length}) => length)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return greys.map(() => next(answers));
  }};
  return {log, recognizer: new Recognizer({contract, manifest: {}, classifier, detector, networks: []})};
}

test('a still image has neither tracks nor smoothing', async () => {
  const {recognizer, log} = recognizerOf([[found]], [favouring(3)]);
  const {faces: [face], timings} = await recognizer.recognize(image);
  assert.deepEqual(face, {box: {x: 10, y: 8, width: 30, height: 30}, score: 0.9, track: null,
    probabilities: favouring(3), smoothed: null, label: contract.labels[3], eyes: found.eyes});
  assert.ok(timings.detect >= 0 && timings.classify >= 4);
  assert.deepEqual(log, ['detect', 'classify 2304']);
});

test('frames of a video have tracks, and a label that does not flicker', async () => {
  const frames = Array.from({length: 3}, () => [found]);
  const {recognizer} = recognizerOf(frames, [favouring(3), favouring(6, 0.6), favouring(6, 0.6)]);
  const seen = [];
  for (const time of [0, 0.05, 0.6]) seen.push((await recognizer.recognize(image, {time})).faces[0]);
  assert.deepEqual(seen.map(({track}) => track), [1, 1, 1]);
  assert.deepEqual(seen.map(({label}) => label), [3, 3, 6].map((index) => contract.labels[index]));
  const {smoothed, probabilities} = seen[1];
  assert.ok(smoothed && smoothed[3] > smoothed[6] && probabilities[6] > 0.5);
});

test('a reset begins the numbers anew', async () => {
  const {recognizer} = recognizerOf([[found], [{...found, box: [200, 200, 230, 230]}], [found]],
    [favouring(0), favouring(0), favouring(0)]);
  const tracks = [];
  for (const time of [0, 0.1]) tracks.push((await recognizer.recognize(image, {time})).faces[0].track);
  recognizer.reset();
  tracks.push((await recognizer.recognize(image, {time: 0.2})).faces[0].track);
  assert.deepEqual(tracks, [1, 2, 1]);
});

test('calls are answered one after the other, a refused one stops nothing', async () => {
  const {recognizer, log} = recognizerOf([[], []], [favouring(1)]);
  const [first, , cropped, second] = await Promise.all([
    recognizer.recognize(image), assert.rejects(recognizer.recognize({...image, width: 7}), UnsupportedImageError),
    recognizer.recognize(image, {cropped: true}), recognizer.recognize(image)]);
  assert.deepEqual([first.faces, second.faces], [[], []]);
  assert.deepEqual(cropped.faces[0].box, {x: 0, y: 0, width: 64, height: 48});
  assert.equal(cropped.faces[0].eyes, null);
  assert.deepEqual(log, ['detect', 'classify ', 'classify 2304', 'detect', 'classify ']);
});

test('where there is no secure context, no SIMD or no such engine, nothing is fetched', async () => {
  globalThis.fetch = () => assert.fail('fetched');
  const options = {manifestUrl: 'https://kit.example/m/manifest.json'};
  // @ts-expect-error: what a page without a type checker can write
  await assert.rejects(loadParts({...options, engine: 'webgl'}), RangeError);
  const {validate} = WebAssembly;
  WebAssembly.validate = () => false;
  await assert.rejects(loadParts(options), {name: 'SimdMissingError'});
  WebAssembly.validate = validate;
  Object.defineProperty(globalThis, 'isSecureContext', {value: false, configurable: true});
  await assert.rejects(loadParts(options), {name: 'InsecureContextError'});
  Reflect.deleteProperty(globalThis, 'isSecureContext');
});

test('a head that the model does not have is refused before a network is fetched', async () => {
  const manifests = {
    format1: support('format1/nano/manifest.json'), small: released('small/manifest.json'),
    face_detector: released('face_detector/manifest.json'),
  };
  /** @type {string[]} */
  const fetched = [];
  globalThis.fetch = (address) => {
    const [, name, file] = new URL(String(address)).pathname.split('/');
    fetched.push(file);
    return Promise.resolve(new Response(JSON.stringify(manifests[/** @type {keyof manifests} */ (name)])));
  };
  /** @param {string} name @param {any} head */
  const load = (name, head) => loadParts({manifestUrl: `https://kit.example/${name}/manifest.json`, head, engine: 'litert'});
  await assert.rejects(load('format1', 'votes'), {name: 'RangeError', message: 'head votes: labels or both is expected of this model'});
  await assert.rejects(load('small', 'crowd'), {
    name: 'RangeError', message: 'head crowd: labels or votes or both is expected of this model'});
  assert.deepEqual(new Set(fetched), new Set(['manifest.json']));
});
