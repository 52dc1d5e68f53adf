import assert from 'node:assert/strict';
import {test} from 'node:test';

import {detectionOf, turnedBox} from '../../../web/static/runtime/detection.js';
import {planOf} from '../../../web/static/runtime/detector.js';
import {ModelDamagedError, ModelMissingError} from '../../../web/static/runtime/errors.js';
import {partsOf} from '../../../web/static/runtime/parts.js';
import {weightedSuppression} from '../../../web/static/runtime/suppression.js';
import {cellsOf, decodeYuNet, readYuNet} from '../../../web/static/runtime/yunet.js';
import {largestDifference, released} from './vectors.mjs';

const golden = released('face_detector/golden.json');
const manifest = released('face_detector/manifest.json');
const settings = readYuNet(golden.settings, 'golden.json');
const {nearSize, farSize, strides, keypoints, iouThreshold} = settings;
const columns = 6 + 2 * keypoints.length;
const cells = cellsOf(strides, nearSize);
const grey = {data: new Uint8ClampedArray(4 * 64 * 48).fill(90), width: 64, height: 48};

/**
 * A network's output that shows the rows of a case, or nothing.
 * @param {{index: number, values: number[]}[]} rows
 */
function outputOf(rows, size = nearSize) {
  const raw = new Float32Array(cellsOf(strides, size).length / 3 * columns);
  for (let start = 0; start < raw.length; start += columns) raw.fill(golden.background, start, start + 2);
  for (const {index, values} of rows) raw.set(values, index * columns);
  return raw;
}

/**
 * A network that gives these outputs in turn, the last one for ever, and a log of the squares that it saw.
 * @param {Float32Array[]} outputs
 */
function networkOf(outputs) {
  /** @type {Float32Array[]} */
  const seen = [];
  let isDisposed = false;
  /** @param {Uint8Array | Float32Array} input */
  const run = (input) => {
    seen.push(Float32Array.from(input));
    return Promise.resolve([outputs[Math.min(seen.length, outputs.length) - 1]]);
  };
  return {run, seen, dispose: () => { isDisposed = true; }, isDisposed: () => isDisposed};
}

assert.ok(golden.cases.length >= 11);
for (const {name, threshold, rows, faces} of golden.cases) {
  test(`decoding: ${name}`, () => {
    const found = weightedSuppression(decodeYuNet(outputOf(rows), cells, threshold), iouThreshold);
    assert.equal(found.length, faces.length);
    for (const [index, face] of faces.entries()) {
      assert.ok(largestDifference(found[index].values, face.points.flat()) <= golden.tolerance.square_pixels);
      assert.ok(Math.abs(found[index].score - face.score) <= golden.tolerance.score);
    }
  });
}

test('rows with a number that is none do not count', () => {
  const {rows, threshold} = golden.cases.find((/** @type {{name: string}} */ {name}) => name === 'one row');
  for (const broken of [NaN, Infinity]) {
    const raw = outputOf(rows);
    assert.equal(decodeYuNet(raw, cells, threshold).length, 1);
    raw[rows[0].index * columns + 7] = broken;
    assert.equal(decodeYuNet(raw, cells, threshold).length, 0);
  }
});

for (const {width, height, parts} of golden.parts) {
  test(`${width} x ${height} pixels are searched in ${parts.length} parts`, () => {
    const found = partsOf(width, height, settings);
    assert.deepEqual(found.map(({scale, left, top, samples}) => [scale, left, top, samples]), parts.map(
      (/** @type {number[]} */ [scale, left, top, samples]) => [scale, left + 0, top + 0, samples]));
  });
}

test('a face that lay on its side has its eyes in the order in which the network saw them', () => {
  const places = /** @type {Record<string, [number, number]>} */ ({right_eye: [10, 40], left_eye: [12, 20]});
  assert.deepEqual(detectionOf([0, 0, 9, 9], 1, places).eyes, [[10, 40], [12, 20]]);
  assert.deepEqual(detectionOf([0, 0, 9, 9], 1, places, 90).eyes, [[12, 20], [10, 40]]);
  assert.deepEqual(detectionOf([0, 0, 9, 9], 1, places, 180, [1, 1, 8, 8]).eyes, [[12, 20], [10, 40]]);
  assert.deepEqual(detectionOf([0, 0, 9, 9], 1, places).uprightBox, [0, 0, 9, 9]);
  assert.ok(largestDifference(turnedBox([50, 40], 20, 10, 90), [45, 30, 55, 50]) < 1e-9);
  assert.deepEqual(turnedBox([50, 40], 20, 10, 0), [40, 35, 60, 45]);
});

