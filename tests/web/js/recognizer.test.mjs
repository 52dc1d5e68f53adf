import assert from 'node:assert/strict';
import {test} from 'node:test';

import {Baseline} from '../../../web/static/runtime/baseline.js';
import {Classifier} from '../../../web/static/runtime/classifier.js';
import {readContract} from '../../../web/static/runtime/contract.js';
import {detectionOf} from '../../../web/static/runtime/detection.js';
import {BaselineError, UnsupportedImageError} from '../../../web/static/runtime/errors.js';
import {sampleGrey} from '../../../web/static/runtime/geometry.js';
import {offsets} from '../../../web/static/runtime/learning.js';
import {loadParts} from '../../../web/static/runtime/loading.js';
import {Recognizer} from '../../../web/static/runtime/recognizer.js';
import {floatProbabilities, logScores, probabilitiesOf} from '../../../web/static/runtime/softmax.js';
import {released, support, vectors} from './vectors.mjs';

const contract = readContract(vectors);
const MODEL = 'c'.repeat(64);
const manifest = {artifacts: {int8: {files: [{sha256: MODEL}]}}};
const image = {data: new Uint8ClampedArray(4 * 64 * 48).fill(90), width: 64, height: 48};
/** @typedef {import('../../../web/static/runtime/detection.js').Detection} Detection */
const found = detectionOf([10, 8, 40, 38], 0.9, {right_eye: [18, 18], left_eye: [32, 18], nose_tip: [25, 24]});

/**
 * Probabilities that favour one class, by `lead`.
 * @param {number} index
 */
const favouring = (index, lead = 0.5) =>
  Float32Array.from(contract.labels, (_, k) => (k === index ? lead : (1 - lead) / (contract.labels.length - 1)));

/**
 * A recognizer whose detector and classifier answer what is queued, and a log of what they were asked.
 * @param {Detection[][]} detections
 * @param {Float32Array[]} answers as a network of format 1 gives them
 * @param {object} [changed] entries of the contract
 * @param {number} [lookEvery]
 */
