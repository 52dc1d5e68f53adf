import assert from 'node:assert/strict';
import {test} from 'node:test';

import {Detector, readSettings} from '../../../web/static/runtime/detector.js';
import {anchorsOf, decode, toDetections, weightedSuppression} from '../../../web/static/runtime/decoding.js';
import {ModelDamagedError} from '../../../web/static/runtime/errors.js';
import {largestDifference, released} from './vectors.mjs';

const golden = released('face_detector/golden.json');
const manifest = released('face_detector/manifest.json');
const settings = readSettings({detector: golden.settings});
const length = 4 + 2 * settings.keypoints.length;

/** @typedef {import('../../../web/static/runtime/decoding.js').Detection} Detection */

/**
 * The network's two outputs that a case stands for.
 * @param {{rows: {index: number, box: number[], score: number}[]}} entry
 */
function outputsOf({rows}) {
  const boxes = new Float32Array(golden.anchor_count * length);
  const scores = new Float32Array(golden.anchor_count).fill(golden.background_score);
  for (const {index, box, score} of rows) {
    boxes.set(box, index * length);
    scores[index] = score;
  }
  return {boxes, scores};
}

/** @param {Detection[]} found @param {Detection[]} expected */
function checkFaces(found, expected) {
  assert.equal(found.length, expected.length);
  for (const [index, face] of expected.entries()) {
    /** @param {Detection['keypoints']} keypoints */
    const points = (keypoints) => settings.keypoints.flatMap((name) => keypoints[name]);
    assert.ok(largestDifference(found[index].box, face.box) <= golden.tolerance.source_pixels);
    assert.ok(largestDifference(points(found[index].keypoints), points(face.keypoints)) <=
      golden.tolerance.source_pixels);
    assert.ok(Math.abs(found[index].score - face.score) <= golden.tolerance.score);
    const [left, right] = found[index].eyes;
    assert.ok(left[0] <= right[0]);
    assert.deepEqual(new Set(found[index].eyes), new Set([found[index].keypoints.right_eye,
      found[index].keypoints.left_eye]));
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
  test(`decoding: ${entry.name}`, () => {
    const {boxes, scores} = outputsOf(entry);
    const found = decode(boxes, scores, anchorsOf(settings), settings);
    checkFaces(toDetections(weightedSuppression(found, settings.iouThreshold), entry.width, entry.height, settings),
      entry.faces);
  });
}

test('a detector tells the network\'s outputs apart by their sizes', async () => {
  const entry = golden.cases.find((/** @type {{faces: Detection[]}} */ {faces}) => faces.length === 2);
  const {boxes, scores} = outputsOf(entry);
  const image = {data: new Uint8ClampedArray(4 * entry.width * entry.height), width: entry.width, height: entry.height};
  for (const outputs of [[boxes, scores], [scores, boxes]]) {
    /** @param {Uint8Array | Float32Array} input */
    const run = (input) => {
      assert.equal(input.length, settings.inputSize ** 2 * 3);
      return Promise.resolve(outputs);
    };
    checkFaces(await new Detector({run}, settings).detect(image), entry.faces);
  }
});

test('the released manifest gives the golden settings; a damaged one is refused', () => {
  assert.deepEqual(readSettings(manifest), settings);
  const unusable = {anchors: [], input_size: 0, keypoints: ['nose_tip'], score_clip: '1'};
  for (const [key, value] of Object.entries(unusable)) {
    assert.throws(() => readSettings({detector: {...manifest.detector, [key]: value}}), ModelDamagedError, key);
  }
  assert.throws(() => readSettings({}), ModelDamagedError);
});