test('near is one look; far loads its network once, when it is first asked for', async () => {
  const {rows, faces: [face]} = golden.cases.find((/** @type {{name: string}} */ {name}) => name === 'one row');
  const near = networkOf([outputOf(rows)]);
  const far = networkOf([outputOf([], farSize)]);
  let loaded = 0;
  const detector = planOf(manifest).make(near, () => {
    loaded += 1;
    return Promise.resolve(far);
  });
  const [found] = await detector.detect(grey, 'near');
  const [left, top] = face.points[0];
  assert.ok(largestDifference(found.box.slice(0, 2), [left / 2.5, (top - 20) / 2.5]) < 1e-6);
  assert.deepEqual([loaded, near.seen.length], [0, 1]);
  assert.deepEqual([near.seen[0].length, near.seen[0][0], near.seen[0][3 * nearSize * 96]], [3 * nearSize ** 2, 0, 90]);
  const [again] = await detector.detect(grey, 'far');
  assert.deepEqual(again.box, found.box);
  await detector.detect(grey, 'far');
  assert.equal(loaded, 1);
  assert.equal(far.seen.length, 4); // a picture of 64 pixels: the whole, upright and turned, twice
  assert.ok(far.seen.every(({length}) => length === 3 * farSize ** 2));
  detector.dispose();
  await Promise.resolve();
  assert.ok(near.isDisposed() && far.isDisposed());
});

test('a network for far that does not load is told of, and asked for again', async () => {
  const answers = [new ModelMissingError('no connection'), new ModelDamagedError('another file')];
  const detector = planOf(manifest).make(networkOf([outputOf([])]), () => {
    const error = answers.shift();
    return error ? Promise.reject(error) : Promise.resolve(networkOf([outputOf([], farSize)]));
  });
  await assert.rejects(detector.detect(grey, 'far'), ModelMissingError);
  await assert.rejects(detector.detect(grey, 'far'), ModelDamagedError);
  assert.deepEqual(await detector.detect(grey, 'near'), []);
  assert.deepEqual(await detector.detect(grey, 'far'), []);
});

test('a network of another size than the manifest says is refused', async () => {
  const detector = planOf(manifest).make(networkOf([new Float32Array(16)]), () => assert.fail('loaded'));
  await assert.rejects(detector.detect(grey), {name: 'ModelDamagedError', message: /gives 16 numbers where .* 8400/});
});

test('the released manifest gives the golden settings and a crop of its own; a damaged one is refused', () => {
  assert.deepEqual(readYuNet(manifest.detector, ''), settings);
  const plan = planOf(manifest);
  assert.deepEqual([plan.nearSize, plan.farSize], [160, 640]);
  const detector = plan.make(networkOf([]), () => assert.fail('loaded'));
  assert.deepEqual(detector.crop({boxWidth: 1, boxCenter: [0, 0], maxSamples: 7}), {boxWidth: 0.795, boxCenter: [0.5, 0.527], maxSamples: 7});
  const unusable = {near_size: 200, far_size: 0, strides: [], keypoints: ['nose_tip'], score_threshold: 2, iou_threshold: '0', far: null,
    crop: {box_width: 0, box_center: [0.5, 0.5]}};
  for (const [key, value] of Object.entries(unusable)) {
    assert.throws(() => planOf({...manifest, detector: {...manifest.detector, [key]: value}}, 'm.json'), {
      name: 'ModelDamagedError', message: new RegExp(`^m\\.json: detector\\.${key}`)}, key);
  }
  for (const [key, value] of Object.entries({zoom: 1, overlap: 640, most_parts: 0, sure_score: -1, fine_side: 1.5})) {
    const far = {...manifest.detector.far, [key]: value};
    assert.throws(() => planOf({...manifest, detector: {...manifest.detector, far}}), ModelDamagedError, key);
  }
  assert.throws(() => planOf({format: 2, detector: {kind: 'retina'}}, 'm.json'), {
    name: 'ModelDamagedError', message: 'm.json: detector.kind retina: this runtime knows yunet; update it.'});
  assert.throws(() => planOf({format: 2}), ModelDamagedError);
});