function recognizerOf(detections, answers, changed, lookEvery = 0.5) {
  /** @type {string[]} */
  const log = [];
  /** @template T @param {T[]} queue */
  const next = (queue) => queue.shift() ?? assert.fail('asked once more than expected');
  const detector = {
    /** @param {unknown} _ @param {string} [reach] */
    detect: (_, reach) => {
      log.push(String(reach));
      return Promise.resolve(next(detections));
    },
    live: (/** @type {number | undefined} */ every) => ({
      faces: (/** @type {unknown} */ _, /** @type {number} */ time) => {
        log.push(`live ${time}, every ${every}`);
        return Promise.resolve(next(detections));
      },
    }),
    portrait: () => {
      log.push('portrait');
      return Promise.resolve(next(detections));
    },
    /** @param {import('../../../web/static/runtime/contract.js').Crop} crop */
    crop: (crop) => ({...crop, boxWidth: 0.5}),
  };
  const run = async (/** @type {Uint8Array | Float32Array} */ {length}) => {
    log.push(`classify ${length}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return [next(answers)];
  };
  const own = {...contract, ...changed};
  const classifier = new Classifier({run, outputs: ['probabilities']}, {...own, heads: ['labels'], blend: [1]});
  return {log, recognizer: new Recognizer({contract: own, manifest, head: 'both', classifier, detector, owned: []}, lookEvery)};
}

test('a still image has neither tracks nor smoothing', async () => {
  const {recognizer, log} = recognizerOf([[found]], [favouring(3)]);
  const {faces: [face], timings} = await recognizer.recognize(image);
  assert.deepEqual(face, {box: {x: 10, y: 8, width: 30, height: 30}, score: 0.9, track: null,
    probabilities: favouring(3), smoothed: null, label: contract.labels[3], certain: true, eyes: found.eyes, keypoints: found.keypoints, small: false,
    crop: {centerX: 25, centerY: 23 - 60 * (contract.crop.boxCenter[1] - 0.5), side: 60, angle: 0}});
  assert.ok(timings.detect >= 0 && timings.classify >= 4);
  assert.deepEqual(log, ['far', 'classify 2304']);
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
  assert.deepEqual([cropped.faces[0].eyes, cropped.faces[0].keypoints], [null, null]);
  assert.deepEqual(log, ['far', 'classify 2304', 'far']);
});

test('an answer is certain from the contract\'s least probability on, of a track that of the smoothed ones', async () => {
  const {recognizer} = recognizerOf([[found], [found], [found], [found]],
    [favouring(1, 0.25), favouring(1, 0.24), favouring(1, 0.9), favouring(2, 0.9)], {unsureBelow: 0.25});
  const certain = async (/** @type {number | null} */ time) => (await recognizer.recognize(image, {time})).faces[0].certain;
  assert.deepEqual([await certain(null), await certain(null)], [true, false]);
  assert.equal(await certain(0), true);
  const sure = recognizerOf([[found], [found]], [favouring(1, 0.9), favouring(2, 0.9)], {unsureBelow: 0.6}).recognizer;
  await sure.recognize(image, {time: 0});
  const [face] = (await sure.recognize(image, {time: 0.3})).faces;
  assert.ok(Math.max(...face.probabilities) > 0.8 && face.certain === false);
});

test('a baseline is learnt from frames of one face, and taken off the answers of its track only', async () => {
  const sad = contract.labels.indexOf('sad');
  const other = detectionOf([200, 8, 230, 38], 0.9, found.keypoints);
  const both = [found, other];
  const {recognizer, log} = recognizerOf([[found], [found], [found], both, both, [found]],
    [favouring(sad, 0.6), favouring(sad, 0.7), favouring(sad, 0.8), ...Array.from({length: 5}, () => favouring(sad, 0.7))]);
  const baseline = await recognizer.learnNeutral([image, image, image], 3);
  assert.deepEqual([baseline.model, baseline.head, baseline.labels], [MODEL, 'both', contract.labels]);
  assert.equal(baseline.values[contract.labels.indexOf('neutral')], 0);
  assert.ok(baseline.values[sad] > 400, `${baseline.values}`);
  assert.equal(log.length, 6);
  const plain = (await recognizer.recognize(image, {time: 0})).faces;
  assert.deepEqual(plain.map(({track, probabilities}) => [track, probabilities]), [[1, favouring(sad, 0.7)], [2, favouring(sad, 0.7)]]);
  const faces = (await recognizer.recognize(image, {time: 1, baselines: new Map([[2, baseline]])})).faces;
  const taken = offsets(baseline.values, contract.baselineStrength);
  const expected = probabilitiesOf(logScores(favouring(sad, 0.7)).map((score, place) => score - taken[place]));
  assert.deepEqual(faces.map(({probabilities}) => probabilities), [favouring(sad, 0.7), expected]);
  const [still] = (await recognizer.recognize(image, {baselines: new Map([[null, baseline]])})).faces;
  assert.deepEqual(still.probabilities, expected);
});

test('the detector looks as far as is asked for: still images as the contract says, frames live', async () => {
  const {recognizer, log} = recognizerOf([[], [], [], [], []], []);
  for (const options of [{}, {time: 0}, {reach: 'near'}, {reach: 'far', time: 1}, {reach: null}]) {
    await recognizer.recognize(image, /** @type {any} */ (options));
  }
  assert.deepEqual(log, ['far', 'live 0, every 0.5', 'near', 'far', 'far']);
  const cautious = recognizerOf([[]], [], {reach: 'near'});
  await cautious.recognizer.recognize(image);
  assert.deepEqual(cautious.log, ['near']);
  for (const reach of ['wide', '', 1, {}]) {
    await assert.rejects(recognizer.recognize(image, /** @type {any} */ ({reach})), {
      name: 'RangeError', message: /^reach .*: near or far is expected$/});
  }
});

test('seconds between looks are the detector\'s to keep; those that are none are refused', async () => {
  const {recognizer, log} = recognizerOf([[]], [], {}, 0);
  await recognizer.recognize(image, {time: 3});
  assert.deepEqual(log, ['live 3, every 0']);
  for (const lookEvery of [-0.1, NaN, Infinity, '1', null, {}]) {
    assert.throws(() => recognizerOf([], [], {}, /** @type {any} */ (lookEvery)), {
      name: 'RangeError', message: /^lookEvery .*: a finite number of seconds, 0 or more, is expected$/});
  }
});

test('a crop of a face is what the network was given of it, and classifying it answers the same', async () => {
  const {recognizer, log} = recognizerOf([[found]], [favouring(3), favouring(3), favouring(5)]);
  const data = image.data.map((_, place) => 37 * place % 251);
  const picture = {...image, data};
  const {faces: [face]} = await recognizer.recognize(picture);
  const grey = await recognizer.crop(picture, face);
  assert.equal(grey.length, 48 * 48);
  assert.deepEqual(grey, sampleGrey(picture, face.crop, 48, contract.luma, contract.crop.maxSamples));
  const {answers, times} = await recognizer.classify([grey, new Uint8Array(48 * 48)]);
  assert.deepEqual(answers, [favouring(3), favouring(5)]);
  assert.ok(times.length === 2 && times.every((time) => time >= 4));
  assert.deepEqual(log, ['far', ...Array(3).fill('classify 2304')]);
});

test('each head is asked by its own weights; what is no crop, or no head, is refused', async () => {
  const logits = new Float32Array(14);
  [logits[3], logits[7 + 5]] = [4, 3];
  const run = () => Promise.resolve([logits]);
  const classifier = new Classifier({run, outputs: ['logits']}, contract);
  const never = () => assert.fail('nothing is detected');
  const detector = {detect: never, live: never, portrait: never, crop: never};
  const recognizer = new Recognizer({contract, manifest, head: 'labels', classifier, detector, owned: []});
  const grey = new Uint8Array(48 * 48);
  /** @param {import('../../../web/static/runtime/contract.js').Head | 'both'} [head] */
  const ask = async (head) => (await recognizer.classify([grey], {head})).answers[0];
  const {blend, sharpness} = contract;
  assert.deepEqual(await ask(), floatProbabilities(logits, [sharpness[0], 0]));
  assert.deepEqual(await ask('labels'), floatProbabilities(logits, [sharpness[0], 0]));
  assert.deepEqual(await ask('votes'), floatProbabilities(logits, [0, sharpness[1]]));
  assert.deepEqual(await ask('both'), floatProbabilities(logits, blend));
  assert.deepEqual((await recognizer.classify([])).answers, []);
  await assert.rejects(ask(/** @type {any} */ ('neither')), {name: 'RangeError', message: /head neither/});
  for (const crop of [new Uint8Array(47 * 48), new Float32Array(48 * 48), null]) {
    await assert.rejects(recognizer.classify([/** @type {any} */ (crop)]), {
      name: 'RangeError', message: 'crop: a Uint8Array of 2304 grey levels is expected, 48 rows of 48'});
  }
});

test('a face with fewer pixels than the network sees is small', async () => {
  // The crop is twice as wide as the box; the network sees 48 pixels.
  const widths = [23.9, 24, 30];
  const faces = widths.map((width) => detectionOf([10, 8, 10 + width, 38], 0.9, found.keypoints));
  const {recognizer} = recognizerOf([faces], [0, 1, 2, 3, 4].map((index) => favouring(index)));
  assert.deepEqual((await recognizer.recognize(image)).faces.map(({small}) => small), [true, false, false]);
  const cropped = async (/** @type {number} */ width, /** @type {number} */ height) => (await recognizer.recognize(
    {data: new Uint8ClampedArray(4 * width * height), width, height}, {cropped: true})).faces[0].small;
  assert.deepEqual([await cropped(47, 40), await cropped(40, 48)], [true, false]);
});

test('of a face that lay on its side, the eyes are named by the image, and the crop is turned', async () => {
  const lying = detectionOf([10, 8, 40, 48], 0.9, {right_eye: [30, 20], left_eye: [28, 36]}, 90, [5, 13, 45, 43]);
  const {recognizer} = recognizerOf([[lying]], [favouring(0)]);
  const [face] = (await recognizer.recognize(image)).faces;
  assert.deepEqual(face.eyes, [[28, 36], [30, 20]]);
  assert.deepEqual(lying.eyes, [[30, 20], [28, 36]]);
  assert.deepEqual(face.box, {x: 10, y: 8, width: 30, height: 40});
});

test('a baseline is learnt from portraits, and from what is cropped as it is', async () => {
  const {recognizer, log} = recognizerOf([[found], [found]], [favouring(0), favouring(0), favouring(0)]);
  await recognizer.learnNeutral([image, image], 2);
  await recognizer.learnNeutral([image], null, true);
  assert.deepEqual(log, ['portrait', 'classify 2304', 'portrait', 'classify 2304', 'classify 2304']);
});

test('what a baseline cannot be learnt from is named, and nothing is lost', async () => {
  const {recognizer} = recognizerOf([[found], [found, found], [], [found]], Array.from({length: 5}, () => favouring(0)));
  const rejects = (/** @type {Promise<unknown>} */ promise, /** @type {RegExp} */ message) =>
    assert.rejects(promise, {name: 'BaselineError', message});
  await rejects(recognizer.learnNeutral([image, image], 2), /^frame 2 of 2: 2 faces where exactly one is expected; learn/);
  await rejects(recognizer.learnNeutral([image], null), /^no face where exactly one is expected; learn/);
  await rejects(recognizer.learnNeutral([], 0), /^no frames/);
  assert.equal((await recognizer.recognize(image, {time: 1})).faces[0].track, 1);
  await rejects(recognizerOf([], [], {baselineStrength: 0}).recognizer.learnNeutral([image], 1), /baseline_strength is 0/);
  const labels = contract.labels.map((label) => (label === 'neutral' ? 'calm' : label));
  await rejects(recognizerOf([], [], {labels}).recognizer.learnNeutral([image], 1), /no class "neutral"/);
});

test('a baseline of another model and a time that is none are refused before anything is looked at', async () => {
  const {recognizer, log} = recognizerOf([[found]], [favouring(0)]);
  const foreign = new Baseline('d'.repeat(64), 'both', contract.labels, contract.labels.map(() => 0));
  await assert.rejects(recognizer.recognize(image, {baselines: new Map([[null, foreign]])}), BaselineError);
  for (const time of [NaN, Infinity, '1', 1n, {}, Symbol('now')]) {
    await assert.rejects(recognizer.recognize(image, {time: /** @type {any} */ (time)}), {
      name: 'RangeError', message: /a finite number of seconds/});
  }
  assert.deepEqual(log, []);
  assert.equal((await recognizer.recognize(image, {time: 0})).faces[0].track, 1);
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
