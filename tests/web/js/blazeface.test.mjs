// The decoder of manifests of format 1, on the file that Python wrote for it.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {anchorsOf, decodeBlazeFace, readBlazeFace} from '../../../web/static/runtime/blazeface.js';
import {planOf} from '../../../web/static/runtime/detector.js';
import {ModelDamagedError} from '../../../web/static/runtime/errors.js';
import {largestDifference, support} from './vectors.mjs';

const golden = support('format1/face_detector/golden.json');
const manifest = support('format1/face_detector/manifest.json');
const settings = readBlazeFace(golden.settings, 'golden.json');
const length = 4 + 2 * settings.keypoints.length;

/** @typedef {import('../../../web/static/runtime/detection.js').Detection} Detection */

/**
 * A network that gives the two outputs which a case stands for, in either order.
 * @param {{rows: {index: number, box: number[], score: number}[]}} entry
 */
function networkOf({rows}, isTurned = false) {
  const boxes = new Float32Array(golden.anchor_count * length);
  const scores = new Float32Array(golden.anchor_count).fill(golden.background_score);
  for (const {index, box, score} of rows) {
    boxes.set(box, index * length);
    scores[index] = score;
  }
  /** @param {Uint8Array | Float32Array} input */
  const run = (input) => {
    assert.equal(input.length, settings.inputSize ** 2 * 3);
    assert.equal(input[0], -1); // black
    return Promise.resolve(isTurned ? [scores, boxes] : [boxes, scores]);
  };
  return {run, dispose: () => {}};
}

/** @param {Detection[]} found @param {Detection[]} expected */
function checkFaces(found, expected) {
  assert.equal(found.length, expected.length);
  for (const [index, face] of expected.entries()) {
    /** @param {Detection['keypoints']} keypoints */
    const points = (keypoints) => settings.keypoints.flatMap((name) => keypoints[name]);
    assert.ok(largestDifference(found[index].box, face.box) <= golden.tolerance.source_pixels);
    assert.ok(largestDifference(points(found[index].keypoints), points(face.keypoints)) <= golden.tolerance.source_pixels);
    assert.ok(Math.abs(found[index].score - face.score) <= golden.tolerance.score);
    assert.deepEqual([found[index].turn, found[index].uprightBox], [0, found[index].box]);
    const [left, right] = found[index].eyes;
    assert.ok(left[0] <= right[0]);
    assert.deepEqual(new Set(found[index].eyes), new Set([found[index].keypoints.right_eye, found[index].keypoints.left_eye]));
  }
}

test('anchors are Python\'s', () => {
  const anchors = anchorsOf(settings);
  assert.equal(anchors.length, 2 * golden.anchor_count);
  for (const {index, center} of golden.anchors) {
    assert.deepEqual([...anchors.subarray(2 * index, 2 * index + 2)], center);
  }
});

assert.ok(golden.cases.length >= 10);
for (const entry of golden.cases) {
  test(`decoding: ${entry.name}`, async () => {
    const image = {data: new Uint8ClampedArray(4 * entry.width * entry.height), width: entry.width, height: entry.height};
    for (const isTurned of [false, true]) {
      const detector = planOf(manifest).make(networkOf(entry, isTurned), () => assert.fail('loaded'));
      checkFaces(await detector.detect(image), entry.faces);
      checkFaces(await detector.detect(image, 'far'), entry.faces); // it has no far: its one pass
    }
  });
}

test('a number that is none, a box without an extent: the row does not count', () => {
  const boxes = new Float32Array(2 * length).fill(64);
  const scores = Float32Array.of(9, 9);
  const centers = Float64Array.of(0.5, 0.5, 0.5, 0.5);
  assert.equal(decodeBlazeFace(boxes, scores, centers, settings).length, 2);
  boxes[2] = 0;
  boxes[length + 9] = NaN;
  assert.equal(decodeBlazeFace(boxes, scores, centers, settings).length, 0);
});

test('its manifest gives the golden settings, and leaves the contract\'s crop; a damaged one is refused', () => {
  assert.deepEqual(readBlazeFace(manifest.detector, ''), settings);
  const crop = {boxWidth: 1, boxCenter: /** @type {[number, number]} */ ([0, 0]), maxSamples: 7};
  assert.equal(planOf(manifest).make(networkOf({rows: []}), () => assert.fail('loaded')).crop(crop), crop);
  assert.deepEqual([planOf(manifest).nearSize, planOf(manifest).farSize], [128, 0]);
  const unusable = {anchors: [], input_size: 0, keypoints: ['nose_tip'], score_clip: '1'};
  for (const [key, value] of Object.entries(unusable)) {
    assert.throws(() => planOf({format: 1, detector: {...manifest.detector, [key]: value}}), ModelDamagedError, key);
  }
  assert.throws(() => planOf({format: 1}), ModelDamagedError);
});
